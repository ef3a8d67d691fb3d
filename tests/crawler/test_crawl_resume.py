"""A crawl killed at any moment goes on where it was: nothing twice, nothing lost, the same in the end."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from crawl_setup import HOME, district
from servers import Behaviour, Site, page, redirect, reply, silence

from config.district import District
from crawler.observations import OBSERVATIONS
from crawler.run import crawl
from crawler.seal import seal, verify
from crawler.store import ObservationStore, StoreError


def hundred_fifty_pages() -> dict[str, Behaviour]:
    """Home, 10 lists, 130 articles with attachments, dead ends and redirects among them."""
    pages: dict[str, Behaviour] = {"/": page("首页", *(f"/list{n}/" for n in range(10)))}
    for n in range(10):
        articles = [f"/list{n}/t20260101_{n}{k:02}.html" for k in range(13)]
        pages[f"/list{n}/"] = page(f"列表{n}", *articles)
        for k, path in enumerate(articles):
            pages[path] = page(f"文章{n}-{k}", "/", f"/list{n}/", f"/files/{n}-{k % 3}.pdf")
        pages[articles[0]] = redirect(articles[1])
        pages[articles[2]] = reply("<html>没有</html>", 404)
        pages[articles[3]] = reply("<html>出错</html>", 500)
        for k in range(3):
            pages[f"/files/{n}-{k}.pdf"] = reply(b"%PDF-1.4 test", kind="application/pdf")
    return pages


def seen_by(folder: Path) -> set[tuple[object, ...]]:
    with ObservationStore(folder / OBSERVATIONS, readonly=True) as store:
        return {(f.url, f.outcome, f.status, f.final_url, f.body_sha256, f.purpose) for f in store.latest_all()}


def killed_while(folder: Path, it: District, site: Site, after: int) -> None:
    """Run the worker and SIGKILL it when the server has got `after` more requests."""
    with subprocess.Popen(
        [sys.executable, "-m", "crawler.worker", str(folder), "site"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as worker:
        target = len(site.requests) + after
        site.on_request = lambda count: os.kill(worker.pid, signal.SIGKILL) if count == target else None
        assert worker.stdin is not None
        worker.stdin.write(it.model_dump_json().encode() + b"\n")
        worker.stdin.flush()
        worker.wait(60)
        site.on_request = None


def test_five_kills_give_what_an_undisturbed_run_gives(tmp_path: Path) -> None:
    chance = random.Random(20260722)
    with Site(hundred_fifty_pages()) as site:
        it = district(site.address, rate=200)
        calm = crawl(it, tmp_path / "calm")
        asked_calmly = Counter(site.requests)
        site.requests.clear()
        disturbed = tmp_path / "disturbed"
        disturbed.mkdir()
        for _ in range(5):
            killed_while(disturbed, it, site, chance.randint(5, 45))
        summary = crawl(it, disturbed)
        assert seen_by(disturbed) == seen_by(tmp_path / "calm")
        assert (summary.pages, summary.failed, summary.gaps) == (calm.pages, calm.failed, calm.gaps)
        repeated = sum((Counter(site.requests) - asked_calmly).values())
        assert repeated <= 5 * (50 + it.crawl.concurrency), "only the unfinished batch of each kill is asked again"


def test_a_finished_crawl_asks_nothing_again(tmp_path: Path) -> None:
    with Site({"/": page("首页", "/a.html"), "/a.html": page("甲")}) as site:
        it = district(site.address)
        crawl(it, tmp_path)
        asked = len(site.requests)
        again = crawl(it, tmp_path)
        assert len(site.requests) == asked
        assert again.pages == 2


def test_asked_to_stop_it_keeps_what_it_has(tmp_path: Path) -> None:
    with Site(hundred_fifty_pages()) as site:
        it = district(site.address, rate=200)
        first: list[int] = []

        def interrupt(count: int) -> None:
            if count == 40 and not first:
                first.append(count)
                os.kill(os.getpid(), signal.SIGINT)

        site.on_request = interrupt
        summary = crawl(it, tmp_path)
        assert summary.interrupted and 0 < summary.pages < 140
        with ObservationStore(tmp_path / OBSERVATIONS, readonly=True) as store:
            assert store.counts()["pending"] > 0
        assert not crawl(it, tmp_path).interrupted
        with ObservationStore(tmp_path / OBSERVATIONS, readonly=True) as store:
            assert store.counts().get("pending", 0) == 0


def test_a_sealed_snapshot_is_not_crawled_into(tmp_path: Path) -> None:
    with Site({"/": page("首页")}) as site:
        it = district(site.address)
        crawl(it, tmp_path)
        with ObservationStore(tmp_path / OBSERVATIONS) as store:
            seal(store)
        assert verify(tmp_path / OBSERVATIONS) == []
        with pytest.raises(StoreError, match="已封存"):
            crawl(it, tmp_path)
    with ObservationStore(tmp_path / OBSERVATIONS, readonly=True) as store:
        assert store.latest(HOME) is not None


def test_a_silent_server_does_not_hold_up_the_stop(tmp_path: Path) -> None:
    with Site({"/": page("首页", "/silent.html"), "/silent.html": silence()}) as site:
        it = district(site.address, timeout_s=3600)
        sent: list[int] = []

        def interrupt(_: int) -> None:  # other requests may arrive with the silent one: it need not be the last
            if "/silent.html" in site.paths() and not sent:
                sent.append(1)
                os.kill(os.getpid(), signal.SIGINT)

        site.on_request = interrupt
        assert crawl(it, tmp_path).interrupted
        with ObservationStore(tmp_path / OBSERVATIONS, readonly=True) as store:
            assert HOME + "silent.html" in [i.url for i in store.pending()]
            assert store.tries(HOME + "silent.html") == [], "cut off by us: nothing is said about the page"
