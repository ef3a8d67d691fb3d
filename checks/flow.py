"""Charging faults to capped indicators so that each fault costs once: a small maximum flow.

Why a flow and not first come, first served: with caps and shared faults, any fixed order lets an additional fault
push another one out and *raise* the score. The maximum flow only grows when a fault is added, whatever the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

ZERO = Decimal(0)


def charge(faults: Iterable[tuple[str, str, Decimal]], caps: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """Deduction per indicator.

    `faults` are (source, indicator, points): a source is charged at most its largest points over all indicators.
    `caps` limits indicators; None or a missing entry means no limit. Returns only indicators that lose points.
    """
    edges: dict[str, dict[str, Decimal]] = {}
    for source, indicator, points in faults:
        row = edges.setdefault(source, {})
        row[indicator] = max(row.get(indicator, ZERO), points)
    loads: dict[str, Decimal] = {}
    shared = {source: row for source, row in edges.items() if len(row) > 1}
    for source in sorted(edges):
        if source not in shared:
            ((indicator, points),) = edges[source].items()
            loads[indicator] = loads.get(indicator, ZERO) + points
    room = {i: _room(caps.get(i), loads.get(i, ZERO)) for row in edges.values() for i in row}
    flows = _maximum_flow(shared, room)
    total: dict[str, Decimal] = {}
    for indicator in sorted(room):
        own = loads.get(indicator, ZERO)
        cap = caps.get(indicator)
        value = (own if cap is None else min(own, cap)) + flows.get(indicator, ZERO)
        if value:
            total[indicator] = value
    return total


def _room(cap: Decimal | None, load: Decimal) -> Decimal | None:
    return None if cap is None else max(ZERO, cap - load)


def _maximum_flow(
    shared: Mapping[str, Mapping[str, Decimal]], room: Mapping[str, Decimal | None]
) -> dict[str, Decimal]:
    """Augmenting paths source -> indicator -> other source … in sorted order; flow per indicator."""
    flow = {s: dict.fromkeys(row, ZERO) for s, row in shared.items()}
    used = dict.fromkeys(room, ZERO)

    def push(source: str, amount: Decimal, visited: set[str]) -> Decimal:
        """Send up to `amount` from a source, moving other sources' charges where that frees room."""
        for indicator in sorted(shared[source], key=lambda i: (-shared[source][i], i)):
            edge = min(amount, shared[source][indicator] - flow[source][indicator])
            if edge <= 0 or indicator in visited:
                continue
            visited.add(indicator)
            limit = room[indicator]
            free = edge if limit is None else min(edge, limit - used[indicator])
            if free > 0:
                flow[source][indicator] += free
                used[indicator] += free
                return free
            for other in sorted(shared):
                moved = min(edge, flow[other].get(indicator, ZERO)) if other != source else ZERO
                if moved > 0:
                    moved = push(other, moved, visited)
                    if moved > 0:
                        flow[other][indicator] -= moved
                        flow[source][indicator] += moved
                        return moved
        return ZERO

    for source in sorted(shared):
        left = max(shared[source].values())
        while left > 0:
            sent = push(source, left, set())
            if sent <= 0:
                break
            left -= sent
    return used
