"""Re-checks (outputs.md §5): the same rule on the same subject, before and after, and what follows from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from audit.errors import AuditError
from audit.files import write_atomic
from audit.history.store import Entry
from audit.rounds.cases import GAPS, Case
from audit.rounds.dates import later
from audit.rounds.desk import Desk
from audit.rounds.draft import unit_names
from audit.rounds.packs import numbers_of
from audit.rounds.papers import paper
from audit.rounds.probe import Probe, addresses, topic_of
from audit.rounds.states import OPEN_REPAIR, State, must_allow
from checks.outcomes import FetchOutcome, Outcome
from checks.snapshot import SHANGHAI
from checks.verdicts import Data, Finding
from config.district import District


class Result(StrEnum):
    PASSED = "通过"
    FAILED = "未通过"
    PARTLY = "部分通过"
    RELAPSE = "反弹"
    NEW_FAULT = "通过但引入新问题"
    GONE = "页面已下线"
    UNSEEN = "无法复查"


STATES = {
    Result.PASSED: State.CLOSED,
    Result.NEW_FAULT: State.CLOSED,
    Result.FAILED: State.RETURNED,
    Result.PARTLY: State.RETURNED,
    Result.RELAPSE: State.RETURNED,
    Result.GONE: State.RETURNED,
    Result.UNSEEN: State.UNVERIFIABLE,
}
BY_HAND = "须人工核对，不作为单位未整改"
OUTSIDE = ("links", "availability", "domains", "accounts", "accessibility")
"""Topics whose repair need not change the page itself: a target, a host, a style sheet."""
_SAME = "网页内容与检出时完全相同，复查结论的不同出于复查范围，须人工核对。"
_SILENT = "同一规则按现在的检查时点不再对该事项（例如已过的季度、月份）作出判定，须人工核对。"
_BORROWED = "复查结论仍涉及未能重新读取的网页，须人工核对。"
_GONE = (str(FetchOutcome.GONE), str(FetchOutcome.SOFT_404))


@dataclass(frozen=True, slots=True)
class Checked:
    """One case seen again. `after` is what the rule says now, `new` what else is wrong with the page now."""

    case: Case
    result: Result
    after: str
    action: str
    evidence: str
    new: tuple[str, ...] = ()


def due(desk: Desk, cases: Iterable[Case], day: date) -> list[Case]:
    """Reported repairs, and open ones at deadline + 1 and + 3 working days that were not seen since."""
    limits, found = desk.workflow.deadlines, []
    for case in cases:
        if case.state not in OPEN_REPAIR:
            continue
        last = datetime.fromisoformat(case.rechecks[-1].at).astimezone(SHANGHAI).date() if case.rechecks else None
        if case.state is State.REPORTED or (case.state is State.UNVERIFIABLE and (last is None or last < day)):
            found.append(case)
            continue
        if case.deadline is None:
            continue
        dates = [later(desk.work, case.deadline, n) for n in (limits.first_recheck, limits.second_recheck)]
        if any(when <= day and (last is None or last < when) for when in dates):
            found.append(case)
    return found


def compare(
    case: Case,
    probe: Probe,
    before: Mapping[str, Outcome],
    required: bool,
    passing: frozenset[tuple[str, str]] = frozenset(),
) -> Checked:
    """The verdict on one case.

    `before` holds outcomes of the round by identity, worst first; `passing` the rules that say "passed" of every
    sound page (or of every sound id), so that their silence proves nothing. A small snapshot sees less than a whole
    one: where the same bytes suddenly pass, or a rule no longer speaks of the subject, a person decides.
    """
    lead, page = case.lead, case.lead.url or case.lead.subject
    outcome, sha256, at = probe.fetched.get(page, ("", "", ""))
    worst = max(probe.findings.get(case.identity, []), key=lambda f: f.outcome.rank, default=None)
    proof = f"{page}，{at or '未取回'}，SHA-256 {sha256[:16] or '—'}"
    if outcome in _GONE and any(e.url == page and e.sha256 for e in lead.evidence):
        action = "必须公开的内容不得以删除代替整改，退回" if required else "须书面说明下线原因，退回"
        return Checked(case, Result.GONE, f"{page} 已不存在", action, proof)
    if worst is not None and case.identity in probe.borrowed:
        return Checked(case, Result.UNSEEN, _BORROWED, BY_HAND, proof)
    if worst is not None and worst.outcome is Outcome.FAILED:
        part = better(lead.data, worst.data, probe)
        result = Result.RELAPSE if _closed(case) else Result.PARTLY if part else Result.FAILED
        return Checked(case, result, worst.message, "退回，重新整改", proof)
    if worst is not None and worst.outcome is Outcome.CANNOT_TELL:
        why = "次日再查，不作为单位未整改" if worst.reason in GAPS else BY_HAND
        return Checked(case, Result.UNSEEN, worst.message, why, proof)
    if worst is None and _kind(lead) == "id":
        return Checked(case, Result.UNSEEN, _SILENT, BY_HAND, proof)
    if not (outcome and FetchOutcome(outcome).seen) and not (worst and worst.evidence):
        said = FetchOutcome(outcome).chinese if outcome else "未访问"
        return Checked(case, Result.UNSEEN, f"页面未能取回：{said}", "次日再查，不作为单位未整改", proof)
    doubt = _doubt(case, page, worst, probe, passing)
    if doubt:
        return Checked(case, Result.UNSEEN, doubt, BY_HAND, proof)
    new = tuple(f"{f.rule}：{f.message}" for f in _new_faults(case, page, probe, before))
    after = worst.message if worst is not None else "同一规则不再检出该问题。"
    return Checked(case, Result.NEW_FAULT if new else Result.PASSED, after, "销号", proof, new)


def _doubt(case: Case, page: str, now: Finding | None, probe: Probe, passing: frozenset[tuple[str, str]]) -> str:
    """Why a pass of the small snapshot does not prove a repair; blank when it does."""
    lead = case.lead
    old = {e.sha256 for e in lead.evidence if e.sha256}
    if now is None:
        if lead.subject != page and page in probe.links:
            target = probe.fetched.get(lead.subject, ("", "", ""))[0]
            if lead.subject not in probe.links[page] or (target and FetchOutcome(target).seen):
                return ""
            return "页面仍指向该地址，规则未再判定，须人工核对。"
        if (lead.rule, _kind(lead)) in passing:
            return "同一规则在复查范围内未再对该对象作出判定，须人工核对。"
        return "" if probe.fetched[page][1] not in old else _SAME
    if topic_of(case) in OUTSIDE:
        return ""
    shown = {e.sha256 for e in now.evidence if e.sha256} or {probe.fetched.get(page, ("", "", ""))[1]}
    return _SAME if old and shown <= old else ""


def _kind(finding: Finding) -> str:
    return "page" if "://" in finding.subject else "id"


def _closed(case: Case) -> bool:
    return any(d.payload.get("result") in (Result.PASSED, Result.NEW_FAULT) for d in case.rechecks)


def _new_faults(case: Case, page: str, probe: Probe, before: Mapping[str, Outcome]) -> list[Finding]:
    """Faults on the same page that the round did not have, each once."""
    bad = (Outcome.FAILED, Outcome.CANNOT_TELL)
    found = {f.identity: f for f in probe.failed_at.get(page, []) if before.get(f.identity) not in bad}
    return [f for f in found.values() if f.identity != case.identity]


def better(old: Data, new: Data, probe: Probe) -> bool:
    """Fewer addresses at fault than before, and those that are gone from the list were seen again."""
    for name, value in old.items():
        now = new.get(name)
        if name == "trail" or not isinstance(value, list) or not isinstance(now, list):
            continue
        gone = [v for v in value if isinstance(v, str) and v not in now]
        seen = [v for v in gone if v in probe.fetched and FetchOutcome(probe.fetched[v][0]).seen]
        if gone and now and len(seen) == len(gone):
            return True
    return False


def conclude(desk: Desk, who: str, cases: list[Case], probe: Probe, at: datetime) -> list[Checked]:
    """Verdicts, their decisions in one transaction, and one paper per unit."""
    before: dict[str, Outcome] = {}
    machine = desk.machine()
    passing = frozenset((f.rule, _kind(f)) for f in machine.findings if f.outcome is Outcome.PASSED)
    for finding in machine.findings:
        if finding.outcome.rank >= before.get(finding.identity, Outcome.INAPPLICABLE).rank:
            before[finding.identity] = finding.outcome
    results = [compare(c, probe, before, must_be_public(desk.district, c), passing) for c in cases]
    day = at.astimezone(SHANGHAI).date()
    entries = []
    for item in results:
        state = STATES[item.result]
        must_allow(item.case.state, state, item.case.identity)
        payload = {
            "result": str(item.result),
            "before": item.case.lead.message,
            "after": item.after,
            "evidence": item.evidence,
            "snapshot": str(probe.folder.relative_to(desk.folder)),
            "manifest": probe.manifest,
            "new": list(item.new),
        }
        if state is State.RETURNED:
            payload["deadline"] = later(desk.work, day, desk.workflow.deadlines.second_recheck).isoformat()
        entries.append(Entry("recheck.done", item.case.identity, state, item.action, payload))
    _papers(desk, results, at)
    if entries:
        desk.decide(who, "监测", entries)
    return results


def must_be_public(district: District, case: Case) -> bool:
    """Content that the law or the plan wants to be there."""
    column = district.column(case.lead.column)
    return bool(column and column.required_by)


def _papers(desk: Desk, results: list[Checked], at: datetime) -> list[Path]:
    names, numbers = unit_names(desk.district), numbers_of(desk)
    by_unit: dict[str, list[Checked]] = defaultdict(list)
    for item in results:
        by_unit[item.case.unit].append(item)
    written = []
    for unit, items in sorted(by_unit.items()):
        name = names.get(unit, unit) or desk.district.site.name
        page = paper(
            "recheck.html.j2",
            title=f"{name}{desk.round_id}问题整改复查",
            office=desk.district.office,
            at=f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
            passed=sum(STATES[i.result] is State.CLOSED for i in items),
            rows=[_row(i, numbers, at) for i in items],
        )
        path = desk.paths.folder / "复查" / f"{desk.round_id}-{unit or 'site'}-{at:%Y%m%d}.html"
        write_atomic(path, page)
        written.append(path)
    return written


def _row(item: Checked, numbers: Mapping[str, str], at: datetime) -> dict[str, str]:
    case = item.case
    old = case.lead.evidence[0] if case.lead.evidence else None
    report = case.report
    return {
        "number": numbers.get(case.identity, case.identity),
        "matter": case.lead.message,
        "deadline": case.deadline.isoformat() if case.deadline else "",
        "report": f"{report['done']} {report['url']}" if report else "未申报",
        "at": f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "rule": f"{case.lead.rule}（第{case.lead.rule_version}版）",
        "before": case.lead.message,
        "after": item.after + ("；新问题：" + "；".join(item.new) if item.new else ""),
        "verdict": str(item.result),
        "action": item.action,
        "before_evidence": f"{old.url}，{old.fetched_at}，SHA-256 {old.sha256[:16]}" if old else "见查找经过",
        "after_evidence": item.evidence,
    }


def choose(desk: Desk, cases: Mapping[str, Case], unit: str, finding: Case | None, only_due: bool) -> list[Case]:
    """Cases to be seen again. Raises AuditError when there is nothing to do."""
    if not desk.released():
        raise AuditError("本轮尚未下发，没有需要复查的问题。请先运行 govaudit round release。")
    day = desk.now().astimezone(SHANGHAI).date()
    chosen = [finding] if finding else due(desk, cases.values(), day) if only_due else list(cases.values())
    closed = {State.CLOSED} if finding or unit else set()  # a closed one is looked at again only when asked for
    found = [c for c in chosen if (not unit or c.unit == unit) and c.state in OPEN_REPAIR | closed]
    return [c for c in found if addresses(c, "") or c.lead.column]
