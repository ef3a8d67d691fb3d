"""Lint: what does not fit together, and what only the office can fill in."""

from __future__ import annotations

from datetime import date

import pytest
from district_folder import Folder

from config.district import District
from config.editions import load_standards_for
from config.errors import Level, Problem
from config.lint import lint
from config.load import builtin_districts, load_district

DAY = date(2026, 9, 30)


def linted(folder: Folder, day: date = DAY) -> list[Problem]:
    district = load_district(folder.path)
    return lint(district, load_standards_for(district), day)


def at(found: list[Problem], where: str) -> Problem:
    """The only problem at that place."""
    here = [p for p in found if p.where == where]
    assert len(here) == 1, "\n".join(map(str, found))
    return here[0]


@pytest.mark.parametrize("name", builtin_districts())
def test_built_in_districts_have_no_errors(name: str) -> None:
    district = load_district(name)
    found = lint(district, load_standards_for(district), DAY)
    assert [str(p) for p in found if p.level is Level.ERROR] == []


def test_what_taierzhuang_must_fill_in_is_listed() -> None:
    district = load_district("taierzhuang")
    found = lint(district, load_standards_for(district), DAY)
    assert {p.level for p in found} == {Level.HINT}
    places = {(p.file, p.where) for p in found}
    assert ("district.toml", "site.site_code") in places
    assert ("district.toml", "crawl.authorisation") in places
    assert ("accounts.csv", "") in places
    assert ("units.csv", "has_public_service") in places
    assert ("columns.csv", "path") in places


def test_errors_come_first(folder: Folder) -> None:
    folder.append("district.toml", '\n[[adoptions]]\nstandard = "x"\ndocument = "文"\ndecided_on = 2026-01-01\n')
    levels = [p.level for p in linted(folder)]
    assert levels[0] is Level.ERROR
    assert levels == sorted(levels, key=list(Level).index)


ADOPTION = """
[[adoptions]]
standard = "gov-site-2019"
indicators = ["D01"]
document = "示政办函〔2026〕1号"
decided_on = 2026-01-01
"""


@pytest.mark.parametrize(
    ("old", "new", "where", "level", "got", "known"),
    [
        ("gov-site-2019", "gov-site-2109", "standard", Level.ERROR, "未知的标准 “gov-site-2109”", "gov-site-2019"),
        ('"D01"', '"D1"', "indicators", Level.ERROR, "未知的指标 “D1”", None),
        ('"D01"', '"D16"', "indicators", Level.WARNING, "D16 未启用（state = off），采纳后也不检查", None),
        ("示政办函〔2026〕1号", " ", "document", Level.ERROR, "空白", None),
        ("2026-01-01", "2026-10-01", "decided_on", Level.WARNING, None, None),
    ],
)
def test_adoptions(
    folder: Folder, old: str, new: str, where: str, level: Level, got: str | None, known: str | None
) -> None:
    folder.append("district.toml", ADOPTION)
    assert not [p for p in linted(folder) if p.where.startswith("adoptions")]
    text = (folder.path / "district.toml").read_text(encoding="utf-8")
    head, tail = text.split("[[adoptions]]")
    folder.write("district.toml", head + "[[adoptions]]" + tail.replace(old, new))
    problem = at(linted(folder), f"adoptions[1].{where}")
    assert problem.level is level
    assert got is None or problem.got == got
    assert known is None or problem.known[0] == known


def test_overrides_name_rules_not_standards(folder: Folder) -> None:
    folder.append("district.toml", "\n[overrides.gov-site-2019]\nx = 1\n[overrides.column-stall]\nx = 1\n")
    found = linted(folder)
    assert at(found, "overrides.gov-site-2019").level is Level.ERROR
    typo = at(found, "overrides.column-stall")
    assert (typo.level, typo.known[0]) == (Level.WARNING, "column-stale")


WAIVERS = """
[[waiver]]
rule = "column-stale"
unit = "czj"
reason = "平台迁移"
legal_basis = "示政办函〔2026〕1号"
approver = "审定人"
valid_from = 2026-07-01
valid_to = 2026-09-30

[[not_applicable]]
unit = "jtz"
indicator = "D01"
reason = "本年度无此事项"
approver = "审定人"
valid_to = 2026-12-31
"""


def test_live_waivers_are_fine(folder: Folder) -> None:
    folder.write("waivers.toml", WAIVERS)
    assert [p for p in linted(folder) if p.file == "waivers.toml"] == []


def test_expired_waivers(folder: Folder) -> None:
    folder.write("waivers.toml", WAIVERS)
    found = [p for p in linted(folder, date(2027, 1, 1)) if p.file == "waivers.toml"]
    assert [(p.where, p.level) for p in found] == [
        ("waiver[1].valid_to", Level.ERROR),
        ("not_applicable[1].valid_to", Level.ERROR),
    ]
    assert found[0].got == "2026-09-30 已到期"


