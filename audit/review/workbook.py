"""Review by workbook: the queue as a sheet to fill. `audit.review.returned` takes the filled one back."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from audit.files import write_atomic
from audit.review.items import waiting
from audit.rounds.cases import Case
from audit.rounds.desk import Desk
from audit.rounds.stated import DAY, FACT, LONGEST, PROOF
from audit.rounds.states import REJECTIONS
from audit.rounds.wording import unit_names
from checks.outcomes import Outcome, Reason
from checks.rule import catalogue
from checks.standards import resolve_rule
from reports.sheets import safe_cell
from reports.text import clean

KEY, STATE, ANSWER, CODE, NOTE, OF = "指纹", "现状态", "结论", "理由代码", "说明", "与何者重复"
HOW = "怎样确认"
TOLD = (KEY, "校验", "单位", "规则", "计分", STATE, "问题描述", "网址", "页面原文", HOW)
FILLED = (ANSWER, CODE, NOTE, OF, FACT, PROOF, DAY)
HEAD = (*TOLD, *FILLED)
WIDTHS = (18, 10, 14, 22, 7, 9, 60, 40, 40, 34, 10, 12, 30, 20, 40, 36, 14)
ACTS = {"确认": "confirm", "驳回": "reject", "转人工": "manual", "转送": "refer", "重复": "duplicate"}
SECOND_ACTS = {"确认": "confirm", "驳回": "reject", "转人工": "manual"}
PLAIN = "可以直接确认"
_CELL = 2000


def export(desk: Desk, path: Path, person: str, second: bool) -> int:
    """Write what waits for this person; returns the number of rows."""
    names = unit_names(desk.district)
    cases = [c for c in desk.cases().values() if waiting(c, person, second)]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format(
        {"bold": True, "bg_color": "#1B3A6B", "font_color": "#FFFFFF", "border": 1, "text_wrap": True}
    )
    text = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    careful = book.add_format(
        {"border": 1, "text_wrap": True, "valign": "top", "bold": True, "font_color": "#7A1F00"}
    )
    shut = book.add_format({"border": 1, "bg_color": "#E7E7E7"})
    blank = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "bg_color": "#FDF4E0", "locked": False})
    sheet = book.add_worksheet("初审" if not second else "复核")
    for column, (title, width) in enumerate(zip(HEAD, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    for row, case in enumerate(cases, 1):
        for title, value in exported(case, names, second=second).items():
            odd = title == HOW and value != PLAIN
            sheet.write_string(row, HEAD.index(title), value, careful if odd else text)
        wanted = asked(case, second=second)
        for title in FILLED:
            sheet.write_blank(row, HEAD.index(title), None, blank if title in wanted else shut)
    last = max(len(cases), 1)
    _validate(sheet, last, SECOND_ACTS if second else ACTS)
    _point_out(book, sheet, cases, last, second=second)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(HEAD) - 1)
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True})
    codes = book.add_worksheet("理由代码")
    for row, (name, meaning) in enumerate(REJECTIONS.items()):
        codes.write_string(row, 0, name)
        codes.write_string(row, 1, meaning)
    codes.write_string(len(REJECTIONS) + 1, 0, f"机器未能判定的事项不能直接确认：须填“{FACT}”“{PROOF}”“{DAY}”三栏。")
    book.close()
    write_atomic(path, out.getvalue())
    return len(cases)


def _validate(sheet: Any, last: int, acts: Mapping[str, str]) -> None:
    """What a cell takes, and what the spreadsheet program says when it is given something else."""
    for title, rule in (
        (ANSWER, {"validate": "list", "source": list(acts), "error_message": f"只能选：{'、'.join(acts)}"}),
        (CODE, {"validate": "list", "source": list(REJECTIONS), "error_message": "请选代码；含义见“理由代码”表"}),
        (NOTE, _length(500)),
        (FACT, _length(LONGEST[FACT])),
        (PROOF, _length(LONGEST[PROOF])),
        (DAY, {"validate": "date", "criteria": "between", "minimum": date(2020, 1, 1), "maximum": "=TODAY()",
               "error_message": "写看到的那一天，例如 2026-10-15，不能在今天之后"}),
    ):  # fmt: skip
        at = HEAD.index(title)
        sheet.data_validation(1, at, last, at, {"error_title": title, **rule})


def _length(most: int) -> dict[str, Any]:
    return {"validate": "length", "criteria": "<=", "value": most, "error_message": f"不超过{most}字"}


def _point_out(book: Any, sheet: Any, cases: Sequence[Case], last: int, *, second: bool) -> None:
    """A cell that the conclusion beside it wants turns red while it is blank."""
    red = book.add_format({"bg_color": "#F6B8A8"})
    answer, code = (f"${xl_col_to_name(HEAD.index(t))}" for t in (ANSWER, CODE))

    def wanted(title: str, first: int, until: int, when: str) -> None:
        at = HEAD.index(title)
        own = f"{xl_col_to_name(at)}{first + 1}"
        rule = {"type": "formula", "criteria": f"=AND({when.format(n=first + 1)},LEN({own})=0)", "format": red}
        sheet.conditional_format(first, at, until, at, rule)

    wanted(CODE, 1, last, f'{answer}{{n}}="驳回"')
    wanted(NOTE, 1, last, f'{code}{{n}}="other"')
    wanted(OF, 1, last, f'{answer}{{n}}="重复"')
    for row, case in enumerate(cases, 1):
        for title in (FACT, PROOF, DAY) if case.unmeasured and not second else ():
            wanted(title, row, row, f'{answer}{{n}}="确认"')
        if case.lost and not second:
            wanted(NOTE, row, row, f'{answer}{{n}}="确认"')


def asked(case: Case, *, second: bool) -> frozenset[str]:
    """The cells of a row that may be filled."""
    if second:
        return frozenset({ANSWER, CODE, NOTE})
    return frozenset(FILLED if case.unmeasured else (ANSWER, CODE, NOTE, OF))


def how(case: Case, *, second: bool) -> str:
    """What it takes to confirm this row; `PLAIN` when nothing more than the word."""
    if case.gap:
        return "采集未取回，不是单位的问题，不能确认；请补采或转人工"
    if second:
        return f"{case.first} 初审（{case.second_needed}）：同意填“确认”，不同意填“转人工”"
    said = []
    if case.unmeasured:
        why = Reason(case.lead.reason).chinese if case.lead.reason else "未测得"
        said.append(f"机器未能判定（{why}）：须自己核查，填“{FACT}”“{PROOF}”“{DAY}”；没有核查的留空或转人工")
    elif case.lead.outcome is Outcome.CANNOT_TELL:
        said.append("机器只有线索，须人判断：打开网页核对属实的才确认")
    if case.lost:
        said.append(f"同一事项曾经申诉成立（{case.lost}）：确认的须在“{NOTE}”写明与上次有何不同")
    if case.second_needed:
        said.append(f"{case.second_needed}：确认后还须另一人复核")
    return "。".join(said) or PLAIN


def exported(case: Case, names: Mapping[str, str], *, second: bool = False) -> dict[str, str]:
    """What the sheet tells of a case, by title; nobody fills these."""
    rule = resolve_rule(case.lead.rule, catalogue())
    quote = next((e.quote for e in case.lead.evidence if e.quote), "")
    values = (
        case.identity,
        _check(case),
        names.get(case.unit, case.unit),
        rule.title if rule else case.lead.rule,
        "否决" if case.veto else f"{case.stake:f}",
        str(case.state),
        case.message,
        case.lead.url or case.lead.subject,
        quote,
        how(case, second=second),
    )
    return {title: safe_cell(clean(v, _CELL)) for title, v in zip(TOLD, values, strict=True)}


def _check(case: Case) -> str:
    """Ties the row to the finding as it was exported."""
    return hashlib.sha256(f"{case.identity}|{case.lead.message}|{case.lead.url}".encode()).hexdigest()[:8]
