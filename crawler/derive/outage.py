"""Days on which our own name service was of no use: what then could not be resolved says nothing of the sites.

An office's network often resolves its own names only. Every foreign link would then be found dead, day after day.
"""

from __future__ import annotations

from collections import defaultdict

from checks.outcomes import FetchOutcome
from config.district import District
from crawler.store import ObservationStore

MANY = 3  # foreign hosts; that so many and no other fail on one day is no fault of theirs
# names that exist nowhere (RFC 2606, RFC 6761): that they do not resolve is right
_NEVER = (".invalid", ".test", ".example", ".localhost")


def blind_days(store: ObservationStore, district: District) -> frozenset[str]:
    """Calendar days (Asia/Shanghai, ISO) on which not one foreign host could be resolved.

    Three that failed are enough to tell; fewer only where nothing else was resolved by the name service either.
    Hosts named in `[resolve]` never ask it and prove nothing.
    """
    own, named = district.own_hosts(), set(district.resolve)
    failed: dict[str, set[str]] = defaultdict(set)
    foreign: set[str] = set()
    resolved: set[str] = set()
    for day, host, ip, dns in store.resolutions(str(FetchOutcome.DNS)):
        if host in named or host.endswith(_NEVER):
            continue
        if ip:
            resolved.add(day)
            if host not in own:
                foreign.add(day)
        elif dns and host not in own:
            failed[day].add(host)
    return frozenset(
        day for day, hosts in failed.items() if day not in foreign and (len(hosts) >= MANY or day not in resolved)
    )
