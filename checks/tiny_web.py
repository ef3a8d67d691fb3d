"""Short ways to write columns of a class, link targets and hosts in the examples of rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checks.facts import ColumnState, HostState, Identity, Page, PageKind, Place, Region, Row, Target, Try
from checks.outcomes import FetchOutcome
from checks.tiny import HOME
from checks.tiny_parts import AT, article, column
from config.district import Column, ColumnClass


def classed(
    column_id: str,
    label: str,
    column_class: ColumnClass,
    *rows: Row,
    expected: dict[str, Any] | None = None,
    **more: Any,
) -> tuple[Column, ColumnState]:
    """An expected column of a freshness class; `expected` overrides its configuration, `more` what was found."""
    wanted, state = column(column_id, label, "", *rows, **more)
    return wanted.model_copy(update={"column_class": column_class, **(expected or {})}), state


def home(**more: Any) -> Page:
    return article("", "示例区人民政府", kind=PageKind.HOME, **more)


def tries(*days: str, outcome: FetchOutcome = FetchOutcome.GONE, status: int | None = 404) -> tuple[Try, ...]:
    """One try at noon UTC of each day."""
    return tuple(Try(f"{day}T04:00:00Z", "GET", outcome, status) for day in days)


def linked(
    url: str,
    outcome: FetchOutcome | None = FetchOutcome.GONE,
    *on: str,
    text: str = "点击查看",
    region: Region = Region.CONTENT,
    hidden: str = "",
    **more: Any,
) -> Target:
    """A link target standing on the pages `on` (paths; the home page when none is given)."""
    places = tuple(Place(HOME + path, text, region, hidden) for path in on or ("",))
    return Target(
        **{
            "url": url,
            "kind": "page",
            "internal": url.startswith(HOME),
            "outcome": outcome,
            "places": places,
            "place_count": len(places),
            "regions": (region,),
            "on_home": not on,
            **more,
        }
    )


def host(name: str, outcome: FetchOutcome | None = FetchOutcome.OK, **more: Any) -> HostState:
    return HostState(name, outcome, fetched_at=AT, **more)


def pages(paths: Sequence[str], **more: Any) -> tuple[Page, ...]:
    """Equal articles under several paths."""
    return tuple(article(path, f"文章{path}", **more) for path in paths)


def identity(**marks: Any) -> Identity:
    return Identity(**marks)
