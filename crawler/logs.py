"""Log lines of the crawl. What happened to a page is in the store; the log is for what went wrong in us."""

from __future__ import annotations

from typing import Any

from scrapy.logformatter import LogFormatter


class QuietFormatter(LogFormatter):
    """No line per page and none per item: formatting them costs more than storing the page."""

    def crawled(self, *_: Any, **__: Any) -> None:
        return None

    def scraped(self, *_: Any, **__: Any) -> None:
        return None
