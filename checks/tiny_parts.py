"""Short ways to write pages, columns and units in the examples of rules."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from checks.facts import ColumnState, Coverage, DateFact, DateOrigin, Fact, Gap, Page, PageKind, Row
from checks.outcomes import FetchOutcome
from checks.snapshot import SHANGHAI
from checks.tiny import HOME
from config.district import Column, Unit, UnitGroup

LONG_AGO = datetime(2003, 6, 30, 18, 0, tzinfo=SHANGHAI)  # no working-day table reaches back to it
AT = "2026-09-30T02:00:00Z"
BLOCKED = Coverage(
    complete=False,
    known=10,
    fetched=7,
    gaps=(Gap(HOME + "zwgk/index_2.html", FetchOutcome.WAF.value),),
    trail=(HOME + "zwgk/",),
)
WALKED = Coverage(complete=True, known=3, fetched=3, trail=(HOME + "zwgk/", HOME + "zwgk/index_1.html"))


def article(path: str, title: str = "", day: str = "", text: str = "", **more: Any) -> Page:
    """An article at `path`, shown on `day`; `header` may be a dict, `docno`, `source` and `publisher` plain texts."""
    for name in ("docno", "source", "publisher"):
        if isinstance(more.get(name), str):
            more[name] = Fact(more[name], name, more[name])
    if isinstance(more.get("header"), dict):
        more["header"] = tuple(Fact(v, k, f"{k}：{v}") for k, v in more["header"].items())
    if isinstance(more.get("marks"), dict):
        more["marks"] = tuple(Fact(v, k, v) for k, v in more["marks"].items())
    shown = DateFact(date.fromisoformat(day), DateOrigin.SHOWN, f"发布时间：{day}") if day else None
    dates = (shown,) if shown else ()
    more["dates"] = dates + tuple(
        DateFact(date.fromisoformat(value), DateOrigin(origin), value)
        for origin, value in dict(more.pop("dates", {})).items()
    )
    return Page(
        url=HOME + path,
        sha256="ab" * 32,
        fetched_at=AT,
        kind=more.pop("kind", PageKind.ARTICLE),
        title=Fact(title, "h1", title) if title else None,
        published=shown,
        text=text,
        text_length=len(text),
        **more,
    )


def row(title: str, day: str = "", path: str = "") -> Row:
    return Row(title, HOME + (path or "r.html"), date.fromisoformat(day) if day else None, quote=f"{title} {day}")


def column(
    column_id: str, label: str, role: str, *rows: Row, coverage: Coverage = WALKED, unit: str = "", **more: Any
) -> tuple[Column, ColumnState]:
    """An expected column of `role` and what was found of it."""
    dated = [r for r in rows if r.date]
    state = {
        "column_id": column_id,
        "url": HOME + column_id + "/",
        "found_by": "label",
        "found_label": label,
        "sha256": "cd" * 32,
        "fetched_at": AT,
        "rows": rows,
        "row_count": len(rows),
        "dated_rows": len(dated),
        "newest": max(dated, key=lambda r: (r.date or date.min, -r.order), default=None),
        "outcome": FetchOutcome.OK,
        "coverage": coverage,
    }
    return Column(column_id=column_id, label=label, role=role, unit_id=unit), ColumnState(**{**state, **more})


def unit(unit_id: str, name: str, group: UnitGroup = UnitGroup.DEPARTMENT, **more: Any) -> Unit:
    return Unit(unit_id=unit_id, name_short=name, group=group, scored=True, **more)
