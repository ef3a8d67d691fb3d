"""Under which name the crawler visits a site."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version


@lru_cache(maxsize=1)
def tool_version() -> str:
    try:
        return version("govaudit")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"


def user_agent(contact: str) -> str:
    """`govaudit/<version> (+contact)`; header-safe, so that a contact in Chinese cannot break a request."""
    safe = contact.encode("ascii", "ignore").decode().replace("\n", " ").strip()
    return f"govaudit/{tool_version()} (+{safe})" if safe else f"govaudit/{tool_version()}"
