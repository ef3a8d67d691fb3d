"""专题信息: quarterly progress."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.calendar import CalendarMissing, WorkCalendar
from checks.gaps import gap_reason, search
from checks.items import Item
from checks.laws import DISTRICT_PLAN
from checks.outcomes import Reason
from checks.periods import Period, current
from checks.rule import Example, number, rule
from checks.rules.topics import Topic, hits, topic_items, topic_units
from checks.snapshot import Snapshot
from checks.tiny_parts import BLOCKED, LONG_AGO, article
from checks.verdicts import Verdict, cannot_tell, failed, inapplicable, passed
from config.district import Unit


class QuarterlyReport(Topic):
    due_workdays: int = number("季度结束后公开期限", unit="个工作日", default=20, stricter="lower", ge=0)
    min_items: int = number("每个专题每季度至少", unit="条", default=1, stricter="higher", ge=1)


_PROGRESS = {"topic": "1.3.1", "name": "重点工作进展", "groups": ["民生实事&进展"], "units": ["czj"]}


@rule(
    "quarterly-report-missing",
    version=1,
    title="季度进展未公开",
    topic="topics",
    logic="E",
    guard="unit",
    params=QuarterlyReport,
    absence=True,
    legal=(f"{DISTRICT_PLAN}：政府工作报告任务、民生实事每季度公开进展",),
    past=("late",),
    messages={
        "passed": "{unit_name}已于{day}公开“{group}”{period}进展，期限{due}。",
        "failed": "{unit_name}应于{due}前公开“{group}”{period}进展，至{today}未见（已查{looked}）。",
        "late": "{unit_name}“{group}”{period}进展{day}才公开，期限{due}，晚{late}天。",
        "gap": "{unit_name}“{group}”{period}进展尚未找到，但该单位页面未查全（{gap}），不能认定未公开。",
        "cannot-tell.undated": "{unit_name}有{undated}条“{group}”信息没有可读日期，无法判定{period}是否已公开。",
        "cannot-tell.calendar-missing": "缺少{year}年工作日历，无法计算{period}进展的公开期限。",
        "inapplicable": "{unit_name}“{group}”{period}进展的公开期限{due}未到。",
        "unset": "没有配置季度进展的关键词，本项不检查。",
    },
    why="进展按季公开，群众才能监督承诺是否兑现。",
    fix="1. 请在对应栏目发布“{group}”{period}进展情况，逐项写明完成情况。\n2. 标题写明季度，"
    "填写发布机构和日期，日期不得倒签。",
    recheck="有标题含“{group}”、发布日期在{due}前的{period}进展信息",
    examples=(
        Example(
            "按期公开",
            hits(article("czj/1.html", "民生实事第二季度进展", "2026-07-10", owner="czj")),
            "passed",
            "示例区财政局已于2026-07-10公开“民生实事进展”2026年第2季度进展，期限2026-07-28。",
            params=_PROGRESS,
        ),
        Example(
            "没有公开",
            hits(),
            "failed",
            "示例区财政局应于2026-07-28前公开“民生实事进展”2026年第2季度进展，至2026-09-30未见（已查10页）。",
            params=_PROGRESS,
        ),
        Example(
            "公开晚了",
            hits(article("czj/1.html", "民生实事第二季度进展", "2026-08-10", owner="czj")),
            "failed",
            "示例区财政局“民生实事进展”2026年第2季度进展2026-08-10才公开，期限2026-07-28，晚13天。",
            params=_PROGRESS,
        ),
        Example(
            "页面未查全",
            hits(coverage=BLOCKED),
            "cannot-tell",
            "示例区财政局“民生实事进展”2026年第2季度进展尚未找到，但该单位页面未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），"
            "不能认定未公开。",
            params=_PROGRESS,
            reason="blocked",
        ),
        Example(
            "没有日期",
            hits(article("czj/1.html", "民生实事第二季度进展", owner="czj")),
            "cannot-tell",
            "示例区财政局有1条“民生实事进展”信息没有可读日期，无法判定2026年第2季度是否已公开。",
            params=_PROGRESS,
            reason="undated",
        ),
        Example(
            "没有当年日历",
            hits(as_of=LONG_AGO),
            "cannot-tell",
            "缺少2003年工作日历，无法计算2003年第1季度进展的公开期限。",
            params=_PROGRESS,
            reason="calendar-missing",
        ),
    ),
)
def quarterly_report_missing(snapshot: Snapshot, params: QuarterlyReport) -> Iterator[Verdict]:
    if not params.groups:
        yield inapplicable(params.topic or "quarterly", variant="unset")
        return
    calendar = WorkCalendar(snapshot.district.calendar)
    quarter = _ended(snapshot)
    found = topic_items(snapshot, params)
    for unit_ in topic_units(snapshot, params):
        for position, group in enumerate(params.groups):
            own = [i for i, met in found if position in met and i.owner == unit_.unit_id]
            subject = f"{unit_.unit_id}/{params.topic or params.label}-{position + 1}/{quarter.key}"
            yield _quarter(snapshot, unit_, group.replace("&", ""), own, quarter, subject, calendar, params)


def _ended(snapshot: Snapshot) -> Period:
    """The last quarter that had ended before the day of judgement."""
    start = current("quarter", snapshot.today)
    return start if start.end < snapshot.today else current("quarter", start.start)


def _quarter(
    snapshot: Snapshot,
    unit_: Unit,
    group: str,
    own: list[Item],
    quarter: Period,
    subject: str,
    calendar: WorkCalendar,
    params: QuarterlyReport,
) -> Verdict:
    coverage = snapshot.unit_coverage(unit_.unit_id)
    data: dict[str, Any] = {"unit_name": unit_.name, "group": group, "period": quarter.label}
    data |= {"today": str(snapshot.today), **search(coverage)}
    try:
        due = calendar.add_workdays(quarter.end, params.due_workdays)
    except CalendarMissing as gap:
        return cannot_tell(subject, Reason.CALENDAR_MISSING, unit=unit_.unit_id, data={**data, "year": gap.year})
    data["due"] = str(due)
    mine = [i for i in own if i.day and _of_quarter(i, quarter)]
    timely = sorted((i for i in mine if i.day and i.day <= due), key=lambda i: (i.day, i.url))
    late = sorted((i for i in mine if i.day and i.day > due), key=lambda i: (i.day, i.url))
    undated = [i for i in own if i.day is None]
    shown = (timely or late or undated)[:5]
    at: dict[str, Any] = {"unit": unit_.unit_id, "evidence": tuple(i.evidence for i in shown)}
    at["url"] = shown[0].url if shown else ""
    if len(timely) >= params.min_items:
        return passed(subject, data={**data, "day": str(timely[-1].day)}, **at)
    if snapshot.today <= due:
        return inapplicable(subject, data=data, **at)
    if undated:
        return cannot_tell(subject, Reason.UNDATED, data={**data, "undated": len(undated)}, **at)
    if late and late[0].day:
        data |= {"day": str(late[0].day), "late": (late[0].day - due).days}
        return failed(subject, data=data, variant="late", **at)
    if not coverage.complete:
        return cannot_tell(subject, gap_reason(coverage), data=data, variant="gap", **at)
    return failed(subject, data=data, **at)


_ORDINALS = ("一", "二", "三", "四")


def _of_quarter(item: Item, quarter: Period) -> bool:
    """The title names this quarter, or names none and the day lies in the quarter or later."""
    wanted = int(quarter.key[-1])
    named = [n for n, word in enumerate(_ORDINALS, 1) if f"{word}季度" in item.title or f"{n}季度" in item.title]
    if named:
        return wanted in named and item.day is not None and item.day >= quarter.start
    return item.day is not None and item.day >= quarter.start
