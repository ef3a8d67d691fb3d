"""Everything a command needs around one round: district, settings, history, clock, and the lock while it writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from audit import clock, judgements
from audit.errors import AuditError
from audit.history.chain import Decision
from audit.history.lock import district_lock
from audit.history.store import Entry, History, RoundRow, history_url
from audit.judgements import StoredJudgement
from audit.paths import SnapshotPaths, data_root, snapshot_paths
from audit.rounds.cases import Case, collect, fold, lost_before, suspended
from audit.rounds.config import Workflow, load_workflow
from audit.rounds.confirmed import confirm
from audit.rounds.dates import RoundDates, plan
from audit.rounds.quality import SAMPLED, review_sentences, sampled, shadowed
from checks.calendar import WorkCalendar
from checks.rule import catalogue
from checks.snapshot import SHANGHAI
from checks.standards import resolve_rule
from config.district import District
from config.editions import load_standards_for
from config.load import load_district
from config.standard import Standard


@dataclass(frozen=True)
class Desk:
    """One round of one district."""

    ref: str
    district: District
    workflow: Workflow
    standards: tuple[Standard, ...]
    history: History
    data: Path
    row: RoundRow

    @property
    def round_id(self) -> str:
        return self.row.round

    @property
    def folder(self) -> Path:
        return self.data / self.district.id

    @property
    def paths(self) -> SnapshotPaths:
        return snapshot_paths(self.data, self.district.id, self.round_id)

    @property
    def work(self) -> WorkCalendar:
        return WorkCalendar(self.district.calendar)

    def now(self) -> datetime:
        return clock.now()

    def today(self) -> date:
        """The day in Beijing."""
        return self.now().astimezone(SHANGHAI).date()

    def decisions(self) -> list[Decision]:
        return self.history.decisions(self.district.id, self.round_id)

    def decide(self, who: str, role: str, entries: Sequence[Entry]) -> list[Decision]:
        return self.history.append(self.district.id, self.round_id, self.now(), who, role, entries)

    def dates(self, lines: Sequence[Decision] | None = None) -> RoundDates:
        moved: dict[str, str] = {}
        for line in lines if lines is not None else self.decisions():
            if line.kind == "round.dates":
                moved |= {str(k): str(v) for k, v in line.payload.items()}
        return plan(self.row.cutoff, self.workflow.calendar, self.work, moved)

    # -- judgement ------------------------------------------------------------------------------------------------

    def machine(self) -> StoredJudgement:
        """The newest machine judgement of the round that history knows. Raises AuditError when there is none."""
        row = self.history.latest(self.district.id, self.round_id, "machine")
        if row is None:
            raise AuditError(
                f"轮次 {self.round_id} 还没有判定结果。请先运行 govaudit run {self.ref} --round {self.round_id}。"
            )
        return self.history.judgement(row.id)

    def take_in(self, who: str = "监测") -> bool:
        """Record the judgement on disk when history does not have it yet; returns whether it was new."""
        if not self.paths.judgement.exists():
            return False
        stored = judgements.load(self.paths.judgement)
        row = self.history.latest(self.district.id, self.round_id, "machine")
        if (row is not None and row.sha256 == stored.digest) or self.frozen():
            return False
        entry = Entry("round.judged", self.round_id, "", "机器检出", {"snapshot": stored.snapshot})
        self.history.add_judgement(stored, "machine", self.now(), who, "监测", entry)
        return True

    def cases(self, lines: Sequence[Decision] | None = None) -> dict[str, Case]:
        """Every fault of the round with what was decided of it, heaviest first."""
        return self._folded(self.machine(), lines)

    def known_cases(self, lines: Sequence[Decision]) -> dict[str, Case]:
        """The same for looking on only: also of a judgement that nobody has begun to review; empty without one."""
        row = self.history.latest(self.district.id, self.round_id, "machine")
        if row is not None:
            return self._folded(self.history.judgement(row.id), lines)
        return self._folded(judgements.load(self.paths.judgement), lines) if self.paths.judgement.exists() else {}

    def _folded(self, found: StoredJudgement, lines: Sequence[Decision] | None) -> dict[str, Case]:
        return fold(self.fresh(found), self.decisions() if lines is None else lines)

    def fresh(self, found: StoredJudgement) -> dict[str, Case]:
        """The faults of a judgement before anybody decided anything of them in this round."""
        day = found.as_of.astimezone(SHANGHAI).date()
        cases = collect(found.findings, self.standards, self.district, day, self.workflow.review)
        lost = lost_before(self.history.decisions_of(self.district.id, "appeal.decided"), self.round_id)
        for identity in cases.keys() & lost.keys():
            cases[identity].lost = lost[identity]
        for case in cases.values():
            single = not case.second_needed and not case.gap
            if single and sampled(self.row.opened_at, case.identity, self.workflow.review.double_share):
                case.second_needed, case.sampled = SAMPLED, True
        return cases

    def shadow(self) -> frozenset[str]:
        """Rules in their first round here, which cost no points yet."""
        if not self.workflow.review.shadow:
            return frozenset()
        earlier = {d.round: d for d in self.history.decisions_of(self.district.id, "round.frozen")}
        return shadowed(self.standards, {r: d for r, d in earlier.items() if r in self._before()})

    def _before(self) -> frozenset[str]:
        rows = self.history.rounds(self.district.id)
        return frozenset(r.round for r in rows if r.cutoff < self.row.cutoff)

    def remarks(self) -> tuple[str, ...]:
        """What the overview tells among the limits: how people worked on the round, and what was overridden."""
        lines = self.decisions()
        cases = list(self.known_cases(lines).values())
        said = review_sentences(cases, lines, self.row.opened_at, self.workflow.review.double_share)
        names = [r.title for rule in sorted(self.shadow()) if (r := resolve_rule(rule, catalogue()))]
        if names:
            said.append(f"本区首次使用、本轮试运行不计分的规则：{'、'.join(names)}。")
        return tuple(said)

    def confirmed(self) -> StoredJudgement:
        """The judgement as it counts now."""
        found, lines = self.machine(), self.decisions()
        day: date = found.as_of.astimezone(SHANGHAI).date()
        return confirm(found, self.cases(lines), suspended(lines), self.standards, self.district, day, self.shadow())

    def frozen(self) -> Decision | None:
        """The decision that sealed the newest results; None before the freeze."""
        sealed = [d for d in self.decisions() if d.kind in ("round.frozen", "erratum")]
        return sealed[-1] if sealed else None

    def released(self) -> Decision | None:
        return next((d for d in self.decisions() if d.kind == "round.released"), None)

    def phase(self) -> str:
        kinds = [d.kind for d in self.decisions()]
        for kind, name in (("round.released", "已下发"), ("round.frozen", "已冻结"), ("draft.issued", "核对期")):
            if kind in kinds:
                return name
        return "初审" if "round.judged" in kinds or self.paths.judgement.exists() else "采集"


@contextmanager
def open_desk(
    ref: str, round_id: str = "", data: Path | None = None, history: str = "", *, writing: str = ""
) -> Iterator[Desk]:
    """The round by id, or the newest one. `writing` names the command; the district is locked while it runs."""
    district, workflow = load_district(ref), load_workflow(ref)
    root = data_root(data)
    with History.open(history_url(root, history)) as opened:
        rounds = opened.rounds(district.id)
        row = next((r for r in reversed(rounds) if not round_id or r.round == round_id), None)
        if row is None:
            known = "、".join(r.round for r in rounds) or "还没有轮次"
            raise AuditError(
                f"没有轮次 {round_id or ''}（已有：{known}）。"
                f"请先运行 govaudit round open {ref} --round 2026Q3 --person 姓名。"
            )
        desk = Desk(ref, district, workflow, load_standards_for(district), opened, root, row)
        if not writing:
            yield desk
            return
        with district_lock(desk.folder, writing):
            opened.mind_clock(district.id, desk.now())
            yield desk


def may(who: str, allowed: Sequence[str], role: str) -> None:
    """Refuse a name that the district's workflow.toml does not list for the role."""
    if allowed and who not in allowed:
        raise AuditError(f"{who} 不在 workflow.toml 列出的{role}名单中（{'、'.join(allowed)}）。")
