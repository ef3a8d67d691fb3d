"""What the tool could not tell becomes a finding only by a person's own fact, and never in the tool's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from office import FIRST, Office, failed
from openpyxl import load_workbook

from audit.errors import AuditError, Exit
from audit.history.store import Entry
from audit.review.app import Reviewer
from audit.rounds import review
from audit.rounds.cases import Case
from audit.rounds.config import Precision, Review
from audit.rounds.stated import Unfit, assertion, statement
from audit.rounds.states import State
from checks.engine import SHOWN_P
from checks.outcomes import Outcome, Reason
from checks.rule import catalogue
from checks.verdicts import Evidence, Finding

FACT, PROOF, DAY = "手机打开该账号，最近一条为7月2日发布", "https://example.cn/account", "2026-10-08"


def unmeasured(office: Office) -> Case:
    with office.desk() as desk:
        return next(
            c for c in desk.cases().values() if c.unmeasured and not c.gap and c.stake and not c.second_needed
        )


def outcome(office: Office, case: Case) -> Finding:
    with office.desk() as desk:
        return next(f for f in desk.confirmed().findings if f.fingerprint == case.lead.fingerprint)


def test_a_bare_confirmation_is_refused_everywhere(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = unmeasured(office)
    with pytest.raises(AuditError, match="人工核查事实"):
        review.confirm(case, FIRST)
    with office.desk() as desk, pytest.raises(AuditError, match="核查日期"):
        Reviewer(desk, FIRST, False).act({"id": case.identity, "act": "confirm", "seen": str(case.state)})
    path = tmp_path / "初审.xlsx"
    words = ("review", "shiliqu", "--person", FIRST)
    assert office.run(*words, "--export", str(path)) == 0
    book = load_workbook(path)
    sheet = book.worksheets[0]
    row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 1).value == case.identity)
    sheet.cell(row, 11, "确认")
    book.save(path)
    assert office.run(*words, "--import", str(path)) == Exit.USAGE
    said = capsys.readouterr().err.replace("\n", "")
    assert f"O{row}" in said
    assert "核查依据（网址或文件）" in said
    assert outcome(office, case).outcome is Outcome.CANNOT_TELL
    for column, value in ((15, FACT), (16, PROOF), (17, date.fromisoformat(DAY))):
        sheet.cell(row, column, value)
    book.save(path)
    assert office.run(*words, "--import", str(path)) == 0
    found = outcome(office, case)
    assert found.outcome is Outcome.FAILED
    assert found.points == case.lead.at_stake
    assert found.message == f"人工核查认定：{FACT}（核查人：{FIRST}，{DAY}；依据：{PROOF}）。"


def test_a_confirmation_of_old_without_a_fact_costs_nothing(office: Office) -> None:
    case = unmeasured(office)
    with office.desk("test") as desk:
        desk.decide(FIRST, review.FIRST, [Entry("finding.confirmed", case.identity, State.CONFIRMED, "", {})])
        assert not any(s.veto for s in desk.confirmed().scores)
    assert outcome(office, case).outcome is Outcome.CANNOT_TELL
    assert outcome(office, case).points == 0


@pytest.mark.parametrize(
    ("fact", "proof", "day", "why"),
    [
        ("", PROOF, DAY, "人工核查事实"),
        (FACT, "", DAY, "核查依据"),
        (FACT, PROOF, "昨天", "不是日期"),
        (FACT, PROOF, "2027-01-01", "今天之后"),
        ("没有发布清单，无法判定是否更新。", PROOF, DAY, "照抄"),
        ("没有发布清单无法判定是否更新", PROOF, DAY, "照抄"),
        ("没有发布清单，无法判定更新。", PROOF, DAY, "照抄"),
        ("该项确实存在问题，情况属实。", PROOF, DAY, "看到了什么"),
        ("经人工核实，该栏目不符合要求。", PROOF, DAY, "看到了什么"),
        ("这个账号的运营令人遗憾", PROOF, DAY, "看到了什么"),
        ("最近一条可能是7月2日发布", PROOF, DAY, "推测"),
        ("最近一条是不是7月2日发布？", PROOF, DAY, "推测"),
        ("长" * 200 + "7月", PROOF, DAY, "不超过 200 字"),
        (FACT, "http://" + "a" * 300, DAY, "不超过 300 字"),
        (FACT, "看过网站", DAY, "据以找到"),
        ("名单第3行有手机号13800138000", PROOF, DAY, "手机号"),
        (FACT, "《名单》身份证号11010519491231002X", DAY, "身份证号"),
    ],
)
def test_a_statement_is_a_fact_with_a_place_and_a_day(fact: str, proof: str, day: str, why: str) -> None:
    told = replace(
        failed("column-stale", "dzz"), outcome=Outcome.CANNOT_TELL, message="没有发布清单，无法判定是否更新。"
    )
    with pytest.raises(AuditError, match=why):
        statement(told, fact, proof, day, date(2026, 10, 8))


@pytest.mark.parametrize(
    ("fact", "proof"),
    [
        (FACT, PROOF),
        ("栏目页只有标题，没有内容", "https://example.cn/list/"),
        ("点开后为空白页", "截图001.png"),
        ("最近一条是《关于防汛的通知》，6月3日", "《核查记录》第2页"),
        ("共三条，均为去年发布", "青政办发〔2026〕3号附件"),
    ],
)
def test_wording_is_left_to_the_reviewer(fact: str, proof: str) -> None:
    told = replace(failed("column-stale", "dzz"), outcome=Outcome.CANNOT_TELL, message="没有发布清单，无法判定。")
    assert statement(told, f" {fact} ", proof, DAY, date(2026, 10, 8)).fact == fact


def test_the_question_of_the_rule_is_no_answer_to_it() -> None:
    rule = next(r for r in catalogue().values() if r.question)
    told = replace(failed("column-stale", "dzz"), rule=rule.id, outcome=Outcome.CANNOT_TELL, message="无法判定。")
    with pytest.raises(Unfit, match="照抄") as refused:
        statement(told, rule.question, PROOF, DAY, date(2026, 10, 8))
    assert refused.value.field == "人工核查事实"


def asking(rule: str, message: str, **more: object) -> Finding:
    base = replace(
        failed("column-stale", "dzz"), rule=rule, outcome=Outcome.CANNOT_TELL, review=True, message=message,
        reason=str(Reason.NEEDS_JUDGEMENT), evidence=(Evidence("http://a/", "ab"),),
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def test_clues_with_a_question_become_an_assertion() -> None:
    told = "“补贴发放公示”疑似含个人信息1处：身份证号110*02X（已打码），请立即核实。"
    assert (
        assertion(asking("personal-data-exposed", told)) == "“补贴发放公示”含个人信息1处：身份证号110*02X（已打码）。"
    )
    assert assertion(asking("column-misfiled", "需核实：“请示，是否”有1处与栏目不符的迹象。")).startswith(
        "“请示，是否”有1处"
    )
    assert assertion(asking("link-dead", "页面打不开。" + SHOWN_P)) == "页面打不开。"


@pytest.mark.parametrize(
    "found",
    [
        asking("personal-data-exposed", "“公示”疑似含个人信息1处。", evidence=()),
        asking("account-noninteractive", "请用手机打开微信“示例”核对：有无留言，菜单是否有效。"),
        asking("connection-outdated", "无法判定：www.example.gov.cn的HTTPS证书尚未测得。"),
        asking("account-stale", "没有发布清单，无法判定是否更新。", reason=str(Reason.REGISTER_MISSING)),
        asking("site-unreachable", "无法判定：应探测140次，有效探测0次。", reason=str(Reason.SAMPLE_SHORT)),
        asking("search-misses-title", "需人工试用：本工具不提交查询。请用下列标题搜索，核对是否都在第一页：甲。"),
    ],
)
def test_what_was_not_measured_asserts_nothing(found: Finding) -> None:
    assert assertion(found) == ""


def test_a_batch_says_what_it_left_out(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    with office.desk() as desk:
        cases = desk.cases()
        sure = {c.lead.rule for c in cases.values() if c.lead.outcome is Outcome.FAILED and not c.second_needed}
        rule = next(
            c.lead.rule for c in cases.values() if c.lead.outcome is not Outcome.FAILED and c.lead.rule in sure
        )
        left = sum(c.lead.rule == rule and c.lead.outcome is not Outcome.FAILED for c in cases.values())
    seen = Precision(rule=rule, sample=99, false_positives=0, labelled_on=date(2026, 8, 1), labelled_by="标注人")
    office.workflow = office.workflow.model_copy(update={"review": Review(precision=(seen,), double_share=0)})
    assert office.run("review", "shiliqu", "--person", FIRST, "--batch", rule) == 0
    assert f"未确认 {left} 个机器未能判定、曾经申诉成立或抽中双人复核的事项" in capsys.readouterr().out.replace(
        "\n", ""
    )
    with office.desk() as desk:
        kept = [c for c in desk.cases().values() if c.lead.rule == rule and c.lead.outcome is not Outcome.FAILED]
        assert {c.state for c in kept} == {State.DETECTED}
