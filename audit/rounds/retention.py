"""Pruning by the retention table (workflow.md §9): never what a finding cites, never a decision.

A snapshot past its time is thinned: bodies that no counted finding cites are dropped from a copy, the copy is checked
and takes the place of the original. What was dropped stays listed by hash, so the record says what is gone.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from audit import judgements
from audit.errors import AuditError
from audit.files import write_atomic
from audit.history.store import History
from audit.paths import JUDGEMENT, OBSERVATIONS
from audit.rounds.config import Retention
from checks.outcomes import Outcome
from checks.snapshot import SHANGHAI
from checks.verdicts import Finding
from crawler.derive import vouched

PRUNED = "pruned.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """What would go from one snapshot folder. Sizes in bytes of uncompressed content."""

    folder: Path
    bodies: tuple[str, ...]
    size: int
    cited: int
    why: str


def cited(history: History, district: str) -> frozenset[str]:
    """Hashes that a confirmed (sealed) finding, a re-check or an appeal of any round rests on."""
    found: set[str] = set()
    for row in history.judgements(district):
        if row.kind == "frozen":
            found |= _evidence(f for f in history.judgement(row.id).findings if f.outcome is Outcome.FAILED)
    return frozenset(found)


def _evidence(findings: Iterable[Finding]) -> set[str]:
    return {e.sha256 for f in findings for e in f.evidence if e.sha256}


def plan(data: Path, district: str, history: History, settings: Retention, day: date) -> list[Plan]:
    """Snapshots past their time, with what may go. Rounds that are not sealed are left alone."""
    keep = cited(history, district)
    sealed = {r.round for r in history.judgements(district, "frozen")}
    limit = day - timedelta(days=settings.bulk_days)
    found = []
    for path in sorted((data / district).glob(f"**/{OBSERVATIONS}")):
        folder = path.parent
        made, round_id = _made(folder)
        if made is None or made >= limit:
            continue
        if folder.parent.name != "recheck" and round_id not in sealed and round_id != "watch":
            continue
        own = keep | _shown(folder, keep)
        bodies = _bodies(path)
        gone = tuple(sorted(b for b in bodies if b not in own))
        if gone:
            why = f"{made} 采集，超过 {settings.bulk_days} 天"
            found.append(Plan(folder, gone, sum(bodies[b] for b in gone), len(bodies) - len(gone), why))
    return found


def _made(folder: Path) -> tuple[date | None, str]:
    with contextlib.closing(sqlite3.connect(f"file:{folder / OBSERVATIONS}?mode=ro", uri=True)) as db:
        try:
            meta = dict(db.execute("SELECT key, value FROM meta"))
        except sqlite3.DatabaseError:
            return None, ""
    at = meta.get("as_of")
    return (datetime.fromisoformat(at).astimezone(SHANGHAI).date() if at else None), str(meta.get("round", ""))


def _shown(folder: Path, keep: frozenset[str]) -> set[str]:
    """Pictures and renderings of pages that a kept finding stands on, and what open judgements cite."""
    found: set[str] = set()
    if (folder / JUDGEMENT).exists():
        stored = judgements.load(folder / JUDGEMENT)
        used = [f for f in stored.findings if any(e.sha256 in keep for e in f.evidence)]
        urls = {u for f in used for u in (f.url, *(e.url for e in f.evidence)) if u}
        with contextlib.closing(sqlite3.connect(f"file:{folder / OBSERVATIONS}?mode=ro", uri=True)) as db:
            found |= {sha for url, sha in db.execute("SELECT url, sha256 FROM artifacts") if url in urls}
    if folder.parent.name == "recheck" and (folder / JUDGEMENT).exists():
        found |= _evidence(judgements.load(folder / JUDGEMENT).findings)
    return found


def _bodies(path: Path) -> dict[str, int]:
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return {str(sha): int(size) for sha, size in db.execute("SELECT sha256, size FROM bodies")}


def carry_out(item: Plan, at: datetime, who: str) -> None:
    """Thin one snapshot. Killed at any moment, either the old file or the new one is there."""
    source, copy = item.folder / OBSERVATIONS, item.folder / f".{OBSERVATIONS}.pruning"
    try:
        shutil.copyfile(source, copy)
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as db:
            db.execute("BEGIN")
            db.executemany("DELETE FROM bodies WHERE sha256 = ?", [(b,) for b in item.bodies])
            db.execute("COMMIT")
            db.execute("VACUUM")
            if db.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise AuditError(f"清理后的副本未通过检查，原件未动：{source}。")
        told = {"at": at.isoformat(), "who": who, "why": item.why, "bodies": list(item.bodies)}
        write_atomic(item.folder / PRUNED, json.dumps(told, ensure_ascii=False).encode())
        copy.replace(source)
    except OSError as error:
        raise AuditError(f"无法清理 {source}：{error.strerror or error}。原件未动。") from error
    finally:
        copy.unlink(missing_ok=True)
    vouched.drop(item.folder)
