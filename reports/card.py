"""What one unit's scorecard shows, in the order of outputs.md §2."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from checks.bygone import ANSWER
from checks.outcomes import Outcome
from checks.scores import Line, Rank, Score
from checks.verdicts import Finding
from config.district import Unit
from config.standard import Standard
from reports.issues import Docket, Issue, Level, question
from reports.listing import kinds
from reports.mended import Change, Mended, by_unit, change
from reports.page import render
from reports.pictures import Album, Shot
from reports.remedies import shared_remedy
from reports.tables import full_marks, judged, kept
from reports.text import figure, span
from reports.view import RoundView, RuleInfo

MOST_TODO = 10
QUARTERS = 4  # rounds in the line of scores, this one included
ANNEX_LIMIT = 30  # rows of a page annex on paper; all of them are in findings.xlsx
IN_FULL = 3  # problems with picture and quotes; what is lighter stands in a dense table


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of the arithmetic that lost or may lose something."""

    line: Line
    full: Decimal | None
    rate: Decimal | None
    open: Decimal  # points that depend on a person
    vetoed: bool
    issues: tuple[Issue, ...]

    @property
    def judged(self) -> bool:
        return judged(self.line)


@dataclass(frozen=True, slots=True)
class Group:
    """Problems of one rule and weight: how to mend, how it is re-checked, clauses and deadline are printed once.

    `remedy` is (how to mend, how it is re-checked); where the problems differ in it, a bracketed noun stands.
    """

    rule: RuleInfo
    lead: Issue
    issues: tuple[Issue, ...]
    remedy: tuple[str, str]

    @property
    def faults(self) -> int:
        return sum(len(i.faults) for i in self.issues)


def grouped(issues: Iterable[Issue]) -> tuple[Group, ...]:
    """By rule, weight and reason, in the order of their first problems."""
    found: dict[tuple[object, ...], list[Issue]] = {}
    for issue in issues:
        late = issue.rule.bygone(issue.lead.data)
        found.setdefault((issue.rule.id, issue.level, issue.lead.reason, late), []).append(issue)
    return tuple(Group(own[0].rule, own[0], tuple(own), _remedy(own)) for own in found.values())


def _remedy(issues: list[Issue]) -> tuple[str, str]:
    if len(issues) == 1 or issues[0].remedy()[0] == ANSWER:
        return issues[0].remedy()
    return shared_remedy(issues[0].rule, issues)


