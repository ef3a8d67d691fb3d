"""The evidence folder: per fault what was seen, how it was fetched, and what was searched, readable without us."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from audit.evidence.cited import Body, Case, Cited
from checks.personal import hide_personal
from checks.snapshot import SHANGHAI
from checks.verdicts import Evidence
from crawler.store import FetchRecord, ObservationStore

PICTURES = {"screenshot": "screenshot", "crop": "crop"}
SEARCHED = ("trail", "fetched", "known", "gap", "log", "near_misses", "pages", "tried", "tried_days", "tries")
"""Data of a verdict that says what was looked at, and how completely."""


def files(cited: Cited, store: ObservationStore) -> Iterator[tuple[str, bytes]]:
    """(relative path, content) of every file; the manifest is the caller's."""
    for case in cited.cases:
        folder = f"findings/{case.finding.identity}"
        proofs = list(dict.fromkeys(e for e in case.finding.evidence if e.url))
        shown = []
        for number, evidence in enumerate(proofs, 1):
            place = f"{folder}/{number:02d}"
            described, content = _proof(cited, store, evidence)
            shown.append({"folder": f"{number:02d}", **described})
            yield from ((f"{place}/{name}", data) for name, data in content)
        yield f"{folder}/finding.json", masked_json(_told(case, shown))
        searched = {k: v for k, v in case.finding.data.items() if k in SEARCHED}
        if searched:
            yield f"{folder}/search.json", masked_json(searched)


def _told(case: Case, proofs: list[dict[str, Any]]) -> dict[str, Any]:
    finding = case.finding
    return {
        "identity": finding.identity,
        "fingerprints": case.fingerprints,
        "rule": finding.rule,
        "rule_version": finding.rule_version,
        "outcome": finding.outcome,
        "review": finding.review,
        "unit": finding.unit,
        "column": finding.column,
        "subject": finding.subject,
        "url": finding.url,
        "message": finding.message,
        "data": finding.data,
        "evidence": proofs,
    }


def _proof(
    cited: Cited, store: ObservationStore, evidence: Evidence
) -> tuple[dict[str, Any], list[tuple[str, bytes]]]:
    """What is said of one piece of evidence, and its files."""
    described: dict[str, Any] = asdict(evidence)
    content: list[tuple[str, bytes]] = []
    tries = cited.tries(evidence.url)
    fetch = cited.fetch(evidence)
    private = cited.is_private(evidence.url, evidence.sha256)
    if tries:
        content.append(("requests.json", masked_json([_request(t) for t in tries])))
    if fetch is not None:
        described["fetched"] = local_time(fetch.started_at)
        content.append(("headers.json", masked_json(fetch.headers)))
        content.append(("redirects.json", masked_json(fetch.chain)))
        body = cited.body(fetch)
        if body is not None:
            described["body"], kept = _body("body", body)
            content += kept
    for dom in cited.artifacts(evidence.url, "dom"):
        rendered = cited.prepared(dom.sha256, "text/html; charset=utf-8", evidence.url)
        described["rendered"], kept = _body("rendered", rendered)
        content += kept
    pictures = []
    for artifact in cited.artifacts(evidence.url, *PICTURES):
        mode = str(artifact.meta.get("mode", "normal"))
        name = PICTURES[artifact.kind] + ("" if mode == "normal" else f"-{mode}")
        pictures.append({"sha256": artifact.sha256, "taken": artifact.meta.get("taken", ""), "withheld": private})
        if not private:
            data = bytes(store.body(artifact.sha256))
            content.append((f"{name}.{picture_suffix(data)}", data))
    if pictures:
        described["pictures"] = pictures
    return described, content


def _body(name: str, body: Body) -> tuple[dict[str, Any], list[tuple[str, bytes]]]:
    described = {
        "sha256": body.sha256,
        "content_type": body.content_type,
        "size": len(body.raw),
        "personal_numbers": body.hidden,
        "withheld": body.withheld,
    }
    content = [] if body.withheld else [(f"{name}.{body.suffix}", body.raw)]
    if body.masked is not None:
        content.append((f"{name}.masked.{body.suffix}", body.masked))
    return described, content


def _request(fetch: FetchRecord) -> dict[str, Any]:
    return {
        "url": fetch.url,
        "method": fetch.method,
        "at": local_time(fetch.started_at),
        "outcome": fetch.outcome,
        "status": fetch.status,
        "final_url": fetch.final_url,
        "ip": fetch.ip,
        "elapsed_ms": fetch.elapsed_ms,
        "attempt": fetch.attempt,
        "referrer": fetch.referrer,
        "detail": fetch.error,
        "body_sha256": fetch.body_sha256,
    }


def local_time(instant: str) -> str:
    """An ISO instant in Asia/Shanghai (UTC+8), as evidence states its times; blank stays blank."""
    if not instant:
        return ""
    return datetime.fromisoformat(instant.replace("Z", "+00:00")).astimezone(SHANGHAI).isoformat()


def masked_json(value: object) -> bytes:
    """JSON whose every text is without personal numbers."""
    return json.dumps(_masked(value), ensure_ascii=False, indent=1, default=str).encode()


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return hide_personal(value)[0]
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    return value


def picture_suffix(data: bytes) -> str:
    return "png" if data.startswith(b"\x89PNG") else "jpg"
