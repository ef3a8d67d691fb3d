"""Where on a photographed page the quoted words stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

Run = tuple[str, int, int, int, int]  # text; left, top, width, height in pixels of the photograph
Box = tuple[int, int, int, int]  # left, top, width, height

SHORTEST = 5  # characters of a quote that still tell one place from another; dates have eight
TALLEST = 420  # px: what is higher is no place but half a page
_BLANK = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_PARTS = re.compile(r"[|｜；;。…\n]+|\s{2,}|(?<=\d)\s+(?=[\u4e00-\u9fa5])|(?<=[\u4e00-\u9fa5])\s+")


def read_runs(data: bytes | None) -> tuple[Run, ...]:
    """The runs kept beside a photograph; none where they were not kept or cannot be read."""
    if not data:
        return ()
    try:
        return tuple(msgspec.json.decode(data, type=list[Run]))
    except msgspec.MsgspecError:
        return ()


def find_box(runs: Sequence[Run], quotes: Iterable[str]) -> Box | None:
    """The first place of the first quote that stands on the page; of a quote put together from parts, its longest
    part that is found. None when the words are not there: then nothing may be framed.
    """
    whole, owners = _joined(runs)
    for quote in quotes:
        for words in _candidates(quote):
            at = whole.find(words)
            if at < 0:
                continue
            touched = [runs[n] for n in dict.fromkeys(owners[at : at + len(words)])]
            box = _around(touched)
            if box[3] <= TALLEST:
                return box
    return None


def _candidates(quote: str) -> Iterator[str]:
    folded = _BLANK.sub("", quote)
    if len(folded) >= SHORTEST:
        yield folded
    parts = sorted({_BLANK.sub("", part) for part in _PARTS.split(quote)}, key=lambda part: (-len(part), part))
    yield from (part for part in parts if SHORTEST <= len(part) < len(folded))


def _joined(runs: Sequence[Run]) -> tuple[str, list[int]]:
    """All text without blanks, and for each character the number of its run."""
    pieces, owners = [], []
    for number, run in enumerate(runs):
        text = _BLANK.sub("", run[0])
        pieces.append(text)
        owners.extend([number] * len(text))
    return "".join(pieces), owners


def _around(runs: Sequence[Run]) -> Box:
    left, top = min(r[1] for r in runs), min(r[2] for r in runs)
    right, bottom = max(r[1] + r[3] for r in runs), max(r[2] + r[4] for r in runs)
    return left, top, right - left, bottom - top
