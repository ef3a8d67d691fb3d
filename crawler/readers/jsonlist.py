"""Lists that are data: a JSON answer of a service, JSONP, or the XML of jpage."""

from __future__ import annotations

from datetime import date

from checks.facts import Row
from crawler.extract import payload
from crawler.extract.paging import further_data_pages
from crawler.readers.fragments import rows_of_records

NAME = "jsonlist"


def rows(text: str, url: str, as_of: date) -> tuple[Row, ...]:
    """Rows of a data body; empty if it holds no list."""
    return rows_of_records(payload.records(text), url, as_of)


def drift(text: str) -> str:
    """Why this reader seems out of date: a list of things with Chinese titles and days, and none could be read."""
    count = payload.unread(text)
    return f"{NAME}：数据内有 {count} 条带标题和日期的记录，没有读出" if count else ""


def more(text: str, url: str) -> list[str]:
    return further_data_pages(text, url, len(payload.records(text)))
