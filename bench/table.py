"""Rows that every bench prints, so that `make bench` is one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`bench` names the script, `subject` what was measured, `verdict` the ratio or target it is held against."""

    bench: str
    subject: str
    value: str
    verdict: str = ""


def print_rows(rows: Iterable[Row]) -> None:
    for row in rows:
        print(f"| {row.bench} | {row.subject} | {row.value} | {row.verdict} |", flush=True)
