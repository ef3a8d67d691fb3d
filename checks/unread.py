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
_TELLING = 3  # characters; fewer words of its own say nothing
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
            found.setdefault(entry.url or entry.title, entry)
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


class Candidates:
    """Unread entries, asked about one policy file after another.

    `titles` are those of all policy files; `place` is the district's name, which every title may bear.
    """

    def __init__(self, entries: Collection[Unread], titles: Collection[str], place: str) -> None:
        self._place = place
        known = {_words(title, place) for title in titles} if entries else set()
        self._entries = tuple(self._read(entry, known) for entry in entries)

    def of(self, title: str, issued: date) -> tuple[Unread, ...]:
        """Entries not older than the file whose titles do not clearly speak of another one."""
        whole = _words(title, self._place)
        return tuple(
            e.entry
            for e in self._entries
            if (e.entry.day is None or e.entry.day >= issued) and not e.speaks_of_another(whole)
        )

    def _read(self, entry: Unread, known: set[str]) -> _Read:
        words = _words(entry.title, self._place)
        named = tuple(_words(n, self._place) for n in _NAMED.findall(entry.title))
        best = max((overlap(words, title, 2) for title in known), default=0.0) if len(words) >= _TELLING else 0.0
        return _Read(entry, words, named, best)


@dataclass(frozen=True, slots=True)
class _Read:
    """An entry: the words of its title, those it puts in 《》, its likeness to the file it is most like."""

    entry: Unread
    words: str
    named: tuple[str, ...]
    best: float

    def speaks_of_another(self, whole: str) -> bool:
        own = overlap(self.words, whole, 2)
        if len(self.words) < _TELLING or own >= _ALIKE:
            return False
        if self.named and all(overlap(n, whole, 2) < _TOUCHING for n in self.named):
            return True
        return self.best >= _ALIKE and self.best > own


def unless_unread(verdict: Verdict, page: Page, unread: Candidates) -> Verdict:
    """An absence stands only when no entry is left that might be the interpretation and could not be read."""
    issued = shown_day(page)
    found = unread.of(title_of(page), issued) if issued else ()
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


def _words(title: str, place: str) -> str:
    return _COMMON.sub("", core_title(title.replace(place, "") if place else title))
