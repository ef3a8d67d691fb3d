"""References in a page to absolute URLs, by the URL standard (ada) rather than urllib, and what they lead to."""

from __future__ import annotations

import re
from functools import lru_cache

import ada_url
from selectolax.lexbor import LexborHTMLParser

from crawler.urls import host_of, normalise

ATTACHMENTS = frozenset({
    "pdf", "doc", "docx", "xls", "xlsx", "xlsm", "ppt", "pptx", "wps", "et", "dps", "ofd", "rtf", "txt", "csv", "ceb",
    "zip", "rar", "7z", "tar", "gz", "apk", "exe", "swf", "epub", "tif", "tiff", "dot", "dotx", "xlt",
    "mp3", "mp4", "wav", "wma", "flv", "avi", "mov", "wmv", "m4a", "m3u8", "webm",
})  # fmt: skip
IMAGES = frozenset({"jpg", "jpeg", "png", "gif", "bmp", "webp", "svg", "ico"})
MAX_BASE = 2_000  # characters; the base is read again for each link
_DOCUMENT_QUERY = re.compile(r"\.(?:pdf|docx?|xlsx?|ofd|zip|rar)(?:&|$)")
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{2,5})$")
_ROUTE = re.compile(r"(?:!/?|/)[^\s#/!][^\s#]{0,300}$")
_FEED = re.compile(r"\.(?:rss|atom)$|(?:feed|rss)[\w-]*\.xml$|/(?:rss|feed)/?$", re.I)
_DOWNLOAD = re.compile(r"[/_](?:down(?:load)?(?:_?file|attach)?|attach(?:ment)?download)(?:\.\w+|$|\?|/)", re.I)


def absolute(base: str, reference: str) -> str:
    """Absolute http(s) URL in its one spelling; blank for same-page anchors, scripts, mail and broken ones."""
    reference = reference.strip()
    if not reference or reference[0] == "#":
        return ""
    head = reference[:20].lower()
    if head.startswith(("javascript:", "mailto:", "tel:", "data:", "about:", "vbscript:", "sms:", "weixin:")):
        return ""
    return _joined(_vantage(base, reference), reference)


@lru_cache(maxsize=32_768)
def _joined(base: str, reference: str) -> str:
    try:
        joined = ada_url.join_url(base, reference)
    except ValueError:
        return ""
    if joined.startswith("file://"):  # saved pages
        return joined.partition("#")[0]
    return normalise(joined)


def _vantage(base: str, reference: str) -> str:
    """What of `base` the reference can depend on. The pages of one site repeat their menus: they share the answer."""
    first = reference[0]
    if not base.startswith(("http://", "https://")) or first < "!" or first == "?" or "\\" in base:
        return base
    if first in "/\\" or reference.startswith(("http://", "https://")):
        return _folders(base)[0]
    return base if ":" in reference else _folders(base)[1]


@lru_cache(maxsize=4_096)
def _folders(base: str) -> tuple[str, str]:
    """The site and the folder of an http(s) address, both with their slash."""
    path = path_of(base)
    host_ends = path.find("/", 8)
    if host_ends < 0:
        return path + "/", path + "/"
    return path[: host_ends + 1], path[: path.rfind("/") + 1]


def route(base: str, reference: str) -> str:
    """Address, fragment included, of a page that a script shows under it ("#/list/3", "#!news"); blank for others.

    Only within one host: what another site makes of its fragments is not looked at.
    """
    head, mark, name = reference.strip().partition("#")
    if not mark or not _ROUTE.match(name) or not base.startswith(("http://", "https://")):
        return ""
    document = absolute(base, head) if head else base.partition("#")[0]
    return f"{document}#{name}" if document and host_of(document) == host_of(base) else ""


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """The document's base URL: `<base href>` if it is usable, else its own address."""
    node = tree.css_first("base[href]")
    if node is None:
        return url
    href = node.attrs.get("href") or ""
    return (absolute(url, href) if len(href) <= MAX_BASE else "") or url


def path_of(url: str) -> str:
    return url.partition("?")[0].partition("#")[0]


def is_feed(url: str) -> bool:
    """An address that by its name is an RSS or Atom feed."""
    low = url.lower()
    return ("rss" in low or "feed" in low or "atom" in low) and bool(_FEED.search(low))


@lru_cache(maxsize=32_768)
def kind_of(url: str) -> str:
    """page, attachment or image, by the file name."""
    found = _SUFFIX.search(path_of(url))
    suffix = found.group(1).lower() if found else ""
    if suffix in IMAGES:
        return "image"
    if suffix in ATTACHMENTS or (_DOWNLOAD.search(url) and suffix not in ("html", "shtml", "htm")):
        return "attachment"
    return "attachment" if _DOCUMENT_QUERY.search(url.partition("?")[2].lower()) else "page"
