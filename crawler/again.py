"""A second chance: what a finished crawl could not see is asked for again when the audit is run again.

Our own trouble (no network, a time-out, a firewall that has since let us in) must not stay in the snapshot for
ever, and a dead link has to be dead on another day too. A crawl that is not finished is left alone: it resumes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.derive.echoes import echoes
from crawler.observations import FetchRecord
from crawler.store import ObservationStore

PAUSE = timedelta(minutes=30)  # an audit that was killed and is started at once asks nobody twice


def second_chance(store: ObservationStore, now: datetime, home: str) -> int:
    """Queue again what was not seen and may answer now; returns how many URLs. `now` is aware.

    Where not even the home page was seen, everything that failed is asked for again at once.
    """
    counts = store.counts()
    if not counts or counts.get("pending"):
        return 0
    front = store.latest(home)
    blind = front is None or not front.outcome.seen
    empty = {url for url, _ in echoes(store)}
    unseen = [f for f in store.latest_all() if (not f.outcome.seen and f.outcome != "robots") or f.url in empty]
    return store.requeue(f.url for f in unseen if blind or _worth_asking(f, now))


def _worth_asking(fetch: FetchRecord, now: datetime) -> bool:
    tried = datetime.fromisoformat(fetch.started_at).astimezone(now.tzinfo)
    return tried.date() < now.date() or (fetch.outcome.gap and now - tried > PAUSE)
