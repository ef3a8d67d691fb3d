"""A scripted quarter of the demonstration district: from opening the round to the next quarter's comparison.

The crawl, the judgement and the re-checks are real; people's decisions are scripted; the replica is static, so its
answers are wrapped to show repaired, deleted, blocked and spoilt pages.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from audit import clock, judgements
from audit.cli import run_cli
from audit.demo import server
from audit.demo.model import WWW, Response
from audit.errors import Exit
from audit.rounds import review
from audit.rounds.cases import Case
from audit.rounds.desk import open_desk
from audit.rounds.states import State
from checks.outcomes import Outcome
from checks.snapshot import SHANGHAI

pytestmark = [pytest.mark.timeout(1500)]

FIRST, SECOND, DECIDER, CLERK = "初审人甲", "复核人乙", "审定人丁", "经办人丙"
REPAIRED = "/zt/2026yd/202605/t20260512_590108.html"
STANDING = "/zt/2026yd/202605/t20260529_590107.html"
DELETED = "/xwzx/qhyw/202609/t20260913_500108.html"
BLOCKED = "/xwzx/qhyw/202609/t20260919_500105.html"
ATTACHED = "/zt/2026yd/files/missing-attachment.pdf"


class Replica:
    """The replica with some answers replaced."""

    def __init__(self) -> None:
        self._real = server.replica()
        self.answers: dict[str, Response] = {}

    def find(self, host: str, path: str, query: str = "", form: str = "") -> Response | None:
        if host == WWW and path in self.answers:
            return self.answers[path]
        return self._real.find(host, path, query, form)

    def edit(self, path: str, old: str, new: str) -> None:
        """The page as it is, with one change."""
        found = self._real.find(WWW, path)
        assert found is not None
        body = found.body.decode()
        assert old in body, f"{path} has no {old}"
        self.answers[path] = replace(found, body=body.replace(old, new, 1).encode())


class Quarter:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.at = datetime(2026, 9, 16, 9, tzinfo=SHANGHAI)
        self.replica = Replica()

    def run(self, *words: str) -> int:
        self.at += timedelta(minutes=1)
        return run_cli([*words, "--data", str(self.data)])

    def on(self, day: str) -> None:
        self.at = datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=SHANGHAI)

    def case(self, rule: str, path: str) -> Case:
        with open_desk("demo", "2026Q3", self.data) as desk:
            return next(c for c in desk.cases().values() if c.lead.rule == rule and path in c.lead.subject)


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarter]:
    with pytest.MonkeyPatch.context() as patch:
        made = Quarter(tmp_path_factory.mktemp("quarter"))
        patch.setattr(clock, "now", lambda: made.at)
        patch.setattr(server, "replica", lambda: made.replica)
        yield made


def test_the_quarter(quarter: Quarter, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--round", "2026Q3", "--cutoff", "2026-09-30", "--plan", "计划（虚构）", "--filing", "备案（虚构）")
    assert quarter.run("round", "open", "demo", *words, "--person", DECIDER) == 0
    quarter.on("2026-10-08")
    assert quarter.run("run", "demo", "--no-browser", "--round", "2026Q3") == Exit.FINDINGS
    _review(quarter)
    _appeals(quarter)
    _freeze(quarter)
    _first_recheck(quarter)
    _second_recheck(quarter)
    _reminders(quarter)
    _interview(quarter)
    _next_quarter(quarter, capsys)


def _review(quarter: Quarter) -> None:
    with open_desk("demo", "", quarter.data, writing="test") as desk:
        assert desk.take_in()
        machine = [c for c in desk.cases().values() if c.lead.outcome is Outcome.FAILED]
        desk.decide(FIRST, review.FIRST, [review.confirm(c, FIRST) for c in machine])
        waiting = [c for c in desk.cases().values() if c.state is State.SECOND]
        assert waiting
        desk.decide(SECOND, review.SECOND, [review.second(c, SECOND, True) for c in waiting])


def _appeals(quarter: Quarter) -> None:
    quarter.on("2026-10-13")
    assert quarter.run("round", "draft", "demo", "--person", DECIDER) == 0
    form = ("--text", "页面有此内容", "--signed-by", "单位负责人", "--person", CLERK)
    won, lost = quarter.case("column-stale", "hesui-gzdt"), quarter.case("column-stale", "mzj-tzgg")
    for case, ground in ((won, "fetch"), (lost, "rule")):
        assert quarter.run("appeal", "add", "demo", "--finding", case.identity, "--ground", ground, *form) == 0
    end = ("--reason", "核对原文", "--person", DECIDER, "--opinion-by", SECOND)
    assert quarter.run("appeal", "decide", "demo", "SS-2026Q3-001", "--result", "成立", *end) == 0
    assert quarter.run("appeal", "decide", "demo", "SS-2026Q3-002", "--result", "不成立", *end) == 0
    assert quarter.run("round", "draft", "demo", "--person", DECIDER, "--why", "申诉决定") == 0
    changes = json.loads((quarter.data / "demo/2026Q3/draft-2/更正表.json").read_bytes())
    assert won.identity in {row["identity"] for row in changes["findings"]}
    assert (quarter.data / "demo/cases/SS-2026Q3-001/case.json").exists()


def _freeze(quarter: Quarter) -> None:
    quarter.on("2026-10-21")
    assert quarter.run("round", "freeze", "demo", "--person", DECIDER, "--leave-pending") == 0
    assert run_cli(["verify", str(quarter.data / "demo/2026Q3/frozen-1")]) == 0
    quarter.on("2026-10-22")
    assert quarter.run("round", "release", "demo", "--person", DECIDER, "--approval", "虚构批文") == 0
    assert list((quarter.data / "demo/2026Q3/slips/交办单").rglob("*.eml"))


def _first_recheck(quarter: Quarter) -> None:
    quarter.replica.edit(REPAIRED, "</h1>", "</h1><p>发布时间：2026-05-12 09:00</p>")
    quarter.replica.answers[DELETED] = server.NOT_FOUND
    quarter.replica.answers[BLOCKED] = Response(status=412, body=b"<html><script>x=1</script></html>")
    quarter.replica.answers[ATTACHED] = Response(body=b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    quarter.on("2026-10-27")
    repaired = quarter.case("item-undated", REPAIRED)
    words = ("--url", f"http://{WWW}{REPAIRED}", "--action", "补日期", "--done", "2026-10-26", "--person", "责任人")
    assert quarter.run("rectify", "demo", "--finding", repaired.identity, *words) == 0
    assert _recheck(quarter, ("item-undated", REPAIRED)) == ["通过"]
    assert _recheck(quarter, ("item-undated", STANDING)) == ["未通过"]
    assert _recheck(quarter, ("item-source-missing", DELETED)) == ["页面已下线"]
    assert _recheck(quarter, ("item-source-missing", BLOCKED)) == ["无法复查"]
    assert _recheck(quarter, ("link-dead", ATTACHED)) == ["通过"]
    assert list((quarter.data / "demo/2026Q3/复查").glob("2026Q3-*.html"))


def _recheck(quarter: Quarter, *wanted: tuple[str, str]) -> list[str]:
    found = []
    for rule, path in wanted:
        identity = quarter.case(rule, path).identity
        assert quarter.run("recheck", "demo", "--finding", identity) in (0, Exit.FINDINGS)
        found.append(str(quarter.case(rule, path).rechecks[-1].payload["result"]))
    return found


def _second_recheck(quarter: Quarter) -> None:
    """What was repaired is spoilt again; what stood is repaired badly."""
    del quarter.replica.answers[REPAIRED]
    quarter.replica.edit(STANDING, "</h1>", "</h1><p>发布时间：2026-05-29 09:00</p>")
    body = quarter.replica.answers[STANDING].body.decode().replace("来源", "出处")
    quarter.replica.answers[STANDING] = replace(quarter.replica.answers[STANDING], body=body.encode())
    quarter.on("2026-10-30")
    assert _recheck(quarter, ("item-undated", REPAIRED)) == ["反弹"]
    assert _recheck(quarter, ("item-undated", STANDING)) == ["通过但引入新问题"]
    assert quarter.case("item-undated", STANDING).state is State.CLOSED


def _reminders(quarter: Quarter) -> None:
    quarter.on("2026-11-10")
    assert quarter.run("urge", "demo", "--person", CLERK) == 0
    assert quarter.case("item-undated", REPAIRED).state is State.URGED
    assert quarter.run("urge", "demo", "--kind", "督办", "--person", CLERK) == 0
    assert quarter.case("item-undated", REPAIRED).state is State.SUPERVISED


def _interview(quarter: Quarter) -> None:
    assert quarter.run("interview", "propose", "demo", "zfb", "--person", DECIDER) == Exit.USAGE  # no grounds
    assert quarter.run("interview", "propose", "demo", "zfb", "--person", DECIDER, "--why", "问题反弹") == 0
    page = (quarter.data / "demo/2026Q3/yuetan/zfb-建议.html").read_text("utf-8")
    assert "办公室决定：问题反弹" in page
    assert quarter.run("interview", "second", "demo", "zfb", "--person", SECOND, "--why", "核对证据") == 0
    for step in ("section", "approved", "notified"):
        assert quarter.run("interview", "step", "demo", "zfb", step, "--person", DECIDER, "--why", "虚构文号") == 0


def _next_quarter(quarter: Quarter, capsys: pytest.CaptureFixture[str]) -> None:
    """The next round's judgement is made from this one's: something fixed, something that came back."""
    gone, back = quarter.case("link-dead", ATTACHED), quarter.case("column-stale", "hesui-gzdt")
    old, new = quarter.data / "demo/2026Q3", quarter.data / "demo/2026Q4"
    shutil.copytree(
        old, new, ignore=shutil.ignore_patterns("draft-*", "frozen-*", "slips", "report", "复查", "yuetan")
    )
    made = judgements.load(old / "judgement.json")
    kept = tuple(f for f in made.findings if f.identity != gone.identity)
    as_of = datetime(2026, 12, 31, 18, tzinfo=SHANGHAI)
    judgements.save(new / "judgement.json", replace(made, round="2026Q4", as_of=as_of, findings=kept))
    quarter.on("2027-01-04")
    words = ("--round", "2026Q4", "--cutoff", "2026-12-31", "--person", DECIDER)
    assert quarter.run("round", "open", "demo", *words) == 0
    with open_desk("demo", "2026Q4", quarter.data, writing="test") as desk:
        assert desk.take_in()
    capsys.readouterr()
    assert quarter.run("diff", "demo", "2026Q3", "2026Q4", "--json") == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    kinds = {c["identity"]: c["kind"] for c in told["changes"]}
    assert kinds[gone.identity] == "fixed"
    assert kinds[back.identity] == "new"  # its accusation of the third quarter did not stand
    assert told["counts"]["standing"] > 20
    assert quarter.run("history", "demo", "--json") == 0
    assert [r["round"] for r in json.loads(capsys.readouterr().out)["rounds"]] == ["2026Q3", "2026Q4"]
    assert quarter.run("round", "log", "demo") == 0
