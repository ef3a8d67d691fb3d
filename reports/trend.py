"""The last rounds side by side: pass rate, mean score, findings per unit. At most eight, changes of rules marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from checks.outcomes import Outcome
from checks.scores import Score
from checks.verdicts import Finding
from reports.view import RoundView

MOST = 8  # rounds shown, this one included (outputs.md §1.7)
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Point:
    """One round. `pass_rate` in percent; None where a round left nothing to count."""

    round_id: str
    units: int
    pass_rate: Decimal | None
    mean: Decimal | None
    faults: Decimal | None  # distinct failed findings per unit
    changed: bool  # the rules differ from those of this round: not comparable


@dataclass(frozen=True, slots=True)
class Series:
    """One small chart: name, unit, values of the rounds in order, top of the axis."""

    name: str
    unit: str
    values: tuple[Decimal | None, ...]
    top: Decimal


def trend(view: RoundView) -> tuple[Point, ...]:
    """The rounds, oldest first; empty in a first round."""
    if not view.history:
        return ()
    past = [
        _point(p.round_id, _own(p.scores, view.primary.id), _standing(p.findings, p.fingerprints), not p.comparable)
        for p in view.history[1 - MOST :]
    ]
    failed = frozenset(f.fingerprint for f in view.findings if f.outcome is Outcome.FAILED)
    own = _own(view.scores, view.primary.id)
    return (*past, _point(view.round_id, own, _standing(view.findings, failed), False))


def series(points: Sequence[Point]) -> tuple[Series, ...]:
    most = max((p.faults for p in points if p.faults is not None), default=Decimal(0))
    return (
        Series("单位合格率", "%", tuple(p.pass_rate for p in points), Decimal(100)),
        Series("平均得分", "分", tuple(p.mean for p in points), Decimal(100)),
        Series("每单位问题数", "处", tuple(p.faults for p in points), max(most * Decimal("1.25"), Decimal(1))),
    )


def _own(scores: Iterable[Score], standard: str) -> list[Score]:
    return [s for s in scores if s.unit and s.standard == standard and s.rated]


def _standing(findings: Iterable[Finding], fingerprints: frozenset[str]) -> int | None:
    known = [f for f in findings if f.fingerprint in fingerprints]
    return len({f.identity or f.fingerprint for f in known if f.unit}) if known or not fingerprints else None


def _point(round_id: str, scores: list[Score], faults: int | None, changed: bool) -> Point:
    units = len(scores)
    if not units:
        return Point(round_id, 0, None, None, None, changed)
    passed = sum(s.grade_lower != "不合格" for s in scores)
    mean = sum((s.upper for s in scores), Decimal(0)) / units
    return Point(
        round_id,
        units,
        _rounded(Decimal(passed) * 100 / units),
        _rounded(mean),
        None if faults is None else _rounded(Decimal(faults) / units),
        changed,
    )


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, ROUND_HALF_UP)
