"""Returned per-unit sheets into the office's ledger: by problem number, only the five columns units may fill.

Sheets come back from Excel, WPS or LibreOffice. Nothing is guessed: a row whose number is unknown or does not belong
to its problem is refused with the row, a cell that contradicts the ledger is reported and left as it was.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from reports.archive import rewritten
from reports.ledger import CHANGES, FIELDS, UNIT_FILLS
from reports.sheets import safe_cell
from reports.text import clean

NUMBER = "问题编号"
FILLS = tuple(FIELDS[at].title for at in UNIT_FILLS)
DONE, ADDRESS = "整改完成日期", "整改后网址"
IDENTITY = ("责任单位", "规则编号", "问题描述（实测值／标准）")  # what a number stands for; units cannot change them
LARGEST = 30 * 1024 * 1024
LARGEST_OPEN = 300 * 1024 * 1024  # of all parts of an archive together
_LONGEST = 2000
_HEAD_ROWS = 12
_DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_MODIFIED = re.compile(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*")

Cell = str | date | None


class NotALedger(ValueError):
    """A file that cannot be read as a ledger or a returned sheet. The message is Chinese."""


@dataclass(frozen=True, slots=True)
class Change:
    number: str
    field: str
    old: Cell
    new: Cell
    source: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A cell or row that was not taken: where it stands in the returned file, and why."""

    source: str
    place: str
    number: str
    why: str


@dataclass
class Merged:
    """What came of a merge. `data` is the new ledger."""

    data: bytes = b""
    changes: list[Change] = field(default_factory=list)
    conflicts: list[Trouble] = field(default_factory=list)
    refused: list[Trouble] = field(default_factory=list)
    same: int = 0  # cells that already stood so in the ledger


def merge(
    ledger: bytes, returned: Sequence[tuple[str, bytes]], moment: datetime, *, overwrite: bool = False
) -> Merged:
    """Take the units' entries over. `moment` dates the change log; `overwrite` lets returned values win.

    Raises NotALedger when the ledger itself cannot be read; a returned file that cannot is reported as refused.
    """
    book = _open(ledger)
    sheet, heads, top = _table(book, (NUMBER, *FILLS, *IDENTITY))
    rows = {_text(sheet.cell(r, heads[NUMBER]).value): r for r in range(top, sheet.max_row + 1)}
    rows.pop("", None)
    out = Merged()
    touched: dict[tuple[str, str], str] = {}
    for source, data in returned:
        try:
            other, own, first = _table(_open(data), (NUMBER, *FILLS))
        except NotALedger as error:
            out.refused.append(Trouble(source, "", "", str(error)))
            continue
        for row in range(first, other.max_row + 1):
            _row(out, _Pair(sheet, heads, other, own, source, row), rows, touched, overwrite=overwrite)
    _log(book, out.changes, moment)
    out.data = _saved(book, moment)
    return out


@dataclass(frozen=True, slots=True)
class _Pair:
    """One returned row beside the ledger."""

    ledger: Any
    heads: Mapping[str, int]
    other: Any
    own: Mapping[str, int]
    source: str
    row: int

    def place(self, name: str = NUMBER) -> str:
        return f"{self.other.title}!{get_column_letter(self.own[name])}{self.row}"


def _row(
    out: Merged, pair: _Pair, rows: Mapping[str, int], touched: dict[tuple[str, str], str], *, overwrite: bool
) -> None:
    number = _text(pair.other.cell(pair.row, pair.own[NUMBER]).value)
    filled = [name for name in FILLS if pair.other.cell(pair.row, pair.own[name]).value not in (None, "")]
    if not number and not filled:
        return
    if number not in rows:
        why = "台账中没有这个问题编号，可能被改动" if number else "没有问题编号"
        out.refused.append(Trouble(pair.source, pair.place(), number, f"第{pair.row}行：{why}"))
        return
    at = rows[number]
    moved = _moved(pair, at)
    if moved:
        why = f"第{pair.row}行：“{moved}”与台账中该编号的问题不符，编号或内容可能被改动"
        out.refused.append(Trouble(pair.source, pair.place(moved), number, why))
        return
    for name in filled:
        _cell(out, pair, at, number, name, touched, overwrite=overwrite)


def _moved(pair: _Pair, at: int) -> str:
    """The first heading under which a returned row is about something else than the ledger's row."""
    for name in IDENTITY:
        if name in pair.own:
            theirs = _text(pair.other.cell(pair.row, pair.own[name]).value)
            if theirs != _text(pair.ledger.cell(at, pair.heads[name]).value):
                return name
    return ""


