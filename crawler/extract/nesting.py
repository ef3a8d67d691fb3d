"""Markup nested deeper than any page needs is flattened before it is parsed.

For each new element an HTML parser looks through all open ones, an open <font> is opened anew in every paragraph that
follows, and each <option> is compared with those before it: a hundred thousand of them cost minutes and gigabytes.
Browsers stop nesting at 512 as well.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

MANY = 6_000  # tags; pages with fewer cannot nest so deep that it matters
MAX_OPEN = 400
MAX_FORMATS = 16
MAX_OPTIONS = 3_000
_FORMATS = frozenset({b"font", b"b", b"i", b"u", b"s", b"em", b"strong", b"small", b"big", b"code", b"tt", b"strike"})
# without content, ended by the next of their kind, or not nested by parsers
_FLAT = frozenset(
    b"area base br col command embed hr img input link meta param source track wbr p li dd dt tr td th thead tbody"
    b" tfoot caption colgroup html head body title script style textarea iframe noembed noframes plaintext xmp frame"
    b" frameset a button h1 h2 h3 h4 h5 h6 nobr select form template".split()
)
_TAG = re.compile(rb"<(/?)([a-zA-Z][^\s/<>]{0,40})[^<>]{0,2000}>?")


def parsed(text: str | bytes) -> LexborHTMLParser:
    """The tree of a document; a body of bytes must be UTF-8."""
    return LexborHTMLParser(flat(text) if _may_be_deep(text) else text)


def is_deep(text: str) -> bool:
    """Whether `parsed` leaves anything out."""
    return _may_be_deep(text) and flat(text) != text.encode("utf-8", "replace")


def _may_be_deep(text: str | bytes) -> bool:
    return (text.count("<") if isinstance(text, str) else text.count(b"<")) >= MANY


def flat(text: str | bytes) -> bytes:
    """The document without the tags, opening and closing, that lie too deep, and without options beyond number."""
    body = text.encode("utf-8", "replace") if isinstance(text, str) else text
    opened = {True: 0, False: 0}
    left_out = {True: 0, False: 0}
    options = 0

    def kept(tag: re.Match[bytes]) -> bytes:
        nonlocal options
        name = tag.group(2).lower()
        if name in _FLAT:
            return tag.group()
        if name == b"option":
            options += not tag.group(1)
            return tag.group() if options <= MAX_OPTIONS else b" "
        formats = name in _FORMATS
        if tag.group(1):
            if left_out[formats]:
                left_out[formats] -= 1
                return b""
            opened[formats] = max(0, opened[formats] - 1)
            return tag.group()
        if opened[formats] >= (MAX_FORMATS if formats else MAX_OPEN):
            left_out[formats] += 1
            return b""
        opened[formats] += 1
        return tag.group()

    return _TAG.sub(kept, body)
