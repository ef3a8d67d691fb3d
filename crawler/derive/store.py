"""facts.sqlite: what was read from the bodies of one snapshot. A cache: it can be thrown away and derived again.

Pages are kept as msgspec JSON, links normalised (a target URL is stored once). Nothing here is evidence.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from checks.facts import Link, Page, PageKind, Place, Region

FACTS = "facts.sqlite"
SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (
  id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, cache_key TEXT NOT NULL, kind TEXT NOT NULL,
  owner TEXT NOT NULL DEFAULT '', col TEXT NOT NULL DEFAULT '', body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS targets (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS links (
  page INTEGER NOT NULL, ord INTEGER NOT NULL, target INTEGER NOT NULL, text TEXT NOT NULL, region TEXT NOT NULL,
  kind TEXT NOT NULL, hidden TEXT NOT NULL, rel TEXT NOT NULL, locator TEXT NOT NULL,
  PRIMARY KEY (page, ord)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS links_target ON links (target);
CREATE INDEX IF NOT EXISTS pages_kind ON pages (kind, url);
CREATE TABLE IF NOT EXISTS site (name TEXT NOT NULL, ord INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (name, ord)) WITHOUT ROWID;
"""
SCHEMA_VERSION = "1"

_encode = msgspec.json.Encoder().encode
_page = msgspec.json.Decoder(Page).decode


@dataclass(frozen=True, slots=True)
class Packed:
    """A page and its links as they are kept: bytes and strings, cheap to hand from one process to another."""

    url: str
    kind: str
    body: bytes
    links: tuple[tuple[str, ...], ...]  # text, region, kind, hidden, rel, locator, URL

    @classmethod
    def of(cls, page: Page, links: Sequence[Link]) -> Packed:
        rows = tuple((k.text, str(k.region), k.kind, k.hidden, k.rel, k.locator, k.url) for k in links)
        return cls(page.url, str(page.kind), _encode(page), rows)


