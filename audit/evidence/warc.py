"""The cited records as a WARC file (ISO 28500), which any replay tool opens.

Bodies are kept decoded in the store, so responses are written without their transfer headers; the headers as they
came stand in the metadata record beside. The same snapshot and findings give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from audit.evidence.cited import Body, Cited
from audit.evidence.pack import masked_json, picture_suffix
from crawler.store import FetchRecord, ObservationStore

_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})
_SHOWN = {"screenshot": "fullPage", "crop": "crop", "dom": "dom", "axe": "axe", "probe": "probe", "load": "load"}
_TYPES = {"dom": "text/html; charset=utf-8", "axe": "application/json", "probe": "application/json"}


def write_warc(path: Path, cited: Cited, store: ObservationStore, about: dict[str, str]) -> int:
    """Write `path` (gzip, record by record); returns the number of records. `about` goes into the warcinfo record."""
    with path.open("wb") as file:
        return _Archive(file, cited, store, about).write()


class _Archive:
    def __init__(self, file: BinaryIO, cited: Cited, store: ObservationStore, about: dict[str, str]) -> None:
        self._writer = WARCWriter(file, gzip=True, warc_version="1.1")
        self._cited = cited
        self._store = store
        self._about = about
        self._agent = about.get("http-header-user-agent", "")
        self._written: set[str] = set()
        self._count = 0

    def write(self) -> int:
        info = "".join(f"{k}: {v}\r\n" for k, v in self._about.items()).encode()
        self._put("warcinfo", "", info, self._about["date"], "application/warc-fields")
        for _, evidence in self._cited.evidence():
            fetch = self._cited.fetch(evidence)
            for record in [*self._cited.tries(evidence.url), *([fetch] if fetch else [])]:
                if self._first(f"fetch {record.id}"):
                    self._exchange(record)
            self._artifacts(evidence.url)
        return self._count

    def _first(self, key: str) -> bool:
        new = key not in self._written
        self._written.add(key)
        return new

    def _exchange(self, fetch: FetchRecord) -> None:
        """Redirects, the answer, the request that asked for it, and how it was fetched."""
        at = fetch.started_at
        for hop in fetch.chain:
            headers = [("Location", str(hop.get("location", "")))]
            self._response(str(hop["url"]), int(hop["status"] or 302), headers, b"", at, fetch.ip)
        body = self._cited.body(fetch)
        url = fetch.final_url or fetch.url
        concurrent = ""
        if fetch.status is not None and (body is None or not (body.withheld or body.hidden)):
            headers = [(k, v) for k, v in fetch.headers.items() if k.lower() not in _TRANSFER]
            status = 200 if fetch.status == 304 and body else fetch.status
            concurrent = self._response(url, status, headers, body.raw if body else b"", at, fetch.ip)
            self._request(url, fetch.method, at, concurrent)
        elif body is not None and body.masked is not None:
            self._put("conversion", url, body.masked, at, "text/html; charset=utf-8", note="personal-data-masked")
        told = _metadata(fetch, body)
        extra = {"WARC-Concurrent-To": concurrent} if concurrent else {}
        self._put("metadata", url, masked_json(told), at, "application/json", extra=extra)

    def _artifacts(self, url: str) -> None:
        for artifact in self._cited.artifacts(url, *_SHOWN):
            if not self._first(f"artifact {artifact.kind} {artifact.url} {artifact.sha256}"):
                continue
            if self._cited.is_private(url, artifact.url, artifact.sha256):
                continue
            data = bytes(self._store.body(artifact.sha256))
            kind = _TYPES.get(artifact.kind, "application/json")
            if artifact.kind in ("screenshot", "crop"):
                kind = "image/png" if picture_suffix(data) == "png" else "image/jpeg"
            else:
                data = self._cited.prepared(artifact.sha256, kind, url).masked or data
            address = f"urn:{_SHOWN[artifact.kind]}:{artifact.url}"
            self._put("resource", address, data, artifact.created_at, kind)

    def _response(
        self, url: str, status: int, headers: Iterable[tuple[str, str]], body: bytes, at: str, ip: str
    ) -> str:
        lines = [*headers, ("Content-Length", str(len(body)))]
        http = StatusAndHeaders(f"{status} {_phrase(status)}", _ascii(lines), protocol="HTTP/1.1")
        extra = {"WARC-IP-Address": ip} if ip else {}
        kind = "application/http; msgtype=response"
        return self._put("response", url, body, at, kind, http=http, extra=extra)

    def _request(self, url: str, method: str, at: str, answer: str) -> None:
        parts = urlsplit(url)
        line = f"{method} {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1"
        lines = [("Host", parts.netloc), ("User-Agent", self._agent), ("Accept-Language", "zh-CN,zh;q=0.9")]
        http = StatusAndHeaders(line, _ascii(lines), is_http_request=True)
        kind = "application/http; msgtype=request"
        self._put("request", url, b"", at, kind, http=http, extra={"WARC-Concurrent-To": answer})

    def _put(
        self,
        kind: str,
        url: str,
        data: bytes,
        at: str,
        content_type: str,
        *,
        http: Any = None,
        extra: dict[str, str] | None = None,
        note: str = "",
    ) -> str:
        """Write one record; returns its id, which follows from what it holds."""
        digest = hashlib.sha256(data).digest()
        name = f"{self._about['isPartOf']} {kind} {url} {at} {self._count} {digest.hex()}"
        identity = f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"
        headers = {"WARC-Record-ID": identity, "WARC-Date": _date(at), **(extra or {})}
        if kind != "warcinfo":
            headers["WARC-Payload-Digest"] = f"sha256:{base64.b32encode(digest).decode()}"
        if note:
            headers["WARC-Identified-Payload-Type"] = "text/html"
            headers["WARC-Profile"] = f"urn:govaudit:{note}"
        record = self._writer.create_warc_record(
            url, kind, payload=BytesIO(data), length=len(data), warc_content_type=content_type,
            warc_headers_dict=headers, http_headers=http,
        )  # fmt: skip
        self._writer.write_record(record)
        self._count += 1
        return identity


def _metadata(fetch: FetchRecord, body: Body | None) -> dict[str, Any]:
    """How it was fetched. The request's own headers are not stored; the request record is made from what is fixed."""
    return {
        "asked": fetch.url,
        "method": fetch.method,
        "outcome": fetch.outcome,
        "status": fetch.status,
        "redirects": fetch.chain,
        "headers_received": fetch.headers,
        "started_at": fetch.started_at,
        "elapsed_ms": fetch.elapsed_ms,
        "ip": fetch.ip,
        "attempt": fetch.attempt,
        "via": fetch.referrer,
        "detail": fetch.error,
        "body_sha256": fetch.body_sha256,
        "body_withheld": bool(body and (body.withheld or body.hidden)),
    }


def _date(at: str) -> str:
    """WARC/1.1 dates are UTC and end in Z."""
    return at.replace("+00:00", "Z") if at.endswith("+00:00") else at


def _ascii(lines: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Header lines as a WARC reader expects them: no line breaks, latin-1 at most."""
    return [
        (k, v.replace("\r", " ").replace("\n", " ").encode("latin-1", "replace").decode("latin-1")) for k, v in lines
    ]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
