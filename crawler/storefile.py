"""The one file of a snapshot: opening, grouped transactions, keyed values and compressed bodies.

One process writes, any number read. Writes are grouped into transactions of at most 50 records or 0.3 s; a killed
process loses its last unfinished group and nothing else.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import zstandard

from crawler.schema import CREATE, VERSION
from crawler.writing import StoreError, WriterLock, explain

BATCH_RECORDS = 50
BATCH_SECONDS = 0.3


class StoreFile:
    """The file with its transactions, keyed values and bodies. Raises StoreError, with a sentence for the user."""

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

    def __enter__(self) -> Self:
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
