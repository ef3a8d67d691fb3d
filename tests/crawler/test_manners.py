"""Pacing of one host, by examples; times are handed in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from crawl_setup import district

from checks.outcomes import FetchOutcome as F
from crawler.manners import (
    FAILURES_OF_FRIEND,
    HostHealth,
    Pace,
    foreign_pace,
    in_window,
    own_pace,
    retry_after_seconds,
)


def once_a_second(concurrency: int = 2) -> Pace:
    return Pace(interval=1.0, concurrency=concurrency, delay=1.0)


def answer(pace: Pace, now: float, outcome: F = F.OK, ms: int = 50, retry: float | None = None) -> None:
    pace.begin(now)
    pace.ended(now, outcome, ms, retry)


def test_requests_are_spaced_and_bounded() -> None:
    pace = once_a_second()
    pace.begin(100.0)
    assert not pace.ready(100.9) and pace.ready(101.0)
    pace.begin(101.0)
    assert not pace.ready(105.0), "two are in flight"
    pace.ended(105.0, F.OK, 50)
    assert pace.ready(105.0)


def test_retry_after_and_busy_answers_slow_down() -> None:
    pace = once_a_second()
    answer(pace, 0.0, F.RATE_LIMITED, retry=20.0)
    assert not pace.ready(19.9) and pace.ready(20.1)
    assert pace.delay == 2.0 and pace.health is HostHealth.SLOWED
    for n in range(30):
        answer(pace, 100.0 + 10 * n)
    assert pace.delay == pace.interval


def test_growing_latency_slows_down() -> None:
    pace = once_a_second()
    for n in range(10):
        answer(pace, 10.0 * n, ms=100)
    for n in range(20):
        answer(pace, 200.0 + 10 * n, ms=4000)
    assert pace.delay > 2 * pace.interval


@pytest.mark.parametrize(("outcome", "needed"), [(F.DNS, 3), (F.REFUSED, 3), (F.TIMEOUT, 3)])
def test_a_host_that_never_answered_is_given_up_soon(outcome: F, needed: int) -> None:
    pace = once_a_second()
    for n in range(needed):
        assert pace.down is None
        answer(pace, 100.0 * n, outcome)
    assert pace.down is outcome and pace.health is HostHealth.DOWN


def test_a_host_that_answered_before_is_probed_first() -> None:
    pace = once_a_second()
    answer(pace, 0.0)
    for n in range(FAILURES_OF_FRIEND):
        answer(pace, 100.0 + 100 * n, F.TIMEOUT)
    assert pace.down is None and pace.probing and pace.health is HostHealth.RESTING
    answer(pace, 2000.0, F.TIMEOUT)
    answer(pace, 4000.0, F.GONE)
    assert pace.down is None and not pace.probing, "any answer to a probe brings the host back"
    for n in range(FAILURES_OF_FRIEND + 2):
        answer(pace, 5000.0 + 500 * n, F.TIMEOUT)
    assert pace.down is F.TIMEOUT


def test_dead_pages_are_no_failure_of_their_host() -> None:
    pace = once_a_second()
    for n in range(50):
        answer(pace, 10.0 * n, F.GONE)
    assert pace.down is None and pace.health is HostHealth.FINE


def test_missing_https_is_no_failure_of_a_host_that_answers() -> None:
    pace = once_a_second()
    answer(pace, 0.0)
    for n in range(20):
        answer(pace, 10.0 + n, F.TLS)
    assert pace.health is HostHealth.FINE


def test_others_are_asked_once_a_second_at_most() -> None:
    it = district("127.0.0.1:1", rate=Decimal(50))
    assert own_pace(it).interval == 0.02
    assert (foreign_pace(it).interval, foreign_pace(it).concurrency) == (1.0, 1)


def test_windows_run_over_midnight() -> None:
    night = ("20:00", "06:00")
    assert in_window(night, 23 * 60) and in_window(night, 0) and not in_window(night, 6 * 60)
    assert in_window(("08:00", "18:00"), 12 * 60) and not in_window(("08:00", "18:00"), 19 * 60)
    assert in_window(None, 0)


def test_retry_after_forms() -> None:
    assert retry_after_seconds("120") == 120
    assert retry_after_seconds("") is None
    later = "Wed, 21 Oct 2026 07:28:00 GMT"
    assert retry_after_seconds(later, "Wed, 21 Oct 2026 07:26:00 GMT") == 120
    assert retry_after_seconds(later, "Wed, 21 Oct 2026 08:00:00 GMT") == 0
    assert retry_after_seconds(later) == retry_after_seconds("soon") == 60


def test_a_retry_after_that_only_looks_like_a_number_is_no_number() -> None:
    assert retry_after_seconds("\u00b2") == retry_after_seconds("soon")
