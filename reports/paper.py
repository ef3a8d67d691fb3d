"""How columns come to paper: type of at least eight points, on as few pages side by side as that takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

A4, A3 = 9, 8  # codes of the format
MARGIN = 0.4  # inches, left and right
LEAST = 80  # percent: type of ten points prints as eight
# points across a landscape page; a little is left to programs that round every column up
_ROOM = {A4: (841.9 - 144 * MARGIN) * 0.97, A3: (1190.6 - 144 * MARGIN) * 0.97}


@dataclass(frozen=True, slots=True)
class Layout:
    """`breaks` are the columns that begin a further page, none where one page holds all; `scale` in percent."""

    paper: int
    scale: int
    breaks: tuple[int, ...] = ()


def layout(widths: Sequence[float], frozen: int = 0) -> Layout:
    """The smallest paper that shows all columns in readable type, else A3 pages that repeat the frozen columns."""
    whole = sum(map(points, widths))
    for paper in (A4, A3):
        if whole * LEAST <= _ROOM[paper] * 100:
            return Layout(paper, _scale(paper, whole))
    head = sum(map(points, widths[:frozen]))
    breaks, widest = _even(widths, frozen, head)
    return Layout(A3, _scale(A3, widest), breaks)


def _even(widths: Sequence[float], frozen: int, head: float) -> tuple[tuple[int, ...], float]:
    """The fewest pages, and among them the ones whose widest is narrowest: it prints largest."""
    room = _ROOM[A3] * 100 / LEAST
    best = tuple(_breaks(widths, frozen, head, room))
    while True:
        starts = (frozen, *best, len(widths))
        widest = max(head + sum(map(points, widths[a:b])) for a, b in pairwise(starts))
        closer = tuple(_breaks(widths, frozen, head, widest - 1))
        if len(closer) > len(best):
            return best, widest
        best = closer


def points(width: float) -> float:
    """A column of so many characters on paper: 8.5 pixels each and 5 for the edges, at 96 to the inch.

    A digit of the default font takes 7 pixels where 微软雅黑 is installed and up to 8.5 where another one stands in.
    """
    return (8.5 * width + 5) * 0.75


def _scale(paper: int, wide: float) -> int:
    return min(100, int(_ROOM[paper] * 100 / wide))


def _breaks(widths: Sequence[float], frozen: int, head: float, room: float) -> Iterator[int]:
    used = head
    for column in range(frozen, len(widths)):
        own = points(widths[column])
        if used > head and used + own > room:
            yield column
            used = head
        used += own
