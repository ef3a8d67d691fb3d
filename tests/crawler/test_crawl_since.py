"""A second crawl asks under conditions: what has not changed is not transferred, and what is judged is the same."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from crawl_setup import HOME, district
from servers import Asked, Behaviour, Site, reply

from checks.outcomes import FetchOutcome
from config.district import District
from crawler.browser.documents import Document, Documents
from crawler.derive.run import derive
from crawler.derive.snapshot import StoredSnapshot
from crawler.observations import OBSERVATIONS
from crawler.past import ask_whole
from crawler.run import CrawlError, crawl
from crawler.seal import seal, verify
from crawler.store import ObservationStore, StoreError

AS_OF = datetime(2026, 9, 30, 10, tzinfo=UTC)
WORDS = "本页为测试网站的普通内容页面，文字足够长，不会被当作错误提示。" * 40


class Counting:
    """Pages with an ETag (or only a date); counts the bytes of bodies sent."""

    def __init__(self) -> None:
        self.sent = 0
        self.conditions: list[str] = []

    def page(self, title: str, *links: str, etag: bool = True, moved: str = "") -> Behaviour:
        anchors = "".join(
            f'<li><a href="{link}">{title}{i}</a> 2026-09-0{i + 1}</li>' for i, link in enumerate(links)
        )
        head = f"<!doctype html><html><head><title>{title}</title></head><body><ul>{anchors}</ul>"
        body = f"{head}<p>发布时间：2026-09-01</p><p>{WORDS}</p></body></html>".encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
        stamp = "Tue, 01 Sep 2026 02:00:00 GMT"

        async def answer(asked: Asked, writer: asyncio.StreamWriter) -> bool:
            if moved and asked.path != moved:
                return await reply(b"", 302, headers=[("Location", moved)])(asked, writer)
            named, dated = asked.headers.get("if-none-match", ""), asked.headers.get("if-modified-since", "")
            self.conditions += [c for c in (named, dated) if c]
            headers = [("ETag", tag) if etag else ("Last-Modified", stamp)]
            if (named == tag) if etag else (dated == stamp):
                return await reply(b"", 304, headers=headers)(asked, writer)
            self.sent += len(body)
            return await reply(body, headers=headers)(asked, writer)

        return answer


def pages(site: Counting) -> dict[str, Behaviour]:
    return {
        "/": site.page("示例县人民政府", "/xw/", "/a.html", "/old.html"),
        "/xw/": site.page("新闻", "/xw/1.html", "/xw/2.html", etag=False),
        "/xw/1.html": site.page("第一条"),
        "/xw/2.html": site.page("第二条", etag=False),
        "/a.html": site.page("单页"),
        "/old.html": site.page("旧页", moved="/new.html"),
        "/new.html": site.page("旧页"),
    }


def sealed(folder: Path) -> Path:
    with ObservationStore(folder / OBSERVATIONS) as store:
        seal(store)
    return folder


def seen(folder: Path, it: District) -> dict[str, object]:
    """What the rules see, without the moments of the two crawls."""
    derive(it, folder, AS_OF)
    with StoredSnapshot(folder, it, AS_OF) as snapshot:
        found = {p.url: (p.kind, p.title, p.published, p.rows, p.text, p.sha256, p.dates) for p in snapshot.pages()}
        targets = {t.url: (t.status, t.final_url, t.places) for t in snapshot.targets()}
        return {"pages": found, "targets": targets, "complete": snapshot.site_coverage().complete}


def test_the_second_crawl_transfers_almost_nothing_and_sees_the_same(tmp_path: Path) -> None:
    counting = Counting()
    with Site(pages(counting)) as site:
        it = district(site.address)
        crawl(it, tmp_path / "1")
        first = counting.sent
        old = seen(tmp_path / "1", it)
        assert counting.conditions == []
        counting.sent = 0
        crawl(it, tmp_path / "2", since=sealed(tmp_path / "1"))
        assert counting.sent == 0 < first
        assert seen(tmp_path / "2", it) == old
    with ObservationStore(tmp_path / "2" / OBSERVATIONS) as store:
        kept = {f.url: f for f in store.latest_all() if f.purpose == "page" and f.outcome.seen}
        assert {f.outcome for f in kept.values()} == {FetchOutcome.NOT_MODIFIED}
        assert kept[f"{HOME}old.html"].final_url == f"{HOME}new.html"
        assert all(store.has_body(f.body_sha256) for f in kept.values())
        document = Documents(store).plan(f"{HOME}a.html")
        assert isinstance(document, Document) and document.status == 200 and document.body
    sealed(tmp_path / "2")
    assert verify(tmp_path / "2" / OBSERVATIONS) == []
    (tmp_path / "1" / OBSERVATIONS).unlink()
    assert seen(tmp_path / "2", it) == old, "the new snapshot stands for itself"


def test_what_changed_is_transferred(tmp_path: Path) -> None:
    counting = Counting()
    with Site(pages(counting)) as site:
        it = district(site.address)
        crawl(it, tmp_path / "1")
        counting.sent = 0
        site.pages["/a.html"] = counting.page("改过的单页")
        crawl(it, tmp_path / "2", since=sealed(tmp_path / "1"))
        assert 0 < counting.sent < 20_000
    with ObservationStore(tmp_path / "2" / OBSERVATIONS, readonly=True) as store:
        changed = store.latest(f"{HOME}a.html")
        assert changed is not None and changed.outcome is FetchOutcome.OK
        assert "改过的单页" in store.body(changed.body_sha256).decode()


def test_a_page_that_is_asked_for_whole_is_transferred_though_it_did_not_change(tmp_path: Path) -> None:
    """What is held against somebody is seen anew; everything else may be as it was."""
    counting = Counting()
    with Site(pages(counting)) as site:
        it = district(site.address)
        crawl(it, tmp_path / "1")
        counting.conditions.clear()
        (tmp_path / "2").mkdir()
        with ObservationStore(tmp_path / "2" / OBSERVATIONS) as store:
            ask_whole(store, [f"{HOME}a.html"])
        crawl(it, tmp_path / "2", since=sealed(tmp_path / "1"))
        assert counting.conditions
    with ObservationStore(tmp_path / "2" / OBSERVATIONS, readonly=True) as store:
        told = {f.url: f.outcome for f in store.latest_all() if f.purpose == "page"}
    assert told.pop(f"{HOME}a.html") is FetchOutcome.OK
    assert set(told.values()) == {FetchOutcome.NOT_MODIFIED}


def test_a_remembered_body_that_is_damaged_is_asked_for_again(tmp_path: Path) -> None:
    counting = Counting()
    with Site(pages(counting)) as site:
        it = district(site.address)
        crawl(it, tmp_path / "1")
        sealed(tmp_path / "1")
        with ObservationStore(tmp_path / "1" / OBSERVATIONS, readonly=True) as store:
            record = store.latest(f"{HOME}a.html")
        assert record is not None
        db = sqlite3.connect(tmp_path / "1" / OBSERVATIONS)
        db.execute("UPDATE bodies SET data = x'00' WHERE sha256 = ?", (record.body_sha256,))
        db.commit()
        db.close()
        crawl(it, tmp_path / "2", since=tmp_path / "1")
    with ObservationStore(tmp_path / "2" / OBSERVATIONS, readonly=True) as store:
        outcomes = [t.outcome for t in store.tries(f"{HOME}a.html")]
        assert outcomes == [FetchOutcome.ABORTED, FetchOutcome.OK]


def test_a_snapshot_that_is_still_open_is_no_memory(tmp_path: Path) -> None:
    with Site(pages(Counting())) as site:
        it = district(site.address)
        crawl(it, tmp_path / "1")
        with pytest.raises((StoreError, CrawlError)):
            crawl(it, tmp_path / "2", since=tmp_path / "1")
