"""The ways lists write one entry: where the date stands, what is the title, what is one entry."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.extract.document import Document
from crawler.extract.links import read_anchors
from crawler.readers.base import Source
from crawler.readers.registry import read_list

URL = "http://www.example.gov.cn/tzgg/"
LINK = "<a href='{n}.html'>{t}</a>"
FORMS = {
    "category link first": ("ul", "<li><a href='/zcwj/'>[政策]</a>" + LINK + "<span>2024-01-{n}</span></li>"),
    "whole card is the link": (
        "div",
        "<a href='{n}.html'><h4>{t}</h4><p>请于2025年12月31日前完成。</p><i>2024-01-{n}</i></a>",
    ),
    "day above month": ("ul", "<li><b>{n}</b><b>2024-01</b>" + LINK + "<p>2025年12月31日前完成。</p></li>"),
    "definition list": ("dl", "<dt>" + LINK + "</dt><dd>2024-01-{n}</dd>"),
    "definition list, day in the term": ("dl", "<dt><b>{n}</b><br>2024.01</dt><dd>" + LINK + "</dd>"),
    "definition list, date in the term": ("dl", "<dt>2024-01-{n}</dt><dd>" + LINK + "</dd>"),
    "pressed block": ("div", "<div onclick=\"window.open('{n}.html')\"><span>{t}</span><em>2024-01-{n}</em></div>"),
    "bare, date behind": ("div", LINK + "<span>2024-01-{n}</span><br>"),
    "bare, date before": ("div", "<span>2024-01-{n}</span>" + LINK + "<br>"),
    "table with number and interpretation": (
        "table",
        "<tr><td>"
        + LINK
        + "</td><td>云政发〔2024〕{n}号</td><td>2024年1月{n}日</td><td><a href='jd{n}.html'>解读</a></td></tr>",
    ),
    "year apart": ("ul", "<li><i>01-{n}</i><em>2024</em><a href='{n}.html' title='{t}'>关于2025年第…</a></li>"),
    "inside the title": ("ul", "<li><a href='{n}.html'>{t} [2024-01-{n}]</a></li>"),
    "text beside the link": ("ul", "<li>·" + LINK + "(2024/01/{n})<img src='new.gif'></li>"),
    "label and source": ("ul", "<li>" + LINK + "<b>发布时间：2024-01-{n} 来源：县府办</b></li>"),
    "eight digits": ("ul", "<li><a href='{n}.html'><span>{t}</span><span>202401{n}</span></a></li>"),
    "card with a heading that ends with the date": (
        "ul",
        "<a href='{n}.html'><h3>{t}(2024-01-{n})</h3><p>关于2025年的摘要文字</p></a>",
    ),
    "columns of a row": ("div", "<div><div>" + LINK + "</div><div>2024-01-{n}</div><div></div></div>"),
    "month and day in words": ("ul", "<li>" + LINK + "<span>1月{n}日</span></li>"),
}


@pytest.mark.parametrize("name", FORMS)
def test_forms_of_an_entry(name: str) -> None:
    tag, entry = FORMS[name]
    days = (19, 18, 17)
    html = "".join(entry.format(n=n, t=f"关于2025年第{n}项工作的通知公告") for n in days)
    document = Document(f"<title>通知公告</title><div class='main'><{tag}>{html}</{tag}></div>", URL)
    rows = read_list(Source(document, read_anchors(document), date(2024, 6, 1))).reading.rows
    assert [(r.title, r.url, r.date) for r in rows] == [
        (f"关于2025年第{n}项工作的通知公告", f"{URL}{n}.html", date(2024, 1, n)) for n in days
    ]


@pytest.mark.parametrize(
    "entry",
    [
        "<li><a href=''>{t}</a><span>2024-01-{n}</span></li>",
        "<li><a onclick='show({n})'>{t}</a><span>2024-01-{n}</span></li>",
        "<li onclick='show({n})'><b>{t}</b><span>2024-01-{n}</span></li>",
    ],
)
def test_entries_that_only_a_script_opens_are_rows_without_an_address(entry: str) -> None:
    html = "".join(entry.format(n=n, t=f"关于第{n}项工作的通知公告") for n in (19, 18, 17))
    menu = "<ul class='menu'><li><a href='/a/'>通知公告</a></li><li><a>工作动态</a></li></ul>"
    document = Document(f"<title>通知公告</title>{menu}<div class='main'><ul>{html}</ul></div>", URL)
    rows = read_list(Source(document, read_anchors(document), date(2024, 6, 1))).reading.rows
    assert [(r.title, r.url, r.date) for r in rows] == [
        (f"关于第{n}项工作的通知公告", "", date(2024, 1, n)) for n in (19, 18, 17)
    ]


@pytest.mark.parametrize("title", ["[咨询] 村道破损请求修复", "［答复］关于公交线路的建议", "【公示】低保对象名单"])
def test_brackets_that_close_belong_to_the_title(title: str) -> None:
    html = "".join(f"<li><a href='{n}.html'>{title}{n}</a><span>2024-01-{n}</span></li>" for n in (19, 18, 17))
    document = Document(f"<title>留言公开</title><div class='main'><ul>{html}</ul></div>", URL)
    rows = read_list(Source(document, read_anchors(document), date(2024, 6, 1))).reading.rows
    assert [r.title for r in rows] == [f"{title}{n}" for n in (19, 18, 17)]


def test_the_feed_of_a_list_is_none_of_its_entries() -> None:
    html = "".join(
        f"<li><a href='{n}.html'>关于第{n}项工作的通知公告</a><span>2024-01-{n}</span></li>" for n in (19, 18, 17)
    )
    feed = "<p><a href='rss.xml'>订阅本栏目</a></p>"
    document = Document(f"<title>通知公告</title><div class='main'><ul>{html}</ul>{feed}</div>", URL)
    rows = read_list(Source(document, read_anchors(document), date(2024, 6, 1))).reading.rows
    assert [r.url for r in rows] == [f"{URL}{n}.html" for n in (19, 18, 17)]


def test_letters_that_stand_whole_on_one_page_are_entries() -> None:
    def letter(subject: str, day: str, answer: str, state: str) -> str:
        return (
            f"<table><tr><td>来信主题：{subject}</td><td>来信时间：{day}</td><td><img alt='{state}'></td></tr>"
            f"<tr><td>来信内容：请问如何办理？</td></tr><tr><td>{answer}</td></tr></table>"
        )

    answered = letter("路灯不亮", "2024-03-02", "回复单位：城管局 回复时间：2024-03-05 回复内容：已修复。", "已回复")
    pending = letter("停水", "2024-01-09", "回复：", "待处理")
    document = Document(f"<title>信箱</title><div>{answered}{pending}</div>", URL)
    rows = read_list(Source(document, read_anchors(document), date(2024, 6, 1))).reading.rows
    assert [(r.title, r.url, r.date) for r in rows] == [
        ("路灯不亮", "", date(2024, 3, 2)),
        ("停水", "", date(2024, 1, 9)),
    ]
    assert "回复时间：2024-03-05" in rows[0].quote and rows[1].quote.endswith("待处理")
    alone = Document(f"<title>信件</title><div>{answered}</div>", URL)
    assert not read_list(Source(alone, read_anchors(alone), date(2024, 6, 1))).reading.rows
