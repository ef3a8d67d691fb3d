from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from office import Office
from openpyxl import load_workbook

from audit.errors import Exit
from audit.rounds.states import State

FIRST, SECOND = "初审人甲", "复核人乙"


def edit(path: Path, change: Callable[[Any], None]) -> None:
    book = load_workbook(path)
    change(book.worksheets[0])
    book.save(path)


@pytest.fixture
def exported(office: Office, tmp_path: Path) -> Path:
    path = tmp_path / "初审.xlsx"
    assert office.run("review", "shiliqu", "--person", FIRST, "--export", str(path)) == 0
    return path


def take(office: Office, path: Path, *more: str) -> int:
    return office.run("review", "shiliqu", "--person", FIRST, "--import", str(path), *more)


def states(office: Office) -> dict[str, State]:
    with office.desk() as desk:
        return {c.identity: c.state for c in desk.cases().values()}


def test_round_trip(office: Office, exported: Path) -> None:
    ids: list[str] = []

    def fill(sheet: Any) -> None:
        ids.extend(sheet[f"A{row}"].value for row in range(2, 6))
        sheet["J2"], sheet["J3"], sheet["K3"], sheet["L3"] = "确认", "驳回", "owner", "不是我局栏目"
        sheet["J4"], sheet["J5"] = "转人工", "转送"

    edit(exported, fill)
    assert take(office, exported) == 0
    found = states(office)
    assert found[ids[0]] in (State.CONFIRMED, State.SECOND)
    assert [found[i] for i in ids[1:]] == [State.REJECTED, State.MANUAL, State.REFERRED]
    assert take(office, exported) == Exit.USAGE  # every row has been dealt with since


def test_edited_cells_are_named_and_nothing_is_taken(
    office: Office, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = states(office)

    def spoil(sheet: Any) -> None:
        sheet["J2"] = "确认"
        sheet["J3"], sheet["A3"] = "确认", "ffffffffffffffff"
        sheet["J4"], sheet["G4"] = "确认", "改过的描述"
        sheet["J5"] = "也许"
        sheet["J6"], sheet["K6"] = "驳回", "nonsense"
        sheet["L7"] = "没有结论的说明"

    edit(exported, spoil)
    assert take(office, exported) == Exit.USAGE
    said = capsys.readouterr().err.replace("\n", "")
    for cell in ("A3", "G4", "J5", "J6", "J7"):
        assert cell in said
    assert "未导入任何内容" in said
    assert states(office) == before


def test_other_files_are_refused(office: Office, tmp_path: Path, exported: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 nonsense")
    assert take(office, broken) == Exit.USAGE
    assert take(office, tmp_path / "missing.xlsx") == Exit.USAGE
    edit(exported, lambda sheet: sheet.insert_cols(1))
    assert take(office, exported) == Exit.USAGE


def test_the_second_persons_workbook(office: Office, exported: Path, tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        for row in range(2, 6):
            sheet[f"J{row}"] = "确认"

    edit(exported, fill)
    assert take(office, exported) == 0
    waiting = [i for i, s in states(office).items() if s is State.SECOND]
    assert waiting
    path = tmp_path / "复核.xlsx"
    words = ("review", "shiliqu", "--second")
    assert office.run(*words, "--person", SECOND, "--export", str(path)) == 0
    edit(path, lambda sheet: [sheet.cell(r, 10, "确认") for r in range(2, sheet.max_row + 1)])
    assert office.run(*words, "--person", FIRST, "--import", str(path)) == Exit.USAGE
    assert office.run(*words, "--person", SECOND, "--import", str(path)) == 0
    assert {states(office)[i] for i in waiting} == {State.CONFIRMED}
