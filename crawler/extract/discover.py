"""The fast path of the crawler: every link of a page, and the further pages of a list that only scripts name.

One parse, no facts. What the page *says* is left to `crawler.extract.page`.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Container
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from checks.facts import Region
from crawler.extract import paging, payload
from crawler.extract.encoding import Decoded, decode
from crawler.extract.handlers import Handlers
from crawler.extract.nesting import parsed
from crawler.extract.regions import Surroundings
from crawler.extract.weblinks import absolute, base_of, kind_of
from crawler.readers import feed

MAX_LINKS = 20_000  # of one page; a calendar or a spam trap, not a government column, has more
FEEDS = "link[rel~=alternate][type*=rss][href], link[rel~=alternate][type*=atom][href]"
CHOICES = 'option[value^="http://"], option[value^="https://"]'  # menus of friend links that a script opens
ANCHORS = "a[href], a[onclick]:not([href]), area[href], iframe[src], frame[src], img[src]"
_SELECTOR = f"{ANCHORS}, link[rel~=next][href], {FEEDS}, {CHOICES}"
_BY_SOURCE = {"iframe": "frame", "frame": "frame", "img": "image"}
ADDRESS_IN = {"iframe": "src", "frame": "src", "img": "src", "option": "value"}
_REFRESH = re.compile(r"url\s*=\s*['\"]?\s*([^'\";>]+)", re.I)
_JUMP = re.compile(
    r"(?:location(?:\.href)?\s*=(?!=)|location\.(?:replace|assign)\s*\(|window\.open\s*\()"
    r"\s*(['\"])([^'\"\s]{1,500})\1\s*([,)+;]?)",
    re.I,
)
_WRITTEN = re.compile(r"http-equiv\s*=\s*\\?['\"]?refresh\b[^>]{0,200}?url\s*=\s*\\?['\"]?\s*([^'\"\\;>\s]+)", re.I)
_JUMP_BY_ID = re.compile(
    r"getElementById\(\s*['\"]([\w-]+)['\"]\s*\)\.(?:innerText|innerHTML|textContent|value|href)"
    r"|\$\(\s*['\"]#([\w-]+)['\"]\s*\)\.(?:text|html|val)\(",
    re.I,
)
_LOOKS_LIKE_URL = re.compile(r"(?:https?:/)?[./][!-~]*$|[!-~]+\.\w{2,5}$")


@dataclass(frozen=True, slots=True)
class FoundLink:
    """`kind` is page, attachment, image or frame; `url` is absolute, without fragment, http(s) only."""

    url: str
    text: str
    region: Region = Region.CONTENT
    kind: str = "page"


@dataclass(frozen=True, slots=True)
class Discovery:
    """`list_pages` are further pages of the same list, nearest first, each URL once."""

    links: list[FoundLink]
    list_pages: list[str]
    redirect: str = ""  # where a stub sends its reader, by meta refresh or script; also the first of `links`


def discover(body: bytes, url: str, content_type: str = "", known: Container[str] = frozenset()) -> Discovery:
    """Links and further list pages of one response. Never raises on hostile input; binary bodies give nothing.

    Links in `known` are left out: of a menu that stands on every page, nothing is read twice.
    """
    if payload.is_binary(body, content_type):
        return Discovery([], [])
    decoded = decode(body, content_type)
    text = decoded.text
    if feed.signature(text):
        entries = feed.items(text, url)
        return Discovery([FoundLink(u, title, Region.CONTENT, kind_of(u)) for title, u, _ in entries], [])
    if payload.is_data(text, content_type):
        return _of_data(text, url)
    tree = parsed(body if _is_plain_utf8(body, decoded) else text)
    base = base_of(tree, url)
    target = redirect_target(tree, text, base)
    links = [FoundLink(target, "")] if target else []
    handlers = Handlers(tree, base)
    links += _anchors(tree, base, known, handlers)
    links += [
        FoundLink(u, label_of(node), Region.CONTENT, kind_of(u)) for node, u in handlers.pressed() if u not in known
    ]
    links += [FoundLink(u, label, Region.CONTENT, kind_of(u)) for u, label in handlers.options() if u not in known]
    return Discovery(links, paging.further_pages(text, url, links), target)


def _is_plain_utf8(body: bytes, decoded: Decoded) -> bool:
    """Bytes that are the text as it is need not be encoded again for the parser."""
    if decoded.encoding != "utf-8" or decoded.mixed or "\ufffd" in decoded.text:
        return False
    return not body.startswith(BOM_UTF8)


def redirect_target(tree: LexborHTMLParser, text: str, base: str) -> str:
    """Target of a stub page: meta refresh, or a script that jumps in a page with next to no text of its own."""
    for meta in tree.css("meta[http-equiv]"):
        if (meta.attrs.get("http-equiv") or "").strip().lower() == "refresh":
            found = _REFRESH.search(meta.attrs.get("content") or "")
            target = absolute(base, found.group(1).strip()) if found else ""
            if target and target != base:
                return target
    body = tree.body
    if len(text) > 60_000 or len(tree.css("a[href]")) > 3 or (body is not None and _visible_length(body) > 200):
        return ""
    return _script_target(tree, base)


def _script_target(tree: LexborHTMLParser, base: str) -> str:
    for script in tree.css("script"):
        code = script.text() or ""
        jump = _JUMP.search(code)
        written = _WRITTEN.search(code)  # document.write('<meta http-equiv="refresh" …>')
        goal = jump.group(2) if jump and jump.group(3) != "+" else written.group(1) if written else ""
        target = absolute(base, goal) if goal else ""
        if target and target != base:
            return target
        if "location" not in code and "window.open" not in code:
            continue
        named = _JUMP_BY_ID.search(code)
        if named:
            holder = tree.css_first(f"#{named.group(1) or named.group(2)}")
            value = (holder.attrs.get("href") or holder.attrs.get("value") or holder.text()) if holder else ""
            target = absolute(base, value.strip()) if _LOOKS_LIKE_URL.match(value.strip()) else ""
            if target:
                return target
    return ""


def _visible_length(body: LexborNode) -> int:
    """Characters of text outside scripts and styles, counted no further than needed."""
    count = 0
    for node in body.traverse(include_text=True):
        if node.tag == "-text" and node.parent is not None and node.parent.tag not in ("script", "style", "noscript"):
            count += len((node.text_content or "").strip())
            if count > 200:
                break
    return count


def _anchors(tree: LexborHTMLParser, base: str, known: Container[str], handlers: Handlers) -> list[FoundLink]:
    around = Surroundings()
    found: list[FoundLink] = []
    for node in tree.css(_SELECTOR)[:MAX_LINKS]:
        tag = node.tag
        raw = node.attrs.get(ADDRESS_IN.get(tag or "", "href")) or ""
        target = absolute(base, raw) or (handlers.of(node, raw) if tag == "a" else "")
        if not target or target in known:
            continue
        region, _ = around.of(node)
        kind = _BY_SOURCE.get(tag or "") or kind_of(target)
        found.append(FoundLink(target, "" if tag == "img" else label_of(node), region, kind))
    return found


def label_of(node: LexborNode) -> str:
    """What a reader sees of a link: its text, else its title, else the alternative text of its picture."""
    text = " ".join((node.text(deep=True) or "").split())[:500]
    if text:
        return text
    title = (node.attrs.get("title") or node.attrs.get("alt") or "").strip()
    if title:
        return title[:500]
    image = node.css_first("img")
    return (image.attrs.get("alt") or image.attrs.get("title") or "").strip()[:500] if image is not None else ""


def _of_data(text: str, url: str) -> Discovery:
    records = payload.records(text)
    links = []
    for record in records[:MAX_LINKS]:
        target = absolute(url, record.url)
        if target:
            links.append(FoundLink(target, record.title, Region.CONTENT, kind_of(target)))
    return Discovery(links, paging.further_data_pages(text, url, len(records)))
