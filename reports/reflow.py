"""Tables on narrow screens: every cell carries the name of its column, so that a row can stand as a block.

Nothing is hidden on a phone and nothing has to be pushed sideways. Heat maps keep their grid, and tables that have a
narrow form of their own are left alone.
"""

from __future__ import annotations

import re
from functools import partial

KEEPS = frozenset(
    {"heat", "ranks", "sheet-rows", "top-ten", "waiting"}
)  # classes of tables with a narrow form of their own
_TABLE = re.compile(r"<table\b([^>]*)>(.*?)</table>", re.DOTALL)
_HEAD = re.compile(r"<thead\b.*?</thead>", re.DOTALL)
_HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<(td|th)\b([^>]*)>")
_CLASS = re.compile(r'\bclass="([^"]*)"')
_SPAN = re.compile(r'\bcolspan="(\d+)"')
_TAG = re.compile(r"<[^>]*>")


def reflow(page: str) -> str:
    """The page with `data-name` on the cells of its tables; text in it is escaped already and stays as it is."""
    return _TABLE.sub(_table, page)


def _table(match: re.Match[str]) -> str:
    attributes, inner = match[1], match[2]
    head = _HEAD.search(inner)
    known = _CLASS.search(attributes)
    classes = known[1].split() if known else []
    if head is None or KEEPS & set(classes):
        return match[0]
    names = [_TAG.sub("", text).strip().replace('"', "&quot;") for text in _HEADING.findall(head[0])]
    body = _ROW.sub(partial(_row, names), inner[head.end() :])
    rest = _CLASS.sub("", attributes).rstrip()
    return f'<table class="{" ".join([*classes, "reflow"])}"{rest}>{inner[: head.end()]}{body}</table>'


def _row(names: list[str], match: re.Match[str]) -> str:
    at = 0

    def cell(found: re.Match[str]) -> str:
        nonlocal at
        span = _SPAN.search(found[2])
        name = names[at] if span is None and at < len(names) else ""
        at += int(span[1]) if span else 1
        return f'<{found[1]}{found[2]} data-name="{name}">' if name and found[1] == "td" else found[0]

    return _CELL.sub(cell, match[0])
