"""What the crawl cost the site: requests, bytes and latency at the start and at the end, per host."""

from __future__ import annotations

import msgspec

from crawler.store import ObservationStore

SHARE = 0.1  # of a host's requests, first and last, that the latencies are means of
BUSY = (429, 503)  # a host that says it is asked too much


def measure(store: ObservationStore) -> dict[str, dict[str, float]]:
    """Write and return meta "impact": what `measured` finds."""
    impact = measured(store)
    store.meta_set("impact", msgspec.json.encode(impact).decode())
    return impact


def measured(store: ObservationStore) -> dict[str, dict[str, float]]:
    """Host -> requests, bytes, answers "too much" (`busy`), mean latency (ms) of the first and last tenth."""
    latencies: dict[str, list[int]] = {}
    sizes: dict[str, int] = {}
    busy: dict[str, int] = {}
    for host, elapsed, size, status in store.costs():
        sizes[host] = sizes.get(host, 0) + size
        busy[host] = busy.get(host, 0) + (status in BUSY)
        known = latencies.setdefault(host, [])
        if status is not None:
            known.append(elapsed)
    return {host: _of_host(latencies[host], sizes[host], busy[host]) for host in sorted(sizes)}


def _of_host(latencies: list[int], size: int, busy: int) -> dict[str, float]:
    part = max(1, int(len(latencies) * SHARE))
    first, last = latencies[:part], latencies[-part:]
    return {
        "requests": len(latencies),
        "bytes": size,
        "busy": busy,
        "first_ms": round(sum(first) / len(first), 1) if first else 0.0,
        "last_ms": round(sum(last) / len(last), 1) if last else 0.0,
    }
