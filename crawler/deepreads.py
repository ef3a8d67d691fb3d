"""A sample of other sites' deep pages that is read after all, and what such a site says where nothing is.

Links to others are asked by HEAD, and a site that answers "no such page" with status 200 passes that. So when
everything else is done, a few pages of each host are read: their first bytes, at the usual pace. Where that is many
of one host, one address that certainly does not exist is asked for as well; what looks exactly like its answer is no
page of its own.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from checks.hosts import under
from checks.ledger import PLATFORM_HOSTS
from config.district import District
from crawler.classify import MEDIUM_PAGE
from crawler.urls import host_of

READ, CONTROL = "read", "control"  # purposes
READ_BYTES = MEDIUM_PAGE + 1  # of one page: longer ones are never taken for an error page
PER_HOST = 5
CONTROL_FROM = 3  # pages of one host in the sample


@dataclass(frozen=True, slots=True)
class Sample:
    """`read` in order of host turns; `controls` are addresses that do not exist."""

    candidates: int
    read: tuple[str, ...]
    controls: tuple[str, ...]

    def stated(self) -> dict[str, int]:
        """What is kept with the observations, so that it can be said how large the sample was."""
        return {
            "candidates": self.candidates,
            "read": len(self.read),
            "controls": len(self.controls),
            "per_host": PER_HOST,
        }


def choose(urls: Iterable[str], district: District) -> Sample:
    """At most `external_reads` of the URLs and five of a host, one of each host before a second of any.

    Pages of the new-media platforms are looked at once, by the media spider, and never here. Which ones are read
    follows from a hash of seed and URL: a link more or less leaves the rest of the sample as it was.
    """
    platforms = {host for hosts in PLATFORM_HOSTS.values() for host in hosts}
    platforms |= {host_of(account.url) for account in district.accounts or () if account.url}
    most, seed = district.crawl.external_reads, district.browser.seed
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        if not under(host_of(url), platforms):
            by_host[host_of(url)].append(url)
    ranked = [sorted(by_host[host], key=lambda u: _rank(seed, u))[:PER_HOST] for host in sorted(by_host)]
    turns = (url for turn in zip_longest(*ranked) for url in turn if url is not None)
    read = tuple(url for url, _ in zip(turns, range(most), strict=False))
    chosen: dict[str, list[str]] = defaultdict(list)
    for url in read:
        chosen[host_of(url)].append(url)
    controls = tuple(absent(found[0]) for found in chosen.values() if len(found) >= CONTROL_FROM)
    return Sample(sum(map(len, by_host.values())), read, controls)


def absent(url: str) -> str:
    """An address beside `url` that certainly does not exist: its name is a hash."""
    folder = url.partition("?")[0].rpartition("/")[0]
    return f"{folder}/{hashlib.sha256(url.encode()).hexdigest()[:20]}.html"


def _rank(seed: int, url: str) -> str:
    return hashlib.sha256(f"{seed}\n{url}".encode()).hexdigest()
