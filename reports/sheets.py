"""Shared by all workbooks: safe cells, one look, bytes that repeat.

Text is always written as text (never as a formula or a link XlsxWriter guesses); a text that a spreadsheet would
read as a formula after an edit or a CSV export gets a leading apostrophe. Limits of the format: 32,767 characters
a cell, 65,530 links a sheet, 2,079 characters a link.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from checks.snapshot import SHANGHAI
from reports.archive import still
from reports.paper import MARGIN, balanced, layout
from reports.text import clean, figure, masked, moment, web_link
from reports.view import RoundView

LONGEST_CELL = 32_000
TALLEST, LINE = 400.0, 14.5  # points: of a row at most, and per line of 10 pt
FONT = "微软雅黑"
LONGEST_LINK = 2_079
MOST_LINKS = 60_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

DATE_RULE = {
    "validate": "date",
    "criteria": ">",
    "value": date(2020, 1, 1),
    "error_title": "日期",
    "error_message": "请填写日期，如 2026-10-15。",
}
PROTECTION = {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True}

Value = str | int | Decimal | date | datetime | bool | None


@dataclass(frozen=True, slots=True)
class Field:
    """A column: heading, width in characters, and what it holds.

    Kinds: text, mark (a sign or two, centred), link (a hyperlink where the address allows it), formula (written
    after the table), blank and blank-date (to be filled in by people, unlocked when the sheet is protected).
    """

    title: str
    width: float
    kind: str = "text"


class Book:
    """A workbook in memory. `close` returns its bytes, the same for the same content."""

    def __init__(self, view: RoundView, title: str) -> None:
        self._view = view
        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._out,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": {"font_name": FONT, "font_size": 10},
            },
        )
        self._book.set_properties(
            {
                "title": f"{view.district.name} {view.round_id} {title}",
                "author": view.district.office,
                "company": "",
                "comments": f"govaudit {view.tool_version}；{view.visibility}",
                "created": view.as_of.astimezone(SHANGHAI).replace(tzinfo=None),
            }
        )
        self._title = title
        self._links = 0
        base = {"font_name": FONT, "font_size": 10, "font_scheme": "none", "valign": "top"}
        line = {**base, "border": 1, "border_color": "#C3CAD4", "text_wrap": True}
        self._formats = {
            "title": self._book.add_format({**base, "font_size": 14, "bold": True, "valign": "vcenter"}),
            "note": self._book.add_format({**base, "font_color": "#4A5565"}),
            "warn": self._book.add_format({**base, "bold": True, "font_color": "#7A4B00"}),
            "head": self._book.add_format(
                {**line, "bold": True, "bg_color": "#DCE4F0", "font_color": "#17202C", "valign": "vcenter"}
            ),
            "text": self._book.add_format(line),
            "blank": self._book.add_format({**line, "bg_color": "#FDF4E0", "locked": False}),
            "blank-date": self._book.add_format(
                {**line, "bg_color": "#FDF4E0", "locked": False, "num_format": "yyyy-mm-dd", "align": "left"}
            ),
            "number": self._book.add_format({**line, "num_format": "0.##;-0.##;0", "align": "right", "indent": 1}),
            "integer": self._book.add_format({**line, "num_format": "0", "align": "right", "indent": 1}),
            "date": self._book.add_format({**line, "num_format": "yyyy-mm-dd", "align": "left"}),
            "time": self._book.add_format({**line, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}),
            "link": self._book.add_format({**line, "font_color": "#1B3A6B"}),
            "mark": self._book.add_format({**line, "align": "center"}),
        }

    def table(
        self,
        name: str,
        fields: Sequence[Field],
        rows: Iterable[Sequence[Value]],
        *,
        note: str = "",
        freeze: int = 1,
    ) -> Any:
        """A sheet with title line, frozen header, filter and print set-up; rows are as tall as their text.

        Columns are no wider than what they hold. Not every program fits rows to wrapped text when it opens a file,
        so their height is written.
        """
        sheet = self._book.add_worksheet(name)
        sheet.write_string(0, 0, f"{self._view.district.name} {self._view.round_id} {name}", self._formats["title"])
        sheet.set_row(0, 24)
        state = f"{self._view.standing.replace('·', '，')}。" if self._view.standing else ""
        sheet.write_string(1, 0, f"{state}{note}", self._formats["warn" if state else "note"])
        top = 2
        every = list(rows)
        widths = [_fitted(item, [row[at] for row in every]) for at, item in enumerate(fields)]
        lengths = [
            [_wide(value[:2_000]) if isinstance(value, str) else 0.0 for value in own]
            for own in zip(*every, strict=True)
        ]
        widths = balanced(widths, lengths, freeze) if lengths else widths
        for column, (item, width) in enumerate(zip(fields, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(top, column, item.title, self._formats["head"])
        heads = max(_lines(item.title, width) for item, width in zip(fields, widths, strict=True))
        sheet.set_row(top, LINE * heads + 6)
        last = top
        for last, row in enumerate(every, top + 1):
            for column, (item, value) in enumerate(zip(fields, row, strict=True)):
                self._write(sheet, last, column, item.kind, value)
            lines = max(_lines(value, width) for width, value in zip(widths, row, strict=True))
            sheet.set_row(last, min(TALLEST, LINE * lines + 4))
        sheet.freeze_panes(top + 1, freeze)
        sheet.autofilter(top, 0, max(last, top + 1), len(fields) - 1)
        sheet.repeat_rows(top)
        sheet.print_area(0, 0, max(last, top + 1), len(fields) - 1)
        self._page(sheet, widths, freeze)
        return sheet

    def text(self, name: str, lines: Iterable[tuple[str, str]]) -> None:
        """A sheet of explanations: term and text."""
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 100)
        sheet.write_string(0, 0, name, self._formats["title"])
        for at, (term, words) in enumerate(lines, 2):
            sheet.write_string(at, 0, self._safe(term), self._formats["text"])
            sheet.write_string(at, 1, self._safe(words), self._formats["text"])
            sheet.set_row(at, min(TALLEST, LINE * _lines(words, 100) + 4))
        self._page(sheet, (22, 100), 0)

    def format(self, name: str) -> Any:
        return self._formats[name]

    def chart(self, kind: str) -> Any:
        """A native chart ("bar", "line" …) to be inserted into a sheet of this book."""
        return self._book.add_chart({"type": kind})

    def close(self) -> bytes:
        self._book.close()
        return still(self._out.getvalue())

    def _page(self, sheet: Any, widths: Sequence[float], frozen: int) -> None:
        """Landscape, in type that can be read: A4, else A3, else several A3 pages side by side."""
        plan = layout(widths, frozen)
        sheet.set_paper(plan.paper)
        sheet.set_landscape()
        if plan.breaks:
            sheet.set_print_scale(plan.scale)
            sheet.set_v_pagebreaks(list(plan.breaks))
            sheet.print_across()  # the parts of a row follow each other
            sheet.repeat_columns(0, frozen - 1)
        else:
            sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=MARGIN, right=MARGIN, top=0.6, bottom=0.6)
        view = self._view
        sheet.set_header(f"&L&9 {_plain(view.district.name)} {_plain(self._title)}&R&9 {view.visibility}")
        # the size of the font is parted from a text that may begin with a digit
        seal = f"　证据清单 {view.manifest_sha256[:16]}" if view.manifest_sha256 else ""
        sheet.set_footer(
            f"&L&9 {_plain(view.round_id)}　数据截止 {moment(view.as_of)}&C&9 第&P页 共&N页"
            f"&R&9 govaudit {_plain(view.tool_version)}{seal}"
        )

    def _write(self, sheet: Any, row: int, column: int, kind: str, value: Value) -> None:
        if value is None or value == "":
            sheet.write_blank(row, column, None, self._formats[kind if kind.startswith("blank") else "text"])
        elif isinstance(value, datetime):
            local = value.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
            sheet.write_datetime(row, column, local, self._formats["time"])
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self._formats["date"])
        elif isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            whole = value == int(value)
            sheet.write_number(row, column, float(value), self._formats["integer" if whole else "number"])
        else:
            self._write_text(sheet, row, column, kind, str(value))

    def _write_text(self, sheet: Any, row: int, column: int, kind: str, value: str) -> None:
        text = self._safe(value)
        link = web_link(value) if kind == "link" and self._links < MOST_LINKS else ""
        if link and len(link) <= LONGEST_LINK and link.isascii():
            self._links += 1
            # write_url answers below zero when it left the cell unwritten (limits of the format)
            if sheet.write_url(row, column, link, self._formats["link"], text) == 0:
                return
        sheet.write_string(row, column, text, self._formats["text" if kind in ("link", "formula") else kind])

    def _safe(self, value: str) -> str:
        return safe_cell(masked(clean(value, LONGEST_CELL), self._view.visibility))


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula, also after an edit or a detour through CSV."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_table(view: RoundView, fields: Sequence[Field], rows: Iterable[Sequence[Value]]) -> bytes:
    """The CSV twin of a sheet: UTF-8 with BOM, as WPS and Excel open it; texts as safe as in a workbook."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([field.title for field in fields])
    for row in rows:
        writer.writerow([_csv_cell(view, value) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _csv_cell(view: RoundView, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return figure(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, (int, date)):
        return str(value)
    return safe_cell(masked(clean(value, LONGEST_CELL), view.visibility))


def _fitted(item: Field, values: Iterable[Value]) -> float:
    """A width that the heading fits in two lines and the content, where it is short, in one; never above the field's.

    What people or formulas fill in keeps its width.
    """
    if item.kind.startswith("blank") or item.kind == "formula":
        return item.width
    longest = max((_wide(_shown(value)) for value in values), default=0.0)
    return min(item.width, max(longest + 2, _wide(item.title) / 2 + 3, 5.0))


def _shown(value: Value) -> str:
    """About the text that a cell shows."""
    if isinstance(value, datetime):
        return "2026-01-01 00:00:00"
    return "" if value is None else figure(value) if isinstance(value, Decimal) else str(value)[:2_000]


def _wide(text: str) -> float:
    """Characters as a column counts them; a Chinese one (three bytes) is as wide as two digits."""
    return (len(text) + len(text.encode("utf-8", "replace"))) / 2


def _lines(value: Value, width: float) -> int:
    """Lines that a value takes in a column."""
    if not isinstance(value, str):
        return 1
    return max(1, math.ceil(_wide(value[:2_000]) / max(1.0, width - 1)))


def _plain(text: str) -> str:
    return clean(text, 60).replace("&", "&&")
