"""Every way in which a request can end occurs in the replica, crawled for real from a page with links."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from audit.demo.build import replica
from audit.demo.endings import ELSEWHERE, LINKED, METADATA, NEVER, PAGE
from audit.demo.model import WAF, WWW
from audit.demo.server import Address, serving
from checks.outcomes import FetchOutcome as F
from config.district import Crawl, District, Site, Unit, UnitGroup
from config.load import load_district
from crawler.observations import OBSERVATIONS
from crawler.run import crawl
from crawler.seal import seal
from crawler.store import ObservationStore

DEMO = load_district("demo")
FRONT = f"http://{WWW}{PAGE}"


def small(address: Address, home: str = FRONT) -> District:
    """A district of nothing but the page with the links: everything else is somebody else's host."""
    host = urlsplit(home).hostname or ""
    return District(
        id="endings",
        name="示例",
        full_name="示例",
        office="示例",
        portal_owner="zfb",
        standards=("s",),
        site=Site(name="示例", home=home, main_host=host, exclude=(rf"^http://{WWW}/(?!wzdh/)",)),
        crawl=Crawl(rate=Decimal(1000), timeout_s=1, max_minutes=2),
        resolve=dict.fromkeys(DEMO.resolve, str(address)),
        units=(Unit(unit_id="zfb", name_short="示例", group=UnitGroup.DEPARTMENT),),
    )


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, F], dict[str, F]]:
    """Outcomes by address of a first crawl, and of a second one that knows the first."""
    found = []
    with serving() as address:
        since: Path | None = None
        for _ in range(2):
            folder = tmp_path_factory.mktemp("endings")
            crawl(small(address), folder, since=since)
            with ObservationStore(folder / OBSERVATIONS) as store:
                found.append({f.url: f.outcome for f in store.latest_all()})
                seal(store)
            since = folder
    return found[0], found[1]


def test_every_outcome_is_planted_or_excused_with_a_reason() -> None:
    planted = {e.outcome for e in (*LINKED, *ELSEWHERE)}
    assert planted | NEVER.keys() == set(F)
    assert not planted & NEVER.keys()
    assert all(len(reason) > 20 for reason in NEVER.values())


@pytest.mark.parametrize("ending", LINKED, ids=lambda e: str(e.outcome))
def test_a_request_ends_as_planted(crawled: tuple[dict[str, F], dict[str, F]], ending: object) -> None:
    assert crawled[0][ending.url] is ending.outcome  # type: ignore[attr-defined]


def test_a_redirect_to_the_metadata_service_is_refused(crawled: tuple[dict[str, F], dict[str, F]]) -> None:
    assert crawled[0][METADATA] is F.REDIRECT_REFUSED


def test_nothing_has_changed_when_it_is_asked_again(crawled: tuple[dict[str, F], dict[str, F]]) -> None:
    assert crawled[1][FRONT] is F.NOT_MODIFIED


def test_what_other_modules_plant_is_there() -> None:
    made = replica()
    statuses = {}
    for ending in ELSEWHERE:
        parts = urlsplit(ending.url)
        answer = made.find(parts.hostname or "", parts.path)
        statuses[ending.outcome] = answer.status if answer is not None else None
    assert statuses == {F.GONE: None, F.DNS: None, F.WAF: 412, F.ROBOTS: None, F.WRONG_TYPE: 200}
    assert made.find(WAF, "/gzdt/") is not None


def test_every_linked_host_is_led_to_loopback() -> None:
    hosts = {urlsplit(e.url).hostname for e in LINKED if e.outcome is not F.PRIVATE_ADDRESS}
    assert hosts <= DEMO.resolve.keys()
    assert not DEMO.crawl.allow_private, "a name that is not mapped must not lead into this machine's network"
