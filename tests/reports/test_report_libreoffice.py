"""Workbooks and documents in LibreOffice: they open, keep their content, and a ledger it saved merges."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import report_factory as factory
from docx import Document

from reports.returns import merge

OFFICE = shutil.which("soffice") or shutil.which("libreoffice") or ""
pytestmark = [pytest.mark.skipif(not OFFICE, reason="needs LibreOffice"), pytest.mark.timeout(600)]


def convert(kind: str, paths: list[Path], out: Path) -> None:
    """All files in one run, with a profile of its own and no window."""
    profile = f"-env:UserInstallation=file://{out / 'profile'}"
    words = [
        OFFICE,
        profile,
        "--headless",
        "--norestore",
        "--convert-to",
        kind,
        "--outdir",
        str(out),
        *map(str, paths),
    ]
    done = subprocess.run([*words, *map(str, paths)], capture_output=True, text=True, timeout=500, check=True)
    assert "Error" not in done.stdout + done.stderr


@pytest.fixture(scope="module")
def written(folder: Path) -> list[Path]:
    every = [p for p in folder.rglob("*") if p.suffix in (".xlsx", ".docx") and p.parent == folder]
    return [*sorted(every), folder / "单位整改表" / "sjj.xlsx"]


def test_every_book_and_document_opens_and_prints(written: list[Path], tmp_path: Path) -> None:
    convert("pdf", written, tmp_path)
    for path in written:
        assert (tmp_path / f"{path.stem}.pdf").read_bytes().startswith(b"%PDF"), path.name


def test_a_ledger_that_libreoffice_saved_merges(folder: Path, files: dict[str, bytes], tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(files["单位整改表/sjj.xlsx"]))
    page = book["台账"]
    for column, value in ((20, "张三（示例）"), (22, "已补发"), (23, date(2026, 10, 12)),
                          (24, "http://www.shiliqu.gov.cn/sjj/t1.html")):  # fmt: skip
        page.cell(4, column).value = value
    (tmp_path / "in").mkdir()
    book.save(tmp_path / "in" / "sjj.xlsx")
    convert("xlsx", [tmp_path / "in" / "sjj.xlsx", folder / "整改台账.xlsx"], tmp_path)
    ours, back = files["整改台账.xlsx"], (tmp_path / "sjj.xlsx").read_bytes()
    for ledger in (ours, (tmp_path / "整改台账.xlsx").read_bytes()):
        merged = merge(ledger, [("sjj.xlsx", back)], factory.AS_OF)
        assert len(merged.changes) == 4
        assert not merged.conflicts + merged.refused


def test_a_document_keeps_its_words(written: list[Path], tmp_path: Path) -> None:
    source = next(p for p in written if p.name == "通报稿.docx")
    (tmp_path / "out").mkdir()
    convert("docx", [source], tmp_path / "out")
    was, now = (
        [p.text for p in Document(str(p)).paragraphs if p.text] for p in (source, tmp_path / "out" / source.name)
    )
    assert now == was
