"""Availability probes in the snapshot: copied in as evidence while it is open, read from there on derivation."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from checks.facts import Probe
from config.district import District
from crawler.probelog import PROBES, ProbeLog, ProbeRow
from crawler.store import ObservationStore

KIND = "probe"
DAYS_KEPT = 14  # older probes say nothing about the moment that is judged


def keep_probes(district: District, store: ObservationStore, data_folder: Path, as_of: datetime) -> int:
    """Copy the probes of the last 14 days before `as_of` into the open snapshot; returns how many.

    `data_folder` is the district's, where `govaudit probe` keeps its log. The newest copy is the one that counts.
    """
    path = data_folder / PROBES
    if not path.exists():
        return 0
    with ProbeLog(path) as log:
        rows = [r for r in log.recent(as_of, DAYS_KEPT) if r.url == district.site.home]
    if not rows:
        return 0
    body = msgspec.json.encode(rows)
    last = next(reversed(list(store.artifacts(KIND))), None)
    if last is None or store.body(last.sha256) != body:
        store.add_artifact(district.site.home, KIND, body, {"host": district.site.main_host, "count": len(rows)})
    return len(rows)


def probes_of(store: ObservationStore) -> dict[str, tuple[Probe, ...]]:
    """Host → its probes in order of time, without those that say nothing about the site."""
    kept = {str(a.meta["host"]): a.sha256 for a in store.artifacts(KIND) if "host" in a.meta}
    return {host: _facts(store.body(digest)) for host, digest in kept.items()}


def _facts(body: bytes) -> tuple[Probe, ...]:
    rows = msgspec.json.decode(body, type=list[ProbeRow])
    return tuple(Probe(r.at, r.ok, r.elapsed_ms, r.outcome, r.control) for r in rows if r.counts)
