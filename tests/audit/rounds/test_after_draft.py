"""Appeals, release, repair, re-check verdicts, reminders, interviews, and what is due."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import report_factory as factory
from office import DECIDER, FIRST, SECOND, THIRD, Office, failed, page

from audit.cli import run_cli
from audit.errors import AuditError, Exit
from audit.mail import send
from audit.rounds import interview, recheck
from audit.rounds.appeals import GROUNDS
from audit.rounds.cases import Case
from audit.rounds.config import Mail, Workflow
from audit.rounds.due import tasks
from audit.rounds.numbers import numbers_of
from audit.rounds.probe import Probe
from audit.rounds.recheck import Result
from audit.rounds.states import State
from checks.outcomes import Outcome
from checks.verdicts import Evidence, Finding

ROUND = ("--round", "2026Q3")


def appeal(office: Office, finding: Finding, ground: str = "fetch", **more: str) -> int:
    words = ["appeal", "add", "shiliqu", "--finding", finding.identity, "--ground", ground, "--text", "实有内容"]
    words += ["--signed-by", "单位负责人", "--person", THIRD]
    for name, value in more.items():
        words += [f"--{name}", value]
    return office.run(*words)


def decide(office: Office, number: int, result: str, *more: str, person: str = DECIDER, opinion: str = SECOND) -> int:
    return office.run(
        "appeal", "decide", "shiliqu", f"SS-2026Q3-{number:03d}", "--result", result, "--reason", "核对原文",
        "--person", person, "--opinion-by", opinion, *more,
    )  # fmt: skip


def case(office: Office, finding: Finding) -> Case:
    with office.desk() as desk:
        return desk.cases()[finding.identity]


def test_appeals_won_lost_and_partly(drafted: Office, capsys: pytest.CaptureFixture[str]) -> None:
    won, lost, partly = failed("column-stale", "dzz"), failed("column-stale", "zfb"), failed("link-dead", "fgj")
    for finding in (won, lost, partly):
        assert appeal(drafted, finding) == 0
    assert appeal(drafted, won) == Exit.USAGE  # one round
    assert "只受理一次" in capsys.readouterr().err
    assert (
        drafted.run("round", "freeze", "shiliqu", "--person", DECIDER, "--why", "会议决定提前冻结") == Exit.USAGE
    )  # appeals pending
    assert decide(drafted, 1, "成立", person=FIRST) == Exit.USAGE  # the first reviewer
    assert decide(drafted, 1, "成立", opinion=FIRST) == Exit.USAGE
    assert decide(drafted, 1, "成立") == 0
    assert decide(drafted, 2, "不成立") == 0
    assert decide(drafted, 3, "部分成立") == Exit.USAGE  # how many points?
    assert decide(drafted, 3, "部分成立", "--points", "0.2") == 0
    assert decide(drafted, 3, "不成立") == Exit.USAGE  # decided
    assert case(drafted, won).state is State.REJECTED
    assert case(drafted, lost).state is State.CONFIRMED
    with drafted.desk() as desk:
        after = {f.fingerprint: f for f in desk.confirmed().findings}
    assert str(after[partly.fingerprint].points) == "0.2"
    told = json.loads((drafted.data / "shiliqu" / "cases" / "SS-2026Q3-001" / "case.json").read_bytes())
    assert (told["rule"], told["expected"], told["ground"]) == ("column-stale", "passed", "fetch")
    stored = drafted.data / "shiliqu" / "cases" / "SS-2026Q3-001" / told["pages"][0]["file"]
    assert stored.read_bytes() == page(told["pages"][0]["url"])
    drafted.later(hours=1)
    assert drafted.run("round", "draft", "shiliqu", "--person", DECIDER, "--why", "申诉决定") == 0
    changes = json.loads((drafted.folder / "draft-2" / "更正表.json").read_bytes())
    assert changes["version"] == 2
    assert {row["identity"] for row in changes["findings"]} >= {won.identity, partly.identity}
    assert "更正表" in (drafted.folder / "draft-2" / "更正表.html").read_text("utf-8")


def test_the_form_and_the_window_of_an_appeal(drafted: Office, capsys: pytest.CaptureFixture[str]) -> None:
    finding = failed("column-stale", "dzz")
    assert appeal(drafted, finding, "because") == Exit.USAGE
    assert appeal(drafted, finding, "exists") == Exit.USAGE  # no address
    assert appeal(drafted, finding, text="长" * 501) == Exit.USAGE
    drafted.on("2026-10-17")  # the check period ended on the third working day, the 16th
    capsys.readouterr()
    assert appeal(drafted, finding) == Exit.USAGE
    assert "申诉期已过" in capsys.readouterr().err
    assert len(GROUNDS) == 9


def test_three_units_that_win_suspend_the_rule(drafted: Office, capsys: pytest.CaptureFixture[str]) -> None:
    units = ("zfb", "fgj", "dzz")
    findings = [failed("column-stale", u) for u in units]
    for finding in findings:
        assert appeal(drafted, finding) == 0
    for number in (1, 2, 3):
        capsys.readouterr()
        assert decide(drafted, number, "成立") == 0
        assert ("暂停" in capsys.readouterr().out) is (number == 3)
    with drafted.desk() as desk:
        outcomes = {f.outcome for f in desk.confirmed().findings if f.rule == "column-stale"}
    assert outcomes == {Outcome.PASSED, Outcome.INAPPLICABLE}
    assert drafted.run("round", "resume", "shiliqu", "--rule", "column-stale", "--person", DECIDER) == 0


def test_numbers_stay_with_their_problems(drafted: Office) -> None:
    """A problem that falls away leaves a gap: nobody's number means another problem on the next card."""
    first = json.loads((drafted.folder / "draft-1" / "numbers.json").read_bytes())
    won = failed("column-stale", "dzz")
    assert appeal(drafted, won) == 0
    assert decide(drafted, 1, "成立") == 0
    drafted.on("2026-10-21")
    assert drafted.run("round", "freeze", "shiliqu", "--person", DECIDER, "--why", "会议决定提前冻结") == 0
    sealed = json.loads((drafted.folder / "frozen-1" / "numbers.json").read_bytes())
    assert won.identity not in sealed
    assert sealed == {identity: number for identity, number in first.items() if identity in sealed}
    assert first[won.identity] not in sealed.values()
    with drafted.desk() as desk:
        assert numbers_of(desk)[won.identity] == first[won.identity]  # the appeal still names it


