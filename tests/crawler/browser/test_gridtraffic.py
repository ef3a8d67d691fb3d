"""A driver's network events, counted per host."""

from __future__ import annotations

import json
from typing import Any

from crawler.browser.gridtraffic import Account

A, B = "http://a.gov.cn/", "https://b.gov.cn/x.js"


def entry(method: str, **params: Any) -> dict[str, Any]:
    return {"level": "INFO", "message": json.dumps({"message": {"method": f"Network.{method}", "params": params}})}


def sent(key: str, url: str, **more: Any) -> dict[str, Any]:
    return entry("requestWillBeSent", requestId=key, request={"url": url}, **more)


def came(key: str, **response: Any) -> dict[str, Any]:
    return entry("responseReceived", requestId=key, response=response)


def ended(key: str, size: int) -> dict[str, Any]:
    return entry("loadingFinished", requestId=key, encodedDataLength=size)


def test_answers_bytes_and_waits_are_counted_where_they_were_asked() -> None:
    account = Account()
    moved = {"timing": {"sendStart": 1, "receiveHeadersEnd": 4}, "encodedDataLength": 100}
    account.add([sent("1", A), sent("1", B, redirectResponse=moved)])
    account.add(
        [came("1", timing={"sendStart": 2, "receiveHeadersEnd": 9.5}, connectionReused=True), ended("1", 900)]
    )
    a, b = account.tallies["a.gov.cn"], account.tallies["b.gov.cn"]
    assert (a.latencies, a.bytes, a.connections, a.unanswered) == ([3.0], 100, 1, 0)
    assert (b.latencies, b.bytes, b.connections, b.unanswered) == ([7.5], 900, 0, 0)


def test_what_never_left_the_browser_is_not_counted_and_what_was_not_answered_is() -> None:
    account = Account()
    account.add([sent("1", A), entry("requestServedFromCache", requestId="1"), came("1"), ended("1", 50)])
    account.add([sent("2", A), came("2", fromDiskCache=True), ended("2", 50)])
    account.add([sent("3", "data:image/png;base64,AA"), sent("4", A)])
    tally = account.tallies["a.gov.cn"]
    assert (tally.latencies, tally.bytes, tally.unanswered) == ([], 0, 1)


def test_entries_that_are_no_events_count_nothing() -> None:
    account = Account()
    listed = {"message": json.dumps({"message": {"method": "Network.loadingFinished", "params": [1]}})}
    account.add([{}, {"message": "x"}, {"message": "[]"}, {"message": "{}"}, listed])
    account.add([entry("responseReceived"), sent("1", "http://[broken")])
    assert account.tallies == {}
