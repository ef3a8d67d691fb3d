"""The same history on a real PostgreSQL server, started here from Debian's package on a free loopback port."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from history_factory import CUTOFF, DISTRICT, OPENED, judgement
from postgres_server import free_port
from sqlalchemy import text

from audit.errors import AuditError
from audit.history.engine import WRITING
from audit.history.store import Entry, History

pytestmark = pytest.mark.postgres


@pytest.fixture
def history(postgres: str) -> Iterator[History]:
    with History.open(postgres) as opened:
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


def test_a_second_opening_migrates_nothing(postgres: str, history: History) -> None:
    with History.open(postgres) as again:
        assert [r.round for r in again.rounds(DISTRICT)] == ["2026Q3"]
        with again._reading() as connection:
            assert connection.execute(text("SELECT state FROM states WHERE subject = '2026Q3'")).scalar() == "进行中"


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(AuditError, match="无法连接历史数据库"):
        History.open(f"postgresql://audit:secret@127.0.0.1:{free_port()}/postgres")
