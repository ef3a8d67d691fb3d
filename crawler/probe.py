"""The availability sampler: does the home page open within the limit, asked at spaced times over a week.

The national inspection (国办秘函〔2019〕19号, 单项否决“站点无法访问”) counts visits of one week, at least twenty a
day and spaced, of which 5 % or more fail to open the home page within 15 seconds. A failure while the canary does not
answer either is our own outage; it is written down as such and never counts.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from checks.outcomes import FetchOutcome
from config.district import District
from crawler.addresses import SafeResolver
from crawler.clock import now_iso, now_utc
from crawler.handler import _lenient_context as lenient_context
from crawler.observations import FetchRecord, FrontierItem
from crawler.probelog import ProbeLog, ProbeRow
from crawler.received import Inflate, Received, fault_of
from crawler.version import user_agent
from crawler.visit import Visit, advance

PER_DAY = 24  # planned; four may be missed and there are still the twenty that the inspection asks for
SPACING = timedelta(days=1) / PER_DAY
SLACK = timedelta(seconds=90)  # cron does not start to the second
NAP_S = 30.0  # longest sleep of the watcher: the clock may be set, the machine suspended
MAX_BYTES = 5 * 1024 * 1024
OPENED = frozenset({FetchOutcome.OK, FetchOutcome.NOT_MODIFIED, FetchOutcome.TOO_LARGE})


@dataclass(frozen=True, slots=True)
class Sampler:
    """Probes one district's home page into its log. `timeout_s` is the limit within which the page has to open."""

    district: District
    log: ProbeLog
    timeout_s: float
    now: Callable[[], datetime] = now_utc
    spacing: timedelta = SPACING

    def due_at(self) -> datetime:
        """When the next probe may be made: now, when there was none yet or the clock was set back behind the last."""
        last, now = self.log.last(), self.now()
        return now if last is None or last.moment > now else last.moment + self.spacing

    def probe(self, *, at_once: bool = False) -> ProbeRow | None:
        """One probe, written down; None when the spacing since the last one has not passed."""
        with self.log.turn():
            if not at_once and self.now() < self.due_at() - SLACK:
                return None
            at = self.now()
            row = replace(asyncio.run(self._ask()), at=at.isoformat(timespec="milliseconds"))
            self.log.append(row)
        return row

    def watch(self, wait: Callable[[float], bool], told: Callable[[ProbeRow], None]) -> None:
        """Probe whenever it is due until `wait(seconds)`, which sleeps, returns True: it was asked to stop."""
        while True:
            left = (self.due_at() - self.now()).total_seconds()
            if left > 0:
                if wait(min(left, NAP_S)):
                    return
                continue
            row = self.probe()
            if row is not None:
                told(row)
            if wait(0):
                return

    async def _ask(self) -> ProbeRow:
        """Home page and canary at the same time, so that a passing outage of ours meets both."""
        resolver = SafeResolver(self.district.resolve, (*self.district.crawl.allow_private, *self._canary_hosts()))
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=resolver, force_close=True),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            headers={"User-Agent": user_agent(self.district.crawl.contact), "Accept-Encoding": "gzip, deflate"},
        )
        async with session:
            home = asyncio.ensure_future(self._open(session, resolver))
            control = asyncio.ensure_future(self._control(session))
            record, control_ok = await home, await control
        ok = record.outcome in OPENED and record.elapsed_ms <= self.timeout_s * 1000
        outcome = FetchOutcome.TIMEOUT if record.outcome in OPENED and not ok else record.outcome
        return ProbeRow(
            at="",
            url=record.url,
            ok=ok,
            elapsed_ms=record.elapsed_ms,
            outcome=outcome,
            status=record.status,
            ip=record.ip,
            detail=record.error,
            control=control_ok,
            control_url=self.district.crawl.canary,
        )

    async def _open(self, session: aiohttp.ClientSession, resolver: SafeResolver) -> FetchRecord:
        """The home page through its redirects; the limit holds for all of them together."""
        visit = Visit(FrontierItem(self.district.site.home, purpose="probe"))
        began = time.monotonic()
        while True:
            got = Received(started_at=now_iso())
            left = self.timeout_s - (time.monotonic() - began)
            started = time.perf_counter()
            try:
                async with asyncio.timeout(max(left, 0.001)):
                    await _exchange(session, resolver, visit, got)
            except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
                got.fault, got.detail = fault_of(error)
            got.elapsed_ms = round((time.perf_counter() - started) * 1000)
            ended = advance(visit, got)
            if ended is not None:
                return ended.record

    async def _control(self, session: aiohttp.ClientSession) -> bool:
        """Whether the canary answers at all, whatever it says."""
        url = self.district.crawl.canary
        limit = aiohttp.ClientTimeout(total=self.timeout_s)
        try:
            async with session.head(url, allow_redirects=False, ssl=lenient_context(), timeout=limit):
                return True
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            return False

    def _canary_hosts(self) -> tuple[str, ...]:
        host = urlsplit(self.district.crawl.canary).hostname
        return (host,) if host else ()


async def _exchange(session: aiohttp.ClientSession, resolver: SafeResolver, visit: Visit, got: Received) -> None:
    """One request. A certificate that does not pass is another rule's matter: the page does open, after a warning."""
    if resolver.refuses_literal(visit.host):
        got.fault, got.detail = FetchOutcome.PRIVATE_ADDRESS, f"{visit.host} 是内网地址"
        return
    tls: ssl.SSLContext = lenient_context()
    headers = {"Cookie": visit.cookie} if visit.cookies else {}
    url = URL(visit.url, encoded=True)
    async with session.get(url, headers=headers, allow_redirects=False, ssl=tls) as answer:
        got.status = answer.status
        peer = answer.connection.transport.get_extra_info("peername") if answer.connection else None
        got.ip = peer[0] if peer else ""
        got.cookies = answer.headers.getall("Set-Cookie", [])
        got.headers = {k.lower(): v[:500] for k, v in answer.headers.items() if k.lower() != "set-cookie"}
        inflate = Inflate(answer.headers.get("Content-Encoding", ""), MAX_BYTES)
        async for chunk in answer.content.iter_any():
            inflate.feed(chunk)
            if inflate.overflow:
                got.too_large = True
                answer.close()
                break
        inflate.end()
        got.body = b"" if got.too_large else inflate.take()
        got.size = inflate.size
