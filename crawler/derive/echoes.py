"""Pages of other sites that are what their site answers where nothing is.

Told with certainty only: the same words as for an address that does not exist, enough of them to be a page (a shell
that scripts fill says nothing), and other pages of the same site that do differ from it.
"""

from __future__ import annotations

import re
from collections import defaultdict

from checks.outcomes import FetchOutcome
from crawler.classify import visible_text
from crawler.deepreads import CONTROL, READ
from crawler.observations import FetchRecord
from crawler.store import ObservationStore
from crawler.urls import host_of

ENOUGH = 20  # visible characters beside digits
_DIGITS = re.compile(r"[\d\s]+")  # clocks and counters change from answer to answer


def echoes(store: ObservationStore) -> frozenset[tuple[str, str]]:
    """(URL, sha256 of the body) of sampled pages that show just what their host shows for an absent address."""
    controls = {host_of(f.url): f for f in store.fetches(CONTROL) if f.outcome is FetchOutcome.OK and f.body_sha256}
    if not controls:
        return frozenset()
    read: dict[str, list[FetchRecord]] = defaultdict(list)
    for fetch in store.fetches(READ):
        if fetch.outcome is FetchOutcome.OK and fetch.body_sha256 and host_of(fetch.url) in controls:
            read[host_of(fetch.url)].append(fetch)
    found: set[tuple[str, str]] = set()
    for host, pages in read.items():
        nothing = _words(store, controls[host])
        same = {(f.url, f.body_sha256) for f in pages if _words(store, f) == nothing}
        if len(nothing) >= ENOUGH and len(same) < len({(f.url, f.body_sha256) for f in pages}):
            found |= same
    return frozenset(found)


def _words(store: ObservationStore, fetch: FetchRecord) -> str:
    return _DIGITS.sub("", visible_text(store.body(fetch.body_sha256), fetch.content_type))
