"""How fast one host is asked, when it is left alone, and when it is given up. Times are monotonic seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from email.utils import parsedate_to_datetime
from enum import StrEnum

from checks.outcomes import FetchOutcome
from config.district import District

UNTHROTTLED = 500  # requests a second from which on pacing costs more than it spares
TIMER_SLACK_S = 0.005  # a timer that fires late must not lower the rate
SLOWEST_S = 60.0  # longest pause between two requests that adaption leads to
LONGEST_REST_S = 3600.0  # longest Retry-After that is waited for, of an own host …
PATIENCE_S = 600.0  # … and of another one, which is left alone for this crawl if it asks for more
UNREADABLE_REST_S = 60.0  # a Retry-After that says nothing readable
BASELINE = 10  # answers that the usual latency is read from
GROWN = 3.0  # latency beyond this multiple of the usual one slows the crawl …
NOTICEABLE_MS = 800  # … if it is noticeable at all
NAMELESS = 3  # as many as frontier.TRIES
FAILURES_OF_STRANGER = 3  # of a host that never answered
FAILURES_OF_FRIEND = 8  # of a host that did: it is left alone, then asked by a single probe
PROBES = 2

_SILENT = (
    FetchOutcome.TIMEOUT,
    FetchOutcome.REFUSED,
    FetchOutcome.DNS,
    FetchOutcome.TLS,
    FetchOutcome.TLS_NATIONAL,
    FetchOutcome.PRIVATE_ADDRESS,
    FetchOutcome.ABORTED,
)
_TURNED_AWAY = (FetchOutcome.WAF, FetchOutcome.HTTP_5XX, FetchOutcome.RATE_LIMITED)


class HostHealth(StrEnum):
    FINE = "正常"
    SLOWED = "降速"
    RESTING = "暂停"
    DOWN = "停止"


@dataclass(slots=True)
class Pace:
    """One host. `interval` is the least time between two requests that the configuration allows."""

    interval: float
    concurrency: int
    delay: float = 0.0
    in_flight: int = 0
    next_at: float = 0.0
    failures: int = 0
    answered: bool = False
    probes: int = 0
    probing: bool = False
    down: FetchOutcome | None = None
    _latencies: list[int] = field(default_factory=list)
    _usual_ms: float = 0.0
    _recent_ms: float = 0.0

    @property
    def health(self) -> HostHealth:
        if self.down is not None:
            return HostHealth.DOWN
        if self.probing:
            return HostHealth.RESTING
        return HostHealth.SLOWED if self.delay > self.interval * 1.5 else HostHealth.FINE

    def ready(self, now: float) -> bool:
        allowed = 1 if self.probing else self.concurrency
        return self.in_flight < allowed and now >= self.next_at

    def begin(self, now: float) -> None:
        self.in_flight += 1
        wait = max(self.delay, self.interval)
        self.next_at = max(self.next_at, now - TIMER_SLACK_S) + wait if wait else now

    def ended(self, now: float, outcome: FetchOutcome, elapsed_ms: int, retry_after: float | None = None) -> None:
        """Learn from one answer: speed up to what is allowed, slow down, rest, or give the host up."""
        self.in_flight -= 1
        if outcome in _SILENT or outcome in _TURNED_AWAY:
            self._failed(now, outcome, retry_after)
            return
        self.failures = 0
        self.answered = True
        self.probing, self.probes = False, 0
        self._adapt(elapsed_ms)

    def _failed(self, now: float, outcome: FetchOutcome, retry_after: float | None) -> None:
        if self.answered and outcome in (FetchOutcome.TLS, FetchOutcome.TLS_NATIONAL):
            return  # the host answers, only not over https
        self.failures += 1
        slow = max(self.interval, 0.001)
        self.delay = min(max(self.delay, slow) * (2 if outcome in _TURNED_AWAY else 1.5), min(SLOWEST_S, slow * 30))
        if retry_after is not None:
            self.next_at = max(self.next_at, now + min(retry_after, LONGEST_REST_S))
        if self.probing:
            self.probes += 1
            if self.probes >= PROBES:
                self.down = outcome
            self._rest(now)
            return
        if not self.answered and outcome in _SILENT:
            # a name that does not resolve costs nobody a request: it is asked as often as a dead link has to be
            needed = NAMELESS if outcome in (FetchOutcome.DNS, FetchOutcome.PRIVATE_ADDRESS) else FAILURES_OF_STRANGER
            if self.failures >= needed:
                self.down = outcome
        elif self.failures >= FAILURES_OF_FRIEND * (1 if outcome in _SILENT else 3):
            self.probing = True
            self._rest(now)

    def _rest(self, now: float) -> None:
        self.next_at = max(self.next_at, now + min(SLOWEST_S, 60 * self.interval) * (1 + self.probes))

    def _adapt(self, elapsed_ms: int) -> None:
        if len(self._latencies) < BASELINE:
            self._latencies.append(elapsed_ms)
            self._usual_ms = sorted(self._latencies)[len(self._latencies) // 2]
            self._recent_ms = self._usual_ms
        self._recent_ms += 0.2 * (elapsed_ms - self._recent_ms)
        if self._recent_ms > NOTICEABLE_MS and self._recent_ms > GROWN * max(self._usual_ms, 50):
            self.delay = min(max(self.delay, self.interval, 0.05) * 1.25, max(self.interval * 10, 2.0))
        elif self.delay > self.interval:
            shorter = self.delay * 0.9
            self.delay = shorter if shorter > max(self.interval * 1.05, 0.001) else self.interval


def own_pace(district: District) -> Pace:
    return _pace(district.crawl.rate, district.crawl.concurrency)


def foreign_pace(district: District) -> Pace:
    """Hosts of others: at most one request a second, one at a time, unless `[resolve]` maps them to a replica."""
    return _pace(min(district.crawl.rate, Decimal(1)), 1)


def _pace(rate: Decimal, concurrency: int) -> Pace:
    interval = 0.0 if rate >= UNTHROTTLED else float(1 / rate)
    return Pace(interval=interval, concurrency=concurrency, delay=interval)


def in_window(window: tuple[str, str] | None, minute: int) -> bool:
    """Is this minute of the day (Asia/Shanghai) inside the crawl window? A window may run over midnight."""
    if window is None:
        return True
    start, end = (int(h) * 60 + int(m) for h, m in (w.split(":") for w in window))
    return start <= minute < end if start <= end else minute >= start or minute < end


def retry_after_seconds(value: str, sent: str = "") -> float | None:
    """Seconds that Retry-After asks for: a number, or a date counted from the answer's own Date (`sent`)."""
    value = value.strip()
    if not value:
        return None
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - parsedate_to_datetime(sent)).total_seconds())
    except (ValueError, TypeError):
        return UNREADABLE_REST_S
