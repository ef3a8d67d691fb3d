"""One visit: a URL of the frontier, asked once, through all its redirects, to one outcome."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from http.cookies import CookieError, SimpleCookie
from typing import Any

import ada_url

from checks.outcomes import FetchOutcome
from crawler.classify import Answer, Verdict, classify, redirect_target_refused
from crawler.observations import FetchRecord, FrontierItem
from crawler.received import Received
from crawler.urls import host_of

MAX_HOPS = 10
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(slots=True)
class Visit:
    """`url` is where the visit stands now, `hops` the redirects behind it. Cookies live as long as visit and host.

    A `probe` only asks whether its host answers again.
    """

    item: FrontierItem
    method: str = "GET"
    url: str = ""
    hops: list[dict[str, Any]] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)
    elapsed_ms: int = 0
    started_at: str = ""
    wire_bytes: int = 0
    seen: set[tuple[str, str]] = field(default_factory=set)
    probe: bool = False

    def __post_init__(self) -> None:
        self.url = self.url or self.item.url

    @property
    def host(self) -> str:
        return host_of(self.url)

    @property
    def cookie(self) -> str:
        return "; ".join(f"{k}={v}" for k, v in self.cookies.items())


@dataclass(frozen=True, slots=True)
class Ended:
    """A visit that came to its end."""

    record: FetchRecord
    body: bytes = b""


def advance(visit: Visit, got: Received) -> Ended | None:
    """Take in one answer. None: the visit goes on at `visit.url`; else how it ended."""
    visit.elapsed_ms += got.elapsed_ms
    visit.wire_bytes += got.wire_bytes
    visit.started_at = visit.started_at or got.started_at
    location = got.headers.get("location", "")
    if got.fault is None and got.status in _REDIRECTS and location:
        return _redirected(visit, got, location)
    verdict = classify(
        Answer(
            url=visit.item.url,
            status=got.status,
            headers=got.headers,
            body=got.body,
            final_url=visit.url,
            method=visit.method,
            purpose=visit.item.purpose,
            truncated=got.truncated,
            too_large=got.too_large,
            cut=got.cut,
            fault=got.fault,
            detail=got.detail,
        )
    )
    return end(visit, got, verdict)


def _redirected(visit: Visit, got: Received, location: str) -> Ended | None:
    visit.hops.append({"url": visit.url, "status": got.status, "location": location})
    try:
        target = ada_url.join_url(visit.url, location).partition("#")[0]
    except ValueError:
        return end(visit, got, Verdict(FetchOutcome.REDIRECT_REFUSED, f"跳转地址无法解析：{location[:200]}"))
    if reason := redirect_target_refused(visit.url, target):
        return end(visit, got, Verdict(FetchOutcome.REDIRECT_REFUSED, reason))
    visit.seen.add((visit.url, visit.cookie))
    if host_of(target) == visit.host:
        _keep_cookies(visit, got.cookies)
    else:
        visit.cookies.clear()
    if len(visit.hops) > MAX_HOPS or (target, visit.cookie) in visit.seen:
        return end(visit, got, Verdict(FetchOutcome.REDIRECT_LOOP, f"跳转 {len(visit.hops)} 次后仍未到达页面"))
    visit.url = target
    return None


def _keep_cookies(visit: Visit, values: list[str]) -> None:
    for value in values[:20]:
        try:
            jar = SimpleCookie(value)
        except CookieError:
            continue
        visit.cookies.update({name: morsel.value for name, morsel in jar.items() if len(morsel.value) < 1024})


def end(visit: Visit, got: Received, verdict: Verdict) -> Ended:
    """The record of a finished visit. A redirect into a private network is a refused redirect."""
    outcome, detail = verdict.outcome, verdict.detail
    if outcome is FetchOutcome.PRIVATE_ADDRESS and visit.hops:
        outcome, detail = FetchOutcome.REDIRECT_REFUSED, f"跳转到内网地址：{visit.url}"
    item = visit.item
    record = FetchRecord(
        url=item.url,
        host=item.host or host_of(item.url),
        outcome=outcome,
        method=visit.method,
        purpose=item.purpose,
        status=got.status,
        final_url=visit.url,
        chain=tuple(visit.hops),
        headers=got.headers,
        size=got.size,
        elapsed_ms=visit.elapsed_ms,
        started_at=visit.started_at,
        ip=got.ip,
        error=detail,
        attempt=item.tries + 1,
        depth=item.depth,
        referrer=item.referrer,
        content_type=got.headers.get("content-type", "")[:200],
    )
    return Ended(record, got.body)


def without_request(item: FrontierItem, outcome: FetchOutcome, detail: str, at: str) -> FetchRecord:
    """The record of a URL that was not asked at all (robots.txt)."""
    return FetchRecord(
        url=item.url,
        host=item.host,
        outcome=outcome,
        purpose=item.purpose,
        final_url=item.url,
        started_at=at,
        error=detail,
        depth=item.depth,
        referrer=item.referrer,
    )


def tried_again(item: FrontierItem) -> FrontierItem:
    return replace(item, tries=item.tries + 1)
