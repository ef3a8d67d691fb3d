"""Everything a site has published, as one light list: pages and the rows of columns, with day and owner.

Rules that look for items by keyword read this list; it is built once per snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from checks.attached import ATTACHMENT
from checks.facts import DateOrigin, Page, PageKind
from checks.remembered import once_per_snapshot
from checks.snapshot import Snapshot
from checks.verdicts import Evidence
from config.district import Unit

_NO_ITEM = frozenset({PageKind.HOME, PageKind.LIST, PageKind.STUB, PageKind.CHALLENGE})


@dataclass(frozen=True, slots=True)
class Item:
    """One published thing. `path` is breadcrumb, column label and 主题分类; `day` is what a reader sees."""

    url: str
    title: str
    path: str
    day: date | None
    owner: str
    column: str
    sha256: str
    fetched_at: str
    quote: str

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.url, self.sha256, self.fetched_at, "", self.quote[:500])


def shown_day(page: Page) -> date | None:
    """The day a reader sees: on the page, in the header table, else in the list that leads here."""
    if page.published:
        return page.published.value
    issued = page.date_of(DateOrigin.ISSUED)
    if issued:
        return issued.value
    return min((d.value for d in page.list_dates), default=None)


def title_of(page: Page) -> str:
    return page.title.value if page.title else ""


def units_judged(snapshot: Snapshot) -> Iterator[Unit]:
    """Units in force at the day of judgement that are scored or not yet confirmed."""
    return (u for u in snapshot.district.units if u.scored is not False and u.valid_at(snapshot.today))


@once_per_snapshot
def items(snapshot: Snapshot) -> tuple[Item, ...]:
    """Pages first (by URL), then rows that lead to no stored page, in column order."""
    return tuple(_collect(snapshot))


def _collect(snapshot: Snapshot) -> Iterator[Item]:
    labels = {c.column_id: c.label for c in snapshot.district.columns}
    urls: set[str] = set()
    for page in snapshot.pages():
        if page.kind in _NO_ITEM or page.reader == ATTACHMENT:  # a file belongs to the page or row that leads to it
            continue
        urls.add(page.url)
        subject = page.header_field("主题分类")
        path = " ".join((*page.breadcrumb, labels.get(page.column, ""), subject.value if subject else ""))
        title = title_of(page)
        quote = f"{title} {page.published.quote}" if page.published else title
        yield Item(
            page.url, title, path, shown_day(page), page.owner, page.column, page.sha256, page.fetched_at, quote
        )
    for column in snapshot.district.columns:
        state = snapshot.column(column.column_id)
        for row in state.rows if state else ():
            assert state is not None
            key = row.url or f"{state.url} {row.title}"  # an entry that a script opens has no address of its own
            if key in urls:
                continue
            urls.add(key)
            yield Item(
                row.url or state.url or "", row.title, column.label, row.date, column.unit_id, column.column_id,
                state.sha256, state.fetched_at, row.quote,
            )  # fmt: skip
