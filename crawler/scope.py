"""Which links become requests, for what purpose, and in which order."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date
from urllib.parse import urlsplit

from checks.facts import Region
from config.district import District
from crawler.clock import now_utc
from crawler.extract.discover import Discovery
from crawler.observations import FrontierItem
from crawler.store import ObservationStore
from crawler.urls import Traps, attachment_type, host_of, is_image, join, normalise

HOME, COLUMN, SITEMAP, LIST, PAGE, ARTICLE, ATTACHMENT, LINK, EXTERNAL = 10, 20, 25, 30, 100, 200, 300, 400, 500
_ARTICLE = re.compile(
    r"/t?\d{8}_\d+|/art_\d+_\d+|/(?:content|post|article|info)[/_](?:\S*_)?\d+|[0-9a-f]{24,}|/20\d\d[/-]?\d\d?/", re.I
)
_MEDIA = frozenset(
    {"mp3", "mp4", "wav", "wma", "flv", "avi", "mov", "wmv", "m4a", "m3u8", "webm", "exe", "apk", "swf"}
)
_LABELS_OF_MAP = ("网站地图", "站点地图")


class Scope:
    """The district's scope. `today` bounds calendars."""

    def __init__(self, district: District, today: date) -> None:
        self.hosts = district.own_hosts()
        self._district = district
        self._exclude = [re.compile(p) for p in district.site.exclude]
        self._traps = Traps(today)
        self._max_depth = district.crawl.max_depth

    def seeds(self) -> list[FrontierItem]:
        """Where the crawl starts: robots, home, fronts of hosts, expected columns, the site map."""
        site = self._district.site
        home = normalise(site.home)
        scheme, other = ("https", "http") if home.startswith("https:") else ("http", "https")
        items = [_item(f"{scheme}://{_authority(h, home)}/robots.txt", "robots", 0) for h in sorted(self.hosts)]
        items.append(_item(home, "page", HOME))
        for host in sorted(self.hosts):
            items.append(_item(f"{scheme}://{_authority(host, home)}/", "page", HOME + 1))
            items.append(_item(f"{other}://{host}/", "link", LINK))
            items.append(_item(f"{scheme}://{_authority(host, home)}/sitemap.xml", "sitemap", SITEMAP))
        paths = [(c.path, c.label) for c in self._district.columns if c.path]
        paths += [(u, unit.name_short) for unit in self._district.units for u in unit.column_urls]
        for path, label in paths:
            url = join(home, path)
            if host_of(url) in self.hosts:
                items.append(_item(url, "page", COLUMN, depth=1, referrer=home, anchor=label))
            elif url and self._district.crawl.external_links:
                items.append(_item(url, "external", EXTERNAL, depth=1, referrer=home, anchor=label))
        return list({i.url: i for i in reversed(items)}.values())[::-1]

    def found(self, page: str, depth: int, discovery: Discovery, known: Container[str]) -> list[FrontierItem]:
        """New frontier items of one page, in document order; those not to be followed come as skipped."""
        items: dict[str, FrontierItem] = {}
        for link in discovery.links:
            if link.url in known:
                continue
            url = normalise(link.url)
            if not url or url in known or url in items:
                continue
            items[url] = self.place(url, page, depth, link.text, link.kind, link.region)
        for raw in discovery.list_pages:
            url = normalise(raw)
            if url and url not in known:
                found = self.place(url, page, depth, "", "page", Region.CONTENT, following=True)
                items[url] = items[url] if url in items and items[url].state == "skipped" else found
        return list(items.values())

    def place(
        self, url: str, page: str, depth: int, text: str, kind: str, region: Region, *, following: bool = False
    ) -> FrontierItem:
        """Purpose, priority and depth of one URL. Further pages of a list stand as deep as the list."""
        own = host_of(url) in self.hosts
        if not own:
            state = "pending" if self._district.crawl.external_links else "skipped"
            reason = "" if state == "pending" else "external"
            return _item(url, "external", EXTERNAL, depth + 1, page, text, state, reason)
        if any(p.search(url) for p in self._exclude):
            return _item(url, "page", PAGE, depth + 1, page, text, "skipped", "excluded")
        suffix = attachment_type(url)
        if suffix in _MEDIA or kind == "image" or is_image(url):
            return _item(url, "link", LINK, depth + 1, page, text)
        if suffix or kind == "attachment":
            return _item(url, "attachment", ATTACHMENT, depth + 1, page, text)
        level = depth if following else depth + 1
        reason = "budget-depth" if level > self._max_depth else self._traps.reason(url)
        if reason:
            return _item(url, "page", PAGE, level, page, text, "skipped", reason)
        return _item(url, "page", _priority(url, level, text, region, following), level, page, text)


def _priority(url: str, level: int, text: str, region: Region, following: bool) -> int:
    if any(label in text for label in _LABELS_OF_MAP):
        return SITEMAP
    if following:
        return LIST + min(level, 60)
    if level == 1 and region is Region.NAVIGATION:
        return COLUMN + 1
    return (ARTICLE if _ARTICLE.search(url) else PAGE) + min(level, 99)


def _item(
    url: str,
    purpose: str,
    priority: int,
    depth: int = 0,
    referrer: str = "",
    anchor: str = "",
    state: str = "pending",
    reason: str = "",
) -> FrontierItem:
    return FrontierItem(url, host_of(url), depth, purpose, referrer, anchor, state, reason, priority)


def _authority(host: str, home: str) -> str:
    """The home page's own port holds for its host."""
    parts = urlsplit(home)
    return parts.netloc if parts.hostname == host else host


def admit(store: ObservationStore, district: District, page: str, discovery: Discovery) -> int:
    """Queue the links of a page that was rendered after the crawl; returns how many are new."""
    answer = store.latest(page)
    scope = Scope(district, now_utc().date())
    return store.add_pending(*scope.found(page, answer.depth if answer else 1, discovery, frozenset()))
