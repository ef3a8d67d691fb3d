"""The calendar of a round in working days around the cut-off T (workflow.md §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from audit.errors import AuditError
from audit.rounds.config import Calendar
from checks.calendar import CalendarMissing, WorkCalendar

STEPS = ("开始采集", "检查时点", "初审截止", "复核截止", "核对期开始", "核对期截止", "异议处理截止", "冻结", "下发")


@dataclass(frozen=True, slots=True)
class RoundDates:
    """Day per step; None where no working-day table covers the year."""

    days: Mapping[str, date | None]
    missing: int | None = None  # the year without a table

    def __getitem__(self, step: str) -> date | None:
        return self.days[step]


def plan(cutoff: date, settings: Calendar, work: WorkCalendar, moved: Mapping[str, str] | None = None) -> RoundDates:
    """Days of all steps; `moved` holds days set by hand (ISO)."""
    after = (settings.first_review, settings.second_review, settings.check_from, settings.check_to,
             settings.objections, settings.freeze, settings.release)  # fmt: skip
    days: dict[str, date | None] = {}
    missing: int | None = None
    for step, count in zip(STEPS, (-settings.crawl, 0, *after), strict=True):
        try:
            days[step] = before(work, cutoff, -count) if count < 0 else work.add_workdays(cutoff, count)
        except CalendarMissing as error:
            days[step], missing = None, error.year
    for step, value in (moved or {}).items():
        days[step] = date.fromisoformat(value)
    return RoundDates(days, missing)


def before(work: WorkCalendar, day: date, count: int) -> date:
    """The `count`-th working day before `day`. Raises CalendarMissing."""
    while count > 0:
        day -= timedelta(days=1)
        count -= work.is_workday(day)
    return day


def later(work: WorkCalendar, start: date, count: int) -> date:
    """The count-th working day after `start`; a year without a table is refused with what to do."""
    try:
        return work.add_workdays(start, count)
    except CalendarMissing as error:
        raise AuditError(missing_year(error.year)) from error


def missing_year(year: int) -> str:
    return (
        f"没有{year}年的工作日安排，不能推算期限。请按国务院办公厅放假通知，在 district.toml 的 [calendar] 中"
        f"填写 years、holidays、workdays，再重试。"
    )


def step_of(name: str) -> str:
    """A step by its name. Raises AuditError with the known ones."""
    if name not in STEPS:
        raise AuditError(f"没有环节“{name}”。可用：{'、'.join(STEPS)}。")
    return name
