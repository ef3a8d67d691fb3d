"""Pictures of a re-check: the page as it was photographed for the round, and as it is now, side by side.

Both are told with time and hash; the complete pictures stay in the sealed snapshots. Where there is no picture the
paper says why: the browser did not run, the page was not among those photographed, or it must not be copied.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from audit.rounds.cases import Case
from audit.rounds.wording import local
from checks.rule import catalogue
from checks.standards import resolve_rule
from crawler.store import ObservationStore, StoreError
from reports.pictures import shrink

WIDEST = 620  # px: two of them share the width of a sheet
BUDGET = 3_500_000  # bytes of base64 in one paper
MASKED = frozenset({"sensitive"})
"""Topics whose pages show names, numbers or words that must not be copied into a paper."""
NOT_COPIED = "涉及个人信息或敏感内容，不附截图"
_TOO_MUCH = "本件截图过多，从略；原图见封存的快照"
_UNREADABLE = "截图已按保管期限清理或无法读取"
_NOT_TAKEN = "该网页没有截图"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture, or the reason why there is none. `same` names the paper's earlier picture of the same bytes."""

    why: str = ""
    uri: str = ""
    width: int = 0
    height: int = 0
    url: str = ""
    taken: str = ""
    sha256: str = ""
    name: str = ""
    same: bool = False
    cut: bool = False


class Pictures:
    """The pictures of one paper. `now` are those of the re-check by address, `blind` why there are none."""

    def __init__(self, before: Path, after: Path | None, now: Mapping[str, tuple[str, str]], blind: str) -> None:
        self._before, self._after = before, after
        self._now, self._blind = now, blind
        self._old = shots_of(before)
        self._shown: dict[str, Picture] = {}
        self._spent = 0

    def pair(self, case: Case) -> tuple[Picture, Picture]:
        """Before and after of a case, of the same page where both have one."""
        rule = resolve_rule(case.lead.rule, catalogue())
        if rule is None or rule.topic in MASKED:
            return Picture(NOT_COPIED), Picture(NOT_COPIED)
        lead = case.lead
        pages = [u for u in dict.fromkeys([lead.url, lead.subject, *(e.url for e in lead.evidence)]) if "://" in u]
        both = [u for u in pages if u in self._old and u in self._now]
        old = next((u for u in both or pages if u in self._old), "")
        new = next((u for u in both or pages if u in self._now), "")
        before = self._picture(self._before, old, *self._old[old]) if old else Picture(_NOT_TAKEN)
        if new and self._after is not None:
            return before, self._picture(self._after, new, *self._now[new])
        return before, Picture(self._blind or _NOT_TAKEN)

    def _picture(self, store: Path, url: str, sha256: str, taken: str) -> Picture:
        known = self._shown.get(sha256)
        if known is not None:
            return Picture(url=url, taken=local(taken), sha256=sha256, name=known.name, same=True)
        if self._spent >= BUDGET:
            return Picture(_TOO_MUCH, url=url, taken=local(taken), sha256=sha256)
        try:
            with ObservationStore(store, readonly=True) as opened:
                jpeg, size, cut = shrink(opened.body(sha256), WIDEST)
        except (StoreError, KeyError, OSError, ValueError, Image.DecompressionBombError):
            return Picture(_UNREADABLE, url=url, taken=local(taken), sha256=sha256)
        text = base64.b64encode(jpeg).decode()
        self._spent += len(text)
        name = f"图{len(self._shown) + 1}"
        made = Picture("", f"data:image/jpeg;base64,{text}", *size, url, local(taken), sha256, name, False, cut)
        self._shown[sha256] = made
        return made


def shots_of(path: Path) -> dict[str, tuple[str, str]]:
    """Hash and time of the picture of each page; empty where there is no store."""
    if not path.exists():
        return {}
    with ObservationStore(path, readonly=True) as store:
        return {a.url: (a.sha256, str(a.meta.get("taken") or a.created_at)) for a in store.artifacts("screenshot")}
