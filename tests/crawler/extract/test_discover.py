"""The crawler's fast path: links with their region, stubs, pagers that scripts write, data services."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from extract_pages import extracted

from checks.facts import Region
from crawler.extract import paging
from crawler.extract.discover import Discovery, discover
from crawler.extract.weblinks import absolute

URL = "http://www.example.gov.cn/zwgk/tzgg/"


def found(html: str, url: str = URL) -> Discovery:
    return discover(html.encode(), url, "text/html")


def test_every_way_to_link() -> None:
    html = (
        "<base href='/b/'><link rel='next' href='p2.html'><a href='a.html#x'>甲</a>"
        "<map><area href='m.html' alt='图'></map>"
        "<iframe src='f.html'></iframe><a href='d.docx'><img src=i.png alt='附件'></a>"
        "<a href='javascript:void(0)'>无</a>"
        "<a href='mailto:x@example.gov.cn'>信</a><a href='tel:12345'>话</a><a href='//other.example.com/y'>外</a>"
    )
    assert [(x.url.removeprefix("http://"), x.text, x.kind) for x in found(html).links] == [
        ("www.example.gov.cn/b/p2.html", "", "page"),
        ("www.example.gov.cn/b/a.html", "甲", "page"),
        ("www.example.gov.cn/b/m.html", "图", "page"),
        ("www.example.gov.cn/b/f.html", "", "frame"),
        ("www.example.gov.cn/b/d.docx", "附件", "attachment"),
        ("www.example.gov.cn/b/i.png", "", "image"),
        ("other.example.com/y", "外", "page"),
    ]


STUBS = {
    "refresh": "<meta http-equiv=Refresh content=\"0; URL='./jbzs/'\">",
    "location": "<script>window.location.href = './jbzs/';</script>",
    "replace": '<script>location.replace("./jbzs/")</script>',
    "window": "<script>window.open('./jbzs/', '_self');</script>",
    "written": "<script>if (1) document.write('<meta http-equiv=Refresh content=\"0;URL=./jbzs/\" />');</script>",
    "hidden": "<div style='display:none'><p id='url'>./jbzs/</p></div>"
    "<script>(function(){var u=document.getElementById('url')"
    ".innerText;if(u){window.open(u,'_self')}})()</script>",
}


@pytest.mark.parametrize("name", STUBS)
def test_stubs_lead_on(name: str) -> None:
    discovery = found(STUBS[name])
    assert discovery.redirect == URL + "jbzs/"
    assert discovery.links[0].url == URL + "jbzs/"


NOT_STUBS = [
    "<input id='q' value='请输入关键字'><script>function go(){location.href=$('#q').val()}</script>",
    "<script>location.href='./x/'+id</script>",
    "<script>var u=location.href; if (location.href == 'http://www.example.gov.cn/') alert(1)</script>",
    "<p>" + "云岭县人民政府公告。" * 40 + "</p><script>location.href='./x/'</script>",
    "".join(f"<a href='{n}.html'>栏目{n}</a>" for n in range(9))
    + "<script>function s(){location.href='/search/'}</script>",
]


@pytest.mark.parametrize("html", NOT_STUBS, ids=range(len(NOT_STUBS)))
def test_scripts_that_jump_on_demand_are_no_stubs(html: str) -> None:
    assert found(html).redirect == ""


PAGERS = [
    ("<script>createPageHTML(3, 0, 'index', 'html')</script>", URL, ["index_1.html", "index_2.html"]),
    ("<script>createPageHTML('page_div',3, 1,'list','shtml',50)</script>", URL + "list.shtml",
     ["list_2.shtml", "list_3.shtml"]),
    ("<script>createPageHTML(1, 0, 'index', 'html')</script>", URL, []),
    ("<a href='index_2.html'>2</a><a href='index_3.html'>下一页</a><a href='/x/9.html'>9</a>", URL,
     ["index_3.html", "index_2.html"]),
    ("<a href='./t20240119_5.html'>下一页</a>", URL + "t20240118_4.html", []),
    ("<script>$.ajax({url:'/api/list?page=1&size=20',type:'get'})</script>", URL, ["/api/list?page=1&size=20"]),
    ("<script>$.post('/api/login?page=1'); fetch('/api/click?p=1'); $.get('/api/x?page='+n)</script>", URL, []),
]  # fmt: skip


@pytest.mark.parametrize(("html", "url", "pages"), PAGERS, ids=range(len(PAGERS)))
def test_pagers(html: str, url: str, pages: list[str]) -> None:
    root = "http://www.example.gov.cn"
    assert found(html, url).list_pages == [root + p if p.startswith("/") else URL + p for p in pages]


FILES = [
    ("index_0.json", '{"PAGE_COUNT":"3","list":[%s]}', ["index_1.json", "index_2.json"]),
    ("index.json", '{"data":{"pages":3,"rows":[%s]}}', ["index_1.json", "index_2.json"]),
    ("1.json", '{"pageCount":3,"rows":[%s]}', ["2.json", "3.json"]),
    ("list1.json?v=8", '{"totalPages":2,"rows":[%s]}', ["list2.json?v=8"]),
    ("index_2.json", '{"PAGE_COUNT":"3","list":[%s]}', []),  # its first file has named the rest
    ("index_0.json", '{"list":[%s]}', []),  # no number is announced: none is guessed
    ("index_0.json", '{"PAGE_COUNT":"many","list":[%s]}', []),
    (".json", '{"pages":3,"rows":[%s]}', []),
    ("data.php", '{"pages":3,"rows":[%s]}', []),
]


@pytest.mark.parametrize(("name", "body", "pages"), FILES, ids=range(len(FILES)))
def test_lists_kept_as_data_files(name: str, body: str, pages: list[str]) -> None:
    row = '{"title":"云岭县防汛值班安排","url":"./202603/a.html","date":"2026-03-02"}'
    assert paging.further_data_pages(body % row, URL + name, 1) == [URL + p for p in pages]


def test_pager_kept_in_base64() -> None:
    pager = quote('<b>1</b><a href="index_2.html">2</a><a href="index_2.html">下一页</a><a href="/x/">更多栏目</a>')
    kept = base64.b64encode(pager.encode()).decode()
    html = f"<div id=p>{kept}</div><script>p.innerHTML=decodeURIComponent(atob(p.innerText))</script>"
    assert found(html).list_pages == [URL + "index_2.html"]
    assert found(html.replace("atob(", "btoa(")).list_pages == []
    assert found(f"<i>{'A' * 44}</i><i>{'x' * 50}</i><script>atob('')</script>").list_pages == []


def test_vsb_pages_run_downwards_from_any_page() -> None:
    html = "<script>function f(){_simple_list_gotopage_fun(4,'u5_goto',2)}</script>"
    root = "http://www.example.gov.cn/xw/tzgg"
    assert found(html, f"{root}.htm").list_pages == [f"{root}/3.htm", f"{root}/2.htm", f"{root}/1.htm"]
    assert found(html, f"{root}/2.htm").list_pages == [f"{root}.htm", f"{root}/3.htm", f"{root}/1.htm"]


def test_a_huge_announced_total_is_bounded() -> None:
    assert len(found("<script>createPageHTML(999999, 0, 'index', 'html')</script>").list_pages) < 1000


def test_regions() -> None:
    html = "<div class='foot'><a href='/a'>甲</a></div><div class='list'><a href='/b'>乙</a></div>"
    html += "<ul id='nav'><li><a href='/c'>丙</a></ul>"
    assert [x.region for x in found(html).links] == [Region.FOOTER, Region.CONTENT, Region.NAVIGATION]


def test_known_links_are_left_out_and_the_rest_is_as_before() -> None:
    html = (
        "<ul class='nav'><li><a href='/a/'>甲</a></li></ul><a href='b.html'>乙</a><a href='index_2.html'>下一页</a>"
    )
    base = "http://www.example.gov.cn/zwgk/index_1.html"
    everything = discover(html.encode(), base, "text/html")
    known = {"http://www.example.gov.cn/a/"}
    fresh = discover(html.encode(), base, "text/html", known)
    assert fresh.links == [link for link in everything.links if link.url not in known]
    assert fresh.list_pages == everything.list_pages == ["http://www.example.gov.cn/zwgk/index_2.html"]


@pytest.mark.parametrize(
    ("base", "reference", "expected"),
    [
        ("http://www.example.gov.cn/a/b.html", "c.html", "http://www.example.gov.cn/a/c.html"),
        ("http://www.example.gov.cn/a/b.html?p=1", "?p=2", "http://www.example.gov.cn/a/b.html?p=2"),
        ("http://www.example.gov.cn/a/b.html?next=/x/y", "c.html", "http://www.example.gov.cn/a/c.html"),
        ("http://www.example.gov.cn/a/b.html", "/c?u=http://x/", "http://www.example.gov.cn/c?u=http://x/"),
        ("http://www.example.gov.cn/a/b.html", "//h.example.gov.cn/c", "http://h.example.gov.cn/c"),
        ("https://www.example.gov.cn/a/", "//h.example.gov.cn/c", "https://h.example.gov.cn/c"),
        ("http://www.example.gov.cn:8080/a/", "\\c", "http://www.example.gov.cn:8080/c"),
        ("http://www.example.gov.cn/a/b/", "../../../c", "http://www.example.gov.cn/c"),
        ("http://www.example.gov.cn", "c", "http://www.example.gov.cn/c"),
        ("http://www.example.gov.cn/a/", "http:c", "http://www.example.gov.cn/a/c"),
        ("http://www.example.gov.cn/a/", "x:y", ""),
        ("http://www.example.gov.cn/a/", "HTTP://H.example.gov.cn", "http://h.example.gov.cn/"),
    ],
)
def test_shared_joins_equal_the_standard(base: str, reference: str, expected: str) -> None:
    assert absolute(base, reference) == expected


@pytest.mark.parametrize(
    "text",
    [
        "$.getJSON('/api/list?page=1') fetch(\"a.json\") URL : 'x/y?page=2' axios.get('/q?p=1')",
        "x.open('GET', '/d.json'); x.open( \"get\" ,\"/e.json\") url:'one' url:'two'+x curl:'no' $.ajax('/z')",
        "url: url: 'nested.json' fetchurl:'g.json' İ url:'after-a-letter-that-grows.json'",
        "url:'url:\"inner.json\"' $.get($.get('/b?page=1'))",
    ],
)
def test_references_are_those_of_the_whole_pattern(text: str) -> None:
    assert list(paging._references(text)) == [m.group(1) for m in paging._ENDPOINT.finditer(text)]


def test_sites_in_a_menu_are_links_and_no_rows() -> None:
    """Friend links are often the options of a select that a script opens; values that are no address are none."""
    names = (
        "某某市教育局网站",
        "某某市卫生健康委网站",
        "某某市民政局网站",
        "某某市财政局网站",
        "某某市水利局网站",
        "某某市统计局网站",
    )
    options = "".join(f"<option value='http://b{n}.example.gov.cn/'>{name}</option>" for n, name in enumerate(names))
    menu = f"<select onchange='window.open(this.value)'><option value='0'>--友情链接--</option>{options}</select>"
    html = f"<html><title>首页</title><body><div class='main'><p>正文</p>{menu}</div></body></html>"
    found = discover(html.encode(), "http://www.example.gov.cn/", "text/html").links
    assert [(k.url, k.text) for k in found] == [
        (f"http://b{n}.example.gov.cn/", name) for n, name in enumerate(names)
    ]
    page = extracted(html, "http://www.example.gov.cn/")
    assert {k.kind for k in page.links} == {"choice"}
    assert page.page.rows == ()
