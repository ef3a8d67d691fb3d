"""The publish date is what a reader sees, or nothing."""

from __future__ import annotations

from datetime import date

import pytest
from extract_pages import article, extracted

from checks.facts import DateOrigin

SHOWN = [
    ("作者：  来自：  时间：2024-01-19", "2024-01-19", ""),
    ("发布时间：2024-01-19 09:12 来源：云岭县应急管理局 浏览次数：<span id='n'></span>", "2024-01-19", "09:12"),
    ("<span>发布日期∶２０２４年０１月１９日</span><span>来源∶本站</span>", "2024-01-19", ""),
    ("<span>2024-01-19</span><span>来源：云岭日报</span>", "2024-01-19", ""),
    ("<ul><li>来源：云岭日报</li><li>发布时间</li><li>2024-01-19 08:00:01</li></ul>", "2024-01-19", "08:00:01"),
    ("<td>更新时间：2024/1/19</td>", "2024-01-19", ""),
    ("2024年1月19日 16:05　来源：云岭县文旅局　【字体：大 中 小】", "2024-01-19", "16:05"),
    ("发布时间：<script>var pubdata='2024年01月19日';document.write(pubdata);</script> 点击量：", "2024-01-19", ""),
    ("发表时间:2024.01.19　阅读：12 次", "2024-01-19", ""),
    ("信息来源：云岭县民政局　　信息时间：2024-1-19", "2024-01-19", ""),
    ("发布时间：<span id='pt'></span><script>$('#pt').html('2024-01-19 08:00');</script>", "2024-01-19", "08:00"),
    (
        "发布时间：<b id='d'></b><script>document.getElementById('d').innerHTML='2024-01-19';</script>",
        "2024-01-19",
        "",
    ),
    ("时间：<script>var t='2024-01-19 08:01:02';document.write(t.substring(0,10));</script>", "2024-01-19", ""),
    ("云岭县应急局 发布于 2024-01-19", "2024-01-19", ""),
    ("信息分类：动态 | 发布机构：云岭县应急局 | 生成日期：2024-01-10 | 公开日期：2024-01-19", "2024-01-19", ""),
]


@pytest.mark.parametrize(("info", "day", "time"), SHOWN, ids=[s[0][:24] for s in SHOWN])
def test_info_line_forms(info: str, day: str, time: str) -> None:
    body = "<p>2025年3月1日起施行，2023年12月5日会议研究。</p>" * 3
    page = extracted(article(info=info, body=body)).page
    assert page.published is not None
    assert (page.published.value.isoformat(), page.published.time) == (day, time)
    assert page.published.quote


def test_a_date_written_by_script_says_so() -> None:
    page = extracted(article(info="发布时间：<script>var d='2024-01-19';document.write('('+d+')')</script>")).page
    assert page.published is not None
    assert page.published.origin is DateOrigin.SCRIPT


def test_a_publish_date_after_the_body() -> None:
    page = extracted(article(after="<p class='foot-info'>发布时间：2024-01-19　责任编辑：办公室</p>")).page
    assert page.published is not None
    assert page.published.value == date(2024, 1, 19)


NOTHING = [
    article(head="<meta name='PubDate' content='2024-01-19 10:00'>"),
    article(body="<p>各镇街：</p><p>现将有关事项通知如下，请认真贯彻执行，并于月底前报送。</p><p>云岭县人民政府</p><p>2024年1月19日</p>"),
    article(info="<span>实施日期：2024年02月01日</span><span>失效日期：2029年01月31日</span>"),
    article(info="<a href='jd.html'>《云岭县河道管理办法》政策解读 2024-01-20</a>"),
    article(info="来源："),
    article(info="发布时间：<span id='t'></span>", body="<p>2025年5月1日起施行。</p><p>会议要求压实责任。</p>" * 2),
    article(info="云政发〔2024〕1号", body="<p>2024年1月19日</p><p>会议要求压实责任，排查隐患。</p>" * 2),
    article(body="<p>办公时间：2024年1月19日至20日。</p><p>留言时间：2024-01-19</p><p>公示时间：2024年1月19日</p>"),
    article(info="（2024年1月19日云岭县第十届人民代表大会第三次会议通过）"),
    article(after="<div>相关新闻<ul><li><a href='a.html'>云岭县召开经济工作会议</a><span>2024-01-18</span></li>"
                  "<li><a href='b.html'>云岭县召开森林防火会议</a><span>2024-01-17</span></li></ul></div>"),
    article(info="<span style='display:none'>发布时间：2024-01-19</span>"),
    article(after="<!-- 发布时间：2024-01-19 --><%-- Created 发布时间：2024-01-19 --%>"),
]  # fmt: skip


@pytest.mark.parametrize("html", NOTHING, ids=range(len(NOTHING)))
def test_no_visible_date_gives_none(html: str) -> None:
    assert extracted(html).page.published is None


def test_other_dates_are_kept_with_their_origin() -> None:
    html = article(
        info="<table><tr><td>索引号</td><td>11/2024-3</td></tr><tr><td>成文日期</td><td>2024-01-12</td></tr>"
        "<tr><td>发布日期</td><td>2024-01-19</td></tr><tr><td>实施日期</td><td>2024-03-01</td></tr>"
        "<tr><td>文号</td><td>云政发〔2024〕 3 号</td></tr><tr><td>有效性</td><td>有效</td></tr></table>",
        head="<meta name='pubdate' content='2024年02月02日'>",
    )
    page = extracted(html, **{"Last-Modified": "Sat, 10 Feb 2024 01:02:03 GMT"}).page
    found = {d.origin: d.value.isoformat() for d in page.dates}
    assert found[DateOrigin.SIGNED] == "2024-01-12"
    assert found[DateOrigin.EFFECTIVE] == "2024-03-01"
    assert found[DateOrigin.META] == "2024-02-02"
    assert found[DateOrigin.URL] == "2024-01-19"
    assert found[DateOrigin.LAST_MODIFIED] == "2024-02-10"
    assert page.published is not None
    assert page.published.value == date(2024, 1, 19)


def test_info_line_goes_before_the_header_table() -> None:
    html = article(info="<p>发布时间：2024-01-19 来源：云岭县司法局</p>").replace(
        "<h1>", "<ul><li>索引号：11/2023-9</li><li>发布日期：2023-11-02</li><li>主题分类：司法</li></ul><h1>"
    )
    page = extracted(html).page
    assert page.published is not None
    assert page.published.value == date(2024, 1, 19)


def test_list_rows_do_not_date_the_column() -> None:
    rows = "".join(
        f"<li><a href='{n}.html'>云岭县工作动态第{n}期简报</a><span>发布时间：2024-01-{n}</span></li>"
        for n in range(10, 19)
    )
    html = f"<title>工作动态-云岭县</title><div class='crumb'>当前位置：首页 > 工作动态</div><ul>{rows}</ul>"
    page = extracted(html, "http://www.example.gov.cn/gzdt/").page
    assert page.published is None
    assert len(page.rows) == 9
