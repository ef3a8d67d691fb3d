"""Text of attached files, as far as a rule may want to read it.

What cannot be read says so; nothing is run or unpacked to disk, and every archive is read within bounds.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from crawler.extract.document import fold
from crawler.extract.encoding import decode
from crawler.extract.limits import OutOfTime, processor_time

MAX_MEMBER = 30_000_000  # bytes of one unpacked part
MAX_TOTAL = 120_000_000  # bytes unpacked of one file
MAX_RATIO = 200  # unpacked to packed; office files stay below 50
MAX_TEXT = 2_000_000  # characters kept
MAX_MEMBERS = 5_000
MAX_PAGES = 300  # of a PDF
MAX_SECONDS = 30.0  # of processor time for one file; ordinary ones take well below one
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SLIDE = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True, slots=True)
class AttachmentText:
    """`kind` is what the bytes are, whatever the name says: pdf, docx, xlsx, pptx, ofd, zip, ole, rar, image, text,
    unknown. `names` lists the members of an archive. `problem` says in Chinese why there is no text, else blank.
    """

    kind: str
    text: str = ""
    names: tuple[str, ...] = ()
    problem: str = ""


class _Refused(Exception):
    """The file goes beyond the bounds."""


def read_attachment(body: bytes, name: str = "") -> AttachmentText:
    """Text of one attachment. Never raises on damaged or hostile files."""
    kind = sniff(body)
    try:
        with processor_time(MAX_SECONDS):
            if kind == "pdf":
                return _pdf(body)
            if kind in ("docx", "xlsx", "pptx", "ofd", "zip"):
                return _packed(body, kind)
    except OutOfTime:
        return AttachmentText(kind, problem=f"附件过于复杂，{MAX_SECONDS:g} 秒内未能读完，需人工打开核对")
    except _Refused as refusal:
        return AttachmentText(kind, problem=str(refusal))
    except (
        zipfile.BadZipFile,
        etree.LxmlError,
        OSError,
        ValueError,
        KeyError,
        RuntimeError,
        NotImplementedError,
    ) as error:
        return AttachmentText(kind, problem=f"附件损坏或加密，无法读取（{type(error).__name__}）")
    if kind == "text":
        return AttachmentText(kind, decode(body[:MAX_MEMBER]).text[:MAX_TEXT])
    problems = {
        "ole": "旧版 Office 或 WPS 格式（doc/xls/wps/et），需人工打开核对",
        "rar": "RAR 或 7z 压缩包，需人工解压核对",
        "image": "图片附件，无可读文字",
    }
    return AttachmentText(
        kind, problem=problems.get(kind, f"无法识别的附件格式：{name[-60:]}" if name else "无法识别的附件格式")
    )


def sniff(body: bytes) -> str:
    """Kind of a file by its first bytes and, for zip containers, by its members."""
    if body[:1024].lstrip().startswith(b"%PDF"):
        return "pdf"
    if body.startswith(_OLE):
        return "ole"
    if body.startswith((b"Rar!", b"7z\xbc\xaf\x27\x1c")):
        return "rar"
    if body.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")):
        return "image"
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(body)
    return "text" if body and b"\x00" not in body[:4096] else "unknown"


def _kind_of_zip(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = set(archive.namelist()[:MAX_MEMBERS])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "zip"
    for member, kind in (
        ("word/document.xml", "docx"),
        ("xl/workbook.xml", "xlsx"),
        ("ppt/presentation.xml", "pptx"),
        ("OFD.xml", "ofd"),
    ):
        if member in names:
            return kind
    return "zip"


def _packed(body: bytes, kind: str) -> AttachmentText:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise _Refused(f"压缩包内文件过多（{len(members)} 个）")
        names = tuple(_member_name(m) for m in members if not m.is_dir())
        if kind == "zip":
            return AttachmentText(kind, names=names, problem="压缩包，仅列出文件名")
        budget = [MAX_TOTAL]
        parts = {"docx": _docx, "xlsx": _xlsx, "pptx": _pptx, "ofd": _ofd}[kind](archive, budget)
        text = _bounded(parts)
    return AttachmentText(kind, text, (), "" if text else "附件内没有可读文字（可能是扫描件）")


def _member_name(member: zipfile.ZipInfo) -> str:
    """Name of a member; archives made on Chinese Windows write GBK without saying so."""
    if member.flag_bits & 0x800:
        return member.filename[:300]
    try:
        return member.filename.encode("cp437").decode("gb18030")[:300]
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename[:300]


def _xml(archive: zipfile.ZipFile, name: str, budget: list[int]) -> etree._Element | None:
    """A member as XML: no entities, no network, no huge trees, within the budget of the whole file."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    if info.file_size > MAX_MEMBER or info.file_size > max(1, info.compress_size) * MAX_RATIO + 1_000_000:
        raise _Refused("附件解压后过大，疑似压缩炸弹，未读取")
    with archive.open(info) as stream:
        data = stream.read(MAX_MEMBER + 1)
    budget[0] -= len(data)
    if len(data) > MAX_MEMBER or budget[0] < 0:
        raise _Refused("附件解压后过大，疑似压缩炸弹，未读取")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    return etree.fromstring(data, parser)


