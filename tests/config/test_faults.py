"""Every fault of a folder names file, place, what was expected, what was got and what is known."""

from __future__ import annotations

from datetime import date

import pytest
from district_folder import UNITS, Folder
from fault_table import FAULTS

from config import files
from config.errors import ConfigError
from config.load import load_district


@pytest.mark.parametrize("name", FAULTS)
def test_fault(folder: Folder, name: str) -> None:
    (file, old, new), says = FAULTS[name]
    where, expected, got, known = says
    folder.swap(file, old, new)
    problem = folder.problem()
    assert (problem.file, problem.where) == (file, where)
    assert expected is None or problem.expected == expected
    assert got is None or problem.got == got
    if known is not None:
        assert problem.known[0] == known


def test_a_list_cell_is_not_taken_for_a_number(folder: Folder) -> None:
    folder.swap("units.csv", "示例区财政局,区财政局", "6.32661E+10,区财政局")
    problem = folder.problem()
    assert problem.where == "第 3 行 name_full"
    assert "Excel 已把它改成科学计数" in problem.expected


def test_circle_of_successors(folder: Folder) -> None:
    folder.swap("units.csv", "2024-03-01,,,Y", "2024-03-01,,jtz,Y").swap("units.csv", "N,,,,,是", "N,,,,czj,是")
    assert [p.where for p in folder.problems()] == ["第 3 行 successor_id", "第 4 行 successor_id"]


def test_all_faults_of_all_files_at_once(folder: Folder) -> None:
    folder.swap("district.toml", 'name = "示例区"', "name = 1")
    folder.swap("units.csv", "镇街", "乡镇")
    folder.swap("columns.csv", ",90,", ",x,")
    folder.write("waivers.toml", "[[waivers]]\n")
    assert {p.file for p in folder.problems()} == {"district.toml", "units.csv", "columns.csv", "waivers.toml"}


def test_a_broken_unit_row_does_not_accuse_its_columns(folder: Folder) -> None:
    folder.swap("units.csv", "政府组成部门,Y,", "部门,Y,")
    problem = folder.problem()
    assert (problem.file, problem.where) == ("units.csv", "第 3 行 group")


@pytest.mark.parametrize("name", ["district.toml", "units.csv", "columns.csv"])
def test_missing_file(folder: Folder, name: str) -> None:
    (folder.path / name).unlink()
    assert any((p.file, p.got) == (name, "不存在") for p in folder.problems())


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\n"])
def test_empty_file(folder: Folder, content: bytes) -> None:
    folder.write_bytes("columns.csv", content)
    problem = folder.problem()
    assert (problem.file, problem.expected, problem.got) == ("columns.csv", "有内容的文件", "空文件")


def test_headers_only(folder: Folder) -> None:
    folder.write("columns.csv", "column_id,label\n")
    assert folder.problem().got == "只有表头，没有数据"


def test_a_ledger_template_that_was_not_filled_in_is_no_ledger(folder: Folder) -> None:
    folder.write("accounts.csv", "账号编号,平台,账号名称\n")
    assert load_district(folder.path).accounts is None


def test_nul_byte(folder: Folder) -> None:
    folder.write_bytes("columns.csv", b"column_id,label\na,b\n\x00,c\n")
    problem = folder.problem()
    assert problem.where == "第 3 行"
    assert "空字节（NUL）" in problem.got


def test_utf_16(folder: Folder) -> None:
    folder.write("units.csv", UNITS, "utf-16")
    assert any("UTF-16" in p.got and "另存为" in p.got for p in folder.problems())


def test_neither_utf8_nor_gbk(folder: Folder) -> None:
    folder.write_bytes("columns.csv", b"column_id,label\na,\xff\xff\n")
    problem = folder.problem()
    assert (problem.where, problem.expected) == ("第 2 行", "UTF-8 或 GBK 编码")


def test_huge_file(folder: Folder) -> None:
    with (folder.path / "columns.csv").open("wb") as file:
        file.truncate(files.MAX_BYTES + 1)
    problem = folder.problem()
    assert (problem.expected, problem.got) == ("不超过 20 MB 的文件", "20.0 MB")


def test_a_table_wrong_in_every_row_is_summed_up(folder: Folder) -> None:
    rows = "".join(f"c{n},栏目{n},某类\n" for n in range(500))
    folder.write("columns.csv", "column_id,label,column_class\n" + rows)
    found = folder.problems()
    assert len(found) == 101
    assert found[-1].got == "还有 400 处问题未列出"


