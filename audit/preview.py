"""What would change if a rule book or a threshold changed: another judgement of a stored snapshot, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from audit.judgements import StoredJudgement
from checks.outcomes import Outcome
from checks.verdicts import Finding

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A subject whose worst outcome differs; None where one side has no verdict on it."""

    before: Outcome | None
    after: Outcome | None
    finding: Finding  # of the side that says more


@dataclass(frozen=True, slots=True)
class Shift:
    """Scores of one unit under one standard, (lower, upper); None where that side did not judge by it."""

    unit: str
    standard: str
    before: tuple[Decimal, Decimal] | None
    after: tuple[Decimal, Decimal] | None


@dataclass(frozen=True, slots=True)
class Preview:
    worse: tuple[Change, ...]  # would newly fail
    better: tuple[Change, ...]  # would no longer fail
    open: tuple[Change, ...]  # would newly be a question
    shifts: tuple[Shift, ...]  # scores that differ


def compare(before: StoredJudgement, after: StoredJudgement) -> Preview:
    """Changes between two judgements of one snapshot, by rule, unit, column and subject."""
    rules = {f.rule for f in after.findings}
    old = _worst(f for f in before.findings if f.rule in rules)
    new = _worst(after.findings)
    changes = []
    for key in sorted(old.keys() | new.keys()):
        a, b = old.get(key), new.get(key)
        if (a.outcome if a else None) != (b.outcome if b else None):
            finding = b or a
            assert finding is not None
            changes.append(Change(a.outcome if a else None, b.outcome if b else None, finding))
    return Preview(
        worse=tuple(c for c in changes if c.after is Outcome.FAILED),
        better=tuple(c for c in changes if c.before is Outcome.FAILED),
        open=tuple(c for c in changes if c.after is Outcome.CANNOT_TELL and c.before is not Outcome.FAILED),
        shifts=tuple(_shifts(before, after)),
    )


def _worst(findings: Iterable[Finding]) -> dict[Key, Finding]:
    found: dict[Key, Finding] = {}
    for finding in findings:
        key = (finding.rule, finding.unit, finding.column, finding.subject)
        if key not in found or finding.outcome.rank > found[key].outcome.rank:
            found[key] = finding
    return found


def _shifts(before: StoredJudgement, after: StoredJudgement) -> Iterable[Shift]:
    old = {(s.unit, s.standard): (s.lower, s.upper) for s in before.scores if s.rated}
    new = {(s.unit, s.standard): (s.lower, s.upper) for s in after.scores if s.rated}
    judged = {s.standard for s in after.scores}
    for unit, standard in sorted(k for k in old.keys() | new.keys() if k[1] in judged):
        a, b = old.get((unit, standard)), new.get((unit, standard))
        if a != b:
            yield Shift(unit, standard, a, b)
