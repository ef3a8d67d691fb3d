"""Model of a standard: one edition of a rule book. Points and thresholds are data; rules are code.

A standard names rules by id; whether those rules and parameters exist is checked against the catalogue by
`checks.standards.validate` (config knows nothing of checks).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from config.district import Slug, Strict


class IndicatorKind(StrEnum):
    VETO = "veto"  # any failed verdict: 不合格
    DEDUCT = "deduct"
    ADVICE = "advice"  # shown, never points
    BONUS = "bonus"
    MANUAL = "manual"  # no machine verdict; a line on the manual sheet
    OFFLINE = "offline"  # 线下佐证: an upload slot, never failed


class State(StrEnum):
    ON = "on"
    ZERO = "zero"  # runs, finding shown, no points until the office adopts it
    OFF = "off"  # not run: needs an official text or an import first


class Confidence(StrEnum):
    """How sure we are of the rule's text (not of a verdict). `OWN` marks our own defaults."""

    A = "A"
    B = "B"
    C = "C"
    OWN = "*"


class ClauseClass(StrEnum):
    """seed-clauses.md §1: what a machine may conclude."""

    F = "F"
    FP = "F/P"
    P = "P"
    N = "N"


class Binding(Strict):
    """One rule as an indicator uses it."""

    rule: str
    points: Decimal = Decimal(0)  # per failed verdict
    per: str = Field(default="finding", pattern="^(finding|indicator)$")
    params: dict[str, object] = Field(default_factory=dict)
    clause_class: ClauseClass = ClauseClass.F  # P: a failed verdict is lowered to cannot-tell, review


class Indicator(Strict):
    id: str
    title: str
    group: str
    clause: str  # document and item, quotable in a notice
    kind: IndicatorKind
    state: State = State.ON
    confidence: Confidence
    cap: Decimal | None = Field(default=None, ge=0)  # never loses more than this
    weight: Decimal | None = Field(default=None, gt=0)  # leaves the denominator when not applicable
    exclusive: str = ""  # findings on one column under indicators of one key cost points once
    units: tuple[str, ...] = ()  # ids or groups of the units this applies to (District.is_named); empty = all
    unit_groups: tuple[str, ...] = ()
    needs_public_service: bool = False  # not checked for units without public services
    rules: tuple[Binding, ...] = ()
    manual: str = ""  # the question for the manual sheet, when no rule measures this
    effective_from: date | None = None
    effective_to: date | None = None
    note: str = ""


class Group(Strict):
    id: str
    title: str
    weight: Decimal | None = Field(default=None, gt=0)
    needs_public_service: bool = False


class Guard(Strict):
    """Bounds of a rule's parameter that a district may not loosen (stricter is allowed)."""

    rule: str
    param: str
    min: Decimal | None = None
    max: Decimal | None = None
    reason: str


class Standard(Strict):
    id: Slug
    title: str
    edition: str  # the official document, e.g. 国办秘函〔2019〕19号
    issued: date | None = None
    effective_from: date
    effective_to: date | None = None
    own_default: bool = False  # marked as ours: no official text stands behind the weights
    base: Decimal = Decimal(100)
    pass_mark: Decimal = Decimal(60)
    bonus_gate: Decimal = Decimal(80)
    bonus_cap: Decimal = Decimal(0)
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    guards: tuple[Guard, ...] = ()
    source: str = ""
    sha256: str = ""

    def indicator(self, indicator_id: str) -> Indicator | None:
        return next((i for i in self.indicators if i.id == indicator_id), None)
