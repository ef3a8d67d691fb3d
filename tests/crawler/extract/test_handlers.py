"""Where inline scripts send a reader, by reading them."""

from __future__ import annotations

import pytest
from extract_pages import extracted

from crawler.extract.discover import discover

HERE = "http://www.example.gov.cn/hd/list.jsp?classid=4"
FUNCTIONS = """<script>
function openView(id){ if(!id){return;} window.open('view.jsp?id='+id,'','width=600,height=500'); }
function two(kind, id){ location.href = "/" + kind + "/show.jsp?id=" + id; }
var turn = function(n){ document.pages.page.value = n; document.pages.submit(); }
function ask(n){ document.asked.word.value = n; document.asked.submit(); }
function remove(id){ location.href = 'remove.jsp?id=' + id; }
function away(u){ window.open('http://www.elsewhere.cn/?u=' + u); }
function worked(id){ location.href = base + id; }
</script>
<form name=pages action="list.jsp" method=get>
<input type=hidden name=classid value="4"><input type=hidden name=page></form>
<form name=asked action="list.jsp"><input name=word></form>"""


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ("<a href=\"javascript:openView('12')\">信件</a>", "http://www.example.gov.cn/hd/view.jsp?id=12"),
        (
            "<a href='#' onclick=\"openView(12);return false;\">信件</a>",
            "http://www.example.gov.cn/hd/view.jsp?id=12",
        ),
        ("<a onclick=\"two('zwgk', 7)\">文件</a>", "http://www.example.gov.cn/zwgk/show.jsp?id=7"),
        ("<a href=\"javascript:window.open('/a/1.htm')\">文件</a>", "http://www.example.gov.cn/a/1.htm"),
        ("<a href='javascript:;' onclick=\"location='b.htm'\">文件</a>", "http://www.example.gov.cn/hd/b.htm"),
        ("<div onclick=\"location.href='/c/2.htm'\">文件</div>", "http://www.example.gov.cn/c/2.htm"),
        ("<tr onclick='openView(3)'><td>信件", ""),  # a row without its table is no row
        ("<table><tr onclick='openView(3)'><td>信件</table>", "http://www.example.gov.cn/hd/view.jsp?id=3"),
        ("<a href='javascript:turn(2)'>下一页</a>", ""),  # it sends a form
        ("<a href='javascript:ask(2)'>搜索</a>", ""),
        ("<a href='javascript:remove(2)'>删除</a>", ""),
        ("<a href=\"javascript:away('x')\">分享</a>", ""),
        ("<a href='javascript:worked(2)'>文件</a>", ""),
        ("<a href='javascript:unknown(2)'>文件</a>", ""),
        ("<a href='javascript:openView(this)'>文件</a>", ""),
        ("<a href='javascript:void(0)'>文件</a>", ""),
    ],
)
def test_an_address_is_read_where_the_script_spells_it_out(element: str, expected: str) -> None:
    found = discover(f"<body>{FUNCTIONS}{element}</body>".encode(), HERE, "text/html; charset=utf-8")
    assert [link.url for link in found.links] == ([expected] if expected else [])


@pytest.mark.parametrize(
    "menu",
    [
        '<select onchange="location.href=this.options[this.selectedIndex].value">'
        '<option value="list.jsp?classid=4&page=1">1<option value="list.jsp?classid=4&page=2">2</select>',
        "<select onchange=\"window.location='list.jsp?classid=4&page='+this.value\">"
        "<option value=1>第1页</option><option value=2>第2页</option></select>",
    ],
)
def test_menus_of_page_numbers_are_further_pages(menu: str) -> None:
    found = discover(f"<body>{FUNCTIONS}{menu}</body>".encode(), HERE, "text/html; charset=utf-8")
    assert "http://www.example.gov.cn/hd/list.jsp?classid=4&page=2" in found.list_pages


def test_entries_that_a_function_opens_have_their_address() -> None:
    rows = "".join(
        f"<tr><td><a href=\"javascript:openView('{n}')\">关于第{n}处路灯的咨询</a></td><td>2026-03-0{n}</td></tr>"
        for n in (1, 2, 3)
    )
    page = extracted(f"<body>{FUNCTIONS}<table>{rows}</table></body>", HERE).page
    assert [row.url for row in page.rows] == [f"http://www.example.gov.cn/hd/view.jsp?id={n}" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("pager", "expected"),
    [
        ("<a href=\"javascript:__doPostBack('pager','2')\">2</a>", True),
        ("<a href='javascript:zoom(14)'>中</a>", False),
        (FUNCTIONS + "<a href='javascript:turn(2)'>下一页</a>", True),
        (FUNCTIONS + "<select onchange='turn(this.value)'><option value=1>1<option value=2>2</select>", True),
        ("<select onchange='jump(this)'><option>1</option><option>2</option></select>", True),
        ("<select onchange='jump(this)'><option>2026</option><option>2025</option></select>", False),
    ],
)
def test_pagers_that_cannot_be_read_are_marked(pager: str, expected: bool) -> None:
    page = extracted(f"<body><p>列表</p>{pager}</body>", HERE).page
    assert bool(page.marks_of("script-pager")) is expected
