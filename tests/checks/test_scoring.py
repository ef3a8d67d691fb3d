"""Scores: the national worked example, caps, exclusions, ranges; and what must hold for any findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from checks.flow import Charge, charge
from checks.outcomes import Outcome
from checks.scoring import grade, rank, score
from checks.tiny import tiny
from checks.verdicts import Finding
from config.district import Unit, UnitGroup
from config.standard import Binding, Confidence, Group, Indicator, IndicatorKind, Standard

DAY = date(2026, 9, 30)
_numbers = count()


def indicator(key: str, points: str, **more: object) -> Indicator:
    fields: dict[str, object] = {
        "id": key,
        "title": key,
        "group": "g",
        "clause": "测试",
        "kind": IndicatorKind.DEDUCT,
        "confidence": Confidence.A,
        "rules": (Binding(rule="r", points=Decimal(points)),),
    }
    return Indicator.model_validate({**fields, **more})


def standard(*indicators: Indicator, **more: object) -> Standard:
    fields: dict[str, object] = {
        "id": "s",
        "title": "测试标准",
        "edition": "测试",
        "effective_from": date(2019, 4, 1),
        "groups": (
            Group(id="g", title="组"),
            Group(id="service", title="办事服务", weight=25, needs_public_service=True),
        ),
        "indicators": indicators,
    }
    return Standard.model_validate({**fields, **more})


def finding(
    key: str, outcome: Outcome = Outcome.FAILED, points: str = "1", column: str = "", unit: str = "zfb"
) -> Finding:
    number = f"{next(_numbers):08d}"
    price = Decimal(points)
    return Finding(
        "r", 1, "s", f"s/{key}", outcome, False, unit, column, column or number, "", "句子", {}, (),
        price if outcome is Outcome.FAILED else Decimal(0),
        price if outcome in (Outcome.FAILED, Outcome.CANNOT_TELL) else Decimal(0),
        "", "F", "", number, number,
    )  # fmt: skip


def result(book: Standard, *findings: Finding, unit: Unit | None = None):
    return score(book, findings, tiny().district, unit, DAY)


def test_national_worked_example_is_89() -> None:
    """A ministry's site, second quarter of 2019: 100 - 5 - 2 - 3 - 1 = 89."""
    book = standard(indicator("D09", "5"), indicator("D18", "2"), indicator("D25", "3"), indicator("D31", "1"))
    got = result(book, *(finding(k, points=p) for k, p in (("D09", "5"), ("D18", "2"), ("D25", "3"), ("D31", "1"))))
    assert (got.lower, got.upper, got.grade_upper) == (Decimal("89.00"), Decimal("89.00"), "良好")
    assert got.formula.startswith("（100 − 11） = 89分")


def test_a_cap_limits_an_item() -> None:
    book = standard(indicator("D31", "0.1", cap="0.25"))
    got = result(book, *(finding("D31", points="0.1") for _ in range(4)))
    assert got.upper == Decimal("99.75")
    assert "以本项0.25分为限" in got.lines[0].note


def test_cannot_tell_moves_only_the_lower_bound() -> None:
    book = standard(indicator("D09", "5"))
    got = result(book, finding("D09", Outcome.CANNOT_TELL, "5"))
    assert (got.lower, got.upper) == (Decimal("95.00"), Decimal("100.00"))
    assert "最低可能为95分" in got.formula


def test_one_column_is_charged_once_at_the_larger_price() -> None:
    book = standard(indicator("D14", "2", exclusive="column"), indicator("D15", "1", exclusive="column"))
    got = result(book, finding("D14", points="2", column="zcjd"), finding("D15", points="1", column="zcjd"))
    assert got.upper == Decimal("98.00")


def test_units_without_public_services_are_scaled_by_four_thirds() -> None:
    book = standard(indicator("D09", "6"), indicator("D18", "2", group="service"))
    unit = Unit(unit_id="zfb", name_short="区政府办", group=UnitGroup.DEPARTMENT, has_public_service=False)
    got = result(book, finding("D09", points="6"), finding("D18", points="2"), unit=unit)
    assert got.base == 75
    assert got.upper == Decimal("92.00")  # (75 - 6) x 4/3


def test_a_veto_fails_whatever_the_points() -> None:
    book = standard(indicator("W3", "0", kind=IndicatorKind.VETO), indicator("D09", "5"))
    got = result(book, finding("W3", points="0"), finding("D09", points="5"))
    assert (got.upper, got.grade_upper) == (Decimal(59), "不合格")
    assert got.deducted == 5  # still listed for repair
    open_veto = result(book, finding("W3", Outcome.CANNOT_TELL, "0"), finding("D09", Outcome.PASSED))
    assert (open_veto.grade_lower, open_veto.grade_upper) == ("不合格", "优秀")
    assert open_veto.formula.endswith("另有单项否决事项尚不能判定，最低可能为59分。")
    both = result(book, finding("W3", points="0"), finding("D09", Outcome.CANNOT_TELL, "5"))
    assert both.formula.endswith("另有5分尚不能判定，不影响上述得分。")


