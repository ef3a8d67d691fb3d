"""Samples that repeat: the same pages and seed always give the same sample, whatever the order of arrival."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def sample(items: Iterable[T], size: int, seed: int, key: Callable[[T], str]) -> tuple[T, ...]:
    """At most `size` items with the smallest hash of seed and key, in key order.

    A page that appears or vanishes changes the sample by that page only, so samples of two rounds stay comparable.
    """
    chosen = heapq.nsmallest(size, items, key=lambda item: (_rank(seed, key(item)), key(item)))
    return tuple(sorted(chosen, key=key))


def _rank(seed: int, text: str) -> bytes:
    return hashlib.sha256(f"{seed}\x1f{text}".encode()).digest()
