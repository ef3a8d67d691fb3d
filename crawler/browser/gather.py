"""The browser pass of one snapshot: what the plan asks for and is not there yet is looked at and kept.

One browser, three pages at a time: a page that is watched until it stands still leaves the machine to the others; a
fourth page or a second browser brings nothing on two cores. A page that breaks is recorded as such and the pass goes
on; a pass that is stopped goes on where it was.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import async_playwright

from config.district import District
from crawler.browser import axe
from crawler.browser.documents import Documents
from crawler.browser.finder import Browser, BrowserMissing, find_browser
from crawler.browser.gate import Gate
from crawler.browser.kept import Task, keep_loss
from crawler.browser.plan import Plan
from crawler.browser.session import BrowserStartError, Session
from crawler.browser.tab import PageFailed, Tab
from crawler.browser.timing import Stopwatch, unsent, untimed
from crawler.browser.traffic import keep_traffic
from crawler.browser.visit import Visitor
from crawler.clock import now_utc
from crawler.store import ObservationStore

OBSERVATIONS = "observations.sqlite"
TABS = 3
VISITS_PER_TAB = 40  # then the tab is replaced: memory, cookies and left-over timers of forty pages go with it
HOPELESS = 3  # pages in a row that never finish loading: something they all embed does not answer
VISIT_EXTRA_S = 45.0  # beside twice the page's own timeout: axe, pictures


@dataclass(frozen=True, slots=True)
class GatherProgress:
    """Pages done (lost ones included) of those this pass has to do, and the page just finished."""

    done: int
    planned: int
    current: str


@dataclass(frozen=True, slots=True)
class GatherSummary:
    """`lost` are (URL, why), in Chinese; `present` were done by an earlier pass; `received` in bytes."""

    planned: int
    done: int
    present: int
    lost: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    browser: str = ""
    browser_starts: int = 0
    received: int = 0


def gather(
    district: District,
    snapshot_dir: Path,
    plan: Plan,
    *,
    on_progress: Callable[[GatherProgress], None] = lambda _: None,
    now: Callable[[], datetime] = now_utc,
) -> GatherSummary:
    """Carry out `plan` on the snapshot's observations, and return when everything is done or recorded as lost.

    Raises BrowserMissing (no browser, or it does not start), StoreError (the observations cannot be written). On
    Ctrl-C the browser is ended, pages in hand are given up, and the next call does what is left.
    """
    with ObservationStore(snapshot_dir / OBSERVATIONS) as store:
        tasks, present = outstanding(store, plan)
        timed = untimed(store, plan.timed)
        compared = [url for url in unsent(store, plan.compared) if url not in timed]
        if not tasks and not timed and not compared:
            return GatherSummary(len(tasks), 0, present)
        store.meta_set("axe_planned", len(plan.axe))
        store.meta_set("axe_engine", axe.engine().meta())
        began = time.monotonic()
        pass_ = _Pass(district, store, tasks, timed, compared, on_progress, now, plan.anew)
        if district.browser.grid_url:
            pass_.on_grid()
        if pass_.queue or timed or compared:
            program = _program(district, pass_)
            if program is not None:
                store.meta_set("browser", msgspec.json.encode(program).decode())
                asyncio.run(pass_.run(program))
        return pass_.summary(present, time.monotonic() - began)


def _program(district: District, pass_: _Pass) -> Browser | None:
    """The local browser. Where a grid does the tests it may be missing: then what only it can do is lost."""
    try:
        return find_browser(district.browser.executable)
    except BrowserMissing as missing:
        if not district.browser.grid_url:
            raise
        pass_.give_up(str(missing))
        return None


def outstanding(store: ObservationStore, plan: Plan) -> tuple[list[Task], int]:
    """Tasks that have no artifact yet, in the plan's order, and how many pages need nothing more."""
    rendered = {a.url for a in store.artifacts("dom")}
    photographed = {a.url for a in store.artifacts("screenshot")}
    tested = {(a.url, a.meta.get("mode", "normal")) for a in store.artifacts("axe")}
    planned = {p.url: p for p in plan.axe}
    render, screenshots = frozenset(plan.render), frozenset(plan.screenshots)
    tasks, present = [], 0
    for url in plan.urls():
        page = planned.get(url)
        test = page is not None and (url, "normal") not in tested
        task = Task(
            url,
            render=url in render and url not in rendered,
            axe=test,
            screenshot=url in screenshots and url not in photographed and (test or page is None),
            template=page.template if page else "",
            reason=page.reason if page else "",
        )
        if task.render or task.axe or task.screenshot:
            tasks.append(task)
        else:
            present += 1
    home = planned.get(plan.home)
    if home is not None and (home.url, "elder") not in tested:
        tasks.append(Task(home.url, elder=True, template=home.template, reason=home.reason))
    return tasks, present


