"""Slips, re-check papers and replies as people open them: accessible, no wider than a phone, whole on paper."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import html5lib
import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader
from report_axe import WIDTHS, engine, faults

from audit.rounds.papers import paper

URL = "http://www.shiliqu.gov.cn/zwgk/zfxxgk/fdzdgknr/202609/t20260930_" + "1234567890" * 6 + ".html"
MATTER = "栏目更新不及时：“通知公告”最近一条2026-06-03，距检查时点47天，限期14天。"
DOT = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
OFFICE: dict[str, Any] = {"office": "示例区人民政府办公室", "day": "2026年10月22日", "unit": "示例镇"}


def row(number: int, day: str, pages: int = 0) -> SimpleNamespace:
    return SimpleNamespace(
        number=f"SL-2026Q3-slz-{number:04d}",
        matter=MATTER,
        url=URL,
        demand="补发信息。",
        state="逾期",
        deadline=day,
        pages=[(MATTER, URL)] * pages,
    )


def slip(rows: list[SimpleNamespace], reminder: bool) -> bytes:
    title = "示例区2026年第三季度政务公开问题交办单"
    return paper(
        "slip.html.j2",
        title=title,
        number="2026Q3-1",
        opening="请整改。",
        closing="逾期催办。",
        rows=rows,
        places=len(rows) + 1,
        reminder=reminder,
        **OFFICE,
    )


def picture(uri: str = "", why: str = "") -> SimpleNamespace:
    return SimpleNamespace(
        uri=uri,
        why=why,
        same=False,
        name="图1",
        cut=True,
        url=URL,
        width=1,
        height=1,
        sha256="ab" * 32 if uri else "",
        taken="2026-10-30 09:00",
    )


def recheck() -> bytes:
    one = {
        "number": "SL-2026Q3-slz-0001",
        "matter": MATTER,
        "rule": "column-stale（第1版）",
        "deadline": "2026-10-29",
        "report": f"2026-10-28 {URL}",
        "after": "（与检出时相同）",
        "new": MATTER,
        "verdict": "未通过",
        "action": "退回，重新整改，新期限 2026-11-11",
        "before_evidence": URL,
        "after_evidence": URL,
    }
    rows = [
        one | {"pictures": (picture(DOT), picture(why="没有截图"))},
        one | {"pictures": (picture(why="没有截图"),) * 2},
    ]
    return paper(
        "recheck.html.j2",
        title="示例镇问题整改复查",
        at="2026年10月30日 09:00",
        passed=0,
        judged=2,
        unseen=1,
        early=1,
        moment="2026年10月30日 23:59",
        effort="共请求3次",
        rows=rows,
        **OFFICE,
    )


def appeal() -> bytes:
    filed = SimpleNamespace(id="SL-001", text="页面已存在。", urls=[URL])
    return paper(
        "appeal.html.j2",
        title="关于示例镇申诉事项的答复",
        appeal=filed,
        filed="2026年10月13日",
        number="SL-1",
        matter=MATTER,
        address=URL,
        ground="页面已存在",
        result="成立",
        reason="核对原文。",
        effect="撤销。",
        suspended=True,
        **OFFICE,
    )


def interview() -> bytes:
    problem = {
        "number": "SL-1",
        "message": MATTER,
        "url": URL,
        "deadline": "—",
        "state": "逾期",
        "seen": "未通过",
        "first": "甲",
        "second": "",
    }
    ground = SimpleNamespace(trigger="一", name="问题反弹", text=MATTER)
    past = {"round": "2026Q3", "score": "59", "grade": "不合格", "place": "3/5"}
    return paper(
        "interview.html.j2",
        title="关于约谈示例镇的建议",
        grounds=[ground],
        history=[past],
        problems=[problem],
        unchecked=1,
        closed=1,
        further=1,
        signing=("提出", "审核", "批准"),
        who="甲",
        **OFFICE,
    )


def changes() -> bytes:
    score = {"unit": "slz", "standard": "s", "old": "59", "new": "81", "old_grade": "不合格", "new_grade": "良好"}
    fact = {
        "unit": "slz",
        "identity": "i",
        "rule": "column-stale",
        "indicator": "s/1",
        "old": "不合格",
        "new": "通过",
        "message": MATTER + URL,
    }
    return paper(
        "changes.html.j2",
        title="示例区评分更正表（第2版）",
        at="2026-10-20 09:00",
        who="丁",
        why="申诉成立",
        scores=[score],
        findings=[fact],
        places=1,
        names={"slz": "示例镇"},
        numbers={"i": "SL-1"},
        standards={"s": "季度评估"},
        rules={"column-stale": "栏目更新不及时"},
    )


PAPERS = {
    "交办单": slip([row(1, "2026-10-29"), row(2, "2026-11-11", 2)], False),
    "催办单": slip([row(1, "2026-10-29")], True),
    "复查": recheck(),
    "答复": appeal(),
    "约谈建议": interview(),
    "更正表": changes(),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with engine() as started:
        yield started


@pytest.mark.browser
@pytest.mark.parametrize("name", PAPERS)
def test_papers_are_accessible_and_fit_the_screen(browser: Browser, name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.html"
    path.write_bytes(PAPERS[name])
    for width in WIDTHS:
        assert faults(browser, path, width) == [], width


@pytest.mark.parametrize("name", PAPERS)
def test_papers_parse_without_an_error(name: str) -> None:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(PAPERS[name].decode())
    assert parser.errors == []


def test_a_slip_says_until_when_before_anything_else() -> None:
    assert "共2项，时限最近的为2026-10-29，最迟的为2026-11-11" in PAPERS["交办单"].decode()
    assert "共1项，时限最早的为2026-10-29，均已到期" in PAPERS["催办单"].decode()
    again = slip([row(1, "2026-10-29"), row(2, "2026-10-29"), row(3, "2026-10-29")], False).decode()
    assert "时限均为2026-10-29" in again
    assert again.count("补发信息。") == 1
    assert again.count("要求同 SL-2026Q3-slz-0001") == 2


@pytest.mark.browser
def test_the_signature_never_stands_alone_on_a_page(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "slip.html"
    for count in range(9, 16):
        path.write_bytes(slip([row(n, "2026-10-29") for n in range(count)], False))
        page = browser.new_page()
        page.goto(path.as_uri())
        sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        page.close()
        assert "逾期催办" in sheets[-1].extract_text().replace("\n", ""), "the closing sentence goes with it"
