"""One page, parsed once and laid out as lines of text in reading order, each with its region and whether it is seen.

Everything else in this package reads the lines; only links, tables and list items go back to the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborNode

from checks.facts import Region
from crawler.extract.nesting import parsed
from crawler.extract.regions import nested, own_hiding, own_region
from crawler.extract.weblinks import base_of

MAX_NODES = 400_000  # of one page; what lies behind is not read
MAX_CLIMB = 11  # elements above one that its path is looked for in
MAX_DEPTH = 600  # HTML parsers in browsers flatten beyond 512

_SPACE = re.compile(r"[\s\u00a0\u3000\u2002\u2003\u2009\u200a\u202f\ufeff]+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "button", "center", "dd", "details", "dialog", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "li",
    "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    "ucapcontent", "ucaptitle",
})  # fmt: skip
_SILENT = frozenset({
    "script", "style", "noscript", "template", "textarea", "select", "option", "svg", "canvas", "object", "video",
    "audio",
    "-comment", "!doctype", "title", "iframe", "math", "map",
})  # fmt: skip
_HIDDEN_CLASS = re.compile(r"(?:^|\s)(?:ng-hide|d-none|hidden|hide|visually-hidden|sr-only|undis|disnone|dn)(?:\s|$)")
_WRITE = re.compile(r"document\.write(?:ln)?\s*\(")
_TERM = re.compile(
    r"\s*(?:\"((?:[^\"\\]|\\.){0,500})\"|'((?:[^'\\]|\\.){0,500})'|([A-Za-z_$][\w$]*)((?:\.\w+(?:\([^()]*\))?)*))\s*"
)
_CUT = re.compile(r"\.(?:substring|substr|slice)\(\s*0\s*,\s*(\d{1,3})\s*\)")
_FILL = re.compile(
    r"(?:\$\(\s*['\"]#([\w-]{1,60})['\"]\s*\)\.(?:html|text)\(|getElementById\(\s*['\"]([\w-]{1,60})['\"]\s*\)"
    r"\.(?:innerHTML|innerText|textContent)\s*=)\s*"
)
_JSP = re.compile(r"<%--.{0,4000}?--%>|<%@.{0,500}?%>", re.S)
_ASSIGN = re.compile(r"\b([A-Za-z_$][\w$]*)\s*=\s*(['\"])(.{0,200}?)\2")


@dataclass(slots=True)
class Line:
    """Text between two block boundaries. `text` is folded; `spaced` has a blank wherever an element ended."""

    text: str
    spaced: str
    region: Region
    hidden: str
    node: LexborNode  # element that directly holds the line's first text
    linked: int = 0  # characters inside links
    scripted: bool = False  # a part was written by document.write
    heading: int = 0  # 1-6 inside a heading
    at: int = 0  # position in document order


_FOOT_LINES = 12  # at the end of a page
_FOOT_OPENS = re.compile(r"主\s*办\s*(?:单\s*位|方)?\s*[:：]|版权所有|ICP\s*备|公网安备|标\s*识\s*码\s*[:：]")
_LICENCE = re.compile(r"ICP\s*备|公网安备|网站标识码", re.I)


@dataclass(slots=True)
class _Open:
    """What an element's descendants inherit."""

    region: Region | None
    hidden: str
    linked: bool
    heading: int
    depth: int


@dataclass(slots=True)
class _Pending:
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    scripted: bool = False
    node: LexborNode | None = None
    open: _Open | None = None


def fold(text: str) -> str:
    """Whitespace of every kind to single blanks, invisible and bidirectional control characters removed."""
    if text.isprintable() and "  " not in text:  # then blanks are its only whitespace and nothing is invisible
        return text.strip()
    return _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()


