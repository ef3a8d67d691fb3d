"""Entries that could not be read: candidates for a person, unless they clearly speak of something else."""

from dataclasses import replace
from datetime import date

from checks.facts import PageKind
from checks.handled import handled
from checks.tiny import HOME, tiny
from checks.tiny_parts import article, column, row, unit
from checks.unread import Candidates, unread_entries

TITLE = "示例区人民政府关于印发科技创新券管理办法的通知"
OTHER = "示例区人民政府关于印发人才补贴办法的通知"


def test_pictures_and_outside_pages_are_unread_and_texts_are_not() -> None:
    rows = (
        row("一图读懂", "2026-09-02", "zcjd/1.html"),
        replace(row("微信解读", "2026-09-02"), url="https://mp.weixin.qq.com/s/abc"),
        row("文字解读", "2026-09-02", "zcjd/2.html"),
    )
    pages = (
        article("zcjd/1.html", "一图读懂", "2026-09-02", kind=PageKind.INTERPRETATION),
        article("zcjd/2.html", "文字解读", "2026-09-02", "为什么要出台这个办法。" * 20, kind=PageKind.INTERPRETATION),
    )
    found = unread_entries(tiny(pages=pages, columns=(column("zcjd", "政策解读", "interpretation", *rows),)))
    assert [e.url for e in found] == [HOME + "zcjd/1.html", "https://mp.weixin.qq.com/s/abc"]
    assert all(e.evidence.sha256 for e in found)


def test_older_entries_and_those_of_other_files_are_no_candidates() -> None:
    rows = (
        row("图解", "2026-09-05", "a"), row("图解", "2026-08-01", "b"), row("图解", "", "c"),
        row("《示例区人才补贴办法》图解", "2026-09-05", "d"), row("人才补贴来了", "2026-09-05", "e"),
        row("《科技创新券管理办法》视频解读", "2026-09-05", "f"),
    )  # fmt: skip
    entries = unread_entries(tiny(columns=(column("zcjd", "政策解读", "interpretation", *rows),)))
    found = Candidates(entries, (TITLE, OTHER), "示例区").of(TITLE, date(2026, 9, 4))
    assert [e.url.removeprefix(HOME) for e in found] == ["a", "c", "f"]


def test_a_message_names_who_handles_it() -> None:
    bureau = unit("nyj", "示例区农业农村局")
    page = article("ly/1.html", "村道", text="村道破损。办理单位：示例区农业农村局 办理状态：办理中")
    said = handled(page, row("村道", "2026-05-25", "ly/1.html"), tiny(units=(bureau,)))
    assert said["handler"] == "nyj"
    assert said["shown"] == "（页面显示办理单位：示例区农业农村局；办理状态：办理中）"
    assert handled(None, row("村道", "2026-05-25"), tiny())["shown"] == ""
