"""Measured load times of pages, as the browser pass keeps them and derivation reads them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import msgspec

from crawler.store import ObservationStore

KIND = "load"
SLOW_MS = 300  # of the control page
SENT = "sent"  # artifact: a document as the server sent it to the browser


@dataclass(frozen=True, slots=True)
class Load:
    """One measured load, in ms from the start of the navigation. `late_ms` is the latest tick of our own clock.

    `control_ms`: how long a plain page that comes from nowhere took to open in the same tab just before.
    """

    at: str
    load: int
    first: int | None
    read: int | None
    late_ms: int
    control_ms: int = 0


def load_times(store: ObservationStore) -> dict[str, tuple[int, ...]]:
    """URL → measured loads in ms, in order of measurement; without pages measured while this machine was slow itself.

    A page of a few lines opens in some ten ms; where it took thirty times as long, nothing can be said of any other.
    """
    found = {}
    for artifact in store.artifacts(KIND):
        loads = msgspec.json.decode(store.body(artifact.sha256), type=list[Load])
        if median(load.control_ms for load in loads) <= SLOW_MS:
            found[artifact.url] = tuple(load.load for load in loads)
    return found
