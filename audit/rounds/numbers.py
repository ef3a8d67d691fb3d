"""Numbers of problems, as the papers of a round print them."""

from __future__ import annotations

from audit.numbering import read_numbers
from audit.rounds.desk import Desk

SEALING = ("round.frozen", "erratum")


def numbers_of(desk: Desk) -> dict[str, str]:
    """Numbers by identity, as the papers of the round print them; empty before the first report or draft.

    A number stays with its problem from the first report on, also when the problem is no longer one.
    """
    found = read_numbers(desk.paths.folder)
    for line in desk.decisions():
        if line.kind in ("draft.issued", *SEALING) and line.payload.get("folder"):
            found |= read_numbers(desk.paths.folder / str(line.payload["folder"]))
    return found
