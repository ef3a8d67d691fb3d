"""What a re-check stands on: an older, sealed snapshot lends its observations to a small new one.

A rule that looks at a whole site or a whole unit cannot judge a handful of pages. So what the audit observed is
lent to the new store, except what is asked for again. Lent rows have negative numbers, a row 0 keeps new ones above
them, and all of those are given back before the new snapshot is sealed: it then holds only what was seen anew.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.urls import host_of
from crawler.writing import WriterLock, explain

_AFRESH = "('robots', 'sitemap')"  # what tells of new pages is always asked for again
_TABLES = (("fetches", "id"), ("frontier", "seq"), ("artifacts", "id"))
_FETCH = (
    "url, host, method, purpose, outcome, status, final_url, chain, headers, body_sha256, size, elapsed_ms, "
    "started_at, ip, error, attempt, depth, referrer, content_type"
)
_FRONTIER = "url, host, depth, purpose, referrer, anchor, state, reason, priority, tries"


def lend(path: Path, base: Path) -> int:
    """Lend the observations of `base` to the store at `path`, which nobody has open; returns how many URLs.

    Both are files of `ObservationStore`. A page whose body the older snapshot no longer has, and one it never asked
    for, is a gap here as well. Raises StoreError.
    """
    with _writing(path) as db:
        with explain(base):
            db.execute("ATTACH ? AS old", (f"file:{base}?mode=ro",))
        db.execute("BEGIN IMMEDIATE")
        db.execute(
            f"INSERT INTO fetches (id, {_FETCH}) SELECT id - 1 - (SELECT max(id) FROM old.fetches), {_FETCH} "  # noqa: S608
            f"FROM old.fetches WHERE purpose NOT IN {_AFRESH} AND (body_sha256 = '' OR body_sha256 IN "
            "(SELECT sha256 FROM old.bodies))"
        )
        db.execute(
            f"INSERT OR IGNORE INTO frontier (seq, {_FRONTIER}) "  # noqa: S608
            f"SELECT seq - 1 - (SELECT max(seq) FROM old.frontier), {_FRONTIER} "
            f"FROM old.frontier WHERE purpose NOT IN {_AFRESH}"
        )
        db.execute(
            "UPDATE frontier SET state = 'skipped', reason = 'unvisited' WHERE seq < 0 AND state != 'skipped' "
            "AND url NOT IN (SELECT url FROM fetches)"
        )
        db.execute(
            "INSERT INTO artifacts (id, url, kind, sha256, meta, created_at) "
            "SELECT id - 1 - (SELECT max(id) FROM old.artifacts), url, kind, sha256, meta, created_at "
            "FROM old.artifacts WHERE kind IN ('dom', 'axe') AND sha256 IN (SELECT sha256 FROM old.bodies)"
        )
        db.execute(
            "INSERT OR IGNORE INTO bodies SELECT sha256, size, data FROM old.bodies WHERE sha256 IN "
            "(SELECT body_sha256 FROM fetches WHERE id < 0 UNION SELECT sha256 FROM artifacts WHERE id < 0)"
        )
        for table, key in _TABLES:
            names = [str(row[1]) for row in db.execute(f"PRAGMA table_info({table})") if row[1] != key]
            blanks = ", ".join("''" for _ in names)
            db.execute(f"INSERT INTO {table} ({key}, {', '.join(names)}) VALUES (0, {blanks})")  # noqa: S608
        db.execute("UPDATE fetches SET purpose = 'lent', outcome = 'aborted', size = 0, elapsed_ms = 0 WHERE id = 0")
        db.execute("UPDATE artifacts SET kind = 'lent', meta = '{}' WHERE id = 0")
        db.execute("UPDATE frontier SET state = 'done', purpose = 'lent', depth = 0 WHERE seq = 0")
        db.execute("COMMIT")
        return int(db.execute("SELECT count(DISTINCT url) FROM fetches WHERE id < 0").fetchone()[0])


def ask_again(path: Path, urls: Iterable[str], depth: int, own_hosts: Iterable[str]) -> int:
    """Take the loan of these URLs back and queue them; returns how many were not yet asked for.

    One that the older snapshot did not know is new, at `depth`: below the deepest level it is not followed.
    """
    hosts, count = frozenset(own_hosts), 0
    with _writing(path) as db:
        db.execute("BEGIN IMMEDIATE")
        for url in urls:
            # an address that redirects here is the same page: both are asked again
            same = [u for (u,) in db.execute("SELECT url FROM fetches WHERE id < 0 AND final_url = ?", (url,))]
            for each in dict.fromkeys([url, *same]):
                count += _queue(db, each, depth, hosts)
        db.execute("COMMIT")
    return count


def _queue(db: sqlite3.Connection, url: str, depth: int, hosts: frozenset[str]) -> int:
    known = db.execute("SELECT seq FROM frontier WHERE url = ?", (url,)).fetchone()
    following = db.execute("SELECT max(seq) + 1 FROM frontier").fetchone()[0]
    if known is not None and known[0] > 0:
        return 0
    if known is not None:
        db.execute("DELETE FROM fetches WHERE id < 0 AND url = ?", (url,))
        db.execute("DELETE FROM artifacts WHERE id < 0 AND url = ?", (url,))
        db.execute(
            "UPDATE frontier SET seq = ?, state = 'pending', reason = '', priority = 1, tries = 0 WHERE url = ?",
            (following, url),
        )
        return 1
    host = host_of(url)
    purpose = "page" if host in hosts else "external"
    db.execute(
        f"INSERT INTO frontier (seq, {_FRONTIER}) VALUES (?, ?, ?, ?, ?, '', '', 'pending', '', 1, 0)",  # noqa: S608
        (following, url, host, depth, purpose),
    )
    return 1


def lent_urls(path: Path) -> frozenset[str]:
    """URLs whose answer is the older snapshot's, under the address asked and the one that answered."""
    with _writing(path) as db:
        rows = db.execute("SELECT url, final_url FROM fetches WHERE id < 0").fetchall()
        fresh = {u for row in db.execute("SELECT url, final_url FROM fetches WHERE id > 0") for u in row}
    return frozenset(u for row in rows for u in row if u and u not in fresh)


def give_back(path: Path) -> None:
    """Leave only what was seen anew."""
    with _writing(path) as db:
        db.execute("BEGIN IMMEDIATE")
        for table, key in _TABLES:
            db.execute(f"DELETE FROM {table} WHERE {key} <= 0")  # noqa: S608
        db.execute(
            "DELETE FROM bodies WHERE sha256 NOT IN "
            "(SELECT body_sha256 FROM fetches UNION SELECT sha256 FROM artifacts)"
        )
        db.execute("COMMIT")
        db.execute("VACUUM")


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of its own, under the writer's lock; what is left open when it ends badly is rolled back."""
    lock = WriterLock(path)
    try:
        with (
            explain(path),
            contextlib.closing(sqlite3.connect(f"file:{path}", uri=True, timeout=30, isolation_level=None)) as db,
        ):
            yield db
    finally:
        lock.release()
