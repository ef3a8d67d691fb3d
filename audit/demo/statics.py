"""Registering pages without rows: one call a page."""

from __future__ import annotations

from dataclasses import replace

from audit.demo.layout import Crumbs, Frame, Meta, page
from audit.demo.model import WWW, Replica


def static(
    replica: Replica,
    path: str,
    title: str,
    body: str,
    *,
    crumbs: Crumbs = (),
    sides: Crumbs = (),
    side_title: str = "",
    kind: str = "概况信息",
    host: str = WWW,
    frame: Frame | None = None,
    template: str = "plain.html",
    **values: object,
) -> None:
    """A content page; `body` is trusted markup, `kind` the ColumnType of its META set."""
    meta = Meta(column=title, column_type=kind, site_domain=host)
    base = frame or Frame("")
    whole = replace(base, title=title, crumbs=(*crumbs, (title, path)), meta=meta, host=host)
    replica.add(
        host,
        path,
        lambda: page(template, whole, heading=title, body=body, sides=sides, side_title=side_title, **values),
    )


def tiles(links: list[tuple[str, str]]) -> str:
    return '<ul class="tiles">' + "".join(f'<li><a href="{href}">{text}</a></li>' for text, href in links) + "</ul>"
