"""Further pages of a list, where the pager is written by a script or the rows come from a data service.

Each CMS family has one function from the source text of a page to URLs, nearest page first. Only addresses that the
page itself announces are built; nothing is guessed beyond the announced number of pages.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Protocol
from urllib.parse import parse_qsl, quote, unquote, urlencode

from selectolax.lexbor import LexborHTMLParser

from checks.facts import Link
from crawler.extract import payload
from crawler.extract.weblinks import absolute, path_of

MAX_PAGES = 1000  # of one list; the crawler's budget cuts sooner

_CREATE = re.compile(
    r"createPage(?:HTML)?\s*\(\s*(?:['\"][\w#-]*['\"]\s*,\s*)?(\d{1,6})\s*,\s*(\d{1,6})\s*,"
    r"\s*['\"]([^'\"]{1,200})['\"]\s*,\s*['\"](\w{2,6})['\"]",
    re.I,
)
_CREATE_HAS_DIV = re.compile(r"createPage\w*\s*\(\s*['\"]", re.I)
_PAGER = re.compile(r"\b[Pp]ager\s*\(\s*\{([^{}]{1,600})\}")
_VSB = re.compile(r"_simple_list_gotopage_fun\(\s*(\d{1,6})\s*,[^,)]*(?:,\s*(\d))?\s*\)")
_VSB_NUMBERED = re.compile(r"^(.*)/(\d{1,6})\.(s?html?)$")
_JPAGE = re.compile(r"\.jpage\s*\(\s*\{(.{0,6000}?)\}\s*\)", re.S)
_NEXT_GROUP = re.compile(r"<nextgroup>\s*<!\[CDATA\[\s*<a\s+href=[\"']([^\"']+)[\"']", re.I)
_AJAX_PARAM = re.compile(r"ajaxParam\s*:\s*\{([^{}]*)\}")
_PAIR = re.compile(r"['\"]?(\w+)['\"]?\s*:\s*(?:'([^']*)'|\"([^\"]*)\"|(\d+))")
_GKMLPT_SID = re.compile(r"\bSID\b\s*[:=]\s*['\"]?(\d+)", re.I)
_GKMLPT_API = re.compile(r"/gkmlpt/(?:api/all/|index#)(\d+)", re.I)
_ENDPOINT = re.compile(
    r"(?:\burl\s*:|\bfetch\s*\(|\$\.(?:get|getJSON|ajax)\s*\(|axios(?:\.get)?\s*\(|\.open\s*\(\s*['\"]GET['\"]\s*,)"
    r"\s*['\"]([^'\"\s]{2,400})['\"](?!\s*\+)",
    re.I,
)
_ENDPOINT_WORDS = ("url", "fetch", "$.get", "$.ajax", "axios", ".open")  # each way in which the pattern begins
_ENDPOINT_LOOK = re.compile(
    r"[?&](?:page|pageno|pagenum|pageindex|currentpage|current|p|start|startrecord)=|\.json(?:$|\?)|/api/|dataproxy",
    re.I,
)
_NOT_ENDPOINT = re.compile(
    r"login|logout|captcha|count|click|visit|hits|weather|token|stat(?:s|istics)?\b|share|submit|save|delete|upload"
    r"|\.js(?:$|\?)|\.css",
    re.I,
)
_PAGE_PARAMETER = re.compile(r"([?&](?:page|pageno|pagenum|pageindex|currentpage|current|p)=)(\d{1,6})", re.I)
_DATA_FILE = re.compile(r"(?=\w)([A-Za-z]\w*?)?_?(\d{1,5})?(\.json)", re.I)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{40,20000}={0,2}")
_NEXT_LABEL = re.compile(r"^(?:下一?页|下页|后一页|下一頁|next(?: ?page)?|>|>>|»|›|下一页\s*[>»›]*)$", re.I)
_ARTICLE = re.compile(r"/t\d{8}_\d+\.s?html?$|/content/post_\d+|/art_\d+_\d+\.html|/info/\d+/\d+\.htm")
_NUMBER_LABEL = re.compile(r"^(?:\[?\s*\d{1,4}\s*\]?|第\s*\d{1,4}\s*页)$")
_LAST_LABEL = re.compile(r"^(?:尾页|末页|最后一?页|共\d+页)$")


class Labelled(Protocol):
    """A link with its label, as the callers have them."""

    @property
    def url(self) -> str: ...

    @property
    def text(self) -> str: ...


def further_pages(text: str, url: str, links: Iterable[Labelled]) -> list[str]:
    """Other pages of the list that this HTML page is a part of; empty for pages that are no list."""
    found: list[str] = []
    if "createPage" in text or "createpage" in text:
        found += _created(text, url)
    if "ager(" in text or "ager (" in text:
        found += _numbered(text, url)
    if "_simple_list_gotopage_fun" in text:
        found += _vsb(text, url)
    if "jpage" in text or "<nextgroup" in text:
        found += _jpage(text, url)
    if "gkmlpt" in text:
        found += _gkmlpt(text, url)
    found += _endpoints(text, url)
    found += _labelled(url, links)
    if "atob(" in text:
        found += _labelled(url, _kept_in_base64(text, url))
    return _distinct(found, url)


def further_data_pages(text: str, url: str, count: int) -> list[str]:
    """Further pages of a data service, seen from one of its answers with `count` entries."""
    if "<nextgroup" in text or "startrecord=" in url:
        return _distinct([*_next_group(text, url), *_next_records(text, url)], url)
    place = _PAGE_PARAMETER.search(url)
    if not count:
        return []
    if place is None:
        return _distinct(_data_files(text, url), url)
    here = int(place.group(2))
    total, size = payload.total_of(payload.load(text))
    last = min(-(-total // (size or count)), here + MAX_PAGES) if total else here + 1
    head, tail = url[: place.start(2)], url[place.end(2) :]
    return [f"{head}{page}{tail}" for page in range(here + 1, last + 1)]


def _data_files(text: str, url: str) -> Iterator[str]:
    """Lists kept as files: `index_0.json` or `1.json` with the number of pages in it. From its first file only."""
    bare, _, query = url.partition("?")
    head, _, name = bare.rpartition("/")
    found = _DATA_FILE.fullmatch(name)
    if found is None:
        return
    stem, number, suffix = found.groups()
    total = min(payload.pages_of(payload.load(text)), MAX_PAGES)
    if number is None:
        pages, stem = range(1, total), f"{stem}_"
    elif number == "0":
        pages, stem = range(1, total), name[: found.start(2)]
    elif number == "1":
        pages, stem = range(2, total + 1), name[: found.start(2)]
    else:
        return
    for page in pages:
        yield f"{head}/{stem}{page}{suffix}{'?' + query if query else ''}"


def _created(text: str, url: str) -> Iterator[str]:
    """TRS: `createPageHTML(4, 0, "index", "html")`, counted from 0; with a div name in front counted from 1."""
    for match in _CREATE.finditer(text):
        total, name, suffix = int(match.group(1)), match.group(3), match.group(4)
        name = name.rsplit("/", 1)[-1]
        from_one = bool(_CREATE_HAS_DIV.match(match.group()))
        for page in range(1, min(total, MAX_PAGES)):
            target = absolute(url, f"{name}_{page + 1 if from_one else page}.{suffix}")
            if target:
                yield target


def _numbered(text: str, url: str) -> Iterator[str]:
    """TRS with a pager of the site's own: `Pager({size: 16, current: 0, prefix: 'index', suffix: 'html'})`."""
    for match in _PAGER.finditer(text):
        options = {m[0].lower(): m[1] or m[2] or m[3] for m in _PAIR.findall(match.group(1))}
        total, name, suffix = _count(options.get("size")), options.get("prefix", ""), options.get("suffix", "")
        if not name or not re.fullmatch(r"\w{2,6}", suffix):
            continue
        for page in range(1, min(total, MAX_PAGES)):
            target = absolute(url, f"{name.rsplit('/', 1)[-1]}_{page}.{suffix}")
            if target:
                yield target


