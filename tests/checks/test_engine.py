"""The engine: stamping, lowering, waivers, the N/A register, broken rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from checks import rule as registry
from checks.engine import judge
from checks.outcomes import Outcome, Reason
from checks.rule import Logic, NoParams, Params, Rule, Status, number
from checks.scoring import score_all
from checks.standards import validate
from checks.tiny import tiny
from checks.verdicts import Verdict, cannot_tell, failed, passed
from config.district import Adoption, Column, NotApplicable, Unit, UnitGroup, Waiver
from config.standard import Binding, ClauseClass, Confidence, Group, Guard, Indicator, IndicatorKind, Standard, State

TOWN = Unit(unit_id="town", name_short="某镇", group=UnitGroup.TOWN, scored=True, has_public_service=False)


class Days(Params):
    days: int = number("期限", unit="天", default=14, stricter="lower")


def rule(function, params=NoParams, rule_id="r", **more) -> Rule:
    fields = {
        "id": rule_id,
        "version": 3,
        "title": "名称",
        "topic": "t",
        "logic": Logic.EXISTS,
        "guard": "",
        "params": params,
        "absence": False,
        "status": Status.STABLE,
        "manual": False,
        "legal": ("依据",),
        "messages": {"failed": "超{over}天", "passed": "正常"},
        "why": "",
        "fix": "",
        "recheck": "",
        "question": "",
        "examples": (),
        "aliases": ("old-name",),
        "past": (),
        "function": function,
    }
    return Rule(**{**fields, **more})


def fails(snapshot, params) -> Iterator[Verdict]:
    yield failed("col", unit="town", column="col", data={"over": 3})


def fails_a_column(snapshot, params) -> Iterator[Verdict]:
    yield failed("col", column="col", data={"over": 3})


def book(*rules: Binding, kind=IndicatorKind.DEDUCT, **more) -> Standard:
    fields = {
        "id": "D09",
        "title": "指标",
        "group": "g",
        "clause": "条款",
        "kind": kind,
        "confidence": Confidence.A,
        "rules": rules or (Binding(rule="r", points=Decimal(5)),),
    }
    guards = more.pop("guards", ())
    return Standard(
        id="s",
        title="标准",
        edition="版",
        effective_from=date(2019, 4, 1),
        groups=(Group(id="g", title="组"),),
        indicators=(Indicator.model_validate({**fields, **more}),),
        guards=guards,
    )


def one(standard: Standard, function=fails, **district):
    result = judge(tiny(units=(TOWN,), district=district), [standard], {"r": rule(function)})
    (found,) = result.findings
    return found


def test_a_finding_carries_identity_and_sentence() -> None:
    found = one(book())
    assert (found.message, found.points, found.indicator, found.rule_version) == ("超3天", Decimal(5), "s/D09", 3)
    again = one(book())
    assert (found.fingerprint, found.identity) == (again.fingerprint, again.identity)
    assert found.fingerprint != found.identity


def test_who_answers_when_a_rule_names_nobody() -> None:
    """The owner of the column; the portal's owner where the column has none or there is no column."""
    own = Column(column_id="col", label="留言选登", unit_id="town")
    assert one(book(), fails_a_column, columns=(own,)).unit == "town"
    assert one(book(), fails_a_column, columns=(own.model_copy(update={"unit_id": ""}),)).unit == "zfb"
    assert one(book(), fails_a_column).unit == "zfb"


def test_class_p_lowers_failed_to_a_question_for_a_person() -> None:
    found = one(book(Binding(rule="r", points=Decimal(5), clause_class=ClauseClass.P)))
    assert (found.outcome, found.review, found.reason, found.points) == (
        Outcome.CANNOT_TELL,
        True,
        Reason.NEEDS_JUDGEMENT,
        0,
    )


def test_unadopted_indicators_show_but_cost_nothing() -> None:
    zero = book(state=State.ZERO, confidence=Confidence.C)
    assert one(zero).points == 0
    adoption = Adoption(standard="s", indicators=("D09",), document="某办〔2026〕1号", decided_on=date(2026, 7, 1))
    assert one(zero, adoptions=(adoption,)).points == 5
    later = adoption.model_copy(update={"decided_on": date(2026, 12, 1)})
    assert one(zero, adoptions=(later,)).points == 0


def test_a_waiver_is_shown_and_costs_nothing() -> None:
    waiver = Waiver(
        rule="old-name",
        unit="town",
        reason="平台迁移",
        legal_basis="会议纪要",
        approver="负责人",
        valid_from=date(2026, 9, 1),
        valid_to=date(2026, 9, 30),
    )
    found = one(book(), waivers=(waiver,))
    assert (found.outcome, found.points) == (Outcome.FAILED, 0)
    assert "平台迁移" in found.waived
    expired = waiver.model_copy(update={"valid_to": date(2026, 9, 29)})
    assert one(book(), waivers=(expired,)).points == 5


def test_the_register_makes_inapplicable() -> None:
    entry = NotApplicable(unit="town", rule="r", reason="无此职能", approver="负责人", valid_to=date(2026, 12, 31))
    found = one(book(), not_applicable=(entry,))
    assert found.outcome is Outcome.INAPPLICABLE
    assert "无此职能" in found.message
    other = entry.model_copy(update={"unit": "zfb"})
    assert one(book(), not_applicable=(other,)).outcome is Outcome.FAILED


