"""Load times over the network: three good tries a page, kept as evidence, read back on derivation."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from browser_site import Answer, Site, page

from config.district import District
from crawler import loads
from crawler.browser import timing
from crawler.browser.gather import gather
from crawler.browser.plan import Plan, make_plan
from crawler.loads import load_times
from crawler.store import ObservationStore

pytestmark = pytest.mark.browser


def test_pages_are_loaded_three_times_from_the_network_and_once_measured_left_alone(
    district: Callable[..., District], site: Site, snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "BUSY_MS", 60_000)  # a loaded test machine must not decide
    monkeypatch.setattr(loads, "SLOW_MS", 60_000)
    site.pages["/"] = page('<main><h1>首页</h1><img src="/slow.png" alt="图"></main>')
    site.pages["/gone.html"] = Answer("没有", status=404)
    plan = Plan(timed=(site.url("/"), site.url("/gone.html")))
    reports = []
    gather(district(), snapshot, plan, on_progress=reports.append)
    with ObservationStore(snapshot / "observations.sqlite", readonly=True) as store:
        found = load_times(store)
    assert list(found) == [site.url("/")]
    assert len(found[site.url("/")]) == 3 and all(ms > 0 for ms in found[site.url("/")])
    assert site.paths().count("/slow.png") == 3, "each try has an empty cache"
    assert [r.done for r in reports] == [1, 2]
    before = len(site.paths())
    gather(district(), snapshot, Plan(timed=(site.url("/"),)))
    assert len(site.paths()) == before


def test_where_a_plain_page_takes_a_second_nothing_is_measured(
    district: Callable[..., District], site: Site, snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "BUSY_MS", 60_000)
    monkeypatch.setattr(loads, "SLOW_MS", -1)
    site.pages["/"] = page("<main><h1>首页</h1></main>")
    gather(district(), snapshot, Plan(timed=(site.url("/"),)))
    with ObservationStore(snapshot / "observations.sqlite", readonly=True) as store:
        assert list(store.artifacts("load")), "the measurement itself is kept"
        assert load_times(store) == {}


def test_tries_of_a_busy_machine_are_thrown_away(
    district: Callable[..., District], site: Site, snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "BUSY_MS", -1)
    site.pages["/"] = page("<main><h1>首页</h1></main>")
    gather(district(), snapshot, Plan(timed=(site.url("/"),)))
    with ObservationStore(snapshot / "observations.sqlite", readonly=True) as store:
        assert load_times(store) == {}


async def _hold(seconds: float) -> float:
    async with timing.ticking() as ticks:
        await asyncio.sleep(0)
        time.sleep(seconds)
        await asyncio.sleep(0.1)
    return ticks.late_ms


def test_a_late_clock_is_noticed() -> None:
    assert asyncio.run(_hold(0.4)) >= 250


def test_the_plan_times_what_it_is_told_once() -> None:
    plan = make_plan("http://a.cn/", [], [], [], [], 0, 1, timed=["http://a.cn/", "http://a.cn/", "http://a.cn/b"])
    assert plan.timed == ("http://a.cn/", "http://a.cn/b")
