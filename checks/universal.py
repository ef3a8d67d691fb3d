"""Judging tens of thousands of pages by one question, and answering with few verdicts.

A fault is one verdict per page until more than `group_over` pages of one column share it; then it is one verdict of
the column with the pages listed. Units without any fault get one verdict with counts: passed where everything was
seen, cannot-tell ("n of N") where not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlsplit

from checks.facts import Page
from checks.gaps import gap_reason, gap_words
from checks.outcomes import Outcome, Reason
from checks.snapshot import Snapshot
from checks.verdicts import Data, Evidence, Verdict

LISTED = 200  # pages named in the data of a grouped verdict


@dataclass(frozen=True, slots=True)
class Answer:
    """What one page says. `data` fills the message of a single page's verdict."""

    outcome: Outcome
    quote: str = ""
    reason: Reason | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    together: str = ""  # subject under which such pages of one unit are grouped whatever their column
    fact: str = ""  # `checks.same`, where another rule may see it too


FINE = Answer(Outcome.PASSED)
NOT_MEANT = Answer(Outcome.INAPPLICABLE)
UNRENDERED = Answer(Outcome.CANNOT_TELL, reason=Reason.NOT_RENDERED)


@dataclass(slots=True)
class _Tally:
    seen: int = 0
    bad: int = 0


Key = tuple[Outcome, Reason | None, str, str, str]  # outcome, reason, owner, column, group subject


def judge_pages(
    snapshot: Snapshot,
    pages: Iterable[Page],
    ask: Callable[[Page], Answer],
    *,
    group_over: int = 5,
    review: bool = False,
    fine: Mapping[str, int] = MappingProxyType({}),
) -> Iterator[Verdict]:
    """Verdicts in order of owner, column and URL, then one per unit without a fault.

    `fine` counts pages by owner that were found without fault beforehand and need not be asked again.

    Messages needed: "failed" or "cannot-tell" with the data of `ask` plus {title}; the same with ".group"
    ({count}, {where}, {why}); "passed" ({seen}); "cannot-tell.gap" ({seen}, {gap}); "inapplicable".
    """
    faults: dict[Key, list[tuple[Page, Answer]]] = {}
    tallies = {owner: _Tally(seen) for owner, seen in fine.items()}
    for page in pages:
        answer = ask(page)
        if answer.outcome is Outcome.INAPPLICABLE:
            continue
        tally = tallies.setdefault(page.owner, _Tally())
        tally.seen += 1
        if answer.outcome is Outcome.PASSED:
            continue
        tally.bad += 1
        place = ("", answer.together) if answer.together else (page.column, page.column or _folder(page.url))
        key: Key = (answer.outcome, answer.reason, page.owner, *place)
        faults.setdefault(key, []).append((page, answer))
    for key in sorted(faults, key=lambda k: (k[2], k[3], k[4], k[0].rank, str(k[1]))):
        found = faults[key]
        if len(found) > group_over:
            yield _group(snapshot, key, found, review, together=bool(found[0][1].together))
        else:
            yield from (_single(page, answer, review) for page, answer in sorted(found, key=lambda f: f[0].url))
    yield from _clean(snapshot, tallies)


def _single(page: Page, answer: Answer, review: bool) -> Verdict:
    title = page.title.value if page.title else page.url
    return Verdict(
        answer.outcome, page.url, page.owner, page.column, page.url, {"title": title, **answer.data},  # type: ignore[dict-item]
        (Evidence.of(page, answer.quote or title),), answer.reason, review and answer.outcome is Outcome.CANNOT_TELL,
        fact=answer.fact,
    )  # fmt: skip


def _group(
    snapshot: Snapshot, key: Key, found: list[tuple[Page, Answer]], review: bool, *, together: bool
) -> Verdict:
    outcome, reason, owner, column, subject = key
    subject = f"{owner}:{subject}" if together and owner else subject
    found = sorted(found, key=lambda f: f[0].url)
    configured = snapshot.district.column(column) if column else None
    data: Data = {
        "count": len(found),
        "why": reason.chinese if reason else "",
        "where": f"“{configured.label}”栏目" if configured else "" if together else subject,
        "example": found[0][0].title.value if found[0][0].title else found[0][0].url,
        "pages": [page.url for page, _ in found[:LISTED]],
    }
    evidence = tuple(Evidence.of(p, a.quote or (p.title.value if p.title else "")) for p, a in found[:5])
    return Verdict(
        outcome, subject, owner, column, found[0][0].url, data, evidence, reason,
        review and outcome is Outcome.CANNOT_TELL, f"{outcome}.group",
    )  # fmt: skip


def _clean(snapshot: Snapshot, tallies: Mapping[str, _Tally]) -> Iterator[Verdict]:
    """Units in force and, as blank, the pages whose owner is not known."""
    owners = [u.unit_id for u in snapshot.district.units if u.valid_at(snapshot.today)]
    for owner in [*owners, *([""] if "" in tallies else [])]:
        tally = tallies.get(owner, _Tally())
        if tally.bad:
            continue
        coverage = snapshot.unit_coverage(owner) if owner else snapshot.site_coverage()
        subject = owner or snapshot.district.site.main_host
        if not coverage.complete:
            data: Data = {"seen": tally.seen, "gap": gap_words(coverage)}
            yield Verdict(
                Outcome.CANNOT_TELL, subject, owner, data=data, reason=gap_reason(coverage), variant="cannot-tell.gap"
            )
        elif tally.seen:
            yield Verdict(Outcome.PASSED, subject, owner, data={"seen": tally.seen})
        else:
            yield Verdict(Outcome.INAPPLICABLE, subject, owner)


def _folder(url: str) -> str:
    """Site and first folder of a URL: the group of pages that belong to no known column."""
    parts = urlsplit(url)
    first, _, rest = parts.path.lstrip("/").partition("/")
    return f"{parts.scheme}://{parts.netloc}/{first + '/' if rest else ''}"
