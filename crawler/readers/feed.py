"""RSS 2.0, RSS 1.0 and Atom: the newest entries of a column, for lists that a page does not show by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from checks.facts import Row
from checks.snapshot import SHANGHAI
from crawler.extract.document import fold
from crawler.extract.weblinks import absolute
from crawler.readers.fragments import day_of

NAME = "feed"
MAX_ITEMS = 5_000
_ROOT = re.compile(
    r"[\ufeff\s]*(?:<\?.{0,400}?\?>\s*|<!--.{0,2000}?-->\s*|<!DOCTYPE[^>\[]{0,300}>\s*)*<(rss|feed|rdf:RDF)[\s>]",
    re.S,
)
_DECLARED = re.compile(r"^[\ufeff\s]*<\?xml[^>]*\?>")
_TAG = re.compile(r"<[^>]{0,300}>")
_ENTRY = ("item", "entry")
_DATES = ("pubdate", "published", "date", "issued", "updated", "modified")  # the first that is there counts


def signature(text: str) -> str:
    """The root element that shows a feed, "" for anything else."""
    found = _ROOT.match(text[:4_000])
    return found.group(1) if found else ""


def rows(text: str, url: str, as_of: date) -> tuple[Row, ...]:
    """Entries in the feed's order, each target once; their days in Asia/Shanghai."""
    return tuple(
        Row(title, target, _day(raw, as_of), False, fold(raw)[:200], order)
        for order, (title, target, raw) in enumerate(items(text, url))
    )


def items(text: str, url: str) -> list[tuple[str, str, str]]:
    """(title, address, date as written) of the entries that have a title and an address, each address once."""
    found: dict[str, tuple[str, str, str]] = {}
    for entry in _entries(text):
        fields = list(_fields(entry))
        title = fold(_TAG.sub("", next((v for n, v, _ in fields if n == "title"), "")))[:500]
        target = absolute(url, _link(fields))
        if title and target:
            raw = next((v for name in _DATES for n, v, _ in fields if n == name and v), "")
            found.setdefault(target, (title, target, raw))
    return list(found.values())


def drift(text: str, rows_read: int) -> str:
    """Why this reader seems out of date: entries are there, and not one of them could be read. "" = it does not."""
    count = sum(1 for _ in _entries(text))
    if rows_read or not count:
        return ""
    return f"{NAME}：订阅内有 {count} 条信息，标题和网址都没有读出"


def _entries(text: str) -> Iterator[etree._Element]:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(_DECLARED.sub("", text).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    if root is None:
        return
    for count, element in enumerate(e for e in root.iter() if _name(e) in _ENTRY):
        if count >= MAX_ITEMS:
            return
        yield element


def _fields(entry: etree._Element) -> Iterator[tuple[str, str, etree._Element]]:
    """Local name in lower case, text, element; fields of another vocabulary (media:title) come after the rest."""
    own = [c for c in entry if _name(c)]
    for child in sorted(own, key=lambda c: c.prefix is not None):
        yield _name(child), "".join(child.itertext()).strip(), child


def _link(fields: list[tuple[str, str, etree._Element]]) -> str:
    for name, text, element in fields:
        if name != "link" or element.get("rel") not in (None, "alternate"):
            continue
        if target := (element.get("href") or text).strip():
            return target
    named = ((text, e) for name, text, e in fields if name == "guid" and e.get("isPermaLink") != "false")
    return next((text for text, _ in named if text.startswith(("http://", "https://", "/"))), "")


def _day(raw: str, as_of: date) -> date | None:
    moment = _moment(raw)
    if moment is None:
        return day_of(raw, "", as_of)[0] if raw else None
    return moment.astimezone(SHANGHAI).date() if moment.tzinfo else moment.date()


def _moment(raw: str) -> datetime | None:
    """RFC 822 or ISO 8601; a time without an offset is taken as it stands."""
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(raw)
    except (ValueError, TypeError, IndexError):
        return None
    return moment.replace(tzinfo=None) if raw.rstrip().endswith("-0000") else moment


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""
