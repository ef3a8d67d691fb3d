"""Rows out of data: JSON records and the HTML fragments of jpage."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone

from checks.facts import Row
from crawler.extract.dates import compact_date, date_apart, find_dates, month_and_day, with_year
from crawler.extract.document import fold
from crawler.extract.payload import Record
from crawler.extract.weblinks import absolute

_SHANGHAI = timezone(timedelta(hours=8))


def rows_of_records(records: Iterable[Record], base: str, as_of: date) -> tuple[Row, ...]:
    """Rows in the records' order, each target and day once."""
    found: dict[tuple[str, date | None], Row] = {}
    for record in records:
        url = absolute(base, record.url)
        title = fold(record.title)
        if not url or not title:
            continue
        day, inferred = day_of(record.date, title, as_of)
        key = (url, day)
        if key not in found:
            found[key] = Row(
                title[:500], url, day, "置顶" in record.html, fold(record.date)[:200], len(found), inferred
            )
    return tuple(found.values())


def day_of(raw: str, title: str, as_of: date) -> tuple[date | None, bool]:
    """Day of a record and whether its year was inferred. Numbers are seconds or milliseconds since 1970."""
    if raw.isdecimal() and len(raw) in (10, 13):
        moment = datetime.fromtimestamp(int(raw[:10]), UTC)
        return moment.astimezone(_SHANGHAI).date(), False
    text = fold(raw.replace(title, " ", 1))
    dates = list(find_dates(text))
    if dates:
        return dates[-1].value, False
    compact = compact_date(text)
    if compact:
        return compact.value, False
    apart = date_apart(text[:60])
    if apart:
        return apart, False
    short = month_and_day(text[-20:])
    return (with_year(*short, as_of), True) if short else (None, False)
