"""约谈 (workflow.md §6): triggers, proposals with grounds, steps. Never automatic: the office decides.

Rounds count only while rules are comparable; pending appeals pause; units ranked fewer than two rounds are exempt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from audit.errors import AuditError
from audit.files import write_atomic
from audit.history.chain import Decision
from audit.history.past import newest_frozen
from audit.history.repairs import day_of
from audit.history.store import Entry
from audit.judgements import StoredJudgement
from audit.paths import YUETAN
from audit.rounds.appeals import appeals
from audit.rounds.cases import Case
from audit.rounds.desk import Desk, may
from audit.rounds.numbers import numbers_of
from audit.rounds.papers import paper
from audit.rounds.states import COUNTING, OPEN_REPAIR, State
from audit.rounds.wording import address, matter, unit_names
from checks.scores import Score
from checks.snapshot import SHANGHAI
from config.district import District
from reports.text import figure, round_name
from reports.view import SIGNING, Signed

NAMES = {
    "T1": "办公室决定",
    "T2": "连续不合格",
    "T3": "组内连续末位且低于60分",
    "T4": "单项否决逾期未整改",
    "T5": "多个问题两次复查未通过",
    "T6": "两轮未反馈",
    "T7": "已销号的单项否决反弹",
}
STEPS = ("section", "approved", "notified", "held", "minutes", "report", "verified", "closed")
STEP_NAMES = {
    "section": "科室负责人审核", "approved": "分管负责人批准", "notified": "发出约谈通知", "held": "约谈",
    "minutes": "约谈纪要", "report": "单位书面报告", "verified": "复查核实", "closed": "办结",
}  # fmt: skip
PASS = Decimal(60)
MOST_PROBLEMS = 8


@dataclass(frozen=True, slots=True)
class Ground:
    trigger: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit's place in the sealed rounds, newest last; `paused` says why nothing is proposed."""

    unit: str
    grounds: tuple[Ground, ...]
    paused: str = ""


def standings(desk: Desk) -> list[Standing]:
    """Every scored unit that meets a trigger which is switched on, in configuration order."""
    if not desk.frozen():
        raise AuditError("本轮尚未冻结，不能提出约谈建议。")
    past = _comparable(desk)
    lines = desk.decisions()
    cases = desk.cases(lines)
    pending = {a.unit for a in appeals(lines).values() if not a.result}
    found = []
    for unit in desk.district.units:
        if not unit.scored:
            continue
        own = [c for c in cases.values() if c.unit == unit.unit_id]
        grounds = tuple(_grounds(desk, unit.unit_id, past, own))
        if not grounds:
            continue
        paused = ""
        if unit.unit_id in pending:
            paused = "有申诉尚未决定，暂缓"
        elif _ranked(unit.unit_id, past) < 2 and any(g.trigger in ("T2", "T3", "T6") for g in grounds):
            paused = "参加排名不足两轮，不适用"
        found.append(Standing(unit.unit_id, grounds, paused))
    return found


def _comparable(desk: Desk) -> list[StoredJudgement]:
    """Sealed judgements up to this round, oldest first, back to the first rule change."""
    rows = newest_frozen(desk.history, desk.district.id)
    here = next(i for i, r in enumerate(rows) if r.round == desk.round_id)
    now = rows[here]
    kept = [now]
    for row in reversed(rows[:here]):
        if any(now.rules.get(rule, version) != version for rule, version in row.rules.items()):
            break
        kept.insert(0, row)
    return [desk.history.judgement(r.id) for r in kept]


def _ranked(unit: str, past: Sequence[StoredJudgement]) -> int:
    return sum(any(r.unit == unit and r.place is not None for r in j.ranks) for j in past)


def _grounds(desk: Desk, unit: str, past: Sequence[StoredJudgement], cases: Sequence[Case]) -> list[Ground]:
    settings, found = desk.workflow.interview, []

    def add(trigger: str, text: str) -> None:
        found.append(Ground(trigger, NAMES[trigger], text))

    if settings.t2 and len(past) >= settings.t2_rounds:
        recent = past[-settings.t2_rounds :]
        grades = [_grade(j, unit) for j in recent]
        if all(g == "不合格" for g in grades):
            add("T2", f"{'、'.join(j.round for j in recent)} 均为不合格")
    if settings.t3 and len(past) >= settings.t3_rounds:
        recent = past[-settings.t3_rounds :]
        if all(_bottom(j, unit, settings.t3_bottom) for j in recent):
            places = "、".join(f"{j.round} 第{_place(j, unit)}名" for j in recent)
            add("T3", f"{places}，得分均低于60分")
    day = desk.now().astimezone(SHANGHAI).date()
    late = [c for c in cases if c.veto and c.state in OPEN_REPAIR - {State.UNVERIFIABLE} and c.deadline]
    late = [c for c in late if c.deadline and c.deadline < day]
    if settings.t4 and late:
        add("T4", f"{len(late)} 个单项否决问题逾期未整改，最早期限 {min(c.deadline for c in late if c.deadline)}")
    twice = [c for c in cases if sum(d.state == State.RETURNED for d in c.rechecks) >= 2]
    if settings.t5 and len(twice) >= settings.t5_findings:
        add("T5", f"{len(twice)} 个问题两次复查未通过")
    if settings.t6 and len(past) >= 2 and _silent(desk, unit, [j.round for j in past[-2:]]):
        add("T6", f"{past[-2].round}、{past[-1].round} 两轮均未反馈整改情况")
    relapsed = [c for c in cases if c.veto and any(d.payload.get("result") == "反弹" for d in c.rechecks)]
    if settings.t7 and relapsed:
        add("T7", f"{len(relapsed)} 个已销号的单项否决问题再次出现")
    return found


