"""From findings to problems a person can act on: one block per fault, however many indicators it feeds.

Findings that share an identity are one fault. More than five faults of one rule in one column of a unit become
one problem with a page annex (outputs.md §2.4). Numbers are stable for the same findings.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import count

from checks.outcomes import Outcome, Reason
from checks.snapshot import SHANGHAI
from checks.standards import adopted
from checks.verdicts import Evidence, Finding
from config.standard import Indicator, IndicatorKind, Standard
from reports.text import quoted
from reports.view import RoundView, RuleInfo

ANNEX_FROM = 6  # faults of one rule in one column that become one problem with an annex
ZERO = Decimal(0)


class Level(StrEnum):
    """Weight of a problem, heaviest first."""

    VETO = "单项否决"
    DEDUCT = "扣分"
    ADVICE = "提示"

    @property
    def order(self) -> int:
        return list(Level).index(self)


DEADLINES = {
    Level.VETO: "自下发之日起1至3日内改正（单项否决事项）",
    Level.DEDUCT: "自下发之日起5个工作日内改正；涉及平台或流程的10个工作日",
    Level.ADVICE: "不计分，建议结合日常维护改正",
}


LIMITS = {Level.VETO: "1至3日", Level.DEDUCT: "5个工作日", Level.ADVICE: "建议改正"}


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """One indicator a fault feeds: where it stands in which standard and what it costs there before caps."""

    standard: Standard
    indicator: Indicator
    finding: Finding
    counts: bool  # adopted: may veto or cost points
    under: str = ""  # fingerprint of the finding that is charged for the same fact instead of this one

    @property
    def level(self) -> Level:
        if self.indicator.kind is IndicatorKind.VETO and self.counts:
            return Level.VETO
        return Level.DEDUCT if self.finding.at_stake or self.finding.points else Level.ADVICE


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """One clause and every indicator that rests on it: standards share clauses, readers want each once."""

    text: str
    bases: tuple[Basis, ...]


def clauses(bases: Iterable[Basis]) -> tuple[Clause, ...]:
    """The distinct clauses of some indicators, in their order."""
    found: dict[str, list[Basis]] = {}
    for basis in bases:
        found.setdefault(quoted(basis.indicator.clause), []).append(basis)
    return tuple(Clause(text, tuple(own)) for text, own in found.items())


@dataclass(frozen=True, slots=True, eq=False)
class Fault:
    """One fault on one subject with everything it feeds; `lead` is its heaviest finding."""

    lead: Finding
    bases: tuple[Basis, ...]

    def points(self, standard: str) -> Decimal:
        """Points under one standard before caps; a fact that is charged with another problem costs nothing here."""
        own = (b for b in self.bases if b.standard.id == standard and not b.under)
        return sum((b.finding.points for b in own), ZERO)

    def at_stake(self, standard: str) -> Decimal:
        own = (b for b in self.bases if b.standard.id == standard and not b.under)
        return sum((b.finding.at_stake for b in own), ZERO)

    @property
    def title(self) -> str:
        value = self.lead.data.get("title") or self.lead.data.get("page_title") or ""
        return str(value) if isinstance(value, (str, int)) else ""


@dataclass(frozen=True, slots=True, eq=False)
class Issue:
    """A numbered problem. `faults` has one entry, or the pages of an annex; the first one speaks for all."""

    number: str
    unit: str
    rule: RuleInfo
    outcome: Outcome
    level: Level
    faults: tuple[Fault, ...]

    @property
    def lead(self) -> Finding:
        return self.faults[0].lead

    @property
    def pending(self) -> bool:
        return self.outcome is Outcome.CANNOT_TELL

    @property
    def unseen(self) -> bool:
        """Open because pages were not fetched: nothing a person could judge."""
        return self.pending and self.lead.gap

    @property
    def anchor(self) -> str:
        return "n-" + re.sub(r"[^\w-]", "-", self.number)  # a round may have any name, an id no spaces

    @property
    def fingerprints(self) -> tuple[str, ...]:
        return tuple(b.finding.fingerprint for fault in self.faults for b in fault.bases)

    @property
    def waived(self) -> str:
        return next((f.lead.waived for f in self.faults if f.lead.waived), "")

    def points(self, standard: str) -> Decimal:
        """Points under one standard before caps."""
        return sum((f.points(standard) for f in self.faults), ZERO)

    def at_stake(self, standard: str) -> Decimal:
        return sum((f.at_stake(standard) for f in self.faults), ZERO)

    def bases(self) -> tuple[Basis, ...]:
        """The distinct indicators, heaviest first, each with its first finding."""
        seen: dict[str, Basis] = {}
        for basis in (b for f in self.faults for b in f.bases):
            seen.setdefault(basis.finding.indicator, basis)
        return tuple(seen.values())

    def clauses(self) -> tuple[Clause, ...]:
        return clauses(self.bases())

    @property
    def legal(self) -> str:
        """The clauses in one line; the rule's own grounds where it feeds no indicator."""
        return "；".join(c.text for c in self.clauses()) or "；".join(self.rule.legal)

    @property
    def trail(self) -> tuple[str, ...]:
        return trail(self.lead)

    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(dict.fromkeys(self.lead.evidence))

    def remedy(self) -> tuple[str, str]:
        """How to mend and how it is re-checked; a quoted example keeps its own quotation marks inside."""
        fix, recheck = self.rule.asked(self.lead)
        return quoted(fix), quoted(recheck)

    @property
    def deadline(self) -> str:
        return "先由人工判定，判定为问题后另行下发" if self.pending else DEADLINES[self.level]

    @property
    def limit(self) -> str:
        """The deadline as a narrow column prints it."""
        return LIMITS[self.level]

    @property
    def reason(self) -> str:
        return reason_name(self.lead.reason)