def _docx(archive: zipfile.ZipFile, budget: list[int]) -> Iterator[str]:
    root = _xml(archive, "word/document.xml", budget)
    for paragraph in root.iter(f"{_WORD}p") if root is not None else ():
        yield "".join(node.text or "" for node in paragraph.iter(f"{_WORD}t"))


def _xlsx(archive: zipfile.ZipFile, budget: list[int]) -> Iterator[str]:
    shared: list[str] = []
    strings = _xml(archive, "xl/sharedStrings.xml", budget)
    for item in strings.iter(f"{_SHEET}si") if strings is not None else ():
        shared.append("".join(t.text or "" for t in item.iter(f"{_SHEET}t")))
    for name in sorted(n for n in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", n)):
        sheet = _xml(archive, name, budget)
        for row in sheet.iter(f"{_SHEET}row") if sheet is not None else ():
            yield "\t".join(_cell(cell, shared) for cell in row.iter(f"{_SHEET}c"))


def _cell(cell: etree._Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_SHEET}t"))
    value = cell.findtext(f"{_SHEET}v") or ""
    if cell.get("t") == "s" and value.isdecimal() and int(value) < len(shared):
        return shared[int(value)]
    return value


def _pptx(archive: zipfile.ZipFile, budget: list[int]) -> Iterator[str]:
    for name in sorted(n for n in archive.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", n)):
        root = _xml(archive, name, budget)
        for paragraph in root.iter(f"{_SLIDE}p") if root is not None else ():
            yield "".join(t.text or "" for t in paragraph.iter(f"{_SLIDE}t"))


def _ofd(archive: zipfile.ZipFile, budget: list[int]) -> Iterator[str]:
    """OFD (GB/T 33190): text stands in `TextCode` of the pages' content."""
    for name in sorted(n for n in archive.namelist() if n.endswith("Content.xml")):
        root = _xml(archive, name, budget)
        for node in root.iter("{*}TextCode") if root is not None else ():
            yield node.text or ""


def _pdf(body: bytes) -> AttachmentText:
    try:
        import pypdf
    except ImportError:
        return AttachmentText("pdf", problem="未安装 PDF 读取组件（pypdf），需人工打开核对")
    try:
        reader = pypdf.PdfReader(io.BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            return AttachmentText("pdf", problem="PDF 已加密，无法读取")
        text = _bounded(page.extract_text() or "" for page in reader.pages[:MAX_PAGES])
    except Exception as error:  # the library raises many kinds on damaged files
        return AttachmentText("pdf", problem=f"PDF 损坏，无法读取（{type(error).__name__}）")
    return AttachmentText("pdf", text, problem="" if text else "PDF 内没有可读文字（可能是扫描件）")


def _bounded(parts: Iterator[str]) -> str:
    kept: list[str] = []
    length = 0
    for part in parts:
        line = fold(part)
        if line:
            kept.append(line)
            length += len(line) + 1
        if length > MAX_TEXT:
            break
    return "\n".join(kept)[:MAX_TEXT]