def test_units_without_public_services() -> None:
    assert one(book(needs_public_service=True)).outcome is Outcome.INAPPLICABLE


def test_verdicts_on_units_the_indicator_does_not_concern_are_dropped() -> None:
    result = judge(tiny(units=(TOWN,)), [book(units=("zfb",))], {"r": rule(fails)})
    assert result.findings == ()


@pytest.mark.parametrize(
    ("named", "translated", "concerned"),
    [
        (("镇街",), {}, True),
        (("政府组成部门",), {}, False),
        (("yunhe",), {}, False),
        (("yunhe",), {"yunhe": ("town",)}, True),
        (("town",), {"town": ()}, False),
    ],
)
def test_a_standard_names_units_by_group_or_by_another_districts_id(named, translated, concerned) -> None:
    snapshot = tiny(units=(TOWN,), district={"standard_units": translated})
    result = judge(snapshot, [book(units=named)], {"r": rule(fails)})
    assert bool(result.findings) is concerned
    scores = score_all(result.findings, [book(units=named)], snapshot.district, snapshot.today)
    line = next(s for s in scores if s.unit == "town").lines[0]
    assert ("不属于该单位职责" in line.note) is not concerned


def test_a_rule_that_raises_is_recorded_and_accuses_nobody() -> None:
    def breaks(snapshot, params) -> Iterator[Verdict]:
        yield failed("a", data={"over": 1})
        raise ValueError("坏了")

    result = judge(tiny(), [book()], {"r": rule(breaks)})
    assert [e.rule for e in result.errors] == ["r"]
    assert "ValueError: 坏了" in result.errors[0].message
    (found,) = result.findings
    assert (found.outcome, found.points, found.subject) == (Outcome.CANNOT_TELL, 0, "rule:r")


def test_a_sentence_without_its_figure_is_an_error_of_the_rule() -> None:
    def forgets(snapshot, params) -> Iterator[Verdict]:
        yield failed("a")

    assert judge(tiny(), [book()], {"r": rule(forgets)}).errors


def test_a_rule_runs_once_per_set_of_parameters() -> None:
    runs = []

    def counts(snapshot, params) -> Iterator[Verdict]:
        runs.append(params.days)
        yield passed("a")

    catalogue = {"r": rule(counts, Days)}
    same = book(), book().model_copy(update={"id": "s2"})
    judge(tiny(), same, catalogue)
    assert runs == [14]
    judge(tiny(district={"overrides": {"r": {"days": 7}}}), same, catalogue)
    assert runs == [14, 7]


def test_the_worse_of_two_verdicts_on_one_subject_stands() -> None:
    def twice(snapshot, params) -> Iterator[Verdict]:
        yield passed("a")
        yield failed("a", data={"over": 1})
        yield cannot_tell("a", Reason.UNDATED)

    (found,) = judge(tiny(), [book()], {"r": rule(twice)}).findings
    assert found.outcome is Outcome.FAILED


def test_standards_out_of_force_are_not_judged() -> None:
    old = book().model_copy(update={"effective_to": date(2026, 9, 29)})
    assert judge(tiny(), [old], {"r": rule(fails)}).findings == ()


@pytest.mark.parametrize(
    ("standard", "overrides", "where", "says"),
    [
        (book(Binding(rule="rr")), {}, "indicators[D09].rules[0]", "未知规则“rr”"),
        (book(Binding(rule="r", params={"day": 1})), {}, "indicators[D09].rules[0].params.day", "没有参数“day”"),
        (book(Binding(rule="r", params={"days": "x"})), {}, "indicators[D09].rules[0].params.days", "参数值不可用"),
        (book(group="h"), {}, "indicators[D09].group", "未知分组“h”"),
        (
            book(guards=(Guard(rule="r", param="days", max=Decimal(14), reason="19号"),)),
            {"r": {"days": 30}},
            "indicators[D09].rules[0].params.days",
            "取值 30 违反底线：须不大于 14（19号）",
        ),
        (book(), {"r": {"dayz": 1}}, "overrides.r.dayz", "没有参数“dayz”"),
        (book(), {"nothing": {}}, "overrides.nothing", "未知规则“nothing”"),
        (book(guards=(Guard(rule="x", param="days", reason=""),)), {}, "guards[x.days]", "未知规则“x”"),
    ],
)
def test_standards_that_cannot_be_judged_are_refused(standard, overrides, where, says) -> None:
    problems = validate(standard, tiny(district={"overrides": overrides}).district, {"r": rule(fails, Days)})
    assert any(p.where == where and says in p.message for p in problems), problems


def test_stricter_than_the_guard_is_allowed() -> None:
    standard = book(guards=(Guard(rule="r", param="days", max=Decimal(14), reason="19号"),))
    district = tiny(district={"overrides": {"old-name": {}, "r": {"days": 7}}}).district
    assert validate(standard, district, {"r": rule(fails, Days)}) == ()


def test_rules_register_once() -> None:
    some = next(iter(registry.catalogue()))
    with pytest.raises(ValueError, match="registered twice"):
        registry.rule(
            some,
            version=1,
            title="",
            topic="",
            logic="E",
            legal=(),
            messages={},
            why="",
            fix="",
            recheck="",
            examples=(),
        )(fails)
