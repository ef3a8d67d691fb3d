"""Calendar months, quarters and reporting periods."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both inside. `label` is what a notice calls it: 2026年第3季度."""

    start: date
    end: date
    label: str
    key: str  # "2026Q3", "2026H1", "2026": the tail of a subject id

    def holds(self, day: date) -> bool:
        return self.start <= day <= self.end


def months_before(day: date, months: int) -> date:
    """The same day `months` calendar months earlier (the last day of a shorter month)."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def quarter(year: int, number: int) -> Period:
    start = date(year, 3 * number - 2, 1)
    return Period(start, _last(year, 3 * number), f"{year}年第{number}季度", f"{year}Q{number}")


def half_year(year: int, number: int) -> Period:
    label = "上半年" if number == 1 else "下半年"
    return Period(date(year, 6 * number - 5, 1), _last(year, 6 * number), f"{year}年{label}", f"{year}H{number}")


def whole_year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31), f"{year}年", str(year))


def current(per: str, today: date) -> Period:
    """The period of kind `per` (quarter, half-year, year) that is judged at `today`.

    That is the running one when it has at most ten days left, else the last one that ended.
    """
    soon = today + timedelta(days=10)
    running = _containing(per, today)
    return running if soon > running.end else _containing(per, running.start - timedelta(days=1))


def _containing(per: str, day: date) -> Period:
    if per == "quarter":
        return quarter(day.year, (day.month + 2) // 3)
    if per == "half-year":
        return half_year(day.year, 1 if day.month <= 6 else 2)
    if per == "year":
        return whole_year(day.year)
    raise ValueError(f"unknown period {per!r}: quarter, half-year or year")


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
