"""The first sheet of a workbook as CSV text, so that it is read like every other table."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from config.errors import Problems

MOST_ROWS = 100_000


def sheet_text(data: bytes, file: str, problems: Problems) -> str | None:
    """Lines above the header that fill a single cell (a title, a remark) become comments: lines keep their numbers.

    None, and a problem, for bytes that are no workbook.
    """
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError):
        problems.add(file, "", "xlsx 工作簿（旧式 xls 请另存为 xlsx）", "无法作为工作簿读取")
        return None
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    begun = False
    for row in book.worksheets[0].iter_rows(max_row=MOST_ROWS, values_only=True) if book.worksheets else ():
        cells = [_written(value) for value in row]
        begun = begun or sum(bool(c.strip()) for c in cells) > 1
        writer.writerow(cells if begun else [f"# {''.join(cells)}"])
    book.close()
    return out.getvalue()


def _written(value: object) -> str:
    """A cell as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
