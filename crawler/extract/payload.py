"""Bodies that are not HTML: JSON lists and the XML of 大汉 jpage. Also what is not text at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from crawler.extract.dates import is_only_date
from crawler.extract.document import fold

MAX_RECORDS = 20_000
MIN_UNREAD = 5  # fewer records make no list
_TITLE_KEYS = (
    "title", "doctitle", "name", "subject", "titlename", "showtitle", "infotitle", "bt", "docname", "articletitle",
    "newstitle", "noticetitle", "listtitle", "maintitle", "biaoti",
)  # fmt: skip
_URL_KEYS = (
    "url", "link", "href", "docpuburl", "linkurl", "puburl", "arturl", "pageurl", "weburl", "urlpath", "docurl",
    "sourceurl", "visiturl", "infourl", "staticurl", "post_url", "chnldocurl", "doc_pub_url", "articleurl",
    "detailurl", "contenturl", "newsurl", "htmlurl",
)  # fmt: skip
_DATE_KEYS = (
    "display_publish_time", "publishtime", "pubdate", "publishdate", "publish_time", "pubtime", "docreltime", "date",
    "publishedtimestr", "publishedtime", "publishtimestr", "releasetime", "release_time", "fbsj", "showdate",
    "docpubtime", "docrelpubtime", "publish_date", "published_at", "first_publish_time", "releasedate", "showtime",
    "infodate", "save_time", "created_at", "createtime", "create_time", "crtime", "addtime", "inputtime",
    "deploytime", "time", "rq",
)  # fmt: skip
_ADDRESS = re.compile(r"(?:https?://|\.{0,2}/)[^\s\u4e00-\u9fff]+$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_DAY = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}|20\d{6}$")
_RECORD = re.compile(r"<record(?:\s[^<>]{0,300})?>", re.I)
_RECORD_END = re.compile(r"</record\s*>", re.I)
_CDATA = re.compile(r"\s*<!\[CDATA\[(.*?)\]\]>\s*$", re.S)
_XML_LIST = re.compile(r"(?:<\?xml[^>]*>\s*)?<(?:datastore|recordset|data|root|xml)\b", re.I)
_JSONP = re.compile(r"^\s*[\w$.]{1,80}\s*\(\s*(?=[\[{])")
_MAGIC = (
    b"%PDF", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!",
    b"7z\xbc\xaf", b"\x1f\x8b", b"RIFF", b"OggS", b"ID3", b"\x00\x00\x00\x18ftyp", b"\x00\x00\x00\x1cftyp",
    b"\x00\x00\x00 ftyp", b"CWS", b"FWS", b"\x7fELF", b"MZ\x90", b"BM\x36", b"\xca\xfe\xba\xbe", b"SQLite format 3",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a data list as written: `date` is the raw text or number as text."""

    title: str
    url: str
    date: str = ""
    html: str = ""  # the fragment the entry was read from, if it was one


