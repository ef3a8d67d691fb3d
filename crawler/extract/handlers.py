"""Addresses that a page's own inline script opens: `javascript:openView('12')`, `goPage(2)`, a menu of page numbers.

Read, not run. The function has to stand in the page and to open an address put together from words in quotes, its
arguments and the chosen value. Whatever needs more than that is left as it is. A form is never sent, not even one
that only turns pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extract.weblinks import absolute
from crawler.urls import host_of

MAX_CODE = 2_000  # characters of one handler or function
MAX_OPTIONS = 1_000
MAX_PRESSED = 2_000
PRESSED = ", ".join(f"{tag}[onclick]" for tag in ("li", "tr", "td", "dt", "dd", "div", "p", "span", "button"))
VOID = re.compile(r"^(?:#|javascript:\s*(?:void\s*\(?\s*0?\s*\)?|;)?\s*;?)?$", re.I)
_CALL = re.compile(r"^\s*(?:return\s+)?([A-Za-z_$][\w$]*)\s*\(([^()]{0,200})\)\s*;?(?:\s*return\s+\w+\s*;?)?\s*$")
_OPENS = re.compile(
    r"(?:\blocation(?:\.href)?\s*=(?!=)|\blocation\.(?:replace|assign)\s*\(|(?<![\w.$])(?:window\.)?open\s*\()\s*"
)
_PIECE = re.compile(
    r"\s*(?:'([^'\\\n]*)'|\"([^\"\\\n]*)\"|(\d{1,9})|(this\.value|this\.options\[this\.selectedIndex\]\.value)"
    r"|([A-Za-z_$][\w$]*))\s*"
)
_CHOSEN = "this.value"
_ADDRESS = re.compile(r"[/.?]")  # a menu's first choice is often "0" and means none
# what changes something, or only counts, is never opened
_ACTS = re.compile(
    r"del(?:ete)?\b|remove|save|submit|log(?:in|out)|vote|praise|zan\b|like\b|collect|share|captcha", re.I
)


class Handlers:
    """The inline scripts and forms of one page, asked where they send a reader. Only addresses on its own host."""

    def __init__(self, tree: LexborHTMLParser, base: str) -> None:
        self._tree = tree
        self._base = base

    @cached_property
    def _code(self) -> str:
        return "\n".join(s.text() or "" for s in self._tree.css("script:not([src])"))[:400_000]

    def of(self, node: LexborNode, raw: str) -> str:
        """Where an element leads whose address `raw` is a script, or empty with a handler beside it."""
        if not VOID.match(raw.strip()):
            return self.address(raw.strip().partition(":")[2]) if raw.strip()[:11].lower() == "javascript:" else ""
        return self.address(node.attributes.get("onclick") or "")

    def address(self, handler: str, chosen: str = "") -> str:
        """Absolute address that a handler opens; blank if it opens none or none that can be told by reading."""
        if not handler or len(handler) > MAX_CODE:
            return ""
        handler = handler.strip().removeprefix("javascript:")
        return self._read(handler, {_CHOSEN: chosen}) or self._called(handler, chosen)

    def pressed(self) -> Iterator[tuple[LexborNode, str]]:
        """Elements other than links that open a page when pressed: with a handler of their own and no link inside."""
        for node in self._tree.css(PRESSED)[:MAX_PRESSED]:
            target = self.address(node.attributes.get("onclick") or "")
            if target and node.css_first("a[href]") is None:
                yield node, target

    def options(self) -> Iterator[tuple[str, str]]:
        """(address, label) of the choices in menus that open what is chosen."""
        for menu in self._tree.css("select[onchange]"):
            handler = menu.attributes.get("onchange") or ""
            for option in menu.css("option")[:MAX_OPTIONS]:
                value = (option.attributes.get("value") or "").strip()
                target = self.address(handler, value) if value else ""
                if target and (_ADDRESS.search(value) or target != absolute(self._base, value)):
                    yield target, " ".join((option.text() or "").split())[:200]

    def _called(self, handler: str, chosen: str) -> str:
        call = _CALL.match(handler)
        found = self._function(call.group(1)) if call else None
        if call is None or found is None or _ACTS.search(call.group(1)):
            return ""
        names, body = found
        given = (
            [_value(part, {_CHOSEN: chosen}) for part in call.group(2).split(",")] if call.group(2).strip() else []
        )
        if None in given or len(given) > len(names):
            return ""
        known = {name: value for name, value in zip(names, given, strict=False) if value is not None}
        return self._read(body, known)

    def _function(self, name: str) -> tuple[list[str], str] | None:
        escaped = re.escape(name)
        head = re.search(
            rf"(?:function\s+{escaped}\s*|\b{escaped}\s*=\s*function\s*)\(([\w$,\s]{{0,200}})\)\s*\{{", self._code
        )
        if head is None:
            return None
        depth, end = 1, head.end()
        while depth and end < len(self._code) and end - head.end() < MAX_CODE:
            depth += {"{": 1, "}": -1}.get(self._code[end], 0)
            end += 1
        names = [n.strip() for n in head.group(1).split(",") if n.strip()]
        return (names, self._code[head.end() : end - 1]) if not depth else None

    def _read(self, code: str, known: Mapping[str, str]) -> str:
        for start in _OPENS.finditer(code):
            words = _value(code[start.end() :], known, whole=False)
            target = self._own(words) if words else ""
            if target:
                return target
        return ""

    def _own(self, reference: str) -> str:
        target = absolute(self._base, reference)
        return target if target and host_of(target) == host_of(self._base) and not _ACTS.search(target) else ""


def _value(code: str, known: Mapping[str, str], *, whole: bool = True) -> str | None:
    """The words that an expression of quotes, numbers and known names joined by "+" comes to; None if it is another.

    Without `whole` it may be followed by the rest of a call or statement.
    """
    at, words = 0, ""
    while match := _PIECE.match(code, at):
        single, double, digits, chosen, name = match.groups()
        piece = known.get(_CHOSEN) if chosen else known.get(name) if name else single or double or digits or ""
        if piece is None:
            return None
        words, at = words + piece, match.end()
        if at == len(code) or code[at] != "+":
            break
        at += 1
    else:
        return None
    rest = code[at : at + 1]
    return words if not rest or (not whole and rest in ",);}\n") else None
