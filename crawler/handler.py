"""The download handler: aiohttp under Scrapy, with the address judged on connecting and every answer bounded.

It never raises: a request without answer comes back as status 599 with the fault in `Received`, so that each request
ends in exactly one place. Redirects and cookies are the spider's business.
"""

from __future__ import annotations

import asyncio
import ssl
import time
import zlib
from functools import cache
from typing import Any

import aiohttp
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from yarl import URL

from checks.outcomes import FetchOutcome
from crawler.addresses import PrivateAddressError, SafeResolver
from crawler.clock import now_iso
from crawler.deepreads import CONTROL, READ, READ_BYTES
from crawler.received import Inflate, Received, fault_of
from crawler.urls import host_of
from crawler.version import user_agent

NO_ANSWER = 599
SLOW_FACTOR = 4  # a whole answer may take four times the limit on silence; slow drips end there
KEPT_HEADER = 500  # characters of one header value


class _Answer(aiohttp.ClientResponse):
    """Notes the peer's address, which aiohttp forgets once the answer is read."""

    peer = ""

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        peer = connection.transport.get_extra_info("peername") if connection.transport else None
        self.peer = peer[0] if peer else ""
        return await super().start(connection)


class BoundedHandler:
    """One session per crawl. Reads its limits from the spider's district."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        district = crawler.spider.district
        crawl = district.crawl
        self._limit = crawl.max_body_mb * 1024 * 1024
        self._timeout = aiohttp.ClientTimeout(
            total=crawl.timeout_s * SLOW_FACTOR,
            connect=None,
            sock_connect=crawl.timeout_s,
            sock_read=crawl.timeout_s,
        )
        self._resolver = SafeResolver(district.resolve, crawl.allow_private)
        self._headers = {
            "User-Agent": user_agent(crawl.contact),
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9",
            "Accept-Encoding": "gzip, deflate",
        }
        self._unverified: dict[str, str] = {}  # host -> why its certificate did not pass
        self._session: aiohttp.ClientSession | None = None
        self._running: set[asyncio.Future[None]] = set()
        self._cut = False
        crawler.spider.handlers.append(self)  # one per scheme

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BoundedHandler:
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        got = Received(started_at=now_iso())
        request.meta["received"] = got
        started = time.perf_counter()
        exchange = asyncio.ensure_future(self._fetch(request, got))
        self._running.add(exchange)
        try:
            await exchange
        except asyncio.CancelledError:
            if not self._cut:
                exchange.cancel()
                raise
            got.fault, got.detail = FetchOutcome.ABORTED, "采集停止，请求被放弃"
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            got.fault, got.detail = fault_of(error)
        finally:
            self._running.discard(exchange)
        got.elapsed_ms = round((time.perf_counter() - started) * 1000)
        return Response(
            request.url, status=got.status or NO_ANSWER, headers=Headers(), body=got.body, request=request
        )

    async def _fetch(self, request: Request, got: Received) -> None:
        host = host_of(request.url)
        if self._resolver.refuses_literal(host):
            raise PrivateAddressError(f"{host} 是内网地址")
        if host.endswith((".invalid", ".test", ".localhost")) and not self._resolver.mapped(host):
            got.fault, got.detail = FetchOutcome.DNS, "保留域名，永远不会有地址记录"
            return
        secure = request.url.startswith("https:")
        if secure and host not in self._unverified:
            try:
                await self._exchange(request, got, _strict_context())
                return
            except aiohttp.ClientSSLError as error:
                self._unverified[host] = str(error.__cause__ or error)[:200]
        await self._exchange(request, got, _lenient_context() if secure else True)
        if secure and self._unverified[host]:
            got.detail = f"证书未通过校验：{self._unverified[host]}"

    async def _exchange(self, request: Request, got: Received, tls: ssl.SSLContext | bool) -> None:
        headers = dict(self._headers)
        for name in ("Cookie", "If-None-Match", "If-Modified-Since"):
            value = request.headers.get(name)
            if value:
                headers[name] = value.decode("latin-1")
        async with self._open().request(
            request.method,
            URL(request.url, encoded=True),
            headers=headers,
            allow_redirects=False,
            ssl=tls,
        ) as answer:
            got.status, got.ip = answer.status, answer.peer
            got.cookies = answer.headers.getall("Set-Cookie", [])
            got.headers = {k.lower(): v[:KEPT_HEADER] for k, v in answer.headers.items() if k.lower() != "set-cookie"}
            if request.method != "HEAD":
                await self._read(answer, got, head=request.meta["visit"].item.purpose in (READ, CONTROL))

    async def _read(self, answer: aiohttp.ClientResponse, got: Received, *, head: bool) -> None:
        """Take in the body, or of a page of others its beginning (`head`)."""
        declared = answer.headers.get("Content-Length", "")
        if not head and declared.isdecimal() and int(declared) > self._limit:
            got.size, got.too_large = int(declared), True
            got.detail = f"Content-Length 为 {int(declared):,} 字节，超过上限 {self._limit:,} 字节"
            answer.close()
            return
        encoding = answer.headers.get("Content-Encoding", "")
        inflate = Inflate(encoding, READ_BYTES if head else self._limit, head=head)
        try:
            async for chunk in answer.content.iter_any():
                got.wire_bytes += len(chunk)
                inflate.feed(chunk)
                if inflate.overflow and head:
                    got.cut = True
                    answer.close()
                    break
                if inflate.overflow:
                    got.too_large = True
                    got.detail = f"内容超过上限 {self._limit:,} 字节，已停止读取"
                    answer.close()
                    break
        except aiohttp.ClientPayloadError:
            got.truncated = True
            got.detail = f"声明 {declared or '分块'} 字节，收到 {got.wire_bytes} 字节后连接中断"
        except zlib.error:
            got.truncated = True
            got.detail = "压缩内容损坏，无法还原"
            answer.close()
        try:
            inflate.end()
        except zlib.error:
            got.truncated, got.detail = True, "压缩内容损坏，无法还原"
        if inflate.foreign and not got.truncated:
            got.truncated, got.detail = True, f"以没有请求过的方式（{inflate.foreign}）压缩，不予解压"
        if inflate.unfinished and not got.truncated:
            got.truncated, got.detail = True, "压缩内容不完整"
        got.body = b"" if got.too_large else inflate.take()
        got.size = got.size or inflate.size

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(resolver=self._resolver, limit=0, ttl_dns_cache=300)
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                response_class=_Answer,
                timeout=self._timeout,
                max_line_size=65_536,
                max_field_size=65_536,
            )
        return self._session

    def cut_off(self) -> None:
        """Give up the requests that are still open."""
        self._cut = True
        for exchange in tuple(self._running):
            exchange.cancel()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            await asyncio.sleep(0)  # lets transports that were closing finish


@cache
def _strict_context() -> ssl.SSLContext:
    """Made when the first https address is asked: reading the system's certificates takes longer than a request."""
    return ssl.create_default_context()


@cache
def _lenient_context() -> ssl.SSLContext:
    """For sites whose certificate or protocol version is outdated: seen, and the fault is recorded beside it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context
