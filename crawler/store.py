"""The observation store: one SQLite file per snapshot with every answer, its body, and what is still to be asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import msgspec

from checks.outcomes import FetchOutcome
from crawler.clock import now_iso
from crawler.observations import Artifact, FetchRecord, FrontierItem, fetch_of
from crawler.storefile import StoreFile
from crawler.writing import StoreError

__all__ = ["Artifact", "FetchRecord", "FrontierItem", "ObservationStore", "StoreError"]

_FETCH = (
    "url, host, method, purpose, outcome, status, final_url, chain, headers, body_sha256, size, elapsed_ms, "
    "started_at, ip, error, attempt, depth, referrer, content_type"
)
_FRONTIER = "url, host, depth, purpose, referrer, anchor, state, reason, priority, tries"
_BEST = (  # an answer to HEAD speaks only until the page itself is asked for
    "SELECT COALESCE(MAX(CASE WHEN outcome IN ('ok', 'not-modified') AND method != 'HEAD' THEN id END), MAX(id)) "
    "FROM fetches GROUP BY url"
)


class ObservationStore(StoreFile):
    """Observations of one snapshot. Raises StoreError, with a sentence for the user, on every fault of the file."""

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
