"""What an answer is taken for. Each sign beside a page that only resembles it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.outcomes import FetchOutcome as F
from crawler.classify import Answer, classify, redirect_target_refused, shown_instead

HTML = {"content-type": "text/html; charset=utf-8"}
WORDS = "本县认真贯彻落实上级部署，扎实推进各项工作，取得明显成效。" * 20


def outcome(body: str | bytes = "", status: int = 200, **more: object) -> F:
    data = body.encode() if isinstance(body, str) else body
    headers = {**HTML, **more.pop("headers", {})}
    url = str(more.pop("url", "http://www.example.gov.cn/a.html"))
    return classify(Answer(url, status, headers, data, **more)).outcome


def html(title: str, text: str, head: str = "") -> str:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{text}</body></html>"


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, F.OK), (204, F.OK), (304, F.NOT_MODIFIED), (400, F.HTTP_4XX), (401, F.LOGIN), (403, F.HTTP_4XX),
     (404, F.GONE), (410, F.GONE), (412, F.WAF), (429, F.RATE_LIMITED), (500, F.HTTP_5XX), (502, F.HTTP_5XX),
     (521, F.WAF), (302, F.REDIRECT_REFUSED)],
)  # fmt: skip
def test_status_alone(status: int, expected: F) -> None:
    assert outcome(html("标题", WORDS), status) is expected


def test_busy_servers_are_not_broken_servers() -> None:
    assert outcome("", 503) is F.HTTP_5XX
    assert outcome("", 503, headers={"retry-after": "30"}) is F.RATE_LIMITED


@pytest.mark.parametrize(
    "script",
    [
        "$_ts=window['$_ts'];$_ts.cd='x';",
        "document.cookie='__jsluid_s=1';location.reload()",
        "document.cookie='k='+Date.now();setTimeout(function(){location.href=location.pathname},1500)",
        "document.cookie='seen=1';window.location.reload()",
        "var arg1='AB';setCookie('acw_sc__v2',x)",
        "eval(String.fromCharCode(1));document.cookie='k=v';" + "a=1;" * 200,
    ],
)
def test_script_only_challenges(script: str) -> None:
    assert outcome(f"<html><head><script>{script}</script></head><body></body></html>") is F.WAF


def test_a_long_challenge_is_known_by_its_head() -> None:
    body = "<html><head><meta content='" + "Z" * 30_000 + "'><script>$_ts=1</script></head></html>"
    early = "<html><head><script>$_ts={}</script><meta content='" + "Z" * 30_000 + "'></head></html>"
    assert outcome(early) is F.WAF
    assert outcome(body) is F.OK, "a sign deep inside a long page proves nothing"


@pytest.mark.parametrize(
    "body",
    [
        html("政务服务", '<div id="app"></div><script src="/js/app.js"></script>'),
        "<script>location.href='/index.shtml'</script>",
        "<script>document.cookie='lang=zh';location.href='/zh/index.html'</script>",
        '<html><head><meta http-equiv="refresh" content="0;url=./zwdt/"></head></html>',
        html("首页", f"<p>{WORDS}</p><script>document.cookie='__jsluid_s=1'</script>"),
        html("网络安全宣传", f"<p>检测到攻击时应当如何处置？{WORDS}</p>"),
    ],
    ids=[
        "app shell",
        "script stub",
        "stub that notes a choice",
        "refresh stub",
        "page behind a shield",
        "article about attacks",
    ],
)
def test_pages_that_only_resemble_a_challenge(body: str) -> None:
    assert outcome(body) is F.OK


def test_refusals_in_words() -> None:
    assert outcome(html("提示", "您的访问被拦截，事件编号 123"), 403) is F.WAF
    assert (
        outcome(html("405", "<a href='/'>返回</a> 由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。"), 405)
        is F.WAF
    )
    assert outcome(html("Just a moment...", "Checking your browser before accessing"), 403) is F.WAF


@pytest.mark.parametrize(
    "body",
    [
        html("404", "抱歉"),
        html("提示信息", "您访问的页面不存在或已被删除！"),
        html("出错了", "抱歉，没有找到您要访问的页面"),
        html("404 Not Found - 示例县人民政府", f"<ul>{WORDS}</ul>"),
    ],
)
def test_missing_pages_sent_with_200(body: str) -> None:
    assert outcome(body) is F.SOFT_404


def test_missing_pages_in_gbk() -> None:
    assert (
        outcome(html("提示", "您查找的信息不存在").encode("gbk"), headers={"content-type": "text/html"}) is F.SOFT_404
    )


@pytest.mark.parametrize(
    "body",
    [
        html("关于身份证明文件不存在如何办理的答复", WORDS),
        html("示例县第404号公告", WORDS),
        html("通知公告", f"<p>链接失效、页面不存在的，请向我们反映。{WORDS}</p>"),
    ],
)
def test_pages_that_speak_of_missing_things(body: str) -> None:
    assert outcome(body) is F.OK


def test_parked_and_unregistered_domains() -> None:
    assert outcome(html("域名出售", "该域名正在出售，有意者请联系")) is F.PARKED
    assert outcome(html("example.com", "This domain is for sale")) is F.PARKED
    assert outcome(html("提示", "该网站未根据工信部相关法规进行备案")) is F.PARKED
    assert outcome(html("公共资源", f"土地使用权可出售转让。{WORDS}")) is F.OK


def test_login_walls() -> None:
    form = '<form><input name="u"><input type="password" name="p"></form>'
    assert outcome(html("统一身份认证", form)) is F.LOGIN
    assert outcome(html("首页", WORDS), final_url="http://www.example.gov.cn/sso/login?service=x") is F.LOGIN
    assert outcome(html("首页", f"<p>{WORDS}</p>{form}")) is F.OK, "a portal may have a log-in box"


def test_documents_have_to_be_documents() -> None:
    url = "http://www.example.gov.cn/f/1.pdf"
    page = html("下载", f"<p>{WORDS}</p>")
    assert outcome(page, url=url, purpose="attachment") is F.WRONG_TYPE
    assert outcome(b"%PDF-1.4", url=url, purpose="attachment", headers={"content-type": "application/pdf"}) is F.OK
    assert outcome(page, url="http://www.example.gov.cn/download?id=1", purpose="attachment") is F.OK


def test_a_page_that_ends_in_the_middle_was_not_all_sent() -> None:
    whole = html("首页", f"<p>{WORDS}</p>")
    assert outcome(whole[: len(whole) // 2]) is F.TRUNCATED
    assert outcome(whole[:40]) is F.TRUNCATED
    assert outcome(whole.removesuffix("</body></html>")) is F.OK, "closing tags may be left out"
    assert outcome(f"{WORDS} 1 < 2") is F.OK, "a fragment has no document to close"
    assert outcome(f"{whole}\n<!-- 2026 -->尾") is F.OK


def test_how_it_came_matters_before_what_it_says() -> None:
    assert outcome(html("404", ""), truncated=True) is F.TRUNCATED
    assert outcome("", too_large=True) is F.TOO_LARGE
    assert outcome("", fault=F.DNS) is F.DNS
    assert outcome("", method="HEAD") is F.OK


def test_redirects_leave_http_for_nothing() -> None:
    assert "file:" in redirect_target_refused("http://a.cn/", "file:///etc/passwd")
    assert "javascript:" in redirect_target_refused("http://a.cn/", "javascript:alert(1)")
    assert redirect_target_refused("http://a.cn/", "https://b.cn/") == ""


@pytest.mark.samples
def test_real_pages_are_taken_for_pages() -> None:
    folder = Path(__file__).parents[2].parent / "shared" / "samples" / "pages"
    if not folder.is_dir():
        pytest.skip("saved real pages are not beside the checkout")
    odd = [p.name for p in sorted(folder.iterdir()) if outcome(p.read_bytes()) is not F.OK]
    assert odd == []


def test_what_a_browser_shows_in_place_of_a_page() -> None:
    shown = "无法找到该网页\n您正在搜索的页面可能已经删除、更名或暂时不可用。\nHTTP 错误 404 - 文件或目录未找到。"
    assert shown_instead("无法找到该网页", shown) == "无法找到该网页"
    assert shown_instead("示例区人民政府", "您访问的页面不存在，五秒后返回首页") == "页面不存在"
    assert shown_instead("安全检查", "正在进行安全检测，请稍候") == "正在进行安全检测"
    assert shown_instead("示例区人民政府", "通知公告 关于召开会议的通知 2026-09-01") == ""
    assert shown_instead("查档指南", "查询的文件不存在的，" + "由档案馆出具证明。" * 40) == ""
