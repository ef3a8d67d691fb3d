"""One spelling per page, never one spelling for two pages; spaces without end are recognised."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from crawler.urls import CALENDAR_PAGES, QUERIES_OF_MANY, Traps, attachment_type, host_of, in_scope, join, normalise

SUITE = Path(__file__).parents[2].parent / "shared" / "suites" / "wpt" / "urltestdata.json"

SAME = [
    ("HTTP://WWW.Example.GOV.cn:80/a/../b/./c.html#top", "http://www.example.gov.cn/b/c.html"),
    ("https://www.example.gov.cn:443", "https://www.example.gov.cn/"),
    ("http://a.cn/x.jsp;jsessionid=0A1B2C?id=3", "http://a.cn/x.jsp?id=3"),
    ("http://a.cn/x.php?PHPSESSID=abc&id=3", "http://a.cn/x.php?id=3"),
    ("http://a.cn/(S(abcdefghij0123456789abcd))/x.aspx", "http://a.cn/x.aspx"),
    ("http://a.cn/x?id=3&utm_source=wx&spm=1.2", "http://a.cn/x?id=3"),
    ("http://中国政府网.政务.cn/页", "http://xn--fiqs8sirgfmhq98a.xn--zfr164b.cn/%E9%A1%B5"),
]
DIFFERENT = [
    ("http://a.cn/x?a=1&b=2", "http://a.cn/x?b=2&a=1"),
    ("http://a.cn/x", "http://a.cn/x/"),
    ("http://a.cn/", "http://a.cn/index.html"),
    ("http://a.cn/X.html", "http://a.cn/x.html"),
    ("http://a.cn/x", "https://a.cn/x"),
    ("http://a.cn/x?sid=3", "http://a.cn/x"),
    ("http://a.cn/x?session=2026", "http://a.cn/x"),
    ("http://a.cn/x%2Fy", "http://a.cn/x/y"),
]


@pytest.mark.parametrize(("raw", "spelt"), SAME)
def test_one_page_has_one_spelling(raw: str, spelt: str) -> None:
    assert normalise(raw) == spelt
    assert normalise(spelt) == spelt


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_pages_are_never_merged(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    "raw", ["javascript:void(0)", "mailto:a@b.cn", "file:///etc/passwd", "http://", "http://a b/"]
)
def test_what_is_not_a_page_has_no_spelling(raw: str) -> None:
    assert normalise(raw) == ""


def test_joining_follows_the_page() -> None:
    base = "http://a.cn/zwgk/list.html?page=1"
    assert join(base, "./t1.html") == "http://a.cn/zwgk/t1.html"
    assert join(base, "../x/") == "http://a.cn/x/"
    assert join(base, "?page=2") == "http://a.cn/zwgk/list.html?page=2"
    assert join(base, "//b.cn/y") == "http://b.cn/y"
    assert join(base, "#top") == "" and join(base, "  ") == "" and join(base, "javascript:x()") == ""


def test_the_url_standard_is_kept() -> None:
    if not SUITE.is_file():
        pytest.skip("the suite of URL cases is not beside the checkout")
    wrong = []
    count = 0
    for case in json.loads(SUITE.read_text()):
        if not isinstance(case, dict) or not (case.get("base") or "").startswith("http"):
            continue
        reference = case["input"]
        wanted = "" if case.get("failure") else case["href"].partition("#")[0]
        if not reference.strip() or reference.strip().startswith("#"):
            continue  # the page itself, which is no link
        count += 1
        if join(case["base"], reference) != (wanted if wanted.startswith("http") else ""):
            wrong.append((case["base"], reference))
    assert count > 50
    assert wrong == []


def test_kinds_and_hosts() -> None:
    assert attachment_type("http://a.cn/f/通知.PDF?x=1") == "pdf"
    assert attachment_type("http://a.cn/f/x.html") == "" and attachment_type("http://a.cn/v1.2/") == ""
    assert host_of("http://WWW.a.cn:8080/x") == "www.a.cn"
    hosts = frozenset({"www.a.cn"})
    assert in_scope("http://www.a.cn/x", hosts) and not in_scope("http://www.a.cn.evil.com/", hosts)


@pytest.fixture
def traps() -> Traps:
    return Traps(date(2026, 7, 20))


def test_circles_are_traps(traps: Traps) -> None:
    assert traps.reason("http://a.cn/a/b/a/b/a/b/c.html") == "trap-repeat"
    assert traps.reason("http://a.cn/x/x/x/x.html") == "trap-repeat"
    assert traps.reason("http://a.cn/" + "y" * 3000) == "trap-length"
    assert traps.reason("http://a.cn/art/2023/7/7/art_7_7.html") == ""
    assert traps.reason("http://a.cn/zwgk/zfxxgk/fdzdgknr/zcwj/gfxwj/202607/t20260701_1.html") == ""


def test_calendars_without_end_are_traps(traps: Traps) -> None:
    assert traps.reason("http://a.cn/cal?year=2026&month=7") == ""
    assert traps.reason("http://a.cn/cal?year=2099&month=7") == "trap-calendar"
    days = [traps.reason(f"http://a.cn/day?date=202601{n:04}") for n in range(CALENDAR_PAGES + 2)]
    assert days[0] == "" and days[-1] == "trap-calendar"


def test_calendars_in_the_path_are_told_from_articles(traps: Traps) -> None:
    days = [f"http://a.cn/rili/202{y}/{m}/{d}.html" for y in (5, 6) for m in range(1, 13) for d in range(1, 29)]
    reasons = [traps.reason(url) for url in days]
    assert reasons.count("") == CALENDAR_PAGES
    assert set(reasons) == {"", "trap-calendar"}
    articles = [traps.reason(f"http://a.cn/events/202601/t20260102_{n}.html") for n in range(CALENDAR_PAGES + 50)]
    assert set(articles) == {""}
    assert traps.reason("http://a.cn/huodong/2027/12/") == ""
    assert traps.reason("http://a.cn/huodong/2031/05/") == "trap-calendar"
    assert traps.reason("http://a.cn/zwgk/2031/2032/index.html") == ""


def test_filters_that_combine_are_traps_but_paging_is_not(traps: Traps) -> None:
    paging = {traps.reason(f"http://a.cn/list.jsp?id={c}&page={p}") for c in range(10) for p in range(300)}
    assert paging == {""}
    filters = [traps.reason(f"http://a.cn/s?a={n}&b={n % 7}&c={n % 5}") for n in range(QUERIES_OF_MANY + 1)]
    assert filters[0] == "" and filters[-1] == "trap-query"
