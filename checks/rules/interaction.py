"""互动交流: messages answered in time, and figures about them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from checks import same
from checks.facts import ColumnState, Page, PageKind, Row
from checks.gaps import gap_reason, search
from checks.handled import SHOWN_STATE, handled
from checks.laws import INTERACTION_2019
from checks.letters import UNLISTED, unlisted_letters
from checks.outcomes import Reason
from checks.periods import months_before
from checks.rule import Example, Params, number, rule, words
from checks.snapshot import Snapshot
from checks.tiny import TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, article, column, row
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed

_ANSWERED = re.compile(  # a label with nothing behind it but the next label stands on every letter's page
    r"已(?:答复|回复|办结|处理|采用)|官方回复|(?:答复|回复|办理)(?:时间|日期)\s*[:：]?\s*(?:19|20)\d\d"
    r"|(?:答复|回复|办理)(?:内容|结果|意见)\s*[:：]?\s*"
    r"(?!答复|回复|办理|受理|处理|来信|写信|留言|满意|评价|打印|关闭|返回|上一|下一|暂无|尚未|未|待|主办|版权)[^\s:：]{4}"
)
_PENDING = re.compile(r"(?:未|待|暂无|尚未|等待)(?:答复|回复|办理|处理)|办理中|受理中|处理中|已受理")


def message_state(snapshot: Snapshot, entry: Row) -> str:
    """ "answered", "pending" or "unknown": from the state the page shows, else from its words, else from its row."""
    page = snapshot.page(entry.url)
    for text in (page.text if page else "", entry.quote):
        shown = SHOWN_STATE.search(text)
        if shown and (_PENDING.search(shown[1]) or _ANSWERED.search(shown[1])):
            return "pending" if _PENDING.search(shown[1]) else "answered"
        if _ANSWERED.search(text):
            return "answered"
        if _PENDING.search(text):
            return "pending"
    return "unknown"


class MessageUnanswered(Params):
    months: int = number("未答复期限", unit="个月", default=3, stricter="lower", ge=1)
    look_back_months: int = number("回看期", unit="个月", default=12, stricter="higher", ge=1)
    not_counted: tuple[str, ...] = words("不计的留言类别", ("访谈", "征集", "信访", "举报"))


def _messages(*rows: Row, pages: tuple[Page, ...] = (), **more: Any) -> TinySnapshot:
    return tiny(columns=(column("ly", "留言选登", "messages", *rows, **more),), pages=pages)


def _said(title: str, day: str, state: str, path: str = "ly/1.html") -> Row:
    return replace(row(title, day, path), quote=f"{title} {day} {state}")


_OTHERWISE_NAMED = tiny(
    pages=(
        article(
            "xx/",
            "区长信箱",
            kind=PageKind.LIST,
            rows=(
                _said("停水", "2026-05-02", "已办结"),
                _said("学区", "2026-04-03", "待办理", "ly/2.html"),
            ),
        ),
    )
)


@rule(
    "message-unanswered",
    version=1,
    title="留言超期未答复",
    topic="interaction",
    logic="U",
    guard="list",
    params=MessageUnanswered,
    legal=(f"{INTERACTION_2019}：单项否决“超过3个月未回应有效留言”",),
    messages={
        "passed": "“{column_label}”近{window}个月公开留言{count}条，没有超过{limit}个月未答复的。",
        "failed": "留言“{title}”{day}提交，至{today}未答复，超过{limit}个月{shown}。",
        "gap": "“{column_label}”已读{count}条留言未见超期未答复，但列表未查全（{gap}）。",
        "cannot-tell.needs-judgement": "“{column_label}”近{window}个月的{count}条留言都显示已答复或未标答复状态（"
        "未标{unknown}条），"
        "是否只公开已答复的留言请人工到后台核对。",
        **UNLISTED,
        "inapplicable": "没有公开的留言列表。",
    },
    why="超过三个月不回应群众的有效留言是单项否决指标。",
    fix="1. 请立即{urge}答复“{title}”。\n2. 到后台导出未答复清单，逐条办结。\n3. 设置到期提醒，五个工作日内答复。",
    recheck="该留言页面显示答复内容和答复时间",
    question="后台是否没有超过三个月未答复的有效留言？",
    examples=(
        Example(
            "新留言待答复、旧留言已答复",
            _messages(_said("路灯", "2026-09-20", "办理中"), _said("停水", "2026-05-02", "已答复", "ly/2.html")),
            "passed",
            "“留言选登”近12个月公开留言2条，没有超过3个月未答复的。",
        ),
        Example(
            "四个月没有答复",
            _messages(_said("路灯", "2026-05-20", "待回复")),
            "failed",
            "留言“路灯”2026-05-20提交，至2026-09-30未答复，超过3个月。",
        ),
        Example(
            "答复栏是空的",
            _messages(
                _said("路灯", "2026-05-20", "处理中"),
                pages=(
                    article("ly/1.html", "路灯", text="内容 路灯不亮。 回复单位 回复时间 回复内容 主办单位：示例区"),
                ),
            ),
            "failed",
            "留言“路灯”2026-05-20提交，至2026-09-30未答复，超过3个月。",
        ),
        Example(
            "页面写明办理单位和状态",
            _messages(
                _said("路灯", "2026-05-20", "待回复"),
                pages=(
                    article("ly/1.html", "路灯", text="留言内容：路灯不亮。 办理单位：示例区城管局 办理状态：办理中"),
                ),
            ),
            "failed",
            "留言“路灯”2026-05-20提交，至2026-09-30未答复，超过3个月"
            "（页面显示办理单位：示例区城管局；办理状态：办理中）。",
        ),
        Example(
            "留言由脚本打开，没有单独网址",
            _messages(replace(_said("路灯", "2026-05-20", "待回复"), url="")),
            "failed",
            "留言“路灯”2026-05-20提交，至2026-09-30未答复，超过3个月。",
            subject="http://www.example.gov.cn/ly/#路灯",
        ),
        Example(
            "列表未查全",
            _messages(_said("路灯", "2026-09-20", "办理中"), coverage=BLOCKED),
            "cannot-tell",
            "“留言选登”已读1条留言未见超期未答复，但列表未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截））。",
            reason="blocked",
        ),
        Example(
            "只见已答复的留言",
            _messages(_said("停水", "2026-05-02", "已答复")),
            "cannot-tell",
            "“留言选登”近12个月的1条留言都显示已答复或未标答复状态（未标0条），"
            "是否只公开已答复的留言请人工到后台核对。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "有留言列表而没有登记",
            _OTHERWISE_NAMED,
            "cannot-tell",
            "无法判定：“区长信箱”（http://www.example.gov.cn/xx/）像是公开的留言列表（2条显示办理状态），"
            "但栏目表没有登记；请办公室在columns.csv登记用途为messages的栏目后重新判定。",
            reason="register-missing",
        ),
        Example("没有留言列表", tiny(), "inapplicable", "没有公开的留言列表。"),
    ),
)
def message_unanswered(snapshot: Snapshot, params: MessageUnanswered) -> Iterator[Verdict]:
    states = [s for s in snapshot.by_role("messages") if s.url and not s.external]
    if not states:
        yield unlisted_letters(snapshot) or inapplicable("messages")
    since = months_before(snapshot.today, params.look_back_months)
    limit = months_before(snapshot.today, params.months)
    for state in states:
        data: dict[str, Any] = {"column_label": state.found_label, "window": params.look_back_months}
        data |= {"limit": params.months, "today": str(snapshot.today), **search(state.coverage)}
        counted = [
            (r, message_state(snapshot, r))
            for r in state.rows
            if r.date and since <= r.date <= snapshot.today and not any(w in r.title for w in params.not_counted)
        ]
        late = [r for r, s in counted if s == "pending" and r.date and r.date < limit]
        for entry in late:
            page = snapshot.page(entry.url)
            more = {**data, "title": entry.title, "day": str(entry.date), **handled(page, entry, snapshot)}
            place = entry.url or state.url or ""  # a letter that only a script opens is seen in its list
            proof = (Evidence(place, state.sha256, state.fetched_at, quote=entry.quote),)
            if page is not None:
                proof = (Evidence.of(page, str(more["quoted"]) or entry.quote),)
            subject = entry.url or f"{place}#{entry.title}"
            yield failed(subject, url=place, column=state.column_id, data=more, evidence=proof)
        data |= {"count": len(counted), "unknown": sum(s == "unknown" for _, s in counted)}
        at: dict[str, Any] = {
            "url": state.url,
            "column": state.column_id,
            "data": data,
            "evidence": (Evidence.of(state),),
        }
        shows_pending = any(s == "pending" for _, s in counted)
        if late:
            continue
        if not state.coverage.complete:
            yield cannot_tell(state.column_id, gap_reason(state.coverage), variant="gap", **at)
        elif shows_pending and not data["unknown"]:
            yield passed(state.column_id, **at)
        else:
            yield cannot_tell(state.column_id, Reason.NEEDS_JUDGEMENT, review=True, **at)


class MessageListStale(Params):
    months: int = number("留言公开更新期限", unit="个月", default=2, stricter="lower", ge=1)


@rule(
    "message-list-stale",
    version=1,
    title="留言公开不更新",
    topic="interaction",
    logic="E",
    guard="list",
    params=MessageListStale,
    absence=True,
    legal=(f"{INTERACTION_2019}：留言公开栏目2个月内未更新扣分",),
    messages={
        "passed": "“{column_label}”最近一条{newest}，不早于{since}（{limit}个月）。",
        "failed": "“{column_label}”最近一条{newest}，早于{since}，超过{limit}个月没有更新。",
        "empty": "“{column_label}”没有任何留言。",
        "gap": "“{column_label}”最近一条{newest}，早于{since}，但列表未查全（{gap}），不能认定。",
        **UNLISTED,
        "cannot-tell.undated": "“{column_label}”的{count}条留言没有可读日期，无法判定是否更新。",
        "cannot-tell.not-rendered": "“{column_label}”的列表由脚本生成、尚未渲染，无法判定。",
        "inapplicable": "没有找到留言公开栏目（是否应设由其他指标判定）。",
    },
    why="留言公开长期不更新，说明互动渠道形同虚设。",
    fix="1. 从后台选取近期已答复的留言，隐去个人信息后公开。\n2. 每月至少公开一次。",
    recheck="留言公开栏目有{since}以来的留言及答复",
    examples=(
        Example(
            "近期有更新",
            _messages(_said("路灯", "2026-09-01", "已答复")),
            "passed",
            "“留言选登”最近一条2026-09-01，不早于2026-07-30（2个月）。",
        ),
        Example(
            "三个月没有更新",
            _messages(_said("路灯", "2026-06-20", "已答复")),
            "failed",
            "“留言选登”最近一条2026-06-20，早于2026-07-30，超过2个月没有更新。",
        ),
        Example(
            "列表未查全",
            _messages(_said("路灯", "2026-06-20", "已答复"), coverage=BLOCKED),
            "cannot-tell",
            "“留言选登”最近一条2026-06-20，早于2026-07-30，但列表未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），不能认定。",
            reason="blocked",
        ),
        Example(
            "没有日期",
            _messages(row("路灯")),
            "cannot-tell",
            "“留言选登”的1条留言没有可读日期，无法判定是否更新。",
            reason="undated",
        ),
        Example(
            "有留言列表而没有登记",
            _OTHERWISE_NAMED,
            "cannot-tell",
            "无法判定：“区长信箱”（http://www.example.gov.cn/xx/）像是公开的留言列表（2条显示办理状态），"
            "但栏目表没有登记；请办公室在columns.csv登记用途为messages的栏目后重新判定。",
            reason="register-missing",
        ),
        Example("没有栏目", tiny(), "inapplicable", "没有找到留言公开栏目（是否应设由其他指标判定）。"),
    ),
)
def message_list_stale(snapshot: Snapshot, params: MessageListStale) -> Iterator[Verdict]:
    states = [s for s in snapshot.by_role("messages") if s.url and not s.external]
    if not states:
        yield unlisted_letters(snapshot) or inapplicable("messages")
    since = months_before(snapshot.today, params.months)
    for state in states:
        yield stale(state, since, params.months)


def stale(state: ColumnState, since: date, months: int) -> Verdict:
    """Whether the newest dated entry of a column is older than `since`."""
    newest = state.newest.date if state.newest else None
    data: dict[str, Any] = {"column_label": state.found_label, "newest": str(newest or "无"), "since": str(since)}
    data |= {"limit": months, "count": state.row_count, **search(state.coverage)}
    proof = (Evidence.of(state, state.newest.quote if state.newest else ""),)
    at: dict[str, Any] = {"url": state.url or "", "column": state.column_id, "data": data, "evidence": proof}
    at["fact"] = same.column(state.column_id)
    if newest is not None and newest >= since:
        return passed(state.column_id, **at)
    if state.script_filled:
        return cannot_tell(state.column_id, Reason.NOT_RENDERED, **at)
    if not state.coverage.complete:
        return cannot_tell(state.column_id, gap_reason(state.coverage), variant="gap", **at)
    if newest is None and state.row_count:
        return cannot_tell(state.column_id, Reason.UNDATED, **at)
    return failed(state.column_id, variant="" if newest else "empty", **at)
