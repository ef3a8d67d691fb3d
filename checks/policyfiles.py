"""Policy files and their interpretations, as several topics look at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from checks.facts import Page, PageKind, Pair, PairBasis
from checks.items import title_of
from checks.snapshot import Snapshot


def by_policy(snapshot: Snapshot) -> dict[str, list[Pair]]:
    found: dict[str, list[Pair]] = defaultdict(list)
    for pair in snapshot.pairs():
        found[pair.policy].append(pair)
    return dict(sorted(found.items()))


def sure(pairs: list[Pair]) -> list[Pair]:
    return [p for p in pairs if p.basis is not PairBasis.FUZZY]


def policy_pages(snapshot: Snapshot) -> Iterator[Page]:
    """Policy files, in order of URL. An interpretation that carries a document number is no file."""
    return (p for p in snapshot.pages(PageKind.POLICY) if "解读" not in title_of(p))