class Document:
    """A parsed page. Attributes are computed on first use and kept."""

    def __init__(self, text: str, url: str) -> None:
        self.url = url
        self._ways: dict[int, _Named | None] = {}  # of `locate`, by element
        self.notes: dict[str, Any] = {}  # what readers of the document work out once and ask for again
        # unprocessed JSP comments carry the dates of a programmer's file
        self.source = _JSP.sub("", text) if "<%" in text else text
        self.tree = parsed(self.source)
        self.base = base_of(self.tree, url)

    @cached_property
    def lines(self) -> list[Line]:
        """Lines in document order, hidden ones included; empty ones left out."""
        root = self.tree.body or self.tree.root
        found = list(_lines(root, self)) if root is not None else []
        for at, line in enumerate(found):
            line.at = at
        _name_the_foot(found)
        return found

    @cached_property
    def seen(self) -> list[Line]:
        """Lines a reader sees."""
        return [line for line in self.lines if not line.hidden]

    @cached_property
    def low(self) -> str:
        """The source in lower case, for asking cheaply whether a word occurs at all."""
        return self.source.lower()

    @cached_property
    def meta(self) -> tuple[tuple[str, str], ...]:
        """(name as written, folded content) of every named META, in document order."""
        found = []
        for node in self.tree.css("meta[name]"):
            name = fold(node.attrs.get("name") or "")
            if name:
                found.append((name[:100], fold(node.attrs.get("content") or "")[:2000]))
        return tuple(found[:200])

    def meta_values(self, name: str) -> list[str]:
        low = name.lower()
        return [content for key, content in self.meta if key.lower() == low]

    @cached_property
    def title_tag(self) -> str:
        """Folded text of `<title>`, markup written inside it removed."""
        node = self.tree.css_first("title")
        raw = (node.text(deep=True) or "") if node is not None else ""
        raw = re.sub(r"<\s*br\s*/?\s*>", " ", raw[:20_000], flags=re.I)
        raw = re.sub(r"</?[a-zA-Z][^<>]{0,200}>", "", raw)
        raw = re.sub(r"&(?:nbsp|ensp|emsp|thinsp);?", " ", raw)
        return fold(raw)[:1000]

    @cached_property
    def scripts(self) -> str:
        """All inline script code, one after another."""
        return "\n".join(node.text() or "" for node in self.tree.css("script") if "src" not in node.attrs)

    def locate(self, node: LexborNode) -> str:
        """`locator` of an element of this document. Brothers share the way up, which is remembered."""
        return _path(node, self._ways)

    def variable(self, name: str) -> str:
        """Text a script assigns to a variable, or blank."""
        return self._variables.get(name, "")

    @cached_property
    def _variables(self) -> dict[str, str]:
        """First text assigned to each variable of the inline scripts."""
        found: dict[str, str] = {}
        for match in _ASSIGN.finditer(self.scripts[:1_000_000]):
            found.setdefault(match.group(1), match.group(3))
        return found

    def written(self, code: str) -> str:
        """Text that an inline script writes into the page with document.write, as far as it is plain."""
        out = []
        for match in _WRITE.finditer(code[:20_000]):
            out.append(re.sub(r"<[^>]*>", " ", self._sum(code, match.end())))
        return fold(re.sub(r"&\w{2,6};", " ", " ".join(out)))

    @cached_property
    def filled(self) -> dict[str, str]:
        """Texts that inline scripts put into elements, by id, as far as they are plain."""
        found: dict[str, str] = {}
        code = self.scripts[:500_000]
        for match in _FILL.finditer(code) if "html" in code.lower() or "text" in code else ():
            value = fold(re.sub(r"<[^>]*>", " ", self._sum(code, match.end())))
            if value:
                found.setdefault(match.group(1) or match.group(2), value)
        return found

    def _sum(self, code: str, at: int) -> str:
        """Value of a JavaScript expression of strings and variables joined by "+"; blank if it is anything else."""
        parts = []
        while True:
            term = _TERM.match(code, at)
            if term is None:
                return ""
            double, single, name = term.group(1), term.group(2), term.group(3)
            value = self.variable(name) if name else (double if double is not None else single)
            cut = _CUT.match(term.group(4) or "")
            parts.append(value[: int(cut.group(1))] if cut else value)
            at = term.end()
            if code[at : at + 1] != "+":
                return "".join(parts) if code[at : at + 1] in (")", ";", "\n", "") else ""
            at += 1


def locator(node: LexborNode | None) -> str:
    """CSS-like path of at most three elements that carry an id or class, innermost last."""
    return _path(node, {}) if node is not None else ""


@dataclass(frozen=True, slots=True)
class _Named:
    """The nearest element with an id or class, from some element upwards; `away` counts the steps to it."""

    step: str
    unique: bool  # known by its id: nothing above is needed
    above: LexborNode | None
    away: int


def _path(node: LexborNode, known: dict[int, _Named | None]) -> str:
    if node.tag in ("html", "-document"):
        return ""
    own, unique = _step(node)
    parts = [own or node.tag or ""]
    above = None if unique else node.parent
    climb = MAX_CLIMB
    while above is not None and len(parts) < 3:
        named = _nearest(above, known)
        if named is None or named.away >= climb:
            break
        parts.append(named.step)
        if named.unique:
            break
        above, climb = named.above, climb - named.away - 1
    return " ".join(reversed(parts))


