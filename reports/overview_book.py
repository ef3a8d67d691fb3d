"""`overview.xlsx`: the tables of the overview, for the office's own reckoning, with native charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from config.standard import Standard
from reports.card import grades
from reports.heat import HeatMap
from reports.issues import Docket
from reports.overview import Overview
from reports.sheets import Book, Field, Value
from reports.tables import IndicatorRow
from reports.view import RoundView, Visibility

TOP = 3  # first data row of a table sheet, counted from zero
HEADLINE = (Field("项目", 16), Field("数值", 12), Field("单位或比数", 12), Field("口径", 80))
RANKING = (
    Field("分组", 20),
    Field("名次", 7),
    Field("单位", 20),
    Field("得分下限", 10),
    Field("得分上限", 10),
    Field("等次", 14),
    Field("待定分", 9),
    Field("否决项", 8),
    Field("问题处", 8),
    Field("待判断处", 9),
    Field("比上季度", 12),
    Field("说明", 36),
)
INDICATORS = (
    Field("标准", 24),
    Field("一级指标", 16),
    Field("编号", 8),
    Field("二级指标", 30),
    Field("分值（上限）", 10),
    Field("平均失分", 9),
    Field("合计失分", 9),
    Field("得分率（%）", 10),
    Field("失分单位", 9),
    Field("适用单位", 9),
    Field("待判断单位", 10),
    Field("典型问题", 30),
)
PROBLEMS = (
    Field("问题", 26),
    Field("等级", 10),
    Field("处数", 8),
    Field("占比（%）", 9),
    Field("单位数", 8),
    Field("涉及单位", 50),
    Field("举例", 60),
)
RULES = (
    Field("规则", 26),
    Field("编号", 24),
    Field("版本", 7),
    Field("有问题", 9),
    Field("已豁免", 9),
    Field("待判断", 9),
    Field("通过", 9),
    Field("不适用", 9),
    Field("受检单位", 9),
    Field("问题单位", 9),
    Field("系统性", 8),
)


def overview_book(view: RoundView, items: Docket) -> bytes:
    """The workbook as bytes; the public edition has no ranking and no unit-by-indicator sheet."""
    book, over = Book(view, "总览"), Overview(view, items)
    headline = [(h.label, h.value, h.unit, h.definition) for h in over.headline]
    book.table("总体情况", HEADLINE, headline, note="一处为一个页面或对象上的一个问题。")
    inner = view.visibility is not Visibility.PUBLIC
    if inner:
        book.table("得分与排名", RANKING, _ranking(over), note="只在同组内排名，名次按得分上限，同分同名次。")
    rows = [_indicator(standard, row) for standard, own in over.indicators for row in own]
    _chart(book, book.table("按指标", INDICATORS, rows), over.indicators)
    for number, (_, heat) in enumerate(over.heat if inner else [], 1):
        if heat.columns:
            _heat(book, view, f"单位×指标{number}", heat)
    book.table("主要问题", PROBLEMS, _problems(view, over))
    book.table("各规则结果", RULES, _rules(over), note="同一事项在多个标准中使用的只计一次。")
    return book.close()


def _ranking(over: Overview) -> Iterator[tuple[Value, ...]]:
    for group in over.groups:
        for row in group.rows:
            score = row.score
            scored = (score.lower, score.upper, grades(score)) if score.rated else (None, None, "不计分")
            yield (
                group.name, row.rank.place, over.view.unit_name(row.unit.unit_id), *scored, row.open, len(score.veto),
                row.failed, row.pending, row.change, row.rank.reason or score.unrated_reason,
            )  # fmt: skip


def _indicator(standard: Standard, row: IndicatorRow) -> tuple[Value, ...]:
    line = row.line
    return (
        standard.title, line.group, line.indicator, line.title, row.full, row.mean_lost, row.total_lost, row.rate,
        row.losing, row.units, row.pending, row.typical.rule.title if row.typical else "",
    )  # fmt: skip


def _problems(view: RoundView, over: Overview) -> Iterator[tuple[Value, ...]]:
    for row in over.problems:
        examples = "；".join(f"{i.number}：{i.lead.message}" for i in row.examples)
        names = "、".join(view.unit_name(u) for u in row.units)
        yield row.rule.title, str(row.level), row.count, row.share, len(row.units), names, examples


def _rules(over: Overview) -> Iterator[tuple[Value, ...]]:
    for row in over.rules:
        yield (
            row.rule.title, row.rule.id, row.rule.version, row.failed, row.waived, row.cannot_tell, row.passed,
            row.inapplicable, row.units_checked, row.units_failed, "是" if row.systemic else "",
        )  # fmt: skip


def _heat(book: Book, view: RoundView, name: str, heat: HeatMap) -> None:
    fields = [
        Field("单位", 18),
        *(Field(f"{c.indicator} {c.title}", 7, "mark") for c in heat.columns),
        Field("合计扣分", 9),
    ]
    rows: list[tuple[Value, ...]] = [
        (view.unit_name(r.unit.unit_id), *(f"{c.mark}{'?' if c.pending and c.mark != '?' else ''}" for c in r.cells),
         r.lost)
        for r in heat.rows
    ]  # fmt: skip
    note = "数字为得分率（%）；否：单项否决；—：不适用；?：尚不能判定；提：有问题但不计分；·：未失分。"
    book.table(name, fields, [*rows, ("合计扣分", *heat.totals, None)], note=note)


def _chart(book: Book, sheet: Any, indicators: Sequence[tuple[Standard, tuple[IndicatorRow, ...]]]) -> None:
    """Bars of points lost under the primary standard, beside the table they are drawn from."""
    if not indicators:
        return
    count = len(indicators[0][1])
    last = TOP + sum(len(rows) for _, rows in indicators) - 1
    sheet.print_area(0, 0, last, len(INDICATORS) - 1)  # beside the chart the figures would print too small
    chart = book.chart("bar")
    chart.add_series(
        {
            "name": "合计失分",
            "categories": ["按指标", TOP, 3, TOP + count - 1, 3],
            "values": ["按指标", TOP, 6, TOP + count - 1, 6],
            "fill": {"color": "#1B3A6B"},
            "gap": 60,
            "data_labels": {"value": True},
        }
    )
    chart.set_title({"name": f"{indicators[0][0].title}：各指标合计失分", "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "major_gridlines": {"visible": False}})
    chart.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": "#D3D9E1"}}})
    chart.set_size({"width": 640, "height": max(240, 26 * count + 80)})
    sheet.insert_chart(TOP, len(INDICATORS) + 1, chart, {"description": "各指标合计失分条形图，数据见本表"})
