"""开普 公开目录 (`/gkmlpt/`): the page is a shell; lists come from `/gkmlpt/api/all/{column}`."""

from __future__ import annotations

import re

from crawler.extract.paging import further_pages
from crawler.readers import plain
from crawler.readers.base import MIN_LINKS, Reading, Source

NAME = "gkmlpt"
_SHELL = re.compile(r"/gkmlpt/(?:api|js|css|static)|window\._CONFIG\s*=")


def signature(source: Source) -> tuple[float, str]:
    text = source.document.source
    found = _SHELL.search(text) if "/gkmlpt" in text or "/gkmlpt" in source.document.url else None
    if found:
        return 0.95, found.group()
    return 0.0, ""


def rows(source: Source) -> Reading:
    """Rows of a rendered copy; a shell holds none and says so. Links without rows are a copy of another build."""
    reading = plain.rows(source)
    reading.unseen = not reading.rows and source.long_links < MIN_LINKS
    return reading


def more(source: Source) -> list[str]:
    return further_pages(source.document.source, source.document.url, [a.link for a in source.anchors])
