"""Tables of an annual report as grids of text, whatever Word made of them.

These tables come out of Word with merged cells, nested tables, unclosed tags and several `<tbody>`; BeautifulSoup
puts up with all of it. It costs ten times a usual parse, so only pages of kind `report` are read this way.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag

Grid = tuple[tuple[str, ...], ...]
MAX_TABLES = 12
MAX_ROWS = 120
MAX_COLUMNS = 40
_SPACE = re.compile(r"[\s\u200b\ufeff]+")


def read_tables(html: str) -> tuple[Grid, ...]:
    """Grids of the page's innermost tables with two rows or more; merged cells repeat their text in every place."""
    soup = BeautifulSoup(html, "lxml")
    grids = []
    for table in soup.find_all("table", limit=MAX_TABLES * 5):
        if table.find("table") is None and len(grid := _grid(table)) >= 2:
            grids.append(grid)
        if len(grids) == MAX_TABLES:
            break
    return tuple(grids)


def _grid(table: Tag) -> Grid:
    filled: dict[tuple[int, int], str] = {}
    for y, row in enumerate(table.find_all("tr", limit=MAX_ROWS)):
        x = 0
        for cell in row.find_all(["td", "th"], limit=MAX_COLUMNS):
            while (y, x) in filled:
                x += 1
            text = _SPACE.sub("", cell.get_text())[:200]
            for down in range(_span(cell, "rowspan", MAX_ROWS - y)):
                for right in range(_span(cell, "colspan", MAX_COLUMNS - x)):
                    filled.setdefault((y + down, x + right), text)
            x += 1
    height = max((y for y, _ in filled), default=-1) + 1
    width = max((x for _, x in filled), default=-1) + 1
    return tuple(tuple(filled.get((y, x), "") for x in range(width)) for y in range(height))


def _span(cell: Tag, name: str, most: int) -> int:
    value = str(cell.get(name) or "1").strip()
    return max(1, min(int(value), most)) if value.isascii() and value.isdigit() else 1
