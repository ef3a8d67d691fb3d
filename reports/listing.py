"""Problems in the dense lists of the office's papers: by weight, and under one title where the kind is the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.issues import Issue, Level


@dataclass(frozen=True, slots=True)
class Row:
    """One problem; `title` only where a kind begins, `count` is the number of problems of that kind."""

    issue: Issue
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class Weight:
    """All problems of one weight: they share the deadline."""

    level: Level
    limit: str
    rows: tuple[Row, ...]


def listed(issues: Iterable[Issue]) -> tuple[Weight, ...]:
    """Heaviest first; kinds in the order of their first problem."""
    levels: dict[Level, dict[str, list[Issue]]] = {}
    for issue in issues:
        levels.setdefault(issue.level, {}).setdefault(issue.rule.id, []).append(issue)
    return tuple(
        Weight(level, next(iter(kinds.values()))[0].limit, tuple(row for own in kinds.values() for row in _rows(own)))
        for level, kinds in sorted(levels.items(), key=lambda pair: pair[0].order)
    )


def _rows(issues: Sequence[Issue]) -> tuple[Row, ...]:
    return tuple(Row(issue, "" if at else issue.rule.title, len(issues)) for at, issue in enumerate(issues))


def kinds(issues: Iterable[Issue]) -> list[tuple[str, tuple[Issue, ...]]]:
    """Problems of one kind together, as a line of a form to be filled in."""
    found: dict[str, list[Issue]] = {}
    for issue in issues:
        found.setdefault(issue.rule.title, []).append(issue)
    return [(title, tuple(sorted(own, key=lambda i: i.number))) for title, own in found.items()]
