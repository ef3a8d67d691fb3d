"""Re-checks (outputs.md §5): the same rule on the same subject, before and after, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from audit.errors import AuditError
from audit.history.store import Entry
from audit.rounds.cases import Case
from audit.rounds.checked import BY_HAND, STATES, Checked, Result
from audit.rounds.dates import later
from audit.rounds.desk import Desk, may
from audit.rounds.hosts import HostNow, Use, host_in_question, look
from audit.rounds.probe import Probe, addresses, named_in, topic_of
from audit.rounds.recheck_papers import next_deadline, write_papers
from audit.rounds.states import OPEN_REPAIR, State, must_allow
from audit.rounds.wording import address, bygone
from audit.rounds.wording import proof as shown
from checks.outcomes import GAPS, FetchOutcome, Outcome
from checks.snapshot import SHANGHAI
from checks.verdicts import Data, Finding
from config.district import District
from crawler.urls import host_of

OUTSIDE = ("links", "availability", "domains", "accounts", "accessibility")
"""Topics whose repair need not change the page itself: a target, a host, a style sheet."""
_SAME = "网页内容与检出时完全相同，复查结论的不同出于复查范围，须人工核对。"
EXPLAIN_FIRST = "没有收到情况说明；请报送迟延的原因、措施和网址，由人工认定，请勿改动网页上的日期"
_REDATED = "迟延在检出时已经发生，现在读到的日期不再显示迟延：是录入错误的更正还是改动日期，须对照原件人工核对。"
_BYGONE = "迟延的事实已经发生，网页上不能再改变；单位已申报，请按其书面说明和措施由人工认定。"
_SILENT = "同一规则按现在的检查时点不再对该事项（例如已过的季度、月份）作出判定，须人工核对。"
_BORROWED = "复查结论仍涉及未能重新读取的网页，须人工核对。"
_NOTHING_NEW = "复查时没有取得新的网页或资料，不能得出结论"
NOT_DUE_YET = "期限未到，单位尚未申报：只告知现状，状态和期限不变"
_GONE = (str(FetchOutcome.GONE), str(FetchOutcome.SOFT_404))


def waits_for_person(case: Case) -> bool:
    """Its newest re-check was left to a person, and nothing was declared since."""
    return case.state is State.UNVERIFIABLE and bool(case.rechecks and case.rechecks[-1].payload.get("person"))


def due(desk: Desk, cases: Iterable[Case], day: date) -> list[Case]:
    """Reported repairs, and open ones at deadline + 1 and + 3 working days that were not seen since."""
    limits, found = desk.workflow.deadlines, []
    for case in cases:
        if case.state not in OPEN_REPAIR or waits_for_person(case):
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
    seen = next((e for e in worst.evidence if e.sha256), None) if worst is not None and not sha256 else None
    told = (seen.url, seen.fetched_at, seen.sha256) if seen else (address(lead), at, sha256)
    proof = shown(*told) if told[2] else f"{told[0]}（没有取得网页）"
    if outcome in _GONE and any(e.url == page and e.sha256 for e in lead.evidence):
        action = "必须公开的内容不得以删除代替整改，退回" if required else "须书面说明下线原因，退回"
        return Checked(case, Result.GONE, f"{page} 已不存在", action, proof)
    at_issue = host_in_question(case)
    if at_issue and (worst is None or worst.outcome is Outcome.FAILED):
        main = probe.main_host
        now = look(at_issue, main, addresses(case, ""), probe.fetched, probe.final, probe.leads)
        return _of_host(case, now, probe, silent=worst is None)
    if worst is not None and case.identity in probe.borrowed:
        return Checked(case, Result.UNSEEN, _BORROWED, BY_HAND, proof)
    if worst is not None and worst.outcome is Outcome.FAILED:
        old_list = outdated(case, worst)
        if old_list:
            return Checked(case, Result.UNSEEN, old_list, "索取新的导出后再复查，不作为单位未整改", proof)
        if not _fresh(worst, probe):
            return Checked(case, Result.UNSEEN, _NOTHING_NEW, "次日再查，不作为单位未整改", proof)
    if worst is not None and worst.outcome is Outcome.FAILED and bygone(worst):
        if case.report:
            return Checked(case, Result.UNSEEN, _BYGONE, BY_HAND, proof)
        return Checked(case, Result.FAILED, worst.message, EXPLAIN_FIRST, proof)
    if worst is not None and worst.outcome is Outcome.FAILED:
        part = better(lead.data, worst.data, probe)
        result = Result.RELAPSE if _closed(case) else Result.PARTLY if part else Result.FAILED
        return Checked(case, result, worst.message, "退回，重新整改", proof)
    if worst is not None and worst.outcome is Outcome.CANNOT_TELL:
        why = "次日再查，不作为单位未整改" if worst.reason in GAPS else BY_HAND
        return Checked(case, Result.UNSEEN, worst.message, why, proof)
    if bygone(lead):
        return Checked(case, Result.UNSEEN, _REDATED, BY_HAND, proof)
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


def _of_host(case: Case, now: HostNow, probe: Probe, *, silent: bool) -> Checked:
    """The verdict on a host's name: no page answers for it, so it was asked. `silent`: no rule names it now."""
    _, sha256, at = probe.fetched.get(now.url, ("", "", ""))
    proof = shown(now.url, at, sha256) if now.url else "（没有取得网页）"
    match now.use:
        case Use.STANDS if silent:
            return Checked(case, Result.UNSEEN, f"{now.text}登记中已不再使用它，须人工核对。", BY_HAND, proof)
        case Use.STANDS:
            result = Result.RELAPSE if _closed(case) else Result.FAILED
            return Checked(case, result, now.text, "退回，重新整改", proof)
        case Use.PARTLY:
            return Checked(case, Result.PARTLY, now.text, "退回，重新整改", proof)
        case Use.MOVED:
            told = now.text if silent else f"{now.text}区县配置中登记的网址请同时更新。"
            return Checked(case, Result.PASSED, told, "销号", proof)
        case Use.DEAD | Use.CLOSED:
            return Checked(case, Result.UNSEEN, now.text, BY_HAND, proof)
    return Checked(case, Result.UNSEEN, now.text, "次日再查，不作为单位未整改", proof)


