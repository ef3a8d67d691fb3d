"""What a crawl came to, read from the store: the same figures whether it ran in one go or in five pieces."""

from __future__ import annotations

import signal
from collections import Counter
from dataclasses import dataclass, field

from crawler.store import ObservationStore

HELD_BACK = (signal.SIGINT, signal.SIGTERM)
"""Signals that ask the worker to stop; blocked from its start until its loop can take them."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` and `known` count URLs, `rate` is in URLs a second, `eta_s` in seconds (None: cannot be told)."""

    done: int
    known: int
    rate: float = 0.0
    waiting_for: str = ""
    eta_s: float | None = None
    host_states: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """`pages` were seen, `failed` were asked and not seen; `gaps` counts those of `failed` that leave us blind.

    `seconds` and `requests` are of all runs of this snapshot together, `bytes` of decoded bodies. `reason` is a
    Chinese sentence when the crawl could not do its work at all.
    """

    pages: int = 0
    failed: int = 0
    gaps: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    requests: int = 0
    bytes: int = 0
    interrupted: bool = False
    reason: str = ""


def summarise(store: ObservationStore, *, interrupted: bool = False, reason: str = "") -> CrawlSummary:
    pages = failed = 0
    gaps: Counter[str] = Counter()
    for outcome, purpose, count in store.outcomes():
        if purpose not in ("page", "account"):
            continue
        if outcome.seen:
            pages += count
        else:
            failed += count
            if outcome.gap:
                gaps[str(outcome)] += count
    skipped = Counter(i.reason for i in store.frontier() if i.state == "skipped")
    requests = size = 0
    for _, _, body, _ in store.costs():
        requests += 1
        size += body
    return CrawlSummary(
        pages=pages,
        failed=failed,
        gaps=dict(sorted(gaps.items())),
        skipped=dict(sorted(skipped.items())),
        seconds=float(store.meta_get("crawl_seconds") or 0),
        requests=requests,
        bytes=size,
        interrupted=interrupted,
        reason=reason,
    )
