"""From finished visits to the store: a page, its links and its place in the frontier become durable together."""

from __future__ import annotations

from dataclasses import replace

from scrapy.crawler import Crawler

from checks.outcomes import FetchOutcome
from crawler.spiders.base import Observation
from crawler.store import StoreError

KEPT_FOREIGN = 256 * 1024  # bytes; what others publish is kept only as proof of what answered


class StorePipeline:
    def __init__(self, crawler: Crawler) -> None:
        self._spider = crawler.spider

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        return cls(crawler)

    def process_item(self, item: Observation) -> Observation:
        spider = self._spider
        if spider.abandoned:
            spider.frontier.open -= 1
            return item
        try:
            with spider.store.atomic():
                record = item.ended.record
                if item.ended.body and _kept(item):
                    record = replace(record, body_sha256=spider.store.put_body(item.ended.body))
                spider.store.record(record)
                spider.frontier.add(item.found)
                spider.frontier.finish(item.visit, item.ended, item.elapsed_ms)
        except StoreError as error:
            spider.stop(str(error))
            spider.frontier.open -= 1
        return item


def _kept(item: Observation) -> bool:
    record = item.ended.record
    if record.purpose != "external":  # of the pages of others that are read, no more than their beginning is there
        return True
    return record.outcome is not FetchOutcome.OK and len(item.ended.body) <= KEPT_FOREIGN
