"""Decisions folded into cases: one case per fault (identity), with what people decided of it so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from audit.history.chain import Decision
from audit.rounds.config import Review
from audit.rounds.stated import Statement, assertion
from audit.rounds.states import State
from checks.outcomes import Outcome
from checks.rule import catalogue
from checks.standards import adopted, resolve_rule
from checks.verdicts import Finding
from config.district import District
from config.standard import IndicatorKind, Standard
from reports.text import short


@dataclass(slots=True)
class Case:
    """One fault: its findings under all indicators (the heaviest first) and the state people brought it to."""

    identity: str
    findings: tuple[Finding, ...]
    veto: bool
    second_needed: str  # why a second person is needed; blank = one is enough
    state: State = State.DETECTED
    first: str = ""
    first_on: str = ""  # ISO instant of the first confirmation
    second: str = ""
    stated: Statement | None = None  # what the first reviewer vouches for where the tool could not tell
    reason: str = ""
    note: str = ""
    duplicate_of: str = ""
    sampled: bool = False  # drawn for a second look at random
    lost: str = ""  # the appeal of an earlier round by which this very accusation fell; blank when there is none
    points: Decimal | None = None  # set by a partly won appeal
    deadline: date | None = None
    report: Mapping[str, Any] = field(default_factory=dict)  # the unit's own declaration
    rechecks: list[Decision] = field(default_factory=list)
    reminders: list[Decision] = field(default_factory=list)
    log: list[Decision] = field(default_factory=list)

    @property
    def lead(self) -> Finding:
        return self.findings[0]

    @property
    def unit(self) -> str:
        return self.lead.unit

    @property
    def called(self) -> str:
        """The problem in words, for where its number is not at hand: an identity means nothing to a reader."""
        rule = resolve_rule(self.lead.rule, catalogue())
        return f"“{rule.title if rule else self.lead.rule}：{short(self.message, 40)}”"

    @property
    def stake(self) -> Decimal:
        return max((f.at_stake for f in self.findings), default=Decimal(0))

    @property
    def gap(self) -> bool:
        """A collection failure, not a problem."""
        return self.lead.gap

    @property
    def unmeasured(self) -> bool:
        """The tool could not tell and has no clue to judge by: a person has to state the fact."""
        return self.lead.outcome is Outcome.CANNOT_TELL and not assertion(self.lead)

    @property
    def grounded(self) -> bool:
        """It may cost points once it is confirmed: measured, judged by its clues, or stated by a person."""
        return not self.gap and (not self.unmeasured or self.stated is not None)

    @property
    def message(self) -> str:
        """The sentence papers print: the machine's, or what people vouch for where the machine could not tell."""
        if self.lead.outcome is not Outcome.CANNOT_TELL or not self.first or not self.grounded:
            return self.lead.message
        who = "、".join(p for p in (self.first, self.second) if p)
        if self.stated:
            fact = self.stated.fact.rstrip("。")
            return f"人工核查认定：{fact}（核查人：{who}，{self.stated.day}；依据：{self.stated.proof}）。"
        note = f"；{self.note.rstrip('。')}" if self.note else ""
        return f"{assertion(self.lead).rstrip('。')}（经人工核查属实：{who}，{self.first_on[:10]}{note}）。"


def collect(
    findings: Iterable[Finding], standards: Sequence[Standard], district: District, day: date, review: Review
) -> dict[str, Case]:
    """Cases by identity, heaviest first: vetoes, then points at stake."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.outcome in (Outcome.FAILED, Outcome.CANNOT_TELL):
            groups[finding.identity].append(finding)
    vetoes = {
        f"{s.id}/{i.id}"
        for s in standards
        for i in s.indicators
        if i.kind is IndicatorKind.VETO and adopted(s, i, district, day)
    }
    cases = []
    for identity, group in groups.items():
        group.sort(key=lambda f: (-f.outcome.rank, f.indicator not in vetoes, -f.at_stake, f.fingerprint))
        veto = any(f.indicator in vetoes and not f.waived for f in group)
        cases.append(Case(identity, tuple(group), veto, _second(group[0], veto, review)))
    cases.sort(key=lambda c: (c.gap, not c.veto, -c.stake, -c.lead.outcome.rank, c.unit, c.lead.rule, c.identity))
    return {case.identity: case for case in cases}


def _second(lead: Finding, veto: bool, review: Review) -> str:
    if veto:
        return "单项否决"
    rule = resolve_rule(lead.rule, catalogue())
    if lead.rule in review.second_rules or (rule is not None and rule.topic in review.second_topics):
        return "表述、姓名、隐私或倒签类问题"
    return ""


def fold(cases: dict[str, Case], decisions: Iterable[Decision]) -> dict[str, Case]:
    """Apply the decisions of a round, in order, to fresh cases; undone ones are left out. Returns `cases`."""
    lines = list(decisions)
    undone = {int(d.payload["of"]) for d in lines if d.kind == "finding.undone"}
    for line in lines:
        if line.kind == "interview.proposed":
            for case in cases.values():
                if case.unit == line.subject and not case.second_needed:
                    case.second_needed = "列入约谈材料"
        case_ = cases.get(line.subject)
        if case_ is None:
            continue
        case_.log.append(line)
        if line.seq not in undone and line.kind != "finding.undone":
            _apply(case_, line)
    return cases


def _apply(case: Case, line: Decision) -> None:
    payload = line.payload
    match line.kind:
        case "finding.confirmed":
            case.first, case.first_on, case.note = line.who, line.at, line.why
            said = payload.get("stated")
            case.stated = Statement(**said) if said else None
        case "finding.second":
            case.second = line.who
        case "finding.rejected":
            case.reason, case.note = str(payload.get("reason", "")), line.why
            if line.role == "复核员":
                case.second = line.who
            else:
                case.first = line.who
        case "finding.manual" | "finding.referred":
            case.note = line.why
        case "finding.duplicate":
            case.duplicate_of = str(payload.get("of_identity", ""))
        case "appeal.decided":
            if payload.get("points") is not None:
                case.points = Decimal(str(payload["points"]))
        case "finding.released" | "finding.deadline":
            case.deadline = date.fromisoformat(str(payload["deadline"])) if payload.get("deadline") else None
        case "finding.reported":
            case.report = payload
        case "recheck.done":
            case.rechecks.append(line)
            if payload.get("deadline"):
                case.deadline = date.fromisoformat(str(payload["deadline"]))
        case "finding.urged" | "finding.supervised":
            case.reminders.append(line)
    if line.state:
        case.state = State(line.state)


def lost_before(decided: Iterable[Decision], round_id: str) -> dict[str, str]:
    """By identity, the appeals won in other rounds against the very same accusation.

    A repair within the period is left out: the accusation was right.
    """
    return {
        d.subject: str(d.payload["id"])
        for d in decided
        if d.round != round_id and d.payload.get("result") == "成立" and d.payload.get("ground") != "repaired"
    }


def suspended(decisions: Iterable[Decision]) -> frozenset[str]:
    """Rules that were suspended in this round."""
    rules: set[str] = set()
    for line in decisions:
        if line.kind == "rule.suspended":
            rules.add(line.subject)
        elif line.kind == "rule.resumed":
            rules.discard(line.subject)
    return frozenset(rules)
