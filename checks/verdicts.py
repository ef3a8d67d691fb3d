"""The small answer of a rule, and the same stamped by the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from checks.facts import ColumnState, Page
from checks.outcomes import GAPS, Outcome, Reason

Scalar = str | int | float | bool | None
# Sequences, not lists: covariant for the type checker, and decodable where a union of two list types is not.
Data = Mapping[str, Scalar | Sequence[str | Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pointer into sealed observations."""

    url: str
    sha256: str = ""
    fetched_at: str = ""
    locator: str = ""
    quote: str = ""

    @classmethod
    def of(cls, page: Page | ColumnState, quote: str = "", locator: str = "") -> Evidence:
        return cls(page.url or "", page.sha256, page.fetched_at, locator, quote[:500])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of one subject.

    `subject` is an id (column, unit, account, host) or a normalised URL, never a sentence. `data` fills the
    rule's message template for the outcome (or for `variant`, e.g. "failed.undated").
    """

    outcome: Outcome
    subject: str
    unit: str = ""  # blank: the engine charges the portal's owner
    column: str = ""
    url: str = ""
    data: Data = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    reason: Reason | None = None
    review: bool = False  # a person has to decide
    variant: str = ""
    fact: str = ""  # `checks.same`: what is wrong, where rules may see it from several sides; charged once


def passed(subject: str, **more: object) -> Verdict:
    return Verdict(Outcome.PASSED, subject, **more)  # type: ignore[arg-type]


def failed(subject: str, **more: object) -> Verdict:
    return Verdict(Outcome.FAILED, subject, **more)  # type: ignore[arg-type]


def cannot_tell(subject: str, reason: Reason, **more: object) -> Verdict:
    return Verdict(Outcome.CANNOT_TELL, subject, reason=reason, **more)  # type: ignore[arg-type]


def inapplicable(subject: str, **more: object) -> Verdict:
    return Verdict(Outcome.INAPPLICABLE, subject, **more)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict stamped by the engine. One line of `verdicts.jsonl`."""

    rule: str
    rule_version: int
    standard: str
    indicator: str  # "<standard>/<indicator id>"
    outcome: Outcome
    review: bool
    unit: str
    column: str
    subject: str
    url: str
    message: str
    data: Data
    evidence: tuple[Evidence, ...]
    points: Decimal  # deducted by this finding before caps; 0 unless failed
    at_stake: Decimal  # what it would cost if it were failed
    reason: str
    clause_class: str
    waived: str  # reason of a waiver that covers it; blank = none
    fingerprint: str  # unique per indicator, rule, unit, subject; stable between rounds
    identity: str  # the same fault seen under several indicators shares this
    fact: str = ""  # findings of one standard that share it are charged once

    @property
    def gap(self) -> bool:
        """Not told because pages were not seen: a failure of collection, no question to a person, never a charge."""
        return self.outcome is Outcome.CANNOT_TELL and self.reason in GAPS
