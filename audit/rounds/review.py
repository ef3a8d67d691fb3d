"""What a reviewer may do with a case: each act checks and returns the entry to be chained; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal

from audit.errors import AuditError
from audit.history.chain import Decision
from audit.history.store import Entry
from audit.rounds.cases import Case
from audit.rounds.config import Review
from audit.rounds.stated import DAY, FACT, PROOF, Statement
from audit.rounds.states import UNREVIEWED, State, must_allow, must_reason

FIRST, SECOND = "初审员", "复核员"


def confirm(case: Case, who: str, note: str = "", stated: Statement | None = None) -> Entry:
    """First review: the finding is true. One that needs two persons waits for the second.

    Where the tool could not tell, only a person's own statement makes it a finding.
    """
    if case.gap:
        raise AuditError(f"问题{case.called}属采集未取回，不构成单位的问题，不能确认扣分；请补采或转人工。")
    new = State.SECOND if case.second_needed else State.CONFIRMED
    must_allow(case.state, new, case.called)
    if case.unmeasured and stated is None:
        raise AuditError(
            f"问题{case.called}是机器未能判定的事项，不能直接确认。经人工核查认定为问题的，"
            f"请填写“{FACT}”“{PROOF}”“{DAY}”；没有核查的请留空、驳回或转人工。"
        )
    if case.lost and not note.strip():
        raise AuditError(
            f"问题{case.called}与申诉 {case.lost} 中已认定不成立的是同一事项。确要再次认定的，"
            "请在“说明”中写明与上次有何不同；规则没有改正的请驳回。"
        )
    said = {"stated": asdict(stated)} if stated is not None and case.unmeasured else {}
    return Entry("finding.confirmed", case.identity, new, note, {**_shape(case), **said})


def second(case: Case, who: str, agree: bool, note: str = "") -> Entry:
    """Second review by another person; a disagreement sends the case to manual judgement."""
    if case.state is not State.SECOND:
        raise AuditError(f"问题{case.called}现为“{case.state}”，不在待复核之列。")
    if who.strip() == case.first.strip():
        raise AuditError(f"问题{case.called}由 {case.first} 初审，须由另一人复核（{case.second_needed}）。")
    new = State.CONFIRMED if agree else State.MANUAL
    return Entry("finding.second", case.identity, new, note, {"agree": agree})


def reject(case: Case, who: str, code: str, note: str = "") -> Entry:
    must_reason(code, note)
    must_allow(case.state, State.REJECTED, case.called)
    if case.state is State.SECOND and who.strip() == case.first.strip():
        raise AuditError(f"问题{case.called}待另一人复核；要改变自己的初审，请先撤销。")
    return Entry("finding.rejected", case.identity, State.REJECTED, note, {"reason": code, **_shape(case)})


def manual(case: Case, note: str = "") -> Entry:
    must_allow(case.state, State.MANUAL, case.called)
    return Entry("finding.manual", case.identity, State.MANUAL, note, {})


def refer(case: Case, note: str = "") -> Entry:
    must_allow(case.state, State.REFERRED, case.called)
    return Entry("finding.referred", case.identity, State.REFERRED, note, {})


def duplicate(case: Case, of: Case | None, note: str = "") -> Entry:
    if of is None or of.identity == case.identity:
        raise AuditError("请给出与之重复的另一个问题编号。")
    if of.state in (State.DUPLICATE, State.REJECTED):
        raise AuditError(f"问题{of.called}现为“{of.state}”，不能作为合并的对象。")
    if of.unit != case.unit:
        raise AuditError("两个问题不属于同一单位，不能合并。")
    must_allow(case.state, State.DUPLICATE, case.called)
    return Entry("finding.duplicate", case.identity, State.DUPLICATE, note, {"of_identity": of.identity})


def undo(case: Case, who: str) -> Entry:
    """Take back one's own last decision on a case, as a new line; the old line stays."""
    live = standing(case)
    if not live or case.state not in _UNDOABLE:
        raise AuditError(f"问题{case.called}没有可撤销的初审或复核。")
    last = live[-1]
    if last.who != who.strip():
        raise AuditError(f"最近一次处理由 {last.who} 作出，只能由本人撤销。")
    before = next((d.state for d in reversed(live[:-1]) if d.state), State.DETECTED)
    return Entry("finding.undone", case.identity, before, f"撤销第{last.seq}条", {"of": last.seq})


