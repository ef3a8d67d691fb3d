"""What both spiders share: visits come out of the frontier, answers go into the store, nothing else is remembered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from checks.outcomes import FetchOutcome
from config.district import District
from crawler.classify import Verdict
from crawler.clock import local_minutes, now_iso, now_utc
from crawler.frontier import Frontier
from crawler.handler import BoundedHandler
from crawler.impact import measure
from crawler.observations import OBSERVATIONS, FrontierItem
from crawler.past import Past, asked_whole
from crawler.received import Received
from crawler.robots import RobotsRules
from crawler.scope import Scope
from crawler.store import ObservationStore
from crawler.urls import host_of
from crawler.visit import Ended, Visit, advance, end, without_request

GRACE_S = 5.0  # for open requests once the crawl is asked to stop


@dataclass(slots=True)
class Observation:
    """One finished visit with the URLs it made known, on its way to the store. `elapsed_ms` is the last hop's."""

    visit: Visit
    ended: Ended
    found: list[FrontierItem]
    elapsed_ms: int


class FrontierSpider(Spider):
    """Arguments: `district` (folder, built-in id or District), `snapshot` (folder of the observations), `since`
    (folder of an older, sealed snapshot; what has not changed since then is not transferred again).
    """

    purposes: frozenset[str] = frozenset()

    def __init__(self, district: str | Path | District = "", snapshot: str | Path = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.district = district if isinstance(district, District) else _load(district)
        if not snapshot:
            raise ValueError("缺少参数 snapshot：请用 -a snapshot=文件夹 指定采集数据放在哪里")
        self.store: ObservationStore = kwargs.get("store") or ObservationStore(Path(snapshot) / OBSERVATIONS)
        since = kwargs.get("since")
        self.past = Past(Path(since) if since else None, asked_whole(self.store))
        self.scope = Scope(self.district, now_utc().date())
        crawl = self.district.crawl
        self.robots = RobotsRules(obey=crawl.obey_robots and not crawl.authorisation)
        self.frontier = Frontier(self.store, self.district, self.purposes, minute=local_minutes)
        self.failure = ""
        self.abandoned = False
        self.handlers: list[BoundedHandler] = []  # enter themselves
        self._began = time.monotonic()

    # -- out ------------------------------------------------------------------------------------------------------

    def seeds(self) -> Iterable[FrontierItem]:
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Request]:
        self.open_frontier()
        while (visit := await self.frontier.take()) is not None:
            if self._forbidden(visit):
                continue
            yield self.request(visit)

    def open_frontier(self) -> None:
        """Resume: what earlier runs left pending, robots.txt as it was read, and seeds that are new."""
        counts = self.store.counts()
        if counts and not counts.get("pending"):
            self.store.reopen("host-down", self.purposes)  # what another spider asks for is not this one's to try
        self.frontier.load()
        for record in self.store.fetches("robots"):
            self.robots.learn(record, self.store.body(record.body_sha256) if record.body_sha256 else b"")
        self.frontier.add(self.seeds())
        self.store.flush()

    def request(self, visit: Visit) -> Request:
        headers = self.past.conditions(visit)
        if visit.cookies:
            headers["Cookie"] = visit.cookie
        return Request(
            visit.url,
            method=visit.method,
            headers=headers,
            callback=self.parse,
            errback=self.failed,
            meta={"visit": visit, "verbatim_url": True},
            dont_filter=True,
        )

    def _forbidden(self, visit: Visit) -> bool:
        item = visit.item
        if item.purpose == "robots" or visit.host not in self.scope.hosts or self.robots.allows(visit.url):
            return False
        with self.store.atomic():
            self.store.record(without_request(item, FetchOutcome.ROBOTS, "robots.txt 不允许访问", now_iso()))
            self.frontier.refuse(visit, "robots")
        return True

    # -- in -------------------------------------------------------------------------------------------------------

    def parse(self, response: Response, **_: Any) -> Iterator[Observation]:
        visit: Visit = response.meta["visit"]
        got: Received = response.meta["received"]
        came_from = visit.host
        ended = advance(visit, got)
        if ended is None:
            self.frontier.go_on(visit, came_from, got.elapsed_ms)
            return
        ended = self.past.recall(visit, ended)
        found: list[FrontierItem] = []
        if visit.item.purpose == "robots":
            self.robots.learn(ended.record, ended.body)
        if ended.record.outcome.seen and not visit.probe:
            found = self.read(visit, ended)
        yield Observation(visit, ended, found, got.elapsed_ms)

    def read(self, visit: Visit, ended: Ended) -> list[FrontierItem]:
        """URLs that a page which was seen makes known."""
        raise NotImplementedError

    def failed(self, failure: Failure) -> Iterator[Observation]:
        """A fault of ours, not of the site: recorded as aborted, so that nobody is accused of it."""
        visit: Visit = failure.request.meta["visit"]
        got = failure.request.meta.get("received") or Received(started_at=now_iso())
        verdict = Verdict(FetchOutcome.ABORTED, f"采集程序出错：{failure.value!r}"[:300])
        self.logger.error("%s: %r", visit.url, failure.value)
        yield Observation(visit, end(visit, got, verdict), [], got.elapsed_ms)

    # -- the end --------------------------------------------------------------------------------------------------

    def stop(self, reason: str = "") -> None:
        """Ask for no more; open requests may end. A reason names a failure, a blank one an interruption."""
        self.failure = self.failure or reason
        self.frontier.stop()
        asyncio.get_running_loop().call_later(GRACE_S, self._abandon)

    def _abandon(self) -> None:
        """Requests that do not end in time are cut off by us: not recorded, so they are simply pending again."""
        self.abandoned = True
        for handler in self.handlers:
            handler.cut_off()

    def closed(self, reason: str) -> None:
        try:
            if not self.failure:
                spent = float(self.store.meta_get("crawl_seconds") or 0) + time.monotonic() - self._began
                self.store.meta_set("crawl_seconds", round(spent, 1))
                measure(self.store)
        finally:
            self.past.close()
            self.store.close()

    def host_down(self) -> str:
        """Why the main host was given up, in a sentence; "" if it was not."""
        host = host_of(self.district.site.home)
        lane = self.frontier.lanes().get(host)
        if lane is None or lane.pace.down is None or lane.pace.answered:
            return ""
        return f"网站 {host} 无法访问：{lane.pace.down.chinese}。请检查网址、网络或 [resolve] 设置后再次运行。"


def _load(reference: str | Path) -> District:
    if not reference:
        raise ValueError("缺少参数 district：请用 -a district=文件夹或内置编号 指定要采集的辖区")
    from config.load import load_district

    return load_district(reference)
