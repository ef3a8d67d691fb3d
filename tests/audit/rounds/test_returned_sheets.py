"""整改表 that units send back, taken into the round as declarations of repair."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from office import THIRD, Office, failed
from openpyxl import load_workbook

from audit.errors import Exit
from audit.rounds.cases import Case
from audit.rounds.numbers import numbers_of
from audit.rounds.states import State
from checks.verdicts import Finding
from reports.ledger import FIELDS

HEADS = {f.title: at for at, f in enumerate(FIELDS, 1)}
URL = "http://www.shiliqu.gov.cn/dzz/new.html"


def case(office: Office, finding: Finding) -> Case:
    with office.desk() as desk:
        return desk.cases()[finding.identity]


def sheet_of(office: Office, unit: str, to: Path, **values: object) -> Path:
    """The unit's own sheet as it was sent out, with its first row filled in."""
    number = number_of(office, failed("column-stale", unit))
    shutil.copyfile(office.folder / "frozen-1" / "单位整改表" / f"{unit}.xlsx", to)
    told = {
        "责任人": "李四（示例）", "联系电话": 13800000001, "整改措施": "已补发三条",
        "整改完成日期": date(2026, 10, 27), "整改后网址": URL,
    }  # fmt: skip

    def fill(sheet: Any) -> None:
        row = next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, HEADS["问题编号"]).value == number)
        for name, value in {**told, **values}.items():
            sheet.cell(row, HEADS[name]).value = value

    return edit(to, fill)


def number_of(office: Office, finding: Finding) -> str:
    with office.desk() as desk:
        return numbers_of(desk)[finding.identity]


def edit(path: Path, change: Callable[[Any], None]) -> Path:
    book = load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return path


def take(office: Office, *paths: Path, more: tuple[str, ...] = ()) -> int:
    words = [w for p in paths for w in ("--import", str(p))]
    return office.run("rectify", "shiliqu", *words, "--person", THIRD, *more)


@pytest.fixture
def waiting(released: Office) -> Office:
    released.on("2026-10-28")
    return released


def test_a_completed_row_is_a_declaration(waiting: Office, tmp_path: Path) -> None:
    path = sheet_of(waiting, "dzz", tmp_path / "丁庄镇.xlsx")
    assert take(waiting, path) == 0
    found = case(waiting, failed("column-stale", "dzz"))
    assert found.state is State.REPORTED
    told = {k: found.report[k] for k in ("person", "phone", "action", "done", "url", "file")}
    assert told == {
        "person": "李四（示例）", "phone": "13800000001", "action": "已补发三条", "done": "2026-10-27", "url": URL,
        "file": "丁庄镇.xlsx",
    }  # fmt: skip
    assert (found.log[-1].who, found.log[-1].role, found.log[-1].kind) == (THIRD, "经办", "finding.reported")
    (kept,) = (waiting.folder / "returned").iterdir()
    assert kept.read_bytes() == path.read_bytes()
    lines = len(found.log)
    assert take(waiting, path) == 0  # the same file again changes nothing
    assert len(case(waiting, failed("column-stale", "dzz")).log) == lines


def test_conflicts_are_named_by_cell_and_nothing_is_overwritten(
    waiting: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(waiting, sheet_of(waiting, "dzz", tmp_path / "甲.xlsx")) == 0
    other = sheet_of(waiting, "dzz", tmp_path / "乙.xlsx", 整改措施="另一说法")
    capsys.readouterr()
    assert take(waiting, other) == Exit.FINDINGS
    said = capsys.readouterr().out
    assert "冲突" in said
    assert "!V" in said  # the cell of 整改措施
    assert case(waiting, failed("column-stale", "dzz")).report["action"] == "已补发三条"
    assert take(waiting, other, more=("--overwrite",)) == 0
    assert case(waiting, failed("column-stale", "dzz")).report["action"] == "另一说法"


def test_edited_ids_incomplete_rows_and_bad_days_are_refused(
    waiting: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = edit(
        sheet_of(waiting, "dzz", tmp_path / "改号.xlsx"),
        lambda s: [
            setattr(s.cell(r, HEADS["问题编号"]), "value", "SLQ-2026Q3-dzz-9999") for r in range(4, s.max_row + 1)
        ],
    )
    unlinked = sheet_of(waiting, "zfb", tmp_path / "缺网址.xlsx", 整改后网址=None)
    early = sheet_of(waiting, "fgj", tmp_path / "未来.xlsx", 整改完成日期=date(2026, 12, 1))
    assert take(waiting, moved, unlinked, early) == Exit.FINDINGS
    said = capsys.readouterr().out.replace("\n", "").replace(" ", "")
    assert "台账中没有这个" in said
    assert "整改后网址" in said
    assert "之后" in said
    states = {case(waiting, failed("column-stale", u)).state for u in ("dzz", "zfb", "fgj")}
    assert states == {State.RECTIFYING}
    assert not (waiting.folder / "returned").exists()


def test_what_was_sent_back_has_to_be_declared_anew(waiting: Office, tmp_path: Path) -> None:
    from audit.history.store import Entry

    path = sheet_of(waiting, "dzz", tmp_path / "a.xlsx")
    assert take(waiting, path) == 0
    identity = failed("column-stale", "dzz").identity
    with waiting.desk("test") as desk:
        desk.decide("监测", "监测", [Entry("recheck.done", identity, State.RETURNED, "退回", {"result": "未通过"})])
    assert take(waiting, path) == Exit.FINDINGS  # word for word what was sent back
    assert case(waiting, failed("column-stale", "dzz")).state is State.RETURNED
    again = sheet_of(waiting, "dzz", tmp_path / "b.xlsx", 整改完成日期=date(2026, 10, 28), 整改措施="重新补发")
    assert take(waiting, again) == 0
    assert case(waiting, failed("column-stale", "dzz")).report["action"] == "重新补发"


def test_before_the_release_and_without_a_choice(drafted: Office, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK nonsense")
    assert take(drafted, tmp_path / "x.xlsx") == Exit.USAGE
    assert drafted.run("rectify", "shiliqu", "--person", THIRD) == Exit.USAGE


def test_a_sheet_saved_by_libreoffice(waiting: Office, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("没有 LibreOffice")
    path = sheet_of(waiting, "dzz", tmp_path / "in.xlsx")
    out = tmp_path / "out"
    words = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx",
             "--outdir", str(out), str(path)]  # fmt: skip
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    assert take(waiting, out / "in.xlsx") == 0
    assert case(waiting, failed("column-stale", "dzz")).report["done"] == "2026-10-27"


def test_the_log_tells_of_it(waiting: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert take(waiting, sheet_of(waiting, "dzz", tmp_path / "a.xlsx")) == 0
    capsys.readouterr()
    assert waiting.run("round", "log", "shiliqu", "--json") == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (last["kind"], last["state"], last["payload"]["url"]) == ("finding.reported", "单位申报", URL)