def _grade(judgement: StoredJudgement, unit: str) -> str:
    first = judgement.standards[0]
    score = next((s for s in judgement.scores if s.unit == unit and s.standard == first), None)
    return score.grade_upper if score is not None and score.rated else ""


def _place(judgement: StoredJudgement, unit: str) -> int | None:
    return next((r.place for r in judgement.ranks if r.unit == unit), None)


def _bottom(judgement: StoredJudgement, unit: str, count: int) -> bool:
    own = next((r for r in judgement.ranks if r.unit == unit), None)
    if own is None or own.place is None:
        return False
    worse = sum(r.group == own.group and r.place is not None and r.place > own.place for r in judgement.ranks)
    first = judgement.standards[0]
    score = next((s for s in judgement.scores if s.unit == unit and s.standard == first), None)
    return worse < count and score is not None and score.upper < PASS


def _silent(desk: Desk, unit: str, rounds: Sequence[str]) -> bool:
    """Problems were released to the unit in each round and it reported none of them."""
    for round_id in rounds:
        lines = desk.history.decisions(desk.district.id, round_id)
        row = desk.history.latest(desk.district.id, round_id, "frozen")
        if row is None:
            return False
        mine = {f.identity for f in desk.history.judgement(row.id).findings if f.unit == unit}
        released = any(d.kind == "finding.released" and d.subject in mine for d in lines)
        reported = any(d.kind == "finding.reported" and d.subject in mine for d in lines)
        if not released or reported:
            return False
    return True


def signed(lines: Sequence[Decision], unit: str) -> tuple[Signed, ...]:
    """Who proposed the interview of a unit, who backed and who approved it; blank where nothing is recorded."""
    made = next((d for d in lines if d.kind == "interview.proposed" and d.subject == unit), None)
    steps = {str(d.payload["step"]): d for d in lines if d.kind == "interview.step" and d.subject == unit}
    found = (made, steps.get("section"), steps.get("approved"))
    return tuple(
        Signed(step, d.who, day_of(d), d.why) if d is not None else Signed(step)
        for step, d in zip(SIGNING, found, strict=True)
    )


def propose(desk: Desk, unit: str, who: str, why: str) -> str:
    """A reasoned proposal as a draft. Without a trigger it is T1, the office's own decision, with its reason."""
    may(who, desk.workflow.people.deciders, "审定")
    if desk.district.unit(unit) is None:
        raise AuditError(f"没有单位“{unit}”。")
    if any(d.kind == "interview.proposed" and d.subject == unit for d in desk.decisions()):
        raise AuditError("本轮已对该单位提出约谈建议。")
    standing = next((s for s in standings(desk) if s.unit == unit), Standing(unit, ()))
    if standing.paused:
        raise AuditError(f"不能提出约谈建议：{standing.paused}。")
    grounds = list(standing.grounds)
    if not grounds:
        if not desk.workflow.interview.t1 or not why.strip():
            raise AuditError("该单位没有达到已启用的触发情形；由办公室决定约谈的，请用 --why 写明事由。")
        grounds = [Ground("T1", NAMES["T1"], why.strip())]
    path = desk.paths.folder / YUETAN / f"{unit}-建议.html"
    write_atomic(path, _paper(desk, unit, grounds, who))
    payload = {"grounds": [{"trigger": g.trigger, "text": g.text} for g in grounds]}
    desk.decide(who, "审定", [Entry("interview.proposed", unit, "", why, payload)])
    return str(path)


