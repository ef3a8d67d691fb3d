"""Is everything there that an audit needs: names resolve, the home page answers, a browser and fonts are found."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from audit.version import VERSION
from config.district import District
from crawler.browser.finder import BrowserMissing, find_browser, has_cjk_font

TIMEOUT = 15  # seconds; 19号 W2: the home page opens within 15 s


class Health(StrEnum):
    GOOD = "正常"
    WARN = "注意"
    BAD = "不行"


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    state: Health
    detail: str


def examine(district: District) -> list[Finding]:
    """One line per thing looked at, in the order an operator would repair them."""
    return [*_hosts(district), *_home(district), *_browser(district), *_papers(district)]


def _hosts(district: District) -> Iterator[Finding]:
    for host in sorted(district.own_hosts()):
        mapped = district.resolve.get(host)
        if mapped:
            yield Finding(host, Health.GOOD, f"按 [resolve] 访问 {mapped}")
            continue
        try:
            found = sorted({str(item[4][0]) for item in socket.getaddrinfo(host, 80, type=socket.SOCK_STREAM)})
        except OSError as error:
            why = f"域名无法解析（{error.strerror or error}）。请检查网络与域名，或在 [resolve] 中指定地址。"
            yield Finding(host, Health.BAD, why)
        else:
            family = "含 IPv6" if any(":" in a for a in found) else "只有 IPv4"
            yield Finding(host, Health.GOOD, f"{'、'.join(found[:4])}（{family}）")


def _home(district: District) -> Iterator[Finding]:
    url = urlsplit(district.site.home)
    host = url.hostname or ""
    address, _, mapped_port = district.resolve.get(host, host).rpartition(":")
    port = (
        int(mapped_port) if address and mapped_port.isdigit() else url.port or (443 if url.scheme == "https" else 80)
    )
    address = address or host
    start = time.monotonic()
    try:
        if url.scheme == "https":
            link: http.client.HTTPConnection = http.client.HTTPSConnection(
                address, port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        else:
            link = http.client.HTTPConnection(address, port, timeout=TIMEOUT)
        try:
            agent = f"govaudit/{VERSION} (doctor; {district.crawl.contact or 'no contact given'})"
            link.request("GET", url.path or "/", headers={"Host": url.netloc, "User-Agent": agent})
            answer = link.getresponse()
            size = len(answer.read(2_000_000))
        finally:
            link.close()
    except (OSError, http.client.HTTPException) as error:
        yield Finding("首页", Health.BAD, f"{district.site.home} 打不开：{error}。请确认本机能访问该网站。")
        return
    took = time.monotonic() - start
    if answer.status in (412, 521):
        yield Finding("首页", Health.BAD, f"返回 {answer.status}：被网站防护系统拦截。请与平台方协调放行本机地址。")
    elif answer.status >= 400:
        yield Finding("首页", Health.BAD, f"返回 {answer.status}。")
    else:
        yield Finding("首页", Health.GOOD, f"返回 {answer.status}，{size / 1024:.0f} KB，{took:.1f} 秒")


def _browser(district: District) -> Iterator[Finding]:
    try:
        browser = find_browser(district.browser.executable)
    except BrowserMissing as error:
        yield Finding("浏览器", Health.WARN, str(error))
        return
    yield Finding("浏览器", Health.GOOD, f"{browser.path}（{browser.version}）")
    if has_cjk_font():
        yield Finding("中文字体", Health.GOOD, "已安装")
    else:
        yield Finding("中文字体", Health.WARN, "没有中文字体，截图中的汉字会显示为方框。请安装 fonts-noto-cjk。")


def _papers(district: District) -> Iterator[Finding]:
    if not district.crawl.authorisation:
        yield Finding("采集授权", Health.WARN, "未填写授权文件（crawl.authorisation）：将遵守 robots.txt。")
    if not district.crawl.contact:
        yield Finding("联系方式", Health.WARN, "未填写 crawl.contact：对方管理员无法从访问日志联系到你们。")
    if district.accounts is None:
        yield Finding("新媒体台账", Health.WARN, "没有 accounts.csv：新媒体各项将列为无法核查。")
    unknown = sum(1 for c in district.columns if not c.path)
    if unknown:
        yield Finding("栏目地址", Health.WARN, f"{unknown} 个栏目未填地址，将按名称查找。")
