"""Where a page sends its reader: by redirect, refresh or script to another page, by a frame to what it shows inside.

`check` is asked about the page a reader ends up with. Every hop is asked like the first request, with the same guard
against addresses inside private networks, and every hop is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from audit.errors import Unsupported
from checks.facts import Link, Page, PageKind, Region
from crawler.classify import redirect_target_refused
from crawler.extract.page import Context, extract
from crawler.observations import FetchRecord, FrontierItem
from crawler.store import ObservationStore
from crawler.urls import host_of, join

MAX_JUMPS = 4  # of pages that only lead on
MAX_FRAMES = 4  # that are looked into
THIN = 200  # characters of own text; a page with more is itself what a reader sees
_FRAMESET = re.compile(rb"<frameset\b", re.I)
_HOW = {"redirect": "服务器跳转", "jump": "网页自动跳转", "frame": "内嵌网页"}


@dataclass(frozen=True, slots=True)
class Step:
    """One hop. `how` is redirect (by the server), jump (by the page) or frame; `lost` says why it was not seen."""

    how: str
    url: str
    target: str
    lost: str = ""

    def __str__(self) -> str:
        return f"{_HOW[self.how]}：{self.url} → {self.target}" + (f"（{self.lost}）" if self.lost else "")


@dataclass(slots=True)
class Trail:
    """`pages` are the addresses of what a reader sees: first the page itself, then what lies in its frames."""

    pages: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


Fetch = Callable[[list[str]], None]
Why = Callable[[str, FetchRecord | None], str]


def walk(observations: Path, url: str, fetch: Fetch, why: Why, today: date) -> Trail:
    """Follow `url` to what a reader sees. `fetch` has addresses observed, `why` explains one that was not seen.

    Raises Unsupported when no page is reached; its message names every hop.
    """
    trail, waiting, asked, jumps = Trail(), [url], {url}, 0
    while waiting:
        at = waiting.pop(0)
        with ObservationStore(observations, readonly=True) as store:
            record = store.latest(at)
            found = _read(store, record, today) if record is not None else None
        trail.steps += _by_server(record)
        if found is None:
            if not trail.pages:
                raise Unsupported(_told(trail.steps, why(at, record)))
            _lose(trail, at, record)
            continue
        page, links, frameset = found
        target = next((m.value for m in page.marks_of("redirect")), "") if page.kind is PageKind.STUB else ""
        if target:
            trail.steps.append(Step("jump", page.url, target))
            jumps += 1
            refusal = _refusal(page.url, target, asked, jumps)
            if refusal and not trail.pages:
                raise Unsupported(_told(trail.steps, refusal))
            if refusal:
                continue
            asked.add(target)
            fetch([target])
            waiting.insert(0, target)
            continue
        trail.pages.append(page.url)
        inner = [u for u in frames_of(page, links, frameset) if u not in asked and not redirect_target_refused(at, u)]
        inner = inner[: max(0, MAX_FRAMES - len(trail.pages) + 1)]
        trail.steps += (Step("frame", page.url, u) for u in inner)
        asked.update(inner)
        if inner:
            fetch(inner)
        waiting += inner
    return trail


def frames_of(page: Page, links: Iterable[Link], frameset: bool) -> list[str]:
    """The frames that hold what a page has to say; none of a page that has something to say itself."""
    if page.kind is PageKind.CHALLENGE or page.rows or page.text_length >= THIN:
        return []
    seen = (k.url for k in links if k.kind == "frame" and not k.hidden and (frameset or k.region is Region.CONTENT))
    return list(dict.fromkeys(seen))


def queue(store: ObservationStore, urls: Iterable[str]) -> None:
    """Have the crawl ask for these pages, whatever it thought of them before."""
    for url in urls:
        known = store.latest(url)
        if known is None or known.purpose != "page":
            store.add_pending(FrontierItem(url, host_of(url), 1))
            store.repurpose(url, "page")
            store.mark_done(url)
            store.requeue([url])


def _read(store: ObservationStore, record: FetchRecord, today: date) -> tuple[Page, tuple[Link, ...], bool] | None:
    if not record.outcome.seen or not record.body_sha256 or not record.size:
        return None
    body, url = store.body(record.body_sha256), record.final_url or record.url
    found = extract(
        body,
        url,
        content_type=record.content_type,
        headers=record.headers,
        fetched_at=record.started_at,
        sha256=record.body_sha256,
        context=Context(frozenset({host_of(url)}), "", today),
    )
    return (found.page, found.links, bool(_FRAMESET.search(body))) if found.page.encoding else None


def _by_server(record: FetchRecord | None) -> Iterator[Step]:
    if record is None or not record.chain:
        return
    places = [str(hop["url"]) for hop in record.chain]
    refused = str(record.chain[-1].get("location", ""))
    last = record.final_url if record.final_url != places[-1] else join(places[-1], refused) or refused
    for place, target in zip(places, [*places[1:], last], strict=True):
        yield Step("redirect", place, target)


def _refusal(url: str, target: str, asked: set[str], jumps: int) -> str:
    if target in asked:
        return f"网页之间来回跳转，读者也打不开：{target} 又被跳转到。请告知网站管理员改正跳转。"
    if reason := redirect_target_refused(url, target):
        return f"{reason}。请告知网站管理员改正跳转。"
    if jumps > MAX_JUMPS:
        return f"跳转 {MAX_JUMPS} 次仍未到达内容页，不再继续。请在浏览器中打开，用最后到达的网址再检查。"
    return ""


def _lose(trail: Trail, at: str, record: FetchRecord | None) -> None:
    """A frame that was not seen: the page is judged without it, and that is said."""
    if record is None:
        why = "检查文件时不访问网络"
    else:
        why = "没有可读的内容" if record.outcome.seen else record.outcome.chinese
    lost = f"{why}，其中的内容没有检查"
    trail.steps = [
        Step(s.how, s.url, s.target, lost) if s.how == "frame" and s.target == at else s for s in trail.steps
    ]


def _told(steps: Iterable[Step], end: str) -> str:
    return "\n".join([*map(str, steps), end])
