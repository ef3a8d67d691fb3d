"""Numbers of problems, as the papers of a round print them."""

from __future__ import annotations

import json
from pathlib import Path

from audit.rounds.desk import Desk

NUMBERS = "numbers.json"
SEALING = ("round.frozen", "erratum")


def numbers_of(desk: Desk) -> dict[str, str]:
    """Numbers by identity, as the papers of the round print them; empty before the first draft.

    A number stays with its problem from version to version, also when the problem is no longer one.
    """
    found: dict[str, str] = {}
    for line in desk.decisions():
        if line.kind in ("draft.issued", *SEALING) and line.payload.get("folder"):
            found |= read_numbers(desk.paths.folder / str(line.payload["folder"]))
    return found


def read_numbers(folder: Path) -> dict[str, str]:
    try:
        return dict(json.loads((folder / NUMBERS).read_bytes()))
    except (OSError, ValueError):
        return {}
