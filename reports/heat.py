"""The heat map of the overview: units by second-level indicators, to be read in black and white.

Standards share a table as long as its columns fit a sheet of paper, so that units are named once for several of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from checks.scores import Line, Score
from config.district import Unit
from config.standard import IndicatorKind, Standard
from reports.tables import ZERO, kept, unit_scores
from reports.text import figure
from reports.view import RoundView

NARROW = 4  # columns under which the title of a standard does not fit
WIDEST = 46  # columns of a landscape page in which a figure can be read


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit under one indicator. `step` 0 (nothing lost) to 5 (everything), `mark` survives black and white."""

    mark: str  # "·" nothing lost, a figure (points lost or 得分率), 否, ?, 提, —
    step: int
    title: str
    pending: bool = False

    @property
    def look(self) -> str:
        """The class that draws it: shade and bar by step, the others by a frame or a pattern of their own."""
        return {"否": "veto", "—": "na", "?": "open"}.get(self.mark, f"s{self.step}")


@dataclass(frozen=True, slots=True)
class HeatRow:
    unit: Unit
    cells: tuple[Cell, ...]
    lost: Decimal
    worst: Decimal


@dataclass(frozen=True, slots=True)
class HeatMap:
    columns: tuple[Line, ...]
    rows: tuple[HeatRow, ...]
    totals: tuple[Decimal, ...]


@dataclass(frozen=True)
class HeatPart:
    """One standard in a table of several; `summed` unless nobody lost a point under it."""

    title: str
    heat: HeatMap

    @property
    def columns(self) -> tuple[Line, ...]:
        return self.heat.columns

    @property
    def totals(self) -> tuple[Decimal, ...]:
        return self.heat.totals

    @property
    def summed(self) -> bool:
        return any(row.lost for row in self.heat.rows)

    @property
    def narrow(self) -> bool:
        """Too narrow for its title: a star stands above its columns and before the title in the caption."""
        return self.width < NARROW

    @property
    def width(self) -> int:
        return len(self.columns) + self.summed


@dataclass(frozen=True, slots=True)
class TableRow:
    unit: Unit
    parts: tuple[tuple[HeatPart, HeatRow], ...]


@dataclass(frozen=True)
class HeatTable:
    parts: tuple[HeatPart, ...]

    @property
    def name(self) -> str:
        several = len(self.parts) > 1
        titles = (f"＊{part.title}" if several and part.narrow else part.title for part in self.parts)
        return f"各单位在各指标的得分率：{'、'.join(titles)}"

    @property
    def summed(self) -> bool:
        return any(part.summed for part in self.parts)

    @cached_property
    def rows(self) -> tuple[TableRow, ...]:
        """A row for each unit that any of the standards judges."""
        units = {row.unit.unit_id: row.unit for part in self.parts for row in part.heat.rows}
        known = [{row.unit.unit_id: row for row in part.heat.rows} for part in self.parts]
        return tuple(
            TableRow(
                unit,
                tuple(
                    (part, own.get(key) or _blank(unit, part)) for part, own in zip(self.parts, known, strict=True)
                ),
            )
            for key, unit in units.items()
        )


def _blank(unit: Unit, part: HeatPart) -> HeatRow:
    return HeatRow(unit, (_cell(None, None),) * len(part.columns), ZERO, ZERO)


def heat_tables(maps: Iterable[tuple[Standard, HeatMap]]) -> tuple[HeatTable, ...]:
    """The maps that show anything, in their order, as few tables as fit a page each."""
    return tuple(
        HeatTable(tuple(own)) for own in _packed(HeatPart(s.title, heat) for s, heat in maps if heat.columns)
    )


def _packed(parts: Iterable[HeatPart]) -> Iterator[list[HeatPart]]:
    own: list[HeatPart] = []
    for part in parts:
        if own and sum(p.width for p in own) + part.width > WIDEST:
            yield own
            own = []
        own.append(part)
    if own:
        yield own


def heat_map(view: RoundView, standard: Standard) -> HeatMap:
    """Units by indicators. Indicators that cost nobody anything are listed, not drawn."""
    scores = {s.unit: s for s in unit_scores(view, standard)}
    lines = {line.indicator: line for s in scores.values() for line in s.lines}
    marked = {
        line.indicator
        for s in scores.values()
        for line in s.lines
        if line.applicable and (line.failed or line.undetermined)
    }
    columns = tuple(line for key, line in lines.items() if key in marked)
    rows = []
    for unit in (u for u in view.units if u.unit_id in scores):
        own = {line.indicator: line for line in scores[unit.unit_id].lines}
        cells = tuple(_cell(own.get(column.indicator), scores[unit.unit_id]) for column in columns)
        rows.append(HeatRow(unit, cells, scores[unit.unit_id].deducted, scores[unit.unit_id].worst))
    totals = tuple(
        sum((line.deducted for s in scores.values() for line in s.lines if line.indicator == c.indicator), ZERO)
        for c in columns
    )
    return HeatMap(columns, tuple(rows), totals)


def _cell(line: Line | None, score: Score | None) -> Cell:
    if line is None or score is None or not line.applicable:
        return Cell("—", 0, "不适用")
    pending = line.undetermined > 0
    if line.kind is IndicatorKind.VETO and line.failed and set(line.fingerprints) & set(score.veto):
        return Cell("否", 5, f"单项否决，{line.failed}项", pending)
    rate = kept(line)
    if line.deducted and rate is not None:
        step = max(1, min(5, 5 - int(rate // 20)))
        return Cell(figure(rate), step, f"得分率{rate}%，扣{figure(line.deducted)}分", pending)
    if line.deducted:
        return Cell(f"−{figure(line.deducted)}", _step(line.deducted), f"扣{figure(line.deducted)}分", pending)
    if line.failed:
        return Cell("提", 0, f"{line.failed}项问题，不计分", pending)
    if pending:
        return Cell("?", 0, f"{line.undetermined}项尚不能判定", True)
    return Cell("·", 0, f"未发现问题（{line.passed}项）")


def _step(points: Decimal) -> int:
    return 1 + sum(points > limit for limit in (1, 2, 5, 10))