def upper(folder: Path, unit: str) -> str:
    scores = json.loads((folder / "scores.json").read_bytes())
    return next(str(s["upper"]) for s in scores["scores"] if s["unit"] == unit and s["standard"] == "plan-2026")


def test_after_a_suspension_every_card_is_recomputed(drafted: Office) -> None:
    """Units that never appealed get their points back as well, with a table of what changed."""
    units = ("zfb", "fgj", "dzz")
    silent = next(c.unit for c in _cases(drafted) if c.lead.rule == "column-stale" and c.unit not in units)
    before = upper(drafted.folder / "draft-1", silent)
    for number, unit in enumerate(units, 1):
        assert appeal(drafted, failed("column-stale", unit)) == 0
        assert decide(drafted, number, "成立") == 0
    drafted.later(hours=1)
    assert drafted.run("round", "draft", "shiliqu", "--person", DECIDER, "--why", "规则暂停") == 0
    assert float(upper(drafted.folder / "draft-2", silent)) > float(before)
    changes = json.loads((drafted.folder / "draft-2" / "更正表.json").read_bytes())
    assert silent in {row["unit"] for row in changes["scores"]}


def test_a_suspension_after_the_freeze_is_an_erratum(released: Office) -> None:
    units = ("zfb", "fgj", "dzz")
    frozen = (released.folder / "frozen-1" / "scores.json").read_bytes()
    for number, unit in enumerate(units, 1):
        assert appeal(released, failed("column-stale", unit)) == 0  # five working days after the release
        assert decide(released, number, "成立") == 0
    released.later(hours=1)
    assert released.run("round", "erratum", "shiliqu", "--person", DECIDER, "--why", "规则暂停") == 0
    told = json.loads((released.folder / "frozen-2" / "更正表.json").read_bytes())
    rules = {row["rule"] for row in told["findings"]}
    assert rules == {"column-stale"}
    assert len({row["unit"] for row in told["findings"]}) > len(units)
    assert (released.folder / "frozen-1" / "scores.json").read_bytes() == frozen  # the old one stays as it was
    for pack in ("frozen-1", "frozen-2"):
        assert run_cli(["verify", str(released.folder / pack)]) == 0