def outdated(case: Case, now: Finding) -> str:
    """Why an account's export or register cannot speak of the time after the repair; blank when it can."""
    exported = str(now.data.get("exported") or "")
    if not exported:
        return ""
    declared = str(case.report.get("done", ""))
    if exported != str(case.lead.data.get("exported") or "") and exported >= declared:
        return ""
    than = f"早于申报的整改日期{declared}" if declared and exported < declared else "仍是检出时的那一份"
    return f"发布清单导出于{exported}，{than}，不能反映现在的情况；请取得新的导出。"


def _fresh(now: Finding, probe: Probe) -> bool:
    """Whether anything that the verdict names was answered by its server this time."""
    named = [*named_in(now), *(str(u) for u in _trail(now.data))]
    told = (probe.fetched.get(u, ("", "", ""))[0] for u in named)
    return any(o and (FetchOutcome(o).seen or FetchOutcome(o).dead) for o in told)


def _trail(data: Data) -> Iterable[object]:
    value = data.get("trail")
    return value if isinstance(value, (list, tuple)) else ()


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


def conclude(
    desk: Desk, who: str, cases: list[Case], probe: Probe, at: datetime, moment: datetime | None = None
) -> list[Checked]:
    """Verdicts, their decisions in one transaction, and one paper per unit. `moment` is what ages are counted to."""
    before: dict[str, Outcome] = {}
    machine = desk.machine()
    passing = frozenset((f.rule, _kind(f)) for f in machine.findings if f.outcome is Outcome.PASSED)
    for finding in machine.findings:
        if finding.outcome.rank >= before.get(finding.identity, Outcome.INAPPLICABLE).rank:
            before[finding.identity] = finding.outcome
    day = at.astimezone(SHANGHAI).date()
    seen = (compare(c, probe, before, must_be_public(desk.district, c), passing) for c in cases)
    results = [for_information(item, day) for item in seen]
    entries = []
    for item in results:
        if item.result is Result.NOT_DUE:
            said = {"after": item.after, "evidence": item.evidence}
            entries.append(Entry("recheck.informed", item.case.identity, "", item.action, said))
            continue
        state = STATES[item.result]
        must_allow(item.case.state, state, item.case.called)
        payload = {
            "result": str(item.result),
            "before": item.case.message,
            "after": item.after,
            "evidence": item.evidence,
            "snapshot": str(probe.folder.relative_to(desk.folder)),
            "manifest": probe.manifest,
            "new": list(item.new),
            "person": item.person,
        }
        if state is State.RETURNED:
            payload["deadline"] = next_deadline(desk, day).isoformat()
        entries.append(Entry("recheck.done", item.case.identity, state, item.action, payload))
    write_papers(desk, results, at, moment, probe)
    if entries:
        desk.decide(who, "监测", entries)
    return results


