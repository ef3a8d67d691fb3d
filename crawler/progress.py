"""Progress of a crawl, twice a second, as lines of JSON for the process that watches it."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import deque

import msgspec
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.clock import local_minutes
from crawler.manners import HostHealth, in_window
from crawler.spiders.base import FrontierSpider
from crawler.summary import Progress

EVERY_S = 0.5
SPAN_S = 10.0  # the rate is that of the last ten seconds


class ProgressReporter:
    """Writes `{"progress": …}` lines to standard output when the setting PROGRESS_LINES is on."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._task: asyncio.Task[None] | None = None
        self._past: deque[tuple[float, int]] = deque()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ProgressReporter:
        if not crawler.settings.getbool("PROGRESS_LINES"):
            raise NotConfigured
        reporter = cls(crawler)
        crawler.signals.connect(reporter.opened, signal=signals.spider_opened)
        crawler.signals.connect(reporter.ended, signal=signals.spider_closed)
        return reporter

    def opened(self) -> None:
        self._task = asyncio.ensure_future(self._report())

    def ended(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            spider: FrontierSpider = self._crawler.spider
            if spider.frontier.open == 0:
                spider.store.flush()
            emit("progress", self._now(spider))

    def _now(self, spider: FrontierSpider) -> Progress:
        frontier = spider.frontier
        moment = time.monotonic()
        self._past.append((moment, frontier.done))
        while self._past[0][0] < moment - SPAN_S:
            self._past.popleft()
        since, before = self._past[0]
        rate = (frontier.done - before) / (moment - since) if moment > since else 0.0
        left = frontier.waiting + frontier.open
        states = {
            h: str(lane.pace.health)
            for h, lane in frontier.lanes().items()
            if lane.own or lane.pace.health is not HostHealth.FINE
        }
        return Progress(
            done=frontier.done,
            known=frontier.done + left,
            rate=round(rate, 2),
            waiting_for=_waiting_for(spider, states),
            eta_s=round(left / rate, 0) if rate > 0 else None,
            host_states=states,
        )


def _waiting_for(spider: FrontierSpider, states: dict[str, str]) -> str:
    frontier, crawl = spider.frontier, spider.district.crawl
    if not in_window(crawl.window, local_minutes()):
        return f"等待采集时段 {crawl.window[0]}–{crawl.window[1]}"
    resting = [h for h, s in states.items() if s == HostHealth.RESTING]
    if resting:
        return f"{resting[0]} 连续失败，暂停后再试"
    if frontier.stopping:
        return f"正在停止，等待 {frontier.open} 个请求结束"
    if frontier.first_round == 0 and frontier.waiting:
        return f"复核 {frontier.waiting} 个未成功的网址"
    busy = max(frontier.lanes().items(), key=lambda pair: pair[1].waiting, default=None)
    return f"{busy[0]} 还有 {busy[1].waiting} 个网址" if busy and busy[1].waiting else ""


def emit(kind: str, value: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode({kind: value}) + b"\n")
    sys.stdout.buffer.flush()
