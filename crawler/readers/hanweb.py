"""大汉 Hanweb: rows lie as XML in a script (`<datastore><recordset>`) or come from `dataproxy.jsp`."""

from __future__ import annotations

import re

from crawler.extract import payload
from crawler.extract.paging import further_pages
from crawler.readers import plain
from crawler.readers.base import Reading, Source
from crawler.readers.fragments import rows_of_records

NAME = "hanweb"
_ARTICLE = re.compile(r"/art/20\d\d/\d{1,2}/\d{1,2}/art_\w+\.html$")
_STORE = re.compile(r"<recordset[\s>]|\.jpage\s*\(|dataproxy\.jsp", re.I)


def signature(source: Source) -> tuple[float, str]:
    low = source.document.low
    found = _STORE.search(low) if "jpage" in low or "<recordset" in low else None
    if found:
        return 0.95, found.group()
    fitting = [a.link.url for a in source.anchors if _ARTICLE.search(a.link.url)]
    return (0.6, fitting[0]) if len(fitting) >= 3 else (0.0, "")


def rows(source: Source) -> Reading:
    text = source.document.source
    unread = 0
    if "<record" in text:
        found = rows_of_records(payload.records(text), source.document.base, source.as_of)
        if found:
            return Reading(found)
        unread = sum(1 for fragment in payload.fragments(text) if fragment.strip())
    reading = plain.rows(source)
    reading.unread = 0 if reading.rows else unread
    reading.unseen = not reading.rows and not unread and bool(_STORE.search(text))
    return reading


def more(source: Source) -> list[str]:
    return further_pages(source.document.source, source.document.url, [a.link for a in source.anchors])
