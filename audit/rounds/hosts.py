"""Whether a host that should not be used still is: asked itself, and looked for on the pages that lead to it.

No single page answers for a host's name. So the host is asked for its front page, and the site's own front page and
navigation are read anew: what they lead to is in use, whether or not it lets us in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from audit.rounds.cases import Case
from checks.hosts import is_gov, same_site
from checks.outcomes import FetchOutcome
from crawler.urls import host_of

RULES = frozenset({"domain-not-gov", "domain-extra-host"})
Answer = tuple[str, str, str]
"""Outcome (FetchOutcome or ""), sha256, time."""


class Use(StrEnum):
    STANDS = "stands"  # it answers itself, or a page of the site leads to it
    PARTLY = "partly"  # it only redirects, but a page of the site still leads to it
    MOVED = "moved"  # it redirects into the site, and no page leads to it
    DEAD = "dead"  # it does not answer any more, and no page leads to it
    CLOSED = "closed"  # inside a private network: it is never asked
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class HostNow:
    """What came of it, in a sentence, and the address that shows it."""

    use: Use
    text: str
    url: str


def host_in_question(case: Case) -> str:
    """The host a case is about; blank where it is about something else."""
    return str(case.lead.data.get("host") or "") if case.lead.rule in RULES else ""


def fronts(host: str) -> list[str]:
    return [f"http://{host}/", f"https://{host}/"]


def look(
    host: str,
    main: str,
    named: Iterable[str],
    fetched: Mapping[str, Answer],
    final: Mapping[str, str],
    leads: Mapping[str, frozenset[str]],
) -> HostNow:
    """`named` are addresses of the case, `final` where an asked address ended, `leads` where a page leads now."""
    asked = [u for u in dict.fromkeys([*fronts(host), *named]) if host_of(u) == host and fetched.get(u, ("",))[0]]
    outcomes = {u: FetchOutcome(fetched[u][0]) for u in asked}
    pointing = next((p for p in sorted(leads) if _anew(p, fetched) and _leads_to(host, p, leads[p])), "")
    seen = [u for u in asked if outcomes[u].seen]
    looked = any(_anew(p, fetched) for p in leads)
    own = next((u for u in seen if host_of(final.get(u, u)) == host), "")
    if own:
        return HostNow(Use.STANDS, f"复查时{host}仍能打开{_and(pointing)}。", own)
    if seen:
        to = host_of(final.get(seen[0], ""))
        if not (same_site(to, main) or is_gov(to, ("gov.cn", "政务", "xn--zfr164b"))):
            return HostNow(Use.STANDS, f"复查时{host}跳转到{to}，仍不在门户域名之下。", seen[0])
        if pointing:
            return HostNow(Use.PARTLY, f"{host}已跳转到{to}，但{pointing}仍指向它。", pointing)
        if not looked:
            return HostNow(Use.UNSEEN, f"{host}已跳转到{to}，但首页未能重新读取，不能确认是否仍指向它。", seen[0])
        return HostNow(Use.MOVED, f"{host}已跳转到{to}，重新读取的首页和导航不再指向它。", seen[0])
    if pointing:
        how = f"（{outcomes[asked[0]].chinese}）" if asked else ""
        return HostNow(Use.STANDS, f"重新读取的{pointing}仍指向{host}{how}。", pointing)
    if looked and asked and all(outcomes[u].dead for u in asked):
        how = outcomes[asked[0]].chinese
        return HostNow(Use.DEAD, f"{host}已不能访问（{how}），首页和导航不再指向它；是否已注销须人工核对。", asked[0])
    inner = next((u for u in asked if outcomes[u] is FetchOutcome.PRIVATE_ADDRESS), "")
    if inner:
        return HostNow(Use.CLOSED, f"{host}指向内网地址，本工具从不访问，是否仍在使用须人工核对。", inner)
    how = outcomes[asked[0]].chinese if asked else "未访问"
    return HostNow(Use.UNSEEN, f"{host}未能访问（{how}），不能确认是否仍在使用。", asked[0] if asked else "")


def _anew(page: str, fetched: Mapping[str, Answer]) -> bool:
    outcome = fetched.get(page, ("",))[0]
    return bool(outcome) and FetchOutcome(outcome).seen


def _leads_to(host: str, page: str, targets: Iterable[str]) -> bool:
    return host_of(page) != host and any(host_of(t) == host for t in targets)


def _and(pointing: str) -> str:
    return f"，{pointing}仍指向它" if pointing else ""
