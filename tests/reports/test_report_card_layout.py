"""A card keeps every fact however dense: forms by kind, figures named on narrow screens, one number everywhere."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import report_factory as factory
from selectolax.lexbor import LexborHTMLParser

from reports.card import Card, card
from reports.heat import heat_map
from reports.issues import docket
from reports.pictures import Album
from reports.tables import indicator_rows, kept
from reports.view import RoundView


def test_the_feedback_form_names_every_problem_in_a_line_per_kind() -> None:
    view = factory.view()
    items = docket(view)
    unit = max(view.units, key=lambda u: len(items.open(u.unit_id)))
    tree = LexborHTMLParser(card(view, items, unit).decode())
    lines = [
        (row.css_first("td").text(), row.css("td")[1].text().partition("（")[0])
        for row in tree.css(".fill-in .blank")
    ]
    stem = items.by_unit[unit.unit_id][0].number.rpartition("-")[0] + "-"
    told = [(number, title) for numbers, title in lines for number in numbers.split("、")]
    assert sorted(told) == sorted((i.number.removeprefix(stem), i.rule.title) for i in items.open(unit.unit_id))
    assert len({title for _, title in lines}) == len(lines)


def test_figures_of_the_arithmetic_carry_their_names_where_columns_become_lines() -> None:
    view = factory.view()
    tree = LexborHTMLParser(card(view, docket(view), view.units[0]).decode())
    cells = tree.css(".sheet-rows tbody td.n")
    assert cells
    assert {c.attributes.get("data-name") for c in cells} <= {"分值", "扣分", "得分率", "待定分", "适用"}


def test_the_heat_map_prints_the_rate_of_the_card() -> None:
    view = factory.view()
    third = replace(view.score("zfb").lines[0], weight=Decimal(3), cap=None, deducted=Decimal(1), worst=Decimal(1),
                    applicable=True, failed=1)  # type: ignore[union-attr]  # fmt: skip
    scores = tuple(
        replace(s, lines=(replace(third, kind=s.lines[1].kind), *s.lines[1:]))
        if s.unit == "zfb" and s.standard == view.primary.id
        else s
        for s in view.scores
    )
    heat = heat_map(replace(view, scores=scores), view.primary)
    row = next(r for r in heat.rows if r.unit.unit_id == "zfb")
    assert row.cells[0].mark == str(kept(third)) == "66.7"


def test_what_nobody_judged_has_no_rate_anywhere() -> None:
    """A unit of which nothing was seen keeps no points: no 100 % in card, overview, heat map or workbook."""
    view = factory.view()
    scores = []
    for score in view.scores:
        first = score.lines[0]
        unseen = replace(first, applicable=True, weight=Decimal(4), cap=None, deducted=Decimal(0), worst=Decimal(4),
                         failed=0, passed=0, undetermined=2)  # fmt: skip
        scores.append(replace(score, lines=(unseen, *score.lines[1:])))
    blind = replace(view, scores=tuple(scores))
    items = docket(blind)
    row = next(r for r in indicator_rows(blind, items, blind.primary) if r.line.indicator == unseen_id(blind))
    assert (row.judged, row.rate, row.mean_lost) == (0, None, None)
    heat = heat_map(blind, blind.primary)
    at = [c.indicator for c in heat.columns].index(unseen_id(blind))
    assert {r.cells[at].mark for r in heat.rows} == {"?"}
    own = Card(blind, blind.units[0], items, Album(blind))
    (line,) = (r for r in own.sheets[0][2] if r.line.indicator == unseen_id(blind))
    assert (line.judged, line.rate) == (False, None)
    page = LexborHTMLParser(card(blind, items, blind.units[0]).decode())
    shown = next(r for r in page.css("table.sheet-rows tbody tr") if r.text().strip().startswith(unseen_id(blind)))
    assert [c.text().strip() for c in shown.css("td[data-name='得分率']")] == ["未能判定"]


def unseen_id(view: RoundView) -> str:
    return next(s for s in view.scores if s.standard == view.primary.id).lines[0].indicator


def test_first_steps_name_the_page_or_the_column() -> None:
    view = factory.view()
    items = docket(view)
    unit = view.units[0]
    own = Card(view, unit, items, Album(view))
    first = items.open(unit.unit_id)[0]
    fault = first.faults[0]
    paged = replace(fault, lead=replace(fault.lead, subject="http://x/1.html", data={"title": "某通知"}))
    assert own.place(replace(first, faults=(paged,))) == "某通知"
    column = replace(
        fault, lead=replace(fault.lead, subject="zfb-zcwj", column="zfb-zcwj", data={"title": "最新一条"})
    )
    assert own.place(replace(first, faults=(column,))) == "栏目“政策文件”"
