"""All files of a round. The same view gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator

from reports import exports
from reports.bulletin import bulletin_files
from reports.card import card
from reports.findings_book import findings_book
from reports.issues import docket
from reports.ledger import extract, ledger, ledger_csv
from reports.manual_book import manual_book
from reports.overview import overview
from reports.overview_book import overview_book
from reports.task_book import task_book
from reports.view import RoundView, Visibility


def build(view: RoundView) -> Iterator[tuple[str, bytes]]:
    """Yield (relative path with forward slashes, content), one file at a time.

    The working papers of the office (manual sheet, ledger, extracts) are not part of the public edition.
    """
    items = docket(view)
    yield "overview.html", overview(view, items)
    for unit in view.units:
        yield f"cards/{unit.unit_id}.html", card(view, items, unit)
    yield "overview.xlsx", overview_book(view, items)
    yield "findings.xlsx", findings_book(view, items)
    if view.visibility is not Visibility.PUBLIC:
        yield "人工核查表.xlsx", manual_book(view, items)
        yield "整改台账.xlsx", ledger(view, items)
        yield "整改台账.csv", ledger_csv(view, items)
        if (book := task_book(view, items)) is not None:
            yield "任务分解台账.xlsx", book
        yield from bulletin_files(view, items)
        for unit in view.units:
            if items.failed(unit.unit_id):
                yield f"单位整改表/{unit.unit_id}.xlsx", extract(view, items, unit)
    yield "verdicts.jsonl", b"".join(exports.verdicts(view))
    yield "findings.json", exports.findings(view, items)
    yield "scores.json", exports.scores(view)