@dataclass(frozen=True)
class Card:
    """The values of one card; every figure comes from the scores and findings of the round."""

    view: RoundView
    unit: Unit
    items: Docket
    album: Album

    annex_limit = ANNEX_LIMIT

    @property
    def score(self) -> Score | None:
        return self.view.score(self.unit.unit_id)

    @property
    def rank(self) -> Rank | None:
        return next((r for r in self.view.ranks if r.unit == self.unit.unit_id), None)

    @property
    def grade(self) -> str:
        return grades(self.score) if self.score else ""

    @property
    def open(self) -> tuple[Issue, ...]:
        return self.items.open(self.unit.unit_id)

    @property
    def waived(self) -> tuple[Issue, ...]:
        return self.items.waived(self.unit.unit_id)

    @property
    def pending(self) -> tuple[Issue, ...]:
        return self.items.pending(self.unit.unit_id)

    @property
    def pending_places(self) -> int:
        return sum(len(i.faults) for i in self.pending)

    @property
    def unseen_places(self) -> int:
        """Places that nobody can judge because pages were not fetched."""
        return sum(len(i.faults) for i in self.pending if i.unseen)

    @property
    def heavy(self) -> tuple[Issue, ...]:
        """Problems shown in full: every veto, and the first ones of the list."""
        return tuple(i for at, i in enumerate(self.open) if at < IN_FULL or i.level is Level.VETO)

    @property
    def light(self) -> tuple[Issue, ...]:
        """The other problems: one table row each, with everything needed to repair them."""
        heavy = {i.number for i in self.heavy}
        return tuple(i for i in self.open if i.number not in heavy)

    @property
    def light_groups(self) -> tuple[Group, ...]:
        return grouped(self.light)

    @property
    def waived_groups(self) -> tuple[Group, ...]:
        return grouped(self.waived)

    @property
    def waiting_groups(self) -> tuple[Group, ...]:
        return grouped(self.pending)

    @property
    def todo(self) -> tuple[Issue, ...]:
        return self.open[:MOST_TODO]

    @property
    def form(self) -> list[tuple[list[str], str]]:
        """Lines of the feedback form: the numbers of the problems of one kind, and what they are."""
        return [([i.number.removeprefix(self.stem) for i in own], title) for title, own in kinds(self.open)]

    @property
    def fault_count(self) -> int:
        return sum(len(i.faults) for i in self.open)

    @property
    def vetoes(self) -> int:
        return sum(i.level is Level.VETO for i in self.open)

    @property
    def stem(self) -> str:
        issues = self.items.by_unit.get(self.unit.unit_id, ())
        return issues[0].number.rpartition("-")[0] + "-" if issues else ""

    @property
    def scaling(self) -> str:
        if self.score is None or self.score.base == self.view.primary.base:
            return "各项均适用，不折算"
        return f"其余不适用，按×100÷{figure(self.score.base)}折算" if self.score.base else "没有适用的指标"

    @property
    def sheets(self) -> list[tuple[Standard, Score, list[SheetRow]]]:
        scores = [(s, self.view.score(self.unit.unit_id, s.id)) for s in self.view.standards]
        return [(standard, score, self._rows(score)) for standard, score in scores if score]

    def _rows(self, score: Score) -> list[SheetRow]:
        rows = []
        for line in score.lines:
            if not line.applicable or not (line.failed or line.undetermined or line.deducted):
                continue
            issues = dict.fromkeys(self.items.by_fingerprint.get(f) for f in line.fingerprints)
            known = sorted((i for i in issues if i), key=lambda i: (i.pending, i.number))
            vetoed = bool(set(line.fingerprints) & set(score.veto))
            rows.append(
                SheetRow(line, full_marks(line), kept(line), line.worst - line.deducted, vetoed, tuple(known))
            )
        return rows

    @staticmethod
    def touched(rows: list[SheetRow]) -> list[Issue]:
        """The problems behind some lines, each once."""
        return sorted({i for row in rows for i in row.issues}, key=lambda i: (i.pending, i.number))

    @property
    def good(self) -> list[Line]:
        """Indicators with nothing but passes; the same title in a second standard is named once."""
        lines = [line for _, score, _ in self.sheets for line in score.lines]
        spotless = [x for x in lines if x.applicable and x.passed and not x.failed and not x.undetermined]
        return list({x.title: x for x in reversed(spotless)}.values())[::-1]

    @property
    def not_applicable(self) -> list[tuple[str, list[Line]]]:
        """Indicators that do not apply, by reason; those that only people judge are not this unit's N/A."""
        groups: dict[str, list[Line]] = {}
        for line in (x for _, score, _ in self.sheets for x in score.lines if not x.applicable):
            groups.setdefault(line.note or "不适用", []).append(line)
        return list(groups.items())

    @property
    def excused(self) -> list[tuple[Finding, int]]:
        """Checks that do not apply, one line per rule: its first finding and how many there are."""
        groups: dict[str, list[Finding]] = {}
        seen: set[str] = set()
        for f in self.view.findings:
            if f.unit == self.unit.unit_id and f.outcome is Outcome.INAPPLICABLE and f.message != "不适用。":
                if (key := f.identity or f.fingerprint) not in seen:
                    groups.setdefault(f.rule, []).append(f)
                seen.add(key)
        return [(own[0], len(own)) for own in groups.values()]

    @property
    def change(self) -> str:
        return change_of(self.view, self.unit.unit_id)

    @property
    def quarters(self) -> str:
        """The last four rounds with their scores, oldest first; blank in a first round."""
        if not self.view.history:
            return ""
        told = []
        for past in self.view.history[1 - QUARTERS :]:
            own = (s for s in past.scores if s.unit == self.unit.unit_id and s.standard == self.view.primary.id)
            told.append((past.round_id, next(own, None), "" if past.comparable else "（规则不同）"))
        told.append((self.view.round_id, self.score, ""))
        return "，".join(f"{name} {span(s.lower, s.upper) if s and s.rated else '–'}{note}" for name, s, note in told)

    @property
    def against(self) -> Change | None:
        return change(self.view, self.unit.unit_id)

    @property
    def mended(self) -> Mended | None:
        return by_unit(self.view).get(self.unit.unit_id)

    def column(self, column_id: str) -> str:
        column = self.view.district.column(column_id)
        return column.label if column else column_id

    @staticmethod
    def question(issue: Issue) -> str:
        return question(issue)

    def counted(self, issue: Issue) -> str:
        """Under which problem the fact is charged, where it is not charged here."""
        return self.items.counted(issue, self.view.primary.id, self.stem)

    def place(self, issue: Issue) -> str:
        """What a line of the list of first steps is about: the page where it is one, else the column."""
        lead, title = issue.lead, issue.faults[0].title
        if title and len(issue.faults) == 1 and lead.subject != lead.column:
            return title
        named = next((str(v) for k in ("account", "host") if (v := lead.data.get(k))), "")
        return f"栏目“{self.column(lead.column)}”" if lead.column else title or named

    def shot(self, issue: Issue) -> Shot | None:
        return self.album.shot(issue)


def card(view: RoundView, items: Docket, unit: Unit) -> bytes:
    """The scorecard of one unit as one HTML file."""
    return render("card.html.j2", view, f"{unit.name_short}检查结果", c=Card(view, unit, items, Album(view)))


def grades(score: Score) -> str:
    """等次: one word when told, else the range."""
    if score.grade_lower == score.grade_upper:
        return score.grade_upper
    return f"{score.grade_lower}至{score.grade_upper}"


def change_of(view: RoundView, unit: str) -> str:
    """Change of the upper bound against the last round, blank in the first one or after a change of rules."""
    if not view.history:
        return ""
    now, last = view.score(unit), view.history[-1]
    old = next((s for s in last.scores if s.unit == unit and s.standard == view.primary.id), None)
    if now is None or old is None or not (now.rated and old.rated):
        return ""
    if not last.comparable:
        return "规则已变，不可比"
    step = now.upper - old.upper
    return "持平" if not step else f"{'+' if step > 0 else '−'}{figure(abs(step))}分"