def is_binary(body: bytes, content_type: str = "") -> bool:
    """True for bodies that cannot be a page: known file signatures, or zero bytes outside UTF-16."""
    if body.startswith(_MAGIC):
        return True
    low = content_type.lower()
    if low.startswith(("image/", "video/", "audio/", "font/")) and "svg" not in low:
        return True
    head = body[:4096]
    zeros = head.count(0)
    if zeros < len(head) * 0.02 or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    if any(
        mark in head.lower() for mark in (b"<html", b"<!doctype html", b"<body")
    ):  # a page with zero bytes strewn in
        return False
    half = max(1, len(head) // 2)
    return max(head[0::2].count(0), head[1::2].count(0)) < half * 0.3


def is_data(text: str, content_type: str = "") -> bool:
    """The body is a JSON value, JSONP or a jpage answer rather than a document."""
    head = text[:400].lstrip("\ufeff \t\r\n")
    if head[:1] in ("{", "["):
        return True
    if _XML_LIST.match(head):
        return True
    return ("json" in content_type or "javascript" in content_type) and bool(_JSONP.match(head))


def load(text: str) -> Any:
    """Parsed JSON or JSONP; None if it is neither (too deep nesting counts as neither)."""
    raw = text.strip().lstrip("\ufeff")
    if raw[:1] not in ("{", "["):
        found = _JSONP.match(raw)
        if not found:
            return None
        raw = raw[found.end() :].rstrip().rstrip(";").rstrip().removesuffix(")")
    try:
        return json.loads(raw, strict=False)
    except (ValueError, RecursionError):
        return None


def records(text: str) -> list[Record]:
    """Entries of a list body in order; empty if it is no list."""
    if "<record" in text[:2_000_000].lower():
        return list(_jpage(text))[:MAX_RECORDS]
    value = load(text)
    found = _largest_list(value)
    out = []
    for item in found[:MAX_RECORDS]:
        record = _json_record(item)
        if record is not None:
            out.append(record)
    return out


def unread(text: str) -> int:
    """Number of records in the longest list of a JSON value that bear a title and a day; 0 if `records` reads it."""
    if records(text):
        return 0
    return max((sum(map(_looks_like_news, found)) for found in _lists(load(text))), default=0)


def _lists(value: Any, depth: int = 0) -> Iterator[list[Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        if len(value) >= MIN_UNREAD:
            yield value
        value = dict(enumerate(value[:50]))
    if isinstance(value, dict):
        for inner in value.values():
            yield from _lists(inner, depth + 1)


def _looks_like_news(item: Any) -> bool:
    texts = [str(v) for v in item.values() if isinstance(v, str | int)] if isinstance(item, dict) else []
    return any(len(_HAN.findall(t)) >= 8 for t in texts) and any(_DAY.match(t) for t in texts)


def total_of(value: Any) -> tuple[int, int]:
    """(total entries, entries a page) as a JSON list announces them; 0 where it does not."""
    total = _number(value, ("total", "totalcount", "count", "totalnum", "totalrow", "records", "total_count"))
    size = _number(value, ("pagesize", "perpage", "limit", "size", "page_size", "rows"))
    return total, size


def pages_of(value: Any) -> int:
    """Number of pages a JSON list announces; 0 where it does not."""
    keys = ("page_count", "pagecount", "totalpage", "totalpages", "total_page", "total_pages", "pages", "pagetotal")
    return _number(value, keys)


def _number(value: Any, keys: tuple[str, ...], depth: int = 0) -> int:
    if depth > 3 or not isinstance(value, dict):
        return 0
    for key, inner in value.items():
        if str(key).lower() in keys and isinstance(inner, int | str) and str(inner).isdecimal():
            return min(int(inner), 10_000_000)
    return next((n for inner in value.values() if (n := _number(inner, keys, depth + 1))), 0)


def _jpage(text: str) -> Iterator[Record]:
    for fragment in fragments(text):
        if "<" not in fragment:
            continue
        tree = LexborHTMLParser(fragment)
        anchor = tree.css_first("a[href]")
        if anchor is None:
            continue
        parts = [t.text_content or "" for t in anchor.traverse(include_text=True) if t.tag == "-text"]
        written = "".join(t for t in parts if not is_only_date(fold(t)))  # some lists put the day into the link
        title = (anchor.attrs.get("title") or written).strip()
        rest = tree.root.text(separator=" ") if tree.root is not None else ""
        yield Record(title, anchor.attrs.get("href") or "", rest, fragment)


def fragments(text: str) -> Iterator[str]:
    """What stands between `<record>` and `</record>`, each piece of the text looked at once."""
    at = 0
    while (start := _RECORD.search(text, at)) and (end := _RECORD_END.search(text, start.end())):
        inner = text[start.end() : end.start()]
        wrapped = _CDATA.match(inner)
        yield wrapped.group(1) if wrapped else inner
        at = end.end()


def _largest_list(value: Any, depth: int = 0) -> list[Any]:
    """The longest list of objects that carry a title, wherever it is nested."""
    if depth > 6:
        return []
    if isinstance(value, list):
        if value and isinstance(value[0], dict) and _json_record(value[0]) is not None:
            return value
        inner = (_largest_list(v, depth + 1) for v in value[:50])
    elif isinstance(value, dict):
        inner = (_largest_list(v, depth + 1) for v in value.values())
    else:
        return []
    return max(inner, key=len, default=[])


def _json_record(item: Any) -> Record | None:
    if not isinstance(item, dict):
        return None
    low = {str(k).lower(): v for k, v in item.items()}
    title = _first(low, _TITLE_KEYS)
    url = _first(low, _URL_KEYS)
    if not title or not url:
        return _by_shape(item)
    return Record(" ".join(re.sub(r"<[^>]{0,200}>", "", title).split()), url, _first(low, _DATE_KEYS))


def _by_shape(item: dict[Any, Any]) -> Record | None:
    """An entry with field names of its own: an address, perhaps a day, and the longest Chinese text as title."""
    texts = [v.strip() for v in item.values() if isinstance(v, str) and v.strip()]
    url = next((t for t in texts if _ADDRESS.match(t)), "")
    title = max((t for t in texts if t != url and len(_HAN.findall(t)) >= 4), key=len, default="")
    if not url or not title or len(title) > 300:
        return None
    day = next((t for t in texts if t not in (url, title) and _DAY.match(t)), "")
    return Record(" ".join(re.sub(r"<[^>]{0,200}>", "", title).split()), url, day)


def _first(item: dict[str, Any], keys: tuple[str, ...]) -> str:
    for key in keys:
        value = item.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return str(value)
    return ""