def _paper(desk: Desk, unit: str, grounds: Sequence[Ground], who: str) -> bytes:
    names, numbers = unit_names(desk.district), numbers_of(desk)
    lines = desk.decisions()
    appealed = {a.identity for a in appeals(lines).values() if not a.result}
    own = [c for c in desk.cases(lines).values() if c.unit == unit and c.state in COUNTING]
    open_ = [c for c in own if c.state is not State.CLOSED and c.identity not in appealed and not c.lead.waived]
    problems = sorted(open_, key=_weight)[:MOST_PROBLEMS]
    day = desk.now().astimezone(SHANGHAI).date()
    return paper(
        "interview.html.j2",
        title=f"关于约谈{names.get(unit, unit)}的建议",
        unit=names.get(unit, unit),
        grounds=grounds,
        history=[_history(j, unit) for j in _comparable(desk)[-4:]],
        problems=[
            {
                "number": numbers.get(c.identity) or c.called,
                "message": matter(desk.district, c),
                "url": address(c.lead),
                "deadline": c.deadline or "—",
                "state": str(c.state),
                "seen": "、".join(f"{day_of(d)} {d.payload['result']}" for d in c.rechecks),
                "first": c.first,
                "second": c.second,
            }
            for c in problems
        ],
        unchecked=sum(not c.second for c in problems),
        closed=sum(c.state is State.CLOSED for c in own),
        further=len(open_) - len(problems),
        signing=SIGNING,
        who=who.strip(),
        office=desk.district.office,
        day=f"{day.year}年{day.month}月{day.day}日",
    )


def _weight(case: Case) -> tuple[bool, bool, int]:
    """Vetoes first, then what came back after its repair, then what failed most often; else as they stood."""
    back = any(d.payload.get("result") == "反弹" for d in case.rechecks)
    return (not case.veto, not back, -sum(d.state == State.RETURNED for d in case.rechecks))


def _history(judgement: StoredJudgement, unit: str) -> dict[str, str]:
    first = judgement.standards[0]
    score = next((s for s in judgement.scores if s.unit == unit and s.standard == first), None)
    place = next((r for r in judgement.ranks if r.unit == unit), None)
    return {
        "round": round_name(judgement.round),
        "score": "—" if score is None or not score.rated else _range(score),
        "grade": score.grade_upper if score is not None and score.rated else "—",
        "place": f"第{place.place}名（共{place.of}个）" if place and place.place else "不参与排名",
    }


def _range(score: Score) -> str:
    """A range until everything is decided."""
    return figure(score.upper) if score.lower == score.upper else f"{figure(score.lower)}–{figure(score.upper)}"


def step(desk: Desk, unit: str, name: str, who: str, why: str) -> None:
    """Record the next step of an interview, in order. Before approval every listed finding needs two persons."""
    lines = desk.decisions()
    if not any(d.kind == "interview.proposed" and d.subject == unit for d in lines):
        raise AuditError("尚未对该单位提出约谈建议。")
    done = [str(d.payload["step"]) for d in lines if d.kind == "interview.step" and d.subject == unit]
    expected = STEPS[len(done)] if len(done) < len(STEPS) else ""
    if name != expected:
        said = f"下一步是“{STEP_NAMES[expected]}”（{expected}）" if expected else "该约谈已办结"
        raise AuditError(f"步骤须依次登记：{said}。")
    if not why.strip():
        raise AuditError("请用 --why 写明批准文号、日期或结果。")
    if name == "approved":
        may(who, desk.workflow.people.leaders, "分管负责人")
        _must_approve(lines, unit, who, why)
    elif name == "section":
        may(who, desk.workflow.people.deciders, "审定")
    if name == "notified":
        single = [c for c in desk.cases(lines).values() if _single(c, unit, desk.district)]
        if single:
            raise AuditError(
                f"{len(single)} 个列入约谈材料的问题只有一人确认，须先由第二人复核（govaudit interview second）。"
            )
    desk.decide(who, "审定", [Entry("interview.step", unit, "", why, {"step": name})])


def _must_approve(lines: Sequence[Decision], unit: str, who: str, why: str) -> None:
    """An approval has a number or a day, and is given by nobody who proposed or backed the interview."""
    if not any(c.isdigit() for c in why):
        raise AuditError("登记批准须用 --why 写明批准文号或日期。")
    before = next((s for s in signed(lines, unit)[:2] if s.who == who.strip()), None)
    if before is not None:
        raise AuditError(
            f"{who.strip()} 已{before.step}，批准须由分管负责人（另一人）作出：--person 写批准人的姓名。"
        )


def _single(case: Case, unit: str, district: District) -> bool:
    return case.unit == unit and case.state in COUNTING and not case.second and not case.lead.waived


def second(desk: Desk, unit: str, who: str, why: str) -> int:
    """A second person stands by every counted finding of the unit; returns how many."""
    may(who, desk.workflow.people.second, "复核员")
    chosen = [c for c in desk.cases().values() if _single(c, unit, desk.district)]
    own = [c for c in chosen if c.first.strip() == who.strip()]
    if own:
        raise AuditError(f"其中 {len(own)} 个问题由 {who} 初审，须由另一人复核。")
    if not chosen:
        raise AuditError("该单位没有待第二人复核的约谈问题。")
    desk.decide(who, "复核员", [Entry("finding.second", c.identity, "", why, {"agree": True}) for c in chosen])
    return len(chosen)
