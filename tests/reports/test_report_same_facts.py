"""The same facts in every format: each number of each output is one of the machine outputs' or is counted again here.

Nothing below uses the aggregations of `reports`: totals, rates and shares are recomputed from scores.json and
findings.json, and every table is compared with its twins cell by cell.
"""

from __future__ import annotations

import csv
import io
import json
import re
import statistics
import zipfile
from collections import Counter, defaultdict
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

import openpyxl
import pytest
from docx import Document
from selectolax.lexbor import LexborHTMLParser, LexborNode

from checks.scores import Line, Score
from reports.interview.pages import build_yuetan
from reports.text import figure
from reports.view import RoundView

NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*[a-z])")
FIXED = {"60", "80", "90", "100", "256", "0"}  # marks of the scale, SHA-256
TENTH = Decimal("0.1")


def text_of(name: str, data: bytes) -> str:
    """Everything a reader of the file sees."""
    if name.endswith(".html"):
        tree = LexborHTMLParser(data.decode())
        for node in tree.css("style, svg, .legend"):
            node.decompose()
        return tree.body.text(separator=" ")  # type: ignore[union-attr]
    if name.endswith(".docx"):
        return " ".join(p.text for p in Document(io.BytesIO(data)).paragraphs)
    if name.endswith(".xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(data))
        cells = (c for s in book for r in s.iter_rows() for c in r if c.value is not None and c.data_type != "f")
        return " ".join(str(c.value) for c in cells)
    return data.decode("utf-8-sig")


def numbers(text: str) -> Counter[str]:
    return Counter(plain(n) for n in NUMBER.findall(text))


def plain(number: str) -> str:
    return f"{Decimal(number).normalize():f}"


def lines(view: RoundView) -> list[tuple[Score, Line]]:
    return [(s, line) for s in view.scores for line in s.lines if line.applicable]


def derived(view: RoundView, files: dict[str, bytes]) -> set[str]:
    """Totals, rates and shares, counted again from scores and findings."""
    found: set[Decimal] = set()
    per_line: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for score, line in lines(view):
        full = line.weight if line.weight is not None else line.cap
        if full:
            rate = (full - line.deducted) * 100 / full
            found |= {
                rate.quantize(TENTH, ROUND_HALF_UP),
                rate.quantize(TENTH, ROUND_HALF_UP).quantize(Decimal(1), ROUND_FLOOR),
            }
        if score.unit:
            per_line[score.standard, line.indicator].append(line)
        found |= {line.worst - line.deducted, score.worst - score.deducted}
    for own in per_line.values():
        lost = sum((x.deducted for x in own), Decimal(0))
        told = sum(x.passed + x.failed > 0 for x in own)
        if not told:
            continue
        mean, full = lost / told, own[0].weight if own[0].weight is not None else own[0].cap
        found |= {lost, mean.quantize(Decimal("0.01"), ROUND_HALF_UP)}
        if full:
            found.add(((full - mean) * 100 / full).quantize(TENTH, ROUND_HALF_UP))
    for group in {r.group for r in view.ranks}:
        own_scores = [view.score(r.unit) for r in view.ranks if r.group == group]
        values = [s.upper for s in own_scores if s and s.rated]
        for value in (
            statistics.mean(values),
            statistics.median(values),
            Decimal(statistics.pstdev(map(float, values))),
        ):
            found.add(Decimal(value).quantize(TENTH, ROUND_HALF_UP))
    rows = json.loads(files["findings.json"])["findings"]
    open_ = {r["identity"]: r["rule"] for r in rows if r["outcome"] == "failed" and not r["waived"]}
    for count in Counter(open_.values()).values():
        found.add((Decimal(count) * 100 / len(open_)).quantize(TENTH, ROUND_HALF_UP))
    site = view.coverage.site
    pairs = [(site.fetched, site.known), *((c.fetched, c.known) for c in view.coverage.columns.values())]
    found |= {(Decimal(a) * 100 / b).quantize(TENTH, ROUND_HALF_UP) for a, b in pairs}
    return {plain(str(n)) for n in found}


@pytest.fixture(scope="module")
def known(view: RoundView, files: dict[str, bytes]) -> set[str]:
    told = "".join(d.decode() for n, d in files.items() if n.endswith((".json", ".jsonl")))
    rules = " ".join(f"{r.why}{r.fix}{r.recheck}{''.join(r.legal)}" for r in view.rules.values())
    expected = {str(len(view.district.columns)), str(len(view.district.accounts or ()))}
    return {*numbers(told), *numbers(rules), *derived(view, files), *FIXED, *expected}


def test_no_output_states_a_number_of_its_own(known: set[str], files: dict[str, bytes]) -> None:
    ordinals = {str(n) for n in range(1, 500)}
    for name, data in files.items():
        if name.endswith(".zip"):
            continue
        numbered = name.startswith(("整改台账", "人工核查表", "单位整改表/", "任务分解台账"))  # a column of ordinals
        odd = set(numbers(text_of(name, data))) - known - (ordinals if numbered else set())
        assert not odd, (name, sorted(odd))


def test_interview_papers_state_no_number_of_their_own(view: RoundView, known: set[str]) -> None:
    own = {"28", "22", "15", "10", "5", "3", "1", *map(str, range(1, 60))}  # deadlines, evidence numbers
    for name, data in build_yuetan(view, ["wjj", "czj"]):
        pack_known = set(known)
        for rank in view.ranks:
            peers = [s.upper for r in view.ranks if r.group == rank.group and (s := view.score(r.unit)) and s.rated]
            mean = (sum(peers, Decimal(0)) / len(peers)).quantize(TENTH, ROUND_HALF_UP)
            score = view.score(rank.unit)
            if score:
                pack_known.add(plain(str(abs(score.upper - mean))))
        assert not set(numbers(text_of(name, data))) - pack_known - own, name


def sheet(data: bytes, name: str) -> list[dict[str, Any]]:
    rows = list(openpyxl.load_workbook(io.BytesIO(data))[name].iter_rows(min_row=3, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def cells(row: LexborNode) -> list[str]:
    return [re.sub(r"\s+", "", c.text()) for c in row.css("th, td")]


def table(files: dict[str, bytes], name: str, section: str, at: int = 0) -> list[list[str]]:
    tree = LexborHTMLParser(files[name].decode())
    found = tree.css(f"section[aria-labelledby='{section}'] table")[at]
    return [cells(row) for row in found.css("tbody tr") if "group" not in (row.attributes.get("class") or "")]


def shown(value: Any) -> str:
    return "–" if value is None else figure(Decimal(str(value)))


def test_ranking_in_overview_and_workbook(files: dict[str, bytes]) -> None:
    printed = table(files, "overview.html", "s-rank")
    stored = sheet(files["overview.xlsx"], "得分与排名")
    assert len(printed) == len(stored)
    for row, twin in zip(printed, stored, strict=True):
        assert row[0] == shown(twin["名次"])
        assert row[1].startswith(twin["单位"])
        assert [row[-3], row[-2]] == [shown(twin["问题处"]), shown(twin["待判断处"])]
        if twin["得分上限"] is not None:
            low, high = shown(twin["得分下限"]), shown(twin["得分上限"])
            assert row[2] == (high if low == high else f"{low}–{high}")
            assert row[4:7] == [twin["等次"], shown(twin["待定分"]), shown(twin["否决项"])]


def test_indicators_in_overview_and_workbook(view: RoundView, files: dict[str, bytes]) -> None:
    stored = {(r["标准"], f"{r['编号']}{r['二级指标']}"): r for r in sheet(files["overview.xlsx"], "按指标")}
    seen = 0
    for at, standard in enumerate(view.standards, 1):
        for row in table(files, "overview.html", "s-ind", at):
            twin = stored[standard.title, row[0]]
            if len(row) == 8:
                assert row[2:4] == [shown(twin["平均失分"]), shown(twin["合计失分"])]
                assert row[4] == ("–" if twin["得分率（%）"] is None else f"{twin['得分率（%）']:.1f}%")
            assert row[-3:-1] == [f"{twin['失分单位']}/{twin['适用单位']}", shown(twin["待判断单位"])]
            seen += 1
    assert seen


def test_problem_classes_are_counted_from_the_findings(files: dict[str, bytes]) -> None:
    rows = json.loads(files["findings.json"])["findings"]
    open_ = {r["identity"]: r for r in rows if r["outcome"] == "failed" and not r["waived"]}
    counts = Counter(r["rule"] for r in open_.values())
    stored = sheet(files["overview.xlsx"], "主要问题")
    printed = table(files, "overview.html", "s-top")
    assert [r["处数"] for r in stored] == sorted(counts.values(), reverse=True)[: len(stored)]
    for row, twin in zip(printed, stored, strict=True):
        assert [row[0], row[2], row[4]] == [twin["问题"], str(twin["处数"]), str(twin["单位数"])]
        assert row[3] == f"{Decimal(str(twin['占比（%）'])):.1f}%"
    for twin in sheet(files["overview.xlsx"], "各规则结果"):
        assert twin["有问题"] == counts[twin["编号"]]


def test_heat_maps_in_overview_and_workbook(view: RoundView, files: dict[str, bytes]) -> None:
    """The tables of the overview hold one or several standards; the workbook has a sheet for each."""
    book = openpyxl.load_workbook(io.BytesIO(files["overview.xlsx"])).sheetnames
    stored = [[list(r.values()) for r in sheet(files["overview.xlsx"], n)] for n in book if n.startswith("单位×")]
    assert stored
    at = 0
    for drawn in LexborHTMLParser(files["overview.html"].decode()).css("section[aria-labelledby='s-heat'] table"):
        parts = max(1, len(drawn.css("tr.standards th")))
        for printed in (cells(row) for row in drawn.css("tbody tr")):
            was = [printed[0]]
            for twins in stored[at : at + parts]:
                (twin,) = (r for r in twins if r[0] == printed[0])
                lost = any(r[-1] for r in twins)
                told = ["" if v is None else shown(v) if isinstance(v, (int, float)) else str(v) for v in twin[1:]]
                was += told if lost else [t if twin[0] != "合计扣分" else "" for t in told[:-1]]
            assert len(printed) == len(was)
            assert [p for p, w in zip(printed, was, strict=True) if w and p != w] == []
        at += parts
    assert at == len(stored)


def test_start_page_cards_and_json_agree(view: RoundView, files: dict[str, bytes]) -> None:
    listed = {row[0]: row for row in table(files, "index.html", "s-units")}
    rows = json.loads(files["findings.json"])["findings"]
    for unit in view.units:
        told = json.loads(files[f"api/units/{unit.unit_id}.json"], parse_float=Decimal)
        mine = [r for r in rows if r["unit"] == unit.unit_id]
        failed = {r["identity"] for r in mine if r["outcome"] == "failed"}
        open_ = {r["identity"] for r in mine if r["outcome"] == "failed" and not r["waived"]}
        waiting = {r["identity"] for r in mine if r["outcome"] == "cannot-tell"} - failed
        row = listed[unit.name_short]
        assert row[4:6] == [str(len(open_)), str(len(waiting))]
        assert sum(p["count"] for p in told["problems"]) == len(failed)
        assert sum(p["count"] for p in told["undetermined"]) == len(waiting)
        card = LexborHTMLParser(files[f"cards/{unit.unit_id}.html"].decode())
        facts = {d.css_first("dt").text(): d.css_first("dd") for d in card.css(".top .facts div")}
        assert facts["发现问题"].css_first("small").text().startswith(f"{len(open_)}处")
        assert facts["尚不能判定"].text().startswith(f"{len(told['undetermined'])}项")
        rank = told["rank"]
        place = f"第{rank['place']}名／{rank['of']}家" if rank and rank["place"] is not None else "不参与排名"
        assert facts["分组名次"].text().startswith(place)
        primary = next(s for s in told["scores"] if s["standard"] == view.primary.id)
        low, high = shown(primary["lower"]), shown(primary["upper"])
        assert row[1] == ((high if low == high else f"{low}–{high}") if primary["rated"] else "–")


@pytest.mark.parametrize(
    ("book", "name", "twin"), [("findings.xlsx", "问题清单", "findings.csv"), ("findings.xlsx", "得分", "scores.csv")]
)
def test_a_csv_is_its_sheet_cell_by_cell(book: str, name: str, twin: str, files: dict[str, bytes]) -> None:
    stored = sheet(files[book], name)
    rows = list(csv.DictReader(io.StringIO(files[twin].decode("utf-8-sig"))))
    assert len(rows) == len(stored)
    for row, was in zip(rows, stored, strict=True):
        for key, value in was.items():
            same = shown(value) if isinstance(value, (int, float)) else "" if value is None else str(value)
            assert row[key] == same, key


def test_the_ledger_adds_up(files: dict[str, bytes]) -> None:
    every = sheet(files["整改台账.xlsx"], "台账")
    for row in sheet(files["整改台账.xlsx"], "单位汇总"):
        mine = [r for r in every if r["责任单位"] == row["责任单位"] and r["状态"] != "免责"]
        levels = Counter(r["问题等级"] for r in mine)
        assert row["问题项"] == len(mine)
        assert [row["单项否决"], row["扣分项"], row["提示项"]] == [levels["单项否决"], levels["扣分"], levels["提示"]]
    for name in (
        n
        for n in files
        if n.startswith("单位整改表/") and "台账" in openpyxl.load_workbook(io.BytesIO(files[n])).sheetnames
    ):
        for row in sheet(files[name], "台账"):
            if row["问题编号"]:
                twin = next(r for r in every if r["问题编号"] == row["问题编号"])
                assert {k: v for k, v in row.items() if k not in ("序号", "逾期天数")} == {
                    k: v for k, v in twin.items() if k not in ("序号", "逾期天数")
                }


def test_papers_carry_the_same_numbers_in_both_formats(view: RoundView, files: dict[str, bytes]) -> None:
    pairs = [(files["通报稿.html"], files["通报稿.docx"])]
    made = dict(build_yuetan(view, ["wjj"]))
    pairs.append((made["yuetan/wjj-约谈通知.html"], made["yuetan/wjj-约谈通知.docx"]))
    for page, document in pairs:
        tree = LexborHTMLParser(page.decode())
        for node in tree.css("style, .data, .mark, .skip"):
            node.decompose()
        body = " ".join(p.text for p in Document(io.BytesIO(document)).paragraphs if "检查轮次" not in p.text)
        assert numbers(tree.body.text(separator=" ")) == numbers(body)  # type: ignore[union-attr]


def test_the_printed_manual_sheet_has_the_rows_of_the_workbook(files: dict[str, bytes]) -> None:
    rows = sheet(files["人工核查表.xlsx"], "人工核查")
    stored = [r["编号"].rpartition("/")[2].rpartition("-")[2] for r in rows]
    tree = LexborHTMLParser(files["manual.html"].decode())
    printed = [head.text() for head in tree.css("table.manual tbody th[scope='row']")]
    assert Counter(printed) == Counter(stored)
    asked = {head.css_first("b").text() for head in tree.css("table.manual tr.ask th")}
    assert asked == {r["判定问题（是／否／不适用）"] for r in rows}, "every question is put, each above its items"


def test_a_parcel_holds_the_files_that_lie_beside_it(files: dict[str, bytes]) -> None:
    for name, data in files.items():
        if name.endswith(".zip"):
            unit = name.removeprefix("单位包/").removesuffix(".zip")
            with zipfile.ZipFile(io.BytesIO(data)) as parcel:
                assert parcel.read("检查结果.html") == files[f"cards/{unit}.html"]
                if "整改表.xlsx" in parcel.namelist():
                    assert parcel.read("整改表.xlsx") == files[f"单位整改表/{unit}.xlsx"]


def test_a_unit_is_in_one_group_everywhere(view: RoundView, files: dict[str, bytes]) -> None:
    group = {view.unit_name(r.unit): r.group for r in view.ranks}
    listed = {r["责任单位"]: r["单位分组"] for r in sheet(files["整改台账.xlsx"], "台账")}
    summed = {r["责任单位"]: r["单位分组"] for r in sheet(files["整改台账.xlsx"], "单位汇总")}
    for unit in view.units:
        name = view.unit_name(unit.unit_id)
        told = json.loads(files[f"api/units/{unit.unit_id}.json"])["unit"]["group"]
        assert {told, summed[name], listed.get(name, told)} == {group[name]}
        assert group[name] in files[f"cards/{unit.unit_id}.html"].decode()
