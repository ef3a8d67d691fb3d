"""Which interpretation belongs to which policy file, and on what grounds."""

from __future__ import annotations

import pytest

from checks.facts import Fact, Page, PageKind, PairBasis
from crawler.derive.pairs import core_title, find_pairs, fold_docno

BASE = "http://www.example.gov.cn/"


def page(name: str, title: str, kind: PageKind, docno: str = "", text: str = "") -> Page:
    number = Fact(docno, "header") if docno else None
    return Page(BASE + name, "", "", kind, title=Fact(title, "h1"), docno=number, text=text)


POLICY = page("p", "示例区人民政府关于印发《示例区养老服务扶持办法》的通知", PageKind.POLICY, "示政发〔2026〕3号")
OTHER = page("q", "示例区人民政府办公室关于做好春季防火工作的通知", PageKind.POLICY, "示政办发〔2026〕4号")


def reading(title: str, text: str = "") -> Page:
    return page("i", title, PageKind.INTERPRETATION, text=text)


def pairs(interpretation: Page, links=None):
    return [(p.policy, p.basis) for p in find_pairs([POLICY, OTHER], [interpretation], links or {})]


def test_by_labelled_link_whatever_the_title() -> None:
    links = {POLICY.url: {BASE + "i": "【政策解读】"}}
    (found,) = find_pairs([POLICY, OTHER], [reading("一图读懂")], links)
    assert (found.policy, found.basis, found.policy_links, found.interpretation_links) == (
        POLICY.url,
        PairBasis.LINK,
        True,
        False,
    )


def test_a_side_bar_links_to_everything_and_proves_nothing() -> None:
    links = {OTHER.url: {BASE + "i": "《示例区养老服务扶持办法》政策解读"}}
    assert pairs(reading("《示例区养老服务扶持办法》政策解读"), links) == [(POLICY.url, PairBasis.TITLE)]


@pytest.mark.parametrize(
    "written", ["示政发〔2026〕3号", "示政发[2026]3号", "示政发（2026）3 号", "示政发〔２０２６〕３号"]
)
def test_by_document_number_in_the_text(written: str) -> None:
    assert pairs(reading("热点问答", f"为贯彻落实《办法》（{written}），现解读如下。")) == [
        (POLICY.url, PairBasis.DOCNO)
    ]


@pytest.mark.parametrize(
    "title",
    ["《示例区养老服务扶持办法》政策解读", "图解：示例区养老服务扶持办法", "一图读懂《示例区养老服务扶持办法》"],
)
def test_by_equal_core_title(title: str) -> None:
    other = page("p", "关于印发《示例区养老服务扶持办法》的通知", PageKind.POLICY)
    assert [p.basis for p in find_pairs([other], [reading(title)], {})] == [PairBasis.TITLE]


def test_likeness_is_only_fuzzy() -> None:
    other = page("p", "关于印发示例区2026年养老服务扶持实施办法的通知", PageKind.POLICY)
    (found,) = find_pairs([other], [reading("《示例区2026年养老服务扶持办法》解读")], {})
    assert found.basis is PairBasis.FUZZY
    assert 0.75 <= found.similarity < 1


def test_unrelated_titles_do_not_pair() -> None:
    assert pairs(reading("示例区招商引资政策解读")) == []


def test_folding() -> None:
    assert fold_docno("根据示政办发［2026］第012号") == "示政办发〔2026〕12号"
    assert core_title(reading("《办法》政策解读")) == "办法"
