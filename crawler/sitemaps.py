"""Addresses of a sitemap.xml or of an index of such files."""

from __future__ import annotations

import html
import re

MAX_ADDRESSES = 50_000  # the protocol's own limit of one file
_LOC = re.compile(rb"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]]+?)\s*(?:\]\]>)?\s*</loc>", re.I)


def read_sitemap(body: bytes) -> tuple[list[str], bool]:
    """(addresses in file order, whether they are further sitemaps). Anything that is not a sitemap gives nothing."""
    head = body[:2048].lower()
    if b"<urlset" not in head and b"<sitemapindex" not in head:
        return [], False
    found = [html.unescape(m.group(1).decode("utf-8", "replace")) for m in _LOC.finditer(body)]
    return found[:MAX_ADDRESSES], b"<sitemapindex" in head
