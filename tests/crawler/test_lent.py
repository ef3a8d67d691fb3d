"""What an older snapshot lends: everything but what is asked for again, given back before the new one is sealed."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.outcomes import FetchOutcome
from crawler.lent import ask_again, give_back, lend, lent_urls
from crawler.observations import FetchRecord, FrontierItem
from crawler.seal import seal, verify
from crawler.store import ObservationStore, StoreError

HOST = "www.a.gov.cn"
HOME, LIST, MOVED, NEW = (f"http://{HOST}{p}" for p in ("/", "/list/", "/moved/", "/new.html"))


OTHER = "http://www.b.example/deep/1.html"


def asked_by_head(store: ObservationStore) -> None:
    """A link to another site that answered HEAD."""
    store.add_pending(FrontierItem(OTHER, "www.b.example", purpose="external"))
    head = {"method": "HEAD", "purpose": "external", "status": 200, "content_type": "text/html"}
    store.record(FetchRecord(OTHER, "www.b.example", FetchOutcome.OK, **head))  # type: ignore[arg-type]
    store.mark_done(OTHER)


def answer(store: ObservationStore, url: str, text: str, final: str = "", purpose: str = "page") -> None:
    store.add_pending(FrontierItem(url, HOST, purpose=purpose))
    body = store.put_body(text.encode())
    store.record(
        FetchRecord(url, HOST, FetchOutcome.OK, purpose=purpose, status=200, final_url=final or url, body_sha256=body)
    )
    store.mark_done(url)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "base.sqlite"
    with ObservationStore(path) as store:
        answer(store, f"http://{HOST}/robots.txt", "User-agent: *", purpose="robots")
        answer(store, HOME, "home then")
        answer(store, LIST, "list then")
        answer(store, MOVED, "list then", final=LIST)
        store.add_artifact(LIST, "dom", b"rendered then", {})
        store.add_artifact(HOME, "screenshot", b"a picture", {})
        store.add_pending(FrontierItem(f"http://{HOST}/deep", HOST, state="skipped", reason="budget-depth"))
        store.add_pending(FrontierItem(f"http://{HOST}/never", HOST))
        seal(store)
    return path


def test_the_old_snapshot_stands_in_and_new_answers_take_its_place(tmp_path: Path, base: Path) -> None:
    path = tmp_path / "small.sqlite"
    ObservationStore(path).close()
    before = base.read_bytes()
    assert lend(path, base) == 3
    with ObservationStore(path, readonly=True) as store:
        found = store.latest(HOME)
        assert found is not None
        assert store.body(found.body_sha256) == b"home then"
        states = {f.url: (f.state, f.reason) for f in store.frontier()}
        assert f"http://{HOST}/robots.txt" not in states  # asked for again by the spider itself
        assert states[f"http://{HOST}/never"] == ("skipped", "unvisited")  # a gap stays one
        assert states[f"http://{HOST}/deep"] == ("skipped", "budget-depth")
        assert {a.kind for a in store.artifacts()} - {"lent"} == {"dom"}  # pictures are not needed
    assert lent_urls(path) == {HOME, LIST, MOVED}

    assert ask_again(path, [LIST, NEW, "http://other.example/x"], 5, {HOST}) == 4  # what redirects to it, as well
    assert ask_again(path, [LIST, NEW], 5, {HOST}) == 0
    with ObservationStore(path) as store:
        waiting = {f.url: (f.purpose, f.depth) for f in store.pending()}
        assert waiting == {
            LIST: ("page", 0),
            MOVED: ("page", 0),
            NEW: ("page", 5),
            "http://other.example/x": ("external", 5),
        }
        assert list(store.artifacts("dom")) == []  # the rendering of a page goes with it
        answer(store, LIST, "list now")
        store.add_artifact(LIST, "dom", b"rendered now", {})
    assert lent_urls(path) == {HOME}

    give_back(path)
    with ObservationStore(path) as store:
        assert [(f.url, f.id > 0) for f in store.fetches()] == [(LIST, True)]
        assert {f.url for f in store.frontier()} == {LIST, MOVED, NEW, "http://other.example/x"}
        kept = {store.body(d) for d in store.digests()}
        assert kept == {b"list now", b"rendered now"}
        seal(store)
    assert verify(path) == []
    assert base.read_bytes() == before


def test_a_body_that_was_pruned_is_a_gap(tmp_path: Path, base: Path) -> None:
    import sqlite3

    with sqlite3.connect(base) as db:
        db.execute("DELETE FROM bodies WHERE sha256 = (SELECT body_sha256 FROM fetches WHERE url = ?)", (HOME,))
    path = tmp_path / "small.sqlite"
    ObservationStore(path).close()
    lend(path, base)
    with ObservationStore(path, readonly=True) as store:
        assert store.latest(HOME) is None
        assert next(f for f in store.frontier() if f.url == HOME).state == "skipped"


def test_a_base_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "small.sqlite"
    ObservationStore(path).close()
    with pytest.raises(StoreError):
        lend(path, tmp_path / "none.sqlite")


def test_what_is_lent_is_not_sampled_again(tmp_path: Path) -> None:
    old, new = tmp_path / "old.sqlite", tmp_path / "new.sqlite"
    with ObservationStore(old) as store:
        answer(store, HOME, "home then")
        store.add_artifact(HOME, "dom", b"rendered", {})
        asked_by_head(store)
        assert store.answered_unread() == [OTHER]
        seal(store)
    with ObservationStore(new):
        pass
    lend(new, old)
    with ObservationStore(new) as store:
        assert store.answered_unread() == []
