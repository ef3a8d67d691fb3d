"""A scripted quarter of the demonstration district: from opening the round to the next quarter's comparison.

The two crawls, the judgements and the re-checks are real; people's decisions are scripted; what units do (repair,
repair badly, delete, spoil again) and what stands in our way (a firewall) are changes of the replica.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from quarter_office import CLERK, DECIDER, FIRST, LEADER, SECOND, Quarter

from audit import clock
from audit.cli import run_cli
from audit.demo import server
from audit.demo.model import WWW, Response
from audit.errors import Exit
from audit.rounds import review
from audit.rounds.desk import open_desk
from audit.rounds.recheck import Result
from audit.rounds.states import State
from checks.outcomes import Outcome
from crawler.seal import verify
from crawler.store import ObservationStore

pytestmark = [pytest.mark.timeout(1500)]

UNDATED = "/zt/2026yd/202605/t20260512_590108.html"
BADLY = "/zt/2026yd/202605/t20260529_590107.html"
DELETED = "/xwzx/qhyw/202609/t20260919_500105.html"
BLOCKED = "/xwzx/qhyw/202609/t20260913_500108.html"
HIDDEN = "/zjqh/"
ATTACHED = "/zt/2026yd/files/missing-attachment.pdf"
CODELESS = "/mzj/gzdt/"
CATALOGUE = "/zwgk/xxgkml/rsj/zdly/202610/t20261026_605599.html"


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
    _appeals(quarter, capsys)
    _freeze(quarter)
    _repairs(quarter)
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


def _appeals(quarter: Quarter, capsys: pytest.CaptureFixture[str]) -> None:
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
    assert quarter.run("appeal", "cases", "demo") == Exit.FINDINGS  # the rule was not corrected, and is named
    told = capsys.readouterr().out.replace("\n", "")
    assert "SS-2026Q3-001" in told
    assert "column-stale" in told


def _freeze(quarter: Quarter) -> None:
    quarter.on("2026-10-21")
    assert quarter.run("round", "freeze", "demo", "--person", DECIDER, "--leave-pending") == 0
    assert run_cli(["verify", str(quarter.data / "demo/2026Q3/frozen-1")]) == 0
    quarter.on("2026-10-22")
    assert quarter.run("round", "release", "demo", "--person", DECIDER, "--approval", "虚构批文") == 0
    assert list((quarter.data / "demo/2026Q3/slips/交办单").rglob("*.eml"))


def _repairs(quarter: Quarter) -> None:
    """What the units do, and a firewall that comes up."""
    site = quarter.replica
    site.edit(UNDATED, ("</h1>", "</h1><p>发布时间：2026-05-12 09:00</p>"))
    site.answers[DELETED] = server.NOT_FOUND
    for path in (BLOCKED, HIDDEN):
        site.answers[path] = Response(status=412, body=b"<html><script>x=1</script></html>")
    site.answers[ATTACHED] = Response(body=b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    site.edit(CODELESS, ("<head>", '<head>\n<meta name="SiteIDCode" content="9901020001">'))  # one of two pages
    site.edit("/", ('<ul class="tiles">', '<ul class="tiles"><li><a href="/zwgk/cgzb/">政府集中采购</a></li>'))
    row = '<li><a href="/zwgk/cgzb/202610/t20261026_1.html">采购公告</a><span>2026-10-26</span></li>'
    filled = (('<p class="none">暂无信息</p>', ""), ('<ul class="list-ul">', f'<ul class="list-ul">{row}'))
    site.edit("/zwgk/cgzb/", *filled, ("<h1>应急管理", "<h1>政府集中采购"), like="/zwgk/yjgl/")
    site.edit("/zwgk/cgzb/202610/t20261026_1.html", like=UNDATED)
    title = "区人力资源社会保障局社会保险领域基层政务公开标准目录"
    listed = f'<li><a href="{CATALOGUE}">{title}</a><span>2026-10-26</span></li>'
    site.edit("/zwgk/xxgkml/rsj/zdly/", ('<ul class="list-ul">', f'<ul class="list-ul">{listed}'))
    site.edit(CATALOGUE, ("<h1>区人力资源社会保障局邀请公众代表列席会议", "<h1>社会保险领域基层政务公开标准目录"),
              like="/zwgk/xxgkml/rsj/zdly/202606/t20260618_605506.html")  # fmt: skip
    quarter.on("2026-10-27")
    words = ("--url", f"http://{WWW}{UNDATED}", "--action", "补日期", "--done", "2026-10-26", "--person", "责任人")
    assert quarter.run("rectify", "demo", "--finding", quarter.case("item-undated", UNDATED).identity, *words) == 0


def _first_recheck(quarter: Quarter) -> None:
    """On the working day after the last deadline everything that is open is due."""
    quarter.on("2026-11-06")
    assert quarter.run("recheck", "demo", "--due", "--as-of", "2026-11-06") == Exit.FINDINGS
    assert quarter.verdict("item-undated", UNDATED) == "通过"
    assert quarter.verdict("item-undated", BADLY) == "未通过"
    assert quarter.verdict("item-source-missing", DELETED) == "页面已下线"
    assert quarter.verdict("item-source-missing", BLOCKED) == "无法复查"
    assert quarter.verdict("link-dead", ATTACHED) == "通过"
    assert quarter.verdict("meta-site-missing", "SiteIDCode") == "部分通过"
    # what was missing is there, what is missing is still not there: told on the ground of the audit
    assert quarter.verdict("column-missing", "cgzb") == "通过"
    assert quarter.verdict("field-catalogue-missing", "rsj/") == "通过"
    assert quarter.verdict("field-catalogue-missing", "mailang/") == "未通过"
    # the firewall hides a page that the navigation leads to: nobody is told that something is missing
    assert quarter.verdict("named-platform-missing", "solicitation-platform") == "无法复查"
    assert quarter.verdict("quarterly-report-missing", "yunsang/") == "无法复查"  # a past quarter: silence is no pass
    with open_desk("demo", "2026Q3", quarter.data) as desk:
        seen = {c.identity: c for c in desk.cases().values() if c.rechecks}
    told = Counter(str(c.rechecks[-1].payload["result"]) for c in seen.values())
    assert sum(told.values()) > 60
    blind = {
        c.lead.rule
        for c in seen.values()
        if c.rechecks[-1].payload["result"] == "无法复查"
        and not any(p in c.lead.subject + str(c.rechecks[-1].payload["after"]) for p in (BLOCKED, HIDDEN))
    }
    # a new export is wanted; the quarter is over; an address inside a private network is never asked
    assert blind == {"account-stale", "quarterly-report-missing", "domain-not-gov"}
    assert quarter.verdict("domain-not-gov", "www.qinghe-qingting.example") == "未通过"  # it still answers
    assert quarter.verdict("domain-extra-host", "swj.qinghe-demo.gov.cn") == "未通过"  # shut, but still led to
    assert list((quarter.data / "demo/2026Q3/复查").glob("2026Q3-*.html"))
    (folder,) = (quarter.data / "demo/recheck").iterdir()
    assert verify(folder / "observations.sqlite") == []
    with ObservationStore(folder / "observations.sqlite", readonly=True) as store:
        unchanged = sum(f.outcome == "not-modified" for f in store.latest_all())
    assert unchanged > 100, "the navigation did not change and was not transferred again"


def _second_recheck(quarter: Quarter) -> None:
    """What was repaired is spoilt again; what stood is repaired badly."""
    quarter.replica.restore(UNDATED)
    quarter.replica.edit(BADLY, ("</h1>", "</h1><p>发布时间：2026-05-29 09:00</p>"), ("来源", "出处"))
    quarter.replica.restore(BLOCKED)
    quarter.replica.restore(HIDDEN)
    quarter.on("2026-11-12")
    assert quarter.run("recheck", "demo", "--unit", "zfb", "--as-of", "2026-11-12") == Exit.FINDINGS
    assert quarter.verdict("item-undated", UNDATED) == "反弹"
    assert quarter.verdict("item-undated", BADLY) == "通过但引入新问题"
    assert quarter.case("item-undated", BADLY).state is State.CLOSED
    assert quarter.verdict("named-platform-missing", "solicitation-platform") == "未通过"
    assert quarter.verdict("item-source-missing", BLOCKED) == "未通过"
    with open_desk("demo", "2026Q3", quarter.data) as desk:
        told = {str(d.payload["result"]) for c in desk.cases().values() for d in c.rechecks}
    assert told == set(map(str, Result)) - {str(Result.NOT_DUE)}  # every verdict; all of these were reported or due


def _reminders(quarter: Quarter) -> None:
    quarter.on("2026-11-20")
    assert quarter.run("urge", "demo", "--person", CLERK) == 0
    assert quarter.case("item-undated", UNDATED).state is State.URGED
    assert quarter.run("urge", "demo", "--kind", "督办", "--person", CLERK) == 0
    assert quarter.case("item-undated", UNDATED).state is State.SUPERVISED
    assert list((quarter.data / "demo/2026Q3/slips/督办通知单").rglob("*.eml"))


def _interview(quarter: Quarter) -> None:
    assert quarter.run("interview", "propose", "demo", "zfb", "--person", DECIDER) == Exit.USAGE  # no grounds
    assert quarter.run("interview", "propose", "demo", "zfb", "--person", DECIDER, "--why", "问题反弹") == 0
    page = (quarter.data / "demo/2026Q3/yuetan/zfb-建议.html").read_text("utf-8")
    assert "办公室决定：问题反弹" in page
    assert "复查：2026-11-06 通过、2026-11-12 反弹" in page, "the ground is bound to what was seen"
    assert quarter.run("interview", "second", "demo", "zfb", "--person", SECOND, "--why", "核对证据") == 0
    steps = (("section", DECIDER), ("approved", LEADER), ("notified", CLERK))
    for step, who in steps:
        words = ("--person", who, "--why", "虚构文号〔2026〕7号")
        assert quarter.run("interview", "step", "demo", "zfb", step, *words) == 0
    assert quarter.run("notice", "demo", "--unit", "zfb", "--no-pdf") == 0
    paper = (quarter.data / "demo/2026Q3/yuetan/zfb.html").read_text("utf-8")
    assert "草稿" not in paper
    assert f"约谈事由：办公室决定（问题反弹）。批准：{LEADER}，虚构文号〔2026〕7号（2026年11月20日登记）" in paper
    assert "处已整改并经复查通过" in paper, "what was repaired is listed no more"
    assert quarter.run("pack", "demo") == 0
    given = quarter.data / "demo/2026Q3/pack/round-2026Q3"
    assert run_cli(["verify", str(given)]) == 0
    assert all((given / name).is_dir() for name in ("yuetan", "复查", "evidence", "cards", "单位整改表"))


def _next_quarter(quarter: Quarter, capsys: pytest.CaptureFixture[str]) -> None:
    """A second crawl of the site as it is now: what was repaired stays away, what was closed has come back."""
    quarter.replica.restore(ATTACHED)
    quarter.on("2027-01-04")
    words = ("--round", "2026Q4", "--cutoff", "2026-12-31", "--person", DECIDER)
    assert quarter.run("round", "open", "demo", *words) == 0
    now = ("--no-browser", "--round", "2026Q4", "--as-of", "2026-12-31")
    assert quarter.run("run", "demo", *now) == Exit.USAGE  # a waiver has run out: the office renews or strikes it
    assert "waivers.toml" in capsys.readouterr().err
    folder = str(quarter.renewed("valid_to = 2026-10-31", "valid_to = 2026-12-31"))
    assert quarter.run("run", folder, *now) == Exit.FINDINGS
    assert "规则 column-stale" in capsys.readouterr().err  # it still accuses in a case that was lost
    with open_desk("demo", "2026Q4", quarter.data, writing="test") as desk:
        assert desk.take_in()
        assert desk.machine().as_of.date() == date(2026, 12, 31)
        lost = {c.identity for c in desk.cases().values() if c.lost}
    assert lost == {quarter.case("column-stale", "hesui-gzdt").identity}
    capsys.readouterr()
    assert quarter.run("diff", "demo", "2026Q3", "2026Q4", "--json") == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    kinds = {c["identity"]: c["kind"] for c in told["changes"]}
    expected = {
        ("column-missing", "cgzb"): "fixed",
        ("field-catalogue-missing", "rsj/"): "fixed",
        ("link-dead", ATTACHED): "relapsed",  # closed by the re-check, dead again
        ("item-undated", UNDATED): "standing",
        ("named-platform-missing", "solicitation-platform"): "standing",
        ("column-stale", "hesui-gzdt"): "new",  # its accusation of the third quarter did not stand
    }
    found = {key: kinds[quarter.case(*key).identity] for key in expected}
    assert found == expected
    assert told["counts"]["standing"] > 20
    assert quarter.run("history", "demo", "--findings", "--json") == 0
    seen = json.loads(capsys.readouterr().out)
    assert [r["round"] for r in seen["rounds"]] == ["2026Q3", "2026Q4"]
    assert {s["identity"]: s["reopened"] for s in seen["findings"]}[quarter.case("link-dead", ATTACHED).identity] == 1
    assert quarter.run("round", "log", "demo") == 0
