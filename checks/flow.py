"""Charging faults to capped indicators so that each fact costs once: a small maximum flow.

Why a flow and not first come, first served: with caps and shared facts, any fixed order lets an additional fault
push another one out and *raise* the score. The maximum flow only grows when a fault is added, whatever the order.

A charge runs from its fact over the exclusion its indicator names (a column, say) and over the indicator's own
"once however often" to the indicator; each of these passes on at most the largest points of what comes to it, the
indicator at most its cap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

ZERO = Decimal(0)
_ENDLESS = Decimal("Infinity")
Node = tuple[str, ...]
_SOURCE: Node = ("",)
_SINK: Node = ("~",)


@dataclass(frozen=True, slots=True)
class Charge:
    """One fault under one indicator. `fact` is what is charged once; `within` and `once` may be blank."""

    fact: str
    indicator: str
    points: Decimal
    within: str = ""  # an exclusion: all facts of it together cost as much as the dearest
    once: str = ""  # of the indicator: all faults of it together cost as much as the dearest
    key: str = ""  # names the fault in `Charged.under`


@dataclass(frozen=True, slots=True)
class Charged:
    """Points per indicator (only those that lose some), and what is already paid for: fault → the fault that pays."""

    points: Mapping[str, Decimal]
    under: Mapping[str, str]


def charge(charges: Iterable[Charge], caps: Mapping[str, Decimal | None]) -> Charged:
    """The most that can be charged with each fact costing once.

    `caps` limits indicators; None or a missing entry means no limit. Nothing depends on the order of the charges.
    """
    known = sorted(charges, key=lambda c: (c.fact, c.indicator, -c.points, c.within, c.once, c.key))
    edges = _network(known, caps)
    flow = _maximum_flow(edges)
    points = {node[1]: flow[node, _SINK] for node in sorted(edges) if node[0] == "indicator" and flow[node, _SINK]}
    return Charged(points, _under(known, flow))


def _path(item: Charge) -> list[Node]:
    """The stations of a charge from its fact to the indicator; an exclusion has an entrance and an exit."""
    stations: list[Node] = [("fact", item.fact)]
    stations += [("within", item.within), ("without", item.within)] if item.within else []
    stations += [("once", item.once)] if item.once else []
    return [*stations, ("indicator", item.indicator)]


def _network(charges: Sequence[Charge], caps: Mapping[str, Decimal | None]) -> dict[Node, dict[Node, Decimal]]:
    """Capacities. A fact that costs in one place only is added to what that place receives: the graph stays small."""
    shared = _shared(charges)
    edges: dict[Node, dict[Node, Decimal]] = defaultdict(dict)
    lone: dict[str, tuple[Node, Decimal]] = {}
    for item in charges:
        stations = _path(item)
        if item.fact in shared:
            _widen(edges, _SOURCE, stations[0], item.points)
        else:
            stations = stations[1:]
            lone[item.fact] = stations[0], max(item.points, lone.get(item.fact, (stations[0], ZERO))[1])
        for one, other in pairwise(stations):
            _widen(edges, one, other, item.points)
        cap = caps.get(item.indicator)
        edges[stations[-1]][_SINK] = _ENDLESS if cap is None else cap
    for node, points in lone.values():
        edges[_SOURCE][node] = edges[_SOURCE].get(node, ZERO) + points
    return edges


def _shared(charges: Iterable[Charge]) -> frozenset[str]:
    """Facts that may cost in more than one place."""
    ways: dict[str, set[Node]] = defaultdict(set)
    for item in charges:
        ways[item.fact].add(_path(item)[1])
    return frozenset(fact for fact, places in ways.items() if len(places) > 1)


def _widen(edges: dict[Node, dict[Node, Decimal]], one: Node, other: Node, points: Decimal) -> None:
    edges[one][other] = max(edges[one].get(other, ZERO), points)


def _maximum_flow(edges: Mapping[Node, Mapping[Node, Decimal]]) -> Mapping[tuple[Node, Node], Decimal]:
    """Augmenting paths, the dearest way first: a fact is charged whole where it costs most if there is room."""
    left: dict[Node, dict[Node, Decimal]] = defaultdict(dict)
    for one, row in edges.items():
        for other, capacity in row.items():
            left[one][other] = capacity
            left[other].setdefault(one, ZERO)
    order = {n: sorted(row, key=lambda other: (-edges.get(n, {}).get(other, ZERO), other)) for n, row in left.items()}
    while way := _way(left, order):
        amount = min(left[one][other] for one, other in pairwise(way))
        for one, other in pairwise(way):
            left[one][other] -= amount
            left[other][one] += amount
    return {
        (one, other): max(ZERO, left[other][one] - edges.get(other, {}).get(one, ZERO))
        for one, row in edges.items()
        for other in row
    }


def _way(left: Mapping[Node, Mapping[Node, Decimal]], order: Mapping[Node, Sequence[Node]]) -> list[Node]:
    """A path from source to sink on which something can still flow; empty when there is none."""
    way: list[Node] = [_SOURCE]
    seen: set[Node] = {_SOURCE}
    ahead = [iter(order.get(_SOURCE, ()))]
    while way:
        step = next((n for n in ahead[-1] if n not in seen and left[way[-1]][n] > 0), None)
        if step is None:
            way.pop()
            ahead.pop()
            continue
        way.append(step)
        if step == _SINK:
            return way
        seen.add(step)
        ahead.append(iter(order[step]))
    return []


def _under(charges: Sequence[Charge], flow: Mapping[tuple[Node, Node], Decimal]) -> dict[str, str]:
    """Which fault pays for a fault that costs nothing itself because its fact, or its exclusion, costs elsewhere."""
    dearest = sorted(charges, key=lambda c: (-c.points, c.indicator, c.key))
    paid: dict[str, str] = {}
    for start, field in (("fact", "fact"), ("without", "within")):
        groups: dict[str, list[Charge]] = defaultdict(list)
        for item in dearest:
            if getattr(item, field) and item.key not in paid:
                groups[getattr(item, field)].append(item)
        for items in groups.values():
            first: dict[tuple[Node, Node], Charge] = {}
            for item in items:
                first.setdefault(next(s for s in pairwise(_path(item)) if s[0][0] == start), item)
            payers = [i for step, i in first.items() if flow.get(step, i.points) > 0] or items[:1]
            paid |= {i.key: payers[0].key for i in items if i not in payers}
    return {key: paid.get(payer, payer) for key, payer in paid.items()}
