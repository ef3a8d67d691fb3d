"""What to ask next. The frontier table is the truth; this is its working copy, ordered by host, priority and time.

Nothing is marked done before its answer is in the same transaction, so a killed crawl finds its open requests
pending again.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import json
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from checks.outcomes import FetchOutcome
from config.district import District
from crawler.deepreads import CONTROL, READ, choose
from crawler.manners import PATIENCE_S, Pace, foreign_pace, in_window, own_pace, retry_after_seconds
from crawler.observations import FrontierItem
from crawler.store import ObservationStore
from crawler.urls import host_of
from crawler.visit import Ended, Visit, tried_again

TRIES = 3  # a target is dead when this many tries, apart in time, say so
RATE_LIMIT_TRIES = 5
SPACING_S = 30.0  # between two tries of one target at one request a second; shorter where the rate is higher
WORTH_RETRYING = frozenset(
    {
        FetchOutcome.GONE,
        FetchOutcome.SOFT_404,
        FetchOutcome.HTTP_5XX,
        FetchOutcome.TIMEOUT,
        FetchOutcome.REFUSED,
        FetchOutcome.DNS,
        FetchOutcome.TRUNCATED,
        FetchOutcome.RATE_LIMITED,
        FetchOutcome.ABORTED,
    }
)
ONCE_ONLY = frozenset({"robots", "sitemap", CONTROL})
SAMPLED = "external_reads"  # key of the sample's figures in the store: it is drawn once
LAST = 600  # priority of what is read when everything was asked


@dataclass(slots=True)
class Lane:
    """One host's queue: first tries by priority, continued redirects before everything, later tries at the end."""

    pace: Pace
    own: bool
    fresh: list[tuple[int, int, FrontierItem]] = field(default_factory=list)
    going_on: deque[Visit] = field(default_factory=deque)
    later: list[tuple[float, int, FrontierItem]] = field(default_factory=list)
    gate: str = ""  # robots.txt that has to be answered before anything else of this host

    @property
    def waiting(self) -> int:
        return len(self.fresh) + len(self.going_on) + len(self.later)


