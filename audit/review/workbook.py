"""Review by workbook: export the queue, take the filled one back. Conflicts are named by cell; nothing half done."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from openpyxl import load_workbook

from audit.errors import AuditError
from audit.files import write_atomic
from audit.history.store import Entry
from audit.review.items import waiting
from audit.rounds import review
from audit.rounds.cases import Case
from audit.rounds.desk import Desk
from audit.rounds.find import find_case
from audit.rounds.numbers import numbers_of
from audit.rounds.stated import DAY, FACT, PROOF, statement
from audit.rounds.states import REJECTIONS, State
from audit.rounds.wording import unit_names
from checks.rule import catalogue
from checks.standards import resolve_rule
from reports.sheets import safe_cell
from reports.text import clean

HEAD = (
    "指纹",
    "校验",
    "单位",
    "规则",
    "计分",
    "现状态",
    "问题描述",
    "网址",
    "页面原文",
    "结论",
    "理由代码",
    "说明",
    "与何者重复",
    FACT,
    PROOF,
    DAY,
)
WIDTHS = (18, 10, 14, 22, 7, 9, 60, 40, 40, 10, 12, 30, 20, 40, 36, 14)
FILLED = range(9, 16)
FIRST_ROW = 2
ACTS = {"确认": "confirm", "驳回": "reject", "转人工": "manual", "转送": "refer", "重复": "duplicate"}
LARGEST = 30 * 1024 * 1024
_CELL = 2000


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that cannot be taken over, and why."""

    cell: str
    why: str

    def __str__(self) -> str:
        return f"{self.cell}：{self.why}"


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
        for column, value in enumerate(_row(case, names)):
            sheet.write_string(row, column, value, text)
        for column in FILLED:
            sheet.write_blank(row, column, None, blank)
    last = max(len(cases), 1)
    sheet.data_validation(1, 9, last, 9, {"validate": "list", "source": list(ACTS)})
    sheet.data_validation(1, 10, last, 10, {"validate": "list", "source": list(REJECTIONS)})
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(HEAD) - 1)
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True})
    codes = book.add_worksheet("理由代码")
    for row, (code, meaning) in enumerate(REJECTIONS.items()):
        codes.write_string(row, 0, code)
        codes.write_string(row, 1, meaning)
    codes.write_string(len(REJECTIONS) + 1, 0, f"机器未能判定的事项不能直接确认：须填“{FACT}”“{PROOF}”“{DAY}”三栏。")
    book.close()
    write_atomic(path, out.getvalue())
    return len(cases)


def _row(case: Case, names: Mapping[str, str]) -> tuple[str, ...]:
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
    return tuple(safe_cell(clean(v, _CELL)) for v in values)


def _check(case: Case) -> str:
    """Ties the row to the finding as it was exported."""
    return hashlib.sha256(f"{case.identity}|{case.lead.message}|{case.lead.url}".encode()).hexdigest()[:8]


def take_back(desk: Desk, path: Path, person: str, second: bool) -> tuple[int, list[Conflict]]:
    """Apply a filled workbook: every row, or none when any cell conflicts. Returns rows applied and conflicts."""
    rows = _read(path)
    cases, numbers = desk.cases(), numbers_of(desk)
    names = unit_names(desk.district)
    entries: list[Entry] = []
    conflicts: list[Conflict] = []
    seen: dict[str, int] = {}
    for number, values in rows:
        if not values[9]:
            if any(values[c] for c in FILLED[1:]):
                conflicts.append(Conflict(f"J{number}", "填了理由、说明或人工核查，但没有结论"))
            continue
        case = cases.get(values[0])
        if case is None:
            conflicts.append(Conflict(f"A{number}", f"没有指纹为“{clean(values[0], 40)}”的问题，指纹可能被改动"))
            continue
        if case.identity in seen:
            conflicts.append(Conflict(f"A{number}", f"与第 {seen[case.identity]} 行是同一问题"))
            continue
        seen[case.identity] = number
        altered = _altered(case, values, names, number)
        if altered:
            conflicts.extend(altered)
            continue
        try:
            entries.append(_entry(desk, case, cases, numbers, values, person, second))
        except AuditError as error:
            conflicts.append(Conflict(f"J{number}", str(error)))
    if conflicts:
        return 0, conflicts
    if entries:
        desk.decide(person, review.SECOND if second else review.FIRST, entries)
    return len(entries), []


def _altered(case: Case, values: list[str], names: Mapping[str, str], number: int) -> list[Conflict]:
    found = []
    for column, wanted in enumerate(_row(case, names)):
        if column == 5 and values[5] != wanted:
            found.append(Conflict(f"F{number}", f"导出后已有他人处理：导出时“{values[5]}”，现为“{wanted}”"))
        elif values[column] != wanted:
            letter = chr(ord("A") + column)
            found.append(Conflict(f"{letter}{number}", f"“{HEAD[column]}”被改动，应为“{clean(wanted, 60)}”"))
    return found


def _entry(
    desk: Desk, case: Case, cases: Mapping[str, Case], numbers: Mapping[str, str], values: list[str], person: str,
    second: bool,
) -> Entry:  # fmt: skip
    act, code, note = ACTS.get(values[9], ""), values[10], values[11][:500]
    if second and act in ("confirm", "manual"):
        return review.second(case, person, act == "confirm", note)
    match act:
        case "confirm":
            stated = None
            if case.unmeasured and not case.gap:
                stated = statement(case.lead, values[13][:500], values[14][:300], values[15], desk.today())
            return review.confirm(case, person, note, stated)
        case "reject":
            return review.reject(case, person, code, note)
        case "manual":
            return review.manual(case, note)
        case "refer":
            return review.refer(case, note)
        case "duplicate":
            of = find_case(cases, numbers, values[12])
            if of.state is State.DUPLICATE:
                raise AuditError("合并的对象本身是重复问题。")
            return review.duplicate(case, of, note)
    raise AuditError(f"结论“{clean(values[9], 20)}”不可用，应为：{'、'.join(ACTS)}")


def _read(path: Path) -> list[tuple[int, list[str]]]:
    """Rows as text with their numbers in the sheet. Raises AuditError for a file that is not such a workbook."""
    try:
        if path.stat().st_size > LARGEST:
            raise AuditError(f"{path} 过大，不像是导出的工作簿。")
        book = load_workbook(path, read_only=True, data_only=True)
    except AuditError:
        raise
    except Exception as error:  # openpyxl raises whatever the broken archive makes it stumble over
        raise AuditError(
            f"{path} 不是可以读取的工作簿（{type(error).__name__}）。请交回导出的 .xlsx 文件。"
        ) from error
    try:
        sheet = book.worksheets[0]
        lines = list(sheet.iter_rows(values_only=True, max_col=len(HEAD)))
    finally:
        book.close()
    if not lines or tuple(_text(v) for v in lines[0]) != HEAD:
        raise AuditError(f"{path} 的表头不是导出时的样子，未导入任何内容。请在导出的文件上填写。")
    rows = [(n, [_text(v) for v in values]) for n, values in enumerate(lines[1:], FIRST_ROW)]
    return [(n, values) for n, values in rows if any(values)]


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value).strip()
