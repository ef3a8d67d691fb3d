"""The observation store: one SQLite file per snapshot with every answer, its body, and what is still to be asked.

One process writes, any number read. Writes are grouped into transactions of at most 50 records or 0.3 s; a killed
process loses its last unfinished group and nothing else.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
import zstandard

from checks.outcomes import FetchOutcome
from crawler.clock import now_iso
from crawler.observations import Artifact, FetchRecord, FrontierItem, fetch_of
from crawler.schema import CREATE, VERSION
from crawler.writing import StoreError, WriterLock, explain

__all__ = ["Artifact", "FetchRecord", "FrontierItem", "ObservationStore", "StoreError"]

BATCH_RECORDS = 50
BATCH_SECONDS = 0.3

_FETCH = (
    "url, host, method, purpose, outcome, status, final_url, chain, headers, body_sha256, size, elapsed_ms, "
    "started_at, ip, error, attempt, depth, referrer, content_type"
)
_FRONTIER = "url, host, depth, purpose, referrer, anchor, state, reason, priority, tries"
_BEST = (  # an answer to HEAD speaks only until the page itself is asked for
    "SELECT COALESCE(MAX(CASE WHEN outcome IN ('ok', 'not-modified') AND method != 'HEAD' THEN id END), MAX(id)) "
    "FROM fetches GROUP BY url"
)


class ObservationStore:
    """Observations of one snapshot. Raises StoreError, with a sentence for the user, on every fault of the file."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.path = Path(path)
        self.readonly = readonly
        self._lock: WriterLock | None = None
        self._db: sqlite3.Connection | None = None
        self._open_group = 0
        self._group_started = 0.0
        self._nesting = 0
        self._pack = zstandard.ZstdCompressor(level=3)
        self._unpack = zstandard.ZstdDecompressor()
        if readonly:
            self._open_for_reading()
        else:
            self._open_for_writing()
        self.sealed = bool(self.meta_get("manifest"))

    # -- opening and closing --------------------------------------------------------------------------------------

    def _open_for_reading(self) -> None:
        if not self.path.is_file():
            raise StoreError(f"没有找到采集数据：{self.path}。请先运行 govaudit crawl。")
        with explain(self.path):
            uri = f"file:{quote(str(self.path))}?mode=ro"
            self._db = sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None)
        self._check_version()

    def _open_for_writing(self) -> None:
        with explain(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = WriterLock(self.path)
        try:
            with explain(self.path):
                self._db = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
                fresh = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
                if fresh:
                    self._db.execute("PRAGMA journal_mode=WAL")
                    self._db.executescript("BEGIN;" + CREATE + "COMMIT;")
                    self._db.execute("INSERT OR IGNORE INTO meta VALUES ('schema', ?)", (str(VERSION),))
                self._db.execute("PRAGMA synchronous=NORMAL")
                self._db.execute("PRAGMA cache_size=-16000")
            self._check_version()
        except BaseException:
            self.close()
            raise

    def _check_version(self) -> None:
        try:
            found = self.meta_get("schema")
        except StoreError:
            self.close()
            raise
        if found != str(VERSION):
            self.close()
            raise StoreError(
                f"采集数据的格式版本是 {found or '未知'}，本程序只认版本 {VERSION}：{self.path}。"
                "请用当时的版本读取，或重新采集。"
            )

    def close(self) -> None:
        """Commit what is open and close. Safe to call twice."""
        try:
            if self._db is not None and not self.readonly:
                self._nesting = 0
                self.flush()
        finally:
            db, self._db = self._db, None
            if db is not None:
                db.close()
            lock, self._lock = self._lock, None
            if lock is not None:
                lock.release()

    def __enter__(self) -> ObservationStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- transactions ---------------------------------------------------------------------------------------------

    def _read(self, sql: str, args: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        if self._db is None:
            raise StoreError(f"采集数据已关闭：{self.path}")
        with explain(self.path):
            yield from self._db.execute(sql, args)

    def _write(self, sql: str, args: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        if self._db is None or self.readonly:
            raise StoreError(f"采集数据以只读方式打开，不能写入：{self.path}")
        if self.sealed:
            raise StoreError(f"采集数据已封存，不能再写入：{self.path}。如需补采，请新建一轮。")
        with explain(self.path):
            if not self._db.in_transaction:
                self._db.execute("BEGIN IMMEDIATE")
                self._group_started = time.monotonic()
            return self._db.execute(sql, args)

    def _ended(self) -> None:
        """A record is complete: commit when the group is large or old enough."""
        if self._nesting:
            return
        self._open_group += 1
        if self._open_group >= BATCH_RECORDS or time.monotonic() - self._group_started >= BATCH_SECONDS:
            self.flush()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Writes inside become durable together or not at all (a page, its links, its place in the frontier)."""
        if self._nesting:
            yield
            return
        self._write("SAVEPOINT together")
        self._nesting = 1
        try:
            yield
        except BaseException:
            self._nesting = 0
            if self._db is not None and self._db.in_transaction:
                self._db.execute("ROLLBACK TO together")
                self._db.execute("RELEASE together")
            raise
        self._nesting = 0
        self._write("RELEASE together")
        self._ended()

    def flush(self) -> None:
        """Commit what was written so far. On a full disk the open group is rolled back and StoreError raised."""
        if self._db is None or not self._db.in_transaction:
            return
        self._open_group = 0
        try:
            with explain(self.path):
                self._db.execute("COMMIT")
        except StoreError:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    # -- meta and bodies ------------------------------------------------------------------------------------------

    def meta_get(self, key: str) -> str | None:
        row = next(self._read("SELECT value FROM meta WHERE key = ?", (key,)), None)
        return None if row is None else str(row[0])

    def meta_set(self, key: str, value: object) -> None:
        self._write("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, str(value)))
        self._ended()

    def metas(self) -> Iterator[tuple[str, str]]:
        """Every key and value, ordered by key."""
        return ((str(k), str(v)) for k, v in self._read("SELECT key, value FROM meta ORDER BY key"))

    def digests(self) -> Iterator[str]:
        """sha256 of every body kept, in order."""
        return (str(row[0]) for row in self._read("SELECT sha256 FROM bodies ORDER BY sha256"))

    def settle(self) -> None:
        """Commit and fold the write-ahead log into the one file, so that it can be copied as it is."""
        self.flush()
        if self._db is None or self.readonly:
            raise StoreError(f"采集数据以只读方式打开，不能写入：{self.path}")
        with explain(self.path):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._db.execute("PRAGMA journal_mode=DELETE").fetchall()

    def put_body(self, data: bytes) -> str:
        """Keep `data` once, compressed; returns its sha256 in hex."""
        digest = sha256(data).hexdigest()
        known = next(self._read("SELECT 1 FROM bodies WHERE sha256 = ?", (digest,)), None)
        if known is None:
            packed = self._pack.compress(data)
            self._write("INSERT OR IGNORE INTO bodies VALUES (?, ?, ?)", (digest, len(data), packed))
            self._ended()
        return digest

    def has_body(self, digest: str) -> bool:
        return next(self._read("SELECT 1 FROM bodies WHERE sha256 = ?", (digest,)), None) is not None

    def body(self, digest: str) -> bytes:
        """Raises StoreError if there is no such body, or if it does not decompress."""
        row = next(self._read("SELECT size, data FROM bodies WHERE sha256 = ?", (digest,)), None)
        if row is None:
            raise StoreError(f"采集数据中没有内容 {digest[:16]}…：{self.path}")
        try:
            return self._unpack.decompress(row[1], max_output_size=row[0])
        except zstandard.ZstdError as error:
            raise StoreError(f"内容 {digest[:16]}… 已损坏，无法解压：{self.path}") from error

    # -- fetches --------------------------------------------------------------------------------------------------

    def record(self, fetch: FetchRecord) -> int:
        cursor = self._write(
            f"INSERT INTO fetches ({_FETCH}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
            (
                fetch.url,
                fetch.host,
                fetch.method,
                fetch.purpose,
                str(fetch.outcome),
                fetch.status,
                fetch.final_url,
                msgspec.json.encode(fetch.chain).decode() if fetch.chain else "",
                msgspec.json.encode(fetch.headers).decode() if fetch.headers else "",
                fetch.body_sha256,
                fetch.size,
                fetch.elapsed_ms,
                fetch.started_at,
                fetch.ip,
                fetch.error,
                fetch.attempt,
                fetch.depth,
                fetch.referrer,
                fetch.content_type,
            ),
        )
        self._ended()
        return int(cursor.lastrowid or 0)

    def fetches(self, purpose: str | None = None) -> Iterator[FetchRecord]:
        """Every request in the order in which they ended, or those of one purpose."""
        where, args = ("", ()) if purpose is None else (" WHERE purpose = ?", (purpose,))
        sql = f"SELECT {_FETCH}, id FROM fetches{where} ORDER BY id"  # noqa: S608
        return (fetch_of(row) for row in self._read(sql, args))

    def latest(self, url: str) -> FetchRecord | None:
        """The last page that was seen, else the last answer; None if never asked."""
        tries = self.tries(url)
        pages = (t for t in reversed(tries) if t.outcome.seen and t.method != "HEAD")
        return next(pages, tries[-1] if tries else None)

    def latest_all(self) -> Iterator[FetchRecord]:
        """`latest` of every URL, ordered by URL."""
        sql = f"SELECT {_FETCH}, id FROM fetches WHERE id IN ({_BEST}) ORDER BY url"  # noqa: S608
        return (fetch_of(row) for row in self._read(sql))

    def span(self) -> tuple[str, str]:
        """Instants of the first and the last request, ISO 8601 in UTC; blank when there was none."""
        first, last = next(iter(self._read("SELECT min(started_at), max(started_at) FROM fetches", ())))
        return str(first or ""), str(last or "")

    def resolutions(self, failed: str) -> Iterator[tuple[str, str, bool, bool]]:
        """(day in Asia/Shanghai, host, an address was found, the outcome `failed` was met), one a day and host."""
        sql = (
            "SELECT date(started_at, '+8 hours'), host, max(ip != ''), max(outcome = ?) FROM fetches"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return ((day, host, bool(ip), bool(dns)) for day, host, ip, dns in self._read(sql, (failed,)))

    def tries(self, url: str) -> list[FetchRecord]:
        sql = f"SELECT {_FETCH}, id FROM fetches WHERE url = ? ORDER BY id"  # noqa: S608
        return [fetch_of(row) for row in self._read(sql, (url,))]

    def outcomes(self) -> Iterator[tuple[FetchOutcome, str, int]]:
        """(outcome, purpose, number of URLs) of `latest_all`."""
        sql = f"SELECT outcome, purpose, count(*) FROM fetches WHERE id IN ({_BEST}) GROUP BY 1, 2 ORDER BY 1, 2"  # noqa: S608
        return ((FetchOutcome(o), str(p), int(n)) for o, p, n in self._read(sql))

    def last_id(self) -> int:
        """Id of the newest request, 0 if there is none: a store with the same one has the same answers."""
        return int(next(self._read("SELECT max(id) FROM fetches"))[0] or 0)

    def answered_unread(self) -> list[str]:
        """Links to other sites' pages that HEAD was answered well and that nobody has read, ordered; none that an
        older snapshot lends (crawler/lent.py)."""
        sql = (
            "SELECT url FROM frontier WHERE purpose = 'external' AND state = 'done' AND seq > 0 AND url IN "
            "(SELECT url FROM fetches WHERE purpose = 'external' AND method = 'HEAD' AND outcome = 'ok' "
            "AND status = 200 AND content_type LIKE 'text/html%') "
            "AND url NOT IN (SELECT url FROM fetches WHERE method != 'HEAD') ORDER BY url"
        )
        return [str(url) for (url,) in self._read(sql)]

    def costs(self) -> Iterator[tuple[str, int, int, int | None]]:
        """(host, elapsed ms, bytes, status) of every request, in the order in which they ended."""
        rows = self._read("SELECT host, elapsed_ms, size, status FROM fetches WHERE outcome != 'robots' ORDER BY id")
        return ((str(h), int(e), int(z), s) for h, e, z, s in rows)

    # -- frontier -------------------------------------------------------------------------------------------------

    def add_pending(self, *items: FrontierItem | str) -> int:
        """Make URLs known; those known already stay as they are. Returns how many are new."""
        new = 0
        for item in items:
            entry = FrontierItem(item) if isinstance(item, str) else item
            cursor = self._write(
                f"INSERT OR IGNORE INTO frontier ({_FRONTIER}) VALUES (?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
                (
                    entry.url,
                    entry.host or urlsplit(entry.url).hostname or "",
                    entry.depth,
                    entry.purpose,
                    entry.referrer,
                    entry.anchor[:200],
                    entry.state,
                    entry.reason,
                    entry.priority,
                    entry.tries,
                ),
            )
            new += cursor.rowcount
        if items:
            self._ended()
        return new

    def mark_done(self, url: str) -> None:
        self._write("UPDATE frontier SET state = 'done', reason = '' WHERE url = ?", (url,))
        self._ended()

    def mark_skipped(self, url: str, reason: str) -> None:
        self._write("UPDATE frontier SET state = 'skipped', reason = ? WHERE url = ?", (reason, url))
        self._ended()

    def mark_tried(self, url: str, tries: int) -> None:
        """Still pending, but asked `tries` times."""
        self._write("UPDATE frontier SET tries = ? WHERE url = ?", (tries, url))
        self._ended()

    def repurpose(self, url: str, purpose: str) -> None:
        """A URL that was only checked as a link target is to be fetched after all, for `purpose`."""
        self._write(
            "UPDATE frontier SET purpose = ?, state = 'pending', reason = '', tries = 0 "
            "WHERE url = ? AND purpose IN ('external', 'link', 'read')",
            (purpose, url),
        )
        self._ended()

    def reopen(self, reason_like: str, purposes: Iterable[str]) -> int:
        """Skipped items of these purposes whose reason fits the SQL pattern are pending again; returns how many."""
        cursor = self._write(
            "UPDATE frontier SET state = 'pending', reason = '' WHERE state = 'skipped' AND reason LIKE ?"
            " AND purpose IN (SELECT value FROM json_each(?))",
            (reason_like, json.dumps(sorted(purposes))),
        )
        self._ended()
        return cursor.rowcount

    def requeue(self, urls: Iterable[str]) -> int:
        """URLs that were done are pending again, as if they had never been tried; returns how many."""
        count = 0
        for url in urls:
            sql = "UPDATE frontier SET state = 'pending', reason = '', tries = 0 WHERE url = ? AND state = 'done'"
            count += self._write(sql, (url,)).rowcount
        self._ended()
        return count

    def pending(self) -> Iterator[FrontierItem]:
        """By priority, then in the order in which they were found."""
        sql = f"SELECT {_FRONTIER} FROM frontier WHERE state = 'pending' ORDER BY priority, seq"  # noqa: S608
        return (FrontierItem(*row) for row in self._read(sql))

    def frontier(self) -> Iterator[FrontierItem]:
        return (FrontierItem(*row) for row in self._read(f"SELECT {_FRONTIER} FROM frontier ORDER BY url"))  # noqa: S608

    def counts(self) -> dict[str, int]:
        """Number of known URLs by state."""
        return dict(self._read("SELECT state, count(*) FROM frontier GROUP BY state ORDER BY state"))

    # -- artifacts ------------------------------------------------------------------------------------------------

    def add_artifact(self, url: str, kind: str, data: bytes, meta: dict[str, Any]) -> str:
        with self.atomic():
            digest = self.put_body(data)
            self._write(
                "INSERT INTO artifacts (url, kind, sha256, meta, created_at) VALUES (?, ?, ?, ?, ?)",
                (url, kind, digest, msgspec.json.encode(meta).decode(), now_iso()),
            )
        return digest

    def artifacts(self, kind: str | None = None, url: str | None = None) -> Iterator[Artifact]:
        """In the order in which they were made."""
        tests = [(name, value) for name, value in (("kind", kind), ("url", url)) if value is not None]
        where = " WHERE " + " AND ".join(f"{name} = ?" for name, _ in tests) if tests else ""
        sql = f"SELECT url, kind, sha256, meta, created_at FROM artifacts{where} ORDER BY id"  # noqa: S608
        rows = self._read(sql, tuple(value for _, value in tests))
        return (Artifact(u, k, s, msgspec.json.decode(m), c) for u, k, s, m, c in rows)
