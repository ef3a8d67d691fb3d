"""Title, source, document number and kind of article pages."""

from __future__ import annotations

import pytest
from extract_pages import HOME, article, extracted

from checks.facts import PageKind

TITLES = [
    (article(tag="通知公告-云岭县人民政府", info="发布时间：2024-01-19"), "云岭县召开防汛工作会议"),
    (article(tag="云岭县人民政府", info="<span>2024-01-19</span>"), "云岭县召开防汛工作会议"),
    (
        article(
            title="【答记者问】让办事有速度<br>——云岭县政务服务中心负责人答记者问", tag="x", info="时间：2024-01-19"
        ),
        "【答记者问】让办事有速度——云岭县政务服务中心负责人答记者问",
    ),
    (article(tag="<h1>云岭县召开防汛工作会议</h1>", info="时间：2024-01-19"), "云岭县召开防汛工作会议"),
    (article(title="云岭县召开&ensp;防汛工作会议", info="时间：2024-01-19"), "云岭县召开 防汛工作会议"),
    (
        article(info="时间：2024-01-19", tag="云岭县政府网").replace(
            "<div class='position'>", "<h1>您当前所在的位置： 首页 &gt; 动态</h1><div class='position'>"
        ),
        "云岭县召开防汛工作会议",
    ),
    (
        article(
            tag="政策文件",
            info="时间：2024-01-19",
            head="<meta name='ArticleTitle' content='云岭县召开防汛工作会议'>",
        ),
        "云岭县召开防汛工作会议",
    ),
    (
        article(info="时间：2024-01-19").replace("<h1>", "<div class='info_title'>").replace("</h1>", "</div>"),
        "云岭县召开防汛工作会议",
    ),
    (
        article(tag="云岭县人民政府", info="<p class='time'>2024-01-19 10:00:00</p>")
        .replace("<div class='header'>", "<div class='header'><h1 class='logo'>云岭县人民政府</h1>")
        .replace("<h1>", "<p class='tit'>"),
        "云岭县召开防汛工作会议",
    ),
    (
        article(info="<span>2024-01-19</span>")
        .replace("<h1>云岭县召开防汛", "<h2>云岭县召开</h2><h3>防汛")
        .replace("</h1>", "</h3>"),
        "云岭县召开防汛工作会议",
    ),
    (
        article(tag="工作动态", info="2024-01-19 10:00:00").replace("<h1>", "<p>").replace("</h1>", "</p>"),
        "云岭县召开防汛工作会议",
    ),
]


@pytest.mark.parametrize(("html", "title"), TITLES, ids=range(len(TITLES)))
def test_the_visible_headline_is_the_title(html: str, title: str) -> None:
    page = extracted(html).page
    assert page.title is not None
    assert page.title.value == title
    assert page.title.origin == "visible"


def test_a_column_is_known_by_its_title_tag() -> None:
    html = "<title>通知公告-云岭县</title><h2>通知公告</h2><ul>" + "".join(
        f"<li><a href='{n}.html'>关于事项{n}的公告</a>2024-01-{n}</li>" for n in range(10, 15)
    )
    page = extracted(html, "http://www.example.gov.cn/tzgg/").page
    assert page.kind is PageKind.LIST
    assert page.title is not None
    assert (page.title.value, page.title.origin) == ("通知公告-云岭县", "title-tag")


SOURCES = [
    ("来源：云岭县教育局 广播电视台 浏览次数：3", "云岭县教育局 广播电视台"),
    ("作者：某某 来自：县应急局 时间：2024-01-19", "县应急局"),
    ("信息来源：&nbsp;云岭发布&nbsp;&nbsp;发布时间：2024-01-19", "云岭发布"),
    ("<span>来　源：</span><span>云岭日报</span><span>【字体：大 中 小】</span>", "云岭日报"),
    ("2024-01-19 来源： 【打印】", None),
    ("来源：—　发布时间：2024-01-19", None),
    (
        "<table><tr><td>发布机构</td><td>云岭县财政局</td><td>索引号</td><td>9/2024-1</td></tr></table>",
        "云岭县财政局",
    ),
]


@pytest.mark.parametrize(("info", "source"), SOURCES, ids=range(len(SOURCES)))
def test_source_forms(info: str, source: str | None) -> None:
    page = extracted(article(info=info)).page
    got = page.source.value if page.source is not None and page.source.value else None
    assert (got or (page.publisher.value if page.publisher else None)) == source


def test_an_empty_source_is_a_fact_with_an_empty_value() -> None:
    page = extracted(article(info="来源： 发布时间：2024-01-19")).page
    assert page.source is not None
    assert page.source.value == ""
    assert "来源" in page.source.quote


