"""What counts, who may say so, and how the round goes from open to frozen."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from office import Office, confirmed, failed

from audit.cli import run_cli
from audit.errors import AuditError, Exit
from audit.history.store import Entry
from audit.rounds import review
from audit.rounds.cases import Case
from audit.rounds.config import Precision, Review, Workflow
from audit.rounds.desk import Desk
from audit.rounds.states import State
from checks.outcomes import Outcome

FIRST, SECOND, DECIDER = "初审人甲", "复核人乙", "审定人丁"


def case_of(desk: Desk, rule: str, unit: str) -> Case:
    return desk.cases()[failed(rule, unit).identity]


def confirm_all(desk: Desk) -> None:
    """Two persons go through everything the machine found."""
    cases = desk.cases().values()
    desk.decide(FIRST, review.FIRST, [confirmed(c) for c in cases if not c.gap])
    waiting = [c for c in desk.cases().values() if c.state is State.SECOND]
    if waiting:
        desk.decide(SECOND, review.SECOND, [review.second(c, SECOND, True) for c in waiting])


def test_nothing_counts_until_confirmed(office: Office) -> None:
    with office.desk() as desk:
        machine, now = desk.machine(), desk.confirmed()
    assert sum(f.outcome is Outcome.FAILED for f in machine.findings) > 20
    assert sum(f.outcome is Outcome.FAILED for f in now.findings) == 0
    assert sum((f.points for f in now.findings), Decimal(0)) == 0
    assert any(s.lower < s.upper for s in now.scores)


def test_confirmed_findings_cost_and_rejected_ones_do_not(office: Office) -> None:
    with office.desk("test") as desk:
        true, wrong = case_of(desk, "column-stale", "dzz"), case_of(desk, "column-stale", "zfb")
        desk.decide(
            FIRST, review.FIRST, [review.confirm(true, FIRST), review.reject(wrong, FIRST, "fetch", "实有内容")]
        )
        after = {f.fingerprint: f for f in desk.confirmed().findings}
    for finding in true.findings:
        assert (after[finding.fingerprint].outcome, after[finding.fingerprint].points) == (
            Outcome.FAILED, finding.at_stake,
        )  # fmt: skip
    for finding in wrong.findings:
        assert (after[finding.fingerprint].outcome, after[finding.fingerprint].points) == (Outcome.PASSED, 0)


def test_when_everything_is_confirmed_the_score_is_the_machines(office: Office) -> None:
    with office.desk("test") as desk:
        confirm_all(desk)
        manual = {c.identity for c in desk.cases().values() if c.lead.outcome is Outcome.CANNOT_TELL}
        machine, now = desk.machine(), desk.confirmed()
    theirs = {s.unit: s.deducted for s in machine.scores if s.standard == "plan-2026"}
    ours = {s.unit: s.deducted for s in now.scores if s.standard == "plan-2026"}
    touched = {f.unit for f in machine.findings if f.identity in manual}
    assert all(ours[unit] == theirs[unit] for unit in theirs if unit not in touched and unit)


def test_a_veto_needs_two_different_persons(office: Office) -> None:
    with office.desk("test") as desk:
        veto = case_of(desk, "column-empty", "czj")
        assert veto.second_needed
        desk.decide(FIRST, review.FIRST, [review.confirm(veto, FIRST)])
        veto = case_of(desk, "column-empty", "czj")
        assert veto.state is State.SECOND
        assert not any(s.veto for s in desk.confirmed().scores)
        with pytest.raises(AuditError, match="另一人复核"):
            review.second(veto, FIRST, True)
        desk.decide(SECOND, review.SECOND, [review.second(veto, SECOND, True)])
        assert [s.unit for s in desk.confirmed().scores if s.veto and s.unit] == ["czj"]


def test_a_second_person_who_disagrees_sends_it_to_manual_judgement(office: Office) -> None:
    with office.desk("test") as desk:
        veto = case_of(desk, "column-empty", "czj")
        desk.decide(FIRST, review.FIRST, [review.confirm(veto, FIRST)])
        desk.decide(
            SECOND, review.SECOND, [review.second(case_of(desk, "column-empty", "czj"), SECOND, False, "有内容")]
        )
        assert case_of(desk, "column-empty", "czj").state is State.MANUAL


def test_undo_is_a_new_line_and_only_ones_own(office: Office) -> None:
    with office.desk("test") as desk:
        case = case_of(desk, "column-stale", "dzz")
        desk.decide(FIRST, review.FIRST, [review.reject(case, FIRST, "clean")])
        with pytest.raises(AuditError, match=FIRST):
            review.undo(case_of(desk, "column-stale", "dzz"), SECOND)
        desk.decide(FIRST, review.FIRST, [review.undo(case_of(desk, "column-stale", "dzz"), FIRST)])
        case = case_of(desk, "column-stale", "dzz")
        assert (case.state, case.reason, len(case.log)) == (State.DETECTED, "", 2)
        with pytest.raises(AuditError, match="没有可撤销"):
            review.undo(case, FIRST)


def test_rejecting_needs_a_reason(office: Office) -> None:
    with office.desk() as desk:
        case = case_of(desk, "column-stale", "dzz")
    with pytest.raises(AuditError, match="理由代码"):
        review.reject(case, FIRST, "whatever")
    with pytest.raises(AuditError, match="写明理由"):
        review.reject(case, FIRST, "other", " ")


def test_a_collection_failure_is_never_confirmed(office: Office) -> None:
    with office.desk() as desk:
        gap = next(c for c in desk.cases().values() if c.gap)
    with pytest.raises(AuditError, match="未取回"):
        review.confirm(gap, FIRST)


def test_batches_only_for_measured_rules_and_never_for_vetoes(office: Office) -> None:
    def measured(rule: str, sample: int, wrong: int) -> Review:
        seen = Precision(
            rule=rule, sample=sample, false_positives=wrong, labelled_on=date(2026, 8, 1), labelled_by="标注人"
        )
        return Review(precision=(seen,))

    with office.desk() as desk:
        cases = desk.cases()
    with pytest.raises(AuditError, match="没有标注样本"):
        review.batch(cases, "column-stale", Review())
    with pytest.raises(AuditError, match="少于 50"):
        review.batch(cases, "column-stale", measured("column-stale", 20, 0))
    with pytest.raises(AuditError, match="高于 2%"):
        review.batch(cases, "column-stale", measured("column-stale", 100, 3))
    with pytest.raises(AuditError, match="没有可批量"):
        review.batch(cases, "column-empty", measured("column-empty", 100, 0))
    entries = review.batch(cases, "column-stale", measured("column-stale", 100, 2))
    assert {cases[e.subject].lead.rule for e in entries} == {"column-stale"}
    assert all(e.state == State.CONFIRMED for e in entries)


def test_merging_takes_the_duplicate_out(office: Office) -> None:
    with office.desk("test") as desk:
        dead = [c for c in desk.cases().values() if c.lead.rule == "link-dead" and c.unit == "fgj"]
        desk.decide(FIRST, review.FIRST, [review.duplicate(dead[0], dead[1])])
        after = {f.identity: f.outcome for f in desk.confirmed().findings}
        assert after[dead[0].identity] is Outcome.PASSED
        with pytest.raises(AuditError, match="不能作为合并"):
            review.duplicate(dead[2], desk.cases()[dead[0].identity])
        with pytest.raises(AuditError, match="另一个问题"):
            review.duplicate(dead[1], dead[1])


def test_freezing_waits_for_people_and_seals(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.run("round", "freeze", "shiliqu", "--person", DECIDER, "--why", "会议决定提前冻结") == Exit.USAGE
    assert "尚未初审" in capsys.readouterr().err.replace("\n", "")
    with office.desk("test") as desk:
        confirm_all(desk)
    office.later(hours=1)
    assert office.run("round", "freeze", "shiliqu", "--person", DECIDER) == Exit.USAGE
    assert "没有出过核对稿" in capsys.readouterr().err.replace("\n", "")
    assert office.run("round", "draft", "shiliqu", "--person", DECIDER) == 0
    assert office.run("round", "freeze", "shiliqu", "--person", DECIDER) == Exit.USAGE
    assert "才结束" in capsys.readouterr().err.replace("\n", "")
    assert office.run("round", "freeze", "shiliqu", "--person", DECIDER, "--why", "会议决定提前冻结") == 0
    pack = office.folder / "frozen-1"
    assert json.loads((pack / "frozen.json").read_bytes())["round"] == "2026Q3"
    assert (pack / "decisions.jsonl").read_text("utf-8").count("\n") > 20
    assert "机器初判" not in (pack / "overview.html").read_text("utf-8")
    assert office.run("round", "freeze", "shiliqu", "--person", DECIDER, "--why", "会议决定提前冻结") == Exit.USAGE
    assert run_cli(["verify", str(pack)]) == 0
    (pack / "scores.json").write_bytes(b"{}")
    digests = json.loads((pack / "manifest.json").read_bytes())
    digests["files"]["scores.json"] = hashlib.sha256(b"{}").hexdigest()
    assert run_cli(["verify", str(pack)]) == Exit.FINDINGS
    (pack / "manifest.json").write_text(json.dumps(digests), "utf-8")  # a forger mends the list, too
    capsys.readouterr()
    assert run_cli(["verify", str(pack)]) == Exit.FINDINGS
    assert "与封存时的决定" in capsys.readouterr().out.replace("\n", "")
    with office.desk() as desk:
        assert desk.phase() == "已冻结"
        row = desk.history.latest("shiliqu", "2026Q3", "frozen")
        assert row is not None
        assert desk.history.judgement(row.id) == desk.confirmed()


def test_a_later_change_is_an_erratum_with_old_and_new(office: Office) -> None:
    with office.desk("test") as desk:
        confirm_all(desk)
    office.later(hours=1)
    assert office.run("round", "freeze", "shiliqu", "--person", DECIDER, "--why", "会议决定提前冻结") == 0
    words = ("round", "erratum", "shiliqu", "--person", DECIDER, "--why", "申诉成立")
    assert office.run(*words) == Exit.USAGE  # nothing has changed
    with office.desk("test") as desk:
        identity = failed("column-stale", "dzz").identity
        desk.decide(DECIDER, "审定", [Entry("finding.rejected", identity, State.REJECTED, "", {"reason": "fetch"})])
    office.later(hours=1)
    assert office.run(*words) == 0
    told = json.loads((office.folder / "frozen-2" / "更正表.json").read_bytes())
    changed = next(row for row in told["scores"] if row["unit"] == "dzz" and row["standard"] == "plan-2026")
    assert Decimal(changed["new"].split("–")[-1]) > Decimal(changed["old"].split("–")[-1])
    assert (office.folder / "frozen-1" / "manifest.json").exists()


def test_people_of_the_office_only(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.workflow = Workflow.model_validate({"people": {"deciders": ("戊",)}})
    assert (
        office.run("round", "freeze", "shiliqu", "--person", DECIDER, "--why", "会议决定提前冻结", "--leave-pending")
        == Exit.USAGE
    )
    assert "名单" in capsys.readouterr().err
    assert not (office.folder / "frozen-1").exists()


def test_a_second_command_is_refused_while_one_writes(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    with office.desk("govaudit review"):
        assert office.run("round", "draft", "shiliqu", "--person", DECIDER) == Exit.USAGE
    assert "正被占用" in capsys.readouterr().err
    assert not (office.folder / "draft-1").exists()


def test_dates_can_be_moved_with_a_reason(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("round", "move", "shiliqu", "--step", "冻结", "--day", "2026-10-30", "--person", DECIDER)
    assert office.run(*words) == Exit.USAGE
    assert office.run(*words, "--why", "系统迁移") == 0
    capsys.readouterr()
    assert office.run("round", "status", "shiliqu", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["dates"]["冻结"] == "2026-10-30"
    assert told["dates"]["初审截止"] == "2026-10-10"  # a make-up Saturday
    assert told["states"]["待初审"] > 20


def test_the_log_is_printed_and_verified(office: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert office.run("round", "log", "shiliqu") == 0
    assert "核对一致" in capsys.readouterr().out
