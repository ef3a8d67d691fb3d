"""Aggregations of a round: by unit, indicator, rule and column. Counting is pandas, points stay Decimal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

import pandas as pd

from checks.outcomes import Outcome
from checks.scores import Line, Score
from config.standard import Standard
from reports.issues import Docket, Issue, Level
from reports.view import RoundView, RuleInfo

ZERO = Decimal(0)
SYSTEMIC = Decimal(1) / 3  # share of the checked units from which one rule points to template or platform
UNPAID = ("未经采纳，不计分", "提示项，不计分")  # notes of checks.scoring
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator over all units.

    `rate` is the mean share of points kept in percent over the `judged` units, None without a maximum; what is not
    known of any unit has neither rate nor mean.
    """

    line: Line
    full: Decimal | None
    units: int
    judged: int
    mean_lost: Decimal | None
    total_lost: Decimal
    rate: Decimal | None
    losing: int
    pending: int
    typical: Issue | None

    @property
    def shown(self) -> bool:
        """Whether any unit lost or may lose something here."""
        return bool(self.losing or self.pending)

    @property
    def unpaid(self) -> str:
        """Why nothing can be lost here although it is checked; blank where points or a veto are at stake."""
        return next((words for words in UNPAID if self.line.note.startswith(words)), "")


@dataclass(frozen=True, slots=True)
class RuleRow:
    """Distinct faults and objects of one rule by outcome."""

    rule: RuleInfo
    failed: int
    waived: int
    cannot_tell: int
    passed: int
    inapplicable: int
    units_checked: int
    units_failed: int

    @property
    def told(self) -> bool:
        """Whether something was found; the other rules are named in a sentence."""
        return bool(self.failed or self.waived)

    @property
    def systemic(self) -> bool:
        return self.units_failed >= 2 and self.units_failed >= SYSTEMIC * self.units_checked


@dataclass(frozen=True, slots=True)
class ProblemRow:
    rule: RuleInfo
    level: Level
    count: int
    share: Decimal  # percent of all open faults, one decimal
    units: tuple[str, ...]
    examples: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class ColumnTally:
    checked: int  # columns with at least one passed or failed verdict
    failed: int
    undetermined: int  # nothing but cannot-tell, or cannot-tell beside passes


@dataclass(frozen=True, slots=True)
class Spread:
    """Upper bounds of a group: mean, median and standard deviation to one decimal."""

    count: int
    mean: Decimal
    median: Decimal
    highest: Decimal
    lowest: Decimal
    deviation: Decimal


def outcome_frame(view: RoundView) -> pd.DataFrame:
    """One row per distinct fault or checked object (identity), with its heaviest outcome."""
    rows = [
        (f.identity or f.fingerprint, f.rule, f.unit, f.column, f.outcome.rank, bool(f.waived)) for f in view.findings
    ]
    frame = pd.DataFrame(rows, columns=["identity", "rule", "unit", "column", "rank", "waived"])
    return frame.sort_values("rank", kind="stable").drop_duplicates("identity", keep="last")


def rule_rows(view: RoundView, frame: pd.DataFrame) -> tuple[RuleRow, ...]:
    """Per rule, most faults first; waived faults are counted apart."""
    if frame.empty:
        return ()
    keyed = frame.assign(kind=frame["rank"].where(~frame["waived"], -1))
    counts = keyed.pivot_table(index="rule", columns="kind", values="identity", aggfunc="count", fill_value=0)
    told = frame[frame["rank"].isin([Outcome.PASSED.rank, Outcome.FAILED.rank])]
    open_ = frame[(frame["rank"] == Outcome.FAILED.rank) & ~frame["waived"]]
    checked, failing = told.groupby("rule")["unit"].nunique(), open_.groupby("rule")["unit"].nunique()

    def count(rule: str, kind: int) -> int:
        return _int(counts.at[rule, kind]) if kind in counts.columns else 0

    rows = [
        RuleRow(
            view.rule(rule),
            count(rule, Outcome.FAILED.rank),
            count(rule, -1),
            count(rule, Outcome.CANNOT_TELL.rank),
            count(rule, Outcome.PASSED.rank),
            count(rule, Outcome.INAPPLICABLE.rank),
            int(checked.get(rule, 0)),
            int(failing.get(rule, 0)),
        )
        for rule in (str(r) for r in counts.index)
    ]
    return tuple(sorted(rows, key=lambda r: (-r.failed, -r.cannot_tell, r.rule.id)))


COLUMN_RULES = ("column-missing", "column-blank", "column-stale", "message-list-stale")


def column_tally(frame: pd.DataFrame) -> ColumnTally:
    """Columns by their heaviest verdict on being there, filled and fresh; a template's tags fail no column."""
    about = frame["rule"].isin(COLUMN_RULES) & (frame["column"] != "")
    own = frame[about & (frame["rank"] > Outcome.INAPPLICABLE.rank)]
    if own.empty:
        return ColumnTally(0, 0, 0)
    worst = own.assign(rank=own["rank"].where(~own["waived"], Outcome.PASSED.rank)).groupby("column")["rank"].max()
    failed = int((worst == Outcome.FAILED.rank).sum())
    passed = int((worst == Outcome.PASSED.rank).sum())
    return ColumnTally(failed + passed, failed, int((worst == Outcome.CANNOT_TELL.rank).sum()))