def test_deadlines_are_working_days_and_slips_are_drafts(released: Office) -> None:
    veto, deduct = case(released, failed("column-empty", "czj")), case(released, failed("column-stale", "dzz"))
    assert (veto.deadline, deduct.deadline) == (date(2026, 10, 27), date(2026, 10, 29))
    slip = released.folder / "slips" / "交办单" / "20261022" / "dzz.html"
    assert "草稿，须人工审签" in slip.read_text("utf-8")
    mail = message_from_bytes(slip.with_suffix(".eml").read_bytes(), policy=policy.default)
    assert "交办单" in str(mail["Subject"])
    attached = next(mail.iter_attachments())
    assert attached.get_content() == slip.read_text("utf-8")
    with pytest.raises(AuditError, match="没有配置发信服务器"):
        send(Mail(), slip.with_suffix(".eml").read_bytes())


def _cases(office: Office) -> list[Case]:
    with office.desk() as desk:
        return list(desk.cases().values())


def fake(
    office: Office, case: Case, found: list[Finding], outcome: str = "ok", more: list[Finding] | None = None
) -> Probe:
    url = case.lead.url or case.lead.subject
    return Probe(
        office.data / "shiliqu" / "recheck" / "x",
        {case.identity: found} if found else {},
        {url: [*found, *(more or [])]},
        dict.fromkeys((url, "http://x/b"), (outcome, "a" * 64, "2026-10-30T00:00:00+00:00")),
        "m" * 64,
    )


def say(case: Case, outcome: Outcome, **more: object) -> list[Finding]:
    seen = {"evidence": (Evidence(case.lead.url, "b" * 64),), **more}
    return [replace(case.lead, outcome=outcome, **seen)]  # type: ignore[arg-type]


Answer = Callable[[Office, Case], Probe]
VERDICTS: list[tuple[Result, State, Answer]] = [
    (Result.PASSED, State.CLOSED, lambda o, c: fake(o, c, say(c, Outcome.PASSED))),
    (Result.UNSEEN, State.UNVERIFIABLE, lambda o, c: fake(o, c, [])),  # silence proves nothing
    (Result.FAILED, State.RETURNED, lambda o, c: fake(o, c, say(c, Outcome.FAILED))),
    (Result.PARTLY, State.RETURNED, lambda o, c: fake(o, c, say(c, Outcome.FAILED, data={"pages": ["http://x/a"]}))),
    (Result.GONE, State.RETURNED, lambda o, c: fake(o, c, [], "gone")),
    (Result.UNSEEN, State.UNVERIFIABLE, lambda o, c: fake(o, c, [], "timeout")),
    (Result.UNSEEN, State.UNVERIFIABLE, lambda o, c: fake(o, c, say(c, Outcome.CANNOT_TELL, reason="blocked"))),
    (
        Result.NEW_FAULT,
        State.CLOSED,
        lambda o, c: fake(o, c, say(c, Outcome.PASSED), more=[replace(c.lead, identity="new", rule="link-dead")]),
    ),
]


@pytest.mark.parametrize(("result", "state", "answer"), VERDICTS)
def test_every_verdict_of_a_recheck(released: Office, result: Result, state: State, answer: Answer) -> None:
    released.on("2026-10-30")
    with released.desk("test") as desk:
        chosen = desk.cases()[failed("column-stale", "dzz").identity]
        chosen.findings = (
            replace(chosen.lead, data={**chosen.lead.data, "pages": ["http://x/a", "http://x/b"]}),
            *chosen.findings[1:],
        )
        checked = recheck.conclude(desk, "监测", [chosen], answer(released, chosen), desk.now())
    assert [c.result for c in checked] == [result]
    after = case(released, failed("column-stale", "dzz"))
    assert after.state is state
    if state is State.RETURNED:
        assert after.deadline == date(2026, 11, 4)
    paper = (released.folder / "复查" / "2026Q3-dzz-20261030.html").read_text("utf-8")
    assert result in paper


def test_the_same_bytes_are_not_a_repair(released: Office) -> None:
    with released.desk() as desk:
        one = desk.cases()[failed("column-stale", "dzz").identity]
        probe = fake(released, one, say(one, Outcome.PASSED, evidence=one.lead.evidence))
        assert recheck.compare(one, probe, {}, False).result is Result.UNSEEN


