"""The result of `govaudit check` as one HTML file: the page as it was read, and the problems found on it."""

from __future__ import annotations

from collections.abc import Iterable

from checks.facts import Page, PageKind
from reports.card import Card
from reports.issues import docket
from reports.page import render
from reports.pictures import Album
from reports.view import RoundView

KINDS = {
    PageKind.HOME: "首页",
    PageKind.LIST: "列表",
    PageKind.ARTICLE: "文章",
    PageKind.POLICY: "政策文件",
    PageKind.INTERPRETATION: "政策解读",
    PageKind.PLATFORM: "信息公开",
    PageKind.REPORT: "年度报告",
    PageKind.STUB: "跳转页",
    PageKind.CHALLENGE: "防护系统拦截页",
    PageKind.OTHER: "其他页面",
}


def check_html(view: RoundView, page: Page, passed: int, steps: Iterable[str] = ()) -> bytes:
    """`view` holds only the findings about this page, all of one unit; `passed` counts what was in order.

    `steps` tell how the page was reached from the address asked for, and what was looked at inside it.
    """
    items = docket(view)
    card = Card(view, view.district.units[0], items, Album(view))
    told = {"page": page, "kind": KINDS[page.kind], "passed": passed, "steps": tuple(steps)}
    return render("check.html.j2", view, "单页检查", c=card, **told)