def test_what_was_not_fetched_is_no_question_to_a_person() -> None:
    book = standard(indicator("D09", "5"), indicator("D10", "5"))
    unseen = replace(finding("D09", Outcome.CANNOT_TELL, "5"), reason="blocked")
    blind = result(book, unseen, finding("D10", Outcome.PASSED))
    assert blind.formula.endswith("另有5分因网页未取回不能判定，不扣分；如全部属问题为95分。")
    mixed = result(book, unseen, finding("D10", Outcome.CANNOT_TELL, "5"))
    assert mixed.formula.endswith("另有10分尚不能判定，最低可能为90分。")


def test_the_bonus_opens_above_eighty() -> None:
    book = standard(indicator("D09", "5"), bonus_cap="30")
    findings = [finding("D09", points="5")]
    district = tiny().district
    high = score(book, findings, district, None, DAY, {"B1": Decimal(4)})
    low = score(book, findings * 1 + [finding("D09", points="20")], district, None, DAY, {"B1": Decimal(4)})
    assert high.upper == Decimal("99.00")
    assert low.upper == Decimal("75.00")


def test_unverified_indicators_cost_nothing() -> None:
    book = standard(indicator("D01", "5", confidence=Confidence.C))
    got = result(book, finding("D01", points="0"))
    assert not got.rated
    assert got.unrated_reason == "本标准各项尚未经采纳，不计分"


def test_ties_share_a_place() -> None:
    units = tuple(Unit(unit_id=f"u{n}", name_short=f"单位{n}", group=UnitGroup.TOWN, scored=True) for n in range(4))
    district = tiny(units=units).district
    book = standard(indicator("D09", "1"))
    points = {"u0": "0", "u1": "1", "u2": "1", "u3": "2"}
    scores = [
        score(book, [finding("D09", points=p, unit=u)], district, district.unit(u), DAY) for u, p in points.items()
    ]
    places = {r.unit: r.place for r in rank(scores, district, book)}
    assert places == {"u0": 1, "u1": 2, "u2": 2, "u3": 4}


def test_a_unit_to_which_less_than_half_applies_is_not_ranked() -> None:
    units = tuple(Unit(unit_id=f"u{n}", name_short=f"单位{n}", group=UnitGroup.TOWN, scored=True) for n in range(3))
    district = tiny(units=units).district
    book = standard(*(indicator(k, "1", weight=w) for k, w in (("A", 15), ("B", 25), ("PORTAL", 60))))
    seen = {"u0": ("A", "B"), "u1": ("B",), "u2": ("A",)}
    scores = [
        score(book, [finding(k, Outcome.PASSED, unit=u) for k in keys], district, district.unit(u), DAY)
        for u, keys in seen.items()
    ]
    ranks = {r.unit: r for r in rank(scores, district, book)}
    assert [ranks[u].place for u in seen] == [1, 1, None]
    assert ranks["u2"].reason == "适用15分，不到本组可适用40分的一半"


prices = st.sampled_from(["0.1", "1", "2", "5"]).map(Decimal)
faults = st.lists(
    st.builds(
        Charge,
        fact=st.sampled_from("abcdef"),
        indicator=st.sampled_from("XYZ"),
        points=prices,
        within=st.sampled_from(["", "p", "q"]),
        once=st.sampled_from(["", "once"]),
        key=st.uuids().map(str),
    ),
    max_size=12,
)
caps = st.dictionaries(st.sampled_from("XYZ"), st.sampled_from([None, Decimal("0.5"), Decimal(2), Decimal(4)]))


def dearest(found, name: str) -> Decimal:
    largest: dict[str, Decimal] = {}
    for item in found:
        key = getattr(item, name)
        largest[key] = max(item.points, largest.get(key, Decimal(0)))
    return sum(largest.values(), Decimal(0))


@given(faults, caps)
def test_charging_is_bounded_and_independent_of_order(found, limits) -> None:
    total = charge(found, limits)
    assert charge(found[::-1], limits) == total
    assert all(limits.get(k) is None or v <= limits[k] for k, v in total.points.items())
    assert sum(total.points.values()) <= dearest(found, "fact")
    fenced = [i for i in found if i.within]
    assert sum(charge(fenced, {}).points.values()) <= dearest(fenced, "within")
    keys = {i.key for i in found}
    assert set(total.under) | set(total.under.values()) <= keys
    assert not set(total.under) & set(total.under.values())  # what pays is not itself paid for