def _vsb(text: str, url: str) -> Iterator[str]:
    """博达: the front is `list.htm`, further pages `list/{total-1}.htm` down to `list/1.htm`."""
    match = _VSB.search(text)
    if match is None:
        return
    total = int(match.group(1))
    bare = path_of(url)
    numbered = _VSB_NUMBERED.match(bare)
    if numbered:
        stem, suffix = numbered.group(1), numbered.group(3)
        yield f"{stem}.{suffix}"
    else:
        stem, _, suffix = bare.rpartition(".")
        if not stem or "/" in suffix:
            return
    for page in range(total - 1, max(0, total - 1 - MAX_PAGES), -1):
        yield f"{stem}/{page}.{suffix}"


def _jpage(text: str, url: str) -> Iterator[str]:
    yield from _next_group(text, url)
    for match in _JPAGE.finditer(text):
        options = {m[0]: m[1] or m[2] or m[3] for m in _PAIR.findall(match.group(1))}
        total, size = _count(options.get("totalRecord")), _count(options.get("perPage")) or 15
        group = _count(options.get("groupSize")) or 3
        proxy = options.get("proxyUrl", "")
        inner = _AJAX_PARAM.search(match.group(1))
        if not total or not proxy or inner is None:
            continue
        params = [(m[0], m[1] or m[2] or m[3]) for m in _PAIR.findall(inner.group(1))]
        step = size * group
        for start in range(1, min(total, step * MAX_PAGES) + 1, step):
            end = min(start + step - 1, total)
            records = [("startrecord", str(start)), ("endrecord", str(end)), ("perpage", str(size))]
            target = absolute(url, f"{proxy}?{urlencode(records + params, quote_via=quote)}")
            if target:
                yield target


