"""All files of a round. The same view gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator

from reports import exports
from reports.card import card
from reports.findings_book import findings_book
from reports.issues import docket
from reports.overview import overview
from reports.view import RoundView


def build(view: RoundView) -> Iterator[tuple[str, bytes]]:
    """Yield (relative path with forward slashes, content), one file at a time."""
    items = docket(view)
    yield "overview.html", overview(view, items)
    for unit in view.units:
        yield f"cards/{unit.unit_id}.html", card(view, items, unit)
    yield "findings.xlsx", findings_book(view, items)
    yield "verdicts.jsonl", b"".join(exports.verdicts(view))
    yield "findings.json", exports.findings(view, items)
    yield "scores.json", exports.scores(view)
