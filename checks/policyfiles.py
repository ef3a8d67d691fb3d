"""Policy files and their interpretations, as several topics look at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from checks.facts import DateOrigin, Fact, Page, PageKind, Pair, PairBasis
from checks.items import title_of
from checks.signature import signature_of
from checks.snapshot import Snapshot
from checks.texts import docno
from config.district import ColumnClass

LIBRARY_ROLES = frozenset({"policy-library", "policy-office", "policy"})

_SPELLINGS = {
    "发文字号": ("发文字号", "文号", "发文文号", "文件编号"),
    "发文机关": ("发文机关", "发布机构", "发文单位", "制发机关", "公开主体", "信息来源"),
    "成文日期": ("成文日期", "成文时间", "生成日期"),
    "发布日期": ("发布日期", "公开日期", "发布时间", "公布日期"),
    "主题分类": ("主题分类", "主题", "信息分类", "分类"),
    "有效性": ("有效性", "效力状态", "时效性", "文件状态", "效力"),
    "关键词": ("关键词", "主题词", "关键字"),
}


def by_policy(snapshot: Snapshot) -> dict[str, list[Pair]]:
    found: dict[str, list[Pair]] = defaultdict(list)
    for pair in snapshot.pairs():
        found[pair.policy].append(pair)
    return dict(sorted(found.items()))


def sure(pairs: list[Pair]) -> list[Pair]:
    return [p for p in pairs if p.basis is not PairBasis.FUZZY]


def policy_pages(snapshot: Snapshot) -> Iterator[Page]:
    """Policy files, in order of URL. An interpretation that carries a document number is no file."""
    return (p for p in snapshot.pages(PageKind.POLICY) if "解读" not in title_of(p))


def field_of(page: Page, name: str) -> Fact | None:
    """The value of a field: from the header table under any of its spellings, else from the page itself.

    A file that has no such row in a header says who issued it, and when, with its signature.
    """
    left_blank = False
    for spelling in _SPELLINGS.get(name, (name,)):
        fact = page.header_field(spelling)
        if fact is not None and fact.value.strip() not in ("", "-", "--", "无"):
            return fact
        left_blank |= fact is not None
    return _on_the_page(page, name) or (None if left_blank else _signed(page, name))


def _on_the_page(page: Page, name: str) -> Fact | None:
    own = {"标题": page.title, "发文字号": page.docno, "发文机关": page.publisher}
    if name == "成文日期":
        day = page.date_of(DateOrigin.SIGNED)
    elif name == "发布日期":
        day = page.date_of(DateOrigin.ISSUED) or page.published
    else:
        return own.get(name)
    return Fact(str(day.value), str(day.origin), day.quote, day.locator) if day else None


def _signed(page: Page, name: str) -> Fact | None:
    found = signature_of(page) if name in ("发文机关", "成文日期") else None
    return Fact(found.day if name == "成文日期" else found.name, "signature", found.quote) if found else None


def library_pages(snapshot: Snapshot) -> Iterator[Page]:
    """Files of this district: in a library column, or under one of its own series of numbers."""
    columns = {
        c.column_id
        for c in snapshot.district.columns
        if c.role in LIBRARY_ROLES or c.column_class is ColumnClass.POLICY
    }
    series = snapshot.district.public_document_series
    for page in policy_pages(snapshot):
        read = docno(page.docno.value) if page.docno else None
        if page.column in columns or (read is not None and read[0] in series):
            yield page
