"""Separation of persons, the second look at random, agreement, false positives, and a rule's first quarter."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import report_factory as factory
from office import DECIDER, FIRST, SECOND, Office, confirm_everything, confirmed, failed

from audit import judgements
from audit.errors import AuditError, Exit
from audit.rounds import quality, review
from audit.rounds.config import Workflow
from audit.rounds.quality import SAMPLED, sampled
from audit.rounds.states import State
from checks.outcomes import Outcome


def freeze(office: Office, who: str, *more: str) -> int:
    return office.run("round", "freeze", "shiliqu", "--person", who, *more)


def flat(text: str) -> str:
    return text.replace("\n", "")


def test_who_reviewed_everything_alone_freezes_only_with_a_reason(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    confirm_everything(office)
    office.on("2026-10-13")
    assert office.run("round", "draft", "shiliqu", "--person", DECIDER) == 0
    office.on("2026-10-21")  # the check period is over: nothing else stands in the way
    capsys.readouterr()
    assert freeze(office, FIRST) == Exit.USAGE
    said = flat(capsys.readouterr().err)
    assert f"都由 {FIRST} 一人初审" in said and "--why" in said
    assert freeze(office, FIRST, "--why", "本季度只有一人在岗，分管负责人口头同意") == 0
    warned = flat(capsys.readouterr().err)
    assert "只有一人在岗" in warned
    assert "初审、复核、审定人员名单没有设定" in warned
    assert office.run("round", "log", "shiliqu") == 0
    assert f"都由 {FIRST} 一人初审" in flat(capsys.readouterr().out)
    overview = (office.folder / "frozen-1" / "overview.html").read_text("utf-8")
    limits = overview.split('id="s-limits"')[1].split("</section>")[0]
    assert "理由：本季度只有一人在岗，分管负责人口头同意。" in limits
    assert "人员名单没有设定" in limits
    assert "每百处误报 0.0 处" in limits


def test_another_person_freezes_without_more_and_lists_are_kept_to(
    drafted: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    people = {"first": (FIRST,), "second": (SECOND,), "deciders": (DECIDER,)}
    drafted.workflow = Workflow.model_validate({"people": people})
    drafted.on("2026-10-21")
    capsys.readouterr()
    assert freeze(drafted, SECOND) == Exit.USAGE
    assert "审定名单" in capsys.readouterr().err
    assert freeze(drafted, DECIDER) == 0
    assert "名单没有设定" not in capsys.readouterr().err
    with drafted.desk() as desk:
        assert "remarks" not in desk.decisions()[-1].payload


def test_the_sample_is_drawn_by_a_seed_and_of_the_size_that_was_asked_for() -> None:
    names = [f"{n:016x}" for n in range(4000)]
    drawn = [n for n in names if sampled("2026-09-16T09:00", n, Decimal("0.05"))]
    assert 150 < len(drawn) < 250
    assert drawn == [n for n in names if sampled("2026-09-16T09:00", n, Decimal("0.05"))]
    assert drawn != [n for n in names if sampled("2026-09-17T09:00", n, Decimal("0.05"))]
    assert not any(sampled("x", n, Decimal(0)) for n in names)
    assert all(sampled("x", n, Decimal(1)) for n in names)


def test_a_drawn_finding_waits_for_a_second_person_and_for_no_batch(office: Office) -> None:
    measured = {"rule": "link-dead", "sample": 99, "false_positives": 0, "labelled_on": "2026-08-01",
                "labelled_by": "标注人"}  # fmt: skip
    settings = {"review": {"double_share": 1, "precision": [measured]}}
    office.workflow = Workflow.model_validate(settings)
    with office.desk("test") as desk:
        one = next(c for c in desk.cases().values() if c.sampled and c.lead.outcome is Outcome.FAILED)
        assert one.second_needed == SAMPLED
        desk.decide(FIRST, review.FIRST, [confirmed(one)])
        assert desk.cases()[one.identity].state is State.SECOND
        with pytest.raises(AuditError, match="没有可批量确认"):
            review.batch(desk.cases(), "link-dead", desk.workflow.review)


def test_agreement_and_false_positives_are_told(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.workflow = Workflow.model_validate({"review": {"double_share": 1}})
    with office.desk("test") as desk:
        machine = [c for c in desk.cases().values() if c.lead.outcome is Outcome.FAILED]
        desk.decide(FIRST, review.FIRST, [review.confirm(c, FIRST) for c in machine[:10]])
        desk.decide(FIRST, review.FIRST, [review.reject(c, FIRST, "clean") for c in machine[10:14]])
        cases = desk.cases()
        waiting = [cases[c.identity] for c in machine[:10]]
        desk.decide(SECOND, review.SECOND, [review.second(c, SECOND, True) for c in waiting[:7]])
        desk.decide(SECOND, review.SECOND, [review.second(c, SECOND, False) for c in waiting[7:8]])
        desk.decide(SECOND, review.SECOND, [review.reject(c, SECOND, "fetch") for c in waiting[8:10]])
        assert sum(quality.second_looks(desk.decisions()).values()) == 7
    capsys.readouterr()
    assert office.run("round", "status", "shiliqu") == 0
    told = flat(capsys.readouterr().out)
    assert "机器检出经人工判定 13 处，其中误报 6 处，每百处误报 46.2 处。" in told
    assert "双人复核 10 处（其中随机抽查" in told
    assert "两人意见一致 7 处，一致率 70.0%。" in told
    with office.desk("test") as desk:  # what is taken back does not count
        case = desk.cases()[waiting[8].identity]
        desk.decide(SECOND, review.SECOND, [review.undo(case, SECOND)])
        assert len(quality.second_looks(desk.decisions())) == 9


@pytest.fixture
def second_round(drafted: Office, snapshot_folder: Path) -> Office:
    """The third quarter is sealed; the fourth begins with the same pages."""
    drafted.on("2026-10-21")
    assert freeze(drafted, DECIDER) == 0
    folder = drafted.data / "shiliqu" / "2026Q4"
    shutil.copytree(snapshot_folder, folder)
    judgements.save(folder / "judgement.json", replace(judgements.load(folder / "judgement.json"), round="2026Q4"))
    words = ("round", "open", "shiliqu", "--round", "2026Q4", "--cutoff", "2026-12-31", "--person", DECIDER)
    assert drafted.run(*words) == 0
    with drafted.desk("test") as desk:
        assert desk.take_in()
    return drafted


def test_a_rule_that_is_new_to_the_district_costs_nothing_in_its_first_round(
    second_round: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with second_round.desk() as desk:
        sealed = next(d for d in desk.history.decisions_of("shiliqu", "round.frozen"))
        assert set(sealed.payload["rules"]) == quality.bound_rules(factory.standards())
        assert desk.shadow() == frozenset()
    before = quality.bound_rules(factory.standards()) - {"link-dead"}  # as if the third quarter had not known it
    old = replace(sealed, payload={**sealed.payload, "rules": sorted(before)})
    monkeypatch.setattr("audit.history.store.History.decisions_of", lambda *_: [old])
    identity = failed("link-dead", "fgj").identity
    with second_round.desk("test") as desk:
        assert desk.shadow() == {"link-dead"}
        desk.decide(FIRST, review.FIRST, [review.confirm(desk.cases()[identity], FIRST)])
        desk.decide(
            SECOND, review.SECOND,
            [review.second(c, SECOND, True) for c in desk.cases().values() if c.state is State.SECOND],
        )  # fmt: skip
        counted = [f for f in desk.confirmed().findings if f.identity == identity]
    assert {(f.outcome, f.points) for f in counted} == {(Outcome.FAILED, Decimal(0))}
    capsys.readouterr()
    assert second_round.run("round", "status", "shiliqu", "--json") == 0
    told = json.loads(capsys.readouterr().out)["quality"]
    assert any("本轮试运行不计分的规则" in line for line in told)
    second_round.workflow = Workflow.model_validate({"review": {"shadow": False}})
    with second_round.desk() as desk:
        assert any(f.points > 0 for f in desk.confirmed().findings if f.identity == identity)


def test_rounds_sealed_before_rules_were_recorded_shadow_nothing(office: Office) -> None:
    with office.desk() as desk:
        lines = desk.decisions()
    old = replace(lines[0], kind="round.frozen", payload={})
    assert quality.shadowed(factory.standards(), {"2026Q2": old}) == frozenset()
    assert quality.shadowed(factory.standards(), {}) == frozenset()
