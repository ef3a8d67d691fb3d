"""Returned sheets: five columns by problem number; everything else is refused or reported, nothing is guessed."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import report_factory as factory

from audit.cli import run_cli
from audit.errors import Exit
from reports.ledger import FIELDS
from reports.returns import Merged, NotALedger, merge

HEADS = {f.title: at for at, f in enumerate(FIELDS, 1)}
FIRST = 4
NOW = factory.AS_OF


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book["台账"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def fill(sheet: Any, row: int = FIRST, **values: object) -> None:
    for name, value in values.items():
        sheet.cell(row, HEADS[name]).value = value


def done(sheet: Any) -> None:
    fill(sheet, 责任人="张三（示例）", 联系电话=13800000000, 整改措施="已补发", 整改完成日期=date(2026, 10, 12),
         整改后网址="http://www.shiliqu.gov.cn/sjj/dongtai/t1.html")  # fmt: skip


@pytest.fixture(scope="module")
def ledger(files: dict[str, bytes]) -> bytes:
    return files["整改台账.xlsx"]


@pytest.fixture(scope="module")
def sheet(files: dict[str, bytes]) -> bytes:
    return files["单位整改表/sjj.xlsx"]


def rows(merged: Merged) -> dict[str, dict[str, Any]]:
    page = openpyxl.load_workbook(io.BytesIO(merged.data))["台账"]
    every = page.iter_rows(min_row=FIRST, values_only=True)
    return {str(r[1]): dict(zip(HEADS, r, strict=True)) for r in every}


def test_the_five_columns_reach_the_right_row_and_the_change_log(ledger: bytes, sheet: bytes) -> None:
    merged = merge(ledger, [("区审计局.xlsx", edited(sheet, done))], NOW)
    assert (len(merged.changes), merged.conflicts, merged.refused) == (5, [], [])
    number = merged.changes[0].number
    row = rows(merged)[number]
    assert row["责任单位"] == "区审计局"
    assert (row["责任人"], row["联系电话"], row["整改措施"]) == ("张三（示例）", "13800000000", "已补发")
    assert row["整改完成日期"] == datetime(2026, 10, 12)
    log = list(openpyxl.load_workbook(io.BytesIO(merged.data))["变更日志"].iter_rows(min_row=4, values_only=True))
    assert [r[2:4] for r in log] == [(number, name) for name in FIELDS and list(HEADS)[19:24]]
    assert {(r[0], r[1]) for r in log} == {(datetime(2026, 9, 30, 18, 0), "区审计局.xlsx")}


def test_the_rest_of_the_ledger_stays_as_it_was(ledger: bytes, sheet: bytes) -> None:
    before, after = (
        openpyxl.load_workbook(io.BytesIO(data))
        for data in (ledger, merge(ledger, [("a", edited(sheet, done))], NOW).data)
    )
    assert after.sheetnames == before.sheetnames
    changed = [
        (cell.coordinate)
        for row, old in zip(after["台账"].iter_rows(), before["台账"].iter_rows(), strict=True)
        for cell, was in zip(row, old, strict=True)
        if cell.value != was.value
    ]
    assert [c[:1] for c in changed] == list("TUVWX")
    assert after["台账"].protection.sheet
    assert len(after["台账"].data_validations.dataValidation) == len(before["台账"].data_validations.dataValidation)


def test_merging_again_changes_nothing_and_equal_merges_are_equal_bytes(ledger: bytes, sheet: bytes) -> None:
    files = [("a.xlsx", edited(sheet, done))]
    once = merge(ledger, files, NOW)
    again = merge(once.data, files, NOW)
    assert (again.changes, again.conflicts, again.same) == ([], [], 5)
    assert merge(ledger, files, NOW).data == once.data


def test_a_contradiction_is_reported_by_cell_and_keeps_the_first(ledger: bytes, sheet: bytes) -> None:
    other = edited(sheet, lambda s: fill(s, 整改措施="另一说法"))
    merged = merge(ledger, [("a.xlsx", edited(sheet, done)), ("b.xlsx", other)], NOW)
    (conflict,) = merged.conflicts
    assert (conflict.source, conflict.place) == ("b.xlsx", "台账!V4")
    assert "a.xlsx中为“已补发”，本文件为“另一说法”" in conflict.why
    assert rows(merged)[conflict.number]["整改措施"] == "已补发"
    kept = merge(merged.data, [("b.xlsx", other)], NOW)
    assert "台账中为“已补发”" in kept.conflicts[0].why
    won = merge(merged.data, [("b.xlsx", other)], NOW, overwrite=True)
    assert [(c.old, c.new) for c in won.changes] == [("已补发", "另一说法")]


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("问题编号", "SHI-2026Q3-sjj-9999", "台账中没有这个问题编号"),
        ("问题编号", None, "没有问题编号"),
        ("问题编号", "SHI-2026Q3-dzz-0001", "与台账中该编号的问题不符"),
        ("问题描述（实测值／标准）", "没有问题", "“问题描述（实测值／标准）”与台账中该编号的问题不符"),
    ],
)
def test_edited_numbers_and_problems_are_refused_with_the_row(
    ledger: bytes, sheet: bytes, column: str, value: str | None, why: str
) -> None:
    def change(page: Any) -> None:
        done(page)
        page.cell(FIRST, HEADS[column]).value = value

    merged = merge(ledger, [("a.xlsx", edited(sheet, change))], NOW)
    assert merged.changes == []
    (refused,) = merged.refused
    assert refused.why.startswith("第4行：")
    assert why in refused.why


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("整改完成日期", "下周", "不是日期"),
        ("整改完成日期", "2026-13-40", "不是日期"),
        ("整改后网址", "javascript:alert(1)", "不是以 http:// 或 https:// 开头"),
        ("整改后网址", "已改", "不是以 http:// 或 https:// 开头"),
        ("整改措施", "=HYPERLINK(\"http://x\")", "不接受公式"),
    ],
)  # fmt: skip
def test_bad_cells_are_refused_and_the_others_taken(
    ledger: bytes, sheet: bytes, column: str, value: str, why: str
) -> None:
    def change(page: Any) -> None:
        done(page)
        page.cell(FIRST, HEADS[column]).value = value

    merged = merge(ledger, [("a.xlsx", edited(sheet, change))], NOW)
    assert len(merged.changes) == 4
    assert why in merged.refused[0].why


@pytest.mark.parametrize("value", ["2026/10/12", "2026年10月12日", "2026.10.12", 46307, datetime(2026, 10, 12, 9)])
def test_days_as_people_and_programs_write_them(ledger: bytes, sheet: bytes, value: object) -> None:
    merged = merge(ledger, [("a", edited(sheet, lambda s: fill(s, 整改完成日期=value)))], NOW)
    assert [c.new for c in merged.changes] == [date(2026, 10, 12)]


def test_words_that_look_like_formulas_stay_words(ledger: bytes, sheet: bytes) -> None:
    merged = merge(ledger, [("a", edited(sheet, lambda s: fill(s, 整改措施="'+已更正")))], NOW)
    page = openpyxl.load_workbook(io.BytesIO(merged.data))["台账"]
    cells = [c for r in page.iter_rows(min_row=FIRST) for c in r if str(c.value).endswith("已更正")]
    assert [(c.value, c.data_type) for c in cells] == [("'+已更正", "s")]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"a,b\n1,2\n", b"\xd0\xcf\x11\xe0old"])
def test_what_is_no_workbook_is_refused_and_the_rest_goes_on(ledger: bytes, sheet: bytes, data: bytes) -> None:
    merged = merge(ledger, [("bad.xlsx", data), ("good.xlsx", edited(sheet, done))], NOW)
    assert [(t.source, "另存为 .xlsx" in t.why) for t in merged.refused] == [("bad.xlsx", True)]
    assert len(merged.changes) == 5
    with pytest.raises(NotALedger, match="另存为"):
        merge(data, [], NOW)


def test_a_workbook_without_the_headings_is_refused(ledger: bytes, files: dict[str, bytes]) -> None:
    (refused,) = merge(ledger, [("x", files["overview.xlsx"])], NOW).refused
    assert "缺少：问题编号" in refused.why


def test_the_command_writes_beside_the_ledger_and_tells_what_it_left(
    tmp_path: Path, ledger: bytes, sheet: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "整改台账.xlsx").write_bytes(ledger)
    (tmp_path / "a.xlsx").write_bytes(edited(sheet, done))
    (tmp_path / "b.xlsx").write_bytes(edited(sheet, lambda s: fill(s, 整改措施="另一说法")))
    names = [str(tmp_path / n) for n in ("整改台账.xlsx", "a.xlsx", "b.xlsx")]
    assert run_cli(["ledger", "merge", *names[:2]]) == Exit.CLEAN
    assert (tmp_path / "整改台账.xlsx").read_bytes() == ledger
    capsys.readouterr()
    assert run_cli(["ledger", "merge", *names, "--json"]) == Exit.FINDINGS
    said = json.loads(capsys.readouterr().out)
    assert (len(said["changes"]), len(said["conflicts"]), said["refused"]) == (5, 1, [])
    assert run_cli(["ledger", "merge", names[0], str(tmp_path / "none.xlsx")]) == Exit.USAGE


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_sheet_saved_by_libreoffice_is_read(ledger: bytes, sheet: bytes, tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").write_bytes(edited(sheet, done))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx",
         "--outdir", str(tmp_path / "saved"), str(tmp_path / "表.xlsx")],
        check=True, capture_output=True, timeout=200,
    )  # fmt: skip
    merged = merge(ledger, [("表.xlsx", (tmp_path / "saved" / "表.xlsx").read_bytes())], NOW)
    assert (len(merged.changes), merged.conflicts, merged.refused) == (5, [], [])
