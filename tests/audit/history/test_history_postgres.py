"""The same history on a real PostgreSQL server, started here from Debian's package on a free loopback port."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from history_factory import CUTOFF, DISTRICT, OPENED, judgement
from sqlalchemy import text

from audit.errors import AuditError
from audit.history.engine import WRITING
from audit.history.store import Entry, History

pytestmark = pytest.mark.postgres


def programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    folder = programs()
    if folder is None:
        pytest.skip("没有 PostgreSQL 服务器程序：apt-get install -y postgresql")
    # not below pytest's own folder, which only its owner may enter: the server runs as another user
    data = Path(tempfile.mkdtemp(prefix="govaudit-pg-"))
    prefix: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        if shutil.which("setpriv") is None:
            pytest.skip("以 root 运行时需要 setpriv 才能以 postgres 用户启动服务器")
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("没有 postgres 用户：apt-get install -y postgresql")
        os.chown(data, owner.pw_uid, owner.pw_gid)
        prefix = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    port = free_port()

    def run(*words: str) -> None:
        done = subprocess.run([*prefix, *words], capture_output=True, text=True, cwd=data, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr

    base = data / "base"
    run(str(folder / "initdb"), "-D", str(base), "-U", "audit", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {data} -F"
    run(str(folder / "pg_ctl"), "-D", str(base), "-l", str(data / "log"), "-w", "-o", options, "start")
    try:
        yield f"postgresql://audit@127.0.0.1:{port}/postgres"
    finally:
        run(str(folder / "pg_ctl"), "-D", str(base), "-m", "immediate", "-w", "stop")
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture
def history(server: str) -> Iterator[History]:
    with History.open(server) as opened:
        with opened._engine.connect() as raw:
            connection = raw.execution_options(**{WRITING: True})
            connection.execute(text("TRUNCATE rounds, decisions, judgements, verdicts, scores, ranks"))
            connection.commit()
        opened.open_round(DISTRICT, "2026Q3", CUTOFF, OPENED, "甲", "年度计划", {})
        yield opened


def test_decisions_judgements_and_the_chain(history: History) -> None:
    made = judgement()
    history.add_judgement(made, "machine", OPENED, "甲", "监测", Entry("round.judged", "2026Q3"))
    entries = [Entry("finding.confirmed", f"f{n}", "确认", "属实", {"points": "1.50"}) for n in range(3)]
    history.append(DISTRICT, "2026Q3", OPENED + timedelta(hours=1), "乙", "初审员", entries)
    row = history.latest(DISTRICT, "2026Q3", "machine")
    assert row is not None
    assert history.judgement(row.id) == made
    assert [line.subject for line in history.decisions(DISTRICT)] == ["2026Q3", "2026Q3", "f0", "f1", "f2"]
    assert history.verify(DISTRICT) == ""


def test_lines_cannot_be_changed(history: History) -> None:
    with pytest.raises(AuditError, match="只能追加"), history._writing() as connection:
        connection.execute(text("UPDATE decisions SET why = 'x'"))


def test_the_clock_and_the_name_are_minded(history: History) -> None:
    with pytest.raises(AuditError, match="时钟"):
        history.append(DISTRICT, "2026Q3", OPENED - timedelta(days=1), "乙", "初审员", [Entry("finding.confirmed")])
    with pytest.raises(AuditError, match="--person"):
        history.append(DISTRICT, "2026Q3", OPENED, "", "初审员", [Entry("finding.confirmed")])


def test_a_second_opening_migrates_nothing(server: str, history: History) -> None:
    with History.open(server) as again:
        assert [r.round for r in again.rounds(DISTRICT)] == ["2026Q3"]
        with again._reading() as connection:
            assert connection.execute(text("SELECT state FROM states WHERE subject = '2026Q3'")).scalar() == "进行中"


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(AuditError, match="无法连接历史数据库"):
        History.open(f"postgresql://audit:secret@127.0.0.1:{free_port()}/postgres")