@dataclass(frozen=True, slots=True)
class Docket:
    """All problems of a round, by unit in configuration order: failed ones first, then those for a person."""

    issues: tuple[Issue, ...]
    by_unit: Mapping[str, tuple[Issue, ...]]
    by_fingerprint: Mapping[str, Issue]
    by_fact: Mapping[tuple[str, str], tuple[Issue, ...]]  # of a unit; only facts that several problems state

    def failed(self, unit: str | None = None) -> tuple[Issue, ...]:
        return tuple(i for i in self._of(unit) if not i.pending)

    def elsewhere(self, issue: Issue, standard: str) -> tuple[tuple[Issue, int], ...]:
        """Problems with which faults of this one are charged under a standard, being the same fact; and how many."""
        found: dict[str, int] = defaultdict(int)
        for fault in issue.faults:
            payers = {self.by_fingerprint.get(b.under) for b in fault.bases if b.standard.id == standard and b.under}
            for payer in payers:
                if payer is not None and payer is not issue:
                    found[payer.number] += 1
        by_number = {i.number: i for i in self.by_unit.get(issue.unit, ())}
        return tuple((by_number[number], count) for number, count in sorted(found.items()) if number in by_number)

    def counted(self, issue: Issue, standard: str, stem: str = "") -> str:
        """The sentence that says so, without `stem` before the numbers; blank where the problem stands alone."""
        told = []
        for payer, faults in self.elsewhere(issue, standard):
            part = f"其中{faults}处" if faults < len(issue.faults) else ""
            number, what = payer.number.removeprefix(stem), self._shared(issue, payer)
            if issue.pending or payer.pending:
                told.append(f"{part}如判定为问题，与{number}是同一{what}，只计一次")
            else:
                told.append(f"{part}已在问题{number}计分（同一{what}），不重复扣分")
        return "；".join(told) or self._twin(issue, stem)

    def _twin(self, issue: Issue, stem: str) -> str:
        """The first problem that states the same fact under another standard: one repair mends both."""
        for fact in (b.finding.fact for f in issue.faults for b in f.bases):
            first = next(iter(self.by_fact.get((issue.unit, fact), ())), issue)
            if first is not issue:
                told = "一并判断" if issue.pending else "一并改正"
                return f"与问题{first.number.removeprefix(stem)}是同一事实，{told}"
        return ""

    @staticmethod
    def _shared(issue: Issue, payer: Issue) -> str:
        """What two problems share: a fact, or only the column that costs once."""
        one, other = ({b.finding.fact for f in i.faults for b in f.bases} for i in (issue, payer))
        return "事实" if one & other else "栏目"

    def open(self, unit: str | None = None) -> tuple[Issue, ...]:
        """Failed and not waived: what a unit has to repair."""
        return tuple(i for i in self._of(unit) if not i.pending and not i.waived)

    def waived(self, unit: str | None = None) -> tuple[Issue, ...]:
        return tuple(i for i in self._of(unit) if i.waived)

    def pending(self, unit: str | None = None) -> tuple[Issue, ...]:
        return tuple(i for i in self._of(unit) if i.pending)

    def _of(self, unit: str | None) -> tuple[Issue, ...]:
        return self.issues if unit is None else self.by_unit.get(unit, ())


def docket(view: RoundView) -> Docket:
    """Group and number the failed and cannot-tell findings of a round."""
    faults: dict[str, list[Finding]] = defaultdict(list)
    for finding in view.findings:
        if finding.outcome in (Outcome.FAILED, Outcome.CANNOT_TELL):
            faults[finding.identity or finding.fingerprint].append(finding)
    units: dict[str, list[Fault]] = defaultdict(list)
    for group in faults.values():
        fault = _fault(view, group)
        units[fault.lead.unit].append(fault)
    order = {unit.unit_id: at for at, unit in enumerate(view.district.units)}
    ordered = sorted(units, key=lambda u: (order.get(u, len(order)), u))
    by_unit = {unit: _numbered(view, unit, units[unit]) for unit in ordered}
    issues = tuple(issue for unit in by_unit.values() for issue in unit)
    return Docket(issues, by_unit, {f: issue for issue in issues for f in issue.fingerprints}, _facts(issues))


