"""Choice of the reader: the surest signature, and the order below between equals, so that choices repeat."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from crawler.readers import gkmlpt, hanweb, plain, trs, vsb
from crawler.readers.base import MIN_LINKS, Reading, Source

READERS: tuple[ModuleType, ...] = (gkmlpt, hanweb, vsb, trs, plain)
DRIFT_SURENESS = 0.8  # a family so sure of itself should have found rows


@dataclass(frozen=True, slots=True)
class Choice:
    """The reader that fitted best, how sure it was and what it recognised."""

    name: str
    sureness: float
    evidence: str
    reading: Reading
    drift: str = ""  # why the reader seems out of date; blank = it does not


def read_list(source: Source) -> Choice:
    """Rows by the family that fits best; structure alone where a family finds none."""
    ranked = sorted(
        ((*r.signature(source), -n, r) for n, r in enumerate(READERS)), key=lambda t: (t[0], t[2]), reverse=True
    )
    sureness, evidence, _, reader = ranked[0]
    reading = reader.rows(source)
    drift = ""
    if not reading.rows and sureness >= DRIFT_SURENESS:
        there = ""
        if reading.unread:
            there = f"{reading.unread} 条记录"
        elif not reading.unseen and source.long_links >= MIN_LINKS:
            there = f"{source.long_links} 条长标题链接"
        drift = f"{reader.NAME}：特征“{evidence[:60]}”仍在，但未读出列表（页面有 {there}）" if there else ""
    return Choice(reader.NAME, sureness, evidence, reading, drift)
