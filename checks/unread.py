"""Entries of 解读 columns that could not be read: pictures, films, frames, pages of other systems.

Such an entry may be the interpretation that is looked for. Unless its title clearly speaks of something else, a
person has to open it before anybody is told that there is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from checks.attached import readable_length
from checks.facts import ColumnState, Page
from checks.items import shown_day, title_of
from checks.outcomes import Outcome, Reason
from checks.snapshot import Snapshot
from checks.texts import core_title, overlap
from checks.verdicts import Evidence, Verdict

READABLE = 60  # characters; what has fewer consists of its picture, film or frame
_ALIKE = 0.5  # share of the entry's two-character pieces that stand in a policy's title
_TOUCHING = 0.2
_NAMED = re.compile(r"《([^《》]{2,120})》")
_COMMON = re.compile(  # words that any file of the place has; they tell no file from another
    r"人民政府|办公室|管理|实施|工作|暂行|试行|若干|办法|细则|方案|意见|规定|措施|一图看懂|一图读懂"
)


@dataclass(frozen=True, slots=True)
class Unread:
    """One entry: its title as listed, its address, the day shown beside it (None: undated) and what proves it."""

    title: str
    url: str
    day: date | None
    evidence: Evidence


def unread_entries(snapshot: Snapshot) -> tuple[Unread, ...]:
    """In column order, each address once."""
    found: dict[str, Unread] = {}
    for state in snapshot.by_role("interpretation"):
        for entry in _of_column(snapshot, state):
            found.setdefault(entry.url, entry)
    return tuple(found.values())


def _of_column(snapshot: Snapshot, state: ColumnState) -> Iterator[Unread]:
    for row in state.rows:
        page = snapshot.page(row.url)
        if page is not None and _readable(snapshot, page):
            continue
        proof = (
            Evidence.of(page, row.quote) if page else Evidence(row.url, state.sha256, state.fetched_at, "", row.quote)
        )
        yield Unread(row.title, row.url, row.date or (shown_day(page) if page else None), proof)
    for page in snapshot.pages(column=state.column_id):
        if (
            page.url != state.url
            and page.url not in state.list_pages
            and not page.rows
            and not _readable(snapshot, page)
        ):
            yield Unread(title_of(page), page.url, shown_day(page), Evidence.of(page))


def _readable(snapshot: Snapshot, page: Page) -> bool:
    return not page.needs_render and readable_length(snapshot, page) >= READABLE


def candidates(
    entries: Collection[Unread], title: str, issued: date, others: Collection[str], place: str
) -> tuple[Unread, ...]:
    """Entries not older than the file whose titles do not clearly speak of another one (`others`: further titles).

    `place` is the district's name, which every title may bear.
    """
    return tuple(
        e
        for e in entries
        if (e.day is None or e.day >= issued) and not _speaks_of_another(e.title, title, others, place)
    )


def unless_unread(verdict: Verdict, page: Page, unread: tuple[Unread, ...], others: list[str], place: str) -> Verdict:
    """An absence stands only when no entry is left that might be the interpretation and could not be read."""
    issued = shown_day(page)
    found = candidates(unread, title_of(page), issued, others, place) if issued else ()
    if not found:
        return verdict
    named = [f"{e.title or '无标题'}（{e.url}）" for e in found[:5]]
    return replace(
        verdict,
        outcome=Outcome.CANNOT_TELL,
        reason=Reason.NEEDS_JUDGEMENT,
        review=True,
        variant="unread",
        data={**verdict.data, "unread_count": len(found), "candidates": named},
        evidence=verdict.evidence + tuple(e.evidence for e in found[:5]),
    )


def _speaks_of_another(entry: str, title: str, others: Collection[str], place: str) -> bool:
    words, whole = _words(entry, place), _words(title, place)
    own = overlap(words, whole, 2)
    if len(words) < 3 or own >= _ALIKE:
        return False
    named = [_words(n, place) for n in _NAMED.findall(entry)]
    if named and all(overlap(n, whole, 2) < _TOUCHING for n in named):
        return True
    return any((found := overlap(words, _words(o, place), 2)) >= _ALIKE and found > own for o in others)


def _words(title: str, place: str) -> str:
    return _COMMON.sub("", core_title(title.replace(place, "") if place else title))
