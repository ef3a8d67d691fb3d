"""整改表 that units sent back, taken into the round: every completed row becomes a declaration of repair.

The workbook side (which cells, whose rows, edited ids) is `reports.returns`; here the round's own ledger, filled with
what is declared and not yet re-checked, is what a returned sheet is compared with. Complete rows are recorded
together or not at all.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl

from audit.errors import AuditError
from audit.files import write_atomic
from audit.history.store import Entry
from audit.rounds.cases import Case
from audit.rounds.desk import Desk
from audit.rounds.numbers import numbers_of
from audit.rounds.packs import pack_folder
from audit.rounds.states import OPEN_REPAIR, State
from checks.snapshot import SHANGHAI
from reports.ledger import FIELDS, UNIT_FILLS
from reports.returns import NUMBER, Cell, Change, Merged, NotALedger, Trouble, merge

LEDGER = "整改台账.xlsx"
KEPT = "returned"  # folder of the round with the files as they came
_NAMES = dict(zip((FIELDS[at].title for at in UNIT_FILLS), ("person", "phone", "action", "done", "url"), strict=True))
_TITLES = {key: title for title, key in _NAMES.items()}
_HEAD_ROWS = 12


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an import: problems declared repaired, cells that did not change, and what was not taken."""

    reported: tuple[str, ...]
    same: int
    conflicts: tuple[Trouble, ...]
    refused: tuple[Trouble, ...]


def take(desk: Desk, files: Sequence[tuple[str, bytes]], who: str, *, overwrite: bool = False) -> Taken:
    """Record the declarations in the returned workbooks. `overwrite` lets a later sheet correct an earlier one.

    Raises AuditError before the release or when the round's ledger is not there.
    """
    if not desk.released():
        raise AuditError("本轮尚未下发，还没有交回的整改表可以导入。请先运行 govaudit round release。")
    if not who.strip():
        raise AuditError("请用 --person 写明经办人。")
    numbers, cases = numbers_of(desk), desk.cases()
    by_number: dict[str, list[Case]] = {}
    for identity, number in numbers.items():
        if identity in cases:
            by_number.setdefault(number, []).append(cases[identity])
    try:
        merged = merge(_ledger(desk, by_number), files, desk.now(), overwrite=overwrite)
    except NotALedger as error:
        raise AuditError(f"{LEDGER}：{error}。") from error
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in files}
    entries, reported, refused = _entries(desk, merged, by_number, sums)
    for name, data in files:
        if any(e.payload and e.payload["sha256"] == sums[name] for e in entries):
            write_atomic(desk.paths.folder / KEPT / f"{sums[name][:12]}-{Path(name).name}", data)
    if entries:
        desk.decide(who, "经办", entries)
    return Taken(tuple(reported), merged.same, tuple(merged.conflicts), (*merged.refused, *refused))


def _ledger(desk: Desk, by_number: Mapping[str, Sequence[Case]]) -> bytes:
    """The ledger as it was sealed, with the declarations that wait for their re-check."""
    path = pack_folder(desk) / LEDGER
    try:
        book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    except OSError as error:
        raise AuditError(f"无法读取 {path}：{error.strerror or error}。") from error
    sheet = book.worksheets[0]
    for row in range(1, min(sheet.max_row, _HEAD_ROWS) + 1):
        heads = {str(c.value): c.column for c in sheet[row] if c.value is not None}
        if NUMBER in heads:
            break
    else:
        raise AuditError(f"{path} 没有“{NUMBER}”一列，不是整改台账。")
    for at in range(row + 1, sheet.max_row + 1):
        for case in by_number.get(str(sheet.cell(at, heads[NUMBER]).value), ())[:1]:
            if case.state is not State.REPORTED:  # what was sent back has to be declared anew
                continue
            for key, title in _TITLES.items():
                value = case.report.get(key)
                if value:
                    sheet.cell(at, heads[title]).value = date.fromisoformat(value) if key == "done" else str(value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _entries(
    desk: Desk, merged: Merged, by_number: Mapping[str, Sequence[Case]], sums: Mapping[str, str]
) -> tuple[list[Entry], list[str], list[Trouble]]:
    """(decisions, numbers declared, rows that are no declaration yet)."""
    rows: dict[str, list[Change]] = {}
    for change in merged.changes:
        rows.setdefault(change.number, []).append(change)
    entries: list[Entry] = []
    reported: list[str] = []
    refused: list[Trouble] = []
    for number, changes in rows.items():
        own, source = by_number.get(number, ()), changes[-1].source
        waiting = bool(own) and own[0].state is State.REPORTED
        known: dict[str, Cell] = dict(own[0].report) if waiting else {}
        said = known | {_NAMES[c.field]: c.new for c in changes}
        why = _lacking(desk, own, said)
        if why:
            refused.append(Trouble(source, "", number, why))
            continue
        values = {key: str(said.get(key) or "") for key in _TITLES}
        if not waiting and own[0].report and all(str(own[0].report.get(k) or "") == v for k, v in values.items()):
            why = f"与“{own[0].state}”之前的申报完全相同，请填写新的整改情况"
            refused.append(Trouble(source, "", number, why))
            continue
        payload = {**values, "file": source, "sha256": sums[source]}
        for case in own:
            if case.state in OPEN_REPAIR:
                entries.append(Entry("finding.reported", case.identity, State.REPORTED, values["action"], payload))
        reported.append(number)
    return entries, reported, refused


def _lacking(desk: Desk, own: Sequence[Case], said: Mapping[str, Cell]) -> str:
    """Why a row is no declaration of repair; blank if it is one."""
    if not any(c.state in OPEN_REPAIR for c in own):
        return f"该问题现为“{own[0].state}”，不在整改中" if own else "该编号的问题不在本轮"
    needed = ["action", "done", *(["url"] if desk.workflow.deadlines.link_required else [])]
    blank = [_TITLES[key] for key in needed if not said.get(key)]
    if blank:
        return f"还不能算申报：缺{'、'.join(blank)}，补齐后重新导入"
    day = date.fromisoformat(str(said["done"]))
    if day > desk.now().astimezone(SHANGHAI).date():
        return f"{_TITLES['done']} {day} 在今天之后，请核对"
    return ""
