"""How much of the site was seen: what does not exist is neither known nor fetched."""

from __future__ import annotations

from dataclasses import replace

from checks.facts import ColumnState, Coverage, Gap
from checks.outcomes import FetchOutcome, Reason
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


def test_a_column_at_another_unit_hides_no_page() -> None:
    found = ColumnState("budget", url=f"{HOST}cz/ys/", coverage=Coverage(False, 1, 1, (_at_another(),)))
    assert site_coverage((found,), 4, ()).complete
    unread = replace(
        found, found_label="预决算", coverage=Coverage(False, 2, 1, (Gap(HOST, "timeout"), _at_another()))
    )
    broken = site_coverage((unread,), 4, ())
    assert not broken.complete
    assert broken.note == "已取回4/4页，0/1个栏目列表走完，没有走完的如“预决算”"


def _at_another() -> Gap:
    return Gap(f"{HOST}cz/ys/", str(Reason.AMBIGUOUS_OWNER), "只在另一单位的栏目下找到同名栏目")
