"""Working days of the People's Republic of China, with make-up weekends (调休).

Primary source is the `chinese_calendar` package; a district may add years it does not know yet. A year without
data raises `CalendarMissing`: a deadline is never guessed from plain weekdays.
"""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

from config.district import Calendar

_ONE = timedelta(days=1)
_PACKAGED = frozenset(day.year for day in chinese_calendar.holidays)


class CalendarMissing(LookupError):
    """No working-day table covers `year`; a rule answers cannot-tell/calendar-missing."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no working-day calendar for {year}")
        self.year = year


class WorkCalendar:
    """Working days of the years that the package or the district's own table covers."""

    def __init__(self, override: Calendar | None = None) -> None:
        table = override or Calendar()
        self._years = frozenset(table.years)
        self._holidays = frozenset(table.holidays)
        self._workdays = frozenset(table.workdays)

    def covers(self, *years: int) -> bool:
        return all(year in self._years or year in _PACKAGED for year in years)

    def is_workday(self, day: date) -> bool:
        """Raises CalendarMissing when the year is not covered."""
        if day in self._workdays:
            return True
        if day in self._holidays:
            return False
        if day.year in self._years:
            return day.weekday() < 5
        if day.year in _PACKAGED:
            return bool(chinese_calendar.is_workday(day))
        raise CalendarMissing(day.year)

    def add_workdays(self, start: date, n: int) -> date:
        """The n-th working day after `start`; day 1 is the next working day after the trigger.

        `n` below 1 gives `start` itself. Raises CalendarMissing.
        """
        day = start
        while n > 0:
            day += _ONE
            if self.is_workday(day):
                n -= 1
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; 0 when `end` is not later. Raises CalendarMissing."""
        count, day = 0, start
        while day < end:
            day += _ONE
            count += self.is_workday(day)
        return count