def _nearest(node: LexborNode, known: dict[int, _Named | None]) -> _Named | None:
    """The nearest named element at `node` or above, remembered for each element on the way; None if there is none."""
    way: list[int] = []
    at: LexborNode | None = node
    found: _Named | None = None
    while at is not None and at.tag not in ("html", "-document"):
        if at.mem_id in known:
            found = known[at.mem_id]
            break
        step, unique = _step(at)
        if step:
            found = known[at.mem_id] = _Named(step, unique, at.parent, 0)
            break
        way.append(at.mem_id)
        at = at.parent
    for steps, mem_id in enumerate(reversed(way), 1):
        known[mem_id] = replace(found, away=found.away + steps) if found is not None else None
    return known[node.mem_id] if way else found


def _step(node: LexborNode) -> tuple[str, bool]:
    """`tag#id` (True: nothing above is needed) or `tag.class`; blank for an element without either."""
    attrs = node.attrs
    identity = attrs.get("id") or ""
    if identity and len(identity) < 60:
        return f"{node.tag}#{identity}", True
    names = (attrs.get("class") or "").split()
    return (f"{node.tag}.{names[0][:60]}" if names else ""), False


def _name_the_foot(lines: list[Line]) -> None:
    """The last lines of a page that marks no footer, from the sponsor's on, where they bear a licence or a code."""
    if any(line.region is Region.FOOTER for line in lines):
        return
    last = lines[-_FOOT_LINES:]
    start = next((n for n, line in enumerate(last) if _FOOT_OPENS.search(line.spaced)), None)
    if start is None or not any(_LICENCE.search(line.spaced) for line in last[start:]):
        return
    for line in last[start:]:
        line.region = Region.FOOTER


def _lines(root: LexborNode, document: Document) -> Iterator[Line]:
    pending = _Pending()
    stack: list[tuple[LexborNode | None, _Open | None]] = [(root, _Open(None, "", False, 0, 0))]
    count = 0
    while stack:
        node, inherited = stack.pop()
        if node is None or inherited is None:  # a block ends
            if pending.parts:
                yield from _close(pending)
                pending = _Pending()
            continue
        tag = node.tag or ""  # blank for <?php … ?>
        if tag == "-text":
            _take(pending, node, inherited, node.text_content or "")
            continue
        if tag == "script":
            code = node.text() or ""
            if "document.write" in code and not inherited.hidden:
                written = document.written(code)
                if written:
                    _take(pending, node.parent or node, inherited, written)
                    pending.scripted = True
            continue
        count += 1
        if not tag or tag in _SILENT or count > MAX_NODES or inherited.depth > MAX_DEPTH:
            continue
        is_block = tag in _BLOCKS
        if is_block and pending.parts:
            yield from _close(pending)
            pending = _Pending()
        opened = _inherit(node, tag, inherited)
        if document.filled and not opened.hidden:
            value = document.filled.get(node.attributes.get("id") or "")
            if value and not (node.text(deep=True) or "").strip():
                _take(pending, node, opened, value)
                pending.scripted = True
        if is_block:
            stack.append((None, None))
        child = node.last_child
        while child is not None:
            stack.append((child, opened))
            child = child.prev
    if pending.parts:
        yield from _close(pending)


def _inherit(node: LexborNode, tag: str, above: _Open) -> _Open:
    attrs = node.attributes
    if not attrs and tag not in ("header", "footer", "nav", "article") and not tag.startswith("h"):
        return _Open(above.region, above.hidden, above.linked, above.heading, above.depth + 1)
    names = attrs.get("class") or ""
    identity = attrs.get("id") or ""
    both = f"{names} {identity}" if names and identity else names or identity
    region = nested(above.region, own_region(tag, both), both)
    hidden = above.hidden or own_hiding(attrs.get("style") or "")
    if not hidden and ("hidden" in attrs or (names and _HIDDEN_CLASS.search(names))):
        hidden = "display:none"
    heading = int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" else above.heading
    # an <a> without a target is a style, not a link
    linked = above.linked or (tag == "a" and ("href" in attrs or "onclick" in attrs))
    return _Open(region, hidden, linked, heading, above.depth + 1)


def _take(pending: _Pending, node: LexborNode, inherited: _Open, raw: str) -> None:
    if not pending.parts and not raw.strip():
        return
    pending.parts.append(raw[:200_000])
    if pending.node is None:
        pending.node = node.parent if node.tag == "-text" and node.parent is not None else node
        pending.open = inherited
    if inherited.linked:
        pending.linked += len(raw.strip())


def _close(pending: _Pending) -> Iterator[Line]:
    text = fold("".join(pending.parts))
    if text and pending.node is not None and pending.open is not None:
        o = pending.open
        yield Line(
            text,
            fold(" ".join(pending.parts)) if len(pending.parts) > 1 else text,
            o.region or Region.CONTENT,
            o.hidden,
            pending.node,
            pending.linked,
            pending.scripted,
            o.heading,
        )