def _cell(
    out: Merged, pair: _Pair, at: int, number: str, name: str, touched: dict[tuple[str, str], str], *, overwrite: bool
) -> None:
    try:
        new = _value(name, pair.other.cell(pair.row, pair.own[name]))
    except ValueError as error:
        out.refused.append(Trouble(pair.source, pair.place(name), number, str(error)))
        return
    target = pair.ledger.cell(at, pair.heads[name])
    old = _value(name, target) if target.value not in (None, "") else None
    if new is None or new == old:
        out.same += new is not None
        return
    before = touched.get((number, name))
    if old is not None and (before or not overwrite):
        whose = f"{before}中" if before else "台账中"
        why = f"{whose}为“{old}”，本文件为“{new}”，保留前者"
        out.conflicts.append(Trouble(pair.source, pair.place(name), number, f"{name}：{why}"))
        return
    target.value = safe_cell(new) if isinstance(new, str) else new
    touched[number, name] = pair.source
    out.changes.append(Change(number, name, old, new, pair.source))


def _value(name: str, cell: Any) -> Cell:
    """A cell as the ledger keeps it. Raises ValueError with what is wrong."""
    value = cell.value
    if cell.data_type in ("f", "e"):
        raise ValueError(f"{name}：不接受公式或错误值，请改为文字")
    if name == DONE:
        return _day(value)
    text = _text(value)
    if name == ADDRESS and text and not re.match(r"https?://\S+$", text):
        raise ValueError(f"{name}：“{clean(text, 60)}”不是以 http:// 或 https:// 开头的一个网址")
    return text or None


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and 40_000 < value < 60_000:  # a serial day whose format was lost
        found = from_excel(value)
        if isinstance(found, datetime):
            return found.date()
    match = _DAY.match(_text(value))
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise ValueError(f"{DONE}：“{clean(value, 40)}”不是日期，请写成 2026-10-15")


def _text(value: object) -> str:
    """Text of a cell without our guard against formulas; whole numbers (phones) without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, float) and value == int(value):
        value = int(value)
    text = clean(value, _LONGEST)
    return text[1:] if len(text) > 1 and text[0] == "'" and safe_cell(text[1:]) == text else text


def _open(data: bytes) -> Any:
    if len(data) > LARGEST:
        raise NotALedger(f"文件超过{LARGEST // 1024 // 1024} MB，不是整改表")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(i.file_size for i in parts.infolist()) > LARGEST_OPEN:
                raise NotALedger("文件解压后过大，不是整改表")
        return openpyxl.load_workbook(io.BytesIO(data))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, TypeError, IndexError, AttributeError) as error:
        if isinstance(error, NotALedger):
            raise
        raise NotALedger("不是 .xlsx 工作簿（.xls、.et、.csv 请先另存为 .xlsx），或文件已损坏") from error


def _table(book: Any, needed: Sequence[str]) -> tuple[Any, dict[str, int], int]:
    """(sheet, column of each heading, first data row) of the sheet that has the needed headings."""
    missing: list[str] = list(needed)
    for sheet in book.worksheets:
        for row in range(1, min(sheet.max_row, _HEAD_ROWS) + 1):
            heads = {_text(c.value): c.column for c in sheet[row] if c.value is not None}
            if NUMBER in heads:
                missing = [n for n in needed if n not in heads]
                if not missing:
                    return sheet, heads, row + 1
    raise NotALedger(f"没有找到整改台账的表头，缺少：{'、'.join(missing)}")


def _log(book: Any, changes: Sequence[Change], moment: datetime) -> None:
    name = "变更日志"
    if name not in book.sheetnames:
        book.create_sheet(name).append([f.title for f in CHANGES])
    sheet = book[name]
    for line in _lines(changes, moment):
        sheet.append(line)


def _lines(changes: Sequence[Change], moment: datetime) -> Iterator[list[Any]]:
    local = moment.replace(tzinfo=None, microsecond=0)
    for c in changes:
        yield [local, safe_cell(clean(c.source, 200)), c.number, c.field, _shown(c.old), _shown(c.new)]


def _shown(value: Cell) -> Any:
    return safe_cell(value) if isinstance(value, str) else value


def _saved(book: Any, moment: datetime) -> bytes:
    """The workbook with `moment` instead of the clock's reading, so that equal merges are equal bytes."""
    raw = io.BytesIO()
    book.save(raw)
    stamp = moment.replace(tzinfo=None, microsecond=0).isoformat().encode() + b"Z"

    def dated(name: str, data: bytes) -> bytes:
        return _MODIFIED.sub(rb"\g<1>" + stamp, data) if name == "docProps/core.xml" else data

    return rewritten(raw.getvalue(), dated)
