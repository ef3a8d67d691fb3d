"""A judgement on disk: findings, scores and ranks of one snapshot, as `report` and `explain` read them back."""

from __future__ import annotations

import hashlib
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

    @property
    def digest(self) -> str:
        """sha256 of the judgement as it is stored."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


def save(path: Path, judgement: StoredJudgement) -> None:
    """Write the judgement and, beside it, the digest by which `load` and `verify` notice an edited one."""
    body = msgspec.json.encode(judgement)
    write_atomic(path, body)
    write_atomic(_digest_path(path), f"{hashlib.sha256(body).hexdigest()}\n".encode())


def load(path: Path) -> StoredJudgement:
    """Raises AuditError when there is none, when it was altered, or when it was written by another version."""
    if not path.exists():
        raise AuditError(f"没有判定结果：{path}。请先运行 govaudit judge 或 govaudit run。")
    problem = altered(path)
    if problem:
        raise AuditError(f"{problem}请重新运行 govaudit judge，由封存的快照重新判定。")
    try:
        return decode(path.read_bytes())
    except msgspec.DecodeError as error:
        raise AuditError(f"判定结果无法读取：{path}（{error}）。请重新运行 govaudit judge。") from error


def altered(path: Path) -> str:
    """Why a judgement file is not the one that was written; blank if it is."""
    try:
        expected = _digest_path(path).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return f"{path}：缺少校验文件 {_digest_path(path).name}，不能确认判定结果未被改动。"
    if hashlib.sha256(path.read_bytes()).hexdigest() != expected:
        return f"{path}：判定结果在写入之后被改动。"
    return ""


def decode(body: bytes) -> StoredJudgement:
    """The judgement of its JSON. Raises msgspec.DecodeError for anything else."""
    return msgspec.json.decode(body, type=StoredJudgement)


def _digest_path(path: Path) -> Path:
    return path.with_suffix(".sha256")
