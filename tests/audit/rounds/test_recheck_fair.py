"""A re-check never turns time that has not run out, or a look that saw nothing, into a unit's failure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from office import Office, failed

from audit.rounds import recheck
from audit.rounds.cases import Case
from audit.rounds.probe import Probe
from audit.rounds.recheck import Result
from audit.rounds.states import State
from checks.outcomes import Outcome
from checks.verdicts import Data, Evidence


def case(office: Office) -> Case:
    with office.desk() as desk:
        return desk.cases()[failed("column-stale", "dzz").identity]


def seen(found: Case, outcome: Outcome, fetched: str = "ok", data: Data | None = None) -> Probe:
    url, more = found.lead.url, found.lead.data if data is None else data
    evidence = (Evidence(url, "b" * 64),) if fetched == "ok" else ()
    now = replace(found.lead, outcome=outcome, evidence=evidence, data=more, message="最近一条距检查时点41天。")
    answers = {url: (fetched, "b" * 64 if fetched == "ok" else "", "2026-10-26T00:00:00+00:00")} if fetched else {}
    return Probe(Path("recheck/x"), {found.identity: [now]}, {}, answers, "m" * 64)


def conclude(office: Office, found: Case, outcome: Outcome) -> Result:
    with office.desk("test") as desk:
        probe = replace(seen(found, outcome), folder=office.data / "shiliqu" / "recheck" / "x")
        return recheck.conclude(desk, "监测", [found], probe, desk.now(), desk.now())[0].result


def test_before_the_deadline_an_undeclared_problem_is_only_told(released: Office) -> None:
    released.on("2026-10-26")
    before = case(released)
    assert conclude(released, before, Outcome.FAILED) is Result.NOT_DUE
    after = case(released)
    assert (after.state, after.deadline, after.rechecks) == (State.RECTIFYING, before.deadline, [])
    paper = next((released.folder / "复查").glob("*dzz*.html")).read_text("utf-8")
    assert "未到期、未申报，仅供了解" in paper
    assert "距复查时点41天" in paper
    assert "2026年10月26日 09:00" in paper
    released.later(hours=1)
    assert conclude(released, after, Outcome.PASSED) is Result.PASSED  # a repair counts at once
    assert case(released).state is State.CLOSED


def test_after_the_deadline_it_is_a_failure(released: Office) -> None:
    released.on("2026-10-30")
    assert conclude(released, case(released), Outcome.FAILED) is Result.FAILED
    assert case(released).state is State.RETURNED


def test_without_new_evidence_nothing_is_said(released: Office) -> None:
    found = case(released)
    for fetched in ("", "timeout", "robots"):
        done = recheck.compare(found, seen(found, Outcome.FAILED, fetched), {}, False)
        assert (done.result, "没有取得新的网页" in done.after) == (Result.UNSEEN, True)
    assert recheck.compare(found, seen(found, Outcome.FAILED), {}, False).result is Result.FAILED


def test_an_export_older_than_the_repair_proves_nothing(released: Office) -> None:
    found = case(released)
    found.findings = (replace(found.lead, data={"exported": "2026-09-30"}),)
    same = recheck.compare(found, seen(found, Outcome.FAILED, data={"exported": "2026-09-30"}), {}, False)
    assert (same.result, "仍是检出时的那一份" in same.after) == (Result.UNSEEN, True)
    found.report = {"done": "2026-10-27", "url": "http://x/", "action": "已补发"}
    old = recheck.compare(found, seen(found, Outcome.FAILED, data={"exported": "2026-10-20"}), {}, False)
    assert (old.result, "早于申报的整改日期2026-10-27" in old.after) == (Result.UNSEEN, True)
    assert "新的导出" in old.action
    new = recheck.compare(found, seen(found, Outcome.FAILED, data={"exported": "2026-10-29"}), {}, False)
    assert new.result is Result.FAILED
