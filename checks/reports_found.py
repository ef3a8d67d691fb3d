"""Annual reports on government information: which unit and which year each one speaks for, and its tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from checks.facts import Coverage, Page
from checks.gaps import joined
from checks.items import items
from checks.snapshot import Snapshot
from checks.texts import fold

_TITLE = re.compile(r"(?:政府)?信息公开(?:工作)?(?:年度)?(?:工作)?(?:报告|年报)")
_YEAR = re.compile(r"(20\d{2})\s*年?度?")


@dataclass(frozen=True, slots=True)
class Report:
    """One annual report. `page` is None when only its row in a list was seen; `unit` is "" for the district's own."""

    url: str
    title: str
    unit: str
    year: int
    day: date | None
    days: tuple[date, ...]  # every day a reader may see: on the page and in lists
    page: Page | None
    quote: str


def annual_reports(snapshot: Snapshot) -> Iterator[Report]:
    """Reports in the order of their URLs; the year is read from title or text, never from the folder."""
    for item in items(snapshot):
        if not _TITLE.search(fold(item.title)) or "指南" in item.title or item.title.strip() == "公开年报":
            continue
        page = snapshot.page(item.url)
        year = report_year(item.title, page.text if page else "")
        if year is None:
            continue
        days = {d.value for d in page.list_dates} if page else set()
        days |= {item.day} if item.day else set()
        unit = report_unit(snapshot, item.title, item.owner)
        yield Report(item.url, item.title, unit, year, item.day, tuple(sorted(days)), page, item.quote)


def report_year(title: str, text: str) -> int | None:
    """The reporting year: in the title, else in the first words that name a reporting period."""
    for place in (title, text[:1500]):
        found = _YEAR.search(fold(place))
        if found:
            return int(found[1])
    return None


def report_unit(snapshot: Snapshot, title: str, owner: str) -> str:
    """Unit named in the title (longest name first), else the page's owner; "" for the district government itself."""
    district = snapshot.district
    government = (district.full_name, f"{district.name}人民政府", f"{district.name}政府")
    named = sorted(
        ((name, u.unit_id) for u in district.units for name in u.names() if name not in government),
        key=lambda pair: (-len(pair[0]), pair[0]),
    )
    for name, unit_id in named:
        if name in title:
            return unit_id
    if any(n in title for n in government):
        return ""
    return "" if owner == district.portal_owner else owner


def report_coverage(snapshot: Snapshot, unit: str) -> Coverage:
    """Coverage of the search for a unit's report: the report columns, and the unit's own pages."""
    states = list(snapshot.by_role("annual-report"))
    columns = joined(states, "") if states else snapshot.site_coverage()
    own = snapshot.unit_coverage(unit) if unit else columns
    return columns if not columns.complete or own.complete else own


def readable(page: Page, least: int = 200) -> bool:
    return page.text_length >= least and not page.needs_render


_FIGURES = r"((?:\s+\d+(?:\.\d+)?){7})"
_ROWS = {
    "新收": re.compile(r"一、\s*本年新收政府信息公开申请数量" + _FIGURES),
    "结转": re.compile(r"二、\s*上年结转政府信息公开申请数量" + _FIGURES),
    "总计": re.compile(r"[（(]七[）)]\s*总计" + _FIGURES),
    "下年": re.compile(r"四、\s*结转下年度继续办理" + _FIGURES),
}


_LABELS = {
    "新收": re.compile(r"本年新收政府信息公开申请数量"),
    "结转": re.compile(r"上年结转政府信息公开申请数量"),
    "总计": re.compile(r"[（(]七[）)]总计"),
    "下年": re.compile(r"结转下年度继续办理"),
}
_COUNT = re.compile(r"\d+(?:\.0+)?$")


def applications(page: Page) -> dict[str, tuple[int, ...]] | None:
    """Rows of the table of applications (part 3): seven columns, the last one 总计. None: table not readable.

    Read from the page's tables; a report without them from its text.
    """
    for grid in page.tables:
        found = _from_grid(grid)
        if found is not None:
            return found
    return _from_text(page.text)


def _from_grid(grid: Iterable[tuple[str, ...]]) -> dict[str, tuple[int, ...]] | None:
    found: dict[str, tuple[int, ...]] = {}
    for row in grid:
        cells = [cell.strip() for cell in row]
        figures = [int(float(c)) if _COUNT.match(c) else 0 for c in cells[-7:] if not c or _COUNT.match(c)]
        label = "".join(dict.fromkeys(cells[:-7]))
        name = next((n for n, pattern in _LABELS.items() if pattern.search(label)), "")
        if name and len(cells) > 7 and len(figures) == 7 and any(cells[-7:]):
            found.setdefault(name, tuple(figures))
    return found if found.keys() == _LABELS.keys() else None


def _from_text(text: str) -> dict[str, tuple[int, ...]] | None:
    found = {}
    for name, pattern in _ROWS.items():
        match = pattern.search(text)
        if match is None:
            return None
        found[name] = tuple(int(float(n)) for n in match[1].split())
    return found
