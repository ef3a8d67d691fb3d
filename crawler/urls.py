"""URLs by the URL standard (ada): one spelling per page, and never one spelling for two pages."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

import ada_url

MAX_LENGTH = 2_000
MAX_SEGMENTS = 24
_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sessionid|sid)=[^/?;]*", re.I)
_SESSION_ASPX = re.compile(r"/\(S\([0-9a-z]{20,32}\)\)(?=/|$)", re.I)
_SESSION_NAME = re.compile(r"(?:jsessionid|phpsessid|aspsessionid\w*|sessionid|session_id|cfid|cftoken)$", re.I)
_TRACKING_NAME = re.compile(
    r"(?:utm_\w+|spm|gclid|fbclid|msclkid|yclid|bd_vid|mc_cid|mc_eid|isappinstalled|_ga)$", re.I
)
_SUSPECT = re.compile(r"sess|;|\(S\(|utm_|spm=|clid=|cfid|cftoken|bd_vid|mc_|isapp|_ga=", re.I)

ATTACHMENTS = frozenset(
    {
        *("pdf", "doc", "docx", "xls", "xlsx", "xlsm", "ppt", "pptx", "wps", "et", "dps", "ofd", "rtf", "txt", "csv"),
        *("ceb", "zip", "rar", "7z", "tar", "gz", "apk", "exe", "swf", "epub", "tif", "tiff", "dot", "dotx", "xlt"),
        *("mp3", "mp4", "wav", "wma", "flv", "avi", "mov", "wmv", "m4a", "m3u8", "webm"),
    }
)
IMAGES = frozenset({"jpg", "jpeg", "png", "gif", "bmp", "webp", "svg", "ico"})


@lru_cache(maxsize=16_384)
def normalise(url: str) -> str:
    """The one spelling of an http(s) URL; "" if it is not one.

    Fragment, default port, letter case of scheme and host, dot segments and session or tracking parameters go;
    the order of the query, letter case of the path, trailing slashes and file names such as index.html stay.
    """
    try:
        href = ada_url.normalize_url(url.strip())
    except ValueError:
        return ""
    if not href.startswith(("http://", "https://")):
        return ""
    href = href.partition("#")[0]
    return _without_sessions(href) if _SUSPECT.search(href) else href


def _without_sessions(href: str) -> str:
    path, mark, query = href.partition("?")
    path = _SESSION_ASPX.sub("", _SESSION_PATH.sub("", path))
    if not mark:
        return path
    kept = [part for part in query.split("&") if not _dropped(part.partition("=")[0])]
    return f"{path}?{'&'.join(kept)}" if kept else path


def _dropped(name: str) -> bool:
    return bool(_SESSION_NAME.match(name) or _TRACKING_NAME.match(name))


def join(base: str, href: str) -> str:
    """`href` as the page at `base` means it, normalised; "" for same-page anchors and what is not http(s)."""
    href = href.strip()
    if not href or href[0] == "#":
        return ""
    if href[0] == "?" or ":" in href[:6]:  # "?page=2" and "http:" keep the file name of the base
        return _joined(base.partition("#")[0], href)
    return _joined(_directory(base), href)


@lru_cache(maxsize=16_384)
def _joined(base: str, href: str) -> str:
    try:
        return normalise(ada_url.join_url(base, href))
    except ValueError:
        return ""


@lru_cache(maxsize=4_096)
def _directory(base: str) -> str:
    """The folder that relative references start from: the pages of one folder share their joins."""
    path = base.partition("#")[0].partition("?")[0]
    cut = path.rfind("/")
    return path[: cut + 1] if cut > path.find("//") + 1 else path + "/"


@lru_cache(maxsize=16_384)
def host_of(url: str) -> str:
    """Host name in lower case without port; "" if there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def in_scope(url: str, hosts: frozenset[str]) -> bool:
    """Does the URL belong to the audited site?"""
    return host_of(url) in hosts


