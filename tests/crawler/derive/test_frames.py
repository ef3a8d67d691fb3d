"""A home page that is a set of frames shows what its frames show."""

from __future__ import annotations

from pathlib import Path

from checks.facts import Fact, Identity, Link, Page, PageKind, Row
from crawler.derive.frames import settle
from crawler.derive.store import FactsStore

HOME = "http://www.example.gov.cn/"
TOP, MAIN = f"{HOME}top.html", f"{HOME}main.html"
NEWS = Link(f"{HOME}xw/", "要闻")


def page(url: str, **more: object) -> Page:
    return Page(url, "0" * 64, "2026-09-29T12:00:00Z", **{"kind": PageKind.OTHER, **more})  # type: ignore[arg-type]


def front(**more: object) -> Page:
    return page(HOME, kind=PageKind.HOME, **more)


def test_links_entries_and_marks_of_the_frames_are_the_homes(tmp_path: Path) -> None:
    main = page(
        MAIN,
        rows=(Row("要闻一", f"{HOME}xw/1.html"),),
        marks=(Fact("q", "search-box"),),
        identity=Identity(icp=Fact("鲁ICP备00000000号", "footer")),
    )
    with FactsStore(tmp_path / "facts.sqlite") as facts:
        facts.put_page(front(), (Link(TOP, "", kind="frame"), Link(MAIN, "", kind="frame")), "1")
        facts.put_page(page(TOP), (NEWS,), "1")
        facts.put_page(main, (Link(f"{HOME}xw/1.html", "要闻一"),), "1")
        for _ in range(2):  # a second derivation finds the same
            whole = settle(facts, facts.page(HOME))
            assert whole is not None and whole == facts.page(HOME)
            assert [r.title for r in whole.rows] == ["要闻一"]
            assert whole.identity.icp is not None and len(whole.marks) == 1
            assert NEWS.url in {k.url for k in facts.links(HOME)}
            facts.put_page(front(), (Link(TOP, "", kind="frame"), Link(MAIN, "", kind="frame")), "1")


def test_a_page_with_content_of_its_own_is_left_alone(tmp_path: Path) -> None:
    with FactsStore(tmp_path / "facts.sqlite") as facts:
        facts.put_page(page(TOP), (NEWS,), "1")
        facts.put_page(front(text="字" * 80, text_length=80), (Link(TOP, "", kind="frame"),), "1")
        assert settle(facts, facts.page(HOME)) == facts.page(HOME)
        assert settle(facts, None) is None
        facts.put_page(front(), (Link(f"{HOME}unseen.html", "", kind="frame"),), "1")
        assert settle(facts, facts.page(HOME)) == front()