@pytest.mark.parametrize(
    ("old", "new", "where", "level", "known"),
    [
        ('"column-stale"', '"column-stall"', "waiver[1].rule", Level.WARNING, "column-stale"),
        ('"D01"', '"D91"', "not_applicable[1].indicator", Level.ERROR, None),
        ('indicator = "D01"', 'rule = "column-blanc"', "not_applicable[1].rule", Level.WARNING, "column-blank"),
        ("2026-12-31", "2027-01-31", "not_applicable[1].valid_to", Level.WARNING, None),
    ],
)
def test_waivers_of_nothing(folder: Folder, old: str, new: str, where: str, level: Level, known: str | None) -> None:
    folder.write("waivers.toml", WAIVERS.replace(old, new))
    problem = at(linted(folder), where)
    assert problem.level is level
    assert known is None or problem.known[0] == known


def test_columns(folder: Folder) -> None:
    folder.write(
        "columns.csv",
        "column_id,label,role,required_by,confirmed,freshness_days\na,政策解读,interpretatoin,portal-basik,Y,900\n",
    )
    found = linted(folder)
    assert at(found, "a role").known[0] == "interpretation"
    assert at(found, "a required_by").known[0] == "portal-basic"
    assert at(found, "a confirmed").got == "路径空白"
    assert at(found, "a freshness_days").got == "900 天，不起作用"
    missing = [p.expected for p in found if p.where == "role"]
    assert "有一个栏目的用途是 guide（政府信息公开指南）" in missing


def test_accounts(folder: Folder) -> None:
    folder.write(
        "accounts.csv",
        "账号编号,平台,账号名称,主办单位,账号类型,状态,功能\n"
        "wx-1,微信,甲,区财政据,订阅,正常,发布;聊天\n"
        "wx-2,微信,乙,,订阅号,已注销,\n",
    )
    found = linted(folder)
    assert at(found, "账号 wx-1 主办单位").known[0] == "区财政局"
    assert at(found, "账号 wx-1 账号类型").known[0] == "订阅号"
    assert at(found, "账号 wx-1 功能").got == "“聊天”"
    assert at(found, "账号 wx-2 主办单位").level is Level.HINT
    assert at(found, "账号 wx-2 变更日期").level is Level.HINT
    assert "wx-1" in at(found, "export").expected


def test_units_of_a_standard_that_are_not_here(folder: Folder) -> None:
    folder.swap("district.toml", '["gov-site-2019"]', '["seed-2023-6"]')
    found = linted(folder)
    nobody = at(found, "indicators[1.1.5].units")
    assert (nobody.level, nobody.file) == (Level.WARNING, "standards/seed-2023-6.toml")
    assert "不检查任何单位" in nobody.got
    some = at(found, "indicators[3.1a].units")
    assert some.got == "没有单位 sifa"


def test_units_of_a_standard_are_translated(folder: Folder) -> None:
    folder.swap("district.toml", '["gov-site-2019"]', '["seed-2023-6"]')
    folder.swap("district.toml", "[site]", '[standard_units]\nsifa = ["czj"]\nshangwu = []\n\n[site]')
    told = {p.where for p in linted(folder)}
    assert not {"indicators[3.1a].units", "indicators[1.1.5].units"} & told


def test_a_standard_out_of_force(folder: Folder) -> None:
    folder.swap("district.toml", '["gov-site-2019"]', '["gov-site-2019", "gbt-37668"]')
    found = linted(folder, date(2019, 12, 31))
    assert [p.file for p in found if p.where == "effective_from"] == ["standards/gbt-37668.toml"]


def test_standards_that_were_not_loaded(folder: Folder) -> None:
    problem = at(lint(load_district(folder.path), [], DAY), "standards")
    assert (problem.level, problem.got) == (Level.ERROR, "未知的标准 “gov-site-2019”")


def test_ownership_is_checked_on_a_district_built_in_memory(folder: Folder) -> None:
    district = load_district(folder.path)
    twin = district.units[1].model_copy(update={"unit_id": "twin", "name_full": "", "name_short": "区财金局"})
    changed: District = district.model_copy(update={"units": (*district.units, twin)})
    found = lint(changed, load_standards_for(changed), DAY)
    assert {(p.file, p.got) for p in found if p.level is Level.ERROR} == {
        ("units.csv", "“区财金局” 也属于 czj"),
        ("units.csv", "“区财政和金融局” 也属于 czj"),
        ("units.csv", "“/zwgk/bm/czj/” 也属于 czj"),
    }


def test_calendar_days_of_an_undeclared_year(folder: Folder) -> None:
    folder.append("district.toml", "\n[calendar]\nyears = [2027]\nholidays = [2028-01-01]\n")
    assert "2028-01-01" in at(linted(folder), "calendar").got


def test_a_plan_from_the_future(folder: Folder) -> None:
    folder.swap("district.toml", "[site]", "plan_published = 2026-12-01\n\n[site]")
    assert at(linted(folder), "plan_published").got == "2026-12-01"


def test_the_demonstration_is_judged_on_its_own_day() -> None:
    district = load_district("demo")
    found = lint(district, load_standards_for(district), date(2036, 1, 1))
    assert [str(p) for p in found if p.level is Level.ERROR] == []
