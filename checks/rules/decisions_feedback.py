"""重大行政决策: opinions are answered after the decision, with figures and reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from checks import same
from checks.calendar import CalendarMissing, WorkCalendar
from checks.facts import DateFact, DateOrigin, Page, PageKind
from checks.gaps import gap_reason, search
from checks.items import Item, items, shown_day, title_of
from checks.laws import DECISIONS_713, DISTRICT_PLAN
from checks.outcomes import Reason
from checks.periods import months_before
from checks.policyfiles import policy_pages
from checks.rule import Example, Params, number, rule
from checks.rules.decisions_calls import CALLED, calls
from checks.snapshot import Snapshot
from checks.solicit import answers, core_of_call, is_result, perhaps_answers
from checks.tiny import TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, LONG_AGO, article
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed


class FeedbackLate(Params):
    workdays: int = number("决策文件发布后反馈期限", unit="个工作日", default=10, stricter="lower", ge=1)
    look_back_months: int = number("回看期", unit="个月", default=12, stricter="higher", ge=1)


_POLICY = article("wj/1.html", "示例区城市绿化办法", "2026-08-03", kind=PageKind.POLICY, docno="示政发〔2026〕8号")


def _fed(day: str = "", title: str = "示例区城市绿化办法征求意见采纳情况", **more: Any) -> TinySnapshot:
    pages = [CALLED, _POLICY]
    if title and (day or more.pop("undated", False)):
        pages.append(article("zj/2.html", title, day))
    return tiny(pages=pages, **more)


@rule(
    "feedback-late",
    version=1,
    title="意见采纳反馈超期",
    topic="decisions",
    logic="M",
    guard="cal",
    params=FeedbackLate,
    absence=True,
    legal=(f"{DISTRICT_PLAN}：决策出台后10个工作日内公布意见收集采纳情况", f"{DECISIONS_713}第三十二条"),
    past=("day",),
    messages={
        "passed": "“{title}”的决策文件{issued}发布，意见采纳情况{day}公布，期限{due}。",
        "failed": "“{title}”的决策文件{issued}发布，应于{due}前（{limit}个工作日内）公布意见采纳情况，"
        "至{today}未见。",
        "late": "“{title}”的决策文件{issued}发布，意见采纳情况{day}才公布，期限{due}，用{used}个工作日。",
        "gap": "“{title}”的意见采纳情况尚未找到，但网站未查全（{gap}），不能认定未公布。",
        "cannot-tell.needs-judgement": "“{title}”只找到标题相近的“{near}”，是否为其意见采纳情况请人工确认。",
        "cannot-tell.undated": "“{title}”的决策文件没有可读的发布日期，无法计算反馈期限。",
        "cannot-tell.calendar-missing": "“{title}”的决策文件{issued}发布，缺少{year}年工作日历，无法计算期限。",
        "due": "“{title}”的决策文件{issued}发布，反馈期限{due}未到。",
        "inapplicable": "“{title}”尚未找到对应的决策文件，反馈期限未起算。",
    },
    why="群众提了意见，要知道采纳没有、为什么没有采纳。",
    fix="1. 请公布“{title}”的意见收集采纳情况：收到多少条、采纳多少条、未采纳的理由。"
    "\n2. 标题写“……征求意见采纳情况”，与决策文件互相链接。",
    recheck="有与该征求意见对应的采纳情况页，公布日期不晚于决策文件发布后{limit}个工作日；逾期公布的记为已整改",
    question="标题相近的页面是否就是该次征求意见的采纳情况？",
    examples=(
        Example(
            "按期反馈",
            _fed("2026-08-10"),
            "passed",
            "“关于《示例区城市绿化办法（征求意见稿）"
            "》公开征求意见的公告”的决策文件2026-08-03发布，"
            "意见采纳情况2026-08-10公布，期限2026-08-17。",
        ),
        Example(
            "没有反馈",
            _fed(),
            "failed",
            "“关于《示例区城市绿化办法（征求意见稿）"
            "》公开征求意见的公告”的决策文件2026-08-03发布，"
            "应于2026-08-17前（10个工作日内）公布意见采纳情况，"
            "至2026-09-30未见。",
        ),
        Example(
            "反馈晚了",
            _fed("2026-09-10"),
            "failed",
            "“关于《示例区城市绿化办法（征求意见稿）"
            "》公开征求意见的公告”的决策文件2026-08-03发布，"
            "意见采纳情况2026-09-10才公布，期限2026-08-17，"
            "用28个工作日。",
        ),
        Example(
            "网站未查全",
            _fed(coverage=BLOCKED),
            "cannot-tell",
            "“关于《示例区城市绿化办法（征求意见稿）》公开征求意见的公告”的意见采纳情况尚未找到，"
            "但网站未查全（应取10页，已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站"
            "防护系统拦截）），不能认定未公布。",
            reason="blocked",
        ),
        Example(
            "只有标题相近的页面",
            _fed("2026-08-10", "示例区绿化管理办法意见反馈"),
            "cannot-tell",
            "“关于《示例区城市绿化办法（征求意见稿）》公开征求意见的公告”只找到标题相近的“示例区绿化管理办法意见反馈”，是否为其意见采纳情况请人工确认。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "决策还没有出台",
            tiny(pages=(CALLED,)),
            "inapplicable",
            "“关于《示例区城市绿化办法（征求意见稿）》公开征求意见的公告”尚未找到对应的决策文件，反馈期限未起算。",
        ),
        Example(
            "没有当年日历",
            tiny(
                pages=(
                    replace(CALLED, published=None),
                    replace(_POLICY, published=None, list_dates=(DateFact(date(2003, 6, 2), DateOrigin.LIST),)),
                ),
                as_of=LONG_AGO,
            ),
            "cannot-tell",
            "“关于《示例区城市绿化办法（征求意见稿）》公开征求意见的公告”的决策文件2003-06-02发布，缺少2003年工作日历，无法计算期限。",
            reason="calendar-missing",
        ),
        Example(
            "期限未到",
            tiny(
                pages=(
                    CALLED,
                    replace(_POLICY, published=None, list_dates=(DateFact(date(2026, 9, 28), DateOrigin.LIST),)),
                )
            ),
            "inapplicable",
            "“关于《示例区城市绿化办法（征求意见稿）》公开征求意见的公告”的决策文件2026-09-28发布，反馈期限2026-10-16未到。",
        ),
    ),
)
def feedback_late(snapshot: Snapshot, params: FeedbackLate) -> Iterator[Verdict]:
    calendar = WorkCalendar(snapshot.district.calendar)
    decided = [(p, core_of_call(title_of(p))) for p in policy_pages(snapshot)]
    every = items(snapshot)
    for call in calls(snapshot, params.look_back_months):
        core = core_of_call(title_of(call))
        asked = shown_day(call)
        match = [
            p
            for p, other in decided
            if p.url != call.url
            and min(len(core), len(other)) >= 4
            and (core in other or other in core)
            and (asked is None or (shown_day(p) or asked) >= asked)
        ]
        decision = min(match, key=lambda p: (str(shown_day(p)), p.url), default=None)
        if decision is None:
            yield inapplicable(call.url, unit=call.owner, url=call.url, data={"title": title_of(call)})
        else:
            yield _feedback(snapshot, call, decision, every, calendar, params)


def _feedback(
    snapshot: Snapshot,
    call: Page,
    decision: Page,
    every: tuple[Item, ...],
    calendar: WorkCalendar,
    params: FeedbackLate,
) -> Verdict:
    title, issued, coverage = title_of(call), shown_day(decision), snapshot.site_coverage()
    data: dict[str, Any] = {"title": title, "issued": str(issued), "limit": params.workdays}
    data |= {"today": str(snapshot.today), "decision": decision.url, **search(coverage)}
    at: dict[str, Any] = {"unit": call.owner, "url": call.url, "evidence": (Evidence.of(call), Evidence.of(decision))}
    at["fact"] = same.result_of(call.url)
    if issued is None:
        return cannot_tell(call.url, Reason.UNDATED, data=data, **at)
    found = min((i for i in every if i.day and answers(title, i)), key=lambda i: (i.day, i.url), default=None)
    try:
        due = calendar.add_workdays(issued, params.workdays)
        used = calendar.workdays_between(issued, found.day) if found and found.day else 0
    except CalendarMissing as gap:
        return cannot_tell(call.url, Reason.CALENDAR_MISSING, data={**data, "year": gap.year}, **at)
    data |= {"due": str(due), "used": used}
    if found is not None and found.day:
        at["evidence"] = (*at["evidence"], found.evidence)
        data["day"] = str(found.day)
        return (
            passed(call.url, data=data, **at)
            if found.day <= due
            else failed(call.url, data=data, variant="late", **at)
        )
    if snapshot.today <= due:
        return inapplicable(call.url, data=data, variant="due", **at)
    near = next((i for i in every if perhaps_answers(title, i)), None)
    if near is not None:
        return cannot_tell(call.url, Reason.NEEDS_JUDGEMENT, review=True, data={**data, "near": near.title}, **at)
    if not coverage.complete:
        return cannot_tell(call.url, gap_reason(coverage), data=data, variant="gap", **at)
    return failed(call.url, data=data, **at)


class FeedbackThin(Params):
    look_back_months: int = number("回看期", unit="个月", default=12, stricter="higher", ge=1)


_COUNT = re.compile(
    r"(?:收到|征集到?|收集到?|反馈|提出).{0,16}?\d+\s*(?:条|件|份|人次|个)|(?:未|没有)收到|无(?:反馈)?意见"
)
_NOTHING = re.compile(r"(?:未|没有)收到|无(?:反馈|不同)?意见|收到.{0,8}(?<!\d)0\s*条")


@rule(
    "feedback-thin",
    version=1,
    title="反馈内容不实",
    topic="decisions",
    logic="M",
    params=FeedbackThin,
    manual=True,
    legal=(f"{DISTRICT_PLAN}：公布意见收集、采纳情况及未采纳理由",),
    messages={
        "passed": "“{title}”写明了意见数量、采纳情况和理由。",
        "cannot-tell.needs-judgement": "“{title}”没有读到：{lacking}，请人工判断反馈是否实在。",
        "inapplicable": "近{window}个月没有读到意见反馈页。",
    },
    why="只说“已认真研究”的反馈等于没有反馈。",
    fix="1. 写明共收到意见多少条、采纳多少条。\n2. 未采纳的逐条或归类说明理由。\n3. 开过座谈会、"
    "听证会的，一并公布结果。",
    recheck="反馈页写明意见数量、采纳情况和未采纳理由",
    question="该反馈是否写清了意见数量、采纳情况和未采纳的理由？",
    examples=(
        Example(
            "写得清楚",
            tiny(
                pages=(
                    article(
                        "zj/2.html",
                        "绿化办法征求意见采纳情况",
                        "2026-08-10",
                        "共收到意见12条，采纳8条，4条未采纳，理由是超出权限。",
                    ),
                )
            ),
            "passed",
            "“绿化办法征求意见采纳情况”写明了意见数量、采纳情况和理由。",
        ),
        Example(
            "只有套话",
            tiny(pages=(article("zj/2.html", "绿化办法征求意见采纳情况", "2026-08-10", "各方意见已认真研究。"),)),
            "cannot-tell",
            "“绿化办法征求意见采纳情况”没有读到：收到意见的数量、采纳情况、未采纳的理由，请人工判断反馈是否实在。",
            reason="needs-judgement",
            review=True,
        ),
        Example("没有反馈页", tiny(), "inapplicable", "近12个月没有读到意见反馈页。"),
    ),
)
def feedback_thin(snapshot: Snapshot, params: FeedbackThin) -> Iterator[Verdict]:
    since = months_before(snapshot.today, params.look_back_months)
    judged = 0
    for item in items(snapshot):
        title = item.title
        asked = any(w in title for w in ("征求", "征集", "采纳"))
        page = snapshot.page(item.url) if asked and is_result(title) and (item.day or since) >= since else None
        if page is None:
            continue
        judged += 1
        nothing = _NOTHING.search(page.text) is not None
        parts = {
            "收到意见的数量": _COUNT.search(page.text) is not None,
            "采纳情况": nothing or "采纳" in page.text,
            "未采纳的理由": nothing
            or any(w in page.text for w in ("理由", "原因", "全部采纳", "均已采纳", "均予采纳")),
        }
        lacking = [name for name, there in parts.items() if not there]
        data: dict[str, Any] = {"title": title, "lacking": lacking}
        at: dict[str, Any] = {"unit": page.owner, "url": page.url, "evidence": (Evidence.of(page, page.text[:200]),)}
        if lacking:
            yield cannot_tell(page.url, Reason.NEEDS_JUDGEMENT, review=True, data=data, **at)
        else:
            yield passed(page.url, data=data, **at)
    if not judged:
        yield inapplicable("feedback", data={"window": params.look_back_months})
