"""How much of the site was seen: what does not exist is neither known nor fetched."""

from __future__ import annotations

from checks.outcomes import FetchOutcome
from checks.tiny import tiny
from crawler.derive.coverage import page_gaps, site_coverage

HOST = "http://www.example.gov.cn/"


def test_pages_that_do_not_exist_do_not_count_as_fetched() -> None:
    frontier = [(f"{HOST}{n}.html", "done", "") for n in range(4)]
    outcomes = {
        f"{HOST}0.html": FetchOutcome.OK,
        f"{HOST}1.html": FetchOutcome.GONE,
        f"{HOST}2.html": FetchOutcome.SOFT_404,
        f"{HOST}3.html": FetchOutcome.TIMEOUT,
    }
    known, gaps = page_gaps(tiny().district, frontier, outcomes)
    assert known == 2
    assert [gap.url for gap in gaps] == [f"{HOST}3.html"]
    assert not site_coverage((), known, gaps).complete


def test_a_page_not_visited_is_a_gap() -> None:
    frontier = [(f"{HOST}a.html", "pending", ""), (f"{HOST}b.html", "skipped", "robots")]
    known, gaps = page_gaps(tiny().district, frontier, {})
    assert known == 2
    assert [gap.outcome for gap in gaps] == ["unvisited", "robots"]
