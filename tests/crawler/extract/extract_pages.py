"""Helpers for the extraction tests: pages are written in the test, places and bodies are fictitious."""

from __future__ import annotations

from datetime import date

from crawler.extract.page import Context, Extracted, extract

HOME = "http://www.example.gov.cn/"
URL = "http://www.example.gov.cn/zwgk/202401/t20240119_5501.html"


def extracted(
    html: str | bytes,
    url: str = URL,
    *,
    content_type: str = "text/html",
    as_of: date = date(2024, 6, 1),
    **headers: str,
) -> Extracted:
    body = html if isinstance(html, bytes) else html.encode()
    return extract(
        body, url, content_type=content_type, headers=headers, fetched_at="2024-06-01T00:00:00Z", sha256="0" * 64,
        context=Context(frozenset({"www.example.gov.cn"}), HOME, as_of),
    )  # fmt: skip


def article(
    *,
    title: str = "云岭县召开防汛工作会议",
    info: str = "",
    body: str = "",
    head: str = "",
    tag: str = "",
    after: str = "",
) -> str:
    text = body or "<p>会议要求各镇街压实责任，排查隐患，备足物资，做好值班值守和信息报送工作。</p>" * 2
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'>"
        f"<title>{tag or title + '-云岭县人民政府'}</title>{head}</head>"
        "<body>"
        "<div class='header'><a href='/'>首页</a></div>"
        "<div class='position'>当前位置：<a href='/'>首页</a> &gt; <a href='../'>工作动态</a></div>"
        f"<div class='main'><h1>{title}</h1><div class='info'>{info}</div><div id='zoom'>{text}</div>{after}</div>"
        "<div class='footer'>主办单位：云岭县人民政府办公室</div></body></html>"
    )
