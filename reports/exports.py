"""Machine outputs: `verdicts.jsonl`, `findings.json`, `scores.json`. Points are exact decimal numbers.

The keys are fixed (schemas in `reports/schemas`); the first fourteen of a verdict in the fixed order.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from importlib import resources
from typing import Any

import msgspec

from checks.facts import Coverage
from checks.outcomes import Outcome
from checks.scores import Line, Score
from checks.verdicts import Finding
from reports.issues import Docket, docket
from reports.text import exact, masked
from reports.view import RoundView, Visibility

SCHEMAS = ("verdict", "findings", "scores")
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def verdicts(view: RoundView) -> Iterator[bytes]:
    """Every verdict, one JSON object a line, in the order they were judged."""
    for finding in view.findings:
        yield _ENCODER.encode(_verdict(finding, view.visibility)) + b"\n"


def findings(view: RoundView, items: Docket | None = None) -> bytes:
    """Header, then the failed and cannot-tell verdicts with the number under which reports print them."""
    items = items or docket(view)
    rows = []
    for finding in view.findings:
        if finding.outcome in (Outcome.FAILED, Outcome.CANNOT_TELL):
            issue = items.by_fingerprint.get(finding.fingerprint)
            score = view.score(finding.unit, finding.standard)
            payer = items.by_fingerprint.get(score.under.get(finding.fingerprint, "")) if score else None
            number_of = {"number": issue.number if issue else "", "counted_under": payer.number if payer else ""}
            rows.append({**number_of, **_verdict(finding, view.visibility)})
    document = {**header(view, "findings"), "coverage": coverage(view), "findings": rows}
    return msgspec.json.format(_ENCODER.encode(document), indent=1) + b"\n"


def scores(view: RoundView) -> bytes:
    """Scores of the site (unit "") and of each unit under each standard, and the ranks of the primary one.

    The public edition has no ranks.
    """
    ranks = view.ranks if view.visibility is not Visibility.PUBLIC else ()
    document = {
        **header(view, "scores"),
        "scores": [_score(view, score) for score in view.scores],
        "ranks": [
            {"unit": r.unit, "group": r.group, "place": r.place, "of": r.of, "reason": r.reason} for r in ranks
        ],
    }
    return msgspec.json.format(_ENCODER.encode(document), indent=1) + b"\n"


def header(view: RoundView, schema: str) -> dict[str, object]:
    return {
        "schema": f"govaudit/{schema}/1",
        "district": {"id": view.district.id, "name": view.district.name},
        "round": view.round_id,
        "as_of": view.as_of.isoformat(),
        "snapshot": view.snapshot_id,
        "standard": view.primary.id,
        "standards": [
            {"id": s.id, "title": s.title, "edition": s.edition, "sha256": s.sha256} for s in view.standards
        ],
        "tool_version": view.tool_version,
        "manifest_sha256": view.manifest_sha256,
        "visibility": str(view.visibility),
        "provisional": view.provisional,
        "rule_errors": [{"rule": e.rule, "message": exact(e.message, 2000)} for e in view.rule_errors],
    }


def coverage(view: RoundView) -> dict[str, object]:
    """What was and was not seen; counts are URLs."""
    seen = view.coverage
    return {
        **_coverage(seen.site),
        "pages": seen.pages,
        "gaps": [{"outcome": g.outcome, "count": g.count, "samples": list(g.samples)} for g in seen.gaps],
        "skipped": [{"reason": s.reason, "count": s.count, "samples": list(s.samples)} for s in seen.skipped],
        "hosts": [
            {"host": h.host, "outcome": str(h.outcome) if h.outcome else None, "status": h.status, "pages": h.pages}
            for h in seen.hosts
        ],
        "columns": {name: _coverage(c) for name, c in sorted(seen.columns.items())},
        "axe": {"engine": view.axe.engine, "planned": view.axe.planned, "tested": len(view.axe.pages)},
    }


def _coverage(value: Coverage) -> dict[str, object]:
    return {"complete": value.complete, "known": value.known, "fetched": value.fetched, "note": value.note}


def _verdict(finding: Finding, visibility: Visibility) -> dict[str, object]:
    def words(text: str) -> str:
        return masked(exact(text), visibility)

    return {
        "rule": finding.rule,
        "rule_version": finding.rule_version,
        "outcome": str(finding.outcome),
        "review": finding.review,
        "unit": finding.unit,
        "column": finding.column,
        "subject": exact(finding.subject),
        "url": exact(finding.url),
        "message": words(finding.message),
        "data": {key: _plain(value, words) for key, value in finding.data.items()},
        "evidence": [
            {
                "url": exact(e.url),
                "sha256": e.sha256,
                "fetched_at": e.fetched_at,
                "locator": exact(e.locator),
                "quote": words(e.quote),
            }
            for e in finding.evidence
        ],
        "indicator": finding.indicator,
        "points": number(finding.points),
        "fingerprint": finding.fingerprint,
        "standard": finding.standard,
        "reason": finding.reason,
        "at_stake": number(finding.at_stake),
        "class": finding.clause_class,
        "waived": words(finding.waived),
        "identity": finding.identity,
        "fact": finding.fact,
    }


def _plain(value: Any, words: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return words(value)
    if isinstance(value, (list, tuple)):
        return [_plain(v, words) for v in value]
    return value


def _score(view: RoundView, score: Score) -> dict[str, object]:
    return {
        "unit": score.unit,
        "name": view.unit_name(score.unit),
        "standard": score.standard,
        "rated": score.rated,
        "unrated_reason": score.unrated_reason,
        "lower": number(score.lower),
        "upper": number(score.upper),
        "base": number(score.base),
        "deducted": number(score.deducted),
        "worst": number(score.worst),
        "bonus": number(score.bonus),
        "grade": {"lower": score.grade_lower, "upper": score.grade_upper},
        "veto": list(score.veto),
        "veto_possible": list(score.veto_possible),
        "formula": score.formula,
        "lines": [_line(line) for line in score.lines],
    }


def _line(line: Line) -> dict[str, object]:
    return {
        "indicator": line.indicator,
        "title": line.title,
        "group": line.group,
        "kind": str(line.kind),
        "clause": line.clause,
        "confidence": line.confidence,
        "applicable": line.applicable,
        "weight": None if line.weight is None else number(line.weight),
        "cap": None if line.cap is None else number(line.cap),
        "deducted": number(line.deducted),
        "worst": number(line.worst),
        "failed": line.failed,
        "undetermined": line.undetermined,
        "passed": line.passed,
        "fingerprints": list(line.fingerprints),
        "note": line.note,
    }


def number(value: Decimal) -> Decimal:
    """The same value in the shortest plain notation: 5.00 → 5, 1E+2 → 100."""
    return Decimal(f"{value.normalize():f}") if value else Decimal(0)


def schema(name: str) -> dict[str, Any]:
    """A shipped JSON Schema: "verdict" (one line of verdicts.jsonl), "findings" or "scores"."""
    path = resources.files("reports") / "schemas" / f"{name}.schema.json"
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document
