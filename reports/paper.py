"""How columns come to paper: type of at least eight points, on as few pages as that takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

A4, A3 = 9, 8  # codes of the format
MARGIN = 0.4  # inches, left and right
LEAST = 80  # percent: type of ten points prints as eight
WIDER, WIDEST = 1.15, 80.0  # step of a column that is widened, and where it ends
Cells = np.ndarray[tuple[int, int], np.dtype[np.float64]]  # columns by rows
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
    return Layout(A3, LEAST, _beside(widths, frozen))


def balanced(widths: Sequence[float], lengths: Sequence[Sequence[float]], frozen: int = 0) -> list[float]:
    """Widths under which a sheet that takes several pages side by side takes the fewest pages in all.

    `lengths` are the text lengths of each column by row. Columns whose text wraps are widened step by step, each
    time the one that lowers the rows most; every number of pages side by side is tried until one more costs more.
    """
    if not layout(widths, frozen).breaks:
        return list(widths)
    own = list(widths)
    cells = np.array(lengths)
    best, least = own, _cost(own, cells, frozen)
    across = len(_beside(own, frozen)) + 1
    for pages in range(across, across + 3):
        own = _widened(own, cells, frozen, pages)
        cost = _cost(own, cells, frozen)
        if cost < least:
            best, least = list(own), cost
    return best


def _widened(widths: Sequence[float], cells: Cells, frozen: int, pages: int) -> list[float]:
    own = list(widths)
    while True:
        lines = _lines(own, cells)
        tallest = lines.max(axis=0)
        gains = []
        for at in range(len(own)):
            wider = own[at] * WIDER
            if lines[at].max() < 2 or wider > WIDEST:
                continue
            tried = [*own[:at], wider, *own[at + 1 :]]
            if len(_beside(tried, frozen)) + 1 > pages:
                continue
            rest = np.delete(lines, at, axis=0).max(axis=0)
            saved = float((tallest - np.maximum(rest, _lines([wider], cells[at : at + 1])[0])).sum())
            # where several columns are equally tall, none saves alone: the one that is tallest most often goes first
            gains.append((saved / (wider - own[at]), float((lines[at] == tallest).sum()), -at, wider))
        if not gains:
            return own
        _, _, at, wider = max(gains)
        own[-at] = wider


def _lines(widths: Sequence[float], cells: Cells) -> Cells:
    room = np.maximum(1.0, np.array(widths) - 1)[:, None]
    lines: Cells = np.maximum(1.0, np.ceil(cells / room))
    return lines


def _cost(widths: Sequence[float], cells: Cells, frozen: int) -> float:
    return (len(_beside(widths, frozen)) + 1) * float((_lines(widths, cells).max(axis=0) + 0.3).sum())


def _beside(widths: Sequence[float], frozen: int) -> tuple[int, ...]:
    """The columns that begin a further page, in the smallest type that can be read."""
    return tuple(_breaks(widths, frozen, sum(map(points, widths[:frozen])), _ROOM[A3] * 100 / LEAST))


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
