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
        sheet["K2"], sheet["K3"], sheet["L3"], sheet["M3"] = "确认", "驳回", "owner", "不是我局栏目"
        sheet["K4"], sheet["K5"] = "转人工", "转送"

    edit(exported, fill)
    assert take(office, exported) == 0
    found = states(office)
    assert found[ids[0]] in (State.CONFIRMED, State.SECOND)
    assert [found[i] for i in ids[1:]] == [State.REJECTED, State.MANUAL, State.REFERRED]


def log_length(office: Office) -> int:
    with office.desk() as desk:
        return len(desk.decisions())


def fill_four(sheet: Any) -> None:
    sheet["K2"], sheet["K3"], sheet["L3"], sheet["M3"] = "确认", "驳回", "owner", "不是我局栏目"
    sheet["K4"], sheet["K5"] = "转人工", "转送"


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
    edit(exported, lambda sheet: sheet.__setitem__("K6", "转人工"))  # she went on filling
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
        sheet["K2"], sheet["L2"] = "驳回", "fetch"  # was confirmed
        sheet["M3"] = "属区直部门"  # another reason

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
    edit(other, lambda sheet: sheet.__setitem__("K2", "确认"))
    assert office.run("review", "shiliqu", "--person", SECOND, "--import", str(other)) == Exit.USAGE
    said = capsys.readouterr().err.replace("\n", "")
    assert f"F2：导出后已有他人处理（{FIRST}，2026-10-08 09:00）" in said
    with office.desk("test") as desk:
        waiting = [c for c in desk.cases().values() if c.state is State.SECOND]
        assert len(waiting) == 1  # the veto of row 2
        desk.decide(SECOND, review.SECOND, [review.second(waiting[0], SECOND, True)])
    assert take(office, exported) == 0  # the same entries, though others went on
    edit(exported, lambda sheet: (sheet.__setitem__("K2", "驳回"), sheet.__setitem__("L2", "fetch")))
    capsys.readouterr()
    assert take(office, exported) == Exit.USAGE
    said = capsys.readouterr().err.replace("\n", "")
    assert f"K2：你先前的结论是“确认”（2026-10-08 09:00），此后 {SECOND} 已处理为“确认”" in said


def test_a_stated_fact_of_ones_own_again(office: Office, exported: Path) -> None:
    """The description changes with the statement; the same workbook is still the same entries."""
    with office.desk() as desk:
        case = next(c for c in desk.cases().values() if c.unmeasured and not c.gap)

    def state(sheet: Any, fact: str) -> None:
        row = next(r for r in range(2, sheet.max_row + 1) if sheet[f"A{r}"].value == case.identity)
        sheet[f"K{row}"], sheet[f"O{row}"] = "确认", fact
        sheet[f"P{row}"], sheet[f"Q{row}"] = f"{factory.HOST}/", "2026-10-08"

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
    edit(exported, lambda sheet: sheet.delete_cols(15, 3))
    edit(exported, lambda sheet: sheet.__setitem__("K2", "确认"))
    assert take(office, exported) == 0
    place: list[int] = []

    def confirm(sheet: Any) -> None:
        place.append(next(r for r in range(2, sheet.max_row + 1) if sheet[f"A{r}"].value == case.identity))
        sheet[f"K{place[0]}"] = "确认"

    edit(exported, confirm)
    assert take(office, exported) == Exit.USAGE
    said = capsys.readouterr().err.replace("\n", "")
    assert f"K{place[0]}：这本工作簿是旧版，没有“人工核查事实”、“核查依据（网址或文件）”、“核查日期”栏" in said

    def add(sheet: Any) -> None:  # columns may be added on the right, in any order
        for column, (title, value) in enumerate(
            (("核查日期", "2026-10-08"), ("人工核查事实", "打开页面看到没有内容"),
             ("核查依据（网址或文件）", f"{factory.HOST}/")), 15,
        ):  # fmt: skip
            sheet.cell(1, column, title)
            sheet.cell(place[0], column, value)

    edit(exported, add)
    assert take(office, exported) == 0
    assert states(office)[case.identity] in (State.CONFIRMED, State.SECOND)


