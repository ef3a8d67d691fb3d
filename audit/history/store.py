"""The history database: opening, reading, and the two ways to write (a decision, a judgement)."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import zstandard
from sqlalchemy import Connection, Engine, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from audit.errors import AuditError, Exit
from audit.history import schema
from audit.history.chain import GENESIS, Decision, broken, canonical, digest
from audit.history.engine import FULL, WRITING, make_engine, sentence
from audit.history.migrations import migrate
from audit.judgements import StoredJudgement, decode
from checks.outcomes import Outcome

FILE = "history.sqlite"
BACKWARDS = timedelta(minutes=2)  # two machines' clocks may differ by so much


@dataclass(frozen=True, slots=True)
class RoundRow:
    district: str
    round: str
    cutoff: date
    opened_at: str


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """A stored judgement without its body. Kinds: machine, frozen, erratum."""

    id: int
    round: str
    kind: str
    version: int
    at: str
    as_of: datetime
    sha256: str
    rules: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision before it is chained."""

    kind: str
    subject: str = ""
    state: str = ""
    why: str = ""
    payload: Mapping[str, Any] | None = None


def history_url(data: Path, given: str = "") -> str:
    """`--history`, else $GOVAUDIT_HISTORY, else `<data>/history.sqlite`."""
    return given or os.environ.get("GOVAUDIT_HISTORY", "") or f"sqlite:///{(data / FILE).absolute()}"


