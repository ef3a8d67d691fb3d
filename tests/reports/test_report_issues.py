"""Grouping and numbering of findings."""

from __future__ import annotations

from dataclasses import replace

import report_factory as factory

from checks.outcomes import Outcome
from reports.issues import ANNEX_FROM, Level, docket
from reports.view import RoundView


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
