"""What belongs to the navigation: an entry of a list leads to no column."""

from __future__ import annotations

from datetime import date

from checks.facts import Link, Page, PageKind, Row
from checks.outcomes import FetchOutcome
from checks.tiny import HOME, tiny
from crawler.derive.columns import Answer
from crawler.derive.navigation import read_navigation

NEWS, ITEM = Link(f"{HOME}xw/", "要闻"), Link(f"{HOME}xw/1.html", "我县召开工作会议")


def test_a_blocked_entry_is_no_gap_of_the_navigation() -> None:
    row = Row(ITEM.text, ITEM.url, date(2026, 9, 1))
    home = Page(HOME, "", "", PageKind.HOME, rows=(row,))
    pages = {HOME: home, NEWS.url: Page(NEWS.url, "", "", PageKind.LIST)}
    links = {HOME: (NEWS, ITEM)}
    answers = {ITEM.url: Answer(FetchOutcome.WAF, ITEM.url), NEWS.url: Answer(FetchOutcome.OK, NEWS.url)}
    found, coverage = read_navigation(home, tiny().district, pages.get, lambda u: links.get(u, ()), answers.get)
    assert coverage.complete and NEWS in found
    undated = Page(HOME, "", "", PageKind.HOME, rows=(Row(ITEM.text, ITEM.url),))
    pages[HOME] = undated
    _, coverage = read_navigation(undated, tiny().district, pages.get, lambda u: links.get(u, ()), answers.get)
    assert not coverage.complete