NUMBERS = [
    (
        article(
            body="<p>云政办发〔2024〕 12 号</p><p>各镇人民政府：</p><p>根据云政发〔2020〕1号文件，印发如下。</p>" * 2
        ),
        "云政办发〔2024〕12号",
    ),
    (article(title="云岭县人民政府关于防汛的通知（云政发［２０２４］7号）"), "云政发〔2024〕7号"),
    (
        article(body="<p>云岭县人民政府令</p><p>第9号</p><p>《云岭县河道管理办法》已经通过，现予公布。</p>" * 3),
        "云岭县人民政府令第9号",
    ),
    (
        article(
            body="<p>根据《通知》（云政发〔2020〕1号）要求，现将有关事项公告如下，请遵照执行，不得有误。</p>" * 2
        ),
        None,
    ),
]


@pytest.mark.parametrize(("html", "number"), NUMBERS, ids=range(len(NUMBERS)))
def test_document_number_is_the_pages_own(html: str, number: str | None) -> None:
    page = extracted(html).page
    assert (page.docno.value if page.docno else None) == number


def test_header_forms_give_the_same_fields() -> None:
    pairs = [("索 引 号", "9/2024-1"), ("主题分类", "财政"), ("发文机关", "云岭县人民政府"),
             ("成文日期", "2024年1月5日"),
             ("发文字号", "云政发〔2024〕3号"), ("有效性", "有效"), ("关键词", "")]  # fmt: skip
    table = "<table><tr>" + "</tr><tr>".join(f"<td>{k}：</td><td>{v}</td>" for k, v in pairs) + "</tr></table>"
    dl = "<dl>" + "".join(f"<dt>{k}</dt><dd>{v}</dd>" for k, v in pairs) + "</dl>"
    ul = "<ul>" + "".join(f"<li><b>{k}：</b>{v}</li>" for k, v in pairs) + "</ul>"
    inline = "<p>" + "　".join(f"{k}：{v}" for k, v in pairs) + "</p>"
    for form in (table, dl, ul, inline):
        page = extracted(article(title="云岭县人民政府关于表彰的决定", info=form)).page
        got = {f.origin: f.value for f in page.header}
        assert got == {
            "索引号": "9/2024-1", "主题分类": "财政", "发文机关": "云岭县人民政府", "成文日期": "2024年1月5日",
            "发文字号": "云政发〔2024〕3号", "有效性": "有效", "关键词": "",
        }, form  # fmt: skip
        assert page.docno is not None and page.docno.value == "云政发〔2024〕3号"
        assert page.kind is PageKind.POLICY


KINDS = [
    (article(info="时间：2024-01-19"), None, PageKind.ARTICLE),
    (article(title="《云岭县河道管理办法》政策解读", info="时间：2024-01-19"), None, PageKind.INTERPRETATION),
    (article(title="一图读懂云岭县2024年民生实事", info="时间：2024-01-19"), None, PageKind.INTERPRETATION),
    (
        article(title="2023年示例自治州示例自治县人力资源和社会保障局及所属单位政府信息公开工作年度报告"), None,
        PageKind.REPORT,
    ),
    (article(title="云岭县教育局2023年政府信息公开工作年度报告", info="时间：2024-01-19"), None, PageKind.REPORT),
    (article(title="云岭县人民政府关于印发云岭县河道管理办法的通知", info="时间：2024-01-19"), None, PageKind.POLICY),
    ("<title>云岭县人民政府</title><a href='/zwgk/'>政务公开</a>", HOME, PageKind.HOME),
    ("<meta http-equiv=refresh content='0;url=./jbzs/'><title></title>", None, PageKind.STUB),
    ("<script>window.location.replace('./ct/')</script>", None, PageKind.STUB),
    ("<div style='display:none'><p id=url>/a/b.html</p></div><script>var u=document.getElementById('url').innerText;"
     "window.open(u,'_self')</script>", None, PageKind.STUB),
    ("<title>安全验证</title><p>您的访问可能对网站造成威胁，云防护已拦截</p>", None, PageKind.CHALLENGE),
    ("<html><script>document.cookie=('__jsl_clearance_s=1');location.href=location.pathname</script></html>", None,
     PageKind.CHALLENGE),
    ("<title>政府信息公开指南-云岭县</title><div class=crumb>当前位置：首页 &gt; 政府信息公开指南</div>"
     "<div id=zoom><p>一、公开信息的分类和编排情况</p><p>受理机构：云岭县人民政府办公室，办公时间：工作日，"
     "联系电话：5123456</p></div>",
     "http://www.example.gov.cn/zwgk/zn/", PageKind.PLATFORM),
]  # fmt: skip


