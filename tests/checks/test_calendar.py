"""The working-day table that deadlines are computed on."""

from datetime import date

import pytest

from checks.calendar import CalendarMissing, WorkCalendar
from config.district import Calendar

DUE = [
    ("2023-07-20", 20, "2023-08-17"),
    ("2023-09-28", 10, "2023-10-18"),
    ("2023-09-30", 20, "2023-11-01"),
    ("2023-12-31", 20, "2024-01-29"),
    ("2024-01-31", 10, "2024-02-19"),
    ("2024-02-08", 20, "2024-03-13"),
    ("2025-01-24", 10, "2025-02-13"),
    ("2026-02-13", 20, "2026-03-19"),
    ("2026-09-29", 10, "2026-10-19"),
]


@pytest.mark.parametrize(("start", "days", "due"), DUE)
def test_due_day_and_count_agree(start: str, days: int, due: str) -> None:
    calendar = WorkCalendar()
    begin, end = date.fromisoformat(start), date.fromisoformat(due)
    assert calendar.add_workdays(begin, days) == end
    assert calendar.workdays_between(begin, end) == days


@pytest.mark.parametrize(("year", "count"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(year: int, count: int) -> None:
    assert WorkCalendar().workdays_between(date(year - 1, 12, 31), date(year, 12, 31)) == count


def test_make_up_weekend_counts() -> None:
    assert WorkCalendar().is_workday(date(2026, 10, 10))
    assert not WorkCalendar().is_workday(date(2026, 10, 1))


def test_uncovered_year_is_refused_with_its_number() -> None:
    with pytest.raises(CalendarMissing) as caught:
        WorkCalendar().add_workdays(date(2003, 12, 20), 20)
    assert caught.value.year == 2003
    assert not WorkCalendar().covers(2003, 2026)


def test_district_adds_a_year() -> None:
    calendar = WorkCalendar(Calendar(years=(2099,), holidays=(date(2099, 1, 1),), workdays=(date(2099, 1, 3),)))
    assert calendar.covers(2026, 2099)
    assert not calendar.is_workday(date(2099, 1, 1))
    assert calendar.is_workday(date(2099, 1, 3))
    assert not calendar.is_workday(date(2099, 1, 4))
    assert calendar.is_workday(date(2099, 1, 5))


def test_nothing_between_a_day_and_an_earlier_one() -> None:
    assert WorkCalendar().workdays_between(date(2026, 3, 5), date(2026, 3, 5)) == 0
    assert WorkCalendar().workdays_between(date(2026, 3, 5), date(2026, 3, 1)) == 0
