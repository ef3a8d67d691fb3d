"""Numbers of problems, as the papers of a round print them."""

from __future__ import annotations

import json
from pathlib import Path

from audit.rounds.desk import Desk

NUMBERS = "numbers.json"
SEALING = ("round.frozen", "erratum")


def numbers_of(desk: Desk) -> dict[str, str]:
    """Numbers of the newest pack by identity; empty before the first draft."""
    for line in reversed(desk.decisions()):
        if line.kind in ("draft.issued", *SEALING) and line.payload.get("folder"):
            return read_numbers(desk.paths.folder / str(line.payload["folder"]))
    return {}


def read_numbers(folder: Path) -> dict[str, str]:
    try:
        return dict(json.loads((folder / NUMBERS).read_bytes()))
    except (OSError, ValueError):
        return {}
