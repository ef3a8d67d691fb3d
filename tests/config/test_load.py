"""Loading a district folder: what it yields, whatever program saved it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from district_folder import UNITS, Folder

from config.district import ColumnClass, UnitGroup
from config.errors import ConfigError
from config.load import builtin_districts, load_district


def test_a_sound_folder(folder: Folder) -> None:
    district = load_district(folder.path)
    assert [u.unit_id for u in district.units] == ["zfb", "czj", "jtz"]
    finance = district.unit("czj")
    assert finance is not None
    assert finance.aliases == ("区财政和金融局", "区财金局")
    assert finance.group is UnitGroup.DEPARTMENT
    assert finance.has_public_service is True
    assert finance.valid_from == date(2024, 3, 1)
    office = district.unit("zfb")
    assert office is not None
    assert office.has_public_service is None, "blank means not known"
    column = district.column("czxx")
    assert column is not None
    assert (column.column_class, column.freshness_days, column.confirmed) == (ColumnClass.REGULAR, 90, False)
    assert district.accounts is None, "no ledger is not an empty ledger"
    assert district.source == str(folder.path.resolve())
    assert len(district.config_hash) == 64


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_way_of_saving_means_the_same(folder: Folder, encoding: str, delimiter: str, newline: str) -> None:
    plain = load_district(folder.path)
    text = UNITS.replace(";", "；").replace(",", delimiter).replace("\n", newline)
    folder.write("units.csv", text, encoding)
    assert load_district(folder.path).config_hash == plain.config_hash


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_toml_in_every_encoding(folder: Folder, encoding: str) -> None:
    plain = load_district(folder.path)
    text = (folder.path / "district.toml").read_text(encoding="utf-8").replace("\n", "\r\n")
    folder.write("district.toml", text, encoding)
    assert load_district(folder.path).config_hash == plain.config_hash


def test_chinese_headers_in_any_order(folder: Folder) -> None:
    plain = load_district(folder.path)
    folder.write(
        "units.csv",
        "分组,单位简称,单位编号,单位全称,别名,是否有公共服务职能,栏目地址,起始日期,终止日期,继任单位编号,是否计分,备注\n"
        "政府组成部门,区政府办,zfb,示例区人民政府办公室,区政府办公室,,,,,,Y,\n"
        "政府组成部门,区财政局,czj,示例区财政局,区财政和金融局;区财金局,是,/zwgk/bm/czj/,2024/3/1,,,√,\n"
        "镇街,甲田镇,jtz,示例区甲田镇人民政府,,否,,,,,1,\n",
    )
    assert load_district(folder.path).units == plain.units


@pytest.mark.parametrize("written", ["2024-03-01", "2024/3/1", "2024.3.1", "2024年3月1日"])
def test_dates_as_spreadsheets_show_them(folder: Folder, written: str) -> None:
    folder.swap("units.csv", "2024-03-01", written)
    unit = load_district(folder.path).unit("czj")
    assert unit is not None
    assert unit.valid_from == date(2024, 3, 1)


def test_comments_blank_rows_and_trailing_cells_are_nothing(folder: Folder) -> None:
    plain = load_district(folder.path)
    text = UNITS.replace("\nczj", "\n# 以下为部门,,,\n,,,,\n\nczj").replace("\njtz", ",,,\njtz")
    folder.write("units.csv", "sep=,\n" + text)
    assert load_district(folder.path).units == plain.units


def test_a_cell_may_hold_line_breaks(folder: Folder) -> None:
    folder.swap("units.csv", "区财政和金融局;区财金局", '"区财政和金融局\n区财金局"')
    unit = load_district(folder.path).unit("czj")
    assert unit is not None
    assert unit.aliases == ("区财政和金融局", "区财金局")


def test_decimals_stay_exact_and_parameters_are_numbers(folder: Folder) -> None:
    folder.append("district.toml", "\n[crawl]\nrate = 0.1\n\n[overrides.interpretation-thin]\nsimilarity = 0.7\n")
    district = load_district(folder.path)
    assert district.crawl.rate == Decimal("0.1")
    assert district.overrides == {"interpretation-thin": {"similarity": 0.7}}
    assert type(district.overrides["interpretation-thin"]["similarity"]) is float


def test_the_hash_follows_content_only(folder: Folder) -> None:
    before = load_district(folder.path).config_hash
    folder.append("district.toml", "# 说明\n")
    assert load_district(folder.path).config_hash == before
    folder.swap("district.toml", "区人民政府办公室", "区政府办公室")
    assert load_district(folder.path).config_hash != before


def test_a_successor_may_carry_the_old_name(folder: Folder) -> None:
    folder.swap("units.csv", "2024-03-01,,,Y", "2024-03-01,2025-12-31,sjj,Y")
    folder.append("units.csv", "sjj,示例区数据局,区数据局,区财金局,政府组成部门,,/zwgk/bm/czj/,2026-01-01,,,Y\n")
    assert load_district(folder.path).unit("sjj") is not None


def test_waivers_and_not_applicable(folder: Folder) -> None:
    folder.write(
        "waivers.toml",
        """
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
column = "czxx"
reason = "本年度无此事项"
approver = "审定人"
valid_to = 2026-12-31
""",
        "gbk",
    )
    district = load_district(folder.path, as_of=date(2026, 9, 30))
    assert district.waivers[0].valid_to == date(2026, 9, 30)
    assert district.not_applicable[0].column == "czxx"


def test_builtin_by_id_and_folder_by_path(folder: Folder) -> None:
    assert "taierzhuang" in builtin_districts()
    assert load_district("taierzhuang").source == "taierzhuang"
    assert load_district(str(folder.path)).id == "shili"


@pytest.mark.parametrize("ref", ["taierzuang", "", "no/such/folder", "\x00", "x" * 5000])
def test_no_such_district(ref: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_district(ref)
    (problem,) = caught.value.problems
    assert problem.expected == "内置地区编号或配置文件夹"
    assert "taierzhuang" in problem.known


def test_a_misspelt_id_names_the_nearest_first() -> None:
    with pytest.raises(ConfigError) as caught:
        load_district("taierzuang")
    assert caught.value.problems[0].known[0] == "taierzhuang"


def test_a_file_is_not_a_folder(folder: Folder) -> None:
    with pytest.raises(ConfigError) as caught:
        load_district(folder.path / "units.csv")
    assert caught.value.problems[0].got == "不是文件夹"


def test_source_is_the_real_folder(folder: Folder, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder.path)
    assert load_district(link).source == str(folder.path.resolve())
