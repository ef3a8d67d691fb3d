"""Won appeals run again as test cases: a rule that still accuses is named before anything goes out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import report_factory as factory
from office import DECIDER, FIRST, Office, confirmed, failed
from test_after_draft import appeal, decide

from audit import judgements
from audit.errors import AuditError, Exit
from audit.rounds import review, won
from audit.rounds.config import Workflow
from audit.rounds.states import State
from audit.rounds.won import Stand, accusing, rerun
from checks.outcomes import Outcome
from checks.rule import catalogue
from checks.snapshot import Snapshot
from checks.verdicts import Verdict
from crawler.store import ObservationStore

RULE = "column-stale"
LOST = failed(RULE, "dzz")


def says(monkeypatch: pytest.MonkeyPatch, outcome: Outcome | None) -> list[int]:
    """The rule of tomorrow: of the subject in question it says this, or nothing. Returns pages seen by each run."""
    seen: list[int] = []

    def function(snapshot: Snapshot, params: Any) -> Iterator[Verdict]:
        seen.append(sum(1 for _ in snapshot.pages()))
        if outcome is not None:
            yield Verdict(outcome, LOST.subject, unit=LOST.unit, column=LOST.column, data=LOST.data)

    rule = replace(catalogue()[RULE], function=function, messages=dict.fromkeys(map(str, Outcome), "今日的结论"))
    monkeypatch.setattr(won, "catalogue", lambda: {**catalogue(), RULE: rule})
    return seen


@pytest.fixture
def lost(drafted: Office) -> Office:
    """One unit has won against column-stale."""
    assert appeal(drafted, LOST) == 0
    assert decide(drafted, 1, "成立") == 0
    return drafted


def again(office: Office) -> won.Ran:
    (ran,) = rerun(office.data / "shiliqu", factory.district(), factory.standards())
    return ran


STANDS = {
    Outcome.FAILED: Stand.ACCUSES,
    Outcome.CANNOT_TELL: Stand.UNSURE,
    Outcome.PASSED: Stand.PASSES,
    Outcome.INAPPLICABLE: Stand.EXCUSED,
    None: Stand.SILENT,
}


def test_a_case_is_judged_by_the_rules_of_today(lost: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {p: p.stat().st_mtime_ns for p in lost.folder.glob("*.sqlite")}
    for outcome, stand in STANDS.items():
        seen = says(monkeypatch, outcome)
        ran = again(lost)
        assert (ran.stand, ran.won.appeal) == (stand, "SS-2026Q3-001")
        assert set(accusing([ran])) == ({RULE} if stand is Stand.ACCUSES else set())
        assert seen and min(seen) > 5, "the whole snapshot was judged"
    assert {p: p.stat().st_mtime_ns for p in lost.folder.glob("*.sqlite")} == before, "the old round is as it was"
    # the snapshot is gone: the pages that were kept with the case are judged alone
    shutil.rmtree(lost.folder)
    seen = says(monkeypatch, Outcome.FAILED)
    assert again(lost).stand is Stand.ACCUSES
    assert seen and max(seen) < 4
    says(monkeypatch, Outcome.PASSED)
    assert again(lost).stand is Stand.PASSES
    for told in (Outcome.CANNOT_TELL, None):  # one page proves no silence
        says(monkeypatch, told)
        assert again(lost).stand is Stand.UNRUN


def test_a_thinned_snapshot_counts_as_gone_and_a_damaged_case_is_named(
    lost: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (kept,), _ = won.won_cases(lost.data / "shiliqu")
    with ObservationStore(lost.folder / "observations.sqlite", readonly=True) as store:
        assert {p.content_type for p in kept.pages} == {f.content_type for f in store.latest_all()}
    (lost.folder / won.PRUNED).write_text("{}")
    seen = says(monkeypatch, Outcome.PASSED)
    assert again(lost).stand is Stand.PASSES
    assert max(seen) < 4
    case = lost.data / "shiliqu" / "cases" / "SS-2026Q3-001" / "case.json"
    case.write_text("{")
    monkeypatch.setattr("audit.commands.cases.load_district", lambda ref: factory.district())
    monkeypatch.setattr("audit.commands.cases.load_standards_for", lambda district: factory.standards())
    capsys.readouterr()
    assert lost.run("appeal", "cases", "shiliqu") == Exit.FINDINGS
    assert "case.json：无法读取" in capsys.readouterr().err.replace("\n", "")


def test_the_command_names_rule_appeal_and_remedy(
    lost: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("audit.commands.cases.load_district", lambda ref: factory.district())
    monkeypatch.setattr("audit.commands.cases.load_standards_for", lambda district: factory.standards())
    says(monkeypatch, Outcome.FAILED)
    capsys.readouterr()
    assert lost.run("appeal", "cases", "shiliqu") == Exit.FINDINGS
    told = capsys.readouterr().out.replace("\n", "")
    assert "规则 column-stale（" in told
    assert "SS-2026Q3-001（请改正规则" in told
    says(monkeypatch, Outcome.PASSED)
    assert lost.run("appeal", "cases", "shiliqu", "--json", "--rule", RULE) == 0
    assert json.loads(capsys.readouterr().out)["cases"][0]["stand"] == "判为合格"
    assert lost.run("appeal", "cases", "shiliqu", "--rule", "no-such") == Exit.USAGE


def test_a_repair_within_the_period_accuses_no_rule(drafted: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert appeal(drafted, LOST, "repaired") == 0
    assert decide(drafted, 1, "成立") == 0
    says(monkeypatch, Outcome.FAILED)
    assert again(drafted).stand is Stand.EXEMPT


def test_the_draft_and_the_freeze_name_the_rule_and_record_it(
    lost: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    says(monkeypatch, Outcome.FAILED)
    lost.later(hours=1)
    capsys.readouterr()
    assert lost.run("round", "draft", "shiliqu", "--person", DECIDER, "--why", "申诉决定") == 0
    assert "规则 column-stale" in capsys.readouterr().err
    lost.on("2026-10-21")
    assert lost.run("round", "freeze", "shiliqu", "--person", DECIDER) == 0
    assert "规则 column-stale" in capsys.readouterr().err
    with lost.desk() as desk:
        lines = [d for d in desk.decisions() if d.kind in ("draft.issued", "round.frozen")]
    assert [d.payload.get("still_accusing") for d in lines] == [None, *[{RULE: ["SS-2026Q3-001"]}] * 2]


def suspend(office: Office) -> None:
    for number, unit in enumerate(("zfb", "fgj", "dzz"), 1):
        assert appeal(office, failed(RULE, unit)) == 0
        assert decide(office, number, "成立") == 0


def resume(office: Office, *more: str) -> int:
    return office.run("round", "resume", "shiliqu", "--rule", RULE, "--person", DECIDER, *more)


def test_a_suspended_rule_comes_back_only_when_its_cases_pass(
    drafted: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    suspend(drafted)
    says(monkeypatch, Outcome.FAILED)
    capsys.readouterr()
    assert resume(drafted) == Exit.USAGE
    assert "SS-2026Q3-003" in capsys.readouterr().err
    assert resume(drafted, "--why", "会议决定恢复，用例另行处理") == 0
    with drafted.desk() as desk:
        line = desk.decisions()[-1]
    assert (line.kind, line.payload["still_accusing"]) == ("rule.resumed", {RULE: ["SS-2026Q3-003"]})


def test_a_corrected_rule_comes_back_without_more(drafted: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    suspend(drafted)
    says(monkeypatch, Outcome.PASSED)
    assert resume(drafted) == 0
    with drafted.desk() as desk:
        assert "still_accusing" not in desk.decisions()[-1].payload


def test_a_suspension_is_carried_into_the_next_round(
    drafted: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    suspend(drafted)
    following = ("round", "open", "shiliqu", "--round", "2026Q4", "--cutoff", "2026-12-31", "--person", DECIDER)
    capsys.readouterr()
    assert drafted.run(*following) == 0
    assert "仍未恢复" in capsys.readouterr().out
    assert drafted.run("round", "status", "shiliqu", "--json") == 0
    assert json.loads(capsys.readouterr().out)["suspended"] == [RULE]
    says(monkeypatch, Outcome.PASSED)
    assert resume(drafted) == 0


@pytest.fixture
def next_round(lost: Office, snapshot_folder: Path) -> Office:
    """The same pages, the same accusations, a quarter later."""
    folder = lost.data / "shiliqu" / "2026Q4"
    shutil.copytree(snapshot_folder, folder)
    judgements.save(folder / "judgement.json", replace(judgements.load(folder / "judgement.json"), round="2026Q4"))
    words = ("round", "open", "shiliqu", "--round", "2026Q4", "--cutoff", "2026-12-31", "--person", DECIDER)
    assert lost.run(*words) == 0
    with lost.desk("test") as desk:
        assert desk.take_in()
    return lost


def test_the_same_accusation_again_needs_a_reason_and_no_batch(next_round: Office) -> None:
    measured = {"rule": RULE, "sample": 100, "false_positives": 0, "labelled_on": "2026-08-01", "labelled_by": "甲"}
    next_round.workflow = Workflow.model_validate({"review": {"precision": [measured]}})
    with next_round.desk("test") as desk:
        again = desk.cases()[LOST.identity]
        assert (again.state, again.lost) == (State.DETECTED, "SS-2026Q3-001")
        with pytest.raises(AuditError, match=r"SS-2026Q3-001.*与上次有何不同"):
            confirmed(again)
        entries = review.batch(desk.cases(), RULE, desk.workflow.review)
        assert LOST.identity not in {e.subject for e in entries}
        assert len(entries) > 1
        assert review.left_out(desk.cases(), RULE) == 1
        desk.decide(FIRST, review.FIRST, [review.confirm(again, FIRST, "本季度确无更新，已打开栏目核对")])
        assert desk.cases()[LOST.identity].state is State.CONFIRMED
