"""`人工核查表.xlsx`: what a person has to decide, one question a row (outputs.md §6).

An unanswered row keeps its item out of the score. Second review is asked for where a veto depends on the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config.standard import IndicatorKind, State
from reports.findings_book import basis
from reports.issues import Docket, Fault, Issue, Level, address, question
from reports.page import render
from reports.sheets import DATE_RULE, PROTECTION, Book, Field, Value
from reports.text import quoted
from reports.view import RoundView

ANSWERS = ("是", "否", "不适用")
FIELDS = (
    Field("序号", 5),
    Field("编号", 20),
    Field("单位", 8),
    Field("规则", 11),
    Field("为什么机器不能判定", 10),
    Field("网址", 15, "link"),
    Field("截图", 9),
    Field("判定问题（是／否／不适用）", 20),
    Field("参考依据", 23),
    Field("机器线索", 20),
    Field("判定", 6, "blank"),
    Field("理由", 11, "blank"),
    Field("判定人", 8, "blank"),
    Field("日期", 11, "blank-date"),
    Field("第二人复核", 8, "blank"),
    Field("是否计分", 6, "blank"),
    Field("涉及分值", 6),
)
TOP = 3  # first data row, counted from zero


def manual_book(view: RoundView, items: Docket) -> bytes:
    """The sheet of undecided items and of the indicators only people judge, as bytes."""
    book = Book(view, "人工核查表")
    rows = [*_items(view, items), *_standing(view)]
    numbered = [(at, *row) for at, row in enumerate(rows, 1)]
    note = "未填写判定的事项不计分。涉及单项否决的须第二人复核。判定“是”即存在所问的问题。"
    sheet = book.table("人工核查", FIELDS, numbered, note=note, freeze=2)
    last = TOP + max(len(numbered), 1) - 1
    sheet.data_validation(TOP, 10, last, 10, {"validate": "list", "source": list(ANSWERS)})
    sheet.data_validation(TOP, 15, last, 15, {"validate": "list", "source": ["是", "否"]})
    sheet.data_validation(TOP, 13, last, 13, DATE_RULE)
    sheet.protect("", PROTECTION)
    book.text("填写说明", _HELP)
    return book.close()


def manual_page(view: RoundView, items: Docket) -> bytes:
    """The same rows for printing, by unit, with boxes to tick."""
    rows, standing = [_printed(row) for row in _items(view, items)], [_printed(row) for row in _standing(view)]
    units = [(u, _asked([r for r in rows if r.unit == view.unit_name(u)])) for u in items.by_unit]
    return render("manual.html.j2", view, "人工核查表", units=[x for x in units if x[1]], standing=_asked(standing))


@dataclass(frozen=True, slots=True)
class ManualRow:
    number: str
    unit: str
    rule: str
    why: str
    url: str
    shot: str
    question: str
    basis: str
    clue: str
    second: bool = False


def _asked(rows: list[ManualRow]) -> list[list[ManualRow]]:
    """Items to which the same question is put for the same reason, in the order of their first one."""
    groups: dict[tuple[str, str, str, bool], list[ManualRow]] = {}
    for row in rows:
        groups.setdefault((row.question, row.basis, row.why, row.second), []).append(row)
    return list(groups.values())


def _printed(row: tuple[Value, ...]) -> ManualRow:
    number, unit, rule, why, url, shot, asked, basis_, clue = (str(v or "") for v in row[:9])
    return ManualRow(number, unit, rule, why, url, shot, asked, basis_, clue, bool(row[13]))


def _items(view: RoundView, items: Docket) -> Iterator[tuple[Value, ...]]:
    for issue in items.pending():
        for fault in issue.faults:
            yield _item(view, issue, fault)


def _item(view: RoundView, issue: Issue, fault: Fault) -> tuple[Value, ...]:
    shot = view.screenshots.get(fault.lead.url, "")[:16]
    stake = sum(b.finding.at_stake for b in fault.bases if b.standard.id == view.primary.id)
    second = "必填" if issue.level is Level.VETO else ""
    return (
        issue.number, view.unit_name(issue.unit), issue.rule.title, issue.reason or "需人工判断",
        address(fault.lead), shot, question(issue), basis(fault), fault.lead.message,
        "", "", "", None, second, "", stake,
    )  # fmt: skip


def _standing(view: RoundView) -> Iterator[tuple[Value, ...]]:
    """Indicators without a rule: judged by people in every round."""
    for standard in view.standards:
        for indicator in standard.indicators:
            if indicator.kind in (IndicatorKind.MANUAL, IndicatorKind.OFFLINE) and indicator.state is not State.OFF:
                why = "线下佐证" if indicator.kind is IndicatorKind.OFFLINE else "人工项，机器不判定"
                asked = indicator.manual or f"“{indicator.title}”是否达到要求？"
                ground = quoted(indicator.clause)
                yield (
                    f"{standard.id}/{indicator.id}", "各单位", indicator.title, why, "", "", asked, ground, "",
                    "", "", "", None, "", "", None,
                )  # fmt: skip


_HELP = (
    ("判定", "选择是、否或不适用；每行只回答“判定问题”一列的问题。"),
    ("理由", "写明所见页面内容和判断根据，不超过200字。"),
    ("第二人复核", "涉及单项否决、表述、隐私、疑似倒签日期的事项，由第二人复核并签名。"),
    ("是否计分", "判定为问题的，由复核人确认是否计分。"),
    ("保护", "工作表未设密码；只有浅黄色单元格需要填写。"),
)
