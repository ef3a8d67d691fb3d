"""The crawl's own process: `python -m crawler.worker SNAPSHOT SPIDER [SINCE]`, the district as JSON on stdin.

Speaks lines of JSON: progress, then `{"ended": …}` or `{"failed": "…"}`. SIGINT, SIGTERM and the end of stdin (the
watching process is gone) stop it gracefully: open requests end, the rest stays pending.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from config.district import District
from crawler import settings as project
from crawler.observations import OBSERVATIONS
from crawler.progress import emit
from crawler.spiders.base import FrontierSpider
from crawler.spiders.media import MediaSpider
from crawler.spiders.site import SiteSpider
from crawler.store import ObservationStore, StoreError
from crawler.summary import HELD_BACK, summarise

SPIDERS: dict[str, type[FrontierSpider]] = {"site": SiteSpider, "media": MediaSpider}


def main(snapshot: Path, spider: str, since: str = "") -> int:
    district = District.model_validate_json(sys.stdin.buffer.readline())
    path = snapshot / OBSERVATIONS
    try:
        with ObservationStore(path) as store:
            if store.sealed:
                emit("failed", f"采集数据已封存，不能再补采：{path}。如需重新采集，请新建一轮。")
                return 1
        state = _crawl(district, snapshot, SPIDERS[spider], since)
        if state["failure"]:
            emit("failed", state["failure"])
            return 1
        with ObservationStore(path, readonly=True) as store:
            emit("ended", summarise(store, interrupted=bool(state["interrupted"]), reason=str(state["reason"])))
    except StoreError as error:
        emit("failed", str(error))
        return 1
    return 0


def _crawl(district: District, snapshot: Path, kind: type[FrontierSpider], since: str) -> dict[str, object]:
    settings: Settings = get_project_settings()
    settings.setmodule(project, priority="project")
    settings.set("PROGRESS_LINES", True, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(kind)
    state: dict[str, object] = {"failure": "采集进程未能启动，详见 crawl.log", "interrupted": False, "reason": ""}

    def opened() -> None:
        loop = asyncio.get_running_loop()
        spider = crawler.spider

        def stop() -> None:
            state["interrupted"] = True
            spider.stop()

        for number in HELD_BACK:
            loop.add_signal_handler(number, stop)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD_BACK)
        _watch_stdin(loop, stop)

    def closed() -> None:
        spider = crawler.spider
        state["failure"] = spider.failure
        state["reason"] = spider.host_down()

    crawler.signals.connect(opened, signal=signals.spider_opened, weak=False)
    crawler.signals.connect(closed, signal=signals.spider_closed, weak=False)
    process.crawl(crawler, district=district, snapshot=snapshot, since=since)
    process.start(install_signal_handlers=False)
    return state


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """The watching process holds our stdin open for as long as it lives."""
    source = sys.stdin.fileno()

    def readable() -> None:
        if not os.read(source, 4096):
            loop.remove_reader(source)
            stop()

    loop.add_reader(source, readable)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:4]))
