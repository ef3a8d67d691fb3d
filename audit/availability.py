"""How the availability of a site stands by its probes so far, by the limits that the rule will judge with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from checks.rules.availability import Unreachable
from checks.snapshot import SHANGHAI
from checks.standards import parameters
from config.district import District
from config.standard import Standard
from crawler.probelog import ProbeRow

RULE = "site-unreachable"


@dataclass(frozen=True, slots=True)
class Day:
    """Probes of one calendar day (Asia/Shanghai); `counted` are those that say something about the site."""

    day: str
    counted: int
    failed: int
    own: int
    unclear: int
    slowest_ms: int


@dataclass(frozen=True, slots=True)
class Standing:
    """`state` is failed, amber, passed or short (too few probes yet); `share` of failures in percent."""

    state: str
    counted: int
    need: int
    failed: int
    share: float | None
    fail_share: float
    amber_share: float
    days: tuple[Day, ...]


def limits_of(district: District, standards: Sequence[Standard]) -> Unreachable:
    """Parameters of `site-unreachable` in the first standard that uses it; else the rule's own."""
    found = parameters(standards, district, RULE)
    return found if isinstance(found, Unreachable) else Unreachable()


def standing_of(rows: Iterable[ProbeRow], limits: Unreachable, now: datetime) -> Standing:
    """The last `limits.days` calendar days up to `now`, day by day and together."""
    today = now.astimezone(SHANGHAI).date()
    by_day: dict[str, list[ProbeRow]] = defaultdict(list)
    for row in rows:
        day = row.moment.astimezone(SHANGHAI).date()
        if 0 <= (today - day).days < limits.days:
            by_day[day.isoformat()].append(row)
    days = tuple(_day(name, by_day[name]) for name in sorted(by_day))
    counted, bad = sum(d.counted for d in days), sum(d.failed for d in days)
    need = limits.per_day * limits.days
    share = 100 * bad / counted if counted else None
    state = "passed"
    if counted < need or sum(d.counted > 0 for d in days) < limits.days or share is None:
        state = "short"
    elif share >= limits.fail_share:
        state = "failed"
    elif share > limits.amber_share:
        state = "amber"
    return Standing(state, counted, need, bad, share, limits.fail_share, limits.amber_share, days)


def _day(name: str, rows: list[ProbeRow]) -> Day:
    unclear = [r for r in rows if not r.counts]
    own = [r for r in rows if r.counts and not r.ok and r.control is False]
    counted = [r for r in rows if r.counts and (r.ok or r.control is not False)]
    slowest = max((r.elapsed_ms for r in counted), default=0)
    return Day(name, len(counted), sum(not r.ok for r in counted), len(own), len(unclear), slowest)
