"""The draft notice of the round and the work ledger: figures of the round, lines of the plan."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest
import report_factory as factory
from docx import Document
from selectolax.lexbor import LexborHTMLParser

from checks.outcomes import Outcome
from config.editions import load_standard
from config.load import load_district
from config.plans import builtin_plan
from reports.annexes import NAMES
from reports.annual import annual
from reports.build import build
from reports.bulletin import LONGEST, MARK, bulletin
from reports.issues import docket
from reports.overview import Overview
from reports.task_book import FIELDS, task_book, tasks
from reports.view import PastRound, RoundView, Visibility


def text_of(data: bytes) -> str:
    if data.startswith(b"PK"):
        return re.sub(r"\s+", "", "".join(p.text for p in Document(io.BytesIO(data)).paragraphs))
    return re.sub(r"\s+", "", LexborHTMLParser(data.decode()).css_first("main").text())  # type: ignore[union-attr]


def test_the_draft_notice_is_bound_to_the_figures_of_the_overview(view: RoundView, files: dict[str, bytes]) -> None:
    over = Overview(view, docket(view))
    facts = {h.label: h for h in over.headline}
    for name in ("通报稿.html", "通报稿.docx"):
        said = text_of(files[name])
        assert f"发现问题{facts['发现问题'].value}处，其中单项否决{facts['单项否决'].value}项" in said
        assert f"单位合格率{facts['单位合格率'].value}（{facts['单位合格率'].unit}）" in said
        for row in over.problems[:3]:
            assert f"共{row.count}处，占全部问题的" in said
            assert row.rule.title in said
        for group in over.groups:
            if group.spread and group.spread.count == 1:
                assert f"得分已定的1家，{group.spread.mean.normalize():f}分" in said
            elif group.spread:
                assert f"参与排名且得分已定的{group.spread.count}家，平均{group.spread.mean.normalize():f}分" in said


def test_the_draft_notice_is_short_and_marked_as_a_draft(view: RoundView) -> None:
    for each in (view, factory.view(factory.hostile_findings()), replace(view, findings=(), scores=(), ranks=())):
        paper = bulletin(each, docket(each))
        assert len(paper.words) <= LONGEST
        assert paper.mark.startswith(MARK)
    assert bulletin(replace(view, provisional=False), docket(view)).mark == MARK, (
        "a person has to sign a frozen one, too"
    )


def test_the_draft_notice_tells_what_became_of_the_last_round(view: RoundView) -> None:
    issue = docket(view).open()[0]
    past = PastRound("2026Q2", view.as_of, fingerprints=frozenset({"gone", issue.fingerprints[0]}))
    said = bulletin(replace(view, history=(past,)), docket(view)).words
    assert "未再发现1处，仍存在1处" in said
    assert f"连续两轮出现同一问题的单位：{view.unit_name(issue.unit)}" in said


def test_material_for_the_annual_report_counts_who_passed_as_the_overview_does(view: RoundView) -> None:
    items = docket(view)
    facts = {h.label: h for h in Overview(view, items).headline}
    said = annual(view, items).words
    assert f"合格{facts['单位合格率'].unit.partition('/')[0]}家（{facts['单位合格率'].value}）" in said
    assert f"发现问题{facts['发现问题'].value}处" in said


def test_every_attachment_the_notice_names_is_made(view: RoundView, files: dict[str, bytes]) -> None:
    items = docket(view)
    paper = bulletin(view, items)
    assert paper.attachments == NAMES
    html = LexborHTMLParser(files["通报附件.html"].decode())
    assert [h.text() for h in html.css("h1.annex")] == list(NAMES)
    assert [p.text() for p in html.css(".annexno")] == ["附件1", "附件2", "附件3"]
    book = openpyxl.load_workbook(io.BytesIO(files["通报附件.xlsx"]))
    assert book.sheetnames == [f"附件{n} {name}" for n, name in enumerate(NAMES, 1)]
    rows = [row[1] for row in book.worksheets[1].iter_rows(min_row=4, values_only=True)]
    assert rows == [i.number for i in items.open()]
    tables = html.css("section")[1].css("table")
    printed = [sorted(h.text() for h in t.css("tbody th[scope='row']")) for t in tables]
    owed = [items.open(u.unit_id) for u in view.units if items.open(u.unit_id)]
    assert printed == [sorted(i.number.rpartition("-")[2] for i in own) for own in owed]
    ranked = {row[2]: row[1] for row in book.worksheets[0].iter_rows(min_row=4, values_only=True)}
    for rank in view.ranks:
        place = "不参与" if rank.place is None else rank.place
        assert ranked[view.unit_name(rank.unit)] == place
    assert "草稿" in html.css_first(".mark").text()


def test_a_draft_for_checking_is_marked_on_every_file_until_the_freeze(view: RoundView) -> None:
    """HTML and what is printed of it, DOCX, workbooks, README: a 核对稿 must not pass for the result."""
    checked = replace(view, provisional=False, stage="核对稿第1版")
    edition = dict(build(checked))
    for name, data in edition.items():
        if name.endswith(".html"):
            assert "核对稿第1版" in data.decode(), name
        elif name.endswith(".docx"):
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                heads = [parts.read(n).decode() for n in parts.namelist() if "header" in n]
            assert heads and all("草稿" in h and "核对稿第1版" in h for h in heads), name
        elif name.endswith(".xlsx"):
            sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
            assert "核对稿第1版" in str(sheet["A2"].value), name
    assert "核对稿第1版" in edition["README.txt"].decode("utf-8-sig")
    assert "content:" in edition["cards/zfb.html"].decode().partition("核对稿第1版")[0]  # the running head of print
    frozen = dict(build(replace(checked, stage="")))
    assert not [n for n, d in frozen.items() if n.endswith(".html") and "核对稿" in d.decode() and "通报" not in n]


def test_the_public_edition_has_no_drafts(view: RoundView) -> None:
    names = [n for n, _ in build(replace(view, visibility=Visibility.PUBLIC))]
    assert not [n for n in names if "通报" in n or "台账" in n]


@pytest.fixture(scope="module")
def real(view: RoundView) -> RoundView:
    """The district the plan was written for, without any finding."""
    district, standard = load_district("taierzhuang"), load_standard("seed-2023-6")
    return replace(view, district=district, standards=(standard,), findings=(), scores=(), ranks=())


def test_a_round_without_a_plan_has_no_work_ledger(view: RoundView) -> None:
    assert task_book(view, docket(view)) is None


def test_the_work_ledger_holds_the_27_lines_per_unit(real: RoundView) -> None:
    plan = builtin_plan("seed-2023-6")
    assert plan is not None
    data = task_book(real, docket(real))
    assert data is not None
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["任务分解", "单位视图", "时限日历", "对照", "填写说明", "打印页"]
    page = book["任务分解"]
    assert [c.value for c in page[3]] == [f.title for f in FIELDS]
    rows = list(page.iter_rows(min_row=4, values_only=True))
    assert len(rows) == len(tasks(real, plan))
    assert list(dict.fromkeys(r[1] for r in rows)) == [line.place for line in plan.lines]
    towns = [r[6] for r in rows if r[1] == "一（一）3"]
    assert towns == ["运河街道", "邳庄镇", "张山子镇", "泥沟镇", "涧头集镇", "马兰屯镇", "区发展改革局"]
    assert [r[1] for r in rows if str(r[6]).startswith("待确定")] == [
        "一（二）3",
        "一（三）1",
        "四（三）",
        "四（四）",
    ]
    assert {r[3] for r in rows if r[1] == "五（三）"} != {""}
    paper = list(book["打印页"].iter_rows(min_row=4, values_only=True))
    assert [r[0] for r in paper] == [line.place for line in plan.lines]
    towns_at = next(at for at, r in enumerate(rows, 4) if r[1] == "一（一）3")
    counted = next(r for r in paper if r[0] == "一（一）3")
    assert counted[2] == "、".join(map(str, towns))
    assert counted[5] == f'=COUNTIF(任务分解!P{towns_at}:P{towns_at + 6},"已完成")&"/7"'
    dates = [c.value for c in book["时限日历"]["A"][3:]]
    assert dates == sorted(dates)
    assert task_book(real, docket(real)) == data


def test_ledger_and_audit_cannot_contradict(real: RoundView) -> None:
    base = factory.view().findings[0]
    one = replace(base, outcome=Outcome.FAILED, indicator="seed-2023-6/4.2a", standard="seed-2023-6", unit="zfb",
                  identity="i1", fingerprint="f1", waived="")  # fmt: skip
    view = replace(real, findings=(one,))
    data = task_book(view, docket(view))
    assert data is not None
    book = openpyxl.load_workbook(io.BytesIO(data))
    cross = {str(r[1]).split()[0]: r for r in book["对照"].iter_rows(min_row=4, values_only=True)}
    assert cross["4.2a"][5] == 1
    assert cross["4.2a"][8] == docket(view).issues[0].number
    assert sum(int(r[5]) for r in cross.values()) == 1
    by_unit = {r[0]: r for r in book["单位视图"].iter_rows(min_row=4, values_only=True)}
    assert by_unit["区政府办"][5] == 1
