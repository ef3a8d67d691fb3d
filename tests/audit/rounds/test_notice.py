"""Interview papers of a round: drafts of the machine before the freeze, the sealed result afterwards."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import report_factory as factory
from office import Office, failed
from selectolax.lexbor import LexborHTMLParser

from audit import jobs
from audit.errors import Exit
from audit.files import add_to_pack, quoting, retire
from audit.rounds import review
from audit.rounds.cases import Case
from audit.rounds.states import State
from checks.outcomes import Outcome

FIRST, SECOND, DECIDER, THIRD = "初审人甲", "复核人乙", "审定人丁", "经办人丙"
UNIT, LEADER = "dzz", "分管负责人己"


@pytest.fixture
def desk_office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    for name, value in (("load_district", lambda ref, **_: factory.district()),
                        ("load_standards_for", lambda district: factory.standards())):  # fmt: skip
        monkeypatch.setattr(jobs, name, value)
    monkeypatch.setattr("audit.stages.validate", lambda standard, district: ())
    return office


def write(office: Office, *more: str) -> int:
    return office.run("notice", "shiliqu", "--unit", UNIT, "--no-pdf", *more)


def told(office: Office, name: str = f"{UNIT}.html") -> str:
    text = LexborHTMLParser((office.folder / "yuetan" / name).read_text("utf-8")).body.text()  # type: ignore[union-attr]
    return re.sub(r"\s+", "", text)


def freeze(office: Office, rejected: str) -> None:
    with office.desk("test") as desk:
        cases = desk.cases().values()
        out = [c for c in cases if c.identity == rejected]
        kept = [c for c in cases if not c.gap and c.identity != rejected and c.lead.outcome is Outcome.FAILED]
        desk.decide(FIRST, review.FIRST, [review.confirm(c, FIRST) for c in kept])
        desk.decide(FIRST, review.FIRST, [review.reject(c, FIRST, "date", "日期读错") for c in out])
        waiting = [c for c in desk.cases().values() if c.state is State.SECOND]
        desk.decide(SECOND, review.SECOND, [review.second(c, SECOND, True) for c in waiting])
    office.on("2026-10-13")
    assert office.run("round", "draft", "shiliqu", "--person", DECIDER) == 0
    office.on("2026-10-21")
    assert (
        office.run("round", "freeze", "shiliqu", "--person", DECIDER, "--why", "会议决定提前冻结", "--leave-pending")
        == 0
    )


def listed(office: Office) -> str:
    tree = LexborHTMLParser((office.folder / "yuetan" / f"{UNIT}.html").read_text("utf-8"))
    return "".join(n.text() for n in tree.css("section[aria-label='附件2 问题清单']"))


def case(office: Office, identity: str) -> Case:
    with office.desk() as desk:
        return desk.cases()[identity]


def test_before_the_freeze_every_page_says_draft(desk_office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert write(desk_office) == 0
    assert "尚未冻结" in capsys.readouterr().err
    assert "草稿·机器初判" in told(desk_office)
    assert "〔填：约谈事由、批准人和批准日期〕" in told(desk_office)


def test_after_the_freeze_the_papers_quote_the_sealed_result(
    desk_office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = failed("column-stale", UNIT)
    assert write(desk_office) == 0
    assert wrong.message in listed(desk_office)
    freeze(desk_office, wrong.identity)
    assert write(desk_office) == 0
    said = capsys.readouterr().err
    assert "frozen-1" in said and "只有一人确认" in said
    papers = [p.name for p in (desk_office.folder / "yuetan").glob("*.html")]
    assert "个问题只有一人确认，须第二人复核" in told(desk_office)
    second = ("interview", "second", "shiliqu", UNIT, "--person", SECOND, "--why", "核对证据")
    assert desk_office.run(*second) == 0
    assert write(desk_office) == 0
    assert all("草稿·约谈的批准尚未登记" in told(desk_office, name) for name in papers)
    approve(desk_office)
    assert write(desk_office) == 0
    assert all("草稿" not in told(desk_office, name) for name in papers)
    assert wrong.message not in listed(desk_office)
    with desk_office.desk() as desk:
        row = desk.history.latest("shiliqu", "2026Q3", "frozen")
        assert row is not None
        score = next(s for s in desk.history.judgement(row.id).scores if s.unit == UNIT)
    assert f"得{score.upper.normalize():f}分" in told(desk_office) or "–" in told(desk_office)
    desk_office.on("2026-11-20")  # the round is found although the quarter is over
    before = (desk_office.folder / "yuetan" / f"{UNIT}.html").read_bytes()
    assert write(desk_office) == 0
    assert (desk_office.folder / "yuetan" / f"{UNIT}.html").read_bytes() == before


def test_appeals_and_repairs_since_the_seal_are_told(desk_office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    freeze(desk_office, "")
    desk_office.on("2026-10-22")
    assert (
        desk_office.run("round", "release", "shiliqu", "--person", DECIDER, "--approval", "示政办批〔2026〕9号") == 0
    )
    appealed = failed("column-stale", UNIT)
    words = ("--ground", "fetch", "--text", "实有内容", "--signed-by", "单位负责人", "--person", THIRD)
    assert desk_office.run("appeal", "add", "shiliqu", "--finding", appealed.identity, *words) == 0
    mended = next(
        f for f in factory.findings() if f.unit == UNIT and f.outcome is Outcome.FAILED and f.rule == "link-dead"
    )
    form = ("--url", mended.url, "--action", "已修复", "--done", "2026-10-22", "--person", "责任人")
    assert desk_office.run("rectify", "shiliqu", "--finding", mended.identity, *form) == 0
    assert write(desk_office) == 0
    assert "申诉尚未决定" in capsys.readouterr().err
    assert "1项问题处于申诉期，未列入" in told(desk_office)
    assert appealed.message not in listed(desk_office)
    assert "申报整改1处" in told(desk_office)
    assert "10-22" in told(desk_office)
    end = ("--reason", "核对原文", "--person", DECIDER, "--opinion-by", SECOND)
    assert desk_office.run("appeal", "decide", "shiliqu", "SS-2026Q3-001", "--result", "成立", *end) == 0
    assert write(desk_office) == Exit.USAGE  # the sealed result says otherwise until it is corrected
    assert "round erratum" in capsys.readouterr().err
    assert desk_office.run("round", "erratum", "shiliqu", "--person", DECIDER, "--why", "申诉成立") == 0
    assert write(desk_office) == 0
    assert appealed.message not in listed(desk_office)
    assert "申诉期" not in told(desk_office).replace("不含处于申诉期的问题", "")


def test_nobody_is_interviewed_over_a_veto_that_is_under_appeal(
    desk_office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    freeze(desk_office, "")
    desk_office.on("2026-10-22")
    assert desk_office.run("round", "release", "shiliqu", "--person", DECIDER, "--approval", "示例批文") == 0
    veto = failed("column-empty", "czj")
    words = ("--ground", "fetch", "--text", "实有内容", "--signed-by", "单位负责人", "--person", THIRD)
    assert desk_office.run("appeal", "add", "shiliqu", "--finding", veto.identity, *words) == 0
    capsys.readouterr()
    assert desk_office.run("notice", "shiliqu", "--unit", "czj", "--no-pdf") == Exit.USAGE
    assert "等次取决于它们" in capsys.readouterr().err
    assert write(desk_office) == 0, "another unit is not concerned"


def test_a_recorded_proposal_is_the_ground(desk_office: Office) -> None:
    freeze(desk_office, "")
    why = ("--person", DECIDER, "--why", "问题反复出现")
    assert desk_office.run("interview", "propose", "shiliqu", UNIT, *why) == 0
    assert write(desk_office) == 0
    assert "约谈事由：办公室决定（问题反复出现）。批准：〔填：批准人、批准文号和日期〕。" in told(desk_office)
    assert write(desk_office, "--ground", "经研究（示例）") == 0
    assert "经研究（示例）。批准：〔填：批准人、批准文号和日期〕。" in told(desk_office)


def approve(office: Office) -> None:
    first = ("interview", "propose", "shiliqu", UNIT, "--person", DECIDER, "--why", "问题反复出现")
    assert office.run(*first) == 0
    step = ("interview", "step", "shiliqu", UNIT)
    assert office.run(*step, "section", "--person", "科长戊", "--why", "同意上报") == 0
    assert office.run(*step, "approved", "--person", LEADER, "--why", "示政办批〔2026〕12号") == 0


def test_the_papers_name_who_proposed_and_approved_and_leave_blanks_before(
    desk_office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    freeze(desk_office, "")
    table = "约谈的提出、审核与批准"
    assert desk_office.run("interview", "second", "shiliqu", UNIT, "--person", SECOND, "--why", "核对证据") == 0
    assert write(desk_office) == 0
    assert f"{table}（空白处尚未登记，须填写后使用）" in told(desk_office)
    assert told(desk_office).count("〔填：姓名〕〔填：日期〕〔填：意见、文号〕") == 3
    assert all(
        "草稿·约谈的批准尚未登记" in told(desk_office, f"{UNIT}{n}.html") for n in ("", "-一页纸", "-约谈通知")
    )
    first = ("interview", "propose", "shiliqu", UNIT, "--person", DECIDER, "--why", "问题反复出现")
    assert desk_office.run(*first) == 0
    proposal = told(desk_office, f"{UNIT}-建议.html")
    assert f"提出约谈建议{DECIDER}2026年10月21日见第一部分科室负责人审核____" in proposal
    step = ("interview", "step", "shiliqu", UNIT)
    assert desk_office.run(*step, "section", "--person", "科长戊", "--why", "同意上报") == 0
    capsys.readouterr()
    number = "示政办批〔2026〕12号"
    for who, why, said in ((LEADER, "同意", "文号或日期"), (DECIDER, number, "另一人"), ("科长戊", number, "另一人")):
        assert desk_office.run(*step, "approved", "--person", who, "--why", why) == Exit.USAGE
        assert said in capsys.readouterr().err
    assert write(desk_office) == 0
    assert told(desk_office).count("〔填：姓名〕〔填：日期〕〔填：意见、文号〕") == 1
    assert desk_office.run(*step, "approved", "--person", LEADER, "--why", number) == 0
    assert write(desk_office) == 0
    paper = told(desk_office)
    assert "草稿" not in paper and f"{table}（空白处" not in paper
    assert f"提出约谈建议{DECIDER}2026-10-21问题反复出现科室负责人审核科长戊2026-10-21同意上报" in paper
    assert f"批准：{LEADER}，{number}（2026年10月21日登记）。" in told(desk_office, f"{UNIT}-约谈通知.html")


def test_papers_of_an_older_judgement_go_unless_somebody_worked_on_them(tmp_path: Path) -> None:
    add_to_pack(tmp_path / "y", [("a.html", b"1"), ("b.docx", b"2")], quoting("old"))
    (tmp_path / "y" / "b.docx").write_bytes(b"edited")
    assert retire(tmp_path / "y", quoting("old")) == []
    assert (tmp_path / "y" / "a.html").exists()
    assert retire(tmp_path / "y", quoting("new")) == ["b.docx"]
    assert [p.name for p in (tmp_path / "y").iterdir()] == ["b.docx"]
    add_to_pack(tmp_path / "z", [("a.html", b"1")], quoting("old", sealed=True))
    assert retire(tmp_path / "z", quoting("new"), "machine:") == []
    assert json.loads((tmp_path / "z" / "manifest.json").read_bytes())["files"]
