"""Killed between any two steps, or with a full disk: a round is where it was, its chain whole, and can go on."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from office import DECIDER, FIRST, ROUND, SECOND, THIRD, Office, confirm_everything, failed
from openpyxl import load_workbook
from sqlalchemy import Engine, event

from audit import clock
from audit.errors import AuditError, Exit
from audit.history.store import Entry
from audit.review.app import Reviewer
from audit.rounds import recheck
from audit.rounds.desk import open_desk
from audit.rounds.probe import Probe
from audit.rounds.states import State
from checks.outcomes import Outcome
from checks.snapshot import SHANGHAI
from checks.verdicts import Evidence

pytestmark = pytest.mark.timeout(900)
KILLS = 5  # moments of one step at which it is killed, spread over all of them
MANY = 200  # a step with so many moments writes whole packs: fewer kills do
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


def _move(office: Office) -> int:
    words = ("--step", "冻结", "--day", "2026-10-21", "--person", DECIDER, "--why", "会议安排")
    return office.run("round", "move", "shiliqu", *words)


def _act(office: Office) -> int:
    """One decision on the local page."""
    with office.desk() as desk:
        one = next(c for c in reversed(desk.cases().values()) if not c.gap and not c.unmeasured)
        Reviewer(desk, FIRST, False).act(
            {"id": one.identity, "act": "reject", "reason": "clean", "seen": str(one.state)}
        )
    return 0


def _workbook(office: Office, who: str, *mode: str) -> int:
    """Everything that waits for this person, confirmed in one workbook."""
    path = office.data.parent / f"{who}.xlsx"
    words = ("review", "shiliqu", "--person", who, *mode)
    if not path.exists():
        assert office.run(*words, "--export", str(path)) == 0
        with office.desk() as desk:
            unmeasured = {c.identity for c in desk.cases().values() if c.unmeasured}
        book = load_workbook(path)
        sheet = book.worksheets[0]
        for row in range(2, sheet.max_row + 1):
            sheet[f"K{row}"] = "确认"
            if sheet[f"A{row}"].value in unmeasured and not mode:
                sheet[f"O{row}"], sheet[f"P{row}"] = "打开页面看到没有这项内容", "http://www.shiliqu.gov.cn/"
                sheet[f"Q{row}"] = "2026-10-08"
        book.save(path)
    return office.run(*words, "--import", str(path))


def _first(office: Office) -> int:
    return _workbook(office, FIRST)


def _second(office: Office) -> int:
    return _workbook(office, SECOND, "--second")


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


def _by_hand(office: Office) -> int:
    office.on("2026-11-13")
    words = ("--verdict", "通过", "--why", "看了栏目首页，最近一条为11月12日", "--person", THIRD)
    return office.run("recheck", "shiliqu", "--finding", failed("column-stale", "fgj").identity, *words)


def _propose(office: Office) -> int:
    office.on("2026-11-16")
    return office.run("interview", "propose", "shiliqu", "czj", "--person", DECIDER, "--why", "长期不更新")


def _vouch(office: Office) -> int:
    return office.run("interview", "second", "shiliqu", "czj", "--person", SECOND, "--why", "核对证据")


def _section(office: Office) -> int:
    return office.run("interview", "step", "shiliqu", "czj", "section", "--person", DECIDER, "--why", "同意")


def _approve(office: Office) -> int:
    words = ("--person", "分管负责人己", "--why", "示政办批〔2026〕12号")
    return office.run("interview", "step", "shiliqu", "czj", "approved", *words)


def _open(office: Office) -> int:
    office.on("2027-01-04")
    words = ("--round", "2026Q4", "--cutoff", "2026-12-31", "--person", DECIDER)
    return office.run("round", "open", "shiliqu", *words)


def _prune(office: Office) -> int:
    office.on("2027-03-01")
    return office.run("prune", "shiliqu", "--apply", "--person", THIRD)


STEPS: tuple[Callable[[Office], int], ...] = (
    _move, _act, _first, _second, _draft, _appeal, _decide, _freeze, _release, _rectify, _recheck, _urge, _reject,
    _erratum, _by_hand, _propose, _vouch, _section, _approve, _open, _prune,
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
    with open_desk("shiliqu", ROUND, office.data) as desk:
        assert desk.history.verify("shiliqu") == ""
        kinds: dict[str, int] = {
            "rounds": len(desk.history.rounds("shiliqu")),
            "bodies": _bodies(desk.paths.observations),
        }
        for line in desk.decisions():
            kinds[line.kind] = kinds.get(line.kind, 0) + 1
            if line.payload.get("folder"):
                assert (desk.paths.folder / str(line.payload["folder"]) / "manifest.json").exists()
        return desk.phase(), {c.identity: str(c.state) for c in desk.cases().values()}, kinds


def _bodies(path: Path) -> int:
    """What the store holds; it is whole."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return int(db.execute("SELECT count(*) FROM bodies").fetchone()[0])


