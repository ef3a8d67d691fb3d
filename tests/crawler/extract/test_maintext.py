"""What of a page is its text: not the buttons, the neighbours in the list or the related items around it."""

from __future__ import annotations

import pytest

from crawler.extract.document import Document
from crawler.extract.headline import find_headline
from crawler.extract.maintext import joined, main_lines

TITLE = "关于开展专项检查工作的通知"
SHARE = '<div><span>分享到：</span><a href="#">QQ空间</a><a href="#">新浪微博</a><a href="#">人人网</a><b>0</b></div>'
TOOLS = "<div>【<a href='javascript:print()'>打印</a>】【<a href='javascript:close()'>关闭</a>】</div>"
NEIGHBOURS = (
    "<div><span>上一篇：</span>无 关于做好防汛准备工作的通知</div><div><span>下一篇：</span>无</div>"
    "<h3>相关信息</h3><ul><li>关于做好防汛准备工作的通知 2026-04-25</li>"
    "<li>关于表彰先进集体的决定 2026-04-20</li></ul>"
)
SCAN = "<p>扫一扫在手机打开当前页</p>"
TEXT = "现将有关事项通知如下，请各单位认真组织实施，按时报送工作总结。"
BODY = "<p>" + TEXT + "</p><p>" + "各单位要高度重视，明确责任，抓好落实。" * 4 + "</p>"


def text_of(inside: str) -> str:
    head = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div>来源：县政府办</div>"
    html = f"{head}{inside}</body></html>"
    document = Document(html, "http://www.example.gov.cn/t20260501_1.html")
    headline = find_headline(document, None, False)
    assert headline is not None
    return joined(main_lines(document, headline.end + 1))


@pytest.mark.parametrize(
    "around",
    [SHARE + TOOLS + NEIGHBOURS, TOOLS + SCAN + NEIGHBOURS, NEIGHBOURS, SHARE, TOOLS, SCAN],
    ids=["all", "scan", "neighbours", "share", "tools", "code"],
)
def test_a_page_without_text_has_none_whatever_stands_around(around: str) -> None:
    assert text_of(around) == ""
    assert text_of(f'<div class="content">{around}</div>') == ""


@pytest.mark.parametrize("above", [SHARE, TOOLS, SCAN, SHARE + TOOLS, "<p>字号：大 中 小</p>" + TOOLS])
def test_buttons_above_the_text_do_not_end_it(above: str) -> None:
    found = text_of(above + BODY + NEIGHBOURS)
    assert found.startswith(TEXT)
    assert "防汛" not in found and "QQ" not in found and "打印" not in found


def test_neighbours_above_the_text_do_not_end_it() -> None:
    above = "<div>上一篇：关于做好防汛准备工作的通知</div><div>下一篇：无</div>"
    assert TEXT in text_of(above + BODY)
    assert TEXT in text_of(f'<div class="content">{above}{BODY}</div>')


@pytest.mark.parametrize(
    "words", ["1982 190 361 162", "大", "+", "更多精彩", "收藏", "2026", "分享工作经验，交流心得体会。"]
)
def test_figures_and_words_of_a_text_are_no_buttons(words: str) -> None:
    assert words in text_of(f"{BODY}<p>{words}</p><p>以上为本次检查的主要内容。</p>")


def test_a_short_text_keeps_its_words_and_loses_the_buttons() -> None:
    assert text_of(f"<p>组工干部纪律要求十条。</p>{SHARE}{NEIGHBOURS}") == "组工干部纪律要求十条。"


def test_a_long_line_of_figures_costs_nothing() -> None:
    assert TEXT in text_of(f"{BODY}<p>打印 {'1' * 5_000} {'大 中 小 ' * 500}表</p>")
