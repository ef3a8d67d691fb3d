"""Triggers of an interview (workflow.md §6): each on its ground, off until adopted, exempt where it must be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from office import DECIDER, Office, failed

from audit.errors import AuditError
from audit.history.store import Entry
from audit.judgements import StoredJudgement
from audit.rounds import interview
from audit.rounds.config import Workflow
from audit.rounds.states import State

UNIT, OTHER = "czj", "xzz"  # a single veto makes them fail, at 59 points the last of their groups


def switch_on(office: Office, **triggers: object) -> None:
    adopted = {"adopted_by": "示政办发〔2026〕8号", **triggers}
    office.workflow = Workflow.model_validate({"interview": adopted})


def grounds(office: Office) -> dict[str, list[str]]:
    with office.desk() as desk:
        return {s.unit: [g.trigger for g in s.grounds] for s in interview.standings(desk)}


def earlier_round(office: Office, **changes: object) -> StoredJudgement:
    """The same sealed result a quarter before, with these changes."""
    with office.desk() as desk:
        row = desk.history.latest("shiliqu", "2026Q3", "frozen")
        assert row is not None
        now = desk.history.judgement(row.id)
        past = replace(now, round="2026Q2", as_of=now.as_of - timedelta(days=92), **changes)  # type: ignore[arg-type]
        cutoff = past.as_of.date()
        desk.history.open_round("shiliqu", "2026Q2", cutoff, desk.now(), DECIDER, "", {})
        desk.history.add_judgement(past, "frozen", desk.now(), DECIDER, "审定", Entry("round.frozen", "2026Q2"))
    return past


def test_t2_fails_in_two_rounds_running(released: Office) -> None:
    switch_on(released, t2=True)
    assert grounds(released) == {}  # one round is not two
    earlier_round(released)
    assert grounds(released) == {UNIT: ["T2"], OTHER: ["T2"]}
    switch_on(released, t2=True, t2_rounds=3)
    assert grounds(released) == {}
    released.workflow = Workflow()
    assert grounds(released) == {}  # off until adopted


def test_t2_does_not_count_rounds_before_a_rule_changed(released: Office) -> None:
    switch_on(released, t2=True)
    with released.desk() as desk:
        found = desk.confirmed().findings
    changed = tuple(replace(f, rule_version=7) if f.rule == "link-dead" else f for f in found)
    earlier_round(released, findings=changed)
    assert grounds(released) == {}


def test_t3_last_of_the_group_and_below_sixty(released: Office) -> None:
    switch_on(released, t3=True)
    earlier_round(released)
    assert grounds(released) == {UNIT: ["T3"], OTHER: ["T3"]}
    with released.desk() as desk:
        assert "得分均低于60分" in interview.standings(desk)[0].grounds[0].text


def test_units_ranked_in_one_round_only_are_exempt(released: Office) -> None:
    switch_on(released, t2=True)
    with released.desk() as desk:
        ranks = tuple(replace(r, place=None) if r.unit == UNIT else r for r in desk.confirmed().ranks)
    earlier_round(released, ranks=ranks)
    with released.desk("test") as desk:
        found = {s.unit: s.paused for s in interview.standings(desk)}
        assert ("不足两轮" in found[UNIT], found[OTHER]) == (True, "")
        with pytest.raises(AuditError, match="不足两轮"):
            interview.propose(desk, UNIT, DECIDER, "")


def rechecked(office: Office, identity: str, *results: tuple[str, State]) -> None:
    with office.desk("test") as desk:
        for result, state in results:
            desk.decide("监测", "监测", [Entry("recheck.done", identity, state, "", {"result": result})])


def test_t5_two_failed_rechecks_of_enough_findings(released: Office) -> None:
    switch_on(released, t5=True, t5_findings=2)
    one, two = failed("column-stale", "dzz").identity, failed("column-stale", "zfb").identity
    twice = (("未通过", State.RETURNED), ("未通过", State.RETURNED))
    rechecked(released, one, *twice)
    rechecked(released, two, *twice)
    assert grounds(released) == {}  # one finding each, two are wanted
    switch_on(released, t5=True)
    assert grounds(released) == {"dzz": ["T5"], "zfb": ["T5"]}


def test_a_recheck_that_could_not_see_is_no_failed_one(released: Office) -> None:
    switch_on(released, t5=True)
    identity = failed("column-stale", "dzz").identity
    rechecked(released, identity, ("未通过", State.RETURNED), ("无法复查", State.UNVERIFIABLE))
    assert grounds(released) == {}


def test_t6_no_feedback_in_two_rounds(released: Office) -> None:
    switch_on(released, t6=True)
    past = earlier_round(released)
    mine = failed("column-stale", "dzz").identity
    assert any(f.identity == mine for f in past.findings)
    released_then = Entry("finding.released", mine, State.RECTIFYING, "", {"deadline": "2026-07-10"})
    with released.desk() as desk:
        desk.history.append("shiliqu", "2026Q2", desk.now(), DECIDER, "审定", [released_then])
    assert grounds(released) == {"dzz": ["T6"]}  # the others were released nothing in the second quarter
    with released.desk("test") as desk:
        desk.decide(
            "责任人", "单位", [Entry("finding.reported", mine, State.REPORTED, "已补发", {"url": "http://x/"})]
        )
    assert grounds(released) == {}  # it answered in the third


def test_t7_a_closed_veto_is_back(released: Office) -> None:
    switch_on(released, t7=True)
    veto, plain = failed("column-empty", UNIT).identity, failed("column-stale", "dzz").identity
    back = (("通过", State.CLOSED), ("反弹", State.RETURNED))
    rechecked(released, plain, *back)
    assert grounds(released) == {}  # no veto
    rechecked(released, veto, *back)
    assert grounds(released) == {UNIT: ["T7"]}
