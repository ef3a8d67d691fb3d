"""Footer marks, META, links, hidden links and the small marks rules ask for."""

from __future__ import annotations

import pytest
from extract_pages import article, extracted

from checks.facts import Region


def footer(text: str) -> str:
    return f"<body><p>正文</p><div class='footer'>{text}</div></body>"


def test_footer_numbers_in_their_forms() -> None:
    page = extracted(
        footer("主办单位：云岭县人民政府办公室　网站标识码：<span>3704990001</span><br>鲁ICP备<br>12345678号-2 "
               "<a>鲁公网安备 37049902000001号</a> 联系电话：0632-5123456")
    ).page  # fmt: skip
    identity = page.identity
    assert identity.site_code is not None and identity.site_code.value == "3704990001"
    assert identity.icp is not None and identity.icp.value == "鲁ICP备12345678号-2"
    assert identity.police is not None and identity.police.value == "鲁公网安备 37049902000001号"
    assert identity.sponsor is not None and identity.sponsor.value == "云岭县人民政府办公室"
    assert identity.contact is not None


@pytest.mark.parametrize(
    ("text", "icp"),
    [
        ("蜀ICP备 19002444 号 - 1", "蜀ICP备19002444号-1"),
        ("粤ICP备05070829", "粤ICP备05070829"),
        ("沪icp备案号：12345678", "沪ICP备12345678"),
    ],
)
def test_icp_as_written(text: str, icp: str) -> None:
    identity = extracted(footer(text)).page.identity
    assert identity.icp is not None
    assert identity.icp.value == icp


def test_a_label_without_a_code_is_seen_as_empty() -> None:
    identity = extracted(footer("网站标识码：　版权所有")).page.identity
    assert identity.site_code is not None
    assert identity.site_code.value == ""
    assert "标识码" in identity.site_code.quote


def test_marks_in_comments_do_not_count() -> None:
    html = footer(
        "<!-- <script src='//dcs.conac.cn/js/1.js'></script>"
        "<a href='https://zfwzgl.www.gov.cn/exposure/jiucuo.html'>找错</a> -->版权"
    )
    identity = extracted(html).page.identity
    assert identity.party_mark is None
    assert identity.error_report is None


def test_party_mark_and_error_report() -> None:
    html = footer(
        "<script src='//dcs.conac.cn/js/24/000/CA1.js'></script>"
        "<a href='https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=3704990001'><img src=jc.png></a>"
    )
    identity = extracted(html).page.identity
    assert identity.party_mark is not None and "conac.cn" in identity.party_mark.value
    assert identity.error_report is not None and "zfwzgl" in identity.error_report.value
    assert identity.site_code is not None and identity.site_code.origin == "error-report-link"


def test_both_meta_sets_are_kept_in_order() -> None:
    head = (
        "<meta name='ColumnName' content='教育要闻'><meta name='sitename' content='云岭县'>"
        "<meta name='ColumnName' content='公共头'>"
    )
    page = extracted(article(head=head)).page
    assert [v for k, v in page.meta if k == "ColumnName"] == ["教育要闻", "公共头"]
    assert page.meta_value("SiteName") == "云岭县"


def test_hidden_links_say_why() -> None:
    html = (
        "<div style='display:none'><a href='http://a.example.com/'>甲</a></div>"
        "<div style='position:absolute; left:-9999px'><a href='http://b.example.com/'>乙</a></div>"
        "<a style='font-size:0px' href='http://c.example.com/'>丙</a>"
        "<div style='height:0;overflow:hidden'><a href='http://d.example.com/'>丁</a></div>"
        "<a href='http://e.example.com/'>戊</a>"
    )
    links = extracted(html).links
    assert [x.hidden for x in links] == ["display:none", "off-screen", "0px", "0px", ""]