@given(faults, caps, st.tuples(st.sampled_from("abcdef"), st.sampled_from("XYZ"), st.sampled_from(["", "p"])))
def test_another_fault_never_raises_a_score(found, limits, extra) -> None:
    fact, indicator_id, within = extra
    more = Charge(fact, indicator_id, Decimal(2), within, key="more")
    assert sum(charge([*found, more], limits).points.values()) >= sum(charge(found, limits).points.values())


def test_one_fact_seen_by_two_rules_is_charged_once_and_says_under_which() -> None:
    """A dead link to a closed site: −0.2 as dead, −0.5 as one to a closed site; another dead link stands alone."""
    book = standard(indicator("Q401", "0.2", cap="2"), indicator("Q402", "0.5", cap="2"))
    dead, closed = (replace(finding(k, points=p), fact="old-site") for k, p in (("Q401", "0.2"), ("Q402", "0.5")))
    other = finding("Q401", points="0.2")
    got = result(book, dead, closed, other)
    assert got.deducted == Decimal("0.7")
    assert dict(got.under) == {dead.fingerprint: closed.fingerprint}
    assert [(x.indicator, x.deducted) for x in got.lines] == [("Q401", Decimal("0.2")), ("Q402", Decimal("0.5"))]
    assert got.lines[0].note == "同一事实或同一栏目已在别处计分的，不重复扣"
    assert got.lines[1].note == ""
    full = result(standard(indicator("Q401", "0.2"), indicator("Q402", "0.5", cap="0.1")), dead, closed)
    assert full.deducted == Decimal("0.3")  # what the cap cuts off is charged where there is room
    two = [replace(f, unit=u) for f, u in ((dead, "zfb"), (closed, "jyj"))]
    assert result(book, *two).deducted == Decimal("0.7")  # two units answer each for themselves


def test_an_undecided_finding_names_the_decided_one_of_its_fact() -> None:
    book = standard(indicator("A", "2"), indicator("B", "1"))
    sure = replace(finding("A", points="2"), fact="f")
    open_ = replace(finding("B", Outcome.CANNOT_TELL, "1"), fact="f")
    got = result(book, sure, open_)
    assert (got.lower, got.upper) == (Decimal(98), Decimal(98))
    assert dict(got.under) == {open_.fingerprint: sure.fingerprint}


outcomes = st.sampled_from(list(Outcome))


@settings(max_examples=60)
@given(st.lists(st.tuples(outcomes, st.sampled_from(["A", "B"]), st.sampled_from(["", "c1", "c2"])), max_size=8))
def test_bounds_hold_and_telling_never_leaves_the_range(items) -> None:
    book = standard(
        indicator("A", "3", exclusive="column", cap="5"), indicator("B", "2", exclusive="column", cap="4")
    )
    found = [finding(k, o, "3" if k == "A" else "2", c) for o, k, c in items]
    got = result(book, *found)
    assert 0 <= got.lower <= got.upper <= 100
    worst = [
        finding(k, Outcome.FAILED if o is Outcome.CANNOT_TELL else o, "3" if k == "A" else "2", c)
        for o, k, c in items
    ]
    assert result(book, *worst).upper == got.lower
    best = [
        finding(k, Outcome.PASSED if o is Outcome.CANNOT_TELL else o, "3" if k == "A" else "2", c)
        for o, k, c in items
    ]
    assert result(book, *best).upper == got.upper


def test_grades_have_fixed_limits() -> None:
    book = standard(indicator("D09", "5"))
    limits = [
        ("90", "优秀"),
        ("89.99", "良好"),
        ("80", "良好"),
        ("79.99", "合格"),
        ("60", "合格"),
        ("59.99", "不合格"),
    ]
    assert [grade(Decimal(p), book, False) for p, _ in limits] == [g for _, g in limits]
    assert grade(Decimal(100), book, True) == "不合格"


def test_a_unit_that_was_not_seen_is_not_ranked() -> None:
    book = standard(*(indicator(f"d{n}", "3") for n in range(3)))
    seen, unseen = (Unit(unit_id=u, name_short=u, group=UnitGroup.TOWN, scored=True) for u in ("u1", "u2"))
    district = tiny(units=(seen, unseen)).district
    gap = Outcome.CANNOT_TELL
    blind = [replace(finding(f"d{n}", gap), reason="blocked") for n in range(2)]
    told = [finding(f"d{n}", Outcome.PASSED) for n in range(3)]
    scores = [
        score(book, told, district, seen, DAY),
        score(book, [*blind, finding("d2", Outcome.PASSED)], district, unseen, DAY),
    ]
    ranks = {r.unit: r for r in rank(scores, district, book)}
    assert (ranks["u1"].place, ranks["u1"].of) == (1, 1)
    assert ranks["u2"].place is None
    assert ranks["u2"].reason.startswith("未能取证的指标占67%（3项中2项")
    assert scores[0].settled
    assert not scores[1].settled
