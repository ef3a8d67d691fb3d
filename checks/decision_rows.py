"""Items of a catalogue of major decisions: one row each, read from its table or from its numbered text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.facts import Page

_NAME = re.compile(r"事项名称|决策名称|项目名称|决策事项|事项内容|^事项$|^名称$|^决策$")
_OWNER = re.compile(r"承办|责任(?:单位|部门)|牵头(?:单位|部门)|主办单位|起草单位")
_NUMBERED = re.compile(
    r"(?<![\d.])(\d{1,2})[.．、]\s*(?P<name>[^\d。；:：]{4,60}?)\s*[（(，,：:]?\s*"
    r"(?:(?:决策)?承办(?:单位|部门)|责任单位|牵头单位)\s*[：:]?\s*(?P<owner>[^\d；;。)）]{0,60})"
)
_NO_ITEM = re.compile(r"^(?:合计|小计|总计|备注|说明|注)[:：]?$|^\d*$")
_BLANK_OWNER = re.compile(r"^[\s\-—–/无]*$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision. `owner` is the unit in charge as written; blank when the row names none."""

    name: str
    owner: str


def entries(page: Page, text: str) -> tuple[Entry, ...]:
    """The items in the order of the catalogue; empty when none could be read for sure.

    `text` is the page's text together with that of its attachments; tables of the page itself come first.
    """
    for grid in page.tables:
        found = tuple(_of_grid(grid))
        if found:
            return found
    return tuple(Entry(match["name"].strip("《》“” "), _owner(match["owner"])) for match in _NUMBERED.finditer(text))


def _of_grid(grid: tuple[tuple[str, ...], ...]) -> Iterator[Entry]:
    for at, row in enumerate(grid[:4]):
        name = next((x for x, cell in enumerate(row) if _NAME.search(cell)), None)
        owner = next((x for x, cell in enumerate(row) if _OWNER.search(cell)), None)
        if name is None or name == owner:
            continue
        before = ""
        for cells in grid[at + 1 :]:
            title = cells[name]
            if len(title) < 4 or _NO_ITEM.match(title) or title == before:
                continue
            before = title
            yield Entry(title.strip("《》“”"), _owner(cells[owner]) if owner is not None else "")
        return


def _owner(words: str) -> str:
    return "" if _BLANK_OWNER.match(words) else words.strip()
