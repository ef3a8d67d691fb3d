"""Values of scoring: one line per indicator, one score per unit and standard, ranges until everything is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from config.standard import IndicatorKind


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator in a unit's arithmetic. Points are Decimal; `worst` counts cannot-tell as failed."""

    indicator: str  # id within the standard
    title: str
    group: str  # group title
    kind: IndicatorKind
    clause: str
    confidence: str
    applicable: bool
    weight: Decimal | None
    cap: Decimal | None
    deducted: Decimal  # after cap and exclusions
    worst: Decimal
    failed: int
    undetermined: int
    passed: int
    fingerprints: tuple[str, ...]  # findings (failed and cannot-tell) behind this line
    note: str = ""  # why not applicable, which cap or exclusion took effect, "未经采纳，不计分"


@dataclass(frozen=True, slots=True)
class Score:
    """A score under one standard. `unit` is blank for the site as a whole.

    `lower <= upper`; they are equal once nothing is undetermined. `formula` is the worked line as printed.
    """

    unit: str
    standard: str
    lower: Decimal
    upper: Decimal
    base: Decimal  # applicable total before scaling
    deducted: Decimal
    worst: Decimal
    veto: tuple[str, ...]  # fingerprints of failed vetoes
    veto_possible: tuple[str, ...]  # fingerprints of undetermined vetoes
    lines: tuple[Line, ...]
    formula: str
    grade_lower: str  # 优秀, 良好, 合格, 不合格
    grade_upper: str
    rated: bool = True  # False: nothing in this standard can cost this unit points, see `unrated_reason`
    unrated_reason: str = ""
    bonus: Decimal = Decimal(0)
    judged: int = 0  # indicators that apply and may cost points
    unseen: int = 0  # of these, the ones on which nothing but gaps of our sight was found
    under: Mapping[str, str] = field(default_factory=dict)
    """Findings that cost nothing here because the same fact is charged elsewhere: fingerprint → the one charged."""

    @property
    def settled(self) -> bool:
        """One number, not a range."""
        return self.rated and self.lower == self.upper


@dataclass(frozen=True, slots=True)
class Rank:
    """Place inside a group by the upper bound of the primary standard; ties share it (1, 2, 2, 4)."""

    unit: str
    group: str
    place: int | None  # None: not ranked, see `reason`
    of: int
    reason: str = ""
