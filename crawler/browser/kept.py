"""What one visit leaves: artifacts of the page, written together when it is over, so that nothing stays half done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from checks.facts import AxePage
from checks.outcomes import FetchOutcome
from crawler.browser import axe, pictures
from crawler.browser.tab import Opened
from crawler.classify import shown_instead
from crawler.store import FetchRecord, ObservationStore


@dataclass(frozen=True, slots=True)
class Task:
    """What is still to be done on one page. `template` and `reason` come from the plan."""

    url: str
    render: bool = False
    axe: bool = False
    screenshot: bool = False
    elder: bool = False
    template: str = ""
    reason: str = ""

    @property
    def mode(self) -> str:
        return "elder" if self.elder else "normal"

    @property
    def label(self) -> str:
        return f"{self.url}（适老模式）" if self.elder else self.url


@dataclass(slots=True)
class Kept:
    """Artifacts of one visit. `url` is the planned one; `final_url` is where the page ended."""

    task: Task
    final_url: str
    items: list[tuple[str, bytes, dict[str, object]]] = field(default_factory=list)

    def dom(self, html: str, opened: Opened) -> None:
        """The rendered DOM, always UTF-8, whatever the page's own META says."""
        self._add(
            "dom",
            html.encode("utf-8", "replace"),
            {
                "url": self.task.url,
                "status": opened.status,
                "content_type": "text/html; charset=utf-8",
                "stored_document": opened.stored,
            },
        )

    def shot(self, shot: pictures.Shot, lines: list[list[object]] | None = None) -> None:
        """The photograph, and what can be read on it where: so that a report can frame the words it quotes."""
        meta = {"page_height": shot.page_height, "cut": shot.page_height > shot.height}
        self._add("screenshot", shot.data, {"mode": self.task.mode, "taken": instant(shot.taken), **meta})
        if lines:
            self._add("lines", msgspec.json.encode(lines), {"mode": self.task.mode, "screenshot": shot.sha256})

    def crops(self, shot: pictures.Shot, result: dict[str, Any]) -> dict[str, str]:
        """Box and keep the elements of violations; returns rule id → sha256 of its first picture."""
        boxes = [(r["rule"], tuple(b)) for r in violations(result) for b in r["boxes"]]
        first: dict[str, str] = {}
        for rule, data in pictures.crop(shot, boxes, self.final_url):
            first.setdefault(rule, pictures.digest(data))
            meta = {"rule": rule, "page_screenshot": shot.sha256, "taken": instant(shot.taken)}
            self._add("crop", data, {"mode": self.task.mode, **meta})
        return first

    def test(
        self,
        result: dict[str, Any],
        at: datetime,
        shot: pictures.Shot | None,
        crops: dict[str, str],
        overlays: tuple[str, ...],
        **meta: object,
    ) -> None:
        """The accessibility result (scripts/axe_run.js) as AxePage.

        What a script wrote over the page, or put before it, is not the page: its faults are not the template's.
        """
        shown = shown_instead(result["title"], result["text"])
        page = AxePage(
            url=self.task.url,
            sha256="",
            fetched_at=instant(at),
            template=self.task.template,
            mode=self.task.mode,
            engine=result["version"],
            ok=not shown,
            error=f"打开后显示“{shown}”，不是采集到的内容" if shown else "",
            rules=() if shown else axe.rules_of(result, crops),
            passes=0 if shown else result["passes"],
            screenshot=shot.sha256 if shot else "",
            overlays=() if shown else overlays,
            shown=shown,
        )
        self._add("axe", axe.encode(page), {"mode": self.task.mode, "reason": self.task.reason, **meta})

    def _add(self, kind: str, data: bytes, meta: dict[str, object]) -> None:
        self.items.append((kind, data, {**meta, "final_url": self.final_url}))

    def write(self, store: ObservationStore, fetch: FetchRecord | None = None, body: bytes = b"") -> None:
        """Everything in one transaction; `fetch` records a document that came from the network."""
        with store.atomic():
            if fetch is not None:
                store.put_body(body)
                store.record(fetch)
            for kind, data, meta in self.items:
                store.add_artifact(self.task.url, kind, data, meta)


def violations(result: dict[str, Any]) -> list[dict[str, Any]]:
    """What is photographed; `incomplete` goes to a reviewer with its HTML."""
    return [r for r in result["rules"] if r["result"] == "violation"]


def keep_loss(store: ObservationStore, task: Task, at: datetime, error: str) -> None:
    """Record that a page could not be tested. One that was only to be rendered leaves nothing: it is tried again."""
    if not (task.axe or task.elder):
        return
    page = AxePage(
        url=task.url,
        sha256="",
        fetched_at=instant(at),
        template=task.template,
        mode=task.mode,
        engine=axe.engine().version,
        ok=False,
        error=error,
    )
    store.add_artifact(task.url, "axe", axe.encode(page), {"mode": task.mode, "reason": task.reason})


def fetched(opened: Opened, body: bytes, started: datetime) -> FetchRecord:
    """The record of a document that the browser fetched itself (purpose "render")."""
    return FetchRecord(
        url=opened.url,
        host=urlsplit(opened.url).hostname or "",
        outcome=FetchOutcome.OK,
        purpose="render",
        status=opened.status,
        final_url=opened.final_url,
        headers=opened.headers,
        body_sha256=pictures.digest(body),
        size=len(body),
        elapsed_ms=round(opened.seconds * 1000),
        started_at=instant(started),
        content_type=opened.headers.get("content-type", ""),
    )


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC, seconds."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
