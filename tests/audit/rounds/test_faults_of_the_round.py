"""Killed between any two steps, or with a full disk: a round is where it was, its chain whole, and can go on."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from office import DECIDER, SECOND, THIRD, Office, confirm_everything, failed
from sqlalchemy import Engine, event

from audit.errors import Exit
from audit.history.store import Entry
from audit.rounds import recheck
from audit.rounds.probe import Probe
from audit.rounds.states import State
from checks.outcomes import Outcome
from checks.verdicts import Evidence

pytestmark = pytest.mark.timeout(900)
KILLS = 5  # moments of one step at which it is killed, spread over all of them
_watch: list[Callable[[], None]] = []


def _on_file(name: str, _: tuple[Any, ...]) -> None:
    if _watch and name in ("os.rename", "os.remove", "shutil.rmtree", "tempfile.mkstemp", "os.mkdir"):
        _watch[-1]()


sys.addaudithook(_on_file)  # cannot be taken away again; without a watcher it does nothing


@event.listens_for(Engine, "before_cursor_execute")
def _on_statement(*_: Any) -> None:
    if _watch:
        _watch[-1]()


@event.listens_for(Engine, "commit")
def _on_commit(*_: Any) -> None:
    if _watch:
        _watch[-1]()


def _draft(office: Office) -> int:
    office.on("2026-10-13")
    return office.run("round", "draft", "shiliqu", "--person", DECIDER)


def _appeal(office: Office) -> int:
    office.on("2026-10-14")
    return office.run(
        "appeal", "add", "shiliqu", "--finding", failed("column-stale", "dzz").identity, "--ground", "fetch",
        "--text", "实有内容", "--signed-by", "单位负责人", "--person", THIRD,
    )  # fmt: skip


def _decide(office: Office) -> int:
    office.on("2026-10-16")
    return office.run(
        "appeal", "decide", "shiliqu", "SS-2026Q3-001", "--result", "成立", "--reason", "核对原文",
        "--person", DECIDER, "--opinion-by", SECOND,
    )  # fmt: skip


def _freeze(office: Office) -> int:
    office.on("2026-10-21")
    return office.run("round", "freeze", "shiliqu", "--person", DECIDER, "--why", "会议决定提前冻结")


def _release(office: Office) -> int:
    office.on("2026-10-22")
    return office.run("round", "release", "shiliqu", "--person", DECIDER, "--approval", "示政办批〔2026〕9号")


def _rectify(office: Office) -> int:
    office.on("2026-10-28")
    return office.run(
        "rectify", "shiliqu", "--finding", failed("column-stale", "zfb").identity, "--url", "http://x.gov.cn/",
        "--action", "已补发", "--done", "2026-10-27", "--person", "责任人",
    )  # fmt: skip


def _recheck(office: Office) -> int:
    office.on("2026-10-30")
    with office.desk("test") as desk:
        chosen = desk.cases()[failed("column-stale", "zfb").identity]
        if chosen.rechecks:
            return Exit.USAGE
        url = chosen.lead.url
        now = replace(chosen.lead, outcome=Outcome.PASSED, evidence=(Evidence(url, "b" * 64),))
        seen = Probe(
            office.data / "shiliqu" / "recheck" / "x", {chosen.identity: [now]}, {},
            {url: ("ok", "b" * 64, "2026-10-30T00:00:00+00:00")}, "m" * 64,
        )  # fmt: skip
        recheck.conclude(desk, "监测", [chosen], seen, desk.now())
    return 0


def _urge(office: Office) -> int:
    office.on("2026-11-10")
    return office.run("urge", "shiliqu", "--person", THIRD)


def _reject(office: Office) -> int:
    """A sealed finding turns out to be wrong."""
    office.on("2026-11-11")
    identity = failed("link-dead", "fgj").identity
    with office.desk("test") as desk:
        entry = Entry("finding.rejected", identity, State.REJECTED, "", {"reason": "fetch"})
        desk.decide(DECIDER, "审定", [entry])
    return 0


def _erratum(office: Office) -> int:
    office.on("2026-11-12")
    return office.run("round", "erratum", "shiliqu", "--person", DECIDER, "--why", "更正")


STEPS: tuple[Callable[[Office], int], ...] = (
    _draft, _appeal, _decide, _freeze, _release, _rectify, _recheck, _urge, _reject, _erratum,
)  # fmt: skip


def moments(office: Office, step: Callable[[Office], int]) -> int:
    """How many moments there are in a step, counted in a process of its own on a copy."""
    return _forked(office, step, 0)


def _forked(office: Office, step: Callable[[Office], int], at: int) -> int:
    """Run a step in a child that is killed at moment `at`; 0 counts. Returns moments seen, or -1 when killed."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        seen = 0

        def tick() -> None:
            nonlocal seen
            seen += 1
            if seen == at:
                os.kill(os.getpid(), signal.SIGKILL)

        _watch.append(tick)
        code = step(office)
        os.write(write, f"{code} {seen}".encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    if not told:
        return -1
    code, seen = map(int, told.split())
    assert code == 0
    return seen


def picture(office: Office) -> tuple[str, dict[str, str], dict[str, int]]:
    """Phase, state of every finding, decisions by kind; the chain is whole and no half pack lies about."""
    with office.desk() as desk:
        assert desk.history.verify("shiliqu") == ""
        kinds: dict[str, int] = {}
        for line in desk.decisions():
            kinds[line.kind] = kinds.get(line.kind, 0) + 1
            if line.payload.get("folder"):
                assert (desk.paths.folder / str(line.payload["folder"]) / "manifest.json").exists()
        return desk.phase(), {c.identity: str(c.state) for c in desk.cases().values()}, kinds


@pytest.fixture
def reviewed(office: Office) -> Iterator[Office]:
    confirm_everything(office)
    yield office
    _watch.clear()


def test_killed_at_any_moment_of_any_step_the_round_goes_on(reviewed: Office, tmp_path: Path) -> None:
    """Each step is killed at moments spread over it, each time from the same state, then done again."""
    before = tmp_path / "before"
    killed = 0
    for step in STEPS:
        shutil.rmtree(before, ignore_errors=True)
        shutil.copytree(reviewed.data, before)

        def again() -> None:
            shutil.rmtree(reviewed.data)
            shutil.copytree(before, reviewed.data)

        count = moments(reviewed, step)
        done = picture(reviewed)
        assert count > 3, step.__name__
        for at in sorted({1 + (count - 1) * n // (KILLS - 1) for n in range(KILLS)}):
            again()
            old = picture(reviewed)
            if _forked(reviewed, step, at) == -1:
                killed += 1
            now = picture(reviewed)
            assert now in (old, done), f"{step.__name__} at {at} of {count}"
            if now == old:
                assert step(reviewed) == 0, f"{step.__name__} after a kill at {at} of {count}"
            assert picture(reviewed) == done
    assert killed >= len(STEPS) * (KILLS - 2)


@pytest.mark.parametrize("step", [_draft, _freeze])
def test_a_full_disk_under_the_history_loses_nothing(
    reviewed: Office, step: Callable[[Office], int], capsys: pytest.CaptureFixture[str]
) -> None:
    """SQLite itself is told that there is no page left."""
    assert step(reviewed) == 0 if step is not _draft else True
    following = _draft if step is _draft else _release
    old = picture(reviewed)

    def no_room(connection: sqlite3.Connection, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "connect", no_room)
    try:
        capsys.readouterr()
        assert following(reviewed) == Exit.NO_VERDICT
    finally:
        event.remove(Engine, "connect", no_room)
    assert "磁盘空间不足" in capsys.readouterr().err.replace("\n", "")
    assert picture(reviewed) == old
    assert following(reviewed) == 0


@pytest.mark.parametrize("at", [1, 10, 40])
def test_a_full_disk_under_the_papers_loses_nothing(
    reviewed: Office, at: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The n-th file of a pack finds no room: no pack, no decision, and the same command works afterwards."""
    old, real, count = picture(reviewed), os.fdopen, 0

    def full(*words: Any, **more: Any) -> Any:
        nonlocal count
        count += 1
        if count >= at:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*words, **more)

    with monkeypatch.context() as patch:
        patch.setattr("audit.files.os.fdopen", full)
        assert _draft(reviewed) == Exit.NO_VERDICT
    assert "磁盘空间不足" in capsys.readouterr().err.replace("\n", "")
    assert picture(reviewed) == old
    assert not (reviewed.folder / "draft-1").exists()
    assert _draft(reviewed) == 0