class Frontier:
    """Hands out visits one by one and takes back how they ended. `minute` gives the local minute of the day."""

    def __init__(
        self,
        store: ObservationStore,
        district: District,
        purposes: frozenset[str] | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        minute: Callable[[], int] = lambda: 0,
    ) -> None:
        self._store = store
        self._district = district
        self._purposes = purposes
        self._now = monotonic
        self._minute = minute
        self._sequence = itertools.count()
        self._lanes: dict[str, Lane] = {}
        self._woken = asyncio.Event()
        self.known: set[str] = set()
        self.open = 0
        self.first_round = 0
        self.done = 0
        self.pages = 0
        self.pages_asked = 0
        self.stopping = False
        self.outcomes: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.spacing = SPACING_S * min(1.0, 1.0 / float(district.crawl.rate))
        self._deadline: float | None = None
        self._swept = False

    def load(self) -> None:
        """Take over what the store knows: earlier runs of this crawl included."""
        for item in self._store.frontier():
            self.known.add(item.url)
            if item.state == "done":
                self.done += 1
                self.pages += item.purpose == "page"
        self.pages_asked = self.pages
        for item in self._store.pending():
            self.pages_asked += item.purpose == "page" and item.tries > 0
            if self._purposes is None or item.purpose in self._purposes:
                self._queue(item)
        spent = float(self._store.meta_get("crawl_seconds") or 0)
        self._deadline = self._now() + max(0.0, self._district.crawl.max_minutes * 60 - spent)

    # -- in -------------------------------------------------------------------------------------------------------

    def add(self, items: Iterable[FrontierItem]) -> None:
        """Make new URLs known, in the store and here. Callers hold a transaction if they need one."""
        fresh = [i for i in items if i.url not in self.known]
        self._store.add_pending(*fresh)
        for item in fresh:
            self.known.add(item.url)
            if item.state == "pending":
                self._queue(item)
            else:
                self.skipped[item.reason] += 1
        if fresh:
            self._woken.set()

    def _queue(self, item: FrontierItem) -> None:
        lane = self.lane(item.host or host_of(item.url))
        if lane.pace.down is not None:
            self._leave(item, "host-down")
        elif item.purpose == "page" and not item.tries and self._pages_spent:
            self._skip(item, "budget-pages")
        elif item.tries:
            heapq.heappush(lane.later, (self._now() + self.spacing, next(self._sequence), item))
        else:
            if item.purpose == "robots":
                lane.gate = item.url
            heapq.heappush(lane.fresh, (item.priority, next(self._sequence), item))
            self.first_round += 1

    def lane(self, host: str) -> Lane:
        lane = self._lanes.get(host)
        if lane is None:
            own = host in self._district.own_hosts()
            near = own or host in self._district.resolve
            pace = own_pace(self._district) if near else foreign_pace(self._district)
            lane = self._lanes[host] = Lane(pace, own)
        return lane

    # -- out ------------------------------------------------------------------------------------------------------

    async def take(self) -> Visit | None:
        """The next visit, as soon as its host may be asked; None when there is nothing left or it is time to stop."""
        while not self.stopping:
            self._keep_budgets()
            now = self._now()
            visit = self._best(now)
            if visit is not None:
                self.open += 1
                return visit
            if self.open == 0 and not any(lane.waiting for lane in self._lanes.values()):
                if not self._read_sample():
                    return None
                continue
            await self._sleep(now)
        return None

    def _read_sample(self) -> bool:
        """Queue the sample of other sites' pages that are read; False if there is none or it was drawn before."""
        wanted = self._purposes is not None and READ in self._purposes
        if not wanted or self._store.meta_get(SAMPLED) is not None:
            return False
        sample = choose(self._store.answered_unread(), self._district)
        with self._store.atomic():
            for url in sample.read:
                self._store.repurpose(url, READ)
            self._store.meta_set(SAMPLED, json.dumps(sample.stated()))
            self.add(FrontierItem(url, host_of(url), purpose=CONTROL, priority=LAST) for url in sample.controls)
        for url in sample.read:
            self._queue(FrontierItem(url, host_of(url), purpose=READ, priority=LAST))
        self.done -= len(sample.read)
        return bool(sample.read)

    def _best(self, now: float) -> Visit | None:
        if not in_window(self._district.crawl.window, self._minute()):
            return None
        chosen: Lane | None = None
        rank = (1 << 60, 0)
        for lane in self._lanes.values():
            if not lane.waiting or not lane.pace.ready(now):
                continue
            if lane.pace.probing:
                lane.pace.begin(now)
                return self._probe(lane)
            if lane.going_on:
                lane.pace.begin(now)
                self.open -= 1  # it was never closed
                return lane.going_on.popleft()
            if lane.fresh and lane.fresh[0][:2] < rank and self._gate_open(lane):
                chosen, rank = lane, lane.fresh[0][:2]
        if chosen is not None:
            chosen.pace.begin(now)
            self.first_round -= 1
            item = heapq.heappop(chosen.fresh)[2]
            self.pages_asked += item.purpose == "page"
            return self._visit(item)
        return self._later(now) if self.first_round == 0 else None

    def _later(self, now: float) -> Visit | None:
        """Second and third tries come when every address was asked once."""
        for lane in self._lanes.values():
            if lane.later and lane.later[0][0] <= now and lane.pace.ready(now):
                lane.pace.begin(now)
                return self._visit(heapq.heappop(lane.later)[2])
        return None

    @staticmethod
    def _probe(lane: Lane) -> Visit:
        """robots.txt is the cheapest question whether a host answers again."""
        some = lane.going_on[0].url if lane.going_on else (lane.fresh or lane.later)[0][2].url
        parts = urlsplit(some)
        url = f"{parts.scheme}://{parts.netloc}/robots.txt"
        return Visit(FrontierItem(url, parts.hostname or "", purpose="robots"), probe=True)

    @staticmethod
    def _gate_open(lane: Lane) -> bool:
        return not lane.gate or lane.fresh[0][2].url == lane.gate

    @staticmethod
    def _visit(item: FrontierItem) -> Visit:
        """Targets are asked by HEAD. The front of another site is read: only its text shows a name that was sold."""
        head = item.purpose in ("link", "external") and item.tries == 0
        if head and item.purpose == "external":
            parts = urlsplit(item.url)
            head = parts.path not in ("", "/") or bool(parts.query)
        return Visit(item, method="HEAD" if head else "GET")

    async def _sleep(self, now: float) -> None:
        waits = [lane.pace.next_at - now for lane in self._lanes.values() if lane.waiting]
        waits += [lane.later[0][0] - now for lane in self._lanes.values() if lane.later and self.first_round == 0]
        shortest = min((w for w in waits if w > 0), default=1.0)
        self._woken.clear()
        try:
            await asyncio.wait_for(self._woken.wait(), min(max(shortest, 0.001), 1.0))
        except TimeoutError:
            return

    # -- back -----------------------------------------------------------------------------------------------------

    def go_on(self, visit: Visit, came_from: str, elapsed_ms: int) -> None:
        """A redirect: the visit stays open and waits for its new host."""
        self.lane(came_from).pace.ended(self._now(), FetchOutcome.OK, elapsed_ms)
        self.lane(visit.host).going_on.append(visit)
        self._woken.set()

    def finish(self, visit: Visit, ended: Ended, elapsed_ms: int) -> None:
        """A visit ended: note how, and whether its URL is done, tried again now, or tried again later."""
        self.open -= 1
        outcome = ended.record.outcome
        lane = self.lane(visit.host)
        headers = ended.record.headers
        rest = retry_after_seconds(headers.get("retry-after", ""), headers.get("date", ""))
        lane.pace.ended(self._now(), outcome, elapsed_ms, rest)
        if not lane.own and rest is not None and rest > PATIENCE_S and not outcome.seen:
            lane.pace.down = outcome
        asked = self.lane(visit.item.host or host_of(visit.item.url))  # robots.txt of a bare domain may end on www
        if asked.gate == visit.item.url:
            asked.gate = ""
        if not visit.probe:
            self._settle(visit, ended)
        if lane.pace.down is not None and lane.waiting:
            self._give_up(visit.host)
        self._woken.set()

    def _settle(self, visit: Visit, ended: Ended) -> None:
        item, outcome = tried_again(visit.item), ended.record.outcome
        lane = self.lane(item.host or host_of(item.url))
        if visit.method == "HEAD" and not outcome.seen and lane.pace.down is None:
            lane.going_on.append(Visit(item))  # many servers answer HEAD wrongly: GET decides
            self.open += 1
            self._store.mark_tried(item.url, item.tries)
            return
        limit = RATE_LIMIT_TRIES if outcome is FetchOutcome.RATE_LIMITED else TRIES
        again = outcome in WORTH_RETRYING and item.purpose not in ONCE_ONLY and item.tries < limit
        if again and lane.pace.down is None:
            self._store.mark_tried(item.url, item.tries)
            heapq.heappush(lane.later, (self._now() + self.spacing, next(self._sequence), item))
            return
        self._store.mark_done(item.url)
        self.done += 1
        self.pages += item.purpose == "page"
        self.outcomes[str(outcome)] += 1

    # -- giving up ------------------------------------------------------------------------------------------------

    def refuse(self, visit: Visit, reason: str) -> None:
        """A visit that is not made after all (robots.txt)."""
        self.open -= 1
        self.lane(visit.host).pace.in_flight -= 1
        self._skip(visit.item, reason)
        self._woken.set()

    def _leave(self, item: FrontierItem, reason: str) -> None:
        """Not asked. What was only to be read beside an answer that is there is done without."""
        if item.purpose in (READ, CONTROL):
            self._close_tried(item)
        else:
            self._skip(item, reason)

    def _skip(self, item: FrontierItem, reason: str) -> None:
        self._store.mark_skipped(item.url, reason)
        self.skipped[reason] += 1

    def _give_up(self, host: str) -> None:
        lane = self.lane(host)
        self._drop(lane, "host-down")
        lane.gate = ""

    def _drop(self, lane: Lane, reason: str) -> None:
        for _, _, item in lane.fresh:
            self._leave(item, reason)
        for _, _, item in lane.later:
            self._close_tried(item)
        self.first_round -= len(lane.fresh)
        self.open -= len(lane.going_on)
        for visit in lane.going_on:
            self._leave(visit.item, reason)
        lane.fresh.clear()
        lane.later.clear()
        lane.going_on.clear()

    def _close_tried(self, item: FrontierItem) -> None:
        """Asked at least once and not to be asked again: the answers there are stand."""
        self._store.mark_done(item.url)
        self.done += 1
        self.pages += item.purpose == "page"

    def _keep_budgets(self) -> None:
        if self._deadline is not None and self._now() >= self._deadline:
            self._drop_all("budget-minutes")
        elif self._pages_spent and not self._swept:
            self._swept = True
            for lane in self._lanes.values():
                kept = [entry for entry in lane.fresh if entry[2].purpose != "page"]
                for _, _, item in lane.fresh:
                    if item.purpose == "page":
                        self._skip(item, "budget-pages")
                self.first_round -= len(lane.fresh) - len(kept)
                heapq.heapify(kept)
                lane.fresh = kept

    @property
    def _pages_spent(self) -> bool:
        return self.pages_asked >= self._district.crawl.max_pages

    def _drop_all(self, reason: str) -> None:
        for lane in self._lanes.values():
            if lane.waiting:
                self._drop(lane, reason)

    def stop(self) -> None:
        """No new visits; what is open may end. Everything else stays pending."""
        self.stopping = True
        self._woken.set()

    # -- looking --------------------------------------------------------------------------------------------------

    @property
    def waiting(self) -> int:
        return sum(lane.waiting for lane in self._lanes.values())

    def lanes(self) -> dict[str, Lane]:
        return self._lanes
