"""Jumps into other pages: a hint where the other page was seen whole and has no such place, else silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.facts import Fact, Page, PageKind
from checks.outcomes import FetchOutcome
from crawler.derive.columns import Answer
from crawler.derive.landings import settle
from crawler.derive.store import FactsStore

HOME = "http://www.example.gov.cn/"
SOURCE, OTHER = f"{HOME}a.html", f"{HOME}b.html"
JUMP = Fact(f"{OTHER}#part9", "fragment", "第九部分")


def page(url: str, **more: object) -> Page:
    return Page(url, "0" * 64, "2026-09-29T12:00:00Z", **{"kind": PageKind.ARTICLE, **more})  # type: ignore[arg-type]


def lost(
    folder: Path, other: Page | None, html: str = "<p>正文</p>", final: str = OTHER, **answer: object
) -> list[str]:
    with FactsStore(folder / "facts.sqlite") as facts:
        facts.put_page(page(SOURCE, marks=(JUMP,)), (), "1")
        if other is not None:
            facts.put_page(other, (), "1")
        given = Answer(answer.get("outcome", FetchOutcome.OK), final)  # type: ignore[arg-type]
        settle(facts, {OTHER: given}.get, lambda _: html)
        source = facts.page(SOURCE)
        assert source is not None
        assert source.marks_of("fragment") == (JUMP,)
        return [m.value for m in source.marks_of("lost-anchor")]


def test_a_place_that_is_not_on_the_other_page_is_told(tmp_path: Path) -> None:
    assert lost(tmp_path, page(OTHER)) == [f"{OTHER}#part9"]


def test_what_no_longer_holds_is_taken_back(tmp_path: Path) -> None:
    assert lost(tmp_path, page(OTHER)) == [f"{OTHER}#part9"]
    with FactsStore(tmp_path / "facts.sqlite") as facts:
        assert settle(facts, {OTHER: Answer(FetchOutcome.OK, OTHER)}.get, lambda _: "<i id='part9'></i>") == 0
        assert [m.origin for p in facts.pages() for m in p.marks] == ["fragment"]


@pytest.mark.parametrize(
    "other",
    [
        None,
        page(OTHER, needs_render=True),
        page(OTHER, rendered=True),
        page(OTHER, kind=PageKind.STUB),
        page(OTHER, kind=PageKind.CHALLENGE),
        page(OTHER, kind=PageKind.LIST, reader="jsonlist"),
    ],
    ids=["not seen", "by script", "rendered", "redirects", "challenge", "data"],
)
def test_a_page_that_was_not_seen_whole_lacks_nothing(tmp_path: Path, other: Page | None) -> None:
    assert lost(tmp_path, other) == []


def test_a_page_under_another_address_or_no_longer_there_lacks_nothing(tmp_path: Path) -> None:
    assert lost(tmp_path, page(OTHER), final=f"{HOME}moved.html") == []
    assert lost(tmp_path, page(OTHER), outcome=FetchOutcome.GONE) == []
    assert lost(tmp_path, page(OTHER), html="") == []
