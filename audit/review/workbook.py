"""Review by workbook: the queue as a sheet to fill. `audit.review.returned` takes the filled one back."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path

import xlsxwriter

from audit.files import write_atomic
from audit.review.items import waiting
from audit.rounds.cases import Case
from audit.rounds.desk import Desk
from audit.rounds.stated import DAY, FACT, PROOF
from audit.rounds.states import REJECTIONS
from audit.rounds.wording import unit_names
from checks.rule import catalogue
from checks.standards import resolve_rule
from reports.sheets import safe_cell
from reports.text import clean

KEY, STATE, ANSWER, CODE, NOTE, OF = "指纹", "现状态", "结论", "理由代码", "说明", "与何者重复"
TOLD = (KEY, "校验", "单位", "规则", "计分", STATE, "问题描述", "网址", "页面原文")
FILLED = (ANSWER, CODE, NOTE, OF, FACT, PROOF, DAY)
HEAD = (*TOLD, *FILLED)
WIDTHS = (18, 10, 14, 22, 7, 9, 60, 40, 40, 10, 12, 30, 20, 40, 36, 14)
ACTS = {"确认": "confirm", "驳回": "reject", "转人工": "manual", "转送": "refer", "重复": "duplicate"}
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
    blank = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "bg_color": "#FDF4E0", "locked": False})
    sheet = book.add_worksheet("初审" if not second else "复核")
    for column, (title, width) in enumerate(zip(HEAD, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    for row, case in enumerate(cases, 1):
        for column, value in enumerate(exported(case, names).values()):
            sheet.write_string(row, column, value, text)
        for column in range(len(TOLD), len(HEAD)):
            sheet.write_blank(row, column, None, blank)
    last = max(len(cases), 1)
    answer, code = HEAD.index(ANSWER), HEAD.index(CODE)
    sheet.data_validation(1, answer, last, answer, {"validate": "list", "source": list(ACTS)})
    sheet.data_validation(1, code, last, code, {"validate": "list", "source": list(REJECTIONS)})
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


def exported(case: Case, names: Mapping[str, str]) -> dict[str, str]:
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
    )
    return {title: safe_cell(clean(v, _CELL)) for title, v in zip(TOLD, values, strict=True)}


def _check(case: Case) -> str:
    """Ties the row to the finding as it was exported."""
    return hashlib.sha256(f"{case.identity}|{case.lead.message}|{case.lead.url}".encode()).hexdigest()[:8]
