"""The sealed bodies put before the browser, so that what is judged is what was stored."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from checks.outcomes import FetchOutcome
from crawler.store import FetchRecord, ObservationStore

# Headers of the transfer, not of the content; cookies would start a session that the crawl did not have.
_DROPPED = frozenset({
    "content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive", "set-cookie",
    "strict-transport-security", "alt-svc",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """An answer for the browser: a body, or a redirect (`location`)."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    location: str = ""

    def fulfilment(self) -> dict[str, object]:
        """Arguments of the DevTools command Fetch.fulfillRequest, without the request's id."""
        pairs = self.headers if not self.location else (("Location", self.location),)
        return {
            "responseCode": self.status,
            "responseHeaders": [{"name": name, "value": value} for name, value in pairs],
            "body": base64.b64encode(self.body).decode("ascii"),
        }


@dataclass(frozen=True, slots=True)
class Refused:
    """The crawl did not see this page; the browser does not try what the crawler was refused."""

    outcome: FetchOutcome

    @property
    def message(self) -> str:
        return f"采集时未取得该页（{self.outcome.chinese}），未用浏览器打开"


class Documents:
    """Looks stored documents up by URL. `anew` are pages that the browser is to fetch itself."""

    def __init__(self, store: ObservationStore, anew: frozenset[str] = frozenset()) -> None:
        self._store = store
        self._anew = anew

    def plan(self, url: str) -> Document | Refused | None:
        """What to do with a planned page: show this document, leave it alone, or (None) fetch it."""
        record = self._store.latest(_document_of(url))
        if record is None:
            return None
        if record.outcome.gap or record.outcome.dead:
            return Refused(record.outcome)
        return None if url in self._anew else self._document(record)

    def stored(self, url: str) -> Document | None:
        """The stored document of a URL that the browser asks for on its way (frame, redirect, switch)."""
        record = self._store.latest(_document_of(url)) if url not in self._anew else None
        return self._document(record) if record is not None and record.outcome.seen else None

    def moved(self, url: str) -> str:
        """Where the stored fetch of `url` ended after redirects; blank if it ended there."""
        document = _document_of(url)
        record = self._store.latest(document)
        return record.final_url if record is not None and record.final_url not in ("", document) else ""

    def _document(self, record: FetchRecord) -> Document | None:
        if not record.body_sha256:
            return None
        headers = _content_headers(record.headers, record.content_type)
        status = 200 if record.outcome is FetchOutcome.NOT_MODIFIED else record.status or 200
        return Document(status, headers, self._store.body(record.body_sha256))


def _document_of(url: str) -> str:
    """What a server is asked for: what follows the # stays in the browser."""
    return url.partition("#")[0]


def _content_headers(headers: Mapping[str, str], content_type: str) -> tuple[tuple[str, str], ...]:
    kept = [(name, value) for name, value in headers.items() if name.lower() not in _DROPPED]
    if content_type and not any(name.lower() == "content-type" for name, _ in kept):
        kept.append(("Content-Type", content_type))
    return tuple(kept)
