"""Input made to break a parser gives facts or none, never an exception, and never takes long memory of itself."""

from __future__ import annotations

import pytest
from extract_pages import article, extracted

from checks.facts import PageKind
from crawler.extract.discover import MAX_LINKS, discover
from crawler.extract.headline import MAX_TITLE

CASES = {
    "nothing": b"",
    "blank": b" \n\t ",
    "null-bytes": b"<html>\x00<p>\x00\x00text</p>" * 50,
    "control": "<p>发布时间：\x012024\x02-01-\x1f19</p>".encode(),
    "unclosed": b"<html><body><div><p><a href='x'><table><tr><td>" * 500,
    "deep": b"<div>" * 8_000 + b"x" + b"</div>" * 8_000,
    "deep-lists": b"<ul><li>" * 4_000 + b"<a href='/a'>x</a>",
    "deep-json": b"[" * 100_000,
    "wide-json": b'{"articles":[' + b'{"title":"a","url":"/b"},' * 1000 + b'{"title":"a","url":"/c"}]}',
    "broken-json": b'{"articles": [{"title": "a"',
    "attributes": b"<p " + b"a=1 " * 50_000 + b">x</p>",
    "entities": b"&#x41;&nbsp;&ampamp;&#0;&#xFFFFFF;" * 2000,
    "dates": ("<p>" + "2024-01-01 " * 20_000 + "</p>").encode(),
    "labels": ("<p>" + "来源：" * 20_000 + "</p>").encode(),
    "no-dates": ("<p>2024-13-45 2024-02-30 0000-00-00 9999年99月99日</p>").encode(),
    "surrogates": b"<meta charset=utf-8><p>\xed\xa0\x80\xed\xb0\x80</p>",
    "script": b"<script>" + b"document.write(a+" * 5000 + b"</script>",
    "comment": b"<!--" + b"<p>x" * 5000,
    "hrefs": b"<a href='http://[::1'>x</a><a href='http://'>y</a><a href='//'>z</a><a href='\x00'>n</a>"
    b"<base href='::'>",
    "refresh": b"<meta http-equiv=refresh content='0;url='><meta http-equiv=refresh>",
    "digits-that-are-none": "<h²>标题</h²><td colspan='²'>x</td><p>共²页</p><a href='?page=²'>下一页</a>".encode(),
    "digits-in-json": '{"articles":[{"title":"关于某项工作的通知","url":"/b","date":"²"}],"total":"²"}'.encode(),
    "instructions": "<td>名称：<?php echo 1 ?></td><?a?><td>通知</td><p><?import x>发布时间：2024-01-19</p>".encode(),
    "records": b"<script>x.jpage({})</script>" + b"<record>" * 100_000,
    "records-in-turn": b"<datastore>" + b"<record><![CDATA[<li>x" * 50_000,
    "entries-in-each-other": b"<title>x</title><img src='zd.png'>" + b"<li><a href=/a>abcd<b></b><i></i>" * 3_000,
    "one-paragraph": b"<p>" + b"<a href='/a'>abcdefgh</a><a href='/b'>ijklmnop</a>" * 4_000,
    "pagers": b"<script>" + b"Pager({size:9999999,prefix:'i',suffix:'html'," * 2_000 + b"</script>",
    "deeper-than-any-parser": b"<div>" * 100_000 + b"<b>" * 50_000 + b"<p><font color=1>" * 20_000 + b"x",
    "deep-in-turn": b"<div><ul><li><b>" * 20_000 + b"<a href='/a'>x</a>",
    "options": b"<select>" + b"<option value='http://a.gov.cn/'>x" * 50_000,
    "long-base": b"<base href='http://" + b"a." * 100_000 + b"'>" + b"<a href='b'>abcd</a>" * 2_000,
    "pdf": b"%PDF-1.7 \x00\x01",
    "selectors": b"<script>getElementById('a\\'\"]').innerText;location</script>",
}


@pytest.mark.parametrize("name", CASES)
def test_nothing_breaks_it(name: str) -> None:
    found = extracted(CASES[name])
    assert found.page.published is None or found.page.published.quote
    discover(CASES[name], "http://www.example.gov.cn/", "text/html")


def test_a_title_of_ten_megabytes_is_cut() -> None:
    html = article(tag="云" * 3_500_000, title="岭" * 3_500_000, info="时间：2024-01-19")
    page = extracted(html).page
    assert page.title is None or len(page.title.value) <= max(MAX_TITLE, 1000)


def test_a_page_nested_a_hundred_thousand_deep_is_still_read() -> None:
    page = extracted("<div>" * 100_000 + article(info="时间：2024-01-19") + "</div>" * 100_000).page
    assert page.title is not None and page.title.value == "云岭县召开防汛工作会议"
    assert page.published is not None and page.published.value.isoformat() == "2024-01-19"


def test_zero_bytes_strewn_over_a_page_do_not_make_it_a_binary() -> None:
    html = article(info="时间：2024-01-19").replace("会", "会\x00").replace("<p>", "<p>\x00\x00\x00\x00\x00" * 9)
    page = extracted(html).page
    assert page.encoding == "utf-8"
    assert page.title is not None and page.title.value == "云岭县召开防汛工作会议"


def test_a_hundred_thousand_links_are_bounded() -> None:
    html = (
        "<ul>"
        + "".join(f"<li><a href='/{n}.html'>标题标题标题{n}</a> 2024-01-02</li>" for n in range(100_000))
        + "</ul>"
    )
    found = extracted(html, "http://www.example.gov.cn/list/")
    assert len(found.links) == MAX_LINKS
    assert found.page.kind is PageKind.LIST


def test_bidirectional_controls_do_not_hide_a_date() -> None:
    page = extracted(
        article(info="发布\u202e时间\u202c：2024\u200b-01-19", title="云岭县\u2066召开\u2069防汛工作会议")
    ).page
    assert page.title is not None and page.title.value == "云岭县召开防汛工作会议"
    assert page.published is not None and page.published.value.isoformat() == "2024-01-19"


def test_binary_bodies_have_no_encoding() -> None:
    found = extracted(b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, content_type="image/png")
    assert (found.page.kind, found.page.encoding, found.links) == (PageKind.OTHER, "", ())
