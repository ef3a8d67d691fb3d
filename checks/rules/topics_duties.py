"""专题信息: duties with a due day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic import field_validator

from checks.calendar import CalendarMissing, WorkCalendar
from checks.facts import Page
from checks.gaps import gap_reason, search
from checks.items import Item, items, units_judged
from checks.laws import DISTRICT_PLAN
from checks.outcomes import Reason
from checks.rule import Example, Params, number, rule, words
from checks.rules.topics import FINANCE, hits
from checks.snapshot import Snapshot
from checks.texts import group_hit
from checks.tiny import TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, LONG_AGO, article
from checks.verdicts import Verdict, cannot_tell, failed, inapplicable, passed
from config.district import Unit


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty with a due day. `who` are words in a unit's name; empty means every unit judged."""

    title: str
    groups: tuple[str, ...]
    month: int  # 0: computed from the plan's publication
    day: int
    next_year: bool = False  # due in the year after the reporting year
    who: tuple[str, ...] = ()
    upload: bool = False  # may lawfully stay an internal paper that is uploaded as evidence


DUTIES = {
    "task-ledger": Duty(
        "任务分解和工作台账", ("政务公开&台账", "政务公开&任务分解", "政务公开&实施方案"), 0, 20, upload=True
    ),
    "policy-evaluation": Duty("政策评价结果和运用", ("政策评价 实施效果 评估报告 后评估",), 12, 31),
    "enrolment": Duty(
        "义务教育招生入学政策", ("义务教育&招生", "招生&入学", "中小学&招生"), 8, 31, who=("教体", "教育")
    ),
    "housing-plan": Duty(
        "保障性安居工程年度计划", ("保障性安居", "保障性租赁住房&计划"), 3, 31, who=("住房", "住建")
    ),
    "site-report": Duty(
        "政府网站工作年度报表", ("网站工作年度报表 网站年度报表",), 1, 31, True, ("政府办", "政府办公室")
    ),
    "enforcement-report": Duty(
        "行政执法统计年报",
        ("行政执法&统计", "行政执法&年报", "行政执法&数据公示"),
        1,
        31,
        True,
        ("执法", "市场监管", "生态环境"),
    ),
}


class DatedDuty(Params):
    duties: tuple[str, ...] = words(
        "限期事项：" + "、".join(f"{k}（{d.title}）" for k, d in DUTIES.items()), tuple(DUTIES)
    )
    units: tuple[str, ...] = words("责任单位编号；空表示按事项默认单位", ())
    year: int = number("任务年度；0表示district.toml的plan_year，未填则为检查当年", unit="年", default=0, ge=0)
    plan_workdays: int = number("任务分解期限：要点网上公布后", unit="个工作日", default=20, stricter="lower", ge=0)

    @field_validator("duties")
    @classmethod
    def known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [k for k in value if k not in DUTIES]
        if unknown:
            raise ValueError(f"未知的限期事项{unknown}，可用：{sorted(DUTIES)}")
        return value


def _duty(*pages: Page, **more: Any) -> TinySnapshot:
    return tiny(
        pages=pages, units=(FINANCE,), district={"plan_year": 2026, "plan_published": date(2026, 3, 2)}, **more
    )


_TASK = {"duties": ["task-ledger"], "units": ["czj"]}
_EVALUATION = {"duties": ["policy-evaluation"], "units": ["czj"], "year": 2025}