def test_link_out_of_the_folder(folder: Folder) -> None:
    outside = folder.path.parent / "outside.csv"
    outside.write_text((folder.path / "columns.csv").read_text(encoding="utf-8"), encoding="utf-8")
    (folder.path / "columns.csv").unlink()
    (folder.path / "columns.csv").symlink_to(outside)
    assert folder.problem().expected == "配置文件夹内的文件"


def test_link_to_itself(folder: Folder) -> None:
    (folder.path / "columns.csv").unlink()
    (folder.path / "columns.csv").symlink_to(folder.path / "columns.csv")
    assert folder.problem().file == "columns.csv"


def test_a_folder_in_place_of_a_file(folder: Folder) -> None:
    (folder.path / "columns.csv").unlink()
    (folder.path / "columns.csv").mkdir()
    assert folder.problem().got == "不是文件"


def test_a_file_under_a_wrong_name_is_not_ignored(folder: Folder) -> None:
    folder.write("waiver.toml", "")
    problem = folder.problem()
    assert (problem.file, problem.got, problem.known[0]) == ("waiver.toml", "未知的文件 waiver.toml", "waivers.toml")


def test_lock_files_of_office_programs_are_nothing(folder: Folder) -> None:
    folder.write("~$units.csv", "x").write(".~lock.units.csv", "x")
    assert load_district(folder.path).id == "shili"


def test_a_day_that_does_not_exist_is_told_in_chinese(folder: Folder) -> None:
    folder.append("district.toml", "x = 2026-02-31\n")
    assert "没有这个日期或时间" in folder.problem().got


def test_deep_nesting(folder: Folder) -> None:
    folder.append("district.toml", "x = " + "[" * 5000 + "]" * 5000 + "\n")
    assert folder.problem().expected == "合法的 TOML"


WAIVER = """
[[waiver]]
rule = "column-stale"
unit = "czj"
reason = "平台迁移"
legal_basis = "示政办函〔2026〕1号"
approver = "审定人"
valid_from = 2026-07-01
valid_to = 2026-09-30
"""


@pytest.mark.parametrize(
    ("old", "new", "where", "expected", "known"),
    [
        ('unit = "czj"', 'unit = "cjz"', "第 4 行 waiver[1].unit", "units.csv 中的单位编号", "czj"),
        ('unit = "czj"', 'column = "czx"', "第 4 行 waiver[1].column", "columns.csv 中的栏目编号", "czxx"),
        ('"column-stale"', '"栏目陈旧"', "第 3 行 waiver[1].rule", "规则编号（如 column-stale）", None),
        ("2026-07-01", "2026-10-01", "第 9 行 waiver[1].valid_to", "不早于 valid_from 2026-10-01 的日期", None),
        ('"平台迁移"', '""', "第 5 行 waiver[1].reason", "必填的 reason", None),
        ('unit = "czj"\n', "", "第 3 行 waiver[1].rule", "unit、column、subject 至少填一项", None),
        ("reason =", "reasn =", "第 5 行 waiver[1].reasn", "已知的键", "reason"),
    ],
)
def test_dead_waivers(folder: Folder, old: str, new: str, where: str, expected: str, known: str | None) -> None:
    assert old in WAIVER
    folder.write("waivers.toml", WAIVER.replace(old, new))
    problem = next(p for p in folder.problems() if p.where == where)
    assert (problem.file, problem.expected) == ("waivers.toml", expected)
    assert known is None or problem.known[0] == known


def test_a_waiver_dies_the_day_after_its_last(folder: Folder) -> None:
    folder.write("waivers.toml", WAIVER)
    assert load_district(folder.path, as_of=date(2026, 9, 30)).waivers
    with pytest.raises(ConfigError) as caught:
        load_district(folder.path, as_of=date(2026, 10, 1))
    (problem,) = caught.value.problems
    assert problem.where == "第 9 行 waiver[1].valid_to"
    assert problem.got == "2026-09-30 已到期"


def test_the_sentence_says_it_all(folder: Folder) -> None:
    folder.swap("district.toml", 'portal_owner = "zfb"', 'portal_owner = "zbf"')
    assert str(folder.problem()) == (
        "district.toml 第 5 行 portal_owner：应为units.csv 中的单位编号；实为“zbf”。可用：zfb、czj、jtz"
    )
