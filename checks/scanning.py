"""Scans of every visible text for things that must not be there. A hit is a question to a person, never a verdict.

Hits are told page by page (more than `grouped` in one column as one), and a unit without hits passes once, with
the number of pages read; while pages of the unit are missing it cannot be told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from checks.facts import Page, PageKind
from checks.gaps import gap_reason, search
from checks.items import title_of, units_judged
from checks.outcomes import Reason
from checks.snapshot import Snapshot
from checks.verdicts import Evidence, Verdict, cannot_tell, passed

Finder = Callable[[Page], list[str]]
_UNREAD = frozenset({PageKind.STUB, PageKind.CHALLENGE})


def scan(snapshot: Snapshot, find: Finder, *, quoted: bool = True, grouped: int = 5) -> Iterator[Verdict]:
    """Verdicts of a scan. `find` gives short, already masked words for each hit; they are quoted unless forbidden."""
    hits: dict[tuple[str, str], list[tuple[Page, list[str]]]] = defaultdict(list)
    read: Counter[str] = Counter()
    for page in snapshot.pages():
        if page.kind in _UNREAD:
            continue
        owner = page.owner or snapshot.district.portal_owner
        read[owner] += 1
        words = find(page)
        if words:
            hits[owner, page.column].append((page, words))
    for (owner, column), found in sorted(hits.items()):
        yield from _told(owner, column, found, quoted, grouped)
    hit_units = {owner for owner, _ in hits}
    for unit in units_judged(snapshot):
        if unit.unit_id in hit_units:
            continue
        coverage = snapshot.unit_coverage(unit.unit_id)
        data: dict[str, Any] = {"unit_name": unit.name, "count": read[unit.unit_id], **search(coverage)}
        if coverage.complete:
            yield passed(unit.unit_id, unit=unit.unit_id, data=data)
        else:
            yield cannot_tell(unit.unit_id, gap_reason(coverage), unit=unit.unit_id, data=data, variant="gap")


def _told(
    owner: str, column: str, found: list[tuple[Page, list[str]]], quoted: bool, grouped: int
) -> Iterator[Verdict]:
    def proof(page: Page, words: list[str]) -> Evidence:
        return Evidence.of(page, "；".join(words[:5]) if quoted else "", "正文")

    def named(page: Page) -> str:
        return title_of(page) if quoted else "（标题不抄录）"

    if column and len(found) > grouped:
        page, words = found[0]
        data: dict[str, Any] = {"title": named(page), "hits": words[:10], "count": len(found)}
        data["pages"] = [p.url for p, _ in found]
        yield cannot_tell(
            column, Reason.NEEDS_JUDGEMENT, review=True, unit=owner, column=column, url=page.url, data=data,
            variant="grouped", evidence=tuple(proof(p, w) for p, w in found[:10]),
        )  # fmt: skip
        return
    for page, words in found:
        data = {"title": named(page), "hits": words[:10], "count": len(words)}
        yield cannot_tell(
            page.url, Reason.NEEDS_JUDGEMENT, review=True, unit=owner, column=column, url=page.url, data=data,
            evidence=(proof(page, words),),
        )  # fmt: skip
