"""重大行政决策: opinions are asked for long enough and completely, and answered after the decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checks import same
from checks.facts import Link, Page
from checks.items import items, title_of
from checks.laws import DECISIONS_713
from checks.outcomes import Reason
from checks.periods import months_before
from checks.rule import Example, Params, number, rule, words
from checks.snapshot import Snapshot
from checks.solicit import is_call, window
from checks.tiny import HOME, tiny
from checks.tiny_parts import article
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed

_MARKET = "《优化营商环境条例》第六十二条"
_DRAFT = ("草案", "征求意见稿", "决策", "办法", "规定", "条例", "规划", "实施方案", "实施细则", "意见稿")


def calls(snapshot: Snapshot, months: int) -> Iterator[Page]:
    """Calls for opinions of the last `months` months, in order of URL."""
    since = months_before(snapshot.today, months)
    for item in items(snapshot):
        if is_call(item.title) and (item.day or since) >= since:
            page = snapshot.page(item.url)
            if page is not None:
                yield page


class SolicitationTooShort(Params):
    days: int = number("征求意见期限", unit="天", default=30, stricter="higher", ge=1)
    reasons: tuple[str, ...] = words("缩短期限的理由用语", ("紧急", "缩短", "特殊情况"))
    drafts: tuple[str, ...] = words("标题或正文含这些词才属于决策、规章或涉市场主体草案", _DRAFT)
    look_back_months: int = number("回看期", unit="个月", default=12, stricter="higher", ge=1)


_TITLE = "关于《示例区城市绿化办法（征求意见稿）》公开征求意见的公告"
_WAYS = "附件为征求意见稿和起草说明。可发送电子邮件至邮箱或邮寄信函，联系电话6611111。"


def _call(text: str, title: str = _TITLE, day: str = "2026-06-01", **more: Any) -> Page:
    return article("zj/1.html", title, day, text, **more)


CALLED = _call("请于2026年7月1日前反馈。" + _WAYS)


@rule(
    "solicitation-too-short",
    version=1,
    title="征求意见时间不足",
    topic="decisions",
    logic="M",
    params=SolicitationTooShort,
    legal=(f"{DECISIONS_713}第十五条：公开征求意见的期限一般不少于30日", _MARKET),
    past=("days",),
    messages={
        "passed": "“{title}”征求意见{start}至{end}，共{days}天，不少于{limit}天。",
        "failed": "“{title}”征求意见{start}至{end}，只有{days}天，少于{limit}天，且未说明缩短理由。",
        "cannot-tell.needs-judgement": "“{title}”征求意见{days}天，少于{limit}天，公告写有“{phrase}”，"
        "理由是否成立请人工判断。",
        "cannot-tell.undated": "“{title}”没有写明征求意见的起止日期，无法计算期限。",
        "inapplicable": "“{title}”不属于决策、规章或涉市场主体的草案，不要求{limit}天。",
    },
    why="时间太短，群众和企业来不及看、来不及提。",
    fix="1. 延长“{title}”的截止日期，使期限不少于{limit}天，并重新公告。\n2. 确因紧急等情况缩短的，"
    "在公告中写明理由。",
    recheck="公告写明的起止日期相隔不少于{limit}天，或写明缩短理由",
    question="公告的起止日期是否不少于规定天数，或写明的缩短理由是否成立？",
    examples=(
        Example(
            "满三十天",
            tiny(pages=(CALLED,)),
            "passed",
            "“关于《示例区城市绿化办法（征求意见稿）》公开征求意见的公告”征求意见2026-06-01至2026-07-01，"
            "共31天，不少于30天。",
        ),
        Example(
            "只有十天",
            tiny(pages=(_call("请于2026年6月10日前反馈。" + _WAYS),)),
            "failed",
            "“关于《示例区城市绿化办法（征求意见稿）》公开征求意见的公告”征求意见2026-06-01至2026-06-10，"
            "只有10天，少于30天，且未说明缩短理由。",
        ),
        Example(
            "写明紧急",
            tiny(pages=(_call("因情况紧急，请于2026年6月10日前反馈。" + _WAYS),)),
            "cannot-tell",
            "“关于《示例区城市绿化办法（征求意见稿）》公开征求意见的公告”征求意见10天，少于30天，公告写有“紧急”，理由是否成立请人工判断。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "没有写日期",
            tiny(pages=(_call("欢迎提出意见。" + _WAYS),)),
            "cannot-tell",
            "“关于《示例区城市绿化办法（征求意见稿）》公开征求意见的公告”没有写明征求意见的起止日期，无法计算期限。",
            reason="undated",
        ),
        Example(
            "普通问卷",
            tiny(pages=(_call("请于2026年6月10日前填写。", "文化活动时间网上调查"),)),
            "inapplicable",
            "“文化活动时间网上调查”不属于决策、规章或涉市场主体的草案，不要求30天。",
        ),
    ),
)
def solicitation_too_short(snapshot: Snapshot, params: SolicitationTooShort) -> Iterator[Verdict]:
    for page in calls(snapshot, params.look_back_months):
        ran = window(page)
        data: dict[str, Any] = {"title": title_of(page), "limit": params.days, "days": ran.days or 0}
        data |= {"start": str(ran.start), "end": str(ran.end)}
        at: dict[str, Any] = {"unit": page.owner, "url": page.url, "evidence": (Evidence.of(page, ran.quote),)}
        if not any(w in title_of(page) for w in params.drafts):
            yield inapplicable(page.url, data=data, **at)
        elif ran.days is None:
            yield cannot_tell(page.url, Reason.UNDATED, data=data, fact=same.term_of(page.url), **at)
        elif ran.days >= params.days:
            yield passed(page.url, data=data, **at)
        elif phrase := next((w for w in params.reasons if w in page.text), ""):
            more = {**data, "phrase": phrase}
            yield cannot_tell(page.url, Reason.NEEDS_JUDGEMENT, review=True, data=more, **at)
        else:
            yield failed(page.url, data=data, **at)


_CHANNELS = (
    "邮箱|电子邮件|邮件",
    "信函|邮寄|来信|寄送",
    "电话",
    "传真",
    "网站|网上|在线|留言",
    "微信|公众号|微博|新媒体",
    "座谈会|听证会|现场",
)


class SolicitationIncomplete(Params):
    min_channels: int = number("意见提交渠道下限", unit="种", default=2, stricter="higher", ge=1)
    look_back_months: int = number("回看期", unit="个月", default=12, stricter="higher", ge=1)
    long_text: int = number("正文达到此数视为已附草案全文", unit="字", default=1000, ge=1)


@rule(
    "solicitation-incomplete",
    version=1,
    title="征求意见公告不完整",
    topic="decisions",
    logic="M",
    guard="page",
    params=SolicitationIncomplete,
    absence=True,
    legal=(f"{DECISIONS_713}第十五条：公布决策草案及其说明等材料，明确提出意见的方式和期限",),
    messages={
        "passed": "“{title}”有草案、说明、提交方式和截止日期，列明{channels}种渠道。",
        "failed": "“{title}”缺少：{lacking}。",
        "cannot-tell.needs-judgement": "“{title}”只列明{channels}种意见提交渠道，少于{limit}种，"
        "是否多渠道征集请人工核对。",
        "cannot-tell.not-rendered": "“{title}”的内容由脚本生成、尚未渲染，无法核对。",
        "inapplicable": "近{window}个月没有读到征求意见公告。",
    },
    why="没有草案和说明，征求意见就是走过场。",
    fix="1. 打开“{title}”的编辑页。\n2. 补充：{lacking}。\n3. 草案和起草说明直接放网页或附件，写明邮箱、"
    "信函、电话等提交方式和截止日期。",
    recheck="公告含草案、说明、提交方式和截止日期",
    question="该次征求意见是否通过两种以上渠道进行？",
    examples=(
        Example(
            "要素齐全",
            tiny(
                pages=(CALLED,),
                page_links={HOME + "zj/1.html": (Link(HOME + "zj/1.doc", "征求意见稿.doc", kind="attachment"),)},
            ),
            "passed",
            "“关于《示例区城市绿化办法（征求意见稿）》公开征求意见的公告”有草案、说明、提交方式和截止日期，列明3种渠道。",
        ),
        Example(
            "没有草案和说明",
            tiny(pages=(_call("请于2026年7月1日前发送邮件至邮箱，电话6611111。"),)),
            "failed",
            "“关于《示例区城市绿化办法（征求意见稿）》公开征求意见的公告”缺少：草案全文、草案说明。",
        ),
        Example(
            "只有一种渠道",
            tiny(
                pages=(_call("附征求意见稿和说明，请于2026年7月1日前打电话。"),),
                page_links={HOME + "zj/1.html": (Link(HOME + "zj/1.doc", "征求意见稿.doc", kind="attachment"),)},
            ),
            "cannot-tell",
            "“关于《示例区城市绿化办法（征求意见稿）》公开征求意见的公告”只列明1种意见提交渠道，少于2种，是否多渠道征集请人工核对。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "没有渲染",
            tiny(pages=(replace(_call(""), needs_render=True),)),
            "cannot-tell",
            "“关于《示例区城市绿化办法（征求意见稿）》公开征求意见的公告”的内容由脚本生成、尚未渲染，无法核对。",
            reason="not-rendered",
        ),
        Example("没有公告", tiny(), "inapplicable", "近12个月没有读到征求意见公告。"),
    ),
)
def solicitation_incomplete(snapshot: Snapshot, params: SolicitationIncomplete) -> Iterator[Verdict]:
    pages = [p for p in calls(snapshot, params.look_back_months) if any(w in title_of(p) for w in _DRAFT)]
    if not pages:
        yield inapplicable("solicitation", data={"window": params.look_back_months})
    for page in pages:
        text = page.text
        attached = [
            x
            for x in snapshot.links(page.url)
            if x.kind == "attachment" or "草案" in x.text or "征求意见稿" in x.text
        ]
        channels = sum(any(w in text for w in c.split("|")) for c in _CHANNELS)
        parts = {
            "草案全文": bool(attached) or page.text_length >= params.long_text,
            "草案说明": "说明" in text or any("说明" in x.text for x in attached),
            "意见提交方式": channels > 0,
            "截止日期": window(page).end is not None,
        }
        lacking = [name for name, there in parts.items() if not there]
        data: dict[str, Any] = {"title": title_of(page), "lacking": lacking, "channels": channels}
        data["limit"] = params.min_channels
        at: dict[str, Any] = {"unit": page.owner, "url": page.url, "data": data}
        at["evidence"] = (Evidence.of(page, text[:200]),)
        if lacking and page.needs_render:
            yield cannot_tell(page.url, Reason.NOT_RENDERED, **at)
        elif lacking:
            fact = same.term_of(page.url) if "截止日期" in lacking else ""
            yield failed(page.url, fact=fact, **at)
        elif channels < params.min_channels:
            yield cannot_tell(page.url, Reason.NEEDS_JUDGEMENT, review=True, **at)
        else:
            yield passed(page.url, **at)
