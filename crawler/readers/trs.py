"""TRS WCM / 海云: static lists `index.html`, `index_1.html`, articles `/202403/t20240315_123456.html`."""

from __future__ import annotations

import re

from crawler.readers import plain
from crawler.readers.base import Reading, Source

NAME = "trs"
_ARTICLE = re.compile(r"/20\d{4}/[tW]20\d{6}_\d+\.s?html?$")
_PAGER = re.compile(r"createPageHTML\s*\(\s*\d")


def signature(source: Source) -> tuple[float, str]:
    found = _PAGER.search(source.document.scripts)
    if found:
        return 0.9, found.group()
    fitting = [a.link.url for a in source.anchors if _ARTICLE.search(a.link.url)]
    if len(fitting) >= 3:
        return 0.6, fitting[0]
    return (
        (0.5, "TRS_Editor")
        if source.document.tree.css_first(".TRS_Editor, .trs_editor_view") is not None
        else (0.0, "")
    )


def rows(source: Source) -> Reading:
    """By structure; the family's lists carry no mark of their own."""
    return plain.rows(source)


def more(source: Source) -> list[str]:
    return plain.more(source)
