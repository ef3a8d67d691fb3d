from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser_site import HOST, Site, serve

from config.district import Browser, Crawl, District
from config.district import Site as ConfiguredSite
from crawler.browser.finder import find_browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests fail and say what to install, unless it is stated that none is wanted."""
    if os.environ.get("GOVAUDIT_NO_BROWSER") == "1":
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="GOVAUDIT_NO_BROWSER=1"))


@pytest.fixture(scope="session")
def program() -> str:
    return find_browser().path


@pytest.fixture
def site() -> Iterator[Site]:
    with serve(Site()) as running:
        yield running


@pytest.fixture
def district(site: Site, program: str) -> Callable[..., District]:
    def make(*, timeout_s: int = 20, **browser: object) -> District:
        return District(
            id="demo",
            name="演示区",
            full_name="演示区",
            office="演示区人民政府办公室",
            portal_owner="office",
            standards=("gov-site-2019",),
            site=ConfiguredSite(name="演示区人民政府", home=site.url("/"), main_host=HOST),
            crawl=Crawl(rate=1000),
            browser=Browser(**{"executable": program, "timeout_s": timeout_s} | browser),
            resolve={HOST: site.address},
        )

    return make


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    return tmp_path / "snapshot"
