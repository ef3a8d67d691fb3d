"""Grouping and numbering of findings."""

from __future__ import annotations

from dataclasses import replace

import report_factory as factory

from checks.outcomes import Outcome
from reports.issues import ANNEX_FROM, Fault, Issue, Level, address, docket
from reports.remedies import general, shared_remedy
from reports.view import RoundView, RuleInfo


def test_every_open_finding_belongs_to_exactly_one_problem(view: RoundView) -> None:
    items = docket(view)
    prints = [f for issue in items.issues for f in issue.fingerprints]
    wanted = [f.fingerprint for f in view.findings if f.outcome in (Outcome.FAILED, Outcome.CANNOT_TELL)]
    assert sorted(prints) == sorted(wanted)
    assert len({i.number for i in items.issues}) == len(items.issues)


def test_one_fault_under_two_standards_is_one_problem(view: RoundView) -> None:
    stale = next(i for i in docket(view).open("zfb") if i.rule.id == "column-stale")
    assert len(stale.faults) == 1
    assert [b.standard.id for b in stale.bases()] == ["gov-site-2019", "plan-2026"]
    assert stale.points("gov-site-2019") == 5
    assert stale.points("plan-2026") == 3


def test_many_pages_of_one_column_become_an_annex(view: RoundView) -> None:
    links = [i for i in docket(view).open("sjj") if i.rule.id == "link-dead"]
    assert [len(i.faults) for i in links] == [12]
    few = [i for i in docket(view).open("mzj") if i.rule.id == "link-dead"]
    assert len(few) < ANNEX_FROM
    assert all(len(i.faults) == 1 for i in few)


def test_vetoes_come_first_and_undecided_items_have_their_own_series(view: RoundView) -> None:
    issues = docket(view).by_unit["xzz"]
    assert issues[0].level is Level.VETO
    assert issues[0].number == "SHI-2026Q3-xzz-0001"
    assert [i.number for i in issues if i.pending] == ["SHI-2026Q3-xzz-H0001", "SHI-2026Q3-xzz-H0002"]


def test_numbers_do_not_depend_on_the_order_of_findings(view: RoundView) -> None:
    turned = docket(replace(view, findings=tuple(reversed(view.findings))))
    assert [(i.number, sorted(i.fingerprints)) for i in turned.issues] == [
        (i.number, sorted(i.fingerprints)) for i in docket(view).issues
    ]


def test_a_waived_fault_is_shown_but_not_open(view: RoundView) -> None:
    items = docket(view)
    waived = items.waived("wjj")
    assert [i.rule.id for i in waived] == ["column-stale"]
    assert waived[0] not in items.open("wjj")
    assert waived[0].points("gov-site-2019") == 0


def test_a_rule_that_is_not_adopted_never_reads_as_a_deduction(view: RoundView) -> None:
    meta = [i for i in docket(view).open() if i.rule.id == "meta-missing"]
    assert len(meta) == len(factory.UNITS)
    assert {i.level for i in meta} == {Level.ADVICE}


def test_an_address_is_never_an_id(view: RoundView) -> None:
    shown = [address(f) for f in view.findings]
    assert all("://" in a for a in shown if a)
    missing = replace(view.findings[0], url="", subject="cgzb", evidence=(), data={"trail": ["http://a.gov.cn/"]})
    assert address(missing) == "http://a.gov.cn/"
    assert address(replace(missing, data={})) == ""


def test_a_clause_that_two_standards_share_is_told_once(view: RoundView) -> None:
    for issue in docket(view).issues:
        texts = [c.text for c in issue.clauses()]
        assert len(texts) == len(set(texts))
        assert sum(len(c.bases) for c in issue.clauses()) == len(issue.bases())
        assert all(text in issue.legal for text in texts)


def test_a_remedy_for_several_names_only_what_they_share() -> None:
    rule = RuleInfo("r", "r", fix="打开“{title}”，不少于{limit}天。", recheck="{host}在{limit}天内可用。")
    one, two = (replace(factory.findings()[0], data={"title": f"t{n}", "limit": 7}) for n in (1, 2))
    issues = [Issue("A", "u", rule, Outcome.FAILED, Level.ADVICE, (Fault(f, ()),)) for f in (one, two)]
    fix, recheck = shared_remedy(rule, issues)
    assert fix == "打开“〔标题〕”，不少于7天。"
    assert recheck == "〔域名〕在7天内可用。"
    assert general(rule, issues[:1])["title"] == "〔标题〕", "a rule as such names no single problem"


def test_advice_that_differs_is_told_piece_by_piece() -> None:
    rule = RuleInfo("r", "r", fix="1. {how}。", recheck="重新测试。")
    told = ("给图片填写替代文字", "给链接写明用途", "给链接写明用途")
    found = [replace(factory.findings()[0], data={"how": how}) for how in told]
    issues = [Issue("A", "u", rule, Outcome.FAILED, Level.ADVICE, (Fault(f, ()),)) for f in found]
    assert shared_remedy(rule, issues)[0] == "1. 给图片填写替代文字；给链接写明用途。"
