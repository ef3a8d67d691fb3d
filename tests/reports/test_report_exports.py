"""Machine outputs: fixed keys, valid by their schemas, exact numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checks.outcomes import Outcome
from reports import exports
from reports.view import RoundView

FIXED = [
    "rule", "rule_version", "outcome", "review", "unit", "column", "subject", "url", "message", "data", "evidence",
    "indicator", "points", "fingerprint",
]  # fmt: skip


def errors(name: str, document: Any) -> list[str]:
    return [f"{list(e.path)}: {e.message}" for e in Draft202012Validator(exports.schema(name)).iter_errors(document)]


def lines(data: bytes) -> Iterator[Any]:
    return (json.loads(line, parse_float=Decimal) for line in data.splitlines())


@pytest.mark.parametrize("name", exports.SCHEMAS)
def test_schemas_are_valid_schemas(name: str) -> None:
    Draft202012Validator.check_schema(exports.schema(name))


@pytest.mark.parametrize("fixture", ["files", "hostile_files"])
def test_exports_follow_their_schemas(fixture: str, request: pytest.FixtureRequest) -> None:
    files = request.getfixturevalue(fixture)
    assert errors("findings", json.loads(files["findings.json"])) == []
    assert errors("scores", json.loads(files["scores.json"])) == []
    assert [
        e
        for line in lines(files["verdicts.jsonl"])
        for e in errors("verdict", json.loads(json.dumps(line, default=float)))
    ] == []


def test_every_verdict_is_one_line_with_the_fixed_keys_first(view: RoundView, files: dict[str, bytes]) -> None:
    rows = list(lines(files["verdicts.jsonl"]))
    assert len(rows) == len(view.findings)
    assert all(list(row)[: len(FIXED)] == FIXED for row in rows)
    assert all(
        list(row["evidence"][0]) == ["url", "sha256", "fetched_at", "locator", "quote"]
        for row in rows
        if row["evidence"]
    )


def test_findings_json_holds_the_failed_and_the_undecided(view: RoundView, files: dict[str, bytes]) -> None:
    document = json.loads(files["findings.json"])
    wanted = [f.fingerprint for f in view.findings if f.outcome in (Outcome.FAILED, Outcome.CANNOT_TELL)]
    assert [row["fingerprint"] for row in document["findings"]] == wanted
    assert all(row["number"] for row in document["findings"])
    assert document["coverage"]["known"] == view.coverage.site.known


def test_points_are_exact_decimals(view: RoundView) -> None:
    odd = replace(view.findings[0], outcome=Outcome.FAILED, points=Decimal("0.10"), at_stake=Decimal("1E+1"))
    line = b"".join(exports.verdicts(replace(view, findings=(odd,))))
    assert b'"points":0.1,' in line
    assert b'"at_stake":10,' in line


def test_a_standard_key_missing_is_refused_by_the_schema(files: dict[str, bytes]) -> None:
    document = json.loads(files["scores.json"])
    del document["scores"][0]["formula"]
    assert errors("scores", document) == ["['scores', 0]: 'formula' is a required property"]
