"""Numbers of problems in a round: given once, when a paper first prints them, and never to another problem."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from audit.files import write_atomic
from reports.issues import docket
from reports.view import RoundView

NUMBERS = "numbers.json"


def read_numbers(folder: Path) -> dict[str, str]:
    """Number by identity from the register in a folder (a round's, or a pack's); empty without one."""
    try:
        return dict(json.loads((folder / NUMBERS).read_bytes()))
    except (OSError, ValueError):
        return {}


def as_bytes(numbers: Mapping[str, str]) -> bytes:
    return json.dumps(numbers, ensure_ascii=False, indent=1).encode()


def keep_numbers(folder: Path, printed: Mapping[str, str]) -> None:
    """Add what a paper of the round printed. Lines are never taken out, so that no number is given twice."""
    known = read_numbers(folder)
    now = {**known, **printed}
    if now != known:
        write_atomic(folder / NUMBERS, as_bytes(now))


def finding_numbers(view: RoundView) -> dict[str, str]:
    """Number of the problem by identity, as the cards print it."""
    return {fault.lead.identity: issue.number for issue in docket(view).issues for fault in issue.faults}


def identities(folder: Path, number: str) -> frozenset[str]:
    """Faults that a number of the round stands for: one, or the pages of an annex."""
    wanted = number.strip().lower()
    return frozenset(i for i, n in read_numbers(folder).items() if n.lower() == wanted)
