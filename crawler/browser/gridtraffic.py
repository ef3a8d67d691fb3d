"""What a grid's browsers asked of each host, from the network events their drivers keep.

A grid's nodes do not pass through our gate, so their own account is taken: every request that left the browser, the
bytes that came back, headers included. What a frame of another site asks for may be missing from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from checks.hosts import host_of
from crawler.browser.traffic import Tally

LOGGING = {"performance": "ALL"}  # the value of the capability goog:loggingPrefs


class Account:
    """Tallies per host, fed with the entries of a driver's performance log in their order."""

    def __init__(self) -> None:
        self.tallies: dict[str, Tally] = {}
        self._open: dict[str, str] = {}  # request -> host that has not answered yet
        self._answered: dict[str, str] = {}  # request -> host whose body is still coming

    def add(self, entries: Iterable[dict[str, Any]]) -> None:
        """Entries that are no network events, or not what they should be, count nothing."""
        for entry in entries:
            try:
                event = json.loads(entry["message"])["message"]
                name, told = event["method"], dict(event["params"])
            except (KeyError, TypeError, ValueError):
                continue
            if name == "Network.requestWillBeSent":
                self._sent(told)
            elif name == "Network.responseReceived":
                self._came(told.get("requestId", ""), told.get("response") or {})
            elif name == "Network.requestServedFromCache":
                self._forget(told.get("requestId", ""))
            elif name == "Network.loadingFinished":
                self._ended(told.get("requestId", ""), told)

    def _sent(self, told: dict[str, Any]) -> None:
        key = told.get("requestId", "")
        if told.get("redirectResponse"):
            self._came(key, told["redirectResponse"])
            self._ended(key, told["redirectResponse"])
        host = host_of((told.get("request") or {}).get("url", ""))
        if host:
            self.tallies.setdefault(host, Tally()).unanswered += 1
            self._open[key] = host

    def _came(self, key: str, response: dict[str, Any]) -> None:
        if response.get("fromDiskCache") or response.get("fromServiceWorker") or response.get("fromPrefetchCache"):
            self._forget(key)
            return
        host = self._open.pop(key, "")
        if not host:
            return
        tally, timing = self.tallies[host], response.get("timing") or {}
        tally.unanswered -= 1
        tally.latencies.append(
            max(0.0, float(timing.get("receiveHeadersEnd", 0)) - float(timing.get("sendStart", 0)))
        )
        tally.connections += not response.get("connectionReused", False)
        self._answered[key] = host

    def _ended(self, key: str, told: dict[str, Any]) -> None:
        host = self._answered.pop(key, "")
        if host:
            self.tallies[host].bytes += int(told.get("encodedDataLength") or 0)

    def _forget(self, key: str) -> None:
        """It never left the browser."""
        host = self._open.pop(key, "")
        if host:
            self.tallies[host].unanswered -= 1
