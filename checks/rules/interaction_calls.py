"""征集调查: what came of calls for opinions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checks import same
from checks.calendar import CalendarMissing, WorkCalendar
from checks.facts import Page
from checks.gaps import gap_reason, search
from checks.items import Item, items
from checks.laws import DISTRICT_PLAN, INTERACTION_2019
from checks.outcomes import Reason
from checks.periods import months_before
from checks.rule import Example, Params, number, rule
from checks.snapshot import Snapshot
from checks.solicit import answers, is_call, perhaps_answers, window
from checks.tiny import TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, LONG_AGO, article, column, row
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed


class SolicitationResult(Params):
    workdays: int = number("征集结束后公布结果的期限", unit="个工作日", default=20, stricter="lower", ge=1)
    look_back_months: int = number("回看期", unit="个月", default=12, stricter="higher", ge=1)


def _call(
    day: str = "2026-06-01", end: str = "2026年7月1日", text: str = "", *more: Page, **rest: Any
) -> TinySnapshot:
    body = text or f"现公开征求意见，请于{end}前反馈。"
    return tiny(
        columns=(
            column(
                "zj", "意见征集", "solicitation", row("关于城市绿化办法公开征求意见的公告", day, "zj/1.html"), **rest
            ),
        ),
        pages=(article("zj/1.html", "关于城市绿化办法公开征求意见的公告", day, body), *more),
    )


_RESULT = article("zj/2.html", "城市绿化办法征求意见结果反馈", "2026-07-10", "共收到意见12条，采纳8条。")


@rule(
    "solicitation-result-missing",
    version=1,
    title="征集结果未公开",
    topic="interaction",
    logic="M",
    guard="cal",
    params=SolicitationResult,
    absence=True,
    legal=(f"{INTERACTION_2019}：征集调查结果公开", DISTRICT_PLAN),
    past=("day",),
    messages={
        "passed": "“{title}”{end}截止，结果{day}已公布（期限{due}；近{window}个月共征集{activities}次）。",
        "failed": "“{title}”{end}截止，应于{due}前公布结果，至{today}未见（已查{looked}）。",
        "late": "“{title}”{end}截止，结果{day}才公布，期限{due}。",
        "gap": "“{title}”{end}截止，尚未找到结果，但网站未查全（{gap}），不能认定未公布。",
        "cannot-tell.needs-judgement": "“{title}”{end}截止，只找到标题相近的“{near}”，请人工确认是否为其结果。",
        "cannot-tell.undated": "“{title}”没有写明截止日期，无法计算结果公布期限。",
        "cannot-tell.calendar-missing": "“{title}”{end}截止，缺少{year}年工作日历，无法计算期限。",
        "inapplicable": "“{title}”{end}截止，结果公布期限{due}未到。",
        "none": "近{window}个月没有读到征集调查活动。",
    },
    why="征集了意见却没有下文，会打消群众参与的积极性。",
    fix="1. 请公布“{title}”的结果：收到多少条、采纳多少条、未采纳的理由。"
    "\n2. 标题写“……征求意见结果反馈”。\n3. 与征集公告互相链接。",
    recheck="有标题与该征集一致的结果页，公布日期不晚于{due}；逾期公布的记为已整改",
    examples=(
        Example(
            "按期公布",
            _call("2026-06-01", "2026年7月1日", "", _RESULT),
            "passed",
            "“关于城市绿化办法公开征求意见的公告”2026-07-01截止，结果2026-07-10已公布（期限2026-07-29；"
            "近12个月共征集1次）。",
        ),
        Example(
            "没有公布",
            _call(),
            "failed",
            "“关于城市绿化办法公开征求意见的公告”2026-07-01截止，"
            "应于2026-07-29前公布结果，至2026-09-30未见（已查10页）。",
        ),
        Example(
            "网站未查全",
            replace(_call(), coverage=BLOCKED),
            "cannot-tell",
            "“关于城市绿化办法公开征求意见的公告”2026-07-01截止，尚未找到结果，但网站未查全（应取10页，"
            "已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），"
            "不能认定未公布。",
            reason="blocked",
        ),
        Example(
            "没有写截止日期",
            _call(text="现公开征求意见，欢迎来信。"),
            "cannot-tell",
            "“关于城市绿化办法公开征求意见的公告”没有写明截止日期，无法计算结果公布期限。",
            reason="undated",
        ),
        Example(
            "尚在征集",
            _call("2026-09-20", "2026年10月25日"),
            "inapplicable",
            "“关于城市绿化办法公开征求意见的公告”2026-10-25截止，结果公布期限2026-11-20未到。",
        ),
        Example(
            "只有标题相近的页面",
            _call("2026-06-01", "2026年7月1日", "", article("zj/3.html", "城市绿化管理办法意见反馈", "2026-07-10")),
            "cannot-tell",
            "“关于城市绿化办法公开征求意见的公告”2026-07-01截止，只找到标题相近的“城市绿化管理办法意见反馈”，请人工确认是否为其结果。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "结果公布晚了",
            _call(
                "2026-06-01", "2026年7月1日", "", article("zj/2.html", "城市绿化办法征求意见结果反馈", "2026-08-20")
            ),
            "failed",
            "“关于城市绿化办法公开征求意见的公告”2026-07-01截止，结果2026-08-20才公布，期限2026-07-29。",
        ),
        Example(
            "没有当年日历",
            replace(_call("2003-05-01", "2003年6月1日"), as_of=LONG_AGO),
            "cannot-tell",
            "“关于城市绿化办法公开征求意见的公告”2003-06-01截止，缺少2003年工作日历，无法计算期限。",
            reason="calendar-missing",
        ),
        Example("没有征集活动", tiny(), "inapplicable", "近12个月没有读到征集调查活动。"),
    ),
)
def solicitation_result_missing(snapshot: Snapshot, params: SolicitationResult) -> Iterator[Verdict]:
    calendar = WorkCalendar(snapshot.district.calendar)
    since = months_before(snapshot.today, params.look_back_months)
    roles = ("solicitation", "solicitation-platform")
    columns = {s.column_id for role in roles for s in snapshot.by_role(role)}
    every = items(snapshot)
    calls = [
        i for i in every if is_call(i.title) and i.day and i.day >= since and (i.column in columns or not columns)
    ]
    urls = {r.url for role in roles for s in snapshot.by_role(role) for r in s.rows}
    calls += [i for i in every if i.url in urls and i not in calls and is_call(i.title) and i.day and i.day >= since]
    if not calls:
        yield inapplicable("solicitation", data={"window": params.look_back_months}, variant="none")
    for call in calls:
        data: dict[str, Any] = {"title": call.title, "today": str(snapshot.today), "activities": len(calls)}
        data["window"] = params.look_back_months
        yield _result_of(snapshot, call, every, calendar, data, params)


def _result_of(
    snapshot: Snapshot, call: Item, every: tuple[Item, ...], calendar: WorkCalendar, data: dict[str, Any],
    params: SolicitationResult,
) -> Verdict:  # fmt: skip
    page = snapshot.page(call.url)
    ran = window(page) if page else None
    at: dict[str, Any] = {"unit": call.owner, "url": call.url, "column": call.column}
    at["evidence"] = (Evidence.of(page, ran.quote if ran else "") if page else call.evidence,)
    at["fact"] = same.result_of(call.url)
    if ran is None or ran.end is None:
        return cannot_tell(call.url, Reason.UNDATED, data=data, **at)
    data |= {"end": str(ran.end), **search(snapshot.site_coverage())}
    try:
        due = calendar.add_workdays(ran.end, params.workdays)
    except CalendarMissing as gap:
        return cannot_tell(call.url, Reason.CALENDAR_MISSING, data={**data, "year": gap.year}, **at)
    data["due"] = str(due)
    after = [i for i in every if i.day and call.day and i.day >= call.day and i.url != call.url]
    found = min((i for i in after if answers(call.title, i)), key=lambda i: (i.day, i.url), default=None)
    inside = page is not None and any(w in page.text for w in ("征集结果", "结果反馈", "采纳情况"))
    if found is not None and found.day:
        at["evidence"] = (*at["evidence"], found.evidence)
        data["day"] = str(found.day)
        return (
            passed(call.url, data=data, **at)
            if found.day <= due
            else failed(call.url, data=data, variant="late", **at)
        )
    if inside:
        return passed(call.url, data={**data, "day": "在征集页内"}, **at)
    if snapshot.today <= due:
        return inapplicable(call.url, data=data, **at)
    near = next((i for i in after if perhaps_answers(call.title, i)), None)
    if near is not None:
        at["evidence"] = (*at["evidence"], near.evidence)
        return cannot_tell(call.url, Reason.NEEDS_JUDGEMENT, review=True, data={**data, "near": near.title}, **at)
    if not snapshot.site_coverage().complete:
        return cannot_tell(call.url, gap_reason(snapshot.site_coverage()), data=data, variant="gap", **at)
    return failed(call.url, data=data, **at)
