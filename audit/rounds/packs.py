"""Sets of output files of a round: drafts, frozen results, errata. The reports are the same as ever."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from audit.errors import AuditError
from audit.files import MANIFEST, write_pack
from audit.history.chain import Decision, to_line
from audit.history.past import past_rounds
from audit.judgements import StoredJudgement
from audit.numbering import NUMBERS, as_bytes, finding_numbers, keep_numbers
from audit.rounds.appeals import appeals
from audit.rounds.desk import Desk
from audit.rounds.numbers import numbers_of
from audit.view import round_view
from crawler.derive.snapshot import StoredSnapshot
from reports.build import build

SEAL = "frozen.json"
LOG = "decisions.jsonl"


def write_round(
    desk: Desk,
    judgement: StoredJudgement,
    folder: Path,
    extra: Iterable[tuple[str, bytes]] = (),
    stage: str = "",
    remarks: Sequence[str] = (),
) -> tuple[str, dict[str, str]]:
    """Write reports of a judgement and `extra`; returns the manifest's sha256 and finding numbers by identity.

    `stage` marks every file of a result that is not frozen yet, `remarks` are told among the overview's limits.

    The pack is made beside its place and renamed: a killed program leaves no half of one.
    """
    making = folder.with_name(f".{folder.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    with StoredSnapshot(desk.paths.folder, desk.district, judgement.as_of) as snapshot:
        view = replace(
            round_view(desk.district, desk.standards, judgement, snapshot),
            provisional=False,
            stage=stage,
            numbers=numbers_of(desk),
            appealed=frozenset(a.identity for a in appeals(desk.decisions()).values() if not a.result),
            history=past_rounds(desk.history, desk.district.id, judgement),
            remarks=(*desk.remarks(), *remarks),
        )
        numbers = finding_numbers(view)
        listed = (NUMBERS, as_bytes(numbers))
        write_pack(making, _chained(build(view), [listed], extra))
    if folder.exists():
        shutil.rmtree(folder)
    try:
        making.rename(folder)
    except OSError as error:
        raise AuditError(f"无法写入 {folder}：{error.strerror or error}。") from error
    keep_numbers(desk.paths.folder, numbers)
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest(), numbers


def _chained(*parts: Iterable[tuple[str, bytes]]) -> Iterable[tuple[str, bytes]]:
    for part in parts:
        yield from part


def log_file(lines: Iterable[Decision]) -> tuple[str, bytes]:
    return LOG, "".join(to_line(line) + "\n" for line in lines).encode()


def pack_folder(desk: Desk) -> Path:
    """The newest sealed pack. Raises AuditError before the freeze."""
    line = desk.frozen()
    if line is None:
        raise AuditError("本轮尚未冻结，没有封存的结果。")
    return desk.paths.folder / str(line.payload["folder"])


def score_changes(old: StoredJudgement, new: StoredJudgement) -> list[dict[str, Any]]:
    """Scores that differ: unit, standard, old and new range and grade."""
    before = {(s.unit, s.standard): s for s in old.scores}
    changes = []
    for score in new.scores:
        was = before.get((score.unit, score.standard))
        if was is None or (was.lower, was.upper, was.grade_upper) != (score.lower, score.upper, score.grade_upper):
            changes.append(
                {
                    "unit": score.unit,
                    "standard": score.standard,
                    "old": _range(was) if was else "—",
                    "new": _range(score),
                    "old_grade": was.grade_upper if was else "—",
                    "new_grade": score.grade_upper,
                }
            )
    return changes


def finding_changes(old: StoredJudgement, new: StoredJudgement) -> list[dict[str, Any]]:
    """Findings whose outcome or points differ."""
    before = {f.fingerprint: f for f in old.findings}
    return [
        {
            "identity": f.identity,
            "unit": f.unit,
            "rule": f.rule,
            "indicator": f.indicator,
            "old": f"{_OUTCOMES[was.outcome]}（扣{was.points}分）",
            "new": f"{_OUTCOMES[f.outcome]}（扣{f.points}分）",
            "message": f.message,
        }
        for f in new.findings
        if (was := before.get(f.fingerprint)) is not None and (was.outcome, was.points) != (f.outcome, f.points)
    ]


_OUTCOMES: Mapping[str, str] = {
    "failed": "不合格", "cannot-tell": "待判定", "passed": "合格", "inapplicable": "不适用",
}  # fmt: skip


def _range(score: Any) -> str:
    if not score.rated:
        return "不计分"
    return f"{score.upper}" if score.lower == score.upper else f"{score.lower}–{score.upper}"
