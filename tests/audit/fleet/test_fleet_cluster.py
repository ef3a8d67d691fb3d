"""A fleet on a real cluster of three worker processes, one of which is killed in the middle of a crawl."""

from __future__ import annotations

import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from audit import fleet
from audit.errors import AuditError, Exit
from audit.fleet_cluster import run_on_cluster
from checks.outcomes import FetchOutcome
from crawler.store import ObservationStore

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")  # the library's own threads and sockets

LOST = 60  # records that a kill may cost: one group of writes and what was under way
HOST = "www.d1.example.gov.cn"


@pytest.fixture
def cluster() -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(
            n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as running:
            yield running


def test_a_lost_workers_district_is_finished_elsewhere_without_asking_again(
    tmp_path: Path, folders: Callable[..., list[Path]], sites: Any, cluster: Any
) -> None:
    refs = [str(f) for f in folders(4)]
    client = distributed.Client(cluster)
    pids = client.run(os.getpid)
    killed: list[int] = []
    once = threading.Lock()

    def on_request(host: str, count: int) -> None:
        if host == HOST and count >= 80 and not killed and once.acquire(blocking=False):
            at = next(w for w, keys in client.processing().items() if any("govaudit-d1-" in str(k) for k in keys))
            os.kill(pids[at], signal.SIGKILL)
            killed.append(pids[at])

    sites.on_request = on_request
    tasks, refused = fleet.plan(refs, tmp_path / "var", "2026Q3", browser=False)
    heard: list[str] = []
    results = run_on_cluster(tasks, cluster.scheduler_address, lambda r: heard.append(r.task.district))
    client.close()

    assert killed and not refused
    assert sorted(heard) == ["d1", "d2", "d3", "d4"]
    assert {r.task.district: r.code for r in results} == dict.fromkeys(("d1", "d2", "d3", "d4"), Exit.FINDINGS), (
        results
    )
    with ObservationStore(tmp_path / "var" / "d1" / "2026Q3" / "observations.sqlite", readonly=True) as store:
        good = [f.url for f in store.fetches("page") if f.outcome is FetchOutcome.OK]
        assert store.counts().get("pending", 0) == 0
    articles = [u for u in good if u.endswith(".html")]
    assert len(articles) == len(set(articles)) == sites.pages, "every page is stored once"
    again = sites.count(HOST) - len({p for h, p in sites.asked if h == HOST})
    assert again <= LOST + 2 * 4, "what had been stored is not asked again"  # a missing target is asked three times


def test_a_scheduler_that_does_not_answer_is_refused_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.fleet_cluster.PATIENCE", "1s")
    with pytest.raises(AuditError, match="连接不上调度器"):
        run_on_cluster([], "tcp://127.0.0.1:9", lambda _: None)
