"""Lists without a known maker: read by structure alone."""

from __future__ import annotations

from crawler.extract.paging import further_pages
from crawler.readers import letters
from crawler.readers.base import Reading, Source
from crawler.readers.items import Group, rows_of

NAME = "plain"
FRONT_BLOCKS = 3
MIN_LOOSE = 3  # entries without an address make a list only if each shows its day
MIN_UNDATED = 5  # entries without dates make a list only in company


def signature(source: Source) -> tuple[float, str]:
    """Always fits, worst."""
    return 0.05, "structure"


def rows(source: Source) -> Reading:
    """The heaviest group and the groups built just like it; else dated entries that a script opens; else letters."""
    reading = read_groups(source, source.groups)
    if any(r.date for r in reading.rows):
        return reading
    loose = [g for g in source.loose if g.dated >= MIN_LOOSE and g.dated == len(g.items)]
    if loose:
        return read_groups(source, loose)
    whole = letters.rows(source.document, source.as_of)
    return Reading(whole) if whole else reading


def more(source: Source) -> list[str]:
    return further_pages(source.document.source, source.document.url, [a.link for a in source.anchors])


def read_groups(source: Source, groups: list[Group]) -> Reading:
    """Rows of the main list among `groups`."""
    chosen = main_groups(groups)
    return Reading(rows_of(chosen, source.as_of), chosen)


def main_groups(groups: list[Group]) -> list[Group]:
    """The group that looks most like the page's list, with its equals; empty if none does.

    A column front made of several blocks has no main list: then every dated block in the content counts.
    """
    dated = [g for g in groups if g.dated and g.weight >= 1]
    best = max(dated, key=lambda g: g.weight, default=None)
    if best is None:
        undated = max(groups, key=lambda g: g.weight, default=None)
        return [undated] if undated is not None and _undated_list(undated) else []
    blocks = [g for g in dated if g.weight >= 4]
    if len(blocks) >= FRONT_BLOCKS and best.dated * 2 < sum(g.dated for g in blocks):
        return blocks
    return [g for g in dated if g is best or (g.signature == best.signature and g.dated * 2 >= len(g.items))]


def _undated_list(group: Group) -> bool:
    """Long titles in a row that lead to articles: a list whose maker shows no dates."""
    long = [i for i in group.items if len(i.title) >= 10]
    return len(long) >= MIN_UNDATED and len(long) >= 0.8 * len(group.items) and group.weight >= MIN_UNDATED
