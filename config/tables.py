"""CSV tables as WPS and Excel save them: three encodings, three delimiters, English or Chinese headers."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from config.errors import Problems, nearest
from config.headers import Cell, Header, Table
from config.validate import show

DELIMITERS = (",", ";", "\t")
_BLANK = " \t\r\n\u3000\ufeff\u200b\u00a0"
_DATE = re.compile(r"^(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?$")
_SCIENTIFIC = re.compile(r"^\d\.\d+[eE]\+\d+$")
_YES = frozenset({"y", "yes", "true", "1", "是", "√", "有"})
_NO = frozenset({"n", "no", "false", "0", "否", "×", "无"})


@dataclass(frozen=True, slots=True)
class Row:
    """One data row. `line` is the line of the file on which it starts; `values` holds filled cells only."""

    line: int
    values: dict[str, object]
    headers: dict[str, str]  # field -> header as written

    def where(self, field: str) -> str:
        return f"第 {self.line} 行 {self.headers.get(field, field)}"


def read_table(text: str, table: Table, file: str, problems: Problems) -> list[Row]:
    """Rows of a CSV text; rows whose first cell starts with `#` are comments. Adds every fault found."""
    records = _records(text, table, file, problems)
    first = next(records, None)
    if first is None:
        return []
    header_line, names = first
    headers = _match_headers(names, header_line, table, file, problems)
    if headers is None:
        problems.unreadable.add(file)
        return []
    written = {h.field: n.strip(_BLANK) for h, n in zip(headers, names, strict=True) if h}
    rows = []
    for line, cells in records:
        if any(c.strip(_BLANK) for c in cells):
            rows.append(_row(cells, line, headers, names, written, file, problems))
    return rows


def _records(text: str, table: Table, file: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    lines = text.splitlines(keepends=True)
    start = 1
    if lines and re.match(r"(?i)^sep=.", lines[0]):  # a hint to Excel that it writes itself
        lines, start = lines[1:], 2
    while lines and (not lines[0].strip(_BLANK + ",;") or lines[0].lstrip(_BLANK + '"').startswith("#")):
        lines, start = lines[1:], start + 1
    if not lines:
        problems.add(file, "第 1 行", f"{table.name}的表头", "没有内容")
        problems.unreadable.add(file)
        return
    delimiter = _delimiter(lines[0], table)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    before = 0
    try:
        for cells in reader:
            line, before = start + before, reader.line_num
            if cells and not cells[0].lstrip(_BLANK).startswith("#"):
                yield line, cells
    except csv.Error as error:
        problems.add(file, f"第 {start + before} 行", "合法的 CSV 行", _explain(str(error)))
        problems.unreadable.add(file)


def _explain(message: str) -> str:
    if "unexpected end of data" in message:
        return "双引号没有成对，一直到文件末尾也没有结束"
    if "expected after" in message:
        return "双引号后面紧跟着其他文字（单元格内的双引号要写成两个）"
    if "field larger than" in message:
        return "单元格超过 131072 个字符，可能是双引号没有成对"
    return message


def _delimiter(header: str, table: Table) -> str:
    """The delimiter under which most names of the header line are known."""

    def known(delimiter: str) -> int:
        return sum(table.find(name.strip(_BLANK + '"')) is not None for name in header.split(delimiter))

    return max(DELIMITERS, key=lambda d: (known(d), header.count(d)))


def _match_headers(
    names: list[str], line: int, table: Table, file: str, problems: Problems
) -> list[Header | None] | None:
    found: list[Header | None] = []
    wrong = False
    for number, name in enumerate(names, 1):
        clean = name.strip(_BLANK)
        header = table.find(clean) if clean else None
        if clean and header is None:
            names_like_it = sorted(table.all_names(), key=lambda n: n.isascii() != clean.isascii())
            known = nearest(clean, names_like_it)
            problems.add(file, f"第 {line} 行第 {number} 列", f"{table.name}的列名", f"未知的列 {show(clean)}", known)
            wrong = True
        elif header is not None and header in found:
            first = names[found.index(header)].strip(_BLANK)
            problems.add(file, f"第 {line} 行第 {number} 列", "每列只出现一次", f"{clean} 与 {first} 是同一列")
            wrong = True
        found.append(header)
    for header in table.headers:
        if header.required and header not in found:
            expected = f"列 {header.field}（{header.chinese[0]}）"
            problems.add(file, f"第 {line} 行", expected, f"表头没有这一列：{show(','.join(names))}")
            wrong = True
    return None if wrong else found


def _row(
    cells: list[str],
    line: int,
    headers: list[Header | None],
    names: list[str],
    written: dict[str, str],
    file: str,
    problems: Problems,
) -> Row:
    row = Row(line, {}, written)
    for number, cell in enumerate(cells):
        text = cell.strip(_BLANK)
        header = headers[number] if number < len(headers) else None
        if header is None:
            if text:
                got = f"第 {number + 1} 列有内容 {show(text)}，但表头没有列名"
                problems.add(file, f"第 {line} 行", f"{len(names)} 列以内", got)
        elif text:
            value = convert(text, header.cell)
            if value is None:
                problems.add(file, row.where(header.field), _expected(text, header.cell), show(text))
            else:
                row.values[header.field] = value
    for header in _required(headers):
        number = headers.index(header)
        if number >= len(cells) or not cells[number].strip(_BLANK):
            problems.add(file, row.where(header.field), f"必填的 {header.chinese[0]}", "空白")
    return row


def _required(headers: list[Header | None]) -> list[Header]:
    return [h for h in headers if h is not None and h.required]


def _expected(text: str, cell: Cell) -> str:
    if cell is Cell.DATE:
        return "日期（2026-01-31、2026/1/31 或 2026年1月31日）"
    if cell is Cell.FLAG:
        return "Y 或 N（是/否），不清楚的留空"
    if cell is Cell.WHOLE:
        return "整数"
    if _SCIENTIFIC.match(text):
        return "完整的编号（Excel 已把它改成科学计数，请把该列设为“文本”格式后重新填写）"
    return "有内容的文字"


def convert(text: str, cell: Cell) -> object | None:
    """The value of a filled cell, or None if it is not of that kind."""
    if cell is Cell.LIST:
        parts = (p.strip(_BLANK) for p in re.split("[;；\n]", text))
        return tuple(dict.fromkeys(p for p in parts if p))
    if cell is Cell.FLAG:
        low = text.lower()
        return True if low in _YES else False if low in _NO else None
    if cell is Cell.DATE:
        return parse_date(text)
    if cell is Cell.WHOLE:
        return int(text) if re.fullmatch(r"\d{1,9}", text) else None
    return None if _SCIENTIFIC.match(text) else text


def parse_date(text: str) -> date | None:
    found = _DATE.match(text)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
