from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
import zstandard
from history_factory import CUTOFF, DISTRICT, OPENED, judgement

from audit.errors import AuditError
from audit.history.engine import WRITING, make_engine
from audit.history.lock import district_lock
from audit.history.migrations import LATEST, migrate, version
from audit.history.store import Entry, History


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    with History.open(f"sqlite:///{path}") as opened:
        opened.open_round(DISTRICT, "2026Q3", CUTOFF, OPENED, "甲", "年度计划", {"plan": "示政办〔2026〕1号"})
        yield opened


def add(history: History, number: int, minutes: int = 0) -> None:
    at = OPENED + timedelta(minutes=minutes or number)
    history.append(DISTRICT, "2026Q3", at, "乙", "初审员", [Entry("finding.confirmed", f"f{number}", "确认", "属实")])


def test_decisions_are_chained_and_verified(history: History) -> None:
    for number in range(1, 6):
        add(history, number)
    lines = history.decisions(DISTRICT)
    assert [line.seq for line in lines] == [1, 2, 3, 4, 5, 6]
    assert all(later.prev_hash == earlier.hash for earlier, later in pairwise(lines))
    assert history.verify(DISTRICT) == ""


def unguarded(path: Path, sql: str) -> None:
    """What somebody with the file in hand could do."""
    connection = sqlite3.connect(path)
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(sql)
        connection.commit()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE decisions SET why = '误报' WHERE seq = 3", "第 3 条决定"),
        ("UPDATE decisions SET payload = '{\"x\":1}' WHERE seq = 2", "第 2 条决定"),
        ("DELETE FROM decisions WHERE seq = 4", "缺第 4 条"),
        ("UPDATE decisions SET who = '丙' WHERE seq = 6", "第 6 条决定"),
    ],
)
def test_one_altered_line_is_found_and_named(history: History, path: Path, sql: str, said: str) -> None:
    for number in range(1, 6):
        add(history, number)
    unguarded(path, sql)
    assert said in history.verify(DISTRICT)


def test_an_altered_sealed_result_is_found(history: History, path: Path) -> None:
    entry = Entry("round.frozen", "2026Q3", "冻结", "审定")
    history.add_judgement(judgement(), "frozen", OPENED, "丁", "审定", entry)
    assert history.verify(DISTRICT) == ""
    other = judgement(findings=judgement().findings[:-1])
    body = zstandard.compress(msgspec.json.encode(other)).hex()
    unguarded(path, f"UPDATE judgements SET body = x'{body}' WHERE kind = 'frozen'")
    assert "结果被改动" in history.verify(DISTRICT)
    with pytest.raises(AuditError, match="已被改动"):
        history.judgement(1)


def test_lines_cannot_be_changed_through_the_database(history: History, path: Path) -> None:
    connection = sqlite3.connect(path)
    try:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute("UPDATE decisions SET why = 'x'")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute("DELETE FROM rounds")
    finally:
        connection.close()


def test_a_clock_set_back_is_refused(history: History) -> None:
    add(history, 1, minutes=60)
    with pytest.raises(AuditError, match="时钟被调回"):
        add(history, 2, minutes=10)
    assert len(history.decisions(DISTRICT)) == 2
    add(history, 2, minutes=59)  # within the slack between two machines
    assert history.verify(DISTRICT) == ""


def test_a_decision_needs_a_name(history: History) -> None:
    with pytest.raises(AuditError, match="--person"):
        history.append(DISTRICT, "2026Q3", OPENED, "  ", "初审员", [Entry("finding.confirmed", "f1", "确认")])


def test_a_judgement_comes_back_as_it_was(history: History) -> None:
    made = judgement()
    history.add_judgement(made, "machine", OPENED, "甲", "监测", Entry("round.judged", "2026Q3"))
    row = history.latest(DISTRICT, "2026Q3", "machine")
    assert row is not None
    assert history.judgement(row.id) == made
    assert row.rules["column-stale"] == 1
    again = replace(made, tool_version="0.2.0")
    history.add_judgement(again, "machine", OPENED, "甲", "监测", Entry("round.judged", "2026Q3"))
    latest = history.latest(DISTRICT, "2026Q3", "machine")
    assert latest is not None
    assert latest.version == 2


def test_the_same_round_is_not_opened_twice(history: History) -> None:
    with pytest.raises(AuditError, match="已经开启"):
        history.open_round(DISTRICT, "2026Q3", CUTOFF, OPENED, "甲", "", {})


def test_a_database_of_an_earlier_version_is_brought_up(path: Path) -> None:
    engine, _ = make_engine(f"sqlite:///{path}")
    with engine.connect() as raw:
        connection = raw.execution_options(**{WRITING: True})
        with connection.begin():
            assert migrate(connection, upto=1) == [1]
    engine.dispose()
    with History.open(f"sqlite:///{path}") as history:
        history.open_round(DISTRICT, "2026Q3", CUTOFF, OPENED, "甲", "", {})
        with history._reading() as connection:
            assert version(connection) == LATEST
            assert connection.exec_driver_sql("SELECT state FROM states").scalar() == "进行中"


def test_a_newer_database_is_refused(path: Path) -> None:
    History.open(f"sqlite:///{path}").close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE schema_version SET number = 99")
    connection.commit()
    connection.close()
    with pytest.raises(AuditError, match="99"):
        History.open(f"sqlite:///{path}")


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(AuditError, match="不是有效的历史数据库"):
        History.open(f"sqlite:///{path}")


def test_unknown_addresses_are_refused() -> None:
    for url in ("mysql://x/y", "nonsense", "sqlite://"):
        with pytest.raises(AuditError, match="历史数据库"):
            make_engine(url)


def test_two_commands_at_once_one_is_refused(tmp_path: Path) -> None:
    with (
        district_lock(tmp_path, "govaudit round freeze"),
        pytest.raises(AuditError, match="govaudit round freeze"),
        district_lock(tmp_path, "govaudit review"),
    ):
        pass
    with district_lock(tmp_path, "govaudit review"):
        pass


_KILLED = """
import os, signal, sys
from datetime import timedelta
from sqlalchemy import event
from audit.history.store import Entry, History
from history_factory import OPENED, judgement
history = History.open(sys.argv[1])
seen = 0
def statement(*args):
    global seen
    seen += 1
    if seen == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(history._engine, "before_cursor_execute", statement)
event.listen(history._engine, "commit", statement)
entry = Entry("round.frozen", "2026Q3", "冻结", "审定")
history.add_judgement(judgement(), "frozen", OPENED + timedelta(hours=1), "丁", "审定", entry)
print("done")
"""


@pytest.mark.parametrize("at", range(1, 11))
def test_killed_at_any_statement_leaves_the_old_state(history: History, path: Path, at: int) -> None:
    folders = [Path(__file__).parent, Path(__file__).parents[2] / "reports", Path(__file__).parents[3]]
    code = f"import sys; sys.path[:0] = {[str(f) for f in folders]!r}\n{_KILLED}"
    done = subprocess.run([sys.executable, "-c", code, f"sqlite:///{path}", str(at)], capture_output=True, text=True)
    frozen = history.latest(DISTRICT, "2026Q3", "frozen")
    kinds = [line.kind for line in history.decisions(DISTRICT)]
    if done.returncode == 0:
        assert (frozen is not None, kinds) == (True, ["round.opened", "round.frozen"])
    else:
        assert done.returncode == -9, done.stderr
        assert (frozen, kinds) == (None, ["round.opened"])
    assert history.verify(DISTRICT) == ""
