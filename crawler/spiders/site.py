"""The site spider: the whole portal and the department hosts, breadth first, and every link target once."""

from __future__ import annotations

from collections.abc import Iterable

from checks.facts import Region
from crawler.deepreads import CONTROL, READ
from crawler.extract.discover import discover
from crawler.observations import FrontierItem
from crawler.sitemaps import read_sitemap
from crawler.spiders.base import FrontierSpider
from crawler.urls import host_of, normalise
from crawler.visit import Ended, Visit


class SiteSpider(FrontierSpider):
    """`scrapy crawl site -a district=FOLDER_OR_ID -a snapshot=FOLDER`."""

    name = "site"
    purposes = frozenset({"page", "attachment", "robots", "sitemap", "link", "external", READ, CONTROL})

    def seeds(self) -> Iterable[FrontierItem]:
        return self.scope.seeds()

    def read(self, visit: Visit, ended: Ended) -> list[FrontierItem]:
        item, record = visit.item, ended.record
        if item.purpose == "robots":
            return self._sitemaps(item, self.robots.sitemaps(item.host))
        if item.purpose == "sitemap":
            return self._sitemap(item, ended.body)
        if item.purpose != "page" or host_of(record.final_url) not in self.scope.hosts:
            return []
        known = self.frontier.known
        discovery = discover(ended.body, record.final_url, record.content_type, known)
        return self.scope.found(item.url, item.depth, discovery, known)

    def _sitemaps(self, item: FrontierItem, urls: Iterable[str]) -> list[FrontierItem]:
        found = [normalise(u) for u in urls]
        return [
            FrontierItem(u, host_of(u), item.depth + 1, "sitemap", item.url, priority=item.priority + 1)
            for u in dict.fromkeys(found)
            if host_of(u) in self.scope.hosts
        ]

    def _sitemap(self, item: FrontierItem, body: bytes) -> list[FrontierItem]:
        urls, further = read_sitemap(body)
        if further:
            return self._sitemaps(item, urls[:200]) if item.depth < 3 else []
        known = self.frontier.known
        fresh = dict.fromkeys(u for u in map(normalise, urls) if u and u not in known)
        return [
            self.scope.place(u, item.url, 1, "", "page", Region.CONTENT)
            for u in fresh
            if host_of(u) in self.scope.hosts
        ]
