"""Interview packs: only for named units, every figure from the round, GB/T 9704 layout, one text in HTML and DOCX."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
import report_factory as factory
from docx import Document
from docx.shared import Mm, Pt
from pypdf import PdfReader
from report_axe import WIDTHS, engine, faults
from selectolax.lexbor import LexborHTMLParser

from checks.outcomes import Outcome
from crawler.browser.finder import find_browser
from crawler.browser.pdf import dated, print_pdf
from reports import gongwen
from reports.gongwen import Paper, body
from reports.interview.facts import MOST_PROBLEMS, Pack
from reports.interview.notice import SPOKEN, notice, spoken
from reports.interview.pages import UnknownUnit, build_yuetan
from reports.issues import docket
from reports.page import render_paper
from reports.pictures import Album
from reports.text import span
from reports.view import PastRound, RoundView

GROUND = "经区政府办公室2026年10月9日研究决定（示例）"


def pack_of(view: RoundView, unit: str = "wjj") -> Pack:
    known = next(u for u in view.units if u.unit_id == unit)
    return Pack(view, known, docket(view), Album(view), GROUND)


@pytest.fixture(scope="module")
def papers(view: RoundView) -> dict[str, bytes]:
    return dict(build_yuetan(view, ["wjj", "czj"], GROUND))


def words(data: bytes) -> str:
    """All text of a paper, without spaces."""
    if data.startswith(b"PK"):
        document = Document(io.BytesIO(data))
        text = "".join(p.text for p in document.paragraphs) + "".join(
            p.text for p in document.sections[0].header.paragraphs
        )
    else:
        text = LexborHTMLParser(data.decode()).body.text()  # type: ignore[union-attr]
    return re.sub(r"\s+", "", text)


def test_a_round_makes_no_pack_by_itself(files: dict[str, bytes]) -> None:
    assert not [name for name in files if "yuetan" in name or "约谈" in name]


def test_packs_are_made_for_the_named_units_only(papers: dict[str, bytes]) -> None:
    kinds = (".html", "-一页纸.html", "-约谈通知.html", "-约谈通知.docx")
    assert list(papers) == [f"yuetan/{unit}{kind}" for unit in ("wjj", "czj") for kind in kinds]


def test_a_unit_that_was_not_checked_is_refused_before_anything_is_made(view: RoundView) -> None:
    with pytest.raises(UnknownUnit, match=r"没有检查单位“nobody”.*wjj（区卫生健康局）"):
        next(build_yuetan(view, ["wjj", "nobody"]))


def test_the_same_figures_in_notice_report_spoken_page_and_document(
    view: RoundView, papers: dict[str, bytes]
) -> None:
    pack, score = pack_of(view), view.score("wjj")
    assert score is not None
    issues = docket(view).open("wjj")
    facts = (
        f"记为{span(score.lower, score.upper)}分（扣分合计"
        if score.veto
        else f"得{span(score.lower, score.upper)}分",
        f"发现问题{len(issues)}项、{sum(len(i.faults) for i in issues)}处",
    )
    for name in (n for n in papers if "wjj" in n):
        assert all(fact in words(papers[name]) for fact in facts), name
        assert GROUND in words(papers[name]) or "一页纸" in name
    report = LexborHTMLParser(papers["yuetan/wjj.html"].decode())
    listed = [r.text() for r in report.css("section[aria-label='附件2 问题清单'] tbody th[scope='row']")]
    assert sorted(listed) == sorted(i.number.rpartition("-")[2] for i in pack.issues)
    form = " ".join(r.text() for r in report.css("section[aria-label='附件3 整改反馈表'] tbody th"))
    assert sorted(re.findall(r"\d{4}", form)) == sorted(listed), "every problem has its line, kinds share one"
    proofs = re.findall(r"[0-9a-f]{64}", report.css_first("section[aria-label='证据清单'] tbody").text(separator=" "))
    assert proofs == [p.evidence.sha256 for p in pack.proofs]
    assert len(report.css(".problem")) == min(MOST_PROBLEMS, len(issues))


def test_html_and_docx_carry_the_same_text(view: RoundView, papers: dict[str, bytes]) -> None:
    paper = notice(pack_of(view))
    for name in ("yuetan/wjj-约谈通知.html", "yuetan/wjj-约谈通知.docx"):
        said = words(papers[name])
        for part in (*paper.body, *map(body, paper.title_lines)):
            assert re.sub(r"\s+", "", part.text) in said


def test_fields_of_the_office_are_blank_and_marked(papers: dict[str, bytes]) -> None:
    tree = LexborHTMLParser(papers["yuetan/wjj-约谈通知.html"].decode())
    fills = [n.text() for n in tree.css(".fill")]
    assert {"〔填：机关代字〕", "〔填：序号〕", "〔填：地点〕", "〔填：成文日期〕", "〔填：号码〕"} <= set(fills)
    document = Document(io.BytesIO(papers["yuetan/wjj-约谈通知.docx"]))
    marked = [r.text for p in document.paragraphs for r in p.runs if r.font.highlight_color]
    assert marked == fills
    assert "约谈事由、批准人和批准日期" not in "".join(fills), "the ground was given"
    bare = dict(build_yuetan(factory.view(), ["wjj"]))["yuetan/wjj-约谈通知.html"]
    assert "〔填：约谈事由、批准人和批准日期〕" in bare.decode()


def test_problems_under_appeal_stay_out(view: RoundView) -> None:
    issue = docket(view).open("wjj")[0]
    identity = issue.lead.identity
    paper = dict(build_yuetan(replace(view, appealed=frozenset({identity})), ["wjj"]))["yuetan/wjj.html"]
    assert issue.number not in paper.decode()
    assert "另有1项问题处于申诉期，未列入本报告。" in words(paper)


def test_drafts_say_so_on_every_page_and_frozen_rounds_do_not(view: RoundView, papers: dict[str, bytes]) -> None:
    assert all("草稿·机器初判" in words(data) for data in papers.values())
    assert all("@top-center" in d.decode() for n, d in papers.items() if n.endswith(".html"))
    frozen = dict(build_yuetan(replace(view, provisional=False), ["wjj"], GROUND))
    assert all("机器初判" not in words(data) for data in frozen.values())


def test_a_sibling_passes_the_same_rule_and_fails_nowhere(view: RoundView) -> None:
    pack = pack_of(view)
    shown = [(p.issue, p.sibling) for p in pack.problems if p.sibling]
    assert shown
    for issue, sibling in shown:
        assert sibling.outcome is Outcome.PASSED
        assert sibling.rule == issue.rule.id
        assert sibling.unit != "wjj"
        assert not [
            f
            for f in view.findings
            if f.rule == sibling.rule and f.unit == sibling.unit and f.outcome is Outcome.FAILED
        ]


def test_repeated_problems_and_earlier_rounds_are_told(view: RoundView) -> None:
    issue = docket(view).open("wjj")[0]
    past = PastRound(
        "2026Q2", view.as_of, view.scores, view.ranks, frozenset(issue.fingerprints), True, view.findings
    )
    pack = pack_of(replace(view, history=(past,)))
    assert [i.number for i in pack.repeated] == [issue.number]
    assert [q.round_id for q in pack.quarters] == ["2026Q2", "2026Q3"]
    text = words(dict(build_yuetan(pack.view, ["wjj"]))["yuetan/wjj.html"])
    assert "再次出现的问题（1项）" in text
    assert "2026年第二季度已发现同一问题" in text


@pytest.mark.parametrize("unit", [u[0] for u in factory.UNITS])
def test_the_page_read_aloud_takes_three_minutes(view: RoundView, unit: str) -> None:
    text = "".join(p.text for p in spoken(pack_of(view, unit)))
    assert 100 < len(text) <= SPOKEN
    assert "http" not in text


def test_hostile_words_stay_words() -> None:
    view = factory.view(factory.hostile_findings())
    for name, data in build_yuetan(view, ["dzz"], factory.HOSTILE):
        if name.endswith(".html"):
            tree = LexborHTMLParser(data.decode())
            assert not tree.css("script, iframe, form, link, [onerror]")
            assert not [a for a in tree.css("a") if not re.match("https?://|#", a.attributes["href"] or "")]
            parser = html5lib.HTMLParser(strict=False)
            parser.parse(data.decode())
            assert parser.errors == []
        assert not re.search("[\u202a-\u202e\x00-\x08]", words(data))


def test_the_document_has_the_page_of_the_standard(papers: dict[str, bytes]) -> None:
    document = Document(io.BytesIO(papers["yuetan/wjj-约谈通知.docx"]))
    page = document.sections[0]
    assert [round(x / Mm(1)) for x in (page.page_width, page.page_height)] == [210, 297]
    margins = (page.top_margin, page.left_margin, page.right_margin, page.bottom_margin)
    assert [round(x / Mm(1)) for x in margins] == [37, 28, 26, 35]
    text = next(p for p in document.paragraphs if "政府网站与政务公开检查中" in p.text)
    assert text.paragraph_format.line_spacing == pytest.approx(Pt(28.99), rel=0.001)
    assert {r.font.size for r in text.runs} == {Pt(16)}
    assert document.settings.odd_and_even_pages_header_footer


def test_same_inputs_same_bytes(papers: dict[str, bytes]) -> None:
    again = dict(build_yuetan(factory.view(), ["wjj", "czj"], GROUND))
    assert [n for n in papers if papers[n] != again[n]] == []


def test_the_dates_of_a_pdf_are_those_of_the_round() -> None:
    raw = b"<< /CreationDate (D:20261122220000+00'00') /ModDate (D:20261122220001+00'00') >>"
    fixed = dated(raw, factory.AS_OF)
    assert len(fixed) == len(raw)
    assert fixed.count(b"D:20260930180000+08'00'") == 2


@pytest.fixture(scope="module")
def printed(papers: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, PdfReader]]:
    root = tmp_path_factory.mktemp("papers")
    full = Paper("示例办", "〔填：号〕", "示例", "各单位：", (body("公开" * 28 * 22 * 2),), ())
    pages = {
        "grid": render_paper("notice.html.j2", factory.view(), "版面", "草稿", paper=full),
        **{n.removeprefix("yuetan/"): d for n, d in papers.items() if n.endswith(".html")},
    }
    paths: list[Path] = []
    for name, data in pages.items():
        paths.append(root / f"{name.removesuffix('.html')}.html")
        paths[-1].write_bytes(data)
    made = print_pdf(paths, find_browser(), factory.AS_OF)
    yield {path.stem: PdfReader(io.BytesIO(data)) for path, data in zip(paths, made, strict=True)}


@pytest.mark.browser
def test_interview_papers_are_accessible_and_fit_the_screen(papers: dict[str, bytes], tmp_path: Path) -> None:
    with engine() as started:
        for name, data in papers.items():
            if name.startswith("yuetan/wjj") and name.endswith(".html"):
                path = tmp_path / Path(name).name
                path.write_bytes(data)
                assert [(name, w, f) for w in WIDTHS for f in faults(started, path, w)] == []


@pytest.mark.browser
def test_a_page_of_text_has_22_lines_of_28_characters(printed: dict[str, PdfReader]) -> None:
    text = printed["grid"].pages[1].extract_text()
    rows = [line.strip() for line in text.splitlines() if len(line.strip()) > 15 and "2" not in line]
    assert len(rows) == gongwen.LINES
    assert len(rows[0]) == gongwen.CHARACTERS - 2, "the paragraph begins here, indented"
    assert {len(row) for row in rows[1:]} == {gongwen.CHARACTERS}
    assert [round(float(x)) for x in printed["grid"].pages[1].mediabox[2:]] == [595, 842]


@pytest.mark.browser
def test_every_printed_page_carries_number_and_mark(printed: dict[str, PdfReader]) -> None:
    for name, reader in printed.items():
        for number, page in enumerate(reader.pages, 1):
            text = re.sub(r"\s+", "", page.extract_text())
            assert f"—{number}—" in text, name
            assert "2026Q3" in text, name
    assert len(printed["wjj-一页纸"].pages) == 1
    assert len(printed["wjj-约谈通知"].pages) == 2


@pytest.mark.browser
def test_the_same_page_prints_to_the_same_bytes(papers: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(papers["yuetan/wjj-一页纸.html"])
    once, twice = (print_pdf([path], find_browser(), factory.AS_OF)[0] for _ in range(2))
    assert once == twice