def attempt(office: Office, step: Callable[[Office], int]) -> int:
    try:
        return step(office)
    except AuditError as error:
        return error.code


def files(office: Office) -> set[str]:
    """Papers and packs: what a refused command must not leave behind."""
    inner = (p for p in office.data.rglob("*") if p.is_file() and p.suffix in (".html", ".eml", ".xlsx", ".json"))
    return {str(p.relative_to(office.data)) for p in inner}


@contextmanager
def full_history() -> Iterator[None]:
    """SQLite is told that there is no page left."""

    def no_room(connection: sqlite3.Connection, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "connect", no_room)
    try:
        yield
    finally:
        event.remove(Engine, "connect", no_room)


@contextmanager
def full_papers() -> Iterator[None]:
    """No file finds room any more."""

    def full(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("audit.files.os.fdopen", full)
        yield


@contextmanager
def clock_set_back() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: datetime(2026, 9, 1, 9, tzinfo=SHANGHAI))
        yield


TROUBLES = (full_history, full_papers, clock_set_back)


@pytest.fixture
def reviewed(office: Office) -> Iterator[Office]:
    confirm_everything(office)
    yield office
    _watch.clear()


@pytest.mark.timeout(2400)
def test_killed_or_refused_at_any_moment_of_any_step_the_round_goes_on(office: Office, tmp_path: Path) -> None:
    """Each step is killed at moments spread over it, each time from the same state, then done again.

    The same steps with no room for the history, with none for papers, and with a clock that was set back: either the
    step was done, or nothing was.
    """
    before = tmp_path / "before"
    killed, refused = 0, dict.fromkeys(TROUBLES, 0)
    for step in STEPS:
        shutil.rmtree(before, ignore_errors=True)
        shutil.copytree(office.data, before)

        def again() -> None:
            shutil.rmtree(office.data)
            shutil.copytree(before, office.data)

        count = moments(office, step)
        done = picture(office)
        assert count > 1, step.__name__
        again()
        old = picture(office)
        assert old != done, step.__name__
        kills = KILLS if count < MANY else KILLS - 2
        for at in sorted({1 + (count - 1) * n // (kills - 1) for n in range(kills)}):
            if _forked(office, step, at) == -1:
                killed += 1
            now = picture(office)
            assert now in (old, done), f"{step.__name__} at {at} of {count}"
            if now == old:
                assert step(office) == 0, f"{step.__name__} after a kill at {at} of {count}"
            assert picture(office) == done
            again()
        for trouble in TROUBLES:
            there = files(office)
            with trouble():
                code = attempt(office, step)
            assert picture(office) == (old if code else done), f"{step.__name__}: {trouble.__name__}"
            if not code:
                again()
                continue
            refused[trouble] += 1
            assert code in (Exit.NO_VERDICT, Exit.USAGE)
            assert trouble is not clock_set_back or files(office) == there, step.__name__
        assert step(office) == 0, f"{step.__name__} after all troubles"
        assert picture(office) == done
    _watch.clear()
    assert killed >= len(STEPS) * (KILLS - 3)
    assert refused[clock_set_back] == len(STEPS)
    assert refused[full_history] > 6  # a line or two may find room in a page that is there
    assert refused[full_papers] > 6


@pytest.mark.parametrize("step", [_draft, _freeze])
def test_a_full_disk_under_the_history_loses_nothing(
    reviewed: Office, step: Callable[[Office], int], capsys: pytest.CaptureFixture[str]
) -> None:
    """SQLite itself is told that there is no page left."""
    assert step(reviewed) == 0 if step is not _draft else True
    following = _draft if step is _draft else _release
    old = picture(reviewed)
    capsys.readouterr()
    with full_history():
        assert following(reviewed) == Exit.NO_VERDICT
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
