"""Who answers for a page: 发布机构, then 发文机关, then 来源, then the column's owner; else nobody (units.md §1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from checks.facts import Page
from config.district import District

_SPACE = re.compile(r"\s+")


class Owners:
    """Matches the names of units, longest first. A text that names two different units has no owner."""

    def __init__(self, district: District) -> None:
        names: dict[str, str] = {}
        for unit in district.units:
            for name in unit.names():
                names[_fold(name)] = unit.unit_id
        collective = {"各镇", "各镇街", "各部门", "区政府各部门单位", "区政府有关部门单位"}
        self._names = sorted(
            ((n, u) for n, u in names.items() if n not in collective), key=lambda x: (-len(x[0]), x[0])
        )

    def match(self, text: str) -> str:
        """Unit id of the one unit named in `text`, or ""."""
        rest = _fold(text)
        found: set[str] = set()
        for name, unit in self._names:
            if name in rest:
                found.add(unit)
                rest = rest.replace(name, "\x00")
        return found.pop() if len(found) == 1 else ""

    def of(self, page: Page, column_owner: str) -> tuple[str, str]:
        """(unit id, basis) of a page; ("", "") if nobody can be named."""
        for basis, value in self._claims(page):
            unit = self.match(value)
            if unit:
                return unit, basis
        return (column_owner, "column") if column_owner else ("", "")

    def _claims(self, page: Page) -> Iterable[tuple[str, str]]:
        if page.publisher:
            yield "publisher", page.publisher.value
        for field in ("发布机构", "发文机关"):
            fact = page.header_field(field)
            if fact:
                yield "publisher", fact.value
        if page.source:
            yield "source", page.source.value


def _fold(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))
