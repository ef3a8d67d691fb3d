"""Sentences that say the same of several things, told once."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TERM = re.compile(r"(“[^“”]*”|<[^<>]*>)")


def together(sentences: Sequence[str]) -> str:
    """One sentence for several that differ in one named thing only: 缺少“甲” and 缺少“乙” give 缺少“甲”“乙”.

    The named thing is what stands in “” or in angle brackets; it may recur in a sentence. Blank if the sentences
    differ in anything else. A single sentence, or the same one several times, is returned as it is.
    """
    distinct = list(dict.fromkeys(sentences))
    if len(distinct) == 1:
        return distinct[0]
    split = [_TERM.split(sentence) for sentence in distinct]
    if len({len(parts) for parts in split}) != 1:
        return ""
    columns = list(zip(*split, strict=True))
    differing = [n for n, column in enumerate(columns) if len(set(column)) > 1]
    if any(n % 2 == 0 for n in differing) or len({columns[n] for n in differing}) != 1:
        return ""
    return "".join("".join(column) if n in differing else column[0] for n, column in enumerate(columns))
