"""A column that shows its entries in a feed alone, crawled and derived for real."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from crawl_setup import HOME, district, observe
from servers import Site, page, reply

from checks.snapshot import SHANGHAI
from config.district import Column, ColumnClass
from crawler.derive.run import derive
from crawler.derive.snapshot import StoredSnapshot

NEWS = Column(column_id="gzdt", label="工作动态", path="/gzdt/", column_class=ColumnClass.DYNAMIC)
FRONT = """<!doctype html><html><head><title>工作动态</title>
<link rel="alternate" type="application/rss+xml" href="/rss/12.xml"></head>
<body><div class="main"><h1>工作动态</h1><p>本栏目请用阅读器订阅，地址见页面标头。</p></div></body></html>"""
FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>工作动态</title>
<item><title>示例县召开防汛工作会议</title><link>/gzdt/1.html</link>
<pubDate>Fri, 18 Sep 2026 02:00:00 GMT</pubDate></item>
<item><title>示例县开展秋季造林活动</title><link>/gzdt/2.html</link>
<pubDate>Thu, 10 Sep 2026 02:00:00 GMT</pubDate></item>
</channel></rss>"""
AS_OF = datetime(2026, 9, 30, 18, 0, tzinfo=SHANGHAI)


def test_a_declared_feed_is_fetched_read_and_followed(tmp_path: Path) -> None:
    pages = {
        "/": page("示例县人民政府", "/gzdt/"),
        "/gzdt/": reply(FRONT),
        "/rss/12.xml": reply(FEED, kind="application/rss+xml"),
        "/gzdt/1.html": page("示例县召开防汛工作会议"),
        "/gzdt/2.html": page("示例县开展秋季造林活动"),
    }
    with Site(pages) as site:
        it = district(site.address, columns=(NEWS,))
        observe(tmp_path, it)
        assert {"/gzdt/1.html", "/gzdt/2.html"} <= set(site.paths())
    derive(it, tmp_path, AS_OF)
    with StoredSnapshot(tmp_path, it, AS_OF) as snapshot:
        state = snapshot.column("gzdt")
        assert state is not None
        assert [(r.title, str(r.date)) for r in state.rows] == [
            ("示例县召开防汛工作会议", "2026-09-18"),
            ("示例县开展秋季造林活动", "2026-09-10"),
        ]
        assert state.list_pages == (f"{HOME}gzdt/", f"{HOME}rss/12.xml")
        assert not state.coverage.complete
