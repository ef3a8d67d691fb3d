"""Measured load times of pages, as the browser pass keeps them and derivation reads them."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from crawler.store import ObservationStore

KIND = "load"
SENT = "sent"  # artifact: a document as the server sent it to the browser


@dataclass(frozen=True, slots=True)
class Load:
    """One measured load, in ms from the start of the navigation. `late_ms` is the latest tick of our own clock."""

    at: str
    load: int
    first: int | None
    read: int | None
    late_ms: int


def load_times(store: ObservationStore) -> dict[str, tuple[int, ...]]:
    """URL → measured loads in ms, in order of measurement."""
    found = {}
    for artifact in store.artifacts(KIND):
        loads = msgspec.json.decode(store.body(artifact.sha256), type=list[Load])
        found[artifact.url] = tuple(load.load for load in loads)
    return found
