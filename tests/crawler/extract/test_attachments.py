"""Attachments are known by their bytes, read within bounds, and say why they cannot be read."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pypdf
import pytest

from crawler.extract.attachments import MAX_MEMBER, read_attachment, sniff

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def packed(members: dict[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def word(text: str) -> bytes:
    paragraphs = "".join(f"<w:p><w:r><w:t>{part}</w:t></w:r></w:p>" for part in text.split("\n"))
    return packed({"word/document.xml": f"<w:document xmlns:w='{WORD}'><w:body>{paragraphs}</w:body></w:document>"})


def test_docx() -> None:
    found = read_attachment(word("云岭县河道管理办法\n第一条 为了加强管理"), "a.doc")
    assert (found.kind, found.text, found.problem) == ("docx", "云岭县河道管理办法\n第一条 为了加强管理", "")


def test_xlsx() -> None:
    book = openpyxl.Workbook()
    book.active.append(["事项", "数量"])
    book.active.append(["许可", 12])
    target = io.BytesIO()
    book.save(target)
    found = read_attachment(target.getvalue())
    assert found.kind == "xlsx"
    assert found.text.splitlines() == ["事项 数量", "许可 12"]


def test_ofd() -> None:
    page = "<ofd:Page xmlns:ofd='http://www.ofdspec.org/2016'><ofd:TextCode>云岭县人民政府</ofd:TextCode></ofd:Page>"
    found = read_attachment(packed({"OFD.xml": "<x/>", "Doc_0/Pages/Page_0/Content.xml": page}))
    assert (found.kind, found.text) == ("ofd", "云岭县人民政府")


def test_a_zip_lists_its_names_in_any_encoding() -> None:
    body = packed({"表格.xlsx": b"x", "说明.txt": b"y"})
    assert read_attachment(body).names == ("表格.xlsx", "说明.txt")
    assert "仅列出文件名" in read_attachment(body).problem


def test_a_bomb_is_refused() -> None:
    found = read_attachment(packed({"word/document.xml": b"<a>" + b" " * (MAX_MEMBER + 10)}))
    assert found.text == ""
    assert "过大" in found.problem


def test_entities_are_not_expanded() -> None:
    evil = (
        "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY f SYSTEM 'file:///etc/hostname'>]>"
        f"<w:document xmlns:w='{WORD}'><w:p><w:r><w:t>&b;&f;正文</w:t></w:r></w:p></w:document>"
    )
    text = read_attachment(packed({"word/document.xml": evil})).text
    assert "aaaa" not in text


def test_pdf_without_text_and_damaged_pdf() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    target = io.BytesIO()
    writer.write(target)
    assert "没有可读文字" in read_attachment(target.getvalue()).problem
    assert "损坏" in read_attachment(b"%PDF-1.7 broken").problem


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "ole"),
        (b"Rar!\x1a\x07\x00", "rar"),
        (b"\x89PNG\r\n", "image"),
        (b"PK\x03\x04broken", "zip"),
        ("姓名,单位".encode("gbk"), "text"),
        (b"\x01\x00\x02", "unknown"),
        (b"", "unknown"),
    ],
)
def test_other_kinds_say_what_to_do(body: bytes, kind: str) -> None:
    found = read_attachment(body, "附件.dat")
    assert sniff(body) == found.kind == kind
    assert found.text == "姓名,单位" if kind == "text" else found.problem
