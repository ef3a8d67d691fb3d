"""The pass through a WebDriver endpoint: chromedriver on loopback speaks what a grid speaks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browser_site import Answer, Site, page
from selenium.webdriver.chrome.service import Service

from checks.facts import AxePage
from config.district import District
from crawler.browser import axe
from crawler.browser.gather import gather
from crawler.browser.grid import GridMissing
from crawler.browser.plan import Plan, PlannedPage
from crawler.browser.traffic import kept_traffic
from crawler.store import ObservationStore

pytestmark = pytest.mark.browser

Make = Callable[..., District]


@pytest.fixture(scope="module")
def grid() -> Iterator[str]:
    path = shutil.which("chromedriver")
    assert path, "没有 chromedriver，请安装：apt-get install -y chromium-driver"
    service = Service(path)
    service.start()
    yield service.service_url
    service.stop()


def plan_of(*urls: str) -> Plan:
    return Plan(axe=tuple(PlannedPage(u, "t", "模板抽样") for u in urls))


def results_of(snapshot: Path) -> dict[str, AxePage]:
    with ObservationStore(snapshot / "observations.sqlite", readonly=True) as store:
        return {a.url: axe.decode(store.body(a.sha256)) for a in store.artifacts("axe")}


SENT = ("/p", "/x.png", "/f", "/favicon.ico")


def asked(snapshot: Path) -> int:
    """Requests that the browsers sent to the site's host, as the snapshot tells."""
    with ObservationStore(snapshot / "observations.sqlite", readonly=True) as store:
        return sum(host.requests for host in kept_traffic(store).values())


def bare(result: AxePage) -> AxePage:
    """Without what differs between two looks at a page: time and pictures."""
    rules = tuple(replace(r, screenshot="") for r in result.rules)
    return replace(result, fetched_at="", screenshot="", rules=rules)


def test_grid_and_local_browser_give_the_same_facts(site: Site, district: Make, tmp_path: Path, grid: str) -> None:
    site.pages["/p"] = page(
        '<main><h1>演示</h1><img src="/x.png" width="9" height="9"><input name="q"><p style="color:#bbb">浅色小字</p>'
        '<iframe title="页脚" src="/f"></iframe></main>'
    )
    site.pages["/f"] = page('<a href="/empty"></a>')
    url = site.url("/p")
    there = gather(district(grid_url=grid), tmp_path / "grid", plan_of(url))
    gather(district(), tmp_path / "local", plan_of(url))
    remote, local = (results_of(tmp_path / where)[url] for where in ("grid", "local"))
    assert there.lost == ()
    assert bare(remote) == bare(local)
    assert asked(tmp_path / "grid") == asked(tmp_path / "local") == len(SENT)
    found = {r.rule: r for r in remote.rules if r.result == "violation"}
    assert set(found) == {"color-contrast", "image-alt", "label", "link-name"}
    assert remote.screenshot
    assert all(r.screenshot for rule, r in found.items() if rule != "link-name")  # an empty link has no box


def test_a_page_that_fails_on_the_grid_loses_only_itself(
    site: Site, district: Make, snapshot: Path, grid: str
) -> None:
    site.pages["/alert"] = page("<main><h1>提示</h1></main><script>alert('欢迎')</script>")
    site.pages["/inside"] = Answer(status=302, headers={"Location": "http://127.0.0.1:9/"})
    site.pages["/a"] = page("<main><h1>正常</h1></main>")
    urls = [site.url(p) for p in ("/inside", "/missing", "/alert", "/a")]
    summary = gather(district(grid_url=grid), snapshot, plan_of(*urls))
    results = results_of(snapshot)
    assert [u for u, _ in summary.lost] == urls[:2]
    assert [results[u].ok for u in urls] == [False, False, True, True]
    assert summary.browser == ""  # nothing was left for a local browser


def test_a_grid_that_does_not_answer_says_so(site: Site, district: Make, snapshot: Path) -> None:
    with pytest.raises(GridMissing, match="Selenium Grid 无法使用"):
        gather(district(grid_url="http://127.0.0.1:9"), snapshot, plan_of(site.url("/")))
