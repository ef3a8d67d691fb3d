"""The only clock of the application. Everything else receives `as_of`."""

from __future__ import annotations

from datetime import datetime

from checks.snapshot import SHANGHAI


def now() -> datetime:
    """The present moment, aware, Asia/Shanghai."""
    return datetime.now(SHANGHAI)  # noqa: TID251 - this is the place the ban points to


def quarter_of(moment: datetime) -> str:
    """Round name of a moment: 2026Q3."""
    local = moment.astimezone(SHANGHAI)
    return f"{local.year}Q{(local.month - 1) // 3 + 1}"
