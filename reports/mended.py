"""Rectification in figures: what was sent out, reported, re-checked and closed, and what is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reports.view import UNSEEN, PastRound, Repair, RoundView


@dataclass(frozen=True, slots=True)
class Mended:
    """Counts of faults. `due` are those reported or past their deadline; what we could not look at is not due."""

    issued: int
    reported: int
    passed: int
    failed: int
    unseen: int
    overdue: int
    due: int

    @classmethod
    def of(cls, repairs: Sequence[Repair], day: date | None) -> Mended | None:
        """Counts on a day; None where nothing was sent out."""
        if not repairs or day is None:
            return None
        late = [r for r in repairs if not r.closed and r.result != UNSEEN and r.deadline and r.deadline < day]
        due = [r for r in repairs if r.result != UNSEEN and (r.closed or r.reported or (r.deadline or day) < day)]
        return cls(
            issued=len(repairs),
            reported=sum(r.reported is not None for r in repairs),
            passed=sum(r.closed is not None for r in repairs),
            failed=sum(bool(r.result) and r.result != UNSEEN and not r.closed for r in repairs),
            unseen=sum(r.result == UNSEEN for r in repairs),
            overdue=len(late),
            due=len(due),
        )

    @property
    def silent(self) -> bool:
        """Nothing was reported although something was sent out."""
        return not self.reported


def by_unit(view: RoundView, past: PastRound) -> dict[str, Mended]:
    """Figures of an earlier round per unit, in configuration order."""
    owner = {f.identity: f.unit for f in past.findings}
    found: dict[str, Mended] = {}
    for unit in view.district.units:
        own = [r for k, r in past.repairs.items() if owner.get(k) == unit.unit_id]
        if (counted := Mended.of(own, past.told)) is not None:
            found[unit.unit_id] = counted
    return found


def altogether(past: PastRound) -> Mended | None:
    """Figures of an earlier round over all units; None where nothing was sent out."""
    return Mended.of(list(past.repairs.values()), past.told)


def mended_words(known: Mended) -> str:
    """The counts as a paper states them."""
    unseen = f"，无法复查{known.unseen}处（不作为未整改）" if known.unseen else ""
    return (
        f"下发{known.issued}处，申报整改{known.reported}处，复查通过{known.passed}处、未通过{known.failed}处{unseen}，"
        f"逾期未改{known.overdue}处"
    )
