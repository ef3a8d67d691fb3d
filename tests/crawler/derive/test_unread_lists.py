"""A list that was not seen whole is a gap, wherever the rest of it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checks.facts import ColumnState, Coverage, Fact, Page, PageKind, Row
from checks.gaps import DRIFT, gap_words
from checks.outcomes import FetchOutcome
from checks.tiny import tiny
from config.district import Column, ColumnClass
from crawler.derive.columns import Answer, Lookups, resolve

HOME = "http://www.example.gov.cn/"
LIST = HOME + "gzdt/"
INNER = HOME + "gzdt/inner.html"
NEWS = Column(column_id="gzdt", label="工作动态", path="/gzdt/", column_class=ColumnClass.DYNAMIC)
ROW = Row("召开会议", HOME + "gzdt/a.html", date(2026, 9, 20))


def page(*marks: tuple[str, str], url: str = LIST, **more) -> Page:
    facts = tuple(Fact(value, origin, value) for origin, value in marks)
    return Page(url, "a" * 64, "2026-09-30T01:00:00+00:00", PageKind.LIST, marks=facts, **more)


def state(front: Page, *others: Page, further: tuple[str, ...] = (), waf: str = "") -> ColumnState:
    pages = {p.url: p for p in (front, *others)}
    answers = {url: Answer(FetchOutcome.OK, url, 200) for url in pages}
    if waf:
        answers[waf] = Answer(FetchOutcome.WAF, waf, 412)
    lookups = Lookups(pages.get, answers.get, lambda u: further if u == front.url else (), lambda _: "")
    district = tiny(columns=[(NEWS, None)]).district
    return resolve(district, [], Coverage(complete=True), lookups, date(2026, 9, 30))[0]


def test_a_list_in_a_frame_that_was_blocked_is_a_gap() -> None:
    found = state(page(("frame", INNER)), waf=INNER)
    assert not found.coverage.complete
    assert found.coverage.gaps[0].url == INNER


def test_a_list_in_a_frame_that_was_seen_is_the_columns() -> None:
    found = state(page(("frame", INNER)), page(url=INNER, rows=(ROW,)))
    assert found.coverage.complete
    assert found.newest == replace(ROW, order=0)


def test_a_frame_beside_a_list_changes_nothing() -> None:
    weather = page(url=INNER, rows=(Row("今日天气", HOME + "w.html", date(2026, 9, 30)),))
    found = state(page(("frame", INNER), rows=(ROW,)), weather)
    assert found.coverage.complete
    assert found.row_count == 1


@pytest.mark.parametrize("mark", [("feed", LIST + "feed.xml"), ("frame", "https://elsewhere.example/list")])
def test_entries_that_are_published_elsewhere_leave_no_empty_column(mark: tuple[str, str]) -> None:
    assert not state(page(mark)).coverage.complete
    assert state(page(mark, rows=(ROW,))).coverage.complete


def test_a_page_that_stays_empty_after_its_scripts_ran_is_a_gap_unless_it_says_so() -> None:
    assert not state(page(needs_render=True, rendered=True)).coverage.complete
    assert state(page(("placeholder", "暂无数据"), needs_render=True, rendered=True)).coverage.complete
    assert state(page(rendered=True)).coverage.complete


@pytest.mark.parametrize(
    ("marks", "complete"),
    [
        ([("page-count", "18")], False),
        ([("script-pager", "javascript:go(2)")], False),
        ([("page-count", "1"), ("script-pager", "javascript:go(1)")], True),
    ],
)
def test_pages_that_only_a_script_turns(marks: list[tuple[str, str]], complete: bool) -> None:
    assert state(page(*marks, rows=(ROW,))).coverage.complete is complete
    second = page(url=LIST + "index_1.html", rows=(ROW,))
    assert state(page(*marks, rows=(ROW,)), second, further=(second.url,)).coverage.complete


FEED = LIST + "rss.xml"


def feed_page(*rows: Row, **more) -> Page:
    return page(url=FEED, reader="feed", rows=rows, **more)


@pytest.mark.parametrize("origin", ["feed", "declared-feed"])
def test_a_list_that_only_a_feed_shows_is_alive_but_not_seen_whole(origin: str) -> None:
    found = state(page((origin, FEED)), feed_page(ROW))
    assert found.newest == replace(ROW, order=0)
    assert FEED in found.list_pages
    assert not found.coverage.complete
    assert "RSS" in gap_words(found.coverage)


def test_a_feed_beside_a_list_changes_nothing() -> None:
    newer = replace(ROW, url=HOME + "gzdt/b.html", date=date(2026, 9, 29))
    found = state(page(("feed", FEED), rows=(ROW,)), feed_page(newer))
    assert found.coverage.complete
    assert found.row_count == 1


def test_the_feed_of_the_whole_site_is_no_columns_list() -> None:
    declared = ("declared-feed", FEED)
    found = state(page(declared), feed_page(ROW), page(declared, url=HOME))
    assert (found.row_count, found.coverage.complete) == (0, True)


def test_a_column_that_is_a_feed_shows_its_newest_entries_only() -> None:
    found = state(page(reader="feed", rows=(ROW,)))
    assert (found.row_count, found.coverage.complete) == (1, False)


def test_a_list_our_reader_no_longer_fits_is_neither_empty_nor_whole() -> None:
    found = state(page(("drift", "trs")))
    assert [g.outcome for g in found.coverage.gaps] == [DRIFT]
    assert "没有读出" in gap_words(found.coverage)
