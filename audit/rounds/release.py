"""After the freeze: release with deadlines, slips (交办、催办、督办) and the units' own reports of repair."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audit.errors import AuditError
from audit.files import write_atomic
from audit.history.store import Entry
from audit.mail import draft, send
from audit.rounds.cases import Case
from audit.rounds.config import Deadlines
from audit.rounds.dates import later
from audit.rounds.desk import Desk, may
from audit.rounds.numbers import numbers_of
from audit.rounds.papers import paper
from audit.rounds.states import OPEN_REPAIR, State, must_allow
from audit.rounds.wording import address, demand, matter, rule_of, shared_demand, unit_names
from checks.calendar import WorkCalendar
from checks.rule import catalogue
from checks.snapshot import SHANGHAI
from checks.standards import resolve_rule
from reports.text import round_name

SLIPS = {
    "交办单": (
        "请对下列问题限期整改，整改后只需报送整改后网址、措施、日期和责任人，不需要截图。",
        "逾期未报或复查未通过的，将予催办。",
    ),
    "催办单": ("下列问题已过整改期限，仍未申报或复查未通过，请抓紧办理。", "仍未办结的，将予督办。"),
    "督办通知单": (
        "下列问题经催办仍未整改到位，现予督办，请分管负责同志组织研究并书面反馈。",
        "督办结果列入季度通报。",
    ),
}


def deadline_of(case: Case, day: date, limits: Deadlines, work: WorkCalendar) -> date:
    """Last day for the repair: vetoes, platform work, everything else (workflow.md §4)."""
    rule = resolve_rule(case.lead.rule, catalogue())
    topic = rule.topic if rule else ""
    count = limits.veto if case.veto else limits.process if topic in limits.process_topics else limits.deduct
    return later(work, day, count)


def release(desk: Desk, who: str, approval: str) -> dict[str, int]:
    """Send out: every confirmed problem gets its deadline, every unit its slip. Returns problems per unit."""
    may(who, desk.workflow.people.deciders, "审定")
    if not desk.frozen():
        raise AuditError("本轮尚未冻结，不能下发。请先运行 govaudit round freeze。")
    if desk.released():
        raise AuditError("本轮已经下发。")
    if not approval.strip():
        raise AuditError("下发须经审批：请用 --approval 写明批准人、文号或日期。")
    day = desk.now().astimezone(SHANGHAI).date()
    cases = [c for c in desk.cases().values() if c.state is State.CONFIRMED and c.grounded and not c.lead.waived]
    entries = [Entry("round.released", desk.round_id, "已下发", approval.strip(), {"day": day.isoformat()})]
    for case in cases:
        case.deadline = deadline_of(case, day, desk.workflow.deadlines, desk.work)
        payload = {"deadline": case.deadline.isoformat()}
        entries.append(Entry("finding.released", case.identity, State.RECTIFYING, "", payload))
    write_slips(desk, "交办单", cases, day)
    desk.decide(who, "审定", entries)
    return _per_unit(cases)


def urge(desk: Desk, who: str, kind: str) -> dict[str, int]:
    """催办 what is overdue, or 督办 what stayed overdue after it; drafts and decisions. Returns counts per unit."""
    day = desk.now().astimezone(SHANGHAI).date()
    late = overdue(desk.cases().values(), day)
    if kind == "催办单":
        chosen = [c for c in late if c.state not in (State.URGED, State.SUPERVISED)]
        state, name = State.URGED, "finding.urged"
    else:
        chosen = [c for c in late if c.state is State.URGED]
        state, name = State.SUPERVISED, "finding.supervised"
    if not chosen:
        return {}
    entries = []
    for case in chosen:
        must_allow(case.state, state, case.called)
        days = desk.work.workdays_between(case.deadline, day) if case.deadline else 0
        entries.append(Entry(name, case.identity, state, f"逾期{days}个工作日", {"days": days}))
    write_slips(desk, kind, chosen, day)
    desk.decide(who, "督查", entries)
    return _per_unit(chosen)


def overdue(cases: Iterable[Case], day: date) -> list[Case]:
    """Open repairs past their deadline. What could not be re-checked by our fault is never late."""
    open_ = OPEN_REPAIR - {State.REPORTED, State.UNVERIFIABLE}
    return [c for c in cases if c.state in open_ and c.deadline and c.deadline < day]


def report(desk: Desk, case: Case, who: str, *, action: str, url: str, done: str, person: str) -> None:
    """A unit's own declaration of repair. Without a link it is not one, where the settings say so."""
    if case.state not in OPEN_REPAIR:
        raise AuditError(f"问题{case.called}现为“{case.state}”，不在整改中。")
    if desk.workflow.deadlines.link_required and not url.strip():
        raise AuditError("申报整改须给出整改后网址（--url）；没有网址的视为未整改。")
    try:
        day = date.fromisoformat(done)
    except ValueError as error:
        raise AuditError(f"整改完成日期“{done}”不是日期，请写成 2026-10-15。") from error
    if day > desk.now().astimezone(SHANGHAI).date():
        raise AuditError(f"整改完成日期 {day} 在今天之后，请核对。")
    payload = {"action": action, "url": url, "done": day.isoformat(), "person": person}
    desk.decide(who, "单位", [Entry("finding.reported", case.identity, State.REPORTED, action, payload)])


