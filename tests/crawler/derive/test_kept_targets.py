"""Link targets are gathered once on deriving: counted in full, placed in order, and gathered again only for cause."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.facts import Link, Page, PageKind, Region, Target
from checks.outcomes import FetchOutcome
from config.district import District, Site
from crawler.derive.copies import keep_copies
from crawler.derive.store import FactsStore
from crawler.derive.targets import KEPT_OF_GOOD, KEPT_PLACES, TARGETS, Answers, keep_targets
from crawler.observations import FetchRecord
from crawler.store import ObservationStore

HOME = "http://www.example.gov.cn/"
GOOD, DEAD, OTHER = f"{HOME}good.html", f"{HOME}dead.pdf", "http://shop.example.com/"
DISTRICT = District(
    id="d",
    name="示例区",
    full_name="示例区",
    office="办公室",
    portal_owner="zfb",
    standards=(),
    site=Site(name="示例区", home=HOME, main_host="www.example.gov.cn"),
)


def page(url: str) -> Page:
    return Page(url, "0" * 64, "2026-09-29T12:00:00Z", PageKind.ARTICLE)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[ObservationStore, FactsStore]]:
    with ObservationStore(tmp_path / "observations.sqlite") as store, FactsStore(tmp_path / "facts.sqlite") as facts:
        store.record(FetchRecord(GOOD, "www.example.gov.cn", FetchOutcome.OK, status=200, final_url=GOOD))
        store.record(FetchRecord(DEAD, "www.example.gov.cn", FetchOutcome.GONE, status=404, final_url=DEAD))
        links = (
            Link(GOOD, "正常", Region.NAVIGATION),
            Link(DEAD, "附件", kind="attachment", hidden="0px", locator="p>a"),
            Link(OTHER, "外部"),
            Link("mailto:a@example.gov.cn", "邮箱", kind="mail"),
            Link(GOOD, "再次"),
        )
        for number in range(24, -1, -1):  # stored in another order than that of their addresses
            facts.put_page(page(f"{HOME}p{number:02d}.html" if number else HOME), links, f"key{number}")
        facts.set_meta("home", HOME)
        yield store, facts


def kept(stores: tuple[ObservationStore, FactsStore]) -> dict[str, Target]:
    return {t.url: t for t in stores[1].site(TARGETS, Target)}


def test_a_page_under_a_second_host_counts_its_links_once(stores: tuple[ObservationStore, FactsStore]) -> None:
    store, facts = stores
    links = (Link(DEAD, "附件", kind="attachment"),)
    for url, key in (
        ("http://portal.example.gov.cn/", "key0"),  # the home page again
        ("http://portal.example.gov.cn/own.html", "key0"),  # the same bytes elsewhere are a page of their own
        ("http://portal.example.gov.cn/p01.html", "other"),  # the same address with other content too
        ("http://elsewhere.gov.cn/", "key0"),  # not of this site
    ):
        facts.put_page(page(url), links, key)
    site = Site(name="示例区", home=HOME, main_host="www.example.gov.cn", hosts=("portal.example.gov.cn",))
    district = DISTRICT.model_copy(update={"site": site})
    keep_copies(district, facts)
    assert facts.copies() == {"http://portal.example.gov.cn/"}
    assert "http://portal.example.gov.cn/" not in [p.url for p in facts.pages()]
    assert facts.page("http://portal.example.gov.cn/") is not None  # whoever asks for it is answered
    assert keep_targets(district, facts, store, Answers(store))
    found = kept(stores)[DEAD]
    assert found.place_count == 25 + 3
    assert "http://portal.example.gov.cn/" not in {p.url for p in found.places}


def test_targets_are_counted_whole_and_placed_in_order_of_page(stores: tuple[ObservationStore, FactsStore]) -> None:
    store, facts = stores
    assert keep_targets(DISTRICT, facts, store, Answers(store))
    found = kept(stores)
    assert list(found) == sorted([GOOD, DEAD, OTHER])
    dead = found[DEAD]
    assert (dead.kind, dead.internal, dead.outcome, dead.status) == ("attachment", True, FetchOutcome.GONE, 404)
    assert (dead.place_count, len(dead.places), len(dead.tries), dead.on_home) == (25, 25, 1, True)
    assert [p.url for p in dead.places[:2]] == [HOME, f"{HOME}p01.html"]
    assert (dead.places[0].hidden, dead.places[0].locator) == ("0px", "p>a")
    good = found[GOOD]
    assert (good.place_count, len(good.places)) == (50, KEPT_OF_GOOD)
    assert [p.text for p in good.places[:2]] == ["正常", "再次"]
    assert good.regions == (Region.CONTENT, Region.NAVIGATION)
    assert (found[OTHER].kind, found[OTHER].outcome, len(found[OTHER].places)) == ("external", None, KEPT_PLACES)


def test_nothing_is_gathered_again_until_a_page_or_an_answer_is_new(
    stores: tuple[ObservationStore, FactsStore],
) -> None:
    store, facts = stores
    assert keep_targets(DISTRICT, facts, store, Answers(store))
    assert not keep_targets(DISTRICT, facts, store, Answers(store))
    store.record(FetchRecord(OTHER, "shop.example.com", FetchOutcome.OK, status=200, final_url=OTHER))
    assert keep_targets(DISTRICT, facts, store, Answers(store))
    assert kept(stores)[OTHER].outcome is FetchOutcome.OK
    facts.put_page(page(f"{HOME}p01.html"), (), "another key")
    assert keep_targets(DISTRICT, facts, store, Answers(store))
    assert kept(stores)[DEAD].place_count == 24
