"""Pruning by the retention table (workflow.md §9): never what a live finding cites, nor decisions or sealed results.

| material | class | what `prune` does |
|---|---|---|
| sealed results, interview files, decisions | annual (30 years) | never touched; handed over by the office |
| drafts, slips, re-check papers, reports | papers (10 years) | removed when the time is over |
| evidence of confirmed findings | evidence | goes two years after closure, never where the unit was interviewed |
| rejected findings, bulk crawl | bulk (90 days) | bodies that nothing kept cites are dropped |
| logs of operation | logs (six months) | removed when the time is over |

A snapshot past its time is thinned: bodies that nothing kept cites are dropped from a copy, the copy is checked and
takes the place of the original. What was dropped stays listed by hash, so the record says what is gone.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from audit import judgements
from audit.errors import AuditError
from audit.files import write_atomic
from audit.history.store import History
from audit.paths import JUDGEMENT, OBSERVATIONS
from audit.rounds.config import Retention
from audit.rounds.states import State
from checks.outcomes import Outcome
from checks.snapshot import SHANGHAI
from checks.verdicts import Finding
from crawler.derive import vouched

PRUNED = "pruned.json"
RECHECKS = "recheck"
PAPERS = ("draft-*", "slips", "复查", "report", "public", "returned")
LOGS = ("crawl.log", "*.log")


@dataclass(frozen=True, slots=True)
class Plan:
    """What would go from one snapshot folder. Sizes in bytes of uncompressed content."""

    folder: Path
    bodies: tuple[str, ...]
    size: int
    cited: int
    why: str


@dataclass(frozen=True, slots=True)
class Stale:
    """Whole files or folders past their time."""

    path: Path
    size: int
    why: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What must stay: hashes, and the identities whose evidence they are."""

    bodies: frozenset[str]
    identities: frozenset[str]


def kept(history: History, district: str, settings: Retention, day: date) -> Kept:
    """Evidence of every confirmed (sealed) finding that is open, not long closed, or in an interview file."""
    bodies: set[str] = set()
    identities: set[str] = set()
    for row in history.judgements(district, "frozen"):
        lines = history.decisions(district, row.round)
        called = {d.subject for d in lines if d.kind == "interview.proposed"}
        last = {d.subject: d for d in lines if d.state}
        for finding in history.judgement(row.id).findings:
            if finding.outcome is not Outcome.FAILED:
                continue
            state = last.get(finding.identity)
            closed = state is not None and state.state == State.CLOSED
            if closed and state is not None and finding.unit not in called:
                limit = _day(state.at) + timedelta(days=settings.evidence_days)
                if limit < day:
                    continue
            identities.add(finding.identity)
            bodies |= _evidence([finding])
    return Kept(frozenset(bodies), frozenset(identities))


def _evidence(findings: Iterable[Finding]) -> set[str]:
    return {e.sha256 for f in findings for e in f.evidence if e.sha256}


def _day(at: str) -> date:
    return datetime.fromisoformat(at).astimezone(SHANGHAI).date()


def plan(data: Path, district: str, history: History, settings: Retention, day: date) -> list[Plan]:
    """Snapshots past their time, with what may go. Rounds that are not sealed are left alone."""
    keep = kept(history, district, settings, day)
    sealed = {r.round for r in history.judgements(district, "frozen")}
    limit = day - timedelta(days=settings.bulk_days)
    found = []
    for path in sorted((data / district).glob(f"**/{OBSERVATIONS}")):
        folder = path.parent
        made, round_id = _made(folder)
        if made is None or made >= limit:
            continue
        if folder.parent.name != RECHECKS and round_id not in sealed and round_id != "watch":
            continue
        own = keep.bodies | _shown(folder, keep)
        bodies = _bodies(path)
        gone = tuple(sorted(b for b in bodies if b not in own))
        if gone:
            why = f"{made} 采集，超过 {settings.bulk_days} 天"
            found.append(Plan(folder, gone, sum(bodies[b] for b in gone), len(bodies) - len(gone), why))
    return found


def stale(data: Path, district: str, history: History, settings: Retention, day: date) -> list[Stale]:
    """Papers of rounds opened so long ago, and logs not written to for so long."""
    found = []
    for row in history.rounds(district):
        opened = _day(row.opened_at)
        if opened + timedelta(days=settings.papers_days) < day:
            why = f"{row.round} 的日常文件，{opened} 起，超过 {settings.papers_days} 天"
            found += [Stale(p, _size(p), why) for p in _papers(data / district, row.round)]
    for path in sorted({p for name in LOGS for p in (data / district).glob(f"**/{name}")}):
        written = datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI).date()
        if written + timedelta(days=settings.logs_days) < day:
            found.append(Stale(path, _size(path), f"运行日志，{written} 后未再写入，超过 {settings.logs_days} 天"))
    return found


def _papers(folder: Path, round_id: str) -> Iterator[Path]:
    for base in [folder / round_id, *sorted(folder.glob(f"{round_id}-*"))]:
        for name in PAPERS:
            yield from sorted(base.glob(name))


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(f.stat().st_size for f in files if f.is_file())


def _made(folder: Path) -> tuple[date | None, str]:
    with contextlib.closing(sqlite3.connect(f"file:{folder / OBSERVATIONS}?mode=ro", uri=True)) as db:
        try:
            meta = dict(db.execute("SELECT key, value FROM meta"))
        except sqlite3.DatabaseError:
            return None, ""
    at = meta.get("as_of")
    return (_day(at) if at else None), str(meta.get("round", ""))


def _shown(folder: Path, keep: Kept) -> set[str]:
    """Pictures and renderings of pages that a kept finding stands on, and what a re-check of one saw."""
    found: set[str] = set()
    if not (folder / JUDGEMENT).exists():
        return found
    stored = judgements.load(folder / JUDGEMENT)
    used = [f for f in stored.findings if any(e.sha256 in keep.bodies for e in f.evidence)]
    if folder.parent.name == RECHECKS:
        used += [f for f in stored.findings if f.identity in keep.identities]
        found |= _evidence(used)
    urls = {u for f in used for u in (f.url, *(e.url for e in f.evidence)) if u}
    with contextlib.closing(sqlite3.connect(f"file:{folder / OBSERVATIONS}?mode=ro", uri=True)) as db:
        found |= {sha for url, sha in db.execute("SELECT url, sha256 FROM artifacts") if url in urls}
    return found


def _bodies(path: Path) -> dict[str, int]:
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return {str(sha): int(size) for sha, size in db.execute("SELECT sha256, size FROM bodies")}


def remove(item: Stale) -> None:
    """Raises AuditError when the disk refuses."""
    try:
        if item.path.is_dir():
            shutil.rmtree(item.path)
        else:
            item.path.unlink()
    except OSError as error:
        raise AuditError(f"无法清理 {item.path}：{error.strerror or error}。") from error


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
        earlier = _earlier(item.folder)
        told = {"at": at.isoformat(), "who": who, "why": item.why, "bodies": sorted({*earlier, *item.bodies})}
        write_atomic(item.folder / PRUNED, json.dumps(told, ensure_ascii=False).encode())
        copy.replace(source)
    except OSError as error:
        raise AuditError(f"无法清理 {source}：{error.strerror or error}。原件未动。") from error
    finally:
        copy.unlink(missing_ok=True)
    vouched.drop(item.folder)


def _earlier(folder: Path) -> list[str]:
    """What an earlier pruning dropped: it stays listed."""
    try:
        return [str(b) for b in json.loads((folder / PRUNED).read_bytes())["bodies"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
