"""Official papers as DOCX in GB/T 9704-2012 layout. No macro, no clock: equal papers, equal bytes."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION_START
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from checks.snapshot import SHANGHAI
from reports.archive import still
from reports.gongwen import Kind, Paper, runs
from reports.text import clean
from reports.view import RoundView

FANG, TITLE, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
BODY_PT, LINE_PT = 16, 28.99
_RED = RGBColor(0xC0, 0, 0)
_GREY = RGBColor(0x59, 0x59, 0x59)
_TIGHTER = -5  # twentieths of a point between characters of 16 pt: 28 of them fill 441 of the 442.2 pt (156 mm)
_FONTS = {Kind.HEADING: HEI, Kind.SUBHEADING: KAI}


def write_docx(view: RoundView, paper: Paper) -> bytes:
    """The paper as bytes; fields for the office are highlighted, the draft mark stands in the page header."""
    document = Document()
    _page(document, paper)
    _base_style(document)
    _line(document, paper.issuer, TITLE, 32, align="center", colour=_RED, height=None)
    _rule(_line(document, paper.number, FANG, align="center", before=1))
    for at, part in enumerate(paper.title_lines):
        _line(document, part, TITLE, 22, align="center", before=2 if at == 0 else 0, height=34)
    _line(document, paper.addressee, FANG, before=1)
    for at, paragraph in enumerate(paper.body):
        line = _line(document, paragraph.text, _FONTS.get(paragraph.kind, FANG), indent=2)
        closing = at >= len(paper.body) - paper.closing
        line.paragraph_format.keep_with_next = closing or paragraph.kind is not Kind.BODY
    for at, (lead, text) in enumerate(paper.attachment_lines):
        item = _line(document, f"{lead or '　　　'}{text}", FANG, indent=2, before=1 if at == 0 else 0)
        item.paragraph_format.keep_with_next = True
    _line(document, paper.issuer, FANG, align="right", before=2, right=2).paragraph_format.keep_with_next = True
    _line(document, paper.date, FANG, align="right", right=4).paragraph_format.keep_with_next = True
    _line(document, "（盖章）", FANG, 12, align="right", right=5, colour=_GREY)
    _data(document, view)
    _properties(document, view, paper)
    out = io.BytesIO()
    document.save(out)
    return still(out.getvalue())


def _page(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    section.start_type = WD_SECTION_START.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(18), Mm(24)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")  # a grid of characters is read differently by Word, WPS and LibreOffice
    grid.set(qn("w:linePitch"), str(round(LINE_PT * 20)))
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(grid)
    document.settings.odd_and_even_pages_header_footer = True
    for header in (section.header, section.even_page_header):
        mark = "　".join(x for x in (paper.mark, paper.class_mark) if x)
        _write(header.paragraphs[0], mark, HEI, 12, RGBColor(0x8A, 0x1C, 0x1C))
        header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def _page_number(paragraph: Any, align: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 — in 14 pt, one character in from the edge."""
    paragraph.alignment = align
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
    _write(paragraph, "— ", SONG, 14)
    run = paragraph.add_run()
    _font(run, SONG, 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
    _write(paragraph, " —", SONG, 14)


def _base_style(document: Any) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = FANG, Pt(BODY_PT)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FANG)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    style.paragraph_format.widow_control = True


def _line(
    document: Any, text: str, font: str, size: float = BODY_PT, *, align: str = "", indent: int = 0, before: int = 0,
    right: int = 0, colour: RGBColor | None = None, height: float | None = LINE_PT,
) -> Any:  # fmt: skip
    """One paragraph; `before` counts blank lines, `indent` and `right` characters of 16 pt."""
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    if align:
        shape.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
    if height is not None:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(height)
    shape.space_before = Pt(before * LINE_PT)
    shape.first_line_indent = Pt(indent * BODY_PT) if indent else None
    shape.right_indent = Pt(right * BODY_PT) if right else None
    _write(paragraph, text, font, size, colour)
    return paragraph


def _write(paragraph: Any, text: str, font: str, size: float = BODY_PT, colour: RGBColor | None = None) -> None:
    for part in runs(text) if text.strip() == text else ():
        run = paragraph.add_run(part.text)
        _font(run, font, size, colour)
        if part.fill:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    if text.strip() != text:
        _font(run := paragraph.add_run(text), font, size, colour)


def _font(run: Any, font: str, size: float, colour: RGBColor | None = None) -> None:
    run.font.name, run.font.size = font, Pt(size)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = colour
    if size == BODY_PT:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(_TIGHTER))
        run._r.get_or_add_rPr().insert_element_before(
            spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:effect", "w:lang"
        )


def _rule(paragraph: Any) -> None:
    """The red line 4 mm below the number."""
    border = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", "C00000")):
        line.set(qn(f"w:{key}"), value)
    border.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        border, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _data(document: Any, view: RoundView) -> None:
    """Figures that identify the round, as at the foot of every file."""
    text = (
        f"检查轮次 {view.round_id}　数据截止 {view.as_of.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}（北京时间）"
        f"　工具 govaudit {view.tool_version}　证据清单 SHA-256 {view.manifest_sha256 or '（未封存）'}"
    )
    line = _line(document, text, SONG, 7, colour=_GREY, height=10)
    line.paragraph_format.space_before = Pt(6)


def _properties(document: Any, view: RoundView, paper: Paper) -> None:
    moment = view.as_of.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
    core = document.core_properties
    core.title, core.author, core.comments = clean(paper.title, 200), view.district.office, paper.mark
    core.created = core.modified = moment
    core.last_modified_by, core.revision = view.district.office, 1
