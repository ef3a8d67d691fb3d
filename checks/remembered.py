"""What is worked out once per snapshot and asked for by rule after rule."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable
from typing import TypeVar

from checks.snapshot import Snapshot

T = TypeVar("T")


def once_per_snapshot(build: Callable[[Snapshot], T]) -> Callable[[Snapshot], T]:
    """Remember what `build` gives for the snapshot asked about last; the snapshot itself is not kept alive by it."""
    last: list[tuple[weakref.ref[Snapshot], T]] = []

    @functools.wraps(build)
    def remembered(snapshot: Snapshot) -> T:
        if last and last[0][0]() is snapshot:
            return last[0][1]
        last.clear()  # before building: two snapshots' worth need not be in memory at once
        built = build(snapshot)
        last.append((weakref.ref(snapshot), built))
        return built

    return remembered
