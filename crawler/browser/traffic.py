"""What the browser asked of each host, counted where all of it passes: at the gate.

A request is counted when the browser speaks after the other side has spoken, or first. Over plain HTTP that is exact;
inside an encrypted connection, whose first turn is the handshake, requests that share one turn count as one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import msgspec

from crawler.store import ObservationStore

META = "browser_traffic"
_TLS_HANDSHAKE = 0x16


class HostTraffic(msgspec.Struct):
    """Bytes are those received. Latencies (ms, to the first byte back) are means of the first and the last tenth."""

    requests: int = 0
    bytes: int = 0
    connections: int = 0
    first_ms: float = 0.0
    last_ms: float = 0.0


@dataclass(slots=True)
class Tally:
    """One host in one pass."""

    bytes: int = 0
    connections: int = 0
    latencies: list[float] = field(default_factory=list)
    unanswered: int = 0


class Turns:
    """One connection: who speaks, and how long the other side took to answer."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._asked_at: float | None = None
        self._handshake: bool | None = None  # the turn that is open is no request
        tally.connections += 1

    def up(self, data: bytes) -> None:
        if self._asked_at is not None:
            return
        self._asked_at = time.monotonic()
        self._handshake = self._handshake is None and data[0] == _TLS_HANDSHAKE
        if not self._handshake:
            self._tally.unanswered += 1

    def down(self, data: bytes) -> None:
        self._tally.bytes += len(data)
        if self._asked_at is None:
            return
        if not self._handshake:
            self._tally.unanswered -= 1
            self._tally.latencies.append((time.monotonic() - self._asked_at) * 1000)
        self._asked_at = None


def keep_traffic(store: ObservationStore, tallies: dict[str, Tally]) -> None:
    """Add what one pass cost to what earlier passes of the same snapshot did."""
    known = kept_traffic(store)
    for host, tally in tallies.items():
        known[host] = _sum(known.get(host), tally)
    if known:
        store.meta_set(META, msgspec.json.encode(dict(sorted(known.items()))).decode())


def kept_traffic(store: ObservationStore) -> dict[str, HostTraffic]:
    raw = store.meta_get(META)
    return msgspec.json.decode(raw, type=dict[str, HostTraffic]) if raw else {}


def _sum(before: HostTraffic | None, tally: Tally) -> HostTraffic:
    answered = tally.latencies
    part = max(1, len(answered) // 10)
    first = round(sum(answered[:part]) / part, 1) if answered else 0.0
    last = round(sum(answered[-part:]) / part, 1) if answered else 0.0
    old = before or HostTraffic()
    return HostTraffic(
        requests=old.requests + len(answered) + tally.unanswered,
        bytes=old.bytes + tally.bytes,
        connections=old.connections + tally.connections,
        first_ms=old.first_ms or first,
        last_ms=last or old.last_ms,
    )