def for_information(item: Checked, day: date) -> Checked:
    """A problem that nobody declared and whose time has not run out is not judged: only a repair counts already."""
    case, passed = item.case, item.result in (Result.PASSED, Result.NEW_FAULT)
    waiting = case.state in (State.RECTIFYING, State.RETURNED) and case.deadline is not None and day <= case.deadline
    if passed or not waiting:
        return item
    return replace(item, result=Result.NOT_DUE, action=NOT_DUE_YET)


BY_PERSON = (Result.PASSED, Result.FAILED, Result.PARTLY, Result.GONE)


def decide_by_hand(desk: Desk, who: str, case: Case, result: str, why: str) -> Checked:
    """A person's verdict where the machine cannot give one; recorded with name and ground. Raises AuditError."""
    known = {str(r): r for r in BY_PERSON}
    if result not in known:
        raise AuditError(f"人工复查的结论须为：{'、'.join(known)}。")
    if not who.strip() or not why.strip():
        raise AuditError("人工复查须用 --person 写明姓名，用 --why 写明依据（看了哪个网页、哪份材料，是何内容）。")
    if case.state not in OPEN_REPAIR:
        raise AuditError(f"问题{case.called}现为“{case.state}”，不在整改中。")
    _must_be_another(desk, who.strip(), case)
    state = STATES[known[result]]
    must_allow(case.state, state, case.called)
    at = desk.now()
    action = "销号" if state is State.CLOSED else "退回，重新整改"
    item = Checked(case, known[result], f"人工核对：{why.strip()}", action, f"{who.strip()}核对")
    payload: dict[str, object] = {
        "result": result, "before": case.message, "after": item.after, "evidence": item.evidence,
        "by_hand": True,
    }  # fmt: skip
    if state is State.RETURNED:
        payload["deadline"] = next_deadline(desk, at.astimezone(SHANGHAI).date()).isoformat()
    write_papers(desk, [item], at)
    desk.decide(who, "复查", [Entry("recheck.done", case.identity, state, why.strip(), payload)])
    return item


def _must_be_another(desk: Desk, who: str, case: Case) -> None:
    """Nobody judges his own declaration; what needs two persons is closed by neither the first nor the registrar."""
    declared = [d for d in case.log if d.kind == "finding.reported"]
    if declared and who == str(declared[-1].payload.get("person", "")).strip():
        raise AuditError(f"问题{case.called}的整改由 {who} 申报，须由另一人复查。")
    if not case.second_needed:
        return
    may(who, desk.workflow.people.second, "复核员")
    others = {case.first.strip(): "初审"} | ({declared[-1].who.strip(): "登记申报"} if declared else {})
    if who in others:
        raise AuditError(f"问题{case.called}属{case.second_needed}，须由另一人复查：{who} 已为其{others[who]}。")


def must_be_public(district: District, case: Case) -> bool:
    """Content that the law or the plan wants to be there."""
    column = district.column(case.lead.column)
    return bool(column and column.required_by)


def tonight(chosen: Sequence[Case], cap: int) -> tuple[list[Case], list[Case]]:
    """(what is looked at now, what waits for another night): no host is asked for more than `cap` pages in question.

    Declared repairs come first, then the oldest deadline. A case that alone exceeds the cap is not put off for ever.
    """
    ahead = sorted(chosen, key=lambda c: (c.state is not State.REPORTED, c.deadline or date.max, c.identity))
    now: list[Case] = []
    later_: list[Case] = []
    asked: dict[str, set[str]] = {}
    for case in ahead:
        own: dict[str, set[str]] = {}
        for url in addresses(case, ""):
            own.setdefault(host_of(url), set()).add(url)
        fits = all(len(asked.get(host, set()) | urls) <= cap for host, urls in own.items())
        if not fits and any(asked.get(host) for host in own):
            later_.append(case)
            continue
        now.append(case)
        for host, urls in own.items():
            asked.setdefault(host, set()).update(urls)
    return now, later_


def choose(desk: Desk, cases: Mapping[str, Case], unit: str, finding: Case | None, only_due: bool) -> list[Case]:
    """Cases to be seen again. Raises AuditError when there is nothing to do."""
    if not desk.released():
        raise AuditError("本轮尚未下发，没有需要复查的问题。请先运行 govaudit round release。")
    day = desk.now().astimezone(SHANGHAI).date()
    chosen = [finding] if finding else due(desk, cases.values(), day) if only_due else list(cases.values())
    closed = {State.CLOSED} if finding or unit else set()  # a closed one is looked at again only when asked for
    found = [c for c in chosen if (not unit or c.unit == unit) and c.state in OPEN_REPAIR | closed]
    return [c for c in found if addresses(c, "") or c.lead.column]
