"""How much of the site and of each unit was seen, from the frontier and the fetch records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from checks.facts import ColumnState, Coverage, Gap
from checks.outcomes import FetchOutcome, Reason
from config.district import District
from crawler.derive.columns import folder, host_of

SITE_PAGES = 0.98  # rules.md §0 guard `site`: 98 % of discovered in-scope pages fetched …
SITE_COLUMNS = 0.95  # … and 95 % of registered columns pass `list`
UNIT_PAGES = 0.98
KEPT_GAPS = 50
ABSENT = frozenset({FetchOutcome.GONE, FetchOutcome.SOFT_404})


def page_gaps(
    district: District, frontier: Iterable[tuple[str, str, str]], outcomes: Mapping[str, FetchOutcome]
) -> tuple[int, list[Gap]]:
    """(in-scope pages known, gaps). `frontier` gives (url, state, reason) of every page that was discovered.

    An address at which the site has no page is none of its pages: it is neither known nor fetched.
    """
    hosts = district.own_hosts()
    known, gaps = 0, []
    for url, state, reason in frontier:
        if host_of(url) not in hosts:
            continue
        outcome = outcomes.get(url)
        if outcome in ABSENT:
            continue
        known += 1
        if outcome is None:
            gaps.append(Gap(url, reason or "unvisited", "未访问" if state == "pending" else f"未访问：{reason}"))
        elif outcome.gap:
            gaps.append(Gap(url, str(outcome), outcome.chinese))
    return known, gaps


def site_coverage(columns: Sequence[ColumnState], known: int, gaps: Sequence[Gap]) -> Coverage:
    """Complete when the `site` guard holds; the gaps are kept either way."""
    fetched = known - len(gaps)
    walked = [c for c in columns if c.url and not c.external]
    good = sum(1 for c in walked if _walked(c))
    enough = known > 0 and fetched >= SITE_PAGES * known and (not walked or good >= SITE_COLUMNS * len(walked))
    note = f"已取回{fetched}/{known}页，{good}/{len(walked)}个栏目列表走完"
    open_ = next((c for c in walked if not _walked(c)), None)
    if open_ is not None:
        note += f"，没有走完的如“{open_.found_label}”"
    return Coverage(enough, known, fetched, tuple(gaps[:KEPT_GAPS]), note=note)


def _walked(state: ColumnState) -> bool:
    """Every list page was seen. Whether a column found at another unit's is this one hides no page."""
    gaps = state.coverage.gaps
    return state.coverage.complete or (bool(gaps) and all(g.outcome == Reason.AMBIGUOUS_OWNER for g in gaps))


def unit_coverages(
    district: District,
    columns: Sequence[ColumnState],
    known_urls: Iterable[str],
    gaps: Sequence[Gap],
    site: Coverage,
) -> dict[str, Coverage]:
    """Per unit: all its columns walked and 98 % of what lies below them fetched; units without columns: the site."""
    states = {c.column_id: c for c in columns}
    folders: dict[str, list[str]] = {}
    incomplete: dict[str, list[Gap]] = {}
    trails: dict[str, list[str]] = {}
    for column in district.columns:
        unit, state = district.owner_of(column), states[column.column_id]
        if state.url and not state.external:
            folders.setdefault(unit, []).append(folder(state.url))
            trails.setdefault(unit, []).extend(state.list_pages)
            if not _walked(state):
                incomplete.setdefault(unit, []).extend(state.coverage.gaps)
    urls = list(known_urls)
    result = {}
    for unit in district.units:
        below = tuple(f for f in folders.get(unit.unit_id, ()) if f.count("/") > 3)
        if not below:
            result[unit.unit_id] = site
            continue
        known = sum(1 for u in urls if u.startswith(below))
        own_gaps = [g for g in gaps if g.url.startswith(below)]
        walk = incomplete.get(unit.unit_id, [])
        fetched = known - len(own_gaps)
        complete = not walk and fetched >= UNIT_PAGES * known
        merged = list({g.url: g for g in (*walk, *own_gaps)}.values())[:KEPT_GAPS]
        trail = tuple(dict.fromkeys(trails.get(unit.unit_id, ())))[:KEPT_GAPS]
        result[unit.unit_id] = Coverage(complete, known, fetched, tuple(merged), trail)
    return result
