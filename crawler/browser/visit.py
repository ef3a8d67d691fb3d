"""One page, looked at once: rendered, tested, photographed, and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from crawler.browser import axe, elder
from crawler.browser.documents import Document, Documents, Refused
from crawler.browser.kept import Kept, Task, fetched, violations
from crawler.browser.pictures import MAX_HEIGHT, reach
from crawler.browser.tab import Opened, PageFailed, Tab
from crawler.store import ObservationStore

QUIET_MS = 250
RENDER_QUIET_MS = 500
RENDER_GROW_MS = 3000
_LINES = {"runs": 4000, "characters": 200, "height": MAX_HEIGHT}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Carries out tasks. `hosts` are the audited site's own; `now` gives the current instant, aware."""

    store: ObservationStore
    documents: Documents
    hosts: frozenset[str]
    timeout_s: float
    now: Callable[[], datetime]
    refused: Mapping[str, str]  # host → private address, as the gate collects them

    async def visit(self, tab: Tab, task: Task) -> None:
        """Do all of `task` and keep its artifacts. Raises PageFailed; then nothing was kept."""
        document = self.documents.plan(task.url)
        if isinstance(document, Refused):
            raise PageFailed(document.message)
        started = self.now()
        opened = await self._open(tab, task, document)
        if task.elder:
            label = await elder.switch_on(tab, self.hosts, self.timeout_s)
            kept = Kept(task, tab.url)
            await self._test(tab, opened, kept, switch=label)
        else:
            kept = Kept(task, tab.url)
            await self._look(tab, opened, kept)
        if opened.body is None:
            kept.write(self.store)
        else:
            kept.write(self.store, fetched(opened, opened.body, started), opened.body)

    async def _open(self, tab: Tab, task: Task, document: Document | None) -> Opened:
        try:
            opened = await tab.open(task.url, document, self.documents.moved(task.url), self.timeout_s)
        except PageFailed as failure:
            raise PageFailed(self._refusal(tab) or str(failure), tab_usable=failure.tab_usable) from None
        quiet, grow = (RENDER_QUIET_MS, RENDER_GROW_MS) if task.render else (QUIET_MS, 0)
        await tab.settle(quiet, self.timeout_s, grow)
        if not tab.url.startswith(("http://", "https://")):  # a script led to where the gate does not open
            raise PageFailed(self._refusal(tab) or "页面转到不允许的地址，已拒绝")
        return opened

    def _refusal(self, tab: Tab) -> str:
        host = urlsplit(tab.asked).hostname or ""
        address = self.refused.get(host)
        return f"页面转到内网地址 {host}（{address}），已拒绝访问" if address else ""

    async def _look(self, tab: Tab, opened: Opened, kept: Kept) -> None:
        if kept.task.render:
            kept.dom(await tab.run("dom"), opened)
        if kept.task.axe:
            await self._test(tab, opened, kept)
        elif kept.task.screenshot:
            kept.shot(await tab.photograph(self.now), await tab.run("lines", _LINES))

    async def _test(self, tab: Tab, opened: Opened, kept: Kept, **meta: object) -> None:
        at = self.now()
        result = await tab.run("axe_run", axe.RUN_ARGUMENTS)
        layers = await elder.overlays(tab)
        shot, crops, faults = None, {}, violations(result)
        whole = kept.task.screenshot or kept.task.elder
        if whole or faults:  # of a sampled page no more than shows its faults: photographs are half the time
            most = MAX_HEIGHT if whole else reach(box for rule in faults for box in rule["boxes"])
            shot = await tab.photograph(self.now, most)
            kept.shot(shot, await tab.run("lines", _LINES) if whole else None)
            crops = await asyncio.to_thread(kept.crops, shot, result)
        load = {"stored_document": opened.stored, "load_seconds": round(opened.seconds, 2)}
        kept.test(result, at, shot, crops, layers, **load, **meta)
