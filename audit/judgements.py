"""A judgement on disk: findings, scores and ranks of one snapshot, as `report` and `explain` read them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from audit.errors import AuditError
from audit.files import write_atomic
from checks.engine import RuleError
from checks.scores import Rank, Score
from checks.verdicts import Finding

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class StoredJudgement:
    """Everything a report needs beside the snapshot. `district_hash` names the configuration it was judged with."""

    schema: int
    district: str
    district_hash: str
    round: str
    as_of: datetime
    snapshot: str
    manifest: str
    tool_version: str
    standards: tuple[str, ...]
    findings: tuple[Finding, ...]
    scores: tuple[Score, ...]
    ranks: tuple[Rank, ...]
    errors: tuple[RuleError, ...]


def save(path: Path, judgement: StoredJudgement) -> None:
    write_atomic(path, msgspec.json.encode(judgement))


def load(path: Path) -> StoredJudgement:
    """Raises AuditError when there is none, or when it was written by another version."""
    if not path.exists():
        raise AuditError(f"没有判定结果：{path}。请先运行 govaudit judge 或 govaudit run。")
    try:
        return msgspec.json.decode(path.read_bytes(), type=StoredJudgement)
    except msgspec.DecodeError as error:
        raise AuditError(f"判定结果无法读取：{path}（{error}）。请重新运行 govaudit judge。") from error