class Pace:
    """At most `rate` page views a second and host; what the browser loads with a page comes on top, once, cached."""

    def __init__(self, rate: float) -> None:
        self._interval = 1 / rate
        self._free: dict[str, float] = {}

    async def wait(self, url: str) -> None:
        host, now = urlsplit(url).hostname or "", time.monotonic()
        start = max(now, self._free.get(host, 0.0))
        self._free[host] = start + self._interval
        await asyncio.sleep(start - now)


class _Pass:
    def __init__(
        self,
        district: District,
        store: ObservationStore,
        tasks: list[Task],
        timed: list[str],
        compared: list[str],
        on_progress: Callable[[GatherProgress], None],
        now: Callable[[], datetime],
        anew: frozenset[str],
    ) -> None:
        self.anew = anew
        self.district = district
        self.store = store
        self.queue = deque(tasks)
        self.timed = timed
        self.compared = compared
        self.planned = len(tasks) + len(timed) + len(compared)
        self.done = 0
        self.lost: list[tuple[str, str]] = []
        self._again: list[Task] = []
        self._report = on_progress
        self._now = now
        self._pace = Pace(float(district.crawl.rate))
        self._program = ""
        self._starts = 0
        self._received = 0

    def summary(self, present: int, seconds: float) -> GatherSummary:
        done = self.done - len(self.lost)
        return GatherSummary(
            self.planned, done, present, tuple(self.lost), seconds, self._program, self._starts, self._received
        )

    def on_grid(self) -> None:
        """Have the accessibility tests done by the district's Selenium Grid; what is left is rendered here."""
        from crawler.browser.grid import run_on_grid  # Selenium is only loaded where a grid is configured

        tested = [replace(t, render=False) for t in self.queue if t.axe]
        left = [replace(t, axe=False, screenshot=t.screenshot and not t.axe) for t in self.queue]
        left = [t for t in left if t.elder or t.render or t.screenshot]
        self.planned = len(tested) + len(left) + len(self.timed) + len(self.compared)
        self.queue = deque(left)
        run_on_grid(self.district, self.store, tested, self._finished, self._now)

    async def run(self, program: Browser) -> None:
        self._program = f"{program.kind} {program.version}"
        async with (
            Gate(self.district.resolve, self.district.crawl.allow_private) as gate,
            async_playwright() as playwright,
        ):
            session = Session(playwright, program, gate)
            visitor = Visitor(
                self.store,
                Documents(self.store, self.anew),
                self.district.own_hosts(),
                float(self.district.browser.timeout_s),
                self._now,
                gate.refused,
            )
            try:
                agent = await self._agent(session)
                await self._together(session, visitor, agent)
                await self._alone(session, visitor, agent)
                await self._time(session, agent)
            finally:
                await asyncio.shield(session.end())
                self._starts, self._received = session.starts, sum(t.bytes for t in gate.traffic.values())
                keep_traffic(self.store, gate.traffic)

    async def _agent(self, session: Session) -> str:
        """The browser's own user agent, with our name and the office's contact added."""
        page = await (await session.browser()).new_page()
        try:
            own = str(await page.evaluate("navigator.userAgent")).replace("HeadlessChrome", "Chrome")
        finally:
            await page.context.close()
        contact = self.district.crawl.contact
        return f"{own} govaudit/0.1" + (f" (+{contact})" if contact.isascii() and contact else "")

    async def _together(self, session: Session, visitor: Visitor, agent: str) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(TABS, len(self.queue))):
                    group.create_task(self._work(session, visitor, agent, self.queue, last_try=False))
        except BaseExceptionGroup as errors:  # one reason is enough for the user: the first
            raise errors.exceptions[0] from None

    async def _alone(self, session: Session, visitor: Visitor, agent: str) -> None:
        """When the whole browser went down, one of its pages was the cause: each gets a second try by itself."""
        for task in self._again:
            await self._work(session, visitor, agent, deque([task]), last_try=True)

    async def _time(self, session: Session, agent: str) -> None:
        """Load times come last and one by one: nothing of ours may stand in the way of the page."""
        limit = float(self.district.browser.timeout_s)
        watch = Stopwatch(session, self.store, agent, limit, self._pace.wait, self._now)
        idle = 0
        for url in self.timed:
            if idle < HOPELESS:
                idle = 0 if await watch.measure(url) else idle + 1
            self.done += 1
            self._report(GatherProgress(self.done, self.planned, f"{url}（计时）"))
        for url in self.compared:
            if idle < HOPELESS:
                idle = 0 if await watch.look(url) else idle + 1
            self.done += 1
            self._report(GatherProgress(self.done, self.planned, f"{url}（对照）"))

    async def _work(
        self, session: Session, visitor: Visitor, agent: str, queue: deque[Task], *, last_try: bool
    ) -> None:
        tab: Tab | None = None
        try:
            while queue:
                task = queue.popleft()
                browser = await session.browser()
                try:
                    if tab is None:
                        tab = await Tab.create(browser, visitor.documents, agent)
                    await self._visit(tab, visitor, task)
                except (PageFailed, PlaywrightError) as failure:
                    usable = isinstance(failure, PageFailed) and failure.tab_usable
                    if not usable and not last_try and not await session.alive(browser):
                        self._again.append(task)
                    else:
                        self._keep_loss(task, str(failure) if isinstance(failure, PageFailed) else "浏览器异常退出")
                else:
                    usable = True
                    self._finished(task, "")
                if tab is not None and (not usable or task.elder or tab.visits >= VISITS_PER_TAB):
                    await tab.close()  # the elder mode stays on in its cookies, so that tab is never used again
                    tab = None
        finally:
            if tab is not None:
                await tab.close()

    async def _visit(self, tab: Tab, visitor: Visitor, task: Task) -> None:
        await self._pace.wait(task.url)
        limit = 2 * self.district.browser.timeout_s + VISIT_EXTRA_S
        try:
            async with asyncio.timeout(limit):
                await visitor.visit(tab, task)
        except TimeoutError:
            raise PageFailed(f"{limit:g} 秒内未能完成检测", tab_usable=False) from None

    def give_up(self, error: str) -> None:
        """Record everything left as lost; load times are simply not there."""
        self.done += len(self.timed) + len(self.compared)
        self.timed, self.compared = [], []
        while self.queue:
            self._keep_loss(self.queue.popleft(), error)

    def _keep_loss(self, task: Task, error: str) -> None:
        keep_loss(self.store, task, self._now(), error)
        self._finished(task, error)

    def _finished(self, task: Task, error: str) -> None:
        self.done += 1
        if error:
            self.lost.append((task.url, error))
        self._report(GatherProgress(self.done, self.planned, task.label))


__all__ = ["BrowserStartError", "GatherProgress", "GatherSummary", "gather", "outstanding"]
