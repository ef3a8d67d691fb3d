"""Jumps to a named place: lost on this page, to be looked up on another, and never where a script may handle them."""

from __future__ import annotations

import pytest
from extract_pages import article, extracted

from crawler.extract.landings import lacks


@pytest.mark.parametrize(
    ("link", "lost"),
    [
        ("<a href='#part9'>第九部分</a>", ["#part9"]),
        ("<a href='#%E9%99%84%E4%BB%B6'>附件</a>", ["#附件"]),
        ("<a href='#part1'>第一部分</a><h2 id='part1'>一</h2>", []),
        ("<a href='#附件'>附件</a><a name='附件'></a>", []),
        ("<a href='#'>返回</a><a href='#top'>返回顶部</a>", []),
        ("<a href='#/list'>列表</a><a href='#!news'>新闻</a>", []),
        ("<a href='#t2' onclick='show(2)'>标签二</a><a href='#t3' data-toggle='tab'>标签三</a>", []),
        ("<ul class='tab-nav'><li><a href='#t4' class='tab'>标签四</a></li></ul>", []),
        ("<a href='#later'>后文</a><script>box.innerHTML='<h2 id=later>后文</h2>'</script>", []),
        ("<a href='mailto:a@example.gov.cn'>来信</a><a href='javascript:void(0)'>展开</a>", []),
        ("<a href='/other.html#part9'>另一页</a>", []),
        ("<a href='#part9'>第九部分</a><script src='/js/page.js'></script>", []),
        ("<a href='#part9'>第九部分</a><script src='/js/jquery.min.js'></script>", ["#part9"]),
    ],
)
def test_jumps_that_land_nowhere(link: str, lost: list[str]) -> None:
    """Never where a script may make or handle the place; another page's places are not looked up here."""
    assert [m.value for m in extracted(article(after=link)).page.marks_of("lost-anchor")] == lost


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("<a href='/other.html#part9' target='_blank'>另一页</a>", ["http://www.example.gov.cn/other.html#part9"]),
        ("<a href='other.html#%E9%99%84'>附件</a>", ["http://www.example.gov.cn/zwgk/202401/other.html#附"]),
        ("<a href='/other.html#/route'>路由</a><a href='/other.html#!a'>路由</a><a href='/o.html#id=3'>状态</a>", []),
        ("<a href='/other.html#'>另一页</a><a href='/file.pdf#page'>文件</a>", []),
        ("<a href='javascript:go(\"#a\")'>脚本</a><a href='/other.html#x' onclick='go()'>脚本</a>", []),
    ],
)
def test_jumps_into_other_pages_are_kept_to_be_looked_up(link: str, wanted: list[str]) -> None:
    assert [m.value for m in extracted(article(after=link)).page.marks_of("fragment")] == wanted


def test_under_another_base_a_jump_leaves_the_page() -> None:
    page = extracted(article(head="<base href='/zwgk/'>", after="<a href='#part9'>第九部分</a>")).page
    assert page.marks_of("lost-anchor") == ()
    assert [m.value for m in page.marks_of("fragment")] == ["http://www.example.gov.cn/zwgk/#part9"]


@pytest.mark.parametrize(
    ("html", "missing"),
    [
        ("<p>正文</p>", True),
        ("<h2 id='part9'>九</h2>", False),
        ("<a name='part9'></a>", False),
        ("<ul><li data-key='part9'>标签</li></ul>", False),
        ("<a href='#part9'>标签</a>", False),
        ("<script>open(location.hash)</script>", False),
        ("<script>make('h2', 'part9')</script>", False),
        ("<frameset><frame src='a.html'></frameset>", False),
        ("<script src='/js/index.js'></script>", False),
        ("<script type='module' src='app.8f3a.js'></script>", False),
        ("<script src='/js/vue-router.min.js'></script>", False),
        ("<script>var s=document.createElement('script');s.src='/js/tabs.js';h.appendChild(s)</script>", False),
        ("<script>$.getScript('/js/tabs.js')</script>", False),
        (
            "<script src='/js/jquery-3.6.0.min.js?v=2'></script><script src='jquery.SuperSlide.2.1.1.js'></script>",
            True,
        ),
        (
            "<script src='//hm.baidu.com/hm.js?0a1b'></script><script src='https://dcs.conac.cn/js/07/1.js'></script>",
            True,
        ),
        ("<script>var s=document.createElement('script');s.src='https://hm.baidu.com/hm.js?1'</script>", True),
    ],
)
def test_only_a_page_that_knows_nothing_of_the_name_lacks_it(html: str, missing: bool) -> None:
    assert lacks(f"<!DOCTYPE html><html>{html}</html>", "part9") is missing
