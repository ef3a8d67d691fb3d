"""How long pages take to open, measured as a visitor's browser has it: over the network, nothing cached, one by one.

The accessibility pass shows stored documents and keeps several pages busy, so its times say nothing. A try during
which this machine itself was too busy to tick in time is thrown away: our slowness is nobody's fault.

What the server sent the browser is kept as well, to be held against what it sent the crawler.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec
from playwright.async_api import Error as PlaywrightError

from crawler.browser.kept import instant
from crawler.browser.session import Session
from crawler.browser.tab import Opened, PageFailed, Tab
from crawler.loads import KIND, SENT, Load
from crawler.store import ObservationStore

TRIES = 3  # the median of three is what the rule judges
ATTEMPTS = 6  # to get them
TICK_S = 0.05
BUSY_MS = 250  # a tick this late means that the machine was busy with something else


@dataclass(slots=True)
class Ticks:
    """Notices by how much the event loop came late, in ms."""

    late_ms: float = 0.0

    async def run(self) -> None:
        while True:
            due = time.monotonic() + TICK_S
            await asyncio.sleep(TICK_S)
            self.late_ms = max(self.late_ms, (time.monotonic() - due) * 1000)


@contextlib.asynccontextmanager
async def ticking() -> AsyncIterator[Ticks]:
    ticks = Ticks()
    task = asyncio.ensure_future(ticks.run())
    try:
        yield ticks
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def untimed(store: ObservationStore, urls: Iterable[str]) -> list[str]:
    """Those of `urls` that have no measurement yet, in their order."""
    known = {a.url for a in store.artifacts(KIND)}
    return [url for url in dict.fromkeys(urls) if url not in known]


def unsent(store: ObservationStore, urls: Iterable[str]) -> list[str]:
    """Those of `urls` of which it is not known what a browser is sent, in their order."""
    known = {a.url for a in store.artifacts(SENT)}
    return [url for url in dict.fromkeys(urls) if url not in known]


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """Measures pages. `wait(url)` keeps the pace of the host."""

    session: Session
    store: ObservationStore
    agent: str
    timeout_s: float
    wait: Callable[[str], Awaitable[None]]
    now: Callable[[], datetime]

    async def measure(self, url: str) -> int:
        """Load `url` until three good tries are there, and keep them; returns how many there are."""
        loads: list[Load] = []
        for _ in range(ATTEMPTS):
            found = await self._load(url)
            if found is None:
                break  # it does not open: another rule's matter
            if found.late_ms < BUSY_MS:
                loads.append(found)
            if len(loads) == TRIES:
                break
        if len(loads) == TRIES:
            self.store.add_artifact(url, KIND, msgspec.json.encode(loads), {"tries": TRIES})
        return len(loads)

    async def look(self, url: str) -> bool:
        """Load `url` once for what the server sends a browser; returns whether it opened."""
        return await self._load(url) is not None

    def _keep(self, url: str, opened: Opened) -> None:
        if opened.body is not None and unsent(self.store, [url]):
            kind = opened.headers.get("content-type", "")
            meta = {"status": opened.status, "content_type": kind, "final_url": opened.final_url}
            self.store.add_artifact(url, SENT, opened.body, meta)

    async def _load(self, url: str) -> Load | None:
        await self.wait(url)
        tab: Tab | None = None
        try:
            async with asyncio.timeout(2 * self.timeout_s):
                tab = await Tab.create(await self.session.browser(), None, self.agent)  # a new one: nothing is cached
                at = self.now()
                control = await tab.control()
                async with ticking() as ticks:
                    opened = await tab.open(url, None, "", self.timeout_s)
                    times = await tab.run("timing", {"limit": self.timeout_s * 1000})
        except (PageFailed, PlaywrightError, TimeoutError):
            return None
        finally:
            if tab is not None:
                await tab.close()
        self._keep(url, opened)
        if times["load"] is None:
            return None
        return Load(instant(at), times["load"], times["first"], times["read"], round(ticks.late_ms), control)
