"""Pages that stand under a second address: the same bytes under another host of the site, or as the file of a folder.

What is wrong with such a page is wrong once, and a page counts once. Its address still answers whoever asks for it.
"""

from __future__ import annotations

import re

from config.district import District
from crawler.derive.columns import host_of
from crawler.derive.store import FactsStore

COPIES = "copies"
_INDEX = re.compile(r"(?<=/)(?:index|default)\.(?:s?html?|jsp|aspx?|php)$", re.I)


def keep_copies(district: District, facts: FactsStore) -> None:
    """Note the copies in the facts file, which from then on leaves them out of its pages."""
    facts.put_site(COPIES, sorted(_copies(district, facts)))
    facts.forget_copies()


def _copies(district: District, facts: FactsStore) -> set[str]:
    """The home page as configured, then the main host's page, then the first by address is the original."""
    site, hosts = district.site, district.own_hosts()
    first: dict[tuple[str, str], str] = {}
    copies: set[str] = set()
    known = facts.cache_keys()
    for url in sorted(known, key=lambda u: (u != site.home, host_of(u) != site.main_host, u)):
        if host_of(url) in hosts:
            path = _INDEX.sub("", "/" + url.split("://", 1)[-1].partition("/")[2])
            if first.setdefault((path, known[url]), url) != url:
                copies.add(url)
    return copies
