"""The HTML files: well-formed, self-contained, accessible, small, and deaf to what audited pages try."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
import report_factory as factory
from playwright.sync_api import Browser
from report_axe import WIDTHS, engine, faults
from selectolax.lexbor import LexborHTMLParser

from checks.outcomes import Outcome
from reports.build import build
from reports.card import card
from reports.issues import docket
from reports.overview import overview
from reports.page import NOTICE
from reports.view import PastRound, RoundView, Visibility

PAGES = (
    "index.html",
    "overview.html",
    "cards/sjj.html",
    "cards/xzz.html",
    "cards/zfb.html",
    "manual.html",
    "通报稿.html",
    "通报附件.html",
)


def pages(files: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    return ((name, data.decode()) for name, data in files.items() if name.endswith(".html"))


def plain(data: bytes) -> str:
    """The text of a file, of all parts for a workbook."""
    if not data.startswith(b"PK"):
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def text_of(html: str) -> str:
    root = LexborHTMLParser(html).css_first("main")
    assert root is not None
    return re.sub(r"\s+", "", root.text())


@pytest.mark.parametrize("fixture", ["files", "hostile_files"])
def test_every_page_parses_without_an_error(fixture: str, request: pytest.FixtureRequest) -> None:
    for name, html in pages(request.getfixturevalue(fixture)):
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(html)
        assert [(name, at, code, html.splitlines()[at[0] - 1][:160]) for at, code, _ in parser.errors] == []


def test_the_load_on_the_site_includes_the_browsers(files: dict[str, bytes]) -> None:
    assert "共发出2640次请求（其中浏览器310次），接收181.0MB" in text_of(files["overview.html"].decode())


@pytest.mark.parametrize("fixture", ["files", "hostile_files"])
def test_pages_ask_nobody_for_anything(fixture: str, request: pytest.FixtureRequest) -> None:
    known = request.getfixturevalue(fixture)
    for name, html in pages(known):
        tree = LexborHTMLParser(html)
        assert not tree.css("script, link, iframe, object, embed, form, base"), name
        assert all((i.attributes["src"] or "").startswith("data:image/jpeg;base64,") for i in tree.css("img"))
        assert not re.search(r"url\(|@import", html), name
        for node in tree.css("*"):
            assert not [a for a in node.attributes if a.startswith("on")], name
        for link in tree.css("a"):
            target = link.attributes["href"] or ""
            assert re.match(r"https?://|#", target) or target.partition("#")[0] in known, (name, target)


def test_ids_are_unique_and_every_inner_link_has_a_target(files: dict[str, bytes]) -> None:
    ids = {}
    for name, html in pages(files):
        own = [n.attributes["id"] for n in LexborHTMLParser(html).css("[id]")]
        assert len(own) == len(set(own)), name
        ids[name] = set(own)
    for name, html in pages(files):
        for link in LexborHTMLParser(html).css("a[href]"):
            target = link.attributes["href"] or ""
            if not target.startswith("http"):
                file, _, anchor = target.partition("#")
                assert not anchor or anchor in ids[file or name], (name, target)


def test_a_hostile_page_stays_text(hostile_files: dict[str, bytes]) -> None:
    html = hostile_files["cards/dzz.html"].decode()
    assert "<script>alert" not in html
    assert "onerror=alert(1)>" in LexborHTMLParser(html).css_first("main").text()
    assert "javascript:alert(3)" in html
    assert 'href="javascript' not in html
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", html)
    assert len(html) < 400_000, "a title of ten million characters is cut"


def test_cards_stay_below_five_megabytes() -> None:
    noise = factory.noisy_screenshot()
    view = replace(factory.view(), artifact=lambda sha: noise + sha.encode())
    items = docket(view)
    sizes = {u.unit_id: len(card(view, items, u)) for u in view.units}
    assert max(sizes.values()) < 5_000_000
    assert max(sizes.values()) > 200_000, "pictures are inside"


def test_a_broken_screenshot_costs_only_the_picture() -> None:
    view = replace(factory.view(), artifact=lambda sha: b"\x89PNG but not really")
    html = card(view, docket(view), view.units[0]).decode()
    assert "<img" not in html
    assert "栏目更新不及时" in html


def test_provisional_results_say_so_on_every_page(files: dict[str, bytes]) -> None:
    assert all(NOTICE in html for _, html in pages(files))
    confirmed = dict(build(replace(factory.view(), provisional=False)))
    assert all(NOTICE not in html for _, html in pages(confirmed))


def test_undecided_items_are_never_dressed_as_faults(files: dict[str, bytes]) -> None:
    tree = LexborHTMLParser(files["cards/sjj.html"].decode())
    waiting = tree.css("table.undecided tr[id]")
    assert len(waiting) == 2
    assert not [a for a in tree.css("article") if "-H0" in (a.attributes["id"] or "")]
    table = tree.css_first("table.undecided")
    assert table is not None
    assert "尚不能判定，不扣分" in table.css_first("caption").text()
    for item in waiting:
        assert not item.css(".tag.deduct, .tag.veto, .red")


def test_the_public_edition_has_no_ranking_phones_or_pictures() -> None:
    view = factory.view(
        tuple(factory.finding("reply-late", Outcome.FAILED, "zfb", "s", message="联系人电话13800001111未接。")),
        visibility=Visibility.PUBLIC,
    )
    edition = dict(build(view))
    assert all("13800001111" not in plain(data) for data in edition.values())
    assert json.loads(edition["scores.json"])["ranks"] == []
    assert not [name for name in edition if name.endswith(".xlsx") and name not in ("overview.xlsx", "findings.xlsx")]
    every = "".join(html for _, html in pages(edition))
    assert "<img" not in every
    assert "得分与排名" not in every
    assert "分组名次" not in every
    assert "联系人电话（电话已隐去）未接" in every


def test_the_first_round_has_no_past_and_the_second_compares(view: RoundView) -> None:
    assert "首轮检查，无上季度数据" in text_of(overview(view, docket(view)).decode())
    past = PastRound(
        "2026Q2", view.as_of, view.scores, view.ranks, frozenset({"gone", docket(view).open()[0].fingerprints[0]})
    )
    later = replace(view, history=(past,))
    text = text_of(overview(later, docket(later)).decode())
    assert "未再发现1处，仍存在1处" in text
    assert "持平" in text


def test_an_empty_round_renders(view: RoundView) -> None:
    bare = replace(view, findings=(), scores=(), ranks=(), columns=(), rule_errors=(), impact=None)
    text = text_of(overview(bare, docket(bare)).decode())
    assert "本轮未发现问题" in text


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with engine() as started:
        yield started


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_accessible_and_fit_the_screen(browser: Browser, folder: Path, name: str, width: int) -> None:
    assert faults(browser, folder / name, width) == []


@pytest.mark.browser
def test_what_a_phone_folds_is_shown_on_demand_and_always_on_paper(browser: Browser, folder: Path) -> None:
    hidden = "[...document.querySelectorAll('.folded')].filter(x => !x.getClientRects().length).length"
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto((folder / "overview.html").as_uri())
    folds = page.locator("input.fold").count()
    assert page.evaluate(hidden) == folds - 1 > 3, "the examples of the top problems fold inside their table"
    page.get_by_label("显示网站整体得分和各项指标").check()
    assert page.evaluate(hidden) == folds - 2
    page.emulate_media(media="print")
    assert page.evaluate(hidden) == 0
    assert not page.locator("input.fold").first.is_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1366, "height": 900})
    assert page.evaluate(hidden) == 0
    page.close()


@pytest.mark.browser
def test_paper_has_running_heads_and_page_numbers(browser: Browser, folder: Path) -> None:
    from pypdf import PdfReader

    page = browser.new_page()
    page.goto((folder / "overview.html").as_uri())
    paper = folder / "overview.pdf"
    page.pdf(path=str(paper), prefer_css_page_size=True)
    page.close()
    sheets = PdfReader(paper).pages
    for number, sheet in enumerate(sheets, 1):
        words = re.sub(r"\s+", "", sheet.extract_text())
        assert re.search(f"第{number}.共{len(sheets)}.", words), "extraction may give radicals for some characters"
        assert "内部·机器初判" in words
    assert json.dumps([round(float(x)) for x in sheets[0].mediabox[2:]]) == "[595, 842]"
