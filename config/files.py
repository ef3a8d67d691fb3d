"""Reading one configuration file safely: size, encoding, NUL bytes, links out of the folder, TOML places."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path

from config.errors import Problems

MAX_BYTES = 20 * 1024 * 1024
_FULL_WIDTH = frozenset("“”‘’＝［］，")  # typed by a Chinese input method where TOML wants ASCII
_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")
_TOML_SAYS = (
    ("Cannot overwrite a value", "同一个键写了两次"),
    ("Cannot declare", "同一个表（[…]）写了两次"),
    ("Invalid value", "值的写法不对（文字要用英文双引号括起来）"),
    ("Expected '=' after a key", "键后面缺少英文等号"),
    ("Unterminated string", "引号没有成对"),
    ("Illegal character", "文字没有结束就换行了，或含有控制字符"),
    ("Unclosed array", "方括号没有成对"),
    ("Unclosed inline table", "花括号没有成对"),
    ("Invalid initial character for a key part", "键名只能用英文字母、数字、下划线和连字符，其他文字要加英文双引号"),
    ("Invalid statement", "此处不是“键 = 值”"),
    ("Invalid date or datetime", "没有这个日期或时间，请写成真实的日期，如 2026-03-31"),
    ("Expected newline or end of document", "一行只能写一个“键 = 值”"),
)


def read_text(path: Path, root: Path, problems: Problems, *, name: str = "") -> str | None:
    """Text of `path`, or None after adding the reason. Accepts UTF-8 with or without BOM and GBK/GB18030."""
    data = read_bytes(path, root, problems, name=name)
    return None if data is None else decode(data, name or path.name, problems)


def read_bytes(path: Path, root: Path, problems: Problems, *, name: str = "") -> bytes | None:
    name = name or path.name
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            problems.add(name, "", "配置文件夹内的文件", f"指向文件夹外的 {path.resolve()}")
            return None
        if not path.is_file():
            problems.add(name, "", "一个文件", "不存在" if not path.exists() else "不是文件")
            return None
        size = path.stat().st_size
        if size > MAX_BYTES:
            problems.add(name, "", f"不超过 {MAX_BYTES // 2**20} MB 的文件", f"{size / 2**20:.1f} MB")
            return None
        data = path.read_bytes()
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a loop of symbolic links
        problems.add(name, "", "可以读取的文件", f"读取失败（{error}）")
        return None
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        problems.add(name, "", "有内容的文件", "空文件")
        return None
    return data


def decode(data: bytes, name: str, problems: Problems) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.add(name, "", "UTF-8 或 GBK 编码", "UTF-16（“Unicode 文本”）；请在 WPS/Excel 中另存为“CSV UTF-8”")
        return None
    if b"\x00" in data:
        at = data.index(b"\x00")
        line = data.count(b"\n", 0, at) + 1
        problems.add(name, f"第 {line} 行", "文本", f"第 {at + 1} 字节是空字节（NUL），文件已损坏或不是文本文件")
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            at = error.start
    line = data.count(b"\n", 0, at) + 1
    problems.add(name, f"第 {line} 行", "UTF-8 或 GBK 编码", f"第 {at + 1} 字节（0x{data[at]:02x}）无法识别")
    return None


def parse_toml(text: str, name: str, problems: Problems) -> dict[str, object] | None:
    """The tables of a TOML text; decimal fractions stay exact `Decimal`s."""
    try:
        return tomllib.loads(text.replace("\r\n", "\n").replace("\r", "\n"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = _LINE.search(message)
        line = int(found[1]) if found else len(text.splitlines()) or 1
        problems.add(name, f"第 {line} 行", "合法的 TOML", _explain(message, text, line))
    except (RecursionError, ValueError, ArithmeticError):
        problems.add(name, "", "合法的 TOML", "数值无法识别或嵌套过深")
    return None


def _explain(message: str, text: str, line: int) -> str:
    lines = text.splitlines()
    written = lines[line - 1].strip()[:80] if 0 < line <= len(lines) else ""
    full_width = sorted(_FULL_WIDTH & set(written.split("#")[0]))
    if full_width:
        return f"“{written}”：含有中文符号 {' '.join(full_width)}，请改用英文半角符号"
    reason = next((chinese for start, chinese in _TOML_SAYS if message.startswith(start)), message)
    return f"“{written}”：{reason}" if written else reason


class Places:
    """Finds the line on which a key of a TOML text stands, so that an error can name it."""

    _HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
    _PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
    _KEY = re.compile(rf"^\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str | int, ...], int] = {}
        counts: dict[tuple[str | int, ...], int] = {}
        table: tuple[str | int, ...] = ()
        for number, line in enumerate(text.splitlines(), 1):
            header = self._HEADER.match(line)
            if header:
                table = self._enter(_split(header[2]), counts, array=header[1] == "[[")
                self._lines.setdefault(table, number)
                continue
            key = self._KEY.match(line)
            if key:
                self._lines.setdefault((*table, *_split(key[1])), number)

    @staticmethod
    def _enter(
        parts: tuple[str, ...], counts: dict[tuple[str | int, ...], int], *, array: bool
    ) -> tuple[str | int, ...]:
        path: tuple[str | int, ...] = ()
        for position, part in enumerate(parts):
            path = (*path, part)
            if position == len(parts) - 1 and array:
                counts[path] = counts.get(path, -1) + 1
            if path in counts:
                path = (*path, counts[path])
        return path

    def line(self, path: tuple[str | int, ...]) -> int | None:
        """Line of the key, or of the nearest table that contains it."""
        for end in range(len(path), 0, -1):
            if path[:end] in self._lines:
                return self._lines[path[:end]]
        return None

    def where(self, path: tuple[str | int, ...]) -> str:
        line = self.line(path)
        return f"第 {line} 行 {dotted(path)}".strip() if line else dotted(path)


def _split(key: str) -> tuple[str, ...]:
    try:
        node: object = tomllib.loads(f"{key} = 0")
    except tomllib.TOMLDecodeError:
        return (key,)
    parts: list[str] = []
    while isinstance(node, dict):
        part, node = next(iter(node.items()))
        parts.append(part)
    return tuple(parts)


def dotted(path: tuple[str | int, ...]) -> str:
    """("indicators", 2, "points") -> "indicators[3].points"; counting from one, as people do."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += f".{part}" if text else part
    return text