def standing(case: Case) -> list[Decision]:
    """The decisions on a case that were not taken back, oldest first."""
    done = {int(d.payload["of"]) for d in case.log if d.kind == "finding.undone"}
    return [d for d in case.log if d.kind.startswith("finding.") and d.kind != "finding.undone" and d.seq not in done]


_UNDOABLE = UNREVIEWED | {State.SECOND, State.CONFIRMED, State.REJECTED, State.DUPLICATE}


def batch(cases: Mapping[str, Case], rule: str, review: Review) -> list[Entry]:
    """Confirm all unreviewed findings of one rule at once, where its measured precision allows it, never vetoes."""
    measured = review.measured(rule)
    if measured is None:
        raise AuditError(
            f"规则 {rule} 没有标注样本的实测误报率，不能批量确认；请逐条初审，或在 workflow.toml 填写实测结果。"
        )
    if measured.sample < review.batch_sample:
        raise AuditError(
            f"规则 {rule} 的标注样本只有 {measured.sample} 条，少于 {review.batch_sample} 条，不能批量确认。"
        )
    if measured.rate > review.batch_limit:
        raise AuditError(
            f"规则 {rule} 实测误报率 {measured.rate:.1%}，高于 {Decimal(review.batch_limit):.0%}，不能批量确认。"
        )
    chosen = [c for c in cases.values() if c.lead.rule == rule and c.state is State.DETECTED and not c.gap]
    single = [c for c in chosen if not c.second_needed and not c.lost and c.lead.outcome == "failed"]
    if not single:
        raise AuditError(f"规则 {rule} 没有可批量确认的问题（须两人处理的、待判定的和曾经申诉成立的须逐条初审）。")
    note = f"批量确认：标注样本{measured.sample}条，误报{measured.false_positives}条"
    return [
        Entry("finding.confirmed", c.identity, State.CONFIRMED, note, {**_shape(c), "batch": True}) for c in single
    ]


def left_out(cases: Mapping[str, Case], rule: str) -> int:
    """Cases of a rule that no batch may confirm: not measured, lost before, or drawn for a second look."""
    mine = [c for c in cases.values() if c.lead.rule == rule and c.state in UNREVIEWED]
    return sum(c.lead.outcome != "failed" or bool(c.lost) or c.sampled for c in mine)


def _shape(case: Case) -> dict[str, str]:
    """What was looked at: a later change of the finding's content can be seen from the record."""
    return {"rule": case.lead.rule, "unit": case.unit, "message": case.lead.message[:300]}


def false_positives(cases: Iterable[Case]) -> list[tuple[str, int, int, dict[str, int]]]:
    """Per rule: judged by people, rejected, and why; most rejected first."""
    table: dict[str, tuple[int, int, dict[str, int]]] = {}
    for case in cases:
        if case.state in UNREVIEWED or case.state in (State.SECOND, State.DUPLICATE):
            continue
        judged, rejected, reasons = table.get(case.lead.rule, (0, 0, {}))
        wrong = case.state is State.REJECTED
        if wrong:
            reasons = {**reasons, case.reason: reasons.get(case.reason, 0) + 1}
        table[case.lead.rule] = (judged + 1, rejected + wrong, reasons)
    rows = [(rule, judged, rejected, reasons) for rule, (judged, rejected, reasons) in table.items()]
    return sorted(rows, key=lambda r: (-r[2], r[0]))
