"""Ways of writing a page that the usual platforms do not use, each small; all places and texts are fictitious."""

from __future__ import annotations

import pytest
from extract_pages import article, extracted

from checks.facts import PageKind
from crawler.extract.discover import discover

TABLE = (
    "<title>某厂火灾事故调查报告_云岭县应急管理局</title><div class='meta'><table>"
    "<tr><td>标题</td><td>云岭县某厂火灾事故调查报告</td><td>索引号</td><td>A01/2024-0001</td></tr>"
    "<tr><td>发文字号</td><td>{number}</td><td>成文日期</td><td>2024年1月9日</td></tr>"
    "<tr><td>发布日期</td><td>2024年1月10日</td><td>发文单位</td><td>云岭县应急管理局</td></tr></table></div>"
    "<div class='down'><a href='P020240110.pdf'>下载原文</a></div>"
)
POLICY = PageKind.POLICY
ARTICLE = PageKind.ARTICLE


def test_a_header_table_alone_names_the_page() -> None:
    page = extracted(TABLE.format(number="云应急〔2024〕1号"), "http://www.example.gov.cn/a.html").page
    assert page.title is not None and page.title.value == "云岭县某厂火灾事故调查报告"
    assert page.published is not None and page.published.value.isoformat() == "2024-01-10"
    assert page.docno is not None and page.docno.value == "云应急〔2024〕1号"
    assert page.kind is POLICY


def test_an_order_of_the_state_council_has_a_number() -> None:
    page = extracted(TABLE.format(number="国令第845号"), "http://www.example.gov.cn/a.html").page
    assert page.docno is not None and page.docno.value == "国令第845号"


def test_an_info_line_of_anchors_that_lead_nowhere_is_no_navigation() -> None:
    info = (
        "<a>作者：<span>李某</span></a> <a>发布时间：<span>2024-01-19</span></a><a>来源:<span>县融媒体中心</span></a>"
    )
    page = extracted(article(info=info), "http://www.example.gov.cn/a.html").page
    assert page.published is not None and page.published.value.isoformat() == "2024-01-19"
    assert page.source is not None and page.source.value == "县融媒体中心"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("关于印发《云岭县林业行政处罚自由裁量权细化标准》的通知", POLICY),
        ("云岭县司法局关于印发行政处罚裁量基准的通知", POLICY),
        ("关于新型储能电站管理有关事项的通知", POLICY),
        ("云岭县林业局行政处罚决定书（云林罚决字〔2024〕3号）", ARTICLE),
        ("县政府召开会议研究进一步加强安全生产工作的意见", ARTICLE),
    ],
)
def test_what_is_issued_is_a_policy_whatever_it_deals_with(title: str, kind: PageKind) -> None:
    page = extracted(article(title=title, info="发布时间：2024-01-19"), "http://www.example.gov.cn/a.html").page
    assert page.kind is kind


def test_a_page_of_pictures_is_no_empty_column() -> None:
    html = article(title="云岭县冰雪大世界建设现场", body="<p><img src='1.jpg'></p>")
    assert extracted(html, "http://www.example.gov.cn/tp/1.html").page.kind is ARTICLE
    column = article(title="图片新闻", body="<p></p>", tag="图片新闻-云岭县人民政府")
    assert extracted(column, "http://www.example.gov.cn/tp/").page.kind is PageKind.LIST


def test_a_front_says_so_in_its_title() -> None:
    html = "<title>首页- 云岭县</title><div><a href='/a/'>要闻动态</a><a href='/b/'>政务公开</a></div>"
    assert extracted(html, "http://www.example.gov.cn/shouye.html").page.kind is PageKind.HOME


def test_a_column_head_beside_the_publisher_is_no_publisher() -> None:
    rows = "".join(
        f"<tr><td><a href='{n}.html'>关于第{n}项工作的通知公告</a></td><td>县府办</td><td>2024-01-{n}</td></tr>"
        for n in (19, 18, 17)
    )
    html = f"<title>公开目录</title><table><tr><th>名称</th><th>发布机构</th><th>生成日期</th></tr>{rows}</table>"
    page = extracted(html, "http://www.example.gov.cn/ml/").page
    assert (page.kind, page.publisher, page.source) == (PageKind.LIST, None, None)


def test_the_party_mark_of_a_served_copy() -> None:
    script = (
        "<script>document.write(unescape(\"%3Cspan id='_ideConac' %3E%3C/span%3E%3Cscript "
        "src='http://static.example.gov.cn/js/09/152/0000/60400000/CA091520000604000000001.js'%3E%3C/script%3E\"));"
        "</script>"
    )
    mark = extracted(f"<p>云岭县</p><div class='footer'>{script}</div>").page.identity.party_mark
    assert mark is not None and mark.value.endswith("CA091520000604000000001.js")
    assert extracted(f"<p>云岭县</p><!--{script}-->").page.identity.party_mark is None


def test_a_pager_object_announces_its_pages() -> None:
    html = "<script>new Pager({size:3, current:0, prefix:'index',suffix:'html',visible:5});</script>"
    found = discover(html.encode(), "http://www.example.gov.cn/xw/index.html", "text/html")
    assert found.list_pages == [
        "http://www.example.gov.cn/xw/index_1.html",
        "http://www.example.gov.cn/xw/index_2.html",
    ]
