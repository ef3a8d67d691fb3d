"""The workbooks as another program reads them, and the same facts in every format."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import openpyxl
import pytest
import report_factory as factory
from openpyxl.utils import column_index_from_string, get_column_letter
from selectolax.lexbor import LexborHTMLParser

from reports.build import build
from reports.issues import docket
from reports.paper import balanced, layout
from reports.view import RoundView

OWN_FORMULAS = {("台账", "AE"), *(("打印页", column) for column in "EFGHI")}


def sheet(data: bytes, name: str) -> list[dict[str, Any]]:
    """Rows of a table sheet by heading; the header stands in row 3."""
    rows = list(openpyxl.load_workbook(io.BytesIO(data))[name].iter_rows(min_row=3, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def book(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_findings_book_has_its_sheets_ready_to_print(files: dict[str, bytes]) -> None:
    opened = book(files["findings.xlsx"])
    assert opened.sheetnames == ["问题清单", "待人工核查", "得分", "覆盖情况", "阅读说明"]
    for name in opened.sheetnames[:4]:
        page = opened[name]
        assert page.freeze_panes is not None
        assert page.auto_filter.ref.startswith("A3:")
        assert page.page_setup.orientation == "landscape"
        assert page.oddFooter.left.text.split()[0] == "2026Q3"
        assert page.page_setup.paperSize in ("8", "9", 8, 9), "A3 where A4 would be too small to read"
        assert page.print_title_rows == "$3:$3"


def test_every_sheet_prints_in_readable_type(files: dict[str, bytes]) -> None:
    """Ten points at 80 % are eight; what one A3 page cannot show so continues beside it, with the number repeated."""
    for name, data in files.items():
        for page in book(data).worksheets if name.endswith(".xlsx") else ():
            widths = [page.column_dimensions[get_column_letter(at + 1)].width for at in range(page.max_column)]
            room = {"8": 1133, "9": 784}[str(page.page_setup.paperSize)]
            starts = [0, *(b.id for b in page.col_breaks.brk), page.max_column]
            head = sum(widths[: column_index_from_string(page.print_title_cols[-1])]) if page.print_title_cols else 0
            for first, last in pairwise(starts):
                wide = (sum(widths[first:last]) + (head if first else 0)) * 7 * 0.75
                if page.sheet_properties.pageSetUpPr and page.sheet_properties.pageSetUpPr.fitToPage:
                    assert room / wide >= 0.8, (name, page.title)
                else:
                    assert 80 <= (page.page_setup.scale or 100) <= 100 * room / wide, (name, page.title)
            assert bool(page.print_title_cols) == (len(starts) > 2), (name, page.title)


def test_a_wide_sheet_takes_fewer_pages_when_its_long_texts_get_the_room() -> None:
    widths, lengths = [8.0] * 30 + [30.0, 30.0], [[6.0] * 50] * 30 + [[400.0] * 50, [90.0] * 50]
    wider = balanced(widths, lengths, 2)

    def pages(own: list[float]) -> float:
        return (len(layout(own, 2).breaks) + 1) * max(math.ceil(400 / own[30]), math.ceil(90 / own[31]))

    assert pages(wider) < pages(widths)
    assert wider[:30] == widths[:30], "what fits stays as it is"
    assert balanced([20.0, 30.0], [[400.0], [90.0]]) == [20.0, 30.0], "a sheet of one page keeps its widths"


def test_the_printed_page_of_the_ledger_follows_what_is_filled_in(files: dict[str, bytes]) -> None:
    opened = book(files["整改台账.xlsx"])
    paper, whole = opened["打印页"], opened["台账"]
    assert (paper.page_setup.paperSize, paper.page_setup.orientation) in ((9, "landscape"), ("9", "landscape"))
    heads = {cell.value: cell.column_letter for cell in whole[3]}
    for row in range(4, whole.max_row + 1):
        shown = [cell.value for cell in paper[row]]
        assert shown[0] == whole[f"{heads['问题编号']}{row}"].value
        assert str(whole[f"{heads['网址']}{row}"].value or "") in shown[3]
        for value, title in zip(shown[4:], ("整改期限", "责任人", "整改措施", "整改完成日期", "状态"), strict=True):
            assert value == f'=IF(台账!{heads[title]}{row}="","",台账!{heads[title]}{row})'


def test_dates_are_dates_and_points_are_numbers(files: dict[str, bytes]) -> None:
    row = sheet(files["findings.xlsx"], "问题清单")[0]
    assert row["证据采集时间"] == datetime(2026, 9, 29, 21, 31, 7)
    assert isinstance(row["扣分（封顶前）"], (int, float))


@pytest.mark.parametrize("fixture", ["files", "hostile_files"])
def test_no_cell_is_a_formula_beyond_our_own(fixture: str, request: pytest.FixtureRequest) -> None:
    for name, data in request.getfixturevalue(fixture).items():
        if not name.endswith(".xlsx"):
            continue
        for page in book(data).worksheets:
            for row in page.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        assert (page.title, cell.column_letter) in OWN_FORMULAS, (name, cell.coordinate, cell.value)
                    elif isinstance(cell.value, str):
                        assert not re.match(r"[=+\-@\t\r]", cell.value), (name, cell.coordinate)
                        assert len(cell.value) <= 32_767
                        assert not re.search("[\u202a-\u202e\x00-\x08]", cell.value)
                    if cell.hyperlink:
                        assert re.match(r"https?://", cell.hyperlink.target), cell.coordinate


def test_the_same_numbers_everywhere(view: RoundView, files: dict[str, bytes]) -> None:
    """Problem numbers, points and scores in HTML, XLSX and JSON are equal."""
    in_json = json.loads(files["findings.json"])["findings"]
    numbers = {r["number"] for r in in_json}
    in_book = sheet(files["findings.xlsx"], "问题清单")
    waiting = sheet(files["findings.xlsx"], "待人工核查")
    assert {r["问题编号"] for r in in_book} | {r["编号"] for r in waiting} == numbers
    assert sum(Decimal(str(r["扣分（封顶前）"])) for r in in_book) == sum(
        Decimal(str(r["points"])) for r in in_json if r["standard"] == view.primary.id
    )
    cards = {
        article.attributes["id"]: article
        for name, data in files.items()
        if name.startswith("cards/")
        for article in LexborHTMLParser(data.decode()).css("article.issue, table.waiting tr[id]")
    }
    assert {f"n-{n}" for n in numbers} == set(cards)
    for row in in_book:
        text = re.sub(r"\s+", "", cards[f"n-{row['问题编号']}"].text())
        assert re.sub(r"\s+", "", str(row["问题描述（实测值与标准）"])) in text
        assert str(row["网址"] or "") in text


def test_scores_are_the_same_everywhere(view: RoundView, files: dict[str, bytes]) -> None:
    scores = {(s["name"], s["standard"]): s for s in json.loads(files["scores.json"], parse_float=Decimal)["scores"]}
    titles = {s.title: s.id for s in view.standards}
    for row in sheet(files["findings.xlsx"], "得分"):
        own = scores[row["单位"], titles[row["标准"]]]
        assert [Decimal(str(row[k])) for k in ("得分下限", "得分上限", "扣分")] == [
            own["lower"], own["upper"], own["deducted"],
        ]  # fmt: skip
    overview = LexborHTMLParser(files["overview.html"].decode())
    ranking = overview.css_first("section[aria-labelledby='s-rank']")
    assert ranking is not None
    rows = [row for row in ranking.css("tr") if row.css("a")]
    printed = {row.css_first("a").text(): [c.text().strip() for c in row.css("td")] for row in rows}
    for unit in view.units:
        card = LexborHTMLParser(files[f"cards/{unit.unit_id}.html"].decode())
        own = scores[unit.name_short, view.primary.id]
        low, high = own["lower"], own["upper"]
        shown = f"{high}" if low == high else f"{low}–{high}"
        assert card.css_first(".score").text().strip() == f"{shown}分"
        assert printed[unit.name_short][1] == shown
        assert int(printed[unit.name_short][6]) == sum(len(i.faults) for i in docket(view).open(unit.unit_id))
        assert re.sub(r"\s+", "", own["formula"]) in re.sub(r"\s+", "", card.css_first("main").text())


def test_headline_counts_equal_the_verdicts(view: RoundView, files: dict[str, bytes]) -> None:
    rows = json.loads(files["findings.json"])["findings"]
    open_ = {r["identity"] for r in rows if r["outcome"] == "failed" and not r["waived"]}
    waiting = {r["identity"] for r in rows if r["outcome"] == "cannot-tell"} - open_
    strip = LexborHTMLParser(files["overview.html"].decode()).css(".strip div")
    values = {d.css_first("dt").text(): d.css_first(".big").text() for d in strip}
    assert values["发现问题"] == f"{len(open_)}处"
    assert values["尚不能判定"] == f"{len(waiting)}处"
    assert values["受检单位"] == f"{len(view.units)}家"


def test_same_inputs_same_bytes(files: dict[str, bytes]) -> None:
    again = dict(build(factory.view()))
    assert list(again) == list(files)
    assert [name for name in files if again[name] != files[name]] == []


def test_archives_carry_no_clock(files: dict[str, bytes]) -> None:
    for name, data in files.items():
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
                assert "2026-09-30T18:00:00Z" in archive.read("docProps/core.xml").decode()


def test_many_links_do_not_exceed_the_format(view: RoundView) -> None:
    long = "http://www.shiliqu.gov.cn/" + "a" * 3000
    odd = replace(next(f for f in view.findings if f.points), url=long, subject="x", identity="x", fingerprint="x")
    data = dict(build(replace(view, findings=(odd,))))["findings.xlsx"]
    page = book(data)["问题清单"]
    cell = next(c for c in page[4] if str(c.value).startswith("http"))
    assert cell.hyperlink is None
    assert cell.value == long


def test_the_ledger_has_its_columns_in_order(view: RoundView, files: dict[str, bytes]) -> None:
    opened = book(files["整改台账.xlsx"])
    assert opened.sheetnames == ["台账", "单位汇总", "规则说明", "变更日志", "填写说明", "打印页"]
    page = opened["台账"]
    heads = [c.value for c in page[3]]
    assert len(heads) == 36
    assert heads[19:24] == ["责任人", "联系电话", "整改措施", "整改完成日期", "整改后网址"]
    assert (heads[30], heads[32], heads[35]) == ("逾期天数", "状态", "备注")
    rows = [r[1].value for r in page.iter_rows(min_row=4)]
    assert rows == [i.number for i in docket(view).failed()]
    assert page["AE4"].value == '=IF(S4="","",MAX(0,IF(W4="",TODAY(),W4)-S4))'
    assert page.protection.sheet


@pytest.mark.parametrize("fixture", ["files", "hostile_files"])
def test_the_csv_twin_has_the_rows_of_the_ledger(fixture: str, request: pytest.FixtureRequest) -> None:
    files = request.getfixturevalue(fixture)
    text = files["整改台账.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    in_book = sheet(files["整改台账.xlsx"], "台账")
    for key in ("问题编号", "责任单位", "网址", "问题描述（实测值／标准）"):
        assert [r[key] for r in rows] == [r[key] or "" for r in in_book]
    assert [Decimal(r["扣分"]) for r in rows] == [Decimal(str(r["扣分"])) for r in in_book]
    assert not [v for r in rows for v in r.values() if v.startswith(("=", "+", "-", "@"))]


def test_a_unit_may_fill_only_its_five_columns(files: dict[str, bytes]) -> None:
    page = book(files["单位整改表/sjj.xlsx"])["台账"]
    row = page[4]
    assert [c.column for c in row if not c.protection.locked] == [20, 21, 22, 23, 24]
    assert all("-sjj-" in str(r[1].value) for r in page.iter_rows(min_row=4))


def test_the_manual_sheet_asks_one_question_a_row(view: RoundView, files: dict[str, bytes]) -> None:
    rows = sheet(files["人工核查表.xlsx"], "人工核查")
    waiting = sum(len(i.faults) for i in docket(view).pending())
    assert len(rows) == waiting + 1, "and one indicator that only people judge"
    assert all(str(r["判定问题（是／否／不适用）"]).endswith("？") for r in rows)
    assert {r["判定"] for r in rows} == {None}
    assert rows[-1]["判定问题（是／否／不适用）"] == "搜索结果是否相关？"


def test_overview_book_repeats_the_overview(view: RoundView, files: dict[str, bytes]) -> None:
    strip = LexborHTMLParser(files["overview.html"].decode()).css(".strip div")
    shown = {d.css_first("dt").text(): d.css_first(".big").text() for d in strip}
    for row in sheet(files["overview.xlsx"], "总体情况"):
        assert shown[row["项目"]] == f"{row['数值']}{row['单位或比数']}"
    lost = [r for r in sheet(files["overview.xlsx"], "按指标") if r["标准"] == view.primary.title]
    units = [s for s in view.scores if s.unit and s.standard == view.primary.id]
    assert Decimal(str(sum(r["合计失分"] for r in lost))) == sum(s.deducted for s in units)
