"""The only place in this package where wall-clock time enters. Everything else is handed a time."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now_utc() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)  # noqa: TID251


def now_iso() -> str:
    """ISO 8601 in UTC with milliseconds, as the observation store keeps it."""
    return now_utc().isoformat(timespec="milliseconds")


def local_minutes() -> int:
    """Minutes since midnight in Asia/Shanghai: what a crawl window is compared with."""
    local = now_utc().astimezone(SHANGHAI)
    return local.hour * 60 + local.minute