def test_a_repair_that_does_not_last_is_a_relapse(released: Office) -> None:
    released.on("2026-10-30")
    identity = failed("column-stale", "dzz").identity
    for outcome, result in ((Outcome.PASSED, Result.PASSED), (Outcome.FAILED, Result.RELAPSE)):
        with released.desk("test") as desk:
            one = desk.cases()[identity]
            probe = fake(released, one, say(one, outcome))
            assert recheck.conclude(desk, "监测", [one], probe, desk.now())[0].result is result
        released.later(days=3)


def test_deleting_required_content_is_no_repair(released: Office) -> None:
    with released.desk() as desk:
        one = desk.cases()[failed("column-stale", "dzz").identity]
        gone = recheck.compare(one, fake(released, one, [], "gone"), {}, True)
    assert (gone.result, "不得以删除代替整改" in gone.action) == (Result.GONE, True)


def test_reports_reminders_and_what_is_due(released: Office, capsys: pytest.CaptureFixture[str]) -> None:
    finding = failed("column-stale", "dzz")
    words = ("rectify", "shiliqu", "--finding", finding.identity, "--person", "责任人", "--done", "2026-10-27")
    released.on("2026-10-28")
    assert released.run(*words) == Exit.USAGE  # no link
    assert released.run(*words, "--url", f"{factory.HOST}/x.html", "--action", "已补发") == 0
    with released.desk() as desk:
        assert "recheck" in {t.id for t in tasks(desk)}
    assert released.run("urge", "shiliqu", "--person", THIRD) == 0  # the veto of the 27th
    assert case(released, failed("column-empty", "czj")).state is State.URGED
    released.on("2026-10-30")
    assert released.run("urge", "shiliqu", "--person", THIRD, "--kind", "督办") == 0
    assert case(released, failed("column-empty", "czj")).state is State.SUPERVISED
    assert case(released, finding).state is State.REPORTED  # reported in time: not late
    capsys.readouterr()
    assert released.run("due", "shiliqu", "--json") == 0
    told = {t["id"]: t for t in json.loads(capsys.readouterr().out)}
    assert told["recheck"]["machine"]
    assert not told["urge"]["machine"]


def test_only_the_offices_own_decision_without_adopted_triggers(released: Office) -> None:
    released.on("2026-11-03")
    with released.desk("test") as desk:
        assert interview.standings(desk) == []
        with pytest.raises(AuditError, match="--why"):
            interview.propose(desk, "czj", DECIDER, "")
        assert Path(interview.propose(desk, "czj", DECIDER, "长期不更新")).exists()
    with pytest.raises(ValueError, match="adopted_by"):
        Workflow.model_validate({"interview": {"t4": True}})


def test_an_overdue_veto_is_a_ground_and_needs_two_persons(released: Office) -> None:
    released.workflow = Workflow.model_validate({"interview": {"t4": True, "adopted_by": "示政办发〔2026〕8号"}})
    released.on("2026-11-03")
    with released.desk("test") as desk:
        found = {s.unit: s for s in interview.standings(desk)}
        assert [g.trigger for g in found["czj"].grounds] == ["T4"]
        path = Path(interview.propose(desk, "czj", DECIDER, ""))
        assert "单项否决逾期未整改" in path.read_text("utf-8")
        for name, who in (("section", DECIDER), ("approved", "分管负责人己")):
            interview.step(desk, "czj", name, who, "批准〔2026〕1号")
        with pytest.raises(AuditError, match="依次"):
            interview.step(desk, "czj", "held", DECIDER, "x")
        with pytest.raises(AuditError, match="只有一人确认"):
            interview.step(desk, "czj", "notified", DECIDER, "x")
        with pytest.raises(AuditError, match="另一人"):
            interview.second(desk, "czj", FIRST, "x")
        assert interview.second(desk, "czj", SECOND, "核对证据") > 0
        interview.step(desk, "czj", "notified", DECIDER, "通知〔2026〕1号")


def test_a_pending_appeal_pauses_the_interview(released: Office) -> None:
    released.workflow = Workflow.model_validate({"interview": {"t4": True, "adopted_by": "示政办发〔2026〕8号"}})
    released.on("2026-10-28")
    assert appeal(released, _other(released, "czj")) == 0
    with released.desk("test") as desk:
        paused = {s.unit: s.paused for s in interview.standings(desk)}
        assert "申诉" in paused["czj"]
        with pytest.raises(AuditError, match="申诉"):
            interview.propose(desk, "czj", DECIDER, "")


def _other(office: Office, unit: str) -> Finding:
    return next(c.lead for c in _cases(office) if c.unit == unit and not c.veto and c.state is State.RECTIFYING)
