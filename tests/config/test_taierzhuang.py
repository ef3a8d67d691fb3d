"""The real district: what the reference says of it, no more; what nobody knows stays blank."""

from __future__ import annotations

import csv
from pathlib import Path

from config.district import UnitGroup
from config.load import load_district
from config.vocabulary import REQUIRED_LISTS, ROLES

DISTRICT = load_district("taierzhuang")
SYSTEMS = {
    "2.1": {"policy-library"},
    "1.2.3": {"enterprise"},
    "2.2": {"interpretation"},
    "2.3": {"qa-platform", "press", "interpretation"},
    "3.1": {"decision-catalogue", "decisions"},
    "3.3": {"solicitation-platform", "messages", "mailbox"},
    "3.4": {"open-day"},
    "4.1": {"apply", "land"},
    "4.2": {"disclosure", "catalogue", "gazette", "matrix"},
    "4.3": {"field-catalogue", "hall-zone"},
    "4.4": {"utilities"},
    "5.3": {"annual-report", "plan-progress"},
}


def test_six_towns_and_the_office() -> None:
    towns = [u.name_short for u in DISTRICT.units if u.group is UnitGroup.TOWN]
    assert towns == ["运河街道", "邳庄镇", "张山子镇", "泥沟镇", "涧头集镇", "马兰屯镇"]
    assert DISTRICT.unit(DISTRICT.portal_owner) is not None
    assert DISTRICT.site.home == "http://www.tez.gov.cn/"
    assert DISTRICT.site.site_code == ""


def test_units_are_the_register_as_given(samples_of_law: Path) -> None:
    given = list(csv.DictReader((samples_of_law / "units-template.csv").read_text("utf-8-sig").splitlines()))
    assert [u.unit_id for u in DISTRICT.units] == [row["unit_id"] for row in given]
    for unit, row in zip(DISTRICT.units, given, strict=True):
        assert unit.scored is (True if row["scored"] == "Y" else None), unit.unit_id
        assert unit.confirmed == row["confirmed"]
        assert unit.name_full == row["name_full"]
        assert ";".join(unit.aliases) == row["aliases"]
        assert ";".join(unit.seed_clauses) == row["seed_clauses"]
        assert unit.has_public_service is None, "the office decides"


def test_units_named_in_the_plan_are_scored() -> None:
    named = [u for u in DISTRICT.units if u.seed_clauses and u.confirmed == "seed"]
    assert len(named) == 20
    assert all(u.scored for u in named)
    assert all(u.scored is None for u in DISTRICT.units if u.confirmed == "no")


def test_every_named_system_has_a_column() -> None:
    planned = {c.role for c in DISTRICT.columns if "plan" in c.required_by}
    for clause, roles in SYSTEMS.items():
        assert roles <= planned, clause


def test_statutory_lists_are_complete() -> None:
    lists = {name: [c for c in DISTRICT.columns if name in c.required_by] for name in REQUIRED_LISTS}
    assert [len(lists[n]) for n in ("art20", "art21-district", "art21-town", "portal-basic")] == [15, 7, 8, 10]
    assert {c.role for c in lists["platform"]} == {
        "disclosure",
        "guide",
        "system",
        "statutory",
        "annual-report",
        "apply",
    }


def test_roles_are_the_closed_vocabulary() -> None:
    assert {c.role for c in DISTRICT.columns} - {""} == set(ROLES)
    assert {name for c in DISTRICT.columns for name in c.required_by} == set(REQUIRED_LISTS)


def test_unknown_paths_are_blank_and_marked_for_the_office() -> None:
    for column in DISTRICT.columns:
        if not column.path:
            assert not column.confirmed
            assert "待办公室填写" in column.note, column.column_id
        elif not column.confirmed:
            assert "待办公室确认" in column.note, column.column_id
    seen = {c.path for c in DISTRICT.columns if c.confirmed}
    assert seen == {
        "/zwgk/",
        "/zwgk/zcwjk/zfwj/",
        "/zwgk/zcwjk/zfbwj/",
        "/zwgk/qjbm/qwhlyj/",
        "/ztzl/zfkfr/hdkz/",
        "/xwzx/bmxx/",
    }
