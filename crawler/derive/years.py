"""Rows that show month and day only: the year comes from the page behind the row, else from its address.

Guessing from the order of rows fails on home pages, where several lists stand one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from checks.facts import Row
from crawler.derive.store import FactsStore

_IN_URL = re.compile(r"(?<!\d)((?:19|20)\d{2})[/_-]?(0?[1-9]|1[0-2])(?:[/_-]?(0?[1-9]|[12]\d|3[01]))?(?!\d)")


def settle(facts: FactsStore) -> int:
    """Correct inferred years in the stored rows; returns how many rows changed."""
    inferred = [p for p in facts.every_page() if any(r.year_inferred and r.date for r in p.rows)]
    if not inferred:
        return 0
    shown = {p.url: p.published.value for p in facts.pages() if p.published}
    changed = 0
    batch = []
    for page in inferred:
        rows = tuple(_settled(row, shown) for row in page.rows)
        different = sum(a.date != b.date for a, b in zip(rows, page.rows, strict=True))
        if rows != page.rows:
            batch.append((replace(page, rows=rows), page.url))
            changed += different
    facts.assign(batch)
    facts.commit()
    return changed


def _settled(row: Row, shown: Mapping[str, date]) -> Row:
    if not (row.year_inferred and row.date):
        return row
    own = shown.get(row.url)
    if own is not None and (own.month, own.day) == (row.date.month, row.date.day):
        return replace(row, date=own, year_inferred=False)
    for match in _IN_URL.finditer(row.url):
        year, month, day = match.groups()
        if int(month) == row.date.month and (day is None or int(day) == row.date.day):
            try:
                return replace(row, date=row.date.replace(year=int(year)))
            except ValueError:  # 29 February of a year without one
                continue
    return row