def problem_rows(view: RoundView, items: Docket, limit: int = 10) -> tuple[ProblemRow, ...]:
    """The most frequent classes of open faults, with two examples each."""
    by_rule: dict[str, list[Issue]] = {}
    for issue in items.open():
        by_rule.setdefault(issue.rule.id, []).append(issue)
    total = sum(len(i.faults) for i in items.open())
    rows = []
    for issues in by_rule.values():
        count = sum(len(i.faults) for i in issues)
        share = (Decimal(count) * 100 / total).quantize(_TENTH, ROUND_HALF_UP)
        units = tuple(dict.fromkeys(i.unit for i in issues))
        level = min((i.level for i in issues), key=lambda x: x.order)
        rows.append(ProblemRow(issues[0].rule, level, count, share, units, tuple(issues[:2])))
    return tuple(sorted(rows, key=lambda r: (-r.count, r.rule.id))[:limit])


def indicator_rows(view: RoundView, items: Docket, standard: Standard) -> tuple[IndicatorRow, ...]:
    """Each machine-judged indicator over the units it applies to, in the order of the standard."""
    pairs = [(score, line) for score in unit_scores(view, standard) for line in score.lines if line.applicable]
    if not pairs:
        return ()
    frame = pd.DataFrame(
        {
            "indicator": [line.indicator for _, line in pairs],
            "lost": [line.deducted for _, line in pairs],
            "losing": [int(line.failed > 0) for _, line in pairs],
            "pending": [int(line.undetermined > 0) for _, line in pairs],
            "judged": [int(judged(line)) for _, line in pairs],
        }
    )
    sums = frame.groupby("indicator").agg(
        units=("lost", "size"), losing=("losing", "sum"), pending=("pending", "sum"), judged=("judged", "sum")
    )
    lost: dict[str, Decimal] = {}
    lines: dict[str, Line] = {}
    typical: dict[str, Issue] = {}
    for _, line in pairs:
        lost[line.indicator] = lost.get(line.indicator, ZERO) + line.deducted
        lines.setdefault(line.indicator, line)
        for print_ in line.fingerprints:
            issue = items.by_fingerprint.get(print_)
            if issue and not issue.pending and not issue.waived:
                typical.setdefault(line.indicator, issue)
    order = {indicator.id: at for at, indicator in enumerate(standard.indicators)}
    rows = []
    for key in sorted(lines, key=lambda k: order.get(k, len(order))):
        units, told = _int(sums.at[key, "units"]), _int(sums.at[key, "judged"])
        mean = lost[key] / told if told else None
        full = full_marks(lines[key])
        rate = None if not full or mean is None else ((full - mean) * 100 / full).quantize(_TENTH, ROUND_HALF_UP)
        rows.append(
            IndicatorRow(
                lines[key], full, units, told,
                None if mean is None else mean.quantize(Decimal("0.01"), ROUND_HALF_UP), lost[key], rate,
                _int(sums.at[key, "losing"]), _int(sums.at[key, "pending"]), typical.get(key),
            )
        )  # fmt: skip
    return tuple(rows)


def full_marks(line: Line) -> Decimal | None:
    """What the line can lose at most: its weight, else its cap."""
    return line.weight if line.weight is not None else line.cap


def judged(line: Line) -> bool:
    """Whether anything was judged here; where nothing was seen, nothing was kept either."""
    return line.passed + line.failed > 0


def kept(line: Line) -> Decimal | None:
    """得分率 of one line in percent to one decimal; None without a maximum or where nothing was judged."""
    full = full_marks(line)
    if not full or not line.applicable or not judged(line):
        return None
    return ((full - line.deducted) * 100 / full).quantize(_TENTH, ROUND_HALF_UP)


def _int(cell: object) -> int:
    return int(str(cell))  # a numpy integer, which the stubs call a scalar of any kind


def group_spread(view: RoundView, group: str) -> Spread | None:
    """The spread of a group's ranked units whose scores are settled: bounds of what was not seen prove nothing."""
    ranked = [r.unit for r in view.ranks if r.group == group and r.place is not None]
    return spread(s for u in ranked if (s := view.score(u)) and s.settled)


def spread(scores: Iterable[Score]) -> Spread | None:
    values = [s.upper for s in scores if s.rated]
    if not values:
        return None
    mean = sum(values, ZERO) / len(values)
    deviation = (sum(((v - mean) ** 2 for v in values), ZERO) / len(values)).sqrt()

    def rounded(value: Decimal) -> Decimal:
        return value.quantize(Decimal("0.01"), ROUND_HALF_UP)  # as exact as the scores beside which it stands

    return Spread(len(values), rounded(mean), rounded(median(values)), max(values), min(values), rounded(deviation))


def unit_scores(view: RoundView, standard: Standard) -> tuple[Score, ...]:
    order = {u.unit_id: at for at, u in enumerate(view.district.units)}
    own = [s for s in view.scores if s.unit and s.standard == standard.id]
    return tuple(sorted(own, key=lambda s: (order.get(s.unit, len(order)), s.unit)))
