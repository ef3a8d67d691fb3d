from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import report_factory as factory
from office import Office
from openpyxl import load_workbook

from audit.errors import Exit
from audit.rounds import review
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


def log_length(office: Office) -> int:
    with office.desk() as desk:
        return len(desk.decisions())


def fill_four(sheet: Any) -> None:
    sheet["J2"], sheet["J3"], sheet["K3"], sheet["L3"] = "确认", "驳回", "owner", "不是我局栏目"
    sheet["J4"], sheet["J5"] = "转人工", "转送"


def test_ones_own_workbook_again_changes_nothing(
    office: Office, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(exported, fill_four)
    assert take(office, exported) == 0
    before, lines = states(office), log_length(office)
    capsys.readouterr()
    assert take(office, exported) == 0
    assert "已导入 0 条新决定；与本人先前导入的相同、未变 4 条。" in capsys.readouterr().out
    assert (states(office), log_length(office)) == (before, lines)
    edit(exported, lambda sheet: sheet.__setitem__("J6", "转人工"))  # she went on filling
    assert take(office, exported) == 0
    assert "已导入 1 条新决定；与本人先前导入的相同、未变 4 条。" in capsys.readouterr().out
    assert log_length(office) == lines + 1


def test_a_changed_conclusion_of_the_same_person_is_a_change(
    office: Office, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids: list[str] = []
    edit(exported, lambda sheet: (fill_four(sheet), ids.extend(sheet[f"A{row}"].value for row in range(2, 6))))
    assert take(office, exported) == 0
    lines = log_length(office)

    def change(sheet: Any) -> None:
        sheet["J2"], sheet["K2"] = "驳回", "fetch"  # was confirmed
        sheet["L3"] = "属区直部门"  # another reason

    edit(exported, change)
    capsys.readouterr()
    assert take(office, exported) == 0
    said = capsys.readouterr().out
    assert "已导入 0 条新决定；改变本人先前的决定 2 条；与本人先前导入的相同、未变 2 条。" in said
    assert "“确认”（2026-10-08 09:00），现改为“驳回：fetch”" in said
    assert "“驳回：owner，不是我局栏目”" in said
    with office.desk() as desk:
        cases = desk.cases()
        assert [(cases[i].state, cases[i].reason, cases[i].note) for i in ids[:2]] == [
            (State.REJECTED, "fetch", ""),
            (State.REJECTED, "owner", "属区直部门"),
        ]
        assert len(desk.decisions()) == lines + 4  # two taken back, two new: the old lines stay
        assert desk.history.verify("shiliqu") == ""
    assert take(office, exported) == 0
    assert log_length(office) == lines + 4


def test_what_others_did_since_is_a_conflict_that_names_them(
    office: Office, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A colleague's decision is not one's own; nor may one's own be changed once a second person stands by it."""
    other = exported.with_name("乙.xlsx")
    other.write_bytes(exported.read_bytes())
    edit(exported, fill_four)
    assert take(office, exported) == 0
    edit(other, lambda sheet: sheet.__setitem__("J2", "确认"))
    assert office.run("review", "shiliqu", "--person", SECOND, "--import", str(other)) == Exit.USAGE
    said = capsys.readouterr().err.replace("\n", "")
    assert f"F2：导出后已有他人处理（{FIRST}，2026-10-08 09:00）" in said
    with office.desk("test") as desk:
        waiting = [c for c in desk.cases().values() if c.state is State.SECOND]
        assert len(waiting) == 1  # the veto of row 2
        desk.decide(SECOND, review.SECOND, [review.second(waiting[0], SECOND, True)])
    assert take(office, exported) == 0  # the same entries, though others went on
    edit(exported, lambda sheet: (sheet.__setitem__("J2", "驳回"), sheet.__setitem__("K2", "fetch")))
    capsys.readouterr()
    assert take(office, exported) == Exit.USAGE
    said = capsys.readouterr().err.replace("\n", "")
    assert f"J2：你先前的结论是“确认”（2026-10-08 09:00），此后 {SECOND} 已处理为“确认”" in said


def test_a_stated_fact_of_ones_own_again(office: Office, exported: Path) -> None:
    """The description changes with the statement; the same workbook is still the same entries."""
    with office.desk() as desk:
        case = next(c for c in desk.cases().values() if c.unmeasured and not c.gap)

    def state(sheet: Any, fact: str) -> None:
        row = next(r for r in range(2, sheet.max_row + 1) if sheet[f"A{r}"].value == case.identity)
        sheet[f"J{row}"], sheet[f"N{row}"] = "确认", fact
        sheet[f"O{row}"], sheet[f"P{row}"] = f"{factory.HOST}/", "2026-10-08"

    edit(exported, lambda sheet: state(sheet, "打开页面看到该栏目没有内容"))
    assert take(office, exported) == 0
    lines = log_length(office)
    assert take(office, exported) == 0
    assert log_length(office) == lines
    edit(exported, lambda sheet: state(sheet, "打开页面看到该栏目只有一条旧信息"))
    assert take(office, exported) == 0
    assert log_length(office) == lines + 2
    with office.desk() as desk:
        assert "只有一条旧信息" in desk.cases()[case.identity].message


def test_a_workbook_of_the_version_before(office: Office, exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its head lacks the three columns of a stated fact; only rows that need them are refused, by name."""
    with office.desk() as desk:
        case = next(c for c in desk.cases().values() if c.unmeasured and not c.gap)
    edit(exported, lambda sheet: sheet.delete_cols(14, 3))
    edit(exported, lambda sheet: sheet.__setitem__("J2", "确认"))
    assert take(office, exported) == 0
    place: list[int] = []

    def confirm(sheet: Any) -> None:
        place.append(next(r for r in range(2, sheet.max_row + 1) if sheet[f"A{r}"].value == case.identity))
        sheet[f"J{place[0]}"] = "确认"

    edit(exported, confirm)
    assert take(office, exported) == Exit.USAGE
    said = capsys.readouterr().err.replace("\n", "")
    assert f"J{place[0]}：这本工作簿是旧版，没有“人工核查事实”、“核查依据（网址或文件）”、“核查日期”栏" in said

    def add(sheet: Any) -> None:  # columns may be added on the right, in any order
        for column, (title, value) in enumerate(
            (("核查日期", "2026-10-08"), ("人工核查事实", "打开页面看到没有内容"),
             ("核查依据（网址或文件）", f"{factory.HOST}/")), 14,
        ):  # fmt: skip
            sheet.cell(1, column, title)
            sheet.cell(place[0], column, value)

    edit(exported, add)
    assert take(office, exported) == 0
    assert states(office)[case.identity] in (State.CONFIRMED, State.SECOND)


def test_a_column_that_is_missing_is_named(
    office: Office, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(exported, lambda sheet: (sheet.__setitem__("J1", "结果"), sheet.__setitem__("F1", "状态")))
    assert take(office, exported) == Exit.USAGE
    assert "表头缺少“现状态”、“结论”" in capsys.readouterr().err.replace("\n", "")
    edit(exported, lambda sheet: (sheet.__setitem__("J1", "结论"), sheet.__setitem__("F1", "结论")))
    assert take(office, exported) == Exit.USAGE
    assert "表头缺少“现状态”" in capsys.readouterr().err.replace("\n", "")
    edit(exported, lambda sheet: (sheet.__setitem__("F1", "现状态"), sheet.__setitem__("Q1", "结论")))
    assert take(office, exported) == Exit.USAGE
    assert "表头有两个“结论”" in capsys.readouterr().err.replace("\n", "")


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
    edit(exported, lambda sheet: sheet.delete_rows(1))
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
