"""Jumps to a named place: whether this page has it, and which jumps lead to a place of another page.

A lost jump is a hint, never a fault, so everything a script may make or handle is left out. Script files are
not read: a page that loads any but well-known ones, which do nothing with places, is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from checks.facts import Fact
from crawler.extract.document import Document, fold, locator
from crawler.extract.nesting import is_deep
from crawler.extract.weblinks import absolute, kind_of

MAX_JUMPS = 400  # links with a fragment that are looked at on one page
MAX_NAME = 120  # characters; longer ones are states of scripts
_BY_SCRIPT = ("onclick", "role", "aria-controls", "aria-expanded")
_SWITCH = re.compile(r"tab|toggle|collapse|drop|menu|slide|swiper|carousel", re.I)
_ROUTED = re.compile(r"location\s*\.\s*hash|hashchange|\bwindow\.onpopstate|createWebHash|HashRouter", re.I)
_HARMLESS = re.compile(  # libraries, counters, share buttons and marks of identity, by the end of their address
    r"(?:/|^)(?:jquery(?:[.-](?:\d|min|slim|migrate|cookie|easing|lazyload|qrcode|superslide|slide)[\w.-]*)?|zepto[\w.-]*"
    r"|(?:super|flex)?slide[\w.-]*|swiper[\w.-]*|html5(?:shiv)?[\w.-]*|respond[\w.-]*|json2?[\w.-]*|es5-shim[\w.-]*"
    r"|qrcode[\w.-]*|clipboard[\w.-]*|wza[\w.-]*)\.js$"
    r"|^(?:https?:)?//(?:[\w-]+\.)*(?:hm\.baidu\.com|bdimg\.share\.baidu\.com|conac\.cn|jiucuo\.gov\.cn|zfwzgl\.www\.gov\.cn"
    r"|pucha\.kaipuyun\.cn|cnzz\.com|jiathis\.com|trs\.cn|google-analytics\.com)/",
    re.I,
)
_LOADS = re.compile(
    r"createElement\(\s*['\"]script|document\.write[^;]{0,60}<\\?script|getScript|seajs\.use|require(?:js)?\s*\(|\bimport\b",
    re.I,
)
_FRAMES = "frameset, frame[src]"


def read_jumps(document: Document) -> Iterator[Fact]:
    """`lost-anchor`: a jump within this page that lands nowhere, value "#name". `fragment`: a jump to a place of
    another page, value its address with "#name", to be looked up where that page is known.
    """
    own: list[tuple[LexborNode, str]] = []
    for node in document.tree.css('a[href*="#"], area[href*="#"]')[:MAX_JUMPS]:
        reference, _, raw = (node.attributes.get("href") or "").strip().partition("#")
        name = unquote(raw.strip())
        if not _is_place(name) or _scripted(node, within=not reference):
            continue
        if not reference and document.base == document.url:
            own.append((node, name))
            continue
        target = absolute(document.base, reference or document.base)
        if target.startswith(("http://", "https://")) and kind_of(target) == "page":
            yield Fact(f"{target}#{name}", "fragment", fold(node.text() or "")[:100], locator(node))
    if own and not is_deep(document.source) and not _moved_by_scripts(document.tree):
        places = _places(document.tree)
        for node, name in own:
            if name not in places and name not in document.scripts:
                yield Fact(f"#{name}"[:200], "lost-anchor", fold(node.text() or "")[:100], locator(node))


def lacks(html: str, name: str) -> bool:
    """Whether a page certainly has no place `name`: it neither has it nor works with fragments, nor names it."""
    if is_deep(html):
        return False
    tree = LexborHTMLParser(html)
    if name in _places(tree) or tree.css_first(_FRAMES) is not None or _ROUTED.search(html):
        return False
    if _moved_by_scripts(tree):
        return False
    if any(name in (script.text() or "") for script in tree.css("script")):
        return False
    # as a word in quotes it is a tab, a switch or an address that a script makes something of
    return not any(word in html for word in (f'"{name}"', f"'{name}'", f'#{name}"', f"#{name}'"))


def is_harmless(source: str) -> bool:
    """A script file that is known, by its address, to write nothing into the page."""
    return bool(_HARMLESS.search(source if source.startswith("//") else source.partition("?")[0]))


def _moved_by_scripts(tree: LexborHTMLParser) -> bool:
    """Whether a script of its own file, which is not read, may make places or act upon the name behind the "#"."""
    for script in tree.css("script"):
        source = (script.attributes.get("src") or "").strip()
        if source:
            if not is_harmless(source):
                return True
        elif _LOADS.search(code := script.text() or "") and not _counts_only(code):
            return True
    return False


def _counts_only(code: str) -> bool:
    """An inline script that loads nothing but a well-known counter or mark."""
    addresses = re.findall(r"['\"]((?:https?:)?//[^'\"]+)", code)
    return bool(addresses) and all(_HARMLESS.search(a) for a in addresses)


def _is_place(name: str) -> bool:
    """Names of places; not the top, not the route or the state of a script ("#/list", "#!news", "#id=3")."""
    if not name or name == "top" or len(name) > MAX_NAME:
        return False
    return name[0] not in "/!?:" and not any(c in name for c in "=&/?")


def _scripted(node: LexborNode, *, within: bool) -> bool:
    attrs = node.attributes
    if any(name in attrs for name in _BY_SCRIPT) or any(name.startswith("data-") for name in attrs):
        return True
    if not within:
        return False
    return "target" in attrs or bool(_SWITCH.search(f"{attrs.get('class') or ''} {attrs.get('id') or ''}"))


def _places(tree: LexborHTMLParser) -> set[str | None]:
    places = {n.attributes.get("id") for n in tree.css("[id]")}
    return places | {n.attributes.get("name") for n in tree.css("a[name]")}
