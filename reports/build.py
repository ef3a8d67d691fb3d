"""All files of a round. The same view gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reports import exports
from reports.annexes import annex_files
from reports.annual import annual_docx
from reports.api import api
from reports.bulletin import bulletin_files
from reports.card import card
from reports.delivery import index, readme, unit_zip
from reports.findings_book import findings_book, findings_csv, scores_csv
from reports.issues import Docket, docket
from reports.ledger import extract, ledger, ledger_csv
from reports.manual_book import manual_book, manual_page
from reports.overview import overview
from reports.overview_book import overview_book
from reports.public import public_view
from reports.task_book import task_book
from reports.view import RoundView, Visibility


def build(view: RoundView) -> Iterator[tuple[str, bytes]]:
    """Yield (relative path with forward slashes, content), one file at a time.

    The working papers of the office (manual sheet, ledgers, extracts, drafts) are not part of the public edition.
    """
    if view.visibility is Visibility.PUBLIC:
        view = public_view(view)
    items = docket(view)
    names: list[str] = []
    for name, content in _files(view, items):
        names.append(name)
        yield name, content
    yield "index.html", index(view, items, names)
    yield "README.txt", readme(view, names)


def _files(view: RoundView, items: Docket) -> Iterator[tuple[str, bytes]]:
    inner = view.visibility is not Visibility.PUBLIC
    yield "overview.html", overview(view, items)
    yield from _unit_files(replace(view, visibility=Visibility.UNIT) if inner else view, items)
    yield "overview.xlsx", overview_book(view, items)
    yield "findings.xlsx", findings_book(view, items)
    yield "findings.csv", findings_csv(view, items)
    yield "scores.csv", scores_csv(view)
    if inner:
        yield "人工核查表.xlsx", manual_book(view, items)
        yield "manual.html", manual_page(view, items)
        yield "整改台账.xlsx", ledger(view, items)
        yield "整改台账.csv", ledger_csv(view, items)
        if (book := task_book(view, items)) is not None:
            yield "任务分解台账.xlsx", book
        yield from bulletin_files(view, items)
        yield from annex_files(view, items)
        yield "年报素材.docx", annual_docx(view, items)
    yield "verdicts.jsonl", b"".join(exports.verdicts(view))
    yield "findings.json", exports.findings(view, items)
    yield "scores.json", exports.scores(view)
    yield from api(view, items)


def _unit_files(view: RoundView, items: Docket) -> Iterator[tuple[str, bytes]]:
    """Card, sheet and ZIP of each unit; the public edition has cards only."""
    for unit in view.units:
        page = card(view, items, unit)
        yield f"cards/{unit.unit_id}.html", page
        if view.visibility is Visibility.PUBLIC:
            continue
        own = [("检查结果.html", page)]
        if items.failed(unit.unit_id) or items.pending(unit.unit_id):
            own.append(("整改表.xlsx", extract(view, items, unit)))
            yield f"单位整改表/{unit.unit_id}.xlsx", own[-1][1]
        yield f"单位包/{unit.unit_id}.zip", unit_zip(view, unit, own)
