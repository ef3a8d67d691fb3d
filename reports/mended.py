"""Rectification in figures: what was sent out, reported, re-checked and closed, and what this round saw again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from checks.outcomes import Outcome
from checks.snapshot import SHANGHAI
from checks.verdicts import Finding
from reports.text import percent, round_name
from reports.view import UNSEEN, PastRound, Repair, RoundView


@dataclass(frozen=True, slots=True)
class Change:
    """Faults of the last round against this one. What this round could not tell is not counted as gone."""

    last: str
    gone: int
    standing: int
    unsure: int
    new: int
    comparable: bool

    @property
    def words(self) -> str:
        unsure = f"，本轮无法判断{self.unsure}处" if self.unsure else ""
        note = "" if self.comparable else "（两轮规则不同，仅供参考）"
        return (
            f"上一轮（{round_name(self.last)}）发现的问题，本轮检查未再发现{self.gone}处，仍存在{self.standing}处{unsure}；"
            f"本轮新增{self.new}处{note}。"
        )


def change(view: RoundView, unit: str | None = None) -> Change | None:
    """Over all units, or one of them; None in a first round."""
    if not view.history:
        return None
    last = view.history[-1]
    mine = [f for f in view.findings if unit is None or f.unit == unit]
    known = [f for f in last.findings if f.fingerprint in last.fingerprints and (unit is None or f.unit == unit)]
    was = {_name(f, last) for f in known} if last.findings else set(last.fingerprints)
    failed = {_name(f, last) for f in mine if f.outcome is Outcome.FAILED}
    unsure = {_name(f, last) for f in mine if f.outcome is Outcome.CANNOT_TELL} - failed
    gone, new = was - failed - unsure, failed - was
    return Change(last.round_id, len(gone), len(was & failed), len(was & unsure), len(new), last.comparable)


def _name(finding: Finding, last: PastRound) -> str:
    """What two rounds know a fault by; a round that kept no findings knows them by their fingerprints."""
    return (finding.identity if last.findings else "") or finding.fingerprint


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
    def rate(self) -> str:
        """整改率: closed ÷ sent out."""
        return percent(self.passed, self.issued)

    @property
    def pass_rate(self) -> str:
        """复查通过率: passed ÷ due."""
        return percent(self.passed, self.due)

    @property
    def silent(self) -> bool:
        """Nothing was reported although something was sent out."""
        return not self.reported


def by_unit(view: RoundView) -> dict[str, Mended]:
    """Figures of the last round per unit, in configuration order; empty where nothing was sent out."""
    if not view.history:
        return {}
    past = view.history[-1]
    owner = {f.identity: f.unit for f in past.findings}
    found: dict[str, Mended] = {}
    for unit in view.district.units:
        own = [r for k, r in past.repairs.items() if owner.get(k) == unit.unit_id]
        if (counted := Mended.of(own, known_until(view, past))) is not None:
            found[unit.unit_id] = counted
    return found


def altogether(view: RoundView, past: PastRound) -> Mended | None:
    """Figures of an earlier round over all units; None where nothing was sent out."""
    return Mended.of(list(past.repairs.values()), known_until(view, past))


def known_until(view: RoundView, past: PastRound) -> date:
    """The day for which an earlier round's repairs are told: the cut-off of this round, or what came later."""
    day = view.as_of.astimezone(SHANGHAI).date()
    return max(day, past.told) if past.told else day


def mended_words(known: Mended) -> str:
    """The counts as a paper states them."""
    unseen = f"，无法复查{known.unseen}处（不作为未整改）" if known.unseen else ""
    return (
        f"下发{known.issued}处，申报整改{known.reported}处，复查通过{known.passed}处、未通过{known.failed}处{unseen}，"
        f"逾期未改{known.overdue}处"
    )
