"""The observation store: what goes in comes out, groups are whole or absent, faults are told in Chinese."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from checks.outcomes import FetchOutcome as F
from crawler import writing
from crawler.observations import FetchRecord, FrontierItem
from crawler.seal import manifest_of, seal, verify
from crawler.store import ObservationStore, StoreError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "snapshot" / "observations.sqlite"


def fetched(url: str, outcome: F = F.OK, **more: object) -> FetchRecord:
    return FetchRecord(url, "www.example.gov.cn", outcome, started_at="2026-07-20T01:02:03.000+00:00", **more)


def test_a_record_comes_back_as_it_was(path: Path) -> None:
    with ObservationStore(path) as store:
        digest = store.put_body("正文".encode() * 1000)
        hop = {"url": "http://a/", "status": 302, "location": "/b"}
        record = fetched(
            "http://a/", status=200, chain=(hop,), headers={"server": "x"}, body_sha256=digest, size=6000
        )
        number = store.record(record)
        (back,) = store.fetches()
        assert back.id == number
        assert (back.chain, back.headers, back.outcome, back.status) == ((hop,), {"server": "x"}, F.OK, 200)
        assert store.body(digest) == "正文".encode() * 1000


def test_latest_prefers_what_was_seen(path: Path) -> None:
    with ObservationStore(path) as store:
        for outcome in (F.OK, F.TIMEOUT):
            store.record(fetched("http://a/1", outcome))
        for outcome in (F.GONE, F.HTTP_5XX):
            store.record(fetched("http://a/2", outcome))
        assert [f.outcome for f in store.latest_all()] == [F.OK, F.HTTP_5XX]
        one, two = store.latest("http://a/1"), store.latest("http://a/2")
        assert one is not None and one.outcome is F.OK
        assert two is not None and two.outcome is F.HTTP_5XX
        assert store.latest("http://a/3") is None
        assert [t.outcome for t in store.tries("http://a/1")] == [F.OK, F.TIMEOUT]


def test_the_frontier_keeps_first_sight_and_order(path: Path) -> None:
    with ObservationStore(path) as store:
        late = FrontierItem("http://a/late", priority=9)
        assert store.add_pending(late, "http://a/1", "http://a/2") == 3
        assert store.add_pending(FrontierItem("http://a/1", depth=7)) == 0
        assert [i.url for i in store.pending()] == ["http://a/1", "http://a/2", "http://a/late"]
        store.mark_done("http://a/1")
        store.mark_skipped("http://a/2", "budget-pages")
        assert store.counts() == {"done": 1, "pending": 1, "skipped": 1}
        assert store.reopen("budget-%", {"link"}) == 0
        assert store.reopen("budget-%", {"page", "link"}) == 1
        assert {i.url: i.state for i in store.frontier()}["http://a/2"] == "pending"


def test_artifacts_are_found_by_kind_and_url(path: Path) -> None:
    with ObservationStore(path) as store:
        digest = store.add_artifact("http://a/", "dom", b"<html>", {"status": 200})
        store.add_artifact("http://a/", "axe", b"{}", {})
        (dom,) = store.artifacts("dom", "http://a/")
        assert (dom.sha256, dom.meta, store.body(digest)) == (digest, {"status": 200}, b"<html>")
        assert [a.kind for a in store.artifacts(url="http://a/")] == ["dom", "axe"]


def test_what_belongs_together_is_kept_together_or_not_at_all(path: Path) -> None:
    with ObservationStore(path) as store:
        store.add_pending("http://a/before")
        with pytest.raises(RuntimeError), store.atomic():
            store.record(fetched("http://a/half"))
            store.add_pending("http://a/half")
            raise RuntimeError
        store.add_pending("http://a/after")
    with ObservationStore(path, readonly=True) as store:
        assert [i.url for i in store.frontier()] == ["http://a/after", "http://a/before"]
        assert list(store.fetches()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from crawler.store import ObservationStore
store = ObservationStore(Path(sys.argv[1]))
for n in range(130):
    with store.atomic():
        store.add_pending(f"http://a/{n}")
        store.mark_done(f"http://a/{n}")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_writer_loses_one_group_at_most(path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    with ObservationStore(path) as store:
        counts = store.counts()
        assert counts["done"] >= 100 and set(counts) == {"done"}


def test_readers_see_what_is_committed_while_the_writer_writes(path: Path) -> None:
    with ObservationStore(path) as store:
        store.add_pending("http://a/1")
        store.flush()
        store.add_pending("http://a/2")
        with ObservationStore(path, readonly=True) as reader:
            assert [i.url for i in reader.pending()] == ["http://a/1"]
            with pytest.raises(StoreError, match="只读"):
                reader.meta_set("a", "b")


def test_a_second_writer_is_told_to_wait(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "LOCK_PATIENCE_S", 0.0)
    with ObservationStore(path), pytest.raises(StoreError, match="另一个采集进程"):
        ObservationStore(path)
    with ObservationStore(path) as store:
        assert store.counts() == {}


def test_a_full_disk_is_told_and_loses_nothing_committed(path: Path) -> None:
    with ObservationStore(path) as store:
        store.add_pending("http://a/1")
        store.flush()
        pages = store._db.execute("PRAGMA page_count").fetchone()[0]
        store._db.execute(f"PRAGMA max_page_count={pages + 1}")
        with pytest.raises(StoreError, match="磁盘空间不足"):
            for _ in range(10):
                store.put_body(os.urandom(200_000))
    with ObservationStore(path, readonly=True) as store:
        assert [i.url for i in store.pending()] == ["http://a/1"]


def test_files_that_are_no_store_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="没有找到采集数据"):
        ObservationStore(tmp_path / "none.sqlite", readonly=True)
    garbage = tmp_path / "garbage.sqlite"
    garbage.write_bytes(b"this is not a database at all, not even close to one" * 20)
    with pytest.raises(StoreError, match="不是有效的采集数据"):
        ObservationStore(garbage)
    with ObservationStore(tmp_path / "future.sqlite") as store:
        store.meta_set("schema", 99)
    with pytest.raises(StoreError, match="格式版本是 99"):
        ObservationStore(tmp_path / "future.sqlite", readonly=True)


def filled(path: Path) -> str:
    with ObservationStore(path) as store:
        digest = store.put_body(b"<html>seal</html>")
        store.record(fetched("http://a/", body_sha256=digest))
        store.add_artifact("http://a/", "dom", b"<html>dom</html>", {})
        return seal(store)


def test_a_sealed_store_is_one_file_and_takes_no_more(path: Path) -> None:
    manifest = filled(path)
    assert not path.with_name(path.name + "-wal").exists()
    with ObservationStore(path) as store:
        assert store.meta_get("manifest") == manifest == manifest_of(store)
        with pytest.raises(StoreError, match="已封存"):
            store.add_pending("http://a/new")
    assert verify(path) == []


@pytest.mark.parametrize(
    ("tampering", "problem"),
    [
        ("UPDATE fetches SET status = 404", "不一致"),
        ("UPDATE bodies SET data = (SELECT data FROM bodies ORDER BY sha256 LIMIT 1)", "已被改动"),
        ("DELETE FROM bodies", "缺少内容"),
        ("DELETE FROM meta WHERE key = 'manifest'", "尚未封存"),
    ],
)
def test_tampering_is_found(path: Path, tampering: str, problem: str) -> None:
    filled(path)
    db = sqlite3.connect(path)
    db.execute(tampering)
    db.commit()
    db.close()
    assert any(problem in p for p in verify(path))
