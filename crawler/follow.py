"""Links that only a rendered page shows, queued for the crawl to fetch."""

from __future__ import annotations

from pathlib import Path

from config.district import District
from crawler.extract.discover import discover
from crawler.store import ObservationStore


def follow_rendered(observations: Path, district: District) -> int:
    """Queue in-scope links of rendered pages that the crawl does not know; returns how many are new."""
    from crawler.scope import admit  # the same scope test as the spider's

    with ObservationStore(observations) as store:
        before = store.counts().get("pending", 0)
        for artifact in store.artifacts("dom"):
            found = discover(store.body(artifact.sha256), artifact.url, "text/html; charset=utf-8")
            admit(store, district, artifact.url, found)
        return int(store.counts().get("pending", 0) - before)
