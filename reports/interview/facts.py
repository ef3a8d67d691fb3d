"""What an interview pack states: every sentence is bound to a figure of the round. No adjectives, no persons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from checks.outcomes import Outcome
from checks.scores import Rank, Score
from checks.verdicts import Evidence, Finding
from config.district import Unit
from config.plans import Plan, plan_for
from reports import tables
from reports.card import grades
from reports.gongwen import draft_mark
from reports.issues import Docket, Fault, Issue, Level
from reports.listing import kinds
from reports.mended import Change, Mended, change, known_until, mended_words
from reports.pictures import Album, Shot
from reports.tables import Spread
from reports.text import span
from reports.view import SIGNING, PastRound, Repair, RoundView, Signed

MOST_PROBLEMS = 8  # outputs.md §3
QUARTERS = 4  # rounds shown, this one included
OPEN = "草稿·约谈的批准尚未登记"
EVIDENCE_EACH = 3  # evidence rows per problem


@dataclass(frozen=True, slots=True)
class Quarter:
    """One round of the unit, printed as a table row; blank figures were not measured."""

    round_id: str
    score: str
    grade: str
    place: str
    faults: int | None
    comparable: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """One line of the evidence list: something that was seen, and every problem that rests on it."""

    number: str
    issues: tuple[Issue, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Problem:
    """One of the main problems: what, since when, which proofs, and who does it right (same rule, passed)."""

    issue: Issue
    rounds: tuple[str, ...]  # earlier rounds that found the same, oldest first
    proofs: tuple[Proof, ...]
    sibling: Finding | None


@dataclass(frozen=True, slots=True)
class MendRow:
    """One fault since it was sent out; `late` in calendar days."""

    number: str
    title: str
    repair: Repair
    late: int


@dataclass(frozen=True)
class Pack:
    """Values of one pack. `ground` is the office's own decision in its own words; blank leaves a field to fill."""

    view: RoundView
    unit: Unit
    items: Docket
    album: Album
    ground: str = ""

    @property
    def mark(self) -> str:
        return (
            draft_mark(self.view) or self.view.unsigned.get(self.unit.unit_id, "") or ("" if self.approval else OPEN)
        )

    @property
    def signed(self) -> tuple[Signed, ...]:
        """Every step up to the approval, with blanks where none is recorded."""
        return self.view.signed.get(self.unit.unit_id) or tuple(Signed(step) for step in SIGNING)

    @property
    def approval(self) -> Signed | None:
        last = self.signed[-1]
        return last if last.who else None

    @property
    def score(self) -> Score | None:
        return self.view.score(self.unit.unit_id)

    @property
    def shown_score(self) -> str:
        """The score as printed, with its unit; 不计分 when there is none."""
        return f"{span(self.score.lower, self.score.upper)}分" if self.score and self.score.rated else "不计分"

    @property
    def grade(self) -> str:
        return grades(self.score) if self.score and self.score.rated else "–"

    @property
    def rank(self) -> Rank | None:
        return next((r for r in self.view.ranks if r.unit == self.unit.unit_id), None)

    @cached_property
    def peers(self) -> Spread | None:
        """Mean, median and extremes of the group's ranked units with settled scores; nobody is named."""
        return tables.group_spread(self.view, self.rank.group) if self.rank else None

    @property
    def distance(self) -> Decimal | None:
        """The score less the group's mean, negative below it; None unless ranked with a settled score."""
        if self.rank is None or self.rank.place is None or self.score is None or not self.score.settled:
            return None
        return self.score.upper - self.peers.mean if self.peers else None

    @property
    def uncompared(self) -> str:
        """Why the unit is not compared with its group."""
        if self.rank is not None and self.rank.place is None and self.rank.reason:
            return f"本单位不参与排名：{self.rank.reason}，不作比较。"
        if self.score is not None and self.score.rated and not self.score.settled:
            return f"本单位得分尚未定（{self.shown_score}），不与同组平均比较。"
        return "同组没有其他已定分的单位，不作比较。"

    @cached_property
    def issues(self) -> tuple[Issue, ...]:
        """What the unit has to repair: nothing that is under appeal, nothing that passed its re-check."""
        kept = (self._standing(i) for i in self.items.open(self.unit.unit_id) if not self._appealed(i))
        return tuple(i for i in kept if i.faults)

    def _appealed(self, issue: Issue) -> bool:
        return any(b.finding.identity in self.view.appealed for f in issue.faults for b in f.bases)

    def _standing(self, issue: Issue) -> Issue:
        """The problem without the faults that were repaired and closed."""
        open_ = tuple(f for f in issue.faults if not self._closed(f))
        return issue if len(open_) == len(issue.faults) else replace(issue, faults=open_)

    def _closed(self, fault: Fault) -> bool:
        repair = self.view.repairs.get(fault.lead.identity)
        return repair is not None and repair.closed is not None

    @property
    def found(self) -> tuple[int, int]:
        """Problems and faults of the round as its cards count them."""
        every = self.items.open(self.unit.unit_id)
        return len(every), sum(len(i.faults) for i in every)

    @property
    def withheld(self) -> int:
        """Problems left out because an appeal is pending."""
        return sum(self._appealed(i) for i in self.items.open(self.unit.unit_id))

    @property
    def closed(self) -> int:
        """Faults left out because their re-check was passed."""
        open_ = self.items.open(self.unit.unit_id)
        return sum(self._closed(f) for i in open_ if not self._appealed(i) for f in i.faults)

    @cached_property
    def mended(self) -> tuple[MendRow, ...]:
        """How this round's problems fared since they were sent out, one row per fault; empty before the release."""
        day = self.view.told
        faults = [(i, f) for i in self.items.open(self.unit.unit_id) if not self._appealed(i) for f in i.faults]
        return tuple(
            MendRow(i.number, i.rule.title, known, known.late(day) if day else 0)
            for i, f in faults
            if (known := self.view.repairs.get(f.lead.identity)) is not None
        )

    @property
    def mended_rows(self) -> tuple[MendRow, ...]:
        """Those of which there is more to tell than that they were sent out."""
        return tuple(r for r in self.mended if r.repair.reported or r.repair.rechecked or r.late)

    @property
    def mended_words(self) -> str:
        """This round's repairs in one sentence, without what is under appeal."""
        known = Mended.of([r.repair for r in self.mended], self.view.told)
        if known is None:
            return ""
        days = sorted({r.repair.issued for r in self.mended})
        issued = "、".join(f"{d.year}年{d.month}月{d.day}日" for d in days)
        return f"本轮问题于{issued}{mended_words(known)}（截至{self.view.told}）。"

    @property
    def mended_last(self) -> Mended | None:
        """The same for the round before, in figures."""
        if self.last is None:
            return None
        mine = {f.identity for f in self.last.findings if f.unit == self.unit.unit_id}
        return Mended.of([r for k, r in self.last.repairs.items() if k in mine], known_until(self.view, self.last))

    @property
    def fault_count(self) -> int:
        return sum(len(i.faults) for i in self.issues)

    def at_level(self, level: Level) -> int:
        return sum(i.level is level for i in self.issues)

    @property
    def vetoes(self) -> int:
        return self.at_level(Level.VETO)

    @property
    def pending(self) -> int:
        return len(self.items.pending(self.unit.unit_id))

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(
            Problem(i, self.rounds_of(i), tuple(p for p in self.proofs if i in p.issues), self.sibling(i))
            for i in self.issues[:MOST_PROBLEMS]
        )

    def rounds_of(self, issue: Issue) -> tuple[str, ...]:
        own = set(issue.fingerprints)
        return tuple(p.round_id for p in self.view.history if own & p.fingerprints)

    @property
    def repeated(self) -> tuple[Issue, ...]:
        return tuple(i for i in self.issues if self.rounds_of(i))

    @cached_property
    def proofs(self) -> tuple[Proof, ...]:
        seen: dict[tuple[str, str], tuple[Evidence, list[Issue]]] = {}
        for issue in self.issues:
            for evidence in issue.evidence()[:EVIDENCE_EACH]:
                if evidence.sha256:
                    own = seen.setdefault((evidence.url, evidence.sha256), (evidence, []))[1]
                    own.extend([] if issue in own else [issue])
        return tuple(Proof(f"证{at}", tuple(own), e) for at, (e, own) in enumerate(seen.values(), 1))

    @property
    def kinds(self) -> list[tuple[str, tuple[Issue, ...]]]:
        """Lines of the feedback form."""
        return kinds(self.issues)

    @cached_property
    def _good(self) -> dict[str, list[Finding]]:
        """Passed verdicts with a page, per rule, of units that nowhere fail that rule.

        A model has no fault of its own: neither the page nor its column has any failed finding.
        """
        failing = {(f.rule, f.unit) for f in self.view.findings if f.outcome is Outcome.FAILED}
        failed = [f for f in self.view.findings if f.outcome is Outcome.FAILED]
        columns = {c for f in failed for c in (f.column, f.subject) if c}
        pages = {u for f in failed for u in (f.url, f.subject, *(e.url for e in f.evidence[:1])) if u}
        found: dict[str, list[Finding]] = {}
        for f in self.view.findings:
            good = f.outcome is Outcome.PASSED and f.unit and f.url and (f.rule, f.unit) not in failing
            if good and f.column not in columns and f.url not in pages:
                found.setdefault(f.rule, []).append(f)
        return found

    def sibling(self, issue: Issue) -> Finding | None:
        """A page of another unit that passes the same rule: same kind of column and same group first."""
        label = self.column(issue.lead.column)
        group = self.unit.group

        def distance(f: Finding) -> tuple[bool, bool, str, str]:
            other = self.view.district.unit(f.unit)
            return (bool(label) and self.column(f.column) != label, not other or other.group is not group,
                    f.unit, f.url)  # fmt: skip

        others = [f for f in self._good.get(issue.rule.id, ()) if f.unit != self.unit.unit_id]
        return min(others, key=distance, default=None)

    def column(self, column_id: str) -> str:
        column = self.view.district.column(column_id)
        return column.label if column else column_id

    def shot(self, issue: Issue) -> Shot | None:
        return self.album.shot(issue)

    @cached_property
    def quarters(self) -> tuple[Quarter, ...]:
        past = tuple(self._past(p) for p in self.view.history[1 - QUARTERS :])
        return (*past, Quarter(self.view.round_id, self.shown_score, self.grade, self.place, self.fault_count, True))

    @property
    def place(self) -> str:
        return _place(self.rank)

    def _past(self, last: PastRound) -> Quarter:
        score = next(
            (s for s in last.scores if s.unit == self.unit.unit_id and s.standard == self.view.primary.id), None
        )
        rank = next((r for r in last.ranks if r.unit == self.unit.unit_id), None)
        rated = score is not None and score.rated
        return Quarter(
            last.round_id,
            f"{span(score.lower, score.upper)}分" if score and rated else "–",
            grades(score) if score and rated else "–",
            _place(rank),
            len(self._was(last)) if last.findings else None,
            last.comparable,
        )

    def _was(self, last: PastRound) -> set[str]:
        """Identities of the unit's faults in an earlier round."""
        own = (f for f in last.findings if f.unit == self.unit.unit_id and f.fingerprint in last.fingerprints)
        return {f.identity or f.fingerprint for f in own}

    @property
    def last(self) -> PastRound | None:
        return self.view.history[-1] if self.view.history else None

    @cached_property
    def change(self) -> Change | None:
        return change(self.view, self.unit.unit_id)

    @property
    def interview_clause(self) -> str:
        """The clause of the year's plan that provides for an interview; blank when there is none."""
        return self._plan.interview if self._plan else ""

    @property
    def interview_quote(self) -> str:
        return self._plan.interview_quote if self._plan else ""

    @cached_property
    def _plan(self) -> Plan | None:
        plans = (plan_for(s.id, self.view.district) for s in self.view.standards)
        return next((p for p in plans if p and p.interview), None)


def _place(rank: Rank | None) -> str:
    return f"{rank.place}/{rank.of}" if rank and rank.place is not None else "–"
