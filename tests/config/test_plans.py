"""The plan's responsibility lines: all 27, as printed, each name known or left to the office."""

from __future__ import annotations

from datetime import date

from config.district import UnitGroup
from config.editions import load_standard
from config.load import load_district
from config.plans import DEPARTMENTS, TOWNS, UNDECIDED, builtin_plan, responsible


def test_the_plan_has_its_27_lines_once() -> None:
    plan = builtin_plan("seed-2023-6")
    assert plan is not None
    keys = [line.key for line in plan.lines]
    assert len(keys) == len(set(keys)) == 27
    assert plan.published == date(2023, 7, 20)
    assert builtin_plan("gov-site-2019") is None


def test_every_line_is_measured_by_its_standard_and_every_indicator_has_a_line() -> None:
    plan, standard = builtin_plan("seed-2023-6"), load_standard("seed-2023-6")
    assert plan is not None
    for indicator in standard.indicators:
        assert [line for line in plan.lines if indicator.id.startswith(line.key)], indicator.id


def test_group_words_become_units_and_unknown_ones_stay_blank() -> None:
    district, plan = load_district("taierzhuang"), builtin_plan("seed-2023-6")
    assert plan is not None
    for line in plan.lines:
        found = responsible(line, district)
        towns = [u for _, u in found if u and u.group is UnitGroup.TOWN]
        assert len(towns) == (6 if TOWNS in line.units else 0), line.key
        assert [name for name, unit in found if unit is None] == ([UNDECIDED] if UNDECIDED in line.units else [])
        if DEPARTMENTS in line.units:
            scored = [u for u in district.units if u.scored and u.group is not UnitGroup.TOWN]
            assert len(found) == len(towns) + len(scored)
        assert len({u.unit_id for _, u in found if u}) == len([u for _, u in found if u])