class History:
    """Open with `History.open`; every method raises AuditError with a sentence when the database refuses."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self.name = name

    @classmethod
    def open(cls, url: str) -> History:
        """Connect and bring the schema up to date."""
        engine, name = make_engine(url)
        history = cls(engine, name)
        with history._writing() as connection:
            migrate(connection)
        return history

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> History:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._explained(), self._engine.connect() as raw:
            connection = raw.execution_options(**{WRITING: True})
            with connection.begin():
                yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._explained(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            raise AuditError("历史数据库中已有同样的记录，可能有另一个命令刚刚写入；请重新运行。") from error
        except DBAPIError as error:
            said = sentence(self.name, str(error.orig))
            raise AuditError(said, code=Exit.NO_VERDICT if said.startswith(FULL) else None) from error

    # -- rounds and decisions -------------------------------------------------------------------------------------

    def rounds(self, district: str) -> list[RoundRow]:
        """Oldest first."""
        table = schema.rounds
        query = select(table).where(table.c.district == district).order_by(table.c.cutoff, table.c.id)
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return [RoundRow(r.district, r.round, date.fromisoformat(r.cutoff), r.opened_at) for r in rows]

    def districts(self) -> list[str]:
        table = schema.rounds
        with self._reading() as connection:
            return list(connection.execute(select(table.c.district).distinct().order_by(table.c.district)).scalars())

    def decisions(self, district: str, round_id: str | None = None, after: int = 0) -> list[Decision]:
        """In order. `after` leaves out what is already known."""
        table = schema.decisions
        query = select(table).where(table.c.district == district, table.c.seq > after).order_by(table.c.seq)
        if round_id is not None:
            query = query.where(table.c.round == round_id)
        with self._reading() as connection:
            return [_decision(dict(r._mapping)) for r in connection.execute(query)]

    def decisions_of(self, district: str, kind: str) -> list[Decision]:
        """Of all rounds, in order."""
        table = schema.decisions
        query = select(table).where(table.c.district == district, table.c.kind == kind).order_by(table.c.seq)
        with self._reading() as connection:
            return [_decision(dict(r._mapping)) for r in connection.execute(query)]

    def open_round(self, district: str, round_id: str, cutoff: date, at: datetime, who: str, why: str,
                   payload: Mapping[str, Any], more: Sequence[Entry] = ()) -> Decision:  # fmt: skip
        """A new round, its first decision and what is carried over with it. Raises AuditError when it exists."""
        if any(r.round == round_id for r in self.rounds(district)):
            raise AuditError(f"轮次 {round_id} 已经开启；查看进度请用 govaudit round status。")
        entry = Entry("round.opened", round_id, "进行中", why, payload)
        with self._writing() as connection:
            row = {"district": district, "round": round_id, "cutoff": cutoff.isoformat(), "opened_at": at.isoformat()}
            connection.execute(insert(schema.rounds).values(row))
            return _append(connection, district, round_id, at, who, "审定", [entry, *more])[0]

    def mind_clock(self, district: str, at: datetime) -> None:
        """Raises AuditError when the newest decision lies ahead: a command is refused before it writes any file."""
        table = schema.decisions
        query = select(table.c.at).where(table.c.district == district).order_by(table.c.seq.desc()).limit(1)
        with self._reading() as connection:
            last = connection.execute(query).scalar()
        _not_before(last, at)

    def append(
        self, district: str, round_id: str, at: datetime, who: str, role: str, entries: Sequence[Entry]
    ) -> list[Decision]:
        """Chain the entries in one transaction: all of them or none."""
        with self._writing() as connection:
            return _append(connection, district, round_id, at, who, role, entries)

    def verify(self, district: str) -> str:
        """Blank when the chain is whole and its sealed heads are in it, else what is wrong."""
        lines = self.decisions(district)
        fault = broken(lines)
        if fault:
            return fault
        by_seq = {line.seq: line for line in lines}
        for line in lines:
            judgement = line.payload.get("judgement_sha256")
            if line.kind in ("round.frozen", "erratum") and judgement:
                stored = self._digest(district, line.round, int(line.payload.get("version", 1)))
                if stored != judgement:
                    return f"第 {line.seq} 条决定封存的结果（{line.round}）与数据库中的不符：结果被改动"
        for row in self.rounds(district):
            if not any(line.kind == "round.opened" and line.round == row.round for line in by_seq.values()):
                return f"轮次 {row.round} 没有开启记录：决定记录被截断"
        return ""

    def _digest(self, district: str, round_id: str, version: int) -> str:
        table = schema.judgements
        query = select(table.c.body).where(
            table.c.district == district,
            table.c.round == round_id,
            table.c.kind == "frozen",
            table.c.version == version,
        )
        with self._reading() as connection:
            body = connection.execute(query).scalar()
        return hashlib.sha256(_unpack(body)).hexdigest() if body else ""

    # -- judgements -----------------------------------------------------------------------------------------------

    def add_judgement(
        self, judgement: StoredJudgement, kind: str, at: datetime, who: str, role: str, entry: Entry
    ) -> tuple[int, str]:
        """Store a judgement with the decision that brought it; returns its version and sha256."""
        body = msgspec.json.encode(judgement)
        sha256 = hashlib.sha256(body).hexdigest()
        with self._writing() as connection:
            version = 1 + self._versions(connection, judgement.district, judgement.round, kind)
            rules = {f.rule: f.rule_version for f in judgement.findings}
            row = connection.execute(
                insert(schema.judgements).values(
                    district=judgement.district, round=judgement.round, kind=kind, version=version,
                    at=at.isoformat(), as_of=judgement.as_of.isoformat(), snapshot=judgement.snapshot,
                    rules=canonical(rules), sha256=sha256, body=zstandard.compress(body),
                )
            ).inserted_primary_key  # fmt: skip
            _rows(connection, int(row[0]) if row else 0, judgement)
            payload = {**(entry.payload or {}), "version": version, "judgement_sha256": sha256}
            filled = Entry(entry.kind, entry.subject, entry.state, entry.why, payload)
            _append(connection, judgement.district, judgement.round, at, who, role, [filled])
        return version, sha256

    @staticmethod
    def _versions(connection: Connection, district: str, round_id: str, kind: str) -> int:
        table = schema.judgements
        query = select(func.count()).where(
            table.c.district == district, table.c.round == round_id, table.c.kind == kind
        )
        return int(connection.execute(query).scalar() or 0)

    def judgements(self, district: str, kind: str | None = None) -> list[JudgementRow]:
        """Oldest first."""
        table = schema.judgements
        columns = [c for c in table.c if c.name not in ("body", "district")]
        query = select(*columns).where(table.c.district == district).order_by(table.c.as_of, table.c.id)
        if kind is not None:
            query = query.where(table.c.kind == kind)
        with self._reading() as connection:
            return [
                JudgementRow(r.id, r.round, r.kind, r.version, r.at, datetime.fromisoformat(r.as_of), r.sha256,
                             json.loads(r.rules))
                for r in connection.execute(query)
            ]  # fmt: skip

    def judgement(self, number: int) -> StoredJudgement:
        """The body of a stored judgement; raises AuditError when it no longer has its hash."""
        query = select(schema.judgements).where(schema.judgements.c.id == number)
        with self._reading() as connection:
            row = connection.execute(query).one()
        body = _unpack(row.body)
        if hashlib.sha256(body).hexdigest() != row.sha256:
            raise AuditError(f"{row.round} 的判定结果（{row.kind} 第{row.version}版）与其哈希不符，已被改动。")
        return decode(body)

    def latest(self, district: str, round_id: str, kind: str) -> JudgementRow | None:
        found = [j for j in self.judgements(district, kind) if j.round == round_id]
        return max(found, key=lambda j: j.version, default=None)


def _append(
    connection: Connection, district: str, round_id: str, at: datetime, who: str, role: str, entries: Sequence[Entry]
) -> list[Decision]:
    if not who.strip():
        raise AuditError("请用 --person 写明是谁作出的决定；没有署名的决定不能记录。")
    if not entries:
        return []
    table = schema.decisions
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:d))"), {"d": district})
    last = connection.execute(
        select(table.c.seq, table.c.hash, table.c.at)
        .where(table.c.district == district)
        .order_by(table.c.seq.desc())
        .limit(1)
    ).first()
    seq, previous = (int(last.seq), str(last.hash)) if last else (0, GENESIS)
    _not_before(last.at if last else None, at)
    if last:
        at = max(at, datetime.fromisoformat(last.at))
    lines = []
    for entry in entries:
        seq += 1
        line = Decision(
            district, seq, round_id, at.isoformat(), who.strip(), role, entry.kind, entry.subject, entry.state,
            entry.why, json.loads(canonical(entry.payload or {})), previous,
        )  # fmt: skip
        line = replace(line, hash=digest(line))
        lines.append(line)
        previous = line.hash
    connection.execute(insert(table), [_values(line) for line in lines])
    return lines


def _not_before(last: str | None, at: datetime) -> None:
    if last and at < datetime.fromisoformat(last) - BACKWARDS:
        raise AuditError(
            f"电脑时钟被调回：现在是 {at:%Y-%m-%d %H:%M}，而上一条决定记于 {last[:16].replace('T', ' ')}。"
            "请校准时钟后重试；没有写入任何内容。"
        )


def _values(line: Decision) -> dict[str, Any]:
    values = {f.name: getattr(line, f.name) for f in fields(line)}
    return values | {"payload": canonical(line.payload)}


def _decision(row: Mapping[str, Any]) -> Decision:
    values = dict(row)
    values["payload"] = json.loads(values["payload"])
    return Decision(**values)


def _rows(connection: Connection, number: int, judgement: StoredJudgement) -> None:
    told = {
        f.fingerprint: {
            "judgement": number, "fingerprint": f.fingerprint, "identity": f.identity, "rule": f.rule,
            "rule_version": f.rule_version, "indicator": f.indicator, "unit": f.unit, "column": f.column,
            "subject": f.subject, "outcome": str(f.outcome), "points": str(f.points),
        }
        for f in judgement.findings
        if f.outcome in (Outcome.FAILED, Outcome.CANNOT_TELL)
    }  # fmt: skip
    scored = [
        {
            "judgement": number, "unit": s.unit, "standard": s.standard, "lower": str(s.lower), "upper": str(s.upper),
            "grade": s.grade_upper, "vetoes": len(s.veto), "rated": int(s.rated),
        }
        for s in judgement.scores
    ]  # fmt: skip
    ranked = [
        {"judgement": number, "unit": r.unit, "grp": r.group, "place": r.place, "of": r.of} for r in judgement.ranks
    ]
    for table, rows in ((schema.verdicts, list(told.values())), (schema.scores, scored), (schema.ranks, ranked)):
        if rows:
            connection.execute(insert(table), rows)


def _unpack(body: bytes) -> bytes:
    return zstandard.decompress(bytes(body))