@pytest.mark.parametrize(("html", "url", "kind"), KINDS, ids=[f"{n}-{k[2]}" for n, k in enumerate(KINDS)])
def test_kinds(html: str, url: str | None, kind: PageKind) -> None:
    page = extracted(html, url).page if url else extracted(html).page
    assert page.kind is kind


def test_an_article_with_a_single_link_is_no_entry_of_a_list() -> None:
    """Signed and dated, with one attachment, beside one related item: its text is still its text."""
    words = "经网上报名、笔试、资格复审、面试、体检、考察等程序，现将拟聘用人员名单予以公示，公示期为五天。" * 4
    body = (
        f"<p>{words}</p><p>附件：<a href='javascript:;' title='名单.xlsx'>拟聘用人员名单.xlsx</a></p>"
        "<p>云岭县招聘工作领导小组</p><p>2024年1月19日</p>"
    )
    html = (
        "<html><head><title>关于拟聘用人员的公示</title></head><body><h1>关于拟聘用人员的公示</h1>"
        f"<div class='bar'>发布时间：2024-01-19</div><div class='text'>{body}</div>"
        "<div class='rel'>相关信息</div><div class='text'><a href='b.html'>关于资格复审的公告</a> 2024-01-10</div>"
        "</body></html>"
    )
    page = extracted(html).page
    assert "考察等程序" in page.text
    assert "招聘工作领导小组" in page.text


@pytest.mark.parametrize(
    ("info", "source", "day"),
    [
        ("<b>云岭县融媒体中心</b>　2024/01/19", "云岭县融媒体中心", "2024-01-19"),
        ("2024-01-19 09:30 | 云岭县人民政府办公室", "云岭县人民政府办公室", "2024-01-19"),
        ("云岭县人民政府 2024年1月19日", None, None),  # as a signature is written
        ("请于2024-01-19到县政务服务中心", None, None),
    ],
)
def test_an_organ_beside_the_date_is_the_source(info: str, source: str | None, day: str | None) -> None:
    page = extracted(article(info=info)).page
    assert (page.source.value if page.source else None) == source
    assert (str(page.published.value) if page.published else None) == day


def test_a_byline_with_a_written_out_date_is_one_only_above_the_text() -> None:
    line, text = "<p align=right>云岭县融媒体中心　2026年3月5日</p>", f"<p>{'会议要求各镇街压实责任。' * 5}</p>"
    above = extracted(f"<body><h1>云岭县召开防汛工作会议</h1>{line}{text}{text}</body>").page
    assert (above.source and above.source.value, str(above.published and above.published.value)) == (
        "云岭县融媒体中心",
        "2026-03-05",
    )
    below = extracted(f"<body><h1>云岭县召开防汛工作会议</h1>{text}{line}</body>").page
    assert below.source is None and below.published is None
    signed = extracted(f"<body><h1>关于停水的通告</h1>{line.replace('融媒体中心', '水务局')}{text}</body>").page
    assert signed.source is None
    alone = extracted(f"<body><h1>关于停水的通告</h1>{line}<p>附件</p></body>").page
    assert alone.source is None


def test_an_organ_that_is_named_as_author_is_the_source() -> None:
    page = extracted(article(info="[ 作者：云岭县融媒体中心 ] [ 加入时间：2024-01-19 16:20 ] [ 字体：大 小 ]")).page
    assert page.source is not None and page.source.value == "云岭县融媒体中心"
    assert page.published is not None and str(page.published.value) == "2024-01-19"
    assert extracted(article(info="[ 作者：张三 ] [ 加入时间：2024-01-19 ]")).page.source is None


def test_labels_without_colon_and_times_of_the_day_do_not_hide_source_and_date() -> None:
    page = extracted(article(info="更新于 2024-01-19 08:00 | 云岭县融媒体中心")).page
    assert page.source is not None and page.source.value == "云岭县融媒体中心"
    page = extracted(article(info="发布单位：县民政局 发布人：管理员 2024/01/19 上午 9:12:00 点击：12")).page
    assert page.published is not None and str(page.published.value) == "2024-01-19"
    head = "<p>【主题分类】城乡建设</p><p>【成文日期】2024-01-18</p><p>【有　效　性】现行有效</p>"
    page = extracted(article(title="云岭县人民政府关于印发停车办法的通知", body=head + "<p>正文</p>" * 9)).page
    assert [(f.origin, f.value) for f in page.header] == [
        ("主题分类", "城乡建设"),
        ("成文日期", "2024-01-18"),
        ("有效性", "现行有效"),
    ]