@rule(
    "dated-duty-missed",
    version=1,
    title="限期事项未按期公开",
    topic="topics",
    logic="E",
    guard="unit,cal",
    params=DatedDuty,
    absence=True,
    legal=(DISTRICT_PLAN, "国办函〔2018〕12号 政府网站工作年度报表", "国办发〔2018〕118号 行政执法公示制度"),
    past=("late",),
    messages={
        "passed": "{unit_name}于{day}公开“{duty}”，期限{due}。",
        "failed": "{unit_name}应于{due}前公开“{duty}”，至{today}未见（已查{looked}）。",
        "late": "{unit_name}“{duty}”{day}才公开，期限{due}，晚{late}天。",
        "gap": "{unit_name}“{duty}”（期限{due}）尚未找到，但该单位页面未查全（{gap}），不能认定未公开。",
        "cannot-tell.register-missing": "{unit_name}“{duty}”（期限{due}）网上未见；此项可以上传佐证，请提供材料。",
        "cannot-tell.undated": "{unit_name}有“{duty}”信息但没有可读日期，无法判定是否在{due}前公开。",
        "cannot-tell.calendar-missing": "缺少{year}年工作日历，无法计算“{duty}”的期限。",
        "inapplicable": "{unit_name}“{duty}”期限{due}未到。",
        "no-trigger": "“{duty}”：没有填写要点网上公布日期（plan_published），期限无从起算。",
    },
    why="有明确日期的任务逾期即为未完成，也是年度考核的硬指标。",
    fix="1. 请立即公开“{duty}”。\n2. 已经公开的，把网址报政务公开办登记。\n3. 发布日期如实填写，不得倒签。",
    recheck="有“{duty}”信息，显示日期不晚于{due}；逾期公开的记为已整改",
    examples=(
        Example(
            "按期公开台账",
            _duty(article("czj/1.html", "政务公开工作台账", "2026-03-20", owner="czj")),
            "passed",
            "示例区财政局于2026-03-20公开“任务分解和工作台账”，期限2026-03-30。",
            params=_TASK,
        ),
        Example(
            "没有公开政策评价",
            _duty(),
            "failed",
            "示例区财政局应于2025-12-31前公开“政策评价结果和运用”，至2026-09-30未见（已查10页）。",
            params=_EVALUATION,
        ),
        Example(
            "公开晚了",
            _duty(article("czj/1.html", "政务公开工作台账", "2026-04-20", owner="czj")),
            "failed",
            "示例区财政局“任务分解和工作台账”2026-04-20才公开，期限2026-03-30，晚21天。",
            params=_TASK,
        ),
        Example(
            "台账可以上传佐证",
            _duty(),
            "cannot-tell",
            "示例区财政局“任务分解和工作台账”（期限2026-03-30）网上未见；此项可以上传佐证，请提供材料。",
            params=_TASK,
            reason="register-missing",
        ),
        Example(
            "页面未查全",
            _duty(coverage=BLOCKED),
            "cannot-tell",
            "示例区财政局“政策评价结果和运用”（期限2025-12-31）尚未找到，"
            "但该单位页面未查全（应取10页，已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.ht"
            "ml（被网站防护系统拦截）），不能认定未公开。",
            params=_EVALUATION,
            reason="blocked",
        ),
        Example(
            "期限未到",
            _duty(),
            "inapplicable",
            "示例区财政局“政策评价结果和运用”期限2026-12-31未到。",
            params={**_EVALUATION, "year": 2026},
        ),
        Example(
            "没有当年日历",
            replace(
                _duty(),
                as_of=LONG_AGO,
                district=_duty().district.model_copy(update={"plan_published": date(2003, 3, 3)}),
            ),
            "cannot-tell",
            "缺少2003年工作日历，无法计算“任务分解和工作台账”的期限。",
            params=_TASK,
            reason="calendar-missing",
        ),
        Example(
            "没有日期",
            _duty(article("czj/1.html", "政务公开工作台账", owner="czj")),
            "cannot-tell",
            "示例区财政局有“任务分解和工作台账”信息但没有可读日期，无法判定是否在2026-03-30前公开。",
            params=_TASK,
            reason="undated",
        ),
        Example(
            "没有填写公布日期",
            hits(),
            "inapplicable",
            "“任务分解和工作台账”：没有填写要点网上公布日期（plan_published），期限无从起算。",
            params=_TASK,
        ),
    ),
)
def dated_duty_missed(snapshot: Snapshot, params: DatedDuty) -> Iterator[Verdict]:
    for key in params.duties:
        duty = DUTIES[key]
        found = [i for i in items(snapshot) if any(group_hit(g, f"{i.title} {i.path}") for g in duty.groups)]
        for unit_ in units_judged(snapshot):
            named = not duty.who or any(w in n for w in duty.who for n in unit_.names())
            if unit_.unit_id in params.units if params.units else named:
                own = [i for i in found if i.owner == unit_.unit_id]
                yield _dutiful(snapshot, key, unit_, own, params)


def _due(snapshot: Snapshot, duty: Duty, params: DatedDuty) -> tuple[date, date] | None:
    """First day that counts and due day; None when the trigger is not known. Raises CalendarMissing."""
    district = snapshot.district
    if duty.month == 0:
        if district.plan_published is None:
            return None
        calendar = WorkCalendar(district.calendar)
        return district.plan_published, calendar.add_workdays(district.plan_published, params.plan_workdays)
    if duty.next_year:
        year = params.year + 1 if params.year else snapshot.today.year
    else:
        year = params.year or district.plan_year or snapshot.today.year
    return date(year, 1, 1), date(year, duty.month, duty.day)


def _dutiful(snapshot: Snapshot, key: str, unit_: Unit, own: list[Item], params: DatedDuty) -> Verdict:
    duty, subject, coverage = DUTIES[key], f"{unit_.unit_id}/{key}", snapshot.unit_coverage(unit_.unit_id)
    data: dict[str, Any] = {"unit_name": unit_.name, "duty": duty.title, "today": str(snapshot.today)}
    try:
        span = _due(snapshot, duty, params)
    except CalendarMissing as gap:
        return cannot_tell(subject, Reason.CALENDAR_MISSING, unit=unit_.unit_id, data={**data, "year": gap.year})
    if span is None:
        return inapplicable(subject, unit=unit_.unit_id, data=data, variant="no-trigger")
    start, due = span
    data |= {"due": str(due), **search(coverage)}
    after = sorted((i for i in own if i.day and i.day >= start), key=lambda i: (i.day, i.url))
    undated = [i for i in own if i.day is None]
    first = next(iter(after), None)
    if first is not None and duty.month and first.day and first.day.year > due.year:
        first = None  # next year's item is not this year's duty done late
    shown = ([first] if first else []) or undated
    at: dict[str, Any] = {"unit": unit_.unit_id, "evidence": tuple(i.evidence for i in shown[:3])}
    at["url"] = shown[0].url if shown else ""
    if first is not None and first.day and first.day <= due:
        return passed(subject, data={**data, "day": str(first.day)}, **at)
    if snapshot.today <= due:
        return inapplicable(subject, data=data, **at)
    if first is not None and first.day:
        data |= {"day": str(first.day), "late": (first.day - due).days}
        return failed(subject, data=data, variant="late", **at)
    if undated:
        return cannot_tell(subject, Reason.UNDATED, data=data, **at)
    if duty.upload:
        return cannot_tell(subject, Reason.REGISTER_MISSING, data=data, review=True, **at)
    if not coverage.complete:
        return cannot_tell(subject, gap_reason(coverage), data=data, variant="gap", **at)
    return failed(subject, data=data, **at)
