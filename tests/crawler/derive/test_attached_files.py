"""Attached files become pages: owned by the page that links to them, read by scans and by rules on elements."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.attached import UNREADABLE, attachment, attachments, full_text
from checks.facts import PageKind
from checks.items import items
from checks.outcomes import FetchOutcome
from checks.rules.sensitive import PersonalData, personal_data_exposed
from config.district import Column, Crawl, District, Site, Unit, UnitGroup
from crawler.derive.run import derive
from crawler.derive.snapshot import StoredSnapshot
from crawler.store import FetchRecord, FrontierItem, ObservationStore

HOST = "www.example-county.gov.cn"
HOME, LIST, PAGE = (f"http://{HOST}{p}" for p in ("/", "/bz/", "/bz/1.html"))
TABLE, SCAN, BROKEN = (f"http://{HOST}/files/{n}" for n in ("standard.docx", "scan.doc", "broken.xlsx"))
AS_OF = datetime(2026, 9, 30, 10, tzinfo=UTC)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(*paragraphs: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{p}</w:t></w:r></w:p>" for p in paragraphs)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
    return stream.getvalue()


@pytest.fixture
def it() -> District:
    return District(
        id="county",
        name="示例县",
        full_name="示例县人民政府",
        office="示例县人民政府办公室",
        portal_owner="office",
        standards=("s",),
        site=Site(name="示例县人民政府网", home=HOME, main_host=HOST),
        crawl=Crawl(),
        units=(
            Unit(unit_id="office", name_short="示例县政府办", group=UnitGroup.DEPARTMENT),
            Unit(unit_id="mzj", name_short="示例县民政局", group=UnitGroup.DEPARTMENT),
        ),
        columns=(Column(column_id="bz", label="救助标准", path="/bz/", unit_id="mzj"),),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with ObservationStore(tmp_path / "observations.sqlite") as store:

        def put(url: str, body: bytes, purpose: str, kind: str, anchor: str = "") -> None:
            store.add_pending(FrontierItem(url, HOST, purpose=purpose, anchor=anchor))
            store.mark_done(url)
            digest = store.put_body(body)
            store.record(
                FetchRecord(
                    url, HOST, FetchOutcome.OK, purpose=purpose, status=200, final_url=url, body_sha256=digest,
                    size=len(body), content_type=kind, started_at="2026-09-30T01:00:00+00:00",
                )
            )  # fmt: skip

        html = "text/html; charset=utf-8"
        page = "<h1>2026年救助标准</h1><p>发布时间：2026-03-20 来源：示例县民政局</p>"
        page += '<div class="TRS_Editor"><p>见附件</p>'
        page += (
            f'<p><a href="{TABLE}">附件1：标准表.docx</a> <a href="{SCAN}">附件2.doc</a> <a href="{BROKEN}">3</a></p>'
        )
        front = (
            f'<title>救助标准</title><ul class="list"><li><a href="{PAGE}">2026年救助标准</a> 2026-03-20</li></ul>'
        )
        put(HOME, f'<title>示例县</title><a href="{LIST}">救助标准</a>'.encode(), "page", html)
        put(LIST, front.encode(), "page", html)
        put(PAGE, f"<html><head><title>2026年救助标准</title></head><body>{page}</div></body>".encode(), "page", html)
        secret = "联系人身份证号 11010519491231002X"
        put(
            TABLE,
            docx("城市低保每月900元", "农村低保每月700元", secret),
            "attachment",
            "application/msword",
            "标准表",
        )
        put(SCAN, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "attachment", "application/msword")
        put(BROKEN, b"PK\x03\x04 not a zip", "attachment", "application/octet-stream", "3")
    return tmp_path


def test_attached_files_are_pages_of_the_one_that_links_them(folder: Path, it: District) -> None:
    derive(it, folder, AS_OF)
    with StoredSnapshot(folder, it, AS_OF) as snapshot:
        table, parent = attachment(snapshot, TABLE), snapshot.page(PAGE)
        assert table is not None and parent is not None
        assert (table.kind, table.reader, table.title and table.title.value) == (
            PageKind.OTHER,
            "attachment",
            "标准表",
        )
        assert "农村低保每月700元" in table.text
        assert (table.owner, table.column) == (parent.owner, parent.column) == ("mzj", "bz")
        assert [a.url for a in attachments(snapshot, parent)] == [TABLE]
        assert snapshot.page(TABLE) is None, "a file is not taken for a page"
        assert "农村低保" in full_text(snapshot, parent)
        unread = {p.url: p.text for p in snapshot.pages(PageKind.OTHER) if p.marks_of(UNREADABLE)}
        assert unread == {SCAN: "", BROKEN: ""}
        assert TABLE not in {i.url for i in items(snapshot)}, "a file is no item of its own"


def test_personal_data_in_a_file_is_found_and_masked(folder: Path, it: District) -> None:
    derive(it, folder, AS_OF)
    with StoredSnapshot(folder, it, AS_OF) as snapshot:
        hits = [v for v in personal_data_exposed(snapshot, PersonalData()) if v.review]
    assert [(h.url, h.unit, h.data["hits"]) for h in hits] == [(TABLE, "mzj", ["身份证号110************02X"])]


def test_deriving_again_reads_nothing_twice(folder: Path, it: District) -> None:
    first = derive(it, folder, AS_OF)
    seen: list[int] = []
    second = derive(it, folder, AS_OF, lambda done, total: seen.append(done))
    assert first.pages == second.pages == 6
    assert seen == []