def test_a_column_that_is_missing_is_named(
    office: Office, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(exported, lambda sheet: (sheet.__setitem__("K1", "结果"), sheet.__setitem__("F1", "状态")))
    assert take(office, exported) == Exit.USAGE
    assert "表头缺少“现状态”、“结论”" in capsys.readouterr().err.replace("\n", "")
    edit(exported, lambda sheet: (sheet.__setitem__("K1", "结论"), sheet.__setitem__("F1", "结论")))
    assert take(office, exported) == Exit.USAGE
    assert "表头缺少“现状态”" in capsys.readouterr().err.replace("\n", "")
    edit(exported, lambda sheet: (sheet.__setitem__("F1", "现状态"), sheet.__setitem__("R1", "结论")))
    assert take(office, exported) == Exit.USAGE
    assert "表头有两个“结论”" in capsys.readouterr().err.replace("\n", "")


def test_edited_cells_are_named_and_nothing_is_taken(
    office: Office, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = states(office)

    def spoil(sheet: Any) -> None:
        sheet["K2"] = "确认"
        sheet["K3"], sheet["A3"] = "确认", "ffffffffffffffff"
        sheet["K4"], sheet["G4"] = "确认", "改过的描述"
        sheet["K5"] = "也许"
        sheet["K6"], sheet["L6"] = "驳回", "nonsense"
        sheet["M7"] = "没有结论的说明"

    edit(exported, spoil)
    assert take(office, exported) == Exit.USAGE
    said = capsys.readouterr().err.replace("\n", "")
    for cell in ("A3", "G4", "K5", "L6", "K7"):
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
            sheet[f"K{row}"] = "确认"

    edit(exported, fill)
    assert take(office, exported) == 0
    waiting = [i for i, s in states(office).items() if s is State.SECOND]
    assert waiting
    path = tmp_path / "复核.xlsx"
    words = ("review", "shiliqu", "--second")
    assert office.run(*words, "--person", SECOND, "--export", str(path)) == 0
    edit(path, lambda sheet: [sheet.cell(r, 11, "确认") for r in range(2, sheet.max_row + 1)])
    assert office.run(*words, "--person", FIRST, "--import", str(path)) == Exit.USAGE
    assert office.run(*words, "--person", SECOND, "--import", str(path)) == 0
    assert {states(office)[i] for i in waiting} == {State.CONFIRMED}


def row_of(path: Path, identity: str) -> dict[str, Any]:
    sheet = load_workbook(path).worksheets[0]
    head = [c.value for c in sheet[1]]
    row = next(r for r in sheet.iter_rows(min_row=2) if r[0].value == identity)
    return dict(zip(head, row, strict=True))


def test_every_row_says_what_confirming_it_takes(office: Office, exported: Path, tmp_path: Path) -> None:
    with office.desk() as desk:
        cases = [c for c in desk.cases().values() if not c.gap]
    single = next(c for c in cases if not c.unmeasured and not c.second_needed and c.lead.outcome == "failed")
    veto, unmeasured = next(c for c in cases if c.veto), next(c for c in cases if c.unmeasured)
    told = {c.identity: row_of(exported, c.identity) for c in (single, veto, unmeasured)}
    assert told[single.identity]["怎样确认"].value == "可以直接确认"
    assert "单项否决：确认后还须另一人复核" in told[veto.identity]["怎样确认"].value
    assert (
        "须自己核查，填“人工核查事实”“核查依据（网址或文件）”“核查日期”"
        in told[unmeasured.identity]["怎样确认"].value
    )
    assert told[unmeasured.identity]["怎样确认"].font.b and not told[single.identity]["怎样确认"].font.b
    locked = {title: told[single.identity][title].protection.locked for title in ("结论", "说明", "人工核查事实")}
    assert locked == {"结论": False, "说明": False, "人工核查事实": True}
    assert not told[unmeasured.identity]["人工核查事实"].protection.locked
    sheet = load_workbook(exported).worksheets[0]
    rules = {str(v.sqref).split(":")[0]: (v.type, v.error) for v in sheet.data_validations.dataValidation}
    assert rules["K2"] == ("list", "只能选：确认、驳回、转人工、转送、重复")
    assert rules["O2"] == ("textLength", "不超过200字")
    assert rules["Q2"][0] == "date"
    at = told[unmeasured.identity]["人工核查事实"]
    pointed = [r.formula[0] for spot in sheet.conditional_formatting if at.coordinate in spot for r in spot.rules]
    assert pointed == [f'AND($K{at.row}="确认",LEN(O{at.row})=0)']


def test_each_cell_that_is_wanting_is_named_with_what_was_expected(
    office: Office, exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with office.desk() as desk:
        cases = [c for c in desk.cases().values() if not c.gap]
    blank, vague, late = [c.identity for c in cases if c.unmeasured][:3]
    measured = next(c.identity for c in cases if not c.unmeasured and not c.second_needed)
    places: dict[str, int] = {}

    def fill(sheet: Any) -> None:
        places.update({sheet[f"A{r}"].value: r for r in range(2, sheet.max_row + 1)})
        for identity, fact, day in (
            (blank, None, None),
            (vague, "情况属实", "2026-10-08"),
            (late, "没有内容，只有标题", "2027-01-01"),
        ):
            row = places[identity]
            sheet[f"K{row}"], sheet[f"O{row}"], sheet[f"Q{row}"] = "确认", fact, day
            sheet[f"P{row}"] = f"{factory.HOST}/"
        sheet[f"K{places[measured]}"], sheet[f"O{places[measured]}"] = "确认", "我也看到了"
        free = [r for i, r in places.items() if i not in (blank, vague, late, measured)]
        sheet[f"K{free[0]}"] = "驳回"
        sheet[f"K{free[1]}"], sheet[f"L{free[1]}"] = "驳回", "other"
        sheet[f"K{free[2]}"] = "重复"
        places.update(bare=free[0], other=free[1], twice=free[2])

    edit(exported, fill)
    assert take(office, exported) == Exit.USAGE
    said = capsys.readouterr().err.replace("\n", "")
    for expected in (
        f"O{places[blank]}：这是机器未能判定的事项",
        f"O{places[vague]}：“人工核查事实”须写明看到了什么",
        f"Q{places[late]}：“核查日期”2027-01-01 在今天之后",
        f"O{places[measured]}：机器已测得此项",
        f"L{places['bare']}：驳回须填理由代码，应为：exists（页面或内容已存在）",
        f"M{places['other']}：理由代码为 other 的",
        f"N{places['twice']}：须填与之重复的",
    ):
        assert expected in said
    assert set(states(office).values()) == {State.DETECTED}


def test_the_second_persons_workbook_offers_only_her_acts(office: Office, exported: Path, tmp_path: Path) -> None:
    edit(exported, lambda sheet: sheet.__setitem__("K2", "确认"))
    assert take(office, exported) == 0
    path = tmp_path / "复核.xlsx"
    assert office.run("review", "shiliqu", "--second", "--person", SECOND, "--export", str(path)) == 0
    sheet = load_workbook(path).worksheets[0]
    assert sheet["J2"].value == f"{FIRST} 初审（单项否决）：同意填“确认”，不同意填“转人工”"
    assert (
        next(v.error for v in sheet.data_validations.dataValidation if v.type == "list")
        == "只能选：确认、驳回、转人工"
    )
    edit(path, lambda sheet: sheet.__setitem__("K2", "转送"))
    words = ("review", "shiliqu", "--second", "--person", SECOND, "--import", str(path))
    assert office.run(*words) == Exit.USAGE