def _next_group(text: str, url: str) -> Iterator[str]:
    for match in _NEXT_GROUP.finditer(text):
        target = absolute(url, match.group(1).replace("&amp;", "&"))
        if target:
            yield target


def _next_records(text: str, url: str) -> Iterator[str]:
    """jpage answer with record numbers in its address: the following group, while the total is not reached."""
    address, _, query = url.partition("?")
    params = parse_qsl(query, keep_blank_values=True)
    low = {k.lower(): v for k, v in params}
    start, end = _count(low.get("startrecord")), _count(low.get("endrecord"))
    found = re.search(r"<totalrecord>\s*(\d+)", text, re.I)
    if not start or end < start or found is None or end >= int(found.group(1)):
        return
    fresh = {"startrecord": str(end + 1), "endrecord": str(min(2 * end - start + 1, int(found.group(1))))}
    yield address + "?" + urlencode([(k, fresh.get(k.lower(), v)) for k, v in params], quote_via=quote)


def _gkmlpt(text: str, url: str) -> Iterator[str]:
    """开普: columns are read from `/gkmlpt/api/all/{column}?page=1&sid={site}`."""
    sid = _GKMLPT_SID.search(text)
    tail = f"&sid={sid.group(1)}" if sid else ""
    root = url.partition("/gkmlpt")[0] if "/gkmlpt" in url else ""
    columns = dict.fromkeys(m.group(1) for m in _GKMLPT_API.finditer(url + " " + text))
    for column in list(columns)[:MAX_PAGES]:
        service = f"/gkmlpt/api/all/{column}?page=1{tail}"
        target = root + service if root else absolute(url, service)
        if target:
            yield target


def _endpoints(text: str, url: str) -> Iterator[str]:
    """Data services named whole in an inline script."""
    for count, reference in enumerate(_references(text)):
        if count >= 50:
            return
        if _ENDPOINT_LOOK.search(reference) and not _NOT_ENDPOINT.search(reference):
            target = absolute(url, reference)
            if target:
                yield target


def _references(text: str) -> Iterator[str]:
    """What `_ENDPOINT` finds, tried only where one of its first words stands: a tenth of the time."""
    low = text.lower()
    if len(low) != len(text):  # a letter whose small form is longer: positions would not agree
        yield from (m.group(1) for m in _ENDPOINT.finditer(text))
        return
    end = 0
    for start in sorted(at for word in _ENDPOINT_WORDS for at in _places(low, word)):
        match = _ENDPOINT.match(text, start) if start >= end else None
        if match:
            end = match.end()
            yield match.group(1)


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _labelled(url: str, links: Iterable[Labelled]) -> Iterator[str]:
    """Pager links: "下一页" first, then numbers and the last page, when they lie beside the page itself."""
    numbers, stem = [], _stem(url)
    for link in links:
        label = link.text.strip()
        if len(label) > 12:
            continue
        if _NEXT_LABEL.match(label):
            if not _is_article_step(link.url):
                yield link.url
        elif (_NUMBER_LABEL.match(label) or _LAST_LABEL.match(label)) and _stem(link.url) == stem:
            numbers.append(link.url)
    yield from numbers


def _kept_in_base64(text: str, url: str) -> Iterator[Link]:
    """Links of a pager that the page keeps in base64 and a script unpacks into it."""
    for match in _BASE64.finditer(text):
        try:
            markup = unquote(base64.b64decode(match.group(), validate=True).decode("utf-8"))
        except (binascii.Error, UnicodeDecodeError):
            continue
        if "<" not in markup:
            continue
        for anchor in LexborHTMLParser(markup).css("a[href]"):
            target = absolute(url, anchor.attrs.get("href") or "")
            if target:
                yield Link(target, anchor.text(strip=True))


def _is_article_step(url: str) -> bool:
    """A "next" that leads to the next article rather than to the next page of a list."""
    return bool(_ARTICLE.search(path_of(url)))


def _stem(url: str) -> str:
    """Address with page numbers taken out: pages of one list have one stem."""
    path = path_of(url)
    path = re.sub(r"(?:[_-]?\d{1,5})?\.(s?html?|jspx?|aspx?|php|do)$", r".\1", path)
    path = re.sub(r"/(?:index|list|default)\.\w+$", "/", path)
    return re.sub(r"/\d{1,4}\.html?$", "/", path)


def _distinct(urls: Iterable[str], own: str) -> list[str]:
    return list(dict.fromkeys(u for u in urls if u and u != own))[: 3 * MAX_PAGES]


def _count(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 8 else 0