def test_regions_and_kinds_of_links() -> None:
    html = (
        "<div class='header'><a href='/'>首页</a></div><div class='main-nav'><a href='/zwgk/'>政务公开</a></div>"
        "<div class='content'><div class='top'><a href='a.pdf'>附件</a></div>"
        "<a href='b.jpg'>图</a><iframe src='/f.html'></iframe></div>"
        "<div id='foot'><ul class='nav'><a href='/map/'>网站地图</a></ul></div>"
        "<a href='mailto:office@example.gov.cn'>信箱</a><a href='javascript:;'>打印</a><a href='#top'>顶</a>"
    )
    links = extracted(html).links
    assert [(x.region, x.kind) for x in links] == [
        (Region.HEADER, "page"),
        (Region.NAVIGATION, "page"),
        (Region.CONTENT, "attachment"),
        (Region.CONTENT, "image"),
        (Region.CONTENT, "frame"),
        (Region.FOOTER, "page"),
        (Region.CONTENT, "mail"),
        (Region.CONTENT, "script-action"),
    ]


def test_telephone_needs_a_cue() -> None:
    body = (
        "<p>如有疑问，请咨询云岭县财政局，电话：0632-6612345。</p><p>本次资金安排经集体研究并报批后实施，"
        "预算编号 6612346 的项目金额 2123456 元，不予调整，特此说明，请各单位周知。</p>"
    )
    page = extracted(article(body=body)).page
    assert [m.value for m in page.marks_of("phone")] == ["0632-6612345"]


def test_marks_for_entries_forms_and_media() -> None:
    html = (
        "<div class='top'><a href='/wza/'>无障碍浏览</a><a href='/login/'>登录</a></div>"
        "<form action='/s'><input name='searchWord' placeholder='请输入关键字'>"
        "<input type='password' name='pwd'></form>"
        "<div class='content'><a href='/zxly/'>我要咨询</a><a href='/zfxxgk/'>政府信息公开</a>"
        "<a href='jd.html'>《河道管理办法》政策解读</a>"
        "<a href='wj.html'>关于印发河道管理办法的通知</a><a href='/zcjd/'>政策解读</a>"
        "<video src='a.mp4'></video></div><iframe src='/common/footer.html'></iframe>"
    )
    page = extracted(html).page
    found = {m.origin: m.value for m in page.marks}
    assert found["elder-entry"].endswith("/wza/")
    assert found["consult-entry"].endswith("/zxly/")
    assert found["disclosure-entry"].endswith("/zfxxgk/")
    assert found["search-box"] == "searchWord"
    assert page.marks_of("form")[0].quote == "searchWord,pwd"
    assert [m.quote for m in page.marks_of("interpretation-link")] == ["《河道管理办法》政策解读"]
    assert page.marks_of("policy-link")[0].value.endswith("wj.html")
    assert found["video"] == "a.mp4"
    assert found["footer-frame"] == "/common/footer.html"
    assert {m.value for m in page.marks_of("login")} == {"http://www.example.gov.cn/login/", "pwd"}


def test_text_is_the_main_content_once() -> None:
    sentence = "云岭县认真落实各项部署，统筹推进防汛备汛工作，确保群众生命财产安全。"
    html = article(
        info="时间：2024-01-19",
        body=f"<p>{sentence}</p>",
        after=f"<div style='display:none'>{sentence}</div><p>相关新闻</p><a href='x.html'>别的</a>",
    )
    page = extracted(html).page
    assert page.text == sentence
    assert page.text_length == len(sentence)
    assert page.breadcrumb == ("首页", "工作动态")


def test_a_shell_needs_rendering() -> None:
    page = extracted("<title>政务公开</title><div id='app'></div><script>createApp(App).mount('#app')</script>").page
    assert page.needs_render


def test_the_party_mark_as_a_bare_picture_and_contact_as_a_link() -> None:
    html = footer(
        "<div class='dzjg fl'><a href='javascript:;'><img src='/images/ared.png'></a></div>"
        "<a href='/lxfs.html'>联系方式</a>"
    )
    identity = extracted(html).page.identity
    assert identity.party_mark is not None and identity.party_mark.value == "/images/ared.png"
    assert identity.contact is not None and identity.contact.value.endswith("/lxfs.html")


