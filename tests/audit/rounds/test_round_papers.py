"""What the papers of a round say to the people who get them."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import report_factory as factory
from office import DECIDER, SECOND, THIRD, Office, failed

from audit.console import out
from audit.errors import AuditError, Exit
from audit.history.store import Entry
from audit.rounds import recheck
from audit.rounds.cases import Case
from audit.rounds.due import tasks
from audit.rounds.probe import Probe
from audit.rounds.recheck import Result, waits_for_person
from audit.rounds.release import slip_rows
from audit.rounds.states import State
from audit.rounds.wording import NO_ADDRESS, address, bygone, demand, matter, rule_of
from checks.bygone import ACCEPTED, ANSWER
from checks.outcomes import Outcome
from checks.verdicts import Evidence
from reports.view import RuleInfo


def case(office: Office, unit: str = "dzz") -> Case:
    with office.desk() as desk:
        return desk.cases()[failed("column-stale", unit).identity]


def test_a_problem_is_told_with_its_kind_and_column(released: Office) -> None:
    told = matter(factory.district(), case(released))
    assert told.startswith("栏目更新不及时：")
    slip = (released.folder / "slips" / "交办单" / "20261022" / "dzz.html").read_text("utf-8")
    assert "2026年第三季度" in slip
    assert "2026Q3政务" not in slip
    mail = message_from_bytes(
        (released.folder / "slips" / "交办单" / "20261022" / "dzz.eml").read_bytes(), policy=policy.default
    )
    assert str(next(mail.iter_attachments()).get_filename()).startswith("交办单-")


def test_places_of_one_problem_are_one_demand_with_its_pages(released: Office) -> None:
    one = case(released)
    with released.desk() as desk:
        rows = slip_rows(desk, [one, one, case(released, "czj")], {one.identity: "N-0001"})
    assert (rows[0].number, len(rows[0].pages)) == ("N-0001", 2)
    assert rows[0].matter == "栏目更新不及时（2处）"
    assert rows[0].pages[0] == (one.message, address(one.lead))
    assert rows[0].demand == demand(one), "places that agree are asked for in their own words"
    assert rows[1].url and not rows[1].pages


def test_an_internal_id_is_never_shown_as_an_address() -> None:
    finding = replace(failed("column-stale", "dzz"), url="", subject="rsj/社会保险", evidence=())
    assert address(finding) == NO_ADDRESS
    assert address(replace(finding, evidence=(Evidence("http://x.gov.cn/a", "b" * 64),))) == "http://x.gov.cn/a"


@pytest.mark.parametrize(
    ("rule", "data", "expected"),
    [
        ("annual-report-late", {"late": 26, "day": "2026-02-26"}, True),
        ("annual-report-late", {"due": "2026-01-31"}, False),  # not there at all: it can be published
        ("enforcement-late", {"used": 19}, True),
        ("interpretation-late", {"read": "2026-07-02", "lag": 10}, True),
        ("solicitation-too-short", {"days": 15}, True),
        ("publish-late", {"count": 7}, True),
        ("feedback-late", {"used": 0, "due": "2026-03-03"}, False),  # never published: it can be
        ("feedback-late", {"used": 21, "day": "2026-03-18"}, True),
        ("column-stale", {"days": 41, "late": 5, "used": 3}, False),  # what the words mean is the rule's own matter
        ("no-such-rule", {"late": 5}, False),
    ],
)
def test_a_delay_that_happened_is_not_asked_away(rule: str, data: dict[str, object], expected: bool) -> None:
    finding = replace(failed("column-stale", "dzz"), rule=rule, data=data)
    assert bygone(finding) is expected
    asked = demand(Case("x", (finding,), False, ""))
    assert ("请勿改动网页上的日期" in asked) is expected
    known = rule_of(Case("x", (finding,), False, ""))
    if known is not None:
        assert (RuleInfo.of(known).asked(finding)[1] == ACCEPTED) is expected
        assert (asked == ANSWER) is (expected and known.recheck != ACCEPTED)


def probe(found: Case) -> Probe:
    url = found.lead.url
    now = [replace(found.lead, outcome=Outcome.FAILED, evidence=(Evidence(url, "b" * 64),))]
    seen = {url: ("ok", "b" * 64, "2026-10-30T00:00:00+00:00")}
    return Probe(FOLDER, {found.identity: now}, {}, seen, "m" * 64)


FOLDER = Path("recheck/x")


def test_a_declared_answer_to_a_delay_waits_for_a_person(released: Office) -> None:
    found = case(released)
    found.findings = (replace(found.lead, rule="annual-report-late", data={**found.lead.data, "late": 5}),)
    assert recheck.compare(found, probe(found), {}, False).result is Result.FAILED  # nothing was answered
    found.report = {"action": "已说明", "url": "http://x/"}
    done = recheck.compare(found, probe(found), {}, False)
    assert (done.result, done.person) == (Result.UNSEEN, True)
    mended = replace(found.lead, outcome=Outcome.PASSED, evidence=(Evidence(found.lead.url, "c" * 64),), data={})
    seen = replace(probe(found), findings={found.identity: [mended]})
    redated = recheck.compare(found, seen, {}, False)
    assert (redated.result, redated.person) == (Result.UNSEEN, True)  # a changed date undoes no delay
    assert "对照原件" in redated.after


def test_a_person_gives_the_verdict_where_the_machine_cannot(
    released: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    released.on("2026-10-30")
    identity = failed("column-stale", "dzz").identity
    with released.desk("test") as desk:
        payload = {"result": "无法复查", "person": True}
        desk.decide("监测", "监测", [Entry("recheck.done", identity, State.UNVERIFIABLE, "须人工核对", payload)])
        assert waits_for_person(desk.cases()[identity])
        assert identity not in {c.identity for c in recheck.due(desk, desk.cases().values(), desk.now().date())}
        assert "by-hand" in {t.id for t in tasks(desk)}
    words = ("recheck", "shiliqu", "--finding", identity)
    assert released.run(*words, "--verdict", "通过") == Exit.USAGE  # by whom, and on what?
    assert released.run(*words, "--verdict", "也许", "--why", "x", "--person", SECOND) == Exit.USAGE
    assert released.run("recheck", "shiliqu", "--verdict", "通过", "--why", "x", "--person", SECOND) == Exit.USAGE
    capsys.readouterr()
    assert released.run(*words, "--verdict", "通过", "--why", "查看新网页，已补发", "--person", SECOND) == 0
    done = case(released)
    assert (done.state, done.rechecks[-1].who) == (State.CLOSED, SECOND)
    paper = next((released.folder / "复查").glob("2026Q3-dzz-*.html")).read_text("utf-8")
    assert "人工核对：查看新网页，已补发" in paper
    with released.desk() as desk:
        assert "by-hand" not in {t.id for t in tasks(desk)}
        with pytest.raises(AuditError, match="不在整改中"):
            recheck.decide_by_hand(desk, SECOND, done, "通过", "又看一次")


def test_an_appeal_is_answered(
    drafted: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = failed("column-stale", "dzz").identity
    words = ("--ground", "fetch", "--text", "实有内容<b>", "--signed-by", "单位负责人", "--person", THIRD)
    assert drafted.run("appeal", "add", "shiliqu", "--finding", identity, *words) == 0
    end = ("--reason", "核对原文，列表有新信息", "--person", DECIDER, "--opinion-by", SECOND)
    assert drafted.run("appeal", "decide", "shiliqu", "SS-2026Q3-001", "--result", "成立", *end) == 0
    page = (drafted.folder / "appeals" / "SS-2026Q3-001-答复.html").read_text("utf-8")
    capsys.readouterr()
    monkeypatch.setattr(out, "_width", 240)
    assert drafted.run("appeal", "list", "shiliqu") == 0
    listed = re.sub(r"\s+", "", capsys.readouterr().out)
    assert "栏目更新不及时" in listed
    assert identity not in listed
    for said in ("申诉成立。核对原文，列表有新信息", "抓取错误", "实有内容&lt;b&gt;", "不再计入", "栏目更新不及时"):
        assert said in page
    mail = message_from_bytes(
        (drafted.folder / "appeals" / "SS-2026Q3-001-答复.eml").read_bytes(), policy=policy.default
    )
    assert "答复" in str(mail["Subject"])
    drafted.later(hours=1)
    assert drafted.run("round", "draft", "shiliqu", "--person", DECIDER, "--why", "申诉决定") == 0
    changes = (drafted.folder / "draft-2" / "更正表.html").read_text("utf-8")
    assert "栏目更新不及时" in changes
    assert identity not in changes  # the number that the card prints, not a hash
    assert "申诉决定" in changes
