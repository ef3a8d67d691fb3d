"""When our own name service fails, no foreign site is accused of having closed down."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.outcomes import FetchOutcome
from checks.tiny import tiny
from crawler.derive.outage import blind_days
from crawler.derive.targets import Answers
from crawler.observations import FetchRecord
from crawler.store import ObservationStore

DISTRICT = tiny().district
MONDAY, TUESDAY = "2026-09-28T02:00:00+00:00", "2026-09-29T02:00:00+00:00"


def asked(host: str, at: str, *, found: bool = False) -> FetchRecord:
    outcome = FetchOutcome.OK if found else FetchOutcome.DNS
    status, ip = (200, "203.0.113.9") if found else (None, "")
    return FetchRecord(f"http://{host}/", host, outcome, status=status, started_at=at, ip=ip)


@pytest.fixture
def store(tmp_path: Path) -> ObservationStore:
    return ObservationStore(tmp_path / "observations.sqlite")


def test_a_day_on_which_no_foreign_host_resolves_is_ours(store: ObservationStore) -> None:
    with store:
        for host in ("a.org.cn", "b.com", "c.cn"):
            store.record(asked(host, MONDAY))
            store.record(asked(host, TUESDAY, found=host == "c.cn"))
        store.record(asked("www.example.gov.cn", MONDAY, found=True))  # an intranet knows its own names
        blind = blind_days(store, DISTRICT)
        assert blind == {"2026-09-28"}
        answers = Answers(store, blind)
        assert [t.outcome for t in answers.tries("http://a.org.cn/")] == [FetchOutcome.ABORTED, FetchOutcome.DNS]


def test_single_names_that_fail_are_believed_where_the_service_works(store: ObservationStore) -> None:
    with store:
        store.record(asked("a.org.cn", MONDAY))
        store.record(asked("www.example.gov.cn", MONDAY, found=True))
        assert blind_days(store, DISTRICT) == frozenset()


def test_nothing_resolved_at_all_proves_nothing(store: ObservationStore) -> None:
    with store:
        store.record(asked("a.org.cn", MONDAY))
        assert blind_days(store, DISTRICT) == {"2026-09-28"}


def test_names_led_elsewhere_and_names_that_cannot_exist_are_no_witnesses(store: ObservationStore) -> None:
    led = DISTRICT.model_copy(update={"resolve": {"b.com": "127.0.0.1:1"}})
    with store:
        store.record(asked("old.invalid", MONDAY))
        assert blind_days(store, led) == frozenset()
        store.record(asked("a.org.cn", MONDAY))
        store.record(asked("b.com", MONDAY, found=True))
        assert blind_days(store, led) == {"2026-09-28"}
