"""Values of the observation store: what one request gave, what waits to be requested, what the browser left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from checks.outcomes import FetchOutcome

OBSERVATIONS = "observations.sqlite"
"""File name of the store inside a snapshot's folder."""


@dataclass(frozen=True, slots=True)
class FetchRecord:
    """One request and how it ended.

    `chain` lists the hops of a redirected request, first to last, as {"url", "status", "location"}. `size` is in
    bytes of the decoded body, `elapsed_ms` counts from the first byte sent to the last received. `error` carries
    the detail that the outcome was read from, in Chinese.
    """

    url: str
    host: str
    outcome: FetchOutcome
    method: str = "GET"
    purpose: str = "page"
    status: int | None = None
    final_url: str = ""
    chain: tuple[dict[str, Any], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    body_sha256: str = ""
    size: int = 0
    elapsed_ms: int = 0
    started_at: str = ""
    ip: str = ""
    error: str = ""
    attempt: int = 1
    depth: int = 0
    referrer: str = ""
    content_type: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class FrontierItem:
    """A known URL. `state` is pending, done or skipped; `reason` says why it was skipped.

    `priority` orders pending items (lower first), then the order in which they were found. `tries` counts the
    requests that ended, so that a resumed crawl does not start the confirmation of a dead target again.
    """

    url: str
    host: str = ""
    depth: int = 0
    purpose: str = "page"
    referrer: str = ""
    anchor: str = ""
    state: str = "pending"
    reason: str = ""
    priority: int = 0
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Artifact:
    """Something a browser or probe made of a page: dom, axe, screenshot, crop, probe."""

    url: str
    kind: str
    sha256: str
    meta: dict[str, Any]
    created_at: str


def fetch_of(row: tuple[Any, ...]) -> FetchRecord:
    """A row of the fetches table, in the order of its columns, id last."""
    (url, host, method, purpose, outcome, status, final, chain, headers, *rest) = row
    return FetchRecord(
        url,
        host,
        FetchOutcome(outcome),
        method,
        purpose,
        status,
        final,
        tuple(msgspec.json.decode(chain)) if chain else (),
        msgspec.json.decode(headers) if headers else {},
        *rest,
    )