def test_an_entry_that_only_a_script_opens() -> None:
    html = "<div class='top'><a href='#' onclick='openToolbar();'>无障碍浏览</a></div>" + article()
    page = extracted(html).page
    assert [m.value for m in page.marks_of("elder-entry")] == ["无障碍浏览"]


def test_a_sites_own_correction_form_is_not_the_national_entry() -> None:
    own = extracted(footer("<a href='/syqt/wzjc/index.html'>网站纠错</a>")).page.identity
    assert own.error_report is None
    named = extracted(footer("<a href='/jc/'>我为政府网站找错</a>")).page.identity
    assert named.error_report is not None


def test_a_badge_in_the_footer_is_no_picture_of_the_article() -> None:
    badge = "<div id='foot'><p><img src='/img/ga.png'></p></div>"
    plain = "<h1>关于停车办法的解读</h1><article><p>一、背景。二、内容。</p></article>"
    assert not extracted(plain + badge).page.marks_of("big-image")
    pictured = plain.replace("</article>", "<p><img src='a.jpg'></p></article>")
    assert [m.value for m in extracted(pictured + badge).page.marks_of("big-image")] == ["a.jpg"]


def test_addresses_on_the_editors_disk_are_noted_and_are_no_pictures() -> None:
    html = "<div class='content'><p><img src='FILE:///C:/Temp/wps1.png' width=600></p><a href='file:///D:/表.doc'>附表</a></div>"
    page = extracted(html).page
    assert [(m.value, m.quote) for m in page.marks_of("local-file")] == [
        ("FILE:///C:/Temp/wps1.png", ""),
        ("file:///D:/表.doc", "附表"),
    ]
    assert not list(page.marks_of("big-image"))


def test_contact_is_read_from_a_footer_that_nothing_marks_as_one() -> None:
    sponsor = "主办单位：云岭县人民政府办公室 联系电话：0999-5620001"
    foot = f"<table><tr><td>{sponsor}<br>网站标识码：9907010002</td></tr></table>"
    page = extracted(f"<body><p>咨询电话：0999-3234567</p>{'<p>正文</p>' * 5}{foot}</body>").page
    assert page.identity.contact is not None and page.identity.contact.value == "0999-5620001"
    assert [m.value for m in page.marks_of("phone")] == ["0999-3234567"]
    assert "主办单位" not in page.text
    assert extracted("<body><p>咨询电话：0999-3234567</p></body>").page.identity.contact is None


def test_a_table_of_figures_is_told_from_one_that_arranges_the_page() -> None:
    cells = (("部门", "受理数"), ("公安", "320"), ("民政", "1,220"))
    figures = "".join(f"<tr><td>{name}</td><td>{count}</td></tr>" for name, count in cells)
    arranged = "<tr><td>1</td><td><a href='/a.htm'>通知</a></td></tr><tr><td>2</td><td>公告</td></tr>"
    assert extracted(f"<body><table>{figures}</table></body>").page.marks_of("figures")
    assert not extracted(f"<body><table>{arranged}</table></body>").page.marks_of("figures")


def test_addresses_in_an_inline_script_are_remembered() -> None:
    script = r"""<script src="/js/a.js"></script><script>var rel=[{"t":"解读","u":"\/zwgk\/jd\/3.htm"}];
    document.write('<a href="../b.jsp?id=4">文件</a>');load("/js/x.js");go("http://www.elsewhere.cn/a.htm")</script>"""
    page = extracted(f"<body>{script}<p>正文</p></body>").page
    assert [m.value for m in page.marks_of("script-link")] == [
        "http://www.example.gov.cn/zwgk/jd/3.htm",
        "http://www.example.gov.cn/zwgk/b.jsp?id=4",
    ]


def test_links_to_the_readers_own_machine_are_local() -> None:
    page = extracted("<body><a href='http://localhost:8080/a.jsp'>数据开放</a><a href='/b.htm'>乙</a></body>").page
    assert [m.value for m in page.marks_of("local-file")] == ["http://localhost:8080/a.jsp"]
