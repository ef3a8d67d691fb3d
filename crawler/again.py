"""A second chance: what a finished crawl could not see is asked for again when the audit is run again.

Our own trouble (no network, a time-out, a firewall that has since let us in) must not stay in the snapshot for
ever, and a dead link has to be dead on another day too. A crawl that is not finished is left alone: it resumes.
"""

from __future__ import annotations

from datetime import date, datetime

from crawler.clock import SHANGHAI
from crawler.store import ObservationStore


def second_chance(store: ObservationStore, today: date) -> int:
    """Queue again what was not seen and may answer now; returns how many URLs. `today` is in Asia/Shanghai."""
    counts = store.counts()
    if not counts or counts.get("pending"):
        return 0
    unseen = [f for f in store.latest_all() if not f.outcome.seen and f.outcome != "robots"]
    return store.requeue(f.url for f in unseen if f.outcome.gap or _day(f.started_at) < today)


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(SHANGHAI).date()
