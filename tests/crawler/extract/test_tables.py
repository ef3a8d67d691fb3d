"""Tables of annual reports as Word leaves them."""

from __future__ import annotations

from datetime import date

from checks.facts import Page, PageKind
from checks.reports_found import applications
from crawler.extract.page import Context, extract
from crawler.extract.tables import read_tables

CONTEXT = Context(frozenset({"www.example.gov.cn"}), "http://www.example.gov.cn/", date(2026, 9, 30))
KINDS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]


def row(label: str, *figures: int | str, wide: int = 3) -> str:
    return f"<tr><td colspan={wide}><p class=MsoNormal>{label}<o:p></o:p></td>" + "".join(
        f"<td><span lang=EN-US>&nbsp;{n}</span></td>" for n in figures
    )


WORD = (
    "<table border=1><tbody><tr><td colspan=3 rowspan=2>（本列数据的勾稽关系）</td><td colspan=7>申请人情况</td>"
    + "<tr>"
    + "".join(f"<td>{k}</td>" for k in KINDS)
    + row("一、本年新收政府信息<br>公开申请数量", 3, 1, 0, 0, 0, 0, 4)
    + row("二、上年结转政府信息公开申请数量", 1, "", 0, 0, 0, 0, 1)
    + "</tbody><tbody>"
    + "<tr><td rowspan=2>三、本年度办理结果</td><td colspan=2>（一）予以公开</td>"
    + "".join(f"<td>{n}</td>" for n in (3, 1, 0, 0, 0, 0, 4))
    + "<tr><td colspan=2>（七）总计</td>"
    + "".join(f"<td>{n}</td>" for n in (3, 1, 0, 0, 0, 0, 4))
    + row("四、结转下年度继续办理", 1, 0, 0, 0, 0, 0, 1)
    + "</table>"
)
REPORT = (
    "<title>示例区财政局2025年政府信息公开工作年度报告</title><body><h1>示例区财政局2025年政府信息公开工作年度报告</h1>"
    "<p>发布时间：2026-01-20 来源：区财政局</p><div id=UCAP-CONTENT><p>"
    + "一、总体情况。" * 40
    + "</p>"
    + WORD
    + "</div>"
)


def test_merged_cells_repeat_their_text() -> None:
    (grid,) = read_tables("<table><tr><td rowspan=2>甲<td colspan=2>乙<tr><td>丙<td>丁</table>")
    assert grid == (("甲", "乙", "乙"), ("甲", "丙", "丁"))


def test_only_the_innermost_tables_count_and_spans_are_bounded() -> None:
    outer = "<table><tr><td><table><tr><td colspan=99999>1<tr><td rowspan=x>2</table></table>"
    (grid,) = read_tables(outer)
    assert [r[0] for r in grid] == ["1", "2"]
    assert len(grid[0]) <= 40


def test_figures_of_a_report_are_read_from_its_table() -> None:
    found = extract(
        REPORT.encode(),
        "http://www.example.gov.cn/nb/1.html",
        content_type="text/html; charset=utf-8",
        headers={},
        fetched_at="",
        sha256="",
        context=CONTEXT,
    )
    assert found.page.kind is PageKind.REPORT
    assert applications(found.page) == {
        "新收": (3, 1, 0, 0, 0, 0, 4),
        "结转": (1, 0, 0, 0, 0, 0, 1),
        "总计": (3, 1, 0, 0, 0, 0, 4),
        "下年": (1, 0, 0, 0, 0, 0, 1),
    }


def test_a_table_that_lacks_a_row_is_not_guessed() -> None:
    page = Page("http://x/", "", "", PageKind.REPORT, tables=read_tables(WORD.replace("（七）总计", "（七）合计")))
    assert applications(page) is None


def test_a_catalogue_of_decisions_is_read_cell_by_cell_and_other_pages_are_not() -> None:
    table = "<table><tr><th>事项名称<th>承办单位<tr><td>停车设施布局规划<td>区城管局</table>"
    body = "<p>发布时间：2026-04-20 来源：区政府办公室</p>" + table

    def tables(title: str) -> tuple:
        html = f"<title>{title}</title><h1>{title}</h1>{body}"
        address = "http://www.example.gov.cn/ml.html"
        return extract(
            html.encode(), address, content_type="text/html", headers={}, fetched_at="2026-09-30T00:00:00Z",
            sha256="0" * 64, context=CONTEXT,
        ).page.tables  # fmt: skip

    assert tables("2026年度重大行政决策事项目录") == ((("事项名称", "承办单位"), ("停车设施布局规划", "区城管局")),)
    assert tables("区城管局停车设施建设情况") == ()
