"""The commands of the round's workflow, registered together."""

from __future__ import annotations

import typer

from audit.commands import appeal, due, history, interview, prune, recheck, review, round


def register(app: typer.Typer) -> None:
    for module in (round, review, appeal, recheck, interview, history, due, prune):
        module.register(app)
