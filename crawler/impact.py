"""What the crawl cost the site: requests, bytes and latency at the start and at the end, per host."""

from __future__ import annotations

import msgspec

from crawler.store import ObservationStore


def measure(store: ObservationStore) -> dict[str, dict[str, float]]:
    """Write and return meta "impact": host -> requests, bytes, mean latency (ms) of the first and last tenth."""
    latencies: dict[str, list[int]] = {}
    sizes: dict[str, int] = {}
    for host, elapsed, size, status in store.costs():
        sizes[host] = sizes.get(host, 0) + size
        if status is not None:
            latencies.setdefault(host, []).append(elapsed)
        else:
            latencies.setdefault(host, [])
    impact = {host: _of_host(latencies[host], sizes[host]) for host in sorted(sizes)}
    store.meta_set("impact", msgspec.json.encode(impact).decode())
    return impact


def _of_host(latencies: list[int], size: int) -> dict[str, float]:
    tenth = max(1, len(latencies) // 10)
    first, last = latencies[:tenth], latencies[-tenth:]
    return {
        "requests": len(latencies),
        "bytes": size,
        "first_ms": round(sum(first) / len(first), 1) if first else 0.0,
        "last_ms": round(sum(last) / len(last), 1) if last else 0.0,
    }
