"""博达 VSB: rows `li#line_u8_0`, articles `/info/1021/3456.htm`, further pages `list/2.htm`."""

from __future__ import annotations

import re

from crawler.readers import plain
from crawler.readers.base import Reading, Source

NAME = "vsb"
_LINE = re.compile(r"^line\w*_\d+$")
_ARTICLE = re.compile(r"/info/\d+/\d+\.htm$|content\.jsp\?urltype=")


def signature(source: Source) -> tuple[float, str]:
    if "_simple_list_gotopage_fun" in source.document.source:
        return 0.9, "_simple_list_gotopage_fun"
    if source.document.tree.css_first("li[id^=line_u], tr[id^=line], li[id^=lineimg]") is not None:
        return 0.85, "line_u"
    fitting = [a.link.url for a in source.anchors if _ARTICLE.search(a.link.url)]
    return (0.6, fitting[0]) if len(fitting) >= 3 else (0.0, "")


def rows(source: Source) -> Reading:
    """Entries with the family's line numbers if there are any, else by structure."""
    lines = [g for g in source.groups if any(_LINE.match(i.node.attributes.get("id") or "") for i in g.items)]
    reading = plain.read_groups(source, lines)
    return reading if reading.rows else plain.rows(source)


def more(source: Source) -> list[str]:
    return plain.more(source)
