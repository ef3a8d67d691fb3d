"""Pages that a script shows under one address, told apart by what follows its #. A server never hears of them.

The browser opens them one by one, up to a bound; what it did not open is a gap like any page that was not fetched.
"""

from __future__ import annotations

from checks.facts import Gap, Page, PageKind
from checks.gaps import LEFT_OUT, ROUTE
from config.district import District
from crawler.derive.columns import host_of
from crawler.derive.store import FactsStore

AT_ONCE = 150  # routes opened in one pass of the browser


def is_route(url: str) -> bool:
    """Stored addresses carry a fragment only where it names such a page."""
    return "#" in url


def routes_of(district: District, facts: FactsStore) -> tuple[int, tuple[str, ...]]:
    """(how many routes the site's pages link to, those not opened yet, the most linked-to kinds first).

    Lists come before single pages: a route with a longer last part is more likely one of many alike.
    """
    hosts = district.own_hosts()
    known = [url for _, url in facts.target_urls() if is_route(url) and host_of(url) in hosts]
    unseen = [url for url in known if facts.page(url) is None]
    return len(known), tuple(sorted(unseen, key=lambda url: (url.count("/"), len(url), url)))


def gaps_of(unseen: tuple[str, ...]) -> list[Gap]:
    return [Gap(url, ROUTE, LEFT_OUT[ROUTE]) for url in unseen]


def hollow(page: Page, labels: int) -> bool:
    """A page of which nothing but a script was seen: without rendering, not even its menu is known."""
    return page.needs_render and not page.rendered and labels == 0 and page.kind is not PageKind.ARTICLE