class FactsStore:
    """One facts file. A file of another schema version is discarded on opening for writing."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.path = path
        self._readonly = readonly
        self._copies: frozenset[str] | None = None
        if readonly:
            self._db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path)
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;" + SCHEMA)
        if self.meta("schema") not in ("", SCHEMA_VERSION):
            self._db.executescript("DELETE FROM pages; DELETE FROM links; DELETE FROM targets; DELETE FROM site;")
        self.set_meta("schema", SCHEMA_VERSION)

    def __enter__(self) -> FactsStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """A writer leaves one file: readers of a write-ahead log would leave two more beside it."""
        if not self._readonly:
            with contextlib.suppress(sqlite3.OperationalError):  # somebody reads it just now: the log stays
                self._db.execute("PRAGMA journal_mode=DELETE").fetchall()
        self._db.close()

    def commit(self) -> None:
        self._db.commit()

    def meta(self, key: str) -> str:
        row = self._db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return row[0] if row else ""

    def set_meta(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (key, value))

    # pages

    def cache_keys(self) -> dict[str, str]:
        """url -> key under which it was extracted."""
        return dict(self._db.execute("SELECT url, cache_key FROM pages"))

    def put_page(self, page: Page, links: Sequence[Link], cache_key: str) -> None:
        self.put(Packed.of(page, links), cache_key)

    def put(self, page: Packed, cache_key: str) -> None:
        row = self._db.execute("SELECT id FROM pages WHERE url=?", (page.url,)).fetchone()
        if row:
            page_id = row[0]
            self._db.execute("DELETE FROM links WHERE page=?", (page_id,))
            self._db.execute(
                "UPDATE pages SET cache_key=?, kind=?, body=?, owner='', col='' WHERE id=?",
                (cache_key, page.kind, page.body, page_id),
            )
        else:
            page_id = self._db.execute(
                "INSERT INTO pages (url, cache_key, kind, body) VALUES (?,?,?,?)",
                (page.url, cache_key, page.kind, page.body),
            ).lastrowid
        self._db.executemany(
            "INSERT OR IGNORE INTO targets (url) VALUES (?)", dict.fromkeys(link[-1:] for link in page.links)
        )
        self._db.executemany(
            "INSERT INTO links SELECT ?,?,id,?,?,?,?,?,? FROM targets WHERE url=?",
            ((page_id, n, *link) for n, link in enumerate(page.links)),
        )

    def drop_pages(self, urls: Iterable[str]) -> None:
        for url in urls:
            self._db.execute("DELETE FROM links WHERE page=(SELECT id FROM pages WHERE url=?)", (url,))
            self._db.execute("DELETE FROM pages WHERE url=?", (url,))

    def assign(self, rows: Iterable[tuple[Page, str]]) -> None:
        """Store pages again with their owner, column and list dates (`str` is the URL key)."""
        self._db.executemany(
            "UPDATE pages SET owner=?, col=?, body=? WHERE url=?",
            ((p.owner, p.column, _encode(p), url) for p, url in rows),
        )

    def page(self, url: str) -> Page | None:
        row = self._db.execute("SELECT body FROM pages WHERE url=?", (url,)).fetchone()
        return _page(row[0]) if row else None

    def copies(self) -> frozenset[str]:
        """Addresses that show a page which stands under another one, too."""
        if self._copies is None:
            self._copies = frozenset(self.site("copies", str))
        return self._copies

    def forget_copies(self) -> None:
        """They were found anew."""
        self._copies = None

    def every_page(self) -> Iterator[Page]:
        """Pages and their copies, in order of URL."""
        return (_page(body) for (body,) in self._db.execute("SELECT body FROM pages ORDER BY url"))

    def pages(
        self, kind: PageKind | None = None, owner: str | None = None, column: str | None = None
    ) -> Iterator[Page]:
        """Pages in order of URL, decoded one by one. A page with two addresses is one page."""
        where, values = ["1"], []
        for name, value in (("kind", kind), ("owner", owner), ("col", column)):
            if value is not None:
                where.append(f"{name}=?")
                values.append(str(value))
        sql = f"SELECT url, body FROM pages WHERE {' AND '.join(where)} ORDER BY url"  # noqa: S608
        copies = self.copies()
        return (_page(body) for url, body in self._db.execute(sql, values) if url not in copies)

    def pages_naming(self, word: str) -> Iterator[Page]:
        """Pages whose stored facts contain the ASCII word anywhere, in order of URL."""
        sql = "SELECT body FROM pages WHERE instr(body, ?) ORDER BY url"
        return (_page(body) for (body,) in self._db.execute(sql, (word.encode(),)))

    def count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM pages").fetchone()[0])

    # links

    def links(self, url: str) -> Iterator[Link]:
        cursor = self._db.execute(
            "SELECT t.url, l.text, l.region, l.kind, l.hidden, l.rel, l.locator"
            " FROM links l JOIN targets t ON t.id=l.target"
            " WHERE l.page=(SELECT id FROM pages WHERE url=?) ORDER BY l.ord",
            (url,),
        )
        return (Link(u, text, Region(r), k, h, rel, loc) for u, text, r, k, h, rel, loc in cursor)

    def linked_from(self, url: str) -> str:
        """The first page, in order of URL, that links to `url`, content before navigation; "" if none does."""
        row = self._db.execute(
            "SELECT p.url FROM targets t JOIN links l ON l.target=t.id JOIN pages p ON p.id=l.page"
            " WHERE t.url=? ORDER BY l.region!='content', p.url LIMIT 1",
            (url,),
        ).fetchone()
        return row[0] if row else ""

    def links_between(self, urls: set[str]) -> dict[str, dict[str, str]]:
        """For each of `urls`, the others of them it links to in its content, with the link's text."""
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (url TEXT PRIMARY KEY)")
        self._db.execute("DELETE FROM wanted")
        self._db.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", ((u,) for u in urls))
        cursor = self._db.execute(
            "SELECT p.url, t.url, l.text FROM wanted w JOIN targets t ON t.url=w.url JOIN links l ON l.target=t.id"
            " JOIN pages p ON p.id=l.page JOIN wanted v ON v.url=p.url"
            " WHERE l.region='content' ORDER BY l.page, l.ord"
        )
        found: dict[str, dict[str, str]] = {}
        for page, target, text in cursor:
            if page != target:
                found.setdefault(page, {}).setdefault(target, text)
        return found

    def places(self) -> Iterator[tuple[int, int, int, str, str]]:
        """(page id, order on the page, target id, region, kind) of every link, pages in order of their URL."""
        return self._db.execute(
            "SELECT l.page, l.ord, l.target, l.region, l.kind FROM pages p CROSS JOIN links l ON l.page=p.id"
            " ORDER BY p.url, l.ord"
        )

    def place(self, page: int, order: int) -> Place:
        url, text, region, hidden, locator = self._db.execute(
            "SELECT p.url, l.text, l.region, l.hidden, l.locator FROM links l JOIN pages p ON p.id=l.page"
            " WHERE l.page=? AND l.ord=?",
            (page, order),
        ).fetchone()
        return Place(url, text, Region(region), hidden, locator)

    def page_id(self, url: str) -> int | None:
        row = self._db.execute("SELECT id FROM pages WHERE url=?", (url,)).fetchone()
        return row[0] if row else None

    def target_urls(self) -> Iterator[tuple[int, str]]:
        """(id, URL) of every link target in order of URL; some may have lost their last link."""
        return self._db.execute("SELECT id, url FROM targets ORDER BY url")

    # site facts

    def put_site(self, name: str, values: Iterable[Any]) -> None:
        self._db.execute("DELETE FROM site WHERE name=?", (name,))
        self._db.executemany("INSERT INTO site VALUES (?,?,?)", ((name, n, _encode(v)) for n, v in enumerate(values)))

    def count_site(self, name: str) -> int:
        return int(self._db.execute("SELECT count(*) FROM site WHERE name=?", (name,)).fetchone()[0])

    def site(self, name: str, kind: type[Any]) -> Iterator[Any]:
        decode = msgspec.json.Decoder(kind).decode
        cursor = self._db.execute("SELECT body FROM site WHERE name=? ORDER BY ord", (name,))
        return (decode(body) for (body,) in cursor)
