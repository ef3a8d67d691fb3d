"""The header table of a policy file and its document number.

61号 asks for 索引号, 发布机构, 成文日期, 发布日期, 文号 and 有效性. The table is written as table, `dl`, `ul` or bare
paragraphs, so it is read from the lines: a known field name, and what follows it on the line or in the next cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from checks.facts import DateFact, DateOrigin, Fact, Region
from crawler.extract.dates import compact_date, find_dates
from crawler.extract.document import Document, Line, fold, locator

MIN_FIELDS = 2  # one field alone is a sentence, not a header
_FIELDS: dict[str, tuple[str, ...]] = {
    "索引号": ("信息索引号", "信息索引", "索引号", "索引码", "统一编号", "索取号", "公开目录索引号"),
    "主题分类": ("主题分类", "信息分类", "主题类别", "主题名称", "信息类别", "所属主题", "分类"),
    "体裁分类": ("体裁分类", "公文种类", "组配分类", "文件类型", "公文体裁", "文体"),
    "成文日期": (
        "成文日期", "成文时间", "生成日期", "生成时间", "印发日期", "印发时间", "发文日期", "发文时间", "签发日期",
        "形成日期", "制发日期",
    ),
    "发布日期": ("发布日期", "发布时间", "公开日期", "公开时间", "公布日期", "公布时间"),
    "实施日期": ("实施日期", "施行日期", "生效日期", "生效时间", "实施时间", "施行时间"),
    "失效日期": ("失效日期", "失效时间", "废止日期", "废止时间", "截止日期", "有效期至"),
    "发文机关": ("发文机关", "发文单位", "发文机构", "制定机关", "制发机关", "发布机关", "成文机关"),
    "发布机构": (
        "发布机构", "发布单位", "公开机构", "公开单位", "公开主体", "信息公开机构", "公开责任部门", "责任部门",
    ),
    "发文字号": ("发文字号", "发文文号", "文件编号", "文件字号", "公文文号", "文书号", "文号", "字号"),
    "有效性": ("有效性", "效力状态", "文件状态", "是否有效", "时效性", "时效状态", "有效状态", "是否失效", "效力"),
    "关键词": ("关键词", "主题词", "关键字"),
    "名称": ("信息名称", "文件名称", "公文名称", "名称", "标题"),
    "内容概述": ("内容概述", "内容概要", "信息内容概述"),
    "公开方式": ("公开方式",),
    "公开时限": ("公开时限", "公开程序"),
    "登记号": ("统一登记号", "登记号", "规范性文件登记号"),
}  # fmt: skip
_NAMES = {alias: name for name, aliases in _FIELDS.items() for alias in aliases}
_SPACED = "|".join(r"\s{0,4}".join(alias) for alias in sorted(_NAMES, key=len, reverse=True))
_WITH_COLON = re.compile(rf"(?:^|(?<=[\s\]】|｜;；,，/]))[\[【]?\s*({_SPACED})\s*(?:[\]】]?\s*[:：∶﹕]|】)\s*")
_ALONE = re.compile(rf"^[\[【]?\s*({_SPACED})(?:\s*/\s*[\u4e00-\u9fa5]{{2,6}})?\s*[\]】]?\s*[:：∶﹕]?\s*$")
_FIRST = frozenset({alias[0] for alias in _NAMES} | set("[【"))  # what a field name standing alone begins with
_COLON = re.compile("[:：∶﹕]")
_EMPTY = re.compile(r"^[\s\-—–_/〔〕\[\]()（）号无]*$")
_BRACKETS = r"[〔\[［(（【﹝〈]\s*((?:19|20)\s?\d\s?\d)\s*(?:年)?\s*[〕\]］)）】﹞〉]"
_NUMBER = re.compile(rf"([\u4e00-\u9fa5A-Za-z]{{1,14}})\s*{_BRACKETS}\s*第?\s*(\d[\d\s]{{0,4}})\s*号")
_ORDER = re.compile(r"([\u4e00-\u9fa5]{2,20}令|国令)\s*[（(]?\s*第?\s*(\d{1,4}|[一二三四五六七八九十百]{1,6})\s*号")
_FIELD_NAME = re.compile(r"^(?:发文字号|发文文号|文件编号|文号|字号|根据|依据|按照|以)")
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_LEADING = re.compile(
    r"^(?:.*(?:文号|字号|印发|根据|按照|依据|转发|关于|以及|废止|附件|原文|执行|见|和|与|的|以|对|现将|文件))(?=[\u4e00-\u9fa5]{2,})"
)


def is_field_name(text: str) -> bool:
    """The text is the name of a header field and nothing else."""
    return bool(_ALONE.match(text))


def read_header(document: Document, body_from: int | None = None) -> tuple[Fact, ...]:
    """Fields of the header, canonical names as origin, in order; a field without a value has the value "".

    `body_from` is the index of the first line of the text: fields behind it belong to tables of the document itself.
    """
    found: dict[str, Fact] = {}
    lines = [x for x in document.seen if x.region is not Region.FOOTER]
    for index, line in enumerate(lines):
        if len(line.spaced) > 600 or (body_from is not None and line.at > body_from + 60):
            continue
        for name, value, quote in _fields(line, lines, index):
            known = found.get(name)
            if known is None or (not known.value and value):
                found[name] = Fact(value[:300], name, quote[:200], locator(line.node))
    telling = {"索引号", "发文字号", "有效性", "主题分类", "发文机关", "体裁分类", "成文日期", "登记号"}
    if len(found) < MIN_FIELDS or not telling & found.keys() or (len(found) == 2 and len(telling & found.keys()) < 2):
        return ()
    return tuple(found.values())


def header_dates(header: tuple[Fact, ...]) -> Iterator[DateFact]:
    """Dates of the header with what they mean."""
    origins = {
        "发布日期": DateOrigin.ISSUED,
        "成文日期": DateOrigin.SIGNED,
        "实施日期": DateOrigin.EFFECTIVE,
        "失效日期": DateOrigin.EXPIRY,
    }
    for fact in header:
        origin = origins.get(fact.origin)
        found = (next(find_dates(fact.value), None) or compact_date(fact.value)) if origin else None
        if origin and found:
            yield DateFact(found.value, origin, fact.quote, fact.locator, found.time)


def normal_number(text: str) -> str:
    """First document number in a text, normalised: full-width digits, blanks and brackets ("台政发〔2024〕3号")."""
    if "号" not in text:
        return ""
    text = text.translate(_WIDE)
    match = _NUMBER.search(text)
    if match:
        organ = _LEADING.sub("", match.group(1))
        year, number = match.group(2).replace(" ", ""), re.sub(r"\s", "", match.group(3))
        return f"{organ}〔{year}〕{int(number)}号"
    order = _ORDER.search(text)
    if order is None:
        return ""
    return _FIELD_NAME.sub("", order.group(1)) + f"第{order.group(2)}号"


def read_number(document: Document, header: tuple[Fact, ...], title: str, body_from: int | None) -> Fact | None:
    """Document number: from the header, a line of its own above the text, the title, or the attached file's name.

    Numbers inside sentences are those of other documents and are not taken.
    """
    for fact in header:
        if fact.origin == "发文字号" and (number := normal_number(fact.value)):
            return Fact(number, "header", fact.quote, fact.locator)
    lines = [x for x in document.seen if x.region is Region.CONTENT]
    start = body_from if body_from is not None else -1
    near = [x for x in lines if start <= x.at <= start + 14]
    for index, line in enumerate(near):
        number = _own_line(line)
        if not number and line.text.endswith("令") and index + 1 < len(near) and len(line.text) < 30:
            number = normal_number(line.text + near[index + 1].text) if len(near[index + 1].text) < 12 else ""
        if number:
            return Fact(number, "line", line.text[:200], locator(line.node))
    number = normal_number(title)
    if number:
        return Fact(number, "title", title[:200], "title")
    for line in lines:
        if (
            line.linked
            and "号" in line.text
            and len(line.text) < 120
            and (number := normal_number(line.text))
            and _is_file_name(line, title)
        ):
            return Fact(number, "attachment", line.text[:200], locator(line.node))
    return None


def _own_line(line: Line) -> str:
    """The number where a line says nothing else."""
    text = line.text
    if len(text) > 45 or line.linked or "号" not in text:
        return ""
    text = text.translate(_WIDE)
    match = _NUMBER.search(text) or _ORDER.search(text)
    if match is None or len(text) - (match.end() - match.start()) > 6:
        return ""
    return normal_number(text)


def _is_file_name(line: Line, title: str) -> bool:
    stem = re.sub(r"\W", "", title)[:14]
    text = re.sub(r"\W", "", line.text)
    return bool(stem) and (stem in text or bool(re.search(r"\.(?:pdf|docx?|wps|ofd)\b", line.text, re.I)))


def _fields(line: Line, lines: list[Line], index: int) -> Iterator[tuple[str, str, str]]:
    text = line.spaced
    matches = list(_WITH_COLON.finditer(text)) if _COLON.search(text) or text.startswith("【") else []
    for at, match in enumerate(matches):
        end = matches[at + 1].start() if at + 1 < len(matches) else len(text)
        value = text[match.end() : end].strip(" |｜;；,，[]【】")
        name = _NAMES[re.sub(r"\s", "", match.group(1))]
        if not value and at + 1 == len(matches):
            value = _next_value(lines, index, colon=True)
        if len(value) > 200:
            continue
        yield name, "" if _EMPTY.match(value) else value, f"{match.group(0)}{value}".strip()
    if matches:
        return
    alone = _ALONE.match(text) if text[0] in _FIRST else None
    if alone:
        value = _next_value(lines, index, colon=False)
        yield _NAMES[re.sub(r"\s", "", alone.group(1))], "" if _EMPTY.match(value) else value, f"{text} {value}"


def _next_value(lines: list[Line], index: int, *, colon: bool) -> str:
    """Value in the next cell, unless that is a field name itself. An empty cell has no line, so the tree is asked."""
    cell: LexborNode | None = lines[index].node
    for _ in range(4):
        if cell is None or cell.tag in ("td", "th", "dt", "li", "p", "tr"):
            break
        cell = cell.parent
    if cell is not None and cell.tag in ("td", "th", "dt"):
        return _cell_behind(cell)
    if colon and cell is not None and cell.tag in ("li", "p"):
        return ""
    if index + 1 >= len(lines):
        return ""
    text = lines[index + 1].spaced
    if len(text) > 120 or _ALONE.match(text) or _WITH_COLON.match(text) or lines[index + 1].heading:
        return ""
    return text


def _cell_behind(cell: LexborNode) -> str:
    at = cell.next
    while at is not None and (not at.tag or at.tag.startswith(("-", "!"))):
        at = at.next
    text = fold(at.text(deep=True, separator=" ") or "") if at is not None else ""
    return "" if len(text) > 200 or _ALONE.match(text) or _WITH_COLON.match(text) else text