def extension(url: str) -> str:
    """File name extension in lower case, "" if there is none or it is not one."""
    name = url.partition("?")[0].partition("#")[0].rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    return suffix.lower() if stem and dot and suffix.isalnum() and len(suffix) <= 5 else ""


def attachment_type(url: str) -> str:
    """Extension of a document, archive or medium; "" for pages and images."""
    suffix = extension(url)
    return suffix if suffix in ATTACHMENTS else ""


def is_image(url: str) -> bool:
    return extension(url) in IMAGES


_CALENDAR = re.compile(r"(?:^|[?&/_-])(?:year|month|date|day|ym|ymd|riqi|nian|yue)(?:=|/)", re.I)
_CALENDAR_PATH = re.compile(  # the date is all there is: an article below such a folder has a name or number as well
    r"/(?:calendar|rili|richeng|schedule|events?)[/_-]20\d\d(?:[/_-]?\d{1,2}){0,2}/?(?:index)?(?:\.\w{2,5})?$", re.I
)
_MONTH_IN_PATH = re.compile(r"/(20\d\d)[/_-](?:0?[1-9]|1[0-2])(?=[/_.-])")
_YEAR = re.compile(r"(?<!\d)(?:year|nian|date|ym|ymd|riqi)[=/](\d{4})", re.I)
_DIGITS = re.compile(r"\d+")
CALENDAR_PAGES = 500  # addresses of one calendar; ten years of months are 120
QUERIES_BY_PARAMETERS = (50_000, 50_000, 10_000)  # distinct queries of one path with 0, 1, 2 parameters …
QUERIES_OF_MANY = 1_500  # … and with three or more: filters that combine
SHAPES_OF_PATH = 40  # distinct sets of parameter names on one path


class Traps:
    """Recognises spaces without end. Counts what was admitted, so the same order of URLs gives the same answers."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._queries: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self._shapes: dict[str, set[tuple[str, ...]]] = {}
        self._calendars: Counter[str] = Counter()

    def reason(self, url: str) -> str:
        """Why `url` should not be followed ("trap-…"), or "" after counting it as admitted."""
        if len(url) > MAX_LENGTH:
            return "trap-length"
        path, _, query = url.partition("?")
        if _repeats(path):
            return "trap-repeat"
        month = _MONTH_IN_PATH.search(path)
        if month and int(month.group(1)) > self._today.year + 1:  # nobody publishes that far ahead
            return "trap-calendar"
        if _CALENDAR.search(url) or _CALENDAR_PATH.search(path):
            year = _YEAR.search(url)
            if year and not 1990 <= int(year.group(1)) <= self._today.year + 2:
                return "trap-calendar"
            skeleton = _DIGITS.sub("0", url)
            self._calendars[skeleton] += 1
            if self._calendars[skeleton] > CALENDAR_PAGES:
                return "trap-calendar"
        return self._too_many(path, query) if query else ""

    def _too_many(self, path: str, query: str) -> str:
        names = tuple(sorted(part.partition("=")[0] for part in query.split("&")))
        shapes = self._shapes.setdefault(path, set())
        shapes.add(names)
        if len(shapes) > SHAPES_OF_PATH:
            return "trap-query"
        self._queries[(path, names)] += 1
        limit = QUERIES_BY_PARAMETERS[len(names)] if len(names) < len(QUERIES_BY_PARAMETERS) else QUERIES_OF_MANY
        return "trap-query" if self._queries[(path, names)] > limit else ""


def _repeats(path: str) -> bool:
    """A path that goes round in circles: /a/b/a/b/a/b, or one name four times."""
    segments = [s for s in path.split("/")[3:] if s]
    if len(segments) > MAX_SEGMENTS:
        return True
    names = Counter(s for s in segments if not s.isdigit())
    if names and names.most_common(1)[0][1] >= 4:
        return True
    for width in (1, 2, 3):
        for start in range(len(segments) - 3 * width + 1):
            cycle = segments[start : start + width]
            if any(not s.isdigit() for s in cycle) and all(
                segments[start + k * width : start + (k + 1) * width] == cycle for k in (1, 2)
            ):
                return True
    return False
