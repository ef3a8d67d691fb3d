"""互动交流: how fast messages are answered, what came of calls for opinions, and open activities of August."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from checks import bygone
from checks.calendar import CalendarMissing, WorkCalendar
from checks.facts import ColumnState, Page, Row
from checks.gaps import gap_reason, joined, search
from checks.items import shown_day, title_of
from checks.laws import INTERACTION_2019
from checks.outcomes import Reason
from checks.periods import months_before
from checks.rule import Example, Params, Status, number, rule
from checks.snapshot import Snapshot
from checks.texts import days_in
from checks.tiny import HOME, TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, LONG_AGO, article, column, row
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed

_ASKED = re.compile(
    r"(?:留言|来信|提交|咨询|写信|提问|投诉|发表|受理)(?:时间|日期)[:："
    r"]?\s*(20\d{2}\D{1,2}\d{1,2}\D{1,2}\d{1,2})"
)
_REPLIED = re.compile(r"(?:答复|回复|办结|反馈|处理|回信)(?:时间|日期)[:：]?\s*(20\d{2}\D{1,2}\d{1,2}\D{1,2}\d{1,2})")


class MessageReplyLate(Params):
    workdays: int = number("答复期限", unit="个工作日", default=5, stricter="lower", ge=1)
    sample: int = number("抽查条数", unit="条", default=20, stricter="higher", ge=1)
    look_back_months: int = number("回看期", unit="个月", default=12, stricter="higher", ge=1)


def _asked(asked: str = "2026-09-01", replied: str = "2026-09-04") -> TinySnapshot:
    answer = f"答复时间：{replied} 已修复。" if replied else "答复：已修复。"
    text = f"来信标题：路灯不亮 来信时间：{asked} 内容：…… {answer}"
    return tiny(
        columns=(column("ly", "留言选登", "messages", row("路灯不亮", asked, "ly/1.html")),),
        pages=(article("ly/1.html", "路灯不亮", "", text),),
    )


def _asked_unseen() -> TinySnapshot:
    return replace(_asked(), all_pages=())


@rule(
    "message-reply-late",
    version=1,
    title="留言答复超时",
    topic="interaction",
    logic="S",
    guard="cal",
    params=MessageReplyLate,
    legal=(f"{INTERACTION_2019}：网上咨询5个工作日内答复",),
    past=("replied",),
    messages={
        "passed": "“{column_label}”抽查{checked}/{sample}条，都在{limit}个工作日内答复。",
        "failed": "留言“{title}”{asked}提交、{replied}答复，用{used}个工作日，超过{limit}个。",
        "cannot-tell.undated": "“{column_label}”抽查{sample}条留言，有{undated}条没有显示提交或答复日期，"
        "无法计算用时。",
        "cannot-tell.calendar-missing": "缺少{year}年工作日历，无法计算留言“{title}”的答复用时。",
        "cannot-tell.fetch-failed": "“{column_label}”抽查{sample}条留言，有{unseen}条的详细页没有取回，"
        "无法计算用时。",
        "inapplicable": "没有可抽查的公开留言。",
    },
    why="答复慢，群众就转而信访投诉。",
    fix=f"{bygone.KEEP}\n{bygone.EXPLAIN}"
    "\n3. 建立收件登记和到期提醒，自下发之日起收到的留言{limit}个工作日内答复，疑难问题先作阶段性答复。",
    recheck=bygone.ACCEPTED,
    examples=(
        Example("三天答复", _asked(), "passed", "“留言选登”抽查1/1条，都在5个工作日内答复。"),
        Example(
            "半个月才答复",
            _asked(replied="2026-09-15"),
            "failed",
            "留言“路灯不亮”2026-09-01提交、2026-09-15答复，用10个工作日，超过5个。",
        ),
        Example(
            "没有答复日期",
            _asked(replied=""),
            "cannot-tell",
            "“留言选登”抽查1条留言，有1条没有显示提交或答复日期，无法计算用时。",
            reason="undated",
        ),
        Example("没有留言", tiny(), "inapplicable", "没有可抽查的公开留言。"),
        Example(
            "来信全文在列表页上",
            tiny(
                columns=(
                    column(
                        "ly",
                        "留言选登",
                        "messages",
                        replace(
                            row("路灯不亮", "2026-09-01", ""),
                            url="",
                            quote="来信主题：路灯不亮 来信时间：2026-09-01 … 回复时间：2026-09-15 回复内容：已修复。",
                        ),
                    ),
                )
            ),
            "failed",
            "留言“路灯不亮”2026-09-01提交、2026-09-15答复，用10个工作日，超过5个。",
        ),
        Example(
            "没有当年日历",
            replace(_asked("2003-06-02", "2003-06-10"), as_of=LONG_AGO),
            "cannot-tell",
            "缺少2003年工作日历，无法计算留言“路灯不亮”的答复用时。",
            subject=HOME + "ly/1.html",
            reason="calendar-missing",
        ),
        Example(
            "详细页没有取回",
            _asked_unseen(),
            "cannot-tell",
            "“留言选登”抽查1条留言，有1条的详细页没有取回，无法计算用时。",
            reason="fetch-failed",
        ),
    ),
)
def message_reply_late(snapshot: Snapshot, params: MessageReplyLate) -> Iterator[Verdict]:
    calendar = WorkCalendar(snapshot.district.calendar)
    since = months_before(snapshot.today, params.look_back_months)
    any_rows = False
    for state in snapshot.by_role("messages"):
        recent = [r for r in state.rows if r.date is None or since <= r.date <= snapshot.today]
        if recent:
            any_rows = True
            yield from _replies(snapshot, state, _sampled(recent, params.sample, snapshot), calendar, params)
    if not any_rows:
        yield inapplicable("messages")


def _sampled(rows: list[Row], size: int, snapshot: Snapshot) -> list[Row]:
    """A fixed sample: the rows whose seeded digests come first, so that the same crawl gives the same sample."""
    seed = snapshot.district.browser.seed
    return sorted(rows, key=lambda r: hashlib.sha256(f"{seed}|{r.url or r.title}".encode()).hexdigest())[:size]


def _replies(
    snapshot: Snapshot, state: ColumnState, sample: list[Row], calendar: WorkCalendar, params: MessageReplyLate
) -> Iterator[Verdict]:
    checked = undated = unseen = late = 0
    base: dict[str, Any] = {"column_label": state.found_label, "sample": len(sample), "limit": params.workdays}
    for entry in sample:
        page = snapshot.page(entry.url)
        text = page.text if page else entry.quote if not entry.url else ""  # a letter may stand whole in its list
        asked, replied = _labelled(_ASKED, text), _labelled(_REPLIED, text)
        unseen += not text
        undated += bool(text) and (asked is None or replied is None)
        if asked is None or replied is None:
            continue
        proof = Evidence.of(page, page.text[:200]) if page else Evidence.of(state, entry.quote)
        subject = entry.url or f"{state.url}#{entry.title}"
        data = {**base, "title": entry.title, "asked": str(asked), "replied": str(replied)}
        at: dict[str, Any] = {
            "url": entry.url or state.url or "",
            "column": state.column_id,
            "evidence": (proof,),
        }
        try:
            used = calendar.workdays_between(asked, replied)
        except CalendarMissing as gap:
            yield cannot_tell(subject, Reason.CALENDAR_MISSING, data={**data, "year": gap.year}, **at)
            continue
        checked += 1
        late += used > params.workdays
        if used > params.workdays:
            yield failed(subject, data={**data, "used": used}, **at)
    base |= {"checked": checked, "undated": undated, "unseen": unseen}
    at = {"url": state.url or "", "column": state.column_id, "data": base, "evidence": (Evidence.of(state),)}
    if undated:
        yield cannot_tell(state.column_id, Reason.UNDATED, **at)
    elif unseen:
        yield cannot_tell(state.column_id, Reason.FETCH_FAILED, **at)
    elif checked and not late:
        yield passed(state.column_id, **at)


def _labelled(pattern: re.Pattern[str], text: str) -> date | None:
    found = pattern.search(text)
    return next(days_in(found[1].replace(" ", "")), None) if found else None


class MessageStatistics(Params):
    months: int = number("留言统计更新期限", unit="个月", default=3, stricter="lower", ge=1)


_RECEIVED = re.compile(
    r"(?:收到|受理|来信|留言|收件)(?:总)?(?:数|量|总数|数量|件数)?[^\d。"
    r"]{0,8}?(\d+)\s*(?:件|条|封|个)?"
)
_DONE = re.compile(r"(?:答复|回复|办结|处理)(?:总)?(?:数|量|总数|数量|件数)?[^\d。]{0,8}?(\d+)\s*(?:件|条|封|个)?")


@rule(
    "message-statistics-missing",
    version=1,
    title="无留言统计",
    topic="interaction",
    logic="E",
    guard="list",
    params=MessageStatistics,
    absence=True,
    status=Status.PREVIEW,
    legal=(f"{INTERACTION_2019}：公开留言受理反馈情况统计",),
    messages={
        "passed": "有留言统计：受理{received}、答复{done}（{day}）。",
        "failed": "没有找到留言统计（应有受理数和答复数）：已读统计栏目和留言栏目{fetched}页。",
        "old": "最近的留言统计是{day}的，早于{since}，超过{limit}个月。",
        "gap": "没有找到留言统计，但相关栏目未查全（{gap}），不能认定没有。",
        "cannot-tell.attachment-unreadable": "有留言统计页“{title}”，但没有读到受理数和答复数（可能是图片），"
        "请人工核对。",
        "inapplicable": "没有留言公开栏目，不检查留言统计。",
    },
    why="统计数据让群众看到留言有没有人管。",
    fix="1. 每月或每季度从后台导出受理数、答复数。\n2. 用文字发布在留言公开栏目，不要只放图片。",
    recheck="留言统计页有受理数和答复数，日期不早于{since}",
    examples=(
        Example(
            "有最近的统计",
            tiny(
                columns=(
                    column("tj", "留言统计", "message-statistics", row("8月留言统计", "2026-09-02", "tj/8.html")),
                ),
                pages=(article("tj/8.html", "8月留言统计", "2026-09-02", "本月收到留言35件，答复35件。"),),
            ),
            "passed",
            "有留言统计：受理35、答复35（2026-09-02）。",
        ),
        Example(
            "统计太旧",
            tiny(
                columns=(
                    column("tj", "留言统计", "message-statistics", row("1月留言统计", "2026-02-02", "tj/1.html")),
                ),
                pages=(article("tj/1.html", "1月留言统计", "2026-02-02", "本月收到留言35件，答复35件。"),),
            ),
            "failed",
            "最近的留言统计是2026-02-02的，早于2026-06-30，超过3个月。",
        ),
        Example(
            "没有统计",
            tiny(columns=(column("ly", "留言选登", "messages"),)),
            "failed",
            "没有找到留言统计（应有受理数和答复数）：已读统计栏目和留言栏目3页。",
        ),
        Example(
            "栏目未查全",
            tiny(columns=(column("ly", "留言选登", "messages", coverage=BLOCKED),)),
            "cannot-tell",
            "没有找到留言统计，但相关栏目未查全（应取10页，已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），不能认定没有。",
            reason="blocked",
        ),
        Example("没有留言栏目", tiny(), "inapplicable", "没有留言公开栏目，不检查留言统计。"),
        Example(
            "只有图片",
            tiny(
                columns=(
                    column("tj", "留言统计", "message-statistics", row("8月留言统计", "2026-09-02", "tj/8.html")),
                ),
                pages=(article("tj/8.html", "8月留言统计", "2026-09-02"),),
            ),
            "cannot-tell",
            "有留言统计页“8月留言统计”，但没有读到受理数和答复数（可能是图片），请人工核对。",
            reason="attachment-unreadable",
        ),
    ),
)
def message_statistics_missing(snapshot: Snapshot, params: MessageStatistics) -> Iterator[Verdict]:
    host, since = snapshot.district.site.main_host, months_before(snapshot.today, params.months)
    states = [*snapshot.by_role("message-statistics"), *snapshot.by_role("messages")]
    if not any(s.url for s in states):
        yield inapplicable(host)
        return
    coverage = joined(states, "")
    data: dict[str, Any] = {"limit": params.months, "since": str(since), **search(coverage)}
    found = list(_statistics(snapshot, states))
    read = [(p, r, d) for p, r, d in found if r is not None]
    if not read:
        if found:
            page = found[0][0]
            more = {**data, "title": title_of(page)}
            proof = (Evidence.of(page),)
            yield cannot_tell(
                host, Reason.ATTACHMENT_UNREADABLE, review=True, url=page.url, data=more, evidence=proof
            )
        elif coverage.complete:
            yield failed(host, data=data)
        else:
            yield cannot_tell(host, gap_reason(coverage), data=data, variant="gap")
        return
    page, counts, day = max(read, key=lambda found: (found[2] or date.max, found[0].url))
    assert counts is not None
    data |= {"received": counts[0], "done": counts[1], "day": str(day or "实时计数，无日期")}
    at: dict[str, Any] = {"url": page.url, "data": data, "evidence": (Evidence.of(page, page.text[:200]),)}
    if day is not None and day < since:
        yield failed(host, variant="old", **at)
    else:
        yield passed(host, **at)


def _statistics(
    snapshot: Snapshot, states: list[ColumnState]
) -> Iterator[tuple[Page, tuple[int, int] | None, date | None]]:
    """Pages of statistics with (received, answered) and day; a list's front page counts live and has no day."""
    for state in states:
        front = snapshot.page(state.url or "")
        if front is not None and (counts := _counts(front.text)):
            yield front, counts, None
        for entry in state.rows:
            if "统计" in entry.title or "情况通报" in entry.title:
                page = snapshot.page(entry.url)
                if page is not None:
                    yield page, _counts(page.text), shown_day(page) or entry.date


def _counts(text: str) -> tuple[int, int] | None:
    received, done = _RECEIVED.search(text), _DONE.search(text)
    return (int(received[1]), int(done[1])) if received and done else None
