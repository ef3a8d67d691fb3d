"""The log of availability probes: one small SQLite file per district that only ever grows.

A row is durable before its probe is reported, so a sampler that is killed has lost nothing, and one that is started
again (or a second one) sees when the last probe was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from checks.outcomes import FetchOutcome
from crawler.writing import explain

PROBES = "probes.sqlite"
BUSY_S = 60  # longer than one probe with its redirects may take

FAILURES = frozenset(
    {
        FetchOutcome.TIMEOUT,
        FetchOutcome.DNS,
        FetchOutcome.REFUSED,
        FetchOutcome.HTTP_5XX,
        FetchOutcome.GONE,
        FetchOutcome.SOFT_404,
        FetchOutcome.PARKED,
        FetchOutcome.REDIRECT_LOOP,
    }
)
"""A home page that did not open. Every other ending (a firewall's challenge, 403, a log-in, a protocol we do not
speak) says that we were not let in, which nobody is accused of: such a probe is kept and not counted."""

_CREATE = """
CREATE TABLE IF NOT EXISTS probes (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, url TEXT NOT NULL, ok INTEGER NOT NULL, elapsed_ms INTEGER NOT NULL,
  outcome TEXT NOT NULL, status INTEGER, ip TEXT NOT NULL, detail TEXT NOT NULL, control INTEGER,
  control_url TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS probes_at ON probes (at);
CREATE TRIGGER IF NOT EXISTS probes_stay BEFORE DELETE ON probes BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS probes_stand BEFORE UPDATE ON probes BEGIN SELECT RAISE(ABORT, 'append-only'); END;
"""
_COLUMNS = "at, url, ok, elapsed_ms, outcome, status, ip, detail, control, control_url"


@dataclass(frozen=True, slots=True)
class ProbeRow:
    """One probe. `at` is ISO 8601 in UTC, when it began; `control` tells whether the canary answered at that time."""

    at: str
    url: str
    ok: bool
    elapsed_ms: int
    outcome: FetchOutcome
    status: int | None = None
    ip: str = ""
    detail: str = ""
    control: bool | None = None
    control_url: str = ""

    @property
    def counts(self) -> bool:
        """Whether this probe says anything about the site."""
        return self.ok or self.outcome in FAILURES

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


class ProbeLog:
    """Use as a context manager. Raises StoreError, with a sentence for the user, on every fault of the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with explain(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(_CREATE)

    def __enter__(self) -> ProbeLog:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the log: of two samplers that wake up together the second one waits, and finds it is not due."""
        with explain(self.path):
            self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        with explain(self.path):
            self._db.execute("COMMIT")

    def append(self, row: ProbeRow) -> None:
        control = None if row.control is None else int(row.control)
        values = (row.at, row.url, int(row.ok), row.elapsed_ms, str(row.outcome), row.status, row.ip, row.detail)
        with explain(self.path):
            self._db.execute(
                f"INSERT INTO probes ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
                (*values, control, row.control_url),
            )

    def last(self) -> ProbeRow | None:
        return next(self._rows("ORDER BY at DESC, id DESC LIMIT 1", ()), None)

    def between(self, first: datetime, last: datetime) -> list[ProbeRow]:
        """Probes begun in [first, last], in order of time."""
        return [r for r in self._rows("ORDER BY at, id", ()) if first <= r.moment <= last]

    def recent(self, until: datetime, days: int) -> list[ProbeRow]:
        return self.between(until - timedelta(days=days), until)

    def _rows(self, tail: str, args: tuple[object, ...]) -> Iterator[ProbeRow]:
        with explain(self.path):
            rows = self._db.execute(f"SELECT {_COLUMNS} FROM probes {tail}", args).fetchall()  # noqa: S608
        for at, url, ok, ms, outcome, status, ip, detail, control, control_url in rows:
            yield ProbeRow(
                at, url, bool(ok), ms, FetchOutcome(outcome), status, ip, detail,
                None if control is None else bool(control), control_url,
            )  # fmt: skip
