"""What is asked for again when an audit is run again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from checks.outcomes import FetchOutcome as F
from crawler.again import second_chance
from crawler.observations import FetchRecord
from crawler.store import ObservationStore

HOME = "http://www.example.gov.cn/"
NOW = datetime(2026, 9, 30, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ObservationStore]:
    with ObservationStore(tmp_path / "observations.sqlite") as opened:
        yield opened


def fetched(store: ObservationStore, url: str, outcome: F, ago: timedelta) -> None:
    store.add_pending(url)
    at = (NOW - ago).astimezone(ZoneInfo("UTC")).isoformat()
    store.record(FetchRecord(url=url, host="www.example.gov.cn", outcome=outcome, started_at=at))
    store.mark_done(url)


def pending(store: ObservationStore) -> set[str]:
    return {item.url for item in store.pending()}


def test_gaps_get_another_try_after_a_pause_and_dead_links_on_another_day(store: ObservationStore) -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    fetched(store, HOME, F.OK, hour)
    fetched(store, HOME + "slow", F.TIMEOUT, hour)
    fetched(store, HOME + "slow-just-now", F.TIMEOUT, timedelta(minutes=5))
    fetched(store, HOME + "gone", F.GONE, hour)
    fetched(store, HOME + "gone-yesterday", F.GONE, day)
    fetched(store, HOME + "forbidden", F.ROBOTS, day)
    assert second_chance(store, NOW, HOME) == 2
    assert pending(store) == {HOME + "slow", HOME + "gone-yesterday"}


def test_a_site_that_was_not_seen_at_all_is_asked_at_once(store: ObservationStore) -> None:
    fetched(store, HOME, F.DNS, timedelta(minutes=1))
    assert second_chance(store, NOW, HOME) == 1


def test_an_unfinished_crawl_is_left_alone(store: ObservationStore) -> None:
    fetched(store, HOME, F.TIMEOUT, timedelta(hours=1))
    store.add_pending(HOME + "next")
    assert second_chance(store, NOW, HOME) == 0
