"""One page, looked at once: rendered, tested, photographed, and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from checks.facts import AxePage
from checks.outcomes import FetchOutcome
from crawler.browser import axe, elder, pictures
from crawler.browser.documents import Documents, Refused
from crawler.browser.tab import Opened, PageFailed, Tab
from crawler.store import FetchRecord, ObservationStore

QUIET_MS = 250
RENDER_QUIET_MS = 500
RENDER_GROW_MS = 3000
SETTLE_LIMIT_S = 10.0
_LISTED = ("violation",)  # what is photographed; `incomplete` goes to a reviewer with its HTML


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
    def label(self) -> str:
        return f"{self.url}（适老模式）" if self.elder else self.url


@dataclass(slots=True)
class Kept:
    """Artifacts of one visit, written together when it is over: a visit that breaks leaves nothing half done."""

    items: list[tuple[str, str, bytes, dict[str, object]]] = field(default_factory=list)

    def add(self, url: str, kind: str, data: bytes, meta: dict[str, object]) -> None:
        self.items.append((url, kind, data, meta))

    def write(self, store: ObservationStore, opened: Opened, started: datetime) -> None:
        """Everything in one transaction; a document that came from the network is recorded as a fetch."""
        with store.atomic():
            if not opened.stored:
                store.record(_fetch(opened, store.put_body(opened.body), started))
            for url, kind, data, meta in self.items:
                store.add_artifact(url, kind, data, meta)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Carries out tasks. `hosts` are the audited site's own; `now` gives the current instant, aware."""

    store: ObservationStore
    documents: Documents
    hosts: frozenset[str]
    timeout_s: float
    now: Callable[[], datetime]
    refused: Mapping[str, str]  # host → private address, as the gate collects them

    async def visit(self, tab: Tab, task: Task) -> Opened:
        """Do all of `task` and keep its artifacts. Raises PageFailed; then nothing was kept."""
        document = self.documents.plan(task.url)
        if isinstance(document, Refused):
            raise PageFailed(document.message)
        started = self.now()
        opened = await self._open(tab, task, document)
        kept = Kept()
        if task.elder:
            label = await elder.switch_on(tab, self.hosts, min(SETTLE_LIMIT_S, self.timeout_s))
            await self._test(tab, task, opened, kept, elder_label=label)
        else:
            await self._look(tab, task, opened, kept)
        kept.write(self.store, opened, started)
        return opened

    async def _open(self, tab: Tab, task: Task, document: Any) -> Opened:
        try:
            opened = await tab.open(task.url, document, self.documents.moved(task.url), self.timeout_s)
        except PageFailed as failure:
            raise PageFailed(self._refusal(tab) or str(failure), tab_usable=failure.tab_usable) from None
        quiet, grow = (RENDER_QUIET_MS, RENDER_GROW_MS) if task.render else (QUIET_MS, 0)
        await tab.settle(quiet, min(SETTLE_LIMIT_S, self.timeout_s), grow)
        if not tab.url.startswith(("http://", "https://")):  # a script led to where the gate does not open
            raise PageFailed(self._refusal(tab) or "页面转到不允许的地址，已拒绝")
        return opened

    def _refusal(self, tab: Tab) -> str:
        host = urlsplit(tab.asked).hostname or ""
        address = self.refused.get(host)
        return f"页面转到内网地址 {host}（{address}），已拒绝访问" if address else ""

    async def _look(self, tab: Tab, task: Task, opened: Opened, kept: Kept) -> None:
        if task.render:
            html = await tab.run("dom")
            meta = {
                "url": task.url,
                "final_url": tab.url,
                "status": opened.status,
                "content_type": "text/html; charset=utf-8",
                "stored_document": opened.stored,
            }
            kept.add(task.url, "dom", html.encode("utf-8", "replace"), meta)
        if task.axe:
            await self._test(tab, task, opened, kept)
        elif task.screenshot:
            self._keep_shot(kept, task, opened, await tab.photograph(self.now))

    async def _test(self, tab: Tab, task: Task, opened: Opened, kept: Kept, elder_label: str = "") -> None:
        at = self.now()
        result = await tab.run("axe_run", axe.RUN_ARGUMENTS)
        layers = await elder.overlays(tab)
        violations = [r for r in result["rules"] if r["result"] in _LISTED]
        shot: pictures.Shot | None = None
        crops: dict[str, str] = {}
        if task.screenshot or elder_label or violations:
            shot = await tab.photograph(self.now)
            self._keep_shot(kept, task, opened, shot, elder_label)
            crops = await self._keep_crops(kept, task, tab.url, shot, violations)
        page = AxePage(
            url=task.url,
            sha256="",
            fetched_at=instant(at),
            template=task.template,
            mode="elder" if task.elder else "normal",
            engine=result["version"],
            rules=axe.rules_of(result, crops),
            passes=result["passes"],
            screenshot=shot.sha256 if shot else "",
            overlays=layers,
        )
        meta = {
            "mode": page.mode,
            "reason": task.reason,
            "final_url": tab.url,
            "stored_document": opened.stored,
            "load_seconds": round(opened.seconds, 2),
        }
        kept.add(task.url, "axe", axe.encode(page), meta | ({"switch": elder_label} if elder_label else {}))

    def _keep_shot(self, kept: Kept, task: Task, opened: Opened, shot: pictures.Shot, label: str = "") -> None:
        meta = {
            "mode": "elder" if label else "normal",
            "taken": instant(shot.taken),
            "final_url": opened.final_url,
            "page_height": shot.page_height,
            "cut": shot.page_height > pictures.MAX_HEIGHT,
        }
        kept.add(task.url, "screenshot", shot.data, meta)

    async def _keep_crops(
        self, kept: Kept, task: Task, url: str, shot: pictures.Shot, rules: list[dict[str, Any]]
    ) -> dict[str, str]:
        boxes = [(r["rule"], tuple(box)) for r in rules for box in r["boxes"]]
        first: dict[str, str] = {}
        for rule, data in await asyncio.to_thread(pictures.crop, shot, boxes, url):
            sha256 = pictures.digest(data)
            first.setdefault(rule, sha256)
            kept.add(
                task.url, "crop", data, {"rule": rule, "page_screenshot": shot.sha256, "taken": instant(shot.taken)}
            )
        return first


def lost(task: Task, at: datetime, error: str) -> bytes:
    """The "axe" artifact of a page that could not be tested."""
    mode = "elder" if task.elder else "normal"
    return axe.encode(
        AxePage(
            url=task.url,
            sha256="",
            fetched_at=instant(at),
            template=task.template,
            mode=mode,
            engine=axe.engine().version,
            ok=False,
            error=error,
        )
    )


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC, seconds."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _fetch(opened: Opened, sha256: str, started: datetime) -> FetchRecord:
    return FetchRecord(
        url=opened.url,
        host=urlsplit(opened.url).hostname or "",
        outcome=FetchOutcome.OK,
        purpose="render",
        status=opened.status,
        final_url=opened.final_url,
        headers=opened.headers,
        body_sha256=sha256,
        size=len(opened.body),
        elapsed_ms=round(opened.seconds * 1000),
        started_at=instant(started),
        content_type=opened.headers.get("content-type", ""),
    )
