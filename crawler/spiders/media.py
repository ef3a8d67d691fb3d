"""The media spider: the account and article addresses of the new-media ledger, each asked once and politely.

Pages of platforms are looked at like a reader's click would: one request each, no following, no log-in. Pictures of
the portal's matrix page are fetched because the QR codes of accounts stand in them.
"""

from __future__ import annotations

from collections.abc import Iterable

from crawler.extract.nesting import parsed
from crawler.observations import FrontierItem
from crawler.scope import EXTERNAL
from crawler.spiders.base import FrontierSpider
from crawler.urls import host_of, is_image, join, normalise
from crawler.visit import Ended, Visit

MAX_IMAGES = 300  # of one matrix page
MAX_ARTICLES = 3  # newest posts of one account that are looked at


class MediaSpider(FrontierSpider):
    """`scrapy crawl media -a district=FOLDER_OR_ID -a snapshot=FOLDER`; after the site spider."""

    name = "media"
    purposes = frozenset({"account"})

    def seeds(self) -> Iterable[FrontierItem]:
        urls: dict[str, str] = {}
        for account in self.district.accounts or ():
            urls.setdefault(normalise(account.url), account.name)
        for export in self.district.exports:
            newest = sorted((p for p in export.posts if p.url and not p.deleted), key=lambda p: p.published)
            for post in newest[-MAX_ARTICLES:]:
                urls.setdefault(normalise(post.url), post.title)
        items = [_account(url, anchor=name) for url, name in urls.items() if url]
        return items + [_account(url) for url in self._matrix_pictures()]

    def open_frontier(self) -> None:
        for item in self.seeds():
            self.store.repurpose(item.url, item.purpose)
        super().open_frontier()

    def _matrix_pictures(self) -> list[str]:
        """Pictures on matrix pages that the site spider saw."""
        home = self.district.site.home
        fronts = {join(home, c.path) for c in self.district.columns if c.role == "matrix" and c.path}
        labels = {n for c in self.district.columns if c.role == "matrix" for n in (c.label, *c.aliases)}
        fronts |= {i.url for i in self.store.frontier() if i.purpose == "page" and i.anchor.strip() in labels}
        found: dict[str, None] = {}
        for front in sorted(fronts):
            record = self.store.latest(front)
            if record is None or not record.outcome.seen or not record.body_sha256:
                continue
            for url in pictures(self.store.body(record.body_sha256), record.final_url or front):
                if host_of(url) in self.scope.hosts:
                    found.setdefault(url)
        return list(found)[:MAX_IMAGES]

    def read(self, visit: Visit, ended: Ended) -> list[FrontierItem]:
        return []


def pictures(body: bytes, url: str) -> list[str]:
    """Addresses of a page's pictures, in document order."""
    tree = parsed(body)
    found = (join(url, node.attributes.get("src") or "") for node in tree.css("img[src]"))
    return list(dict.fromkeys(u for u in found if u and (is_image(u) or "qr" in u.lower())))


def _account(url: str, anchor: str = "") -> FrontierItem:
    return FrontierItem(url, host_of(url), 1, "account", "", anchor, priority=EXTERNAL)
