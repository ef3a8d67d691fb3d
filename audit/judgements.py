"""A judgement on disk: findings, scores and ranks of one snapshot, as `report` and `explain` read them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from audit.errors import AuditError
from audit.files import write_atomic
from checks.engine import RuleError
from checks.outcomes import Outcome
from checks.scores import Rank, Score
from checks.verdicts import Evidence, Finding

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
        return decode(path.read_bytes())
    except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        raise AuditError(f"判定结果无法读取：{path}（{error}）。请重新运行 govaudit judge。") from error


def decode(body: bytes) -> StoredJudgement:
    """The judgement of its JSON. Raises msgspec.DecodeError, KeyError, TypeError or ValueError for anything else."""
    raw = msgspec.json.decode(body)
    findings = tuple(_finding(item) for item in raw.pop("findings"))
    kept = msgspec.convert(raw, _WithoutFindings)
    values = {name: getattr(kept, name) for name in _WithoutFindings.__struct_fields__}
    return StoredJudgement(**values, findings=findings)


class _WithoutFindings(msgspec.Struct):
    """Everything but the findings, whose `data` is a union that msgspec does not decode."""

    schema: int
    district: str
    district_hash: str
    round: str
    as_of: datetime
    snapshot: str
    manifest: str
    tool_version: str
    standards: tuple[str, ...]
    scores: tuple[Score, ...]
    ranks: tuple[Rank, ...]
    errors: tuple[RuleError, ...]


def _finding(item: dict[str, Any]) -> Finding:
    typed = {
        "outcome": Outcome(item["outcome"]),
        "points": Decimal(item["points"]),
        "at_stake": Decimal(item["at_stake"]),
        "evidence": tuple(Evidence(**e) for e in item["evidence"]),
    }
    return Finding(**{**item, **typed})