def _facts(issues: Iterable[Issue]) -> dict[tuple[str, str], tuple[Issue, ...]]:
    """Problems by the fact they state, in the order of their numbers, where there is more than one."""
    found: dict[tuple[str, str], dict[str, Issue]] = defaultdict(dict)
    for issue in issues:
        for fact in (b.finding.fact for f in issue.faults for b in f.bases):
            if fact:
                found[issue.unit, fact][issue.number] = issue
    return {
        key: tuple(sorted(own.values(), key=lambda i: (i.pending, i.number)))
        for key, own in found.items()
        if len(own) > 1
    }


def _fault(view: RoundView, findings: list[Finding]) -> Fault:
    day = view.as_of.astimezone(SHANGHAI).date()
    bases = [
        Basis(*known, finding, adopted(*known, view.district, day), _payer(view, finding))
        for finding in findings
        if (known := view.indicator(finding.indicator))
    ]
    rank = {standard.id: at for at, standard in enumerate(view.standards)}
    bases.sort(
        key=lambda b: (-b.finding.outcome.rank, b.level.order, rank[b.standard.id], b.finding.indicator),
    )
    lead = bases[0].finding if bases else max(findings, key=lambda f: (f.outcome.rank, f.fingerprint))
    return Fault(lead, tuple(bases))


def _payer(view: RoundView, finding: Finding) -> str:
    score = view.score(finding.unit, finding.standard)
    return score.under.get(finding.fingerprint, "") if score else ""


def _numbered(view: RoundView, unit: str, faults: list[Fault]) -> tuple[Issue, ...]:
    groups: dict[tuple[str, ...], list[Fault]] = defaultdict(list)
    for fault in faults:
        lead = fault.lead
        groups[(lead.rule, lead.column, lead.outcome, lead.reason, _level(fault), lead.waived)].append(fault)
    parts: list[list[Fault]] = []
    for group in groups.values():
        group.sort(key=lambda f: (f.lead.url, f.lead.subject, f.lead.fingerprint))
        parts.extend([group] if len(group) >= ANNEX_FROM else [[fault] for fault in group])
    parts.sort(key=lambda part: _weight(view, part))
    stem = f"{(view.prefix or view.district.id[:3]).upper()}-{view.round_id}-{unit or 'site'}-"
    taken = set(view.numbers.values())
    series = {  # 核查: the manual items have a series of their own
        Outcome.FAILED: _free(stem, taken), Outcome.CANNOT_TELL: _free(f"{stem}H", taken),
    }  # fmt: skip
    issues: list[Issue] = []
    for part in parts:
        outcome = part[0].lead.outcome
        number = _kept(view, part, stem)
        if not number or any(i.number == number for i in issues):  # an annex that has come apart
            number = next(series[outcome])
        issues.append(Issue(number, unit, view.rule(part[0].lead.rule), outcome, Level(_level(part[0])), tuple(part)))
    return tuple(issues)


def _free(stem: str, taken: Collection[str]) -> Iterator[str]:
    return (number for at in count(1) if (number := f"{stem}{at:04d}") not in taken)


def _kept(view: RoundView, part: Sequence[Fault], stem: str) -> str:
    """The number by which an earlier paper of the round names this problem; blank when none does.

    It stays when people decide what the machine could not, and when the machine's finding still waits for them.
    """
    known = sorted({view.numbers[f.lead.identity] for f in part if f.lead.identity in view.numbers})
    own = [n for n in known if n.startswith(stem)]
    return own[0] if own else ""


def _level(fault: Fault) -> Level:
    return min((b.level for b in fault.bases), key=lambda level: level.order, default=Level.ADVICE)


def _weight(view: RoundView, part: list[Fault]) -> tuple[object, ...]:
    lead = part[0].lead
    stake = sum((f.at_stake(view.primary.id) for f in part), ZERO)
    return (-lead.outcome.rank, bool(lead.waived), _level(part[0]).order, -stake, lead.rule, lead.column, lead.url,
            lead.subject, lead.fingerprint)  # fmt: skip


def trail(finding: Finding) -> tuple[str, ...]:
    """Pages that were looked through where something was not found; empty where a page itself is at fault."""
    value = finding.data.get("trail")
    return tuple(str(v) for v in value) if isinstance(value, (list, tuple)) else ()


def address(finding: Finding) -> str:
    """Where the fault is seen: its page, else the page that proves it, else the first one looked through.

    Ids of columns, units or accounts are not addresses and never printed as one.
    """
    own = finding.url or (finding.subject if "://" in finding.subject else "")
    return own or next((e.url for e in finding.evidence if e.url), "") or next(iter(trail(finding)), "")


@cache
def _reasons() -> dict[str, str]:
    return {str(reason): reason.chinese for reason in Reason}


def reason_name(reason: str) -> str:
    """Chinese name of a reason code; an unknown code is printed as it is."""
    return _reasons().get(reason, reason)


def question(issue: Issue) -> str:
    """The one yes/no question of an item; a rule without one asks whether the problem exists."""
    return issue.rule.question or f"是否存在“{issue.rule.title}”的问题？"