def write_slips(desk: Desk, kind: str, cases: Iterable[Case], day: date) -> list[Path]:
    """One HTML draft and one .eml draft per unit."""
    opening, closing = SLIPS[kind]
    names, numbers = unit_names(desk.district), numbers_of(desk)
    by_unit: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_unit[case.unit].append(case)
    written = []
    for at, unit in enumerate(sorted(by_unit), 1):
        rows = slip_rows(desk, by_unit[unit], numbers)
        number = f"{desk.round_id}-{kind}-{day:%m%d}-{at:02d}"
        page = paper(
            "slip.html.j2",
            title=f"{desk.district.name}{round_name(desk.round_id)}政务公开问题{kind}",
            number=number,
            unit=names.get(unit, unit) or desk.district.site.name,
            opening=opening,
            closing=closing,
            rows=rows,
            places=len(by_unit[unit]),
            reminder=kind != "交办单",
            office=desk.district.office,
            day=f"{day.year}年{day.month}月{day.day}日",
        )
        base = desk.paths.folder / "slips" / kind / f"{day:%Y%m%d}"
        path = base / f"{unit or 'site'}.html"
        write_atomic(path, page)
        subject = f"{kind}：{desk.district.name}{round_name(desk.round_id)}政务公开问题（{len(rows)}项）"
        note = f"{names.get(unit, unit)}：\n\n{opening}共{len(rows)}项，见附件。{closing}\n\n{desk.district.office}"
        attached = f"{kind}-{names.get(unit, unit) or '全站'}.html"
        mail = draft(desk.workflow.mail, unit, subject, note, attached, page, desk.now(), number)
        write_atomic(base / f"{unit or 'site'}.eml", mail)
        written.append(path)
    return written


@dataclass(frozen=True, slots=True)
class SlipRow:
    """One demand: a problem, with the list of its pages where it has several."""

    number: str
    matter: str
    pages: tuple[tuple[str, str], ...]  # what is seen and where; empty for a problem with one place
    url: str
    demand: str
    deadline: str
    state: str


def slip_rows(desk: Desk, cases: Iterable[Case], numbers: Mapping[str, str]) -> list[SlipRow]:
    """Places of one problem that stand alike (deadline, declaration, re-check) are one demand."""
    groups: dict[tuple[str, ...], list[Case]] = {}
    for case in cases:
        number = numbers.get(case.identity) or case.called
        due = case.deadline.isoformat() if case.deadline else ""
        groups.setdefault((number, case.lead.rule, due, _standing(case)), []).append(case)
    return [_row(desk, own, number, due, state) for (number, _, due, state), own in groups.items()]


def _row(desk: Desk, cases: list[Case], number: str, due: str, state: str) -> SlipRow:
    first = cases[0]
    if len(cases) == 1:
        return SlipRow(number, matter(desk.district, first), (), address(first.lead), demand(first), due, state)
    rule = rule_of(first)
    told = f"{rule.title if rule else first.lead.rule}（{len(cases)}处）"
    pages = tuple((case.message, address(case.lead)) for case in cases)
    return SlipRow(number, told, pages, "", shared_demand(cases), due, state)


def _standing(case: Case) -> str:
    """Where it stands, for a reminder: what was last declared and found."""
    if not case.rechecks:
        return f"{case.report['done']} 申报" if case.report else "未申报"
    last = case.rechecks[-1]
    return f"{last.at[:10]} 复查：{last.payload['result']}"


def _per_unit(cases: Iterable[Case]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for case in cases:
        counts[case.unit] += 1
    return dict(counts)


def send_draft(desk: Desk, who: str, path: Path) -> str:
    """Send one .eml draft, once, and record it; returns the recipient. Raises AuditError when it cannot be sent."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise AuditError(f"无法读取 {path}：{error.strerror or error}。") from error
    if not who.strip():
        raise AuditError("请用 --person 写明经办人。")
    digest = hashlib.sha256(body).hexdigest()
    for line in desk.decisions():
        if line.kind == "notice.sent" and line.payload.get("sha256") == digest:
            raise AuditError(f"该草稿已于 {line.at[:16].replace('T', ' ')} 发至 {line.payload['to']}，不重复发送。")
    to = send(desk.workflow.mail, body)
    payload = {"to": to, "sha256": digest}
    desk.decide(who, "经办", [Entry("notice.sent", path.name, "", f"发送至 {to}", payload)])
    return to
