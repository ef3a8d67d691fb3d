"""Where things lie: <data>/<district>/<round>/ with observations, facts, judgement and reports of one snapshot."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from audit.errors import AuditError

OBSERVATIONS = "observations.sqlite"
FACTS = "facts.sqlite"
JUDGEMENT = "judgement.json"
YUETAN = "yuetan"  # interview papers, beside the packs of a round
_ROUND = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$")


def data_root(given: Path | None) -> Path:
    """`--data`, else $GOVAUDIT_DATA, else ./var."""
    return given or Path(os.environ.get("GOVAUDIT_DATA") or "var")


@dataclass(frozen=True, slots=True)
class SnapshotPaths:
    folder: Path

    @property
    def observations(self) -> Path:
        return self.folder / OBSERVATIONS

    @property
    def facts(self) -> Path:
        return self.folder / FACTS

    @property
    def judgement(self) -> Path:
        return self.folder / JUDGEMENT

    @property
    def reports(self) -> Path:
        return self.folder / "report"


def snapshot_paths(data: Path, district_id: str, round_id: str, *, fresh: bool = False) -> SnapshotPaths:
    """The newest snapshot of a round, or the next one with `fresh` (2026Q3, 2026Q3-2, …).

    Raises AuditError for a round name that cannot be a folder.
    """
    if not _ROUND.match(round_id):
        raise AuditError(f"轮次名“{round_id}”不可用：只能用字母、数字、点、横线，例如 2026Q3。")
    base = data / district_id
    number = 1
    while (base / _name(round_id, number + 1)).exists():
        number += 1
    if fresh and (base / _name(round_id, number)).exists():
        number += 1
    return SnapshotPaths(base / _name(round_id, number))


def _name(round_id: str, number: int) -> str:
    return round_id if number == 1 else f"{round_id}-{number}"
