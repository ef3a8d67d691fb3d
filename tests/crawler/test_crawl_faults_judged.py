"""Faults of a server, from the socket to the verdict: nothing that can be had is lost, and nobody is accused of them.

One site is crawled and judged three times: whole; with every fault for good, in three places of a column of its own
(front, second list page, article); and with every fault on the first try only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
import zstandard
from crawl_setup import HOME, district, observe
from servers import (
    Asked,
    Behaviour,
    Site,
    bomb,
    drip,
    drop,
    endless,
    gzip_in_crumbs,
    header_bomb,
    http10,
    in_turn,
    redirect,
    reply,
    reset,
    silence,
    with_hints,
)

from checks.engine import judge
from checks.facts import ColumnState
from checks.outcomes import FetchOutcome as F
from checks.outcomes import Outcome
from config.district import Column, ColumnClass, Unit, UnitGroup
from config.editions import load_standard
from crawler.derive.run import derive
from crawler.derive.snapshot import StoredSnapshot
from crawler.observations import OBSERVATIONS
from crawler.store import ObservationStore

NOW = datetime(2026, 9, 30, 10, tzinfo=UTC)
WORDS = "示例县认真贯彻落实上级部署，扎实推进各项工作，取得明显成效，群众满意度不断提升。" * 6
STANDARDS = ("gov-site-2019", "district-quarterly")
PLACES = ("front", "second", "article")

ZEROS = b"\0" * 50_000_000

# and what the crawl has to record
FAULTS: dict[str, tuple[Behaviour, F]] = {
    "drop": (drop(), F.REFUSED),
    "reset": (reset(), F.TRUNCATED),
    "silence": (silence(), F.TIMEOUT),
    "drip": (drip(), F.TIMEOUT),
    "more-announced": (reply("<html><body>短</body></html>", length=5000), F.TRUNCATED),
    "bomb": (bomb(), F.TOO_LARGE),
    "endless": (endless(20_000_000), F.TOO_LARGE),
    "to-file": (redirect("file:///etc/passwd"), F.REDIRECT_REFUSED),
    "to-metadata": (redirect("http://169.254.169.254/latest/meta-data/"), F.REDIRECT_REFUSED),
    "to-loopback": (redirect("http://127.0.0.1:1/"), F.REDIRECT_REFUSED),
    "challenge": (reply("<html></html>", 412), F.WAF),
    "brotli-bomb": (
        reply(brotli.compress(b"\0" * 50_000_000, quality=1), headers=[("Content-Encoding", "br")]),
        F.TRUNCATED,
    ),
    "zstd-bomb": (reply(zstandard.compress(b"\0" * 50_000_000), headers=[("Content-Encoding", "zstd")]), F.TRUNCATED),
    "header-bomb": (header_bomb(), F.REFUSED),
    "cookie-flood": (reply("<html></html>", headers=[("Set-Cookie", f"c{n}=1") for n in range(2_000)]), F.REFUSED),
    "empty": (reply(b""), F.TRUNCATED),
    "part": (reply("<html><body>前半", 206, headers=[("Content-Range", "bytes 0-20/9000")]), F.TRUNCATED),
    "unchanged-unasked": (reply(b"", 304), F.ABORTED),
    "busy": (reply("忙", 503, headers=[("Retry-After", "0")]), F.RATE_LIMITED),
}
LIES = ("fewer-announced",)  # made from the page itself
# odd, but everything is there
WHOLE = (
    *("slow-body", "gbk-as-utf8", "utf8-as-gbk", "gzip-unasked"),
    *("http10", "hints", "crumbs", "encoding-utf8", "cookies"),
)
PASSING = ("drop", "reset", "silence", "more-announced", "busy", "fewer-announced")  # may be over at the next try
NAMES = (*FAULTS, *LIES, *WHOLE)


@dataclass(frozen=True)
class Judged:
    folder: Path
    seen: dict[str, F]
    failed: frozenset[tuple[str, str]]
    columns: dict[str, ColumnState]
    stale: dict[str, Outcome]


def paths(name: str) -> dict[str, str]:
    return {"front": f"/{name}/", "second": f"/{name}/index_1.html", "article": article_path(name, 3)}


def article_path(name: str, n: int) -> str:
    return f"/{name}/202609/t2026090{n + 1}_{n}.html"


def html(title: str, content: str, charset: str = "utf-8") -> str:
    nav = "".join(f'<a href="/{x}-{p}/">{x}{p}</a>' for x in NAMES for p in PLACES)
    return (
        f'<!doctype html><html><head><meta charset="{charset}"><title>{title}</title></head><body>'
        f'<div class="nav">{nav}</div><h1>{title}</h1>{content}'
        '<div class="footer">示例县人民政府主办</div></body></html>'
    )


def column(name: str) -> dict[str, str]:
    """Front, second list page and eight articles. The newest row stands at the end of the second page."""
    old = [NOW - timedelta(days=300 + n) for n in range(4)]
    days = [*old, NOW - timedelta(days=320), NOW - timedelta(days=3)]
    rows = [
        f'<li><a href="{article_path(name, n)}">{name}工作信息第{n}期内容</a><span>{day:%Y-%m-%d}</span></li>'
        for n, day in enumerate(days)
    ]
    turn = '<script>createPageHTML(2, 0, "index", "html");</script>'
    made = {
        f"/{name}/": html(name, f"<ul>{''.join(rows[:4])}</ul>{turn}"),
        f"/{name}/index_1.html": html(name, f"<ul>{''.join(rows[4:])}</ul>{turn}"),
    }
    for n, day in enumerate(days):
        info = f"<p>发布时间：{day:%Y-%m-%d} 来源：示例县政府办</p>"
        made[article_path(name, n)] = html(f"{name}工作信息第{n}期内容", f"{info}<div>{WORDS}</div>")
    return made


def slow(text: str) -> Behaviour:
    """The body in five parts, each after a pause that is shorter than any limit."""
    body = text.encode()

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> bool:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode())
        step = -(-len(body) // 5)
        for at in range(0, len(body), step):
            await asyncio.sleep(0.15)
            writer.write(body[at : at + step])
            await writer.drain()
        return True

    return answer


def faulty(name: str, text: str) -> Behaviour:
    if name in FAULTS:
        return FAULTS[name][0]
    body = text.encode()
    if name == "fewer-announced":
        return reply(body, length=len(body) // 2)
    if name == "slow-body":
        return slow(text)
    if name == "gbk-as-utf8":
        return reply(text.encode("gbk"), kind="text/html; charset=utf-8")
    if name == "utf8-as-gbk":
        return reply(text.replace('charset="utf-8"', 'charset="gbk"'), kind="text/html; charset=gbk")
    if name == "http10":
        return http10(text)
    if name == "hints":
        return with_hints(text)
    if name == "crumbs":
        return gzip_in_crumbs(text)
    if name == "encoding-utf8":
        return reply(body, headers=[("Content-Encoding", "UTF-8")])
    if name == "cookies":
        return reply(body, headers=[("Set-Cookie", f"c{n}={'v' * 900}") for n in range(60)])
    assert name == "gzip-unasked"
    return reply(body, headers=[("Content-Encoding", "gzip")])  # announced, and plain text all the same


def site(mode: str) -> dict[str, Behaviour]:
    """`mode`: whole, for-good or once."""
    pages: dict[str, Behaviour] = {"/": reply(html("示例县人民政府", f"<p>{WORDS}</p>"))}
    for name in NAMES:
        for place in PLACES:
            own = column(f"{name}-{place}")
            target = paths(f"{name}-{place}")[place]
            for path, text in own.items():
                pages[path] = reply(text)
                if path == target and mode == "for-good":
                    pages[path] = faulty(name, text)
                if path == target and mode == "once" and name in PASSING:
                    pages[path] = in_turn(faulty(name, text), reply(text))
    return pages


def judged(folder: Path, mode: str) -> Judged:
    ids = [f"{name}-{place}" for name in NAMES for place in PLACES]
    columns = tuple(
        Column(column_id=i, label=i, path=f"/{i}/", unit_id=i, column_class=ColumnClass.NOTICE) for i in ids
    )
    with Site(site(mode)) as server:
        it = district(server.address, columns=columns, rate="400").model_copy(
            update={
                "units": tuple(Unit(unit_id=i, name_short=i, group=UnitGroup.DEPARTMENT) for i in ("office", *ids)),
                "standards": STANDARDS,
            }
        )
        _, seen = observe(folder, it)
    derive(it, folder, NOW)
    with StoredSnapshot(folder, it, NOW) as snapshot:
        result = judge(snapshot, [load_standard(name) for name in STANDARDS])
        states = {c.column_id: c for c in snapshot.columns()}
    assert not result.errors
    failed = frozenset((f.rule, f.subject) for f in result.findings if f.outcome is Outcome.FAILED)
    stale = {f.subject: f.outcome for f in result.findings if f.rule == "column-stale"}
    return Judged(folder, seen, failed, states, stale)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    return judged(tmp_path_factory.mktemp("whole"), "whole")


@pytest.fixture(scope="module")
def for_good(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    return judged(tmp_path_factory.mktemp("for-good"), "for-good")


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    return judged(tmp_path_factory.mktemp("once"), "once")


def persistent() -> Iterator[tuple[str, str, tuple[F, ...]]]:
    """More bytes than announced are a breach of the protocol where they come at once, else a page cut short."""
    for name in (*FAULTS, *LIES):
        for place in PLACES:
            yield name, place, (FAULTS[name][1],) if name in FAULTS else (F.TRUNCATED, F.REFUSED)


def test_the_whole_site_shows_what_can_be_shown(whole: Judged) -> None:
    assert set(whole.seen.values()) <= {F.OK, F.GONE, F.TLS, F.REFUSED}
    assert {whole.stale[f"{n}-{p}"] for n in NAMES for p in PLACES} == {Outcome.PASSED}


@pytest.mark.parametrize(
    ("name", "place", "outcomes"), list(persistent()), ids=lambda v: v if isinstance(v, str) else ""
)
def test_a_fault_is_recorded_as_what_it_is(for_good: Judged, name: str, place: str, outcomes: tuple[F, ...]) -> None:
    assert for_good.seen[paths(f"{name}-{place}")[place]] in outcomes


def test_nobody_is_accused_of_a_fault(whole: Judged, for_good: Judged) -> None:
    assert for_good.failed <= whole.failed


def test_everything_beside_a_fault_is_read(whole: Judged, for_good: Judged) -> None:
    """Behind a list page that is not seen its rows are hidden; whatever else was known is fetched."""
    hidden = {paths(f"{n}-{p}")[p] for n in (*FAULTS, *LIES) for p in PLACES}
    for name in (*FAULTS, *LIES):
        hidden |= {article_path(f"{name}-front", n) for n in range(6)} | {f"/{name}-front/index_1.html"}
        hidden |= {article_path(f"{name}-second", n) for n in (4, 5)}
    lost = {u for u, o in whole.seen.items() if o is F.OK and for_good.seen.get(u) is not F.OK}
    assert lost <= hidden


@pytest.mark.parametrize("name", [*FAULTS, *LIES])
def test_what_a_fault_hides_is_a_gap_and_no_verdict(for_good: Judged, name: str) -> None:
    """The newest row stands on the second page: without it, or the front, nothing is called stale or blank."""
    for place in ("front", "second"):
        state = for_good.columns[f"{name}-{place}"]
        assert not state.coverage.complete
        assert paths(f"{name}-{place}")[place] in {g.url.removeprefix(HOME[:-1]) for g in state.coverage.gaps}
        assert for_good.stale[f"{name}-{place}"] is Outcome.CANNOT_TELL
    assert for_good.stale[f"{name}-article"] is Outcome.PASSED, "a lost article says nothing about its list"


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("place", PLACES)
def test_an_odd_answer_that_is_whole_is_read_whole(whole: Judged, for_good: Judged, name: str, place: str) -> None:
    column_id = f"{name}-{place}"
    assert for_good.seen[paths(column_id)[place]] is F.OK
    ours, theirs = for_good.columns[column_id], whole.columns[column_id]
    assert [(r.title, r.date) for r in ours.rows] == [(r.title, r.date) for r in theirs.rows]
    assert for_good.stale[column_id] is Outcome.PASSED


def test_a_fault_that_passes_leaves_no_trace_in_the_verdicts(whole: Judged, once: Judged) -> None:
    assert once.failed == whole.failed
    assert once.stale == whole.stale
    assert {u for u, o in once.seen.items() if o is F.OK} == {u for u, o in whole.seen.items() if o is F.OK}
    with ObservationStore(once.folder / OBSERVATIONS, readonly=True) as store:
        first = store.tries(HOME + paths("more-announced-article")["article"][1:])
    assert [t.outcome for t in first] == [F.TRUNCATED, F.OK], "the fault itself stays on record"
