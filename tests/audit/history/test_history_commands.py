"""The commands over the history, the same on SQLite and on a real PostgreSQL server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import report_factory as factory
from history_factory import CUTOFF, DISTRICT, OPENED, judgement
from sqlalchemy import text

from audit.cli import run_cli
from audit.errors import Exit
from audit.history.compare import faults
from audit.history.engine import WRITING
from audit.history.store import Entry, History
from audit.rounds.states import State
from checks.outcomes import Outcome


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'h.sqlite'}"
    found = str(request.getfixturevalue("postgres"))
    with History.open(found) as opened, opened._engine.connect() as raw:
        connection = raw.execution_options(**{WRITING: True})
        connection.execute(text("TRUNCATE rounds, decisions, judgements, verdicts, scores, ranks"))
        connection.commit()
    return found


@pytest.fixture
def quarters(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    """Three sealed quarters: A stands, B goes and comes back, C is closed by a re-check and is there again."""
    for module in ("history", "round"):
        monkeypatch.setattr(f"audit.commands.{module}.load_district", lambda ref: factory.district())
    made = judgement()
    a, b, c = list(faults(made).values())[:3]
    rounds = {"2026Q1": (a, b), "2026Q2": (a, c), "2026Q3": (a, b, c)}
    with History.open(url) as history:
        for at, (name, found) in enumerate(rounds.items()):
            when = OPENED + timedelta(days=at)
            history.open_round(DISTRICT, name, CUTOFF + timedelta(days=at), when, "丁", "", {})
            passed = tuple(replace(f, outcome=Outcome.PASSED) for f in (a, b, c) if f not in found)
            past = replace(
                made, round=name, findings=found + passed, as_of=made.as_of - timedelta(days=90 * (2 - at))
            )
            history.add_judgement(past, "machine", when, "监测", "监测", Entry("round.judged", name))
            history.add_judgement(past, "frozen", when, "丁", "审定", Entry("round.frozen", name, "已冻结"))
        closed = Entry("recheck.done", c.identity, State.CLOSED, "销号", {"result": "通过"})
        history.append(DISTRICT, "2026Q2", OPENED + timedelta(days=3), "监测", "监测", [closed])
    yield url, [a.identity, b.identity, c.identity]


def told(capsys: pytest.CaptureFixture[str], url: str, *words: str) -> Any:
    capsys.readouterr()
    assert run_cli([*words, "--json", "--history", url]) == 0
    return json.loads(capsys.readouterr().out)


def test_diff_of_two_rounds(quarters: tuple[str, list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    url, (a, b, c) = quarters
    first = told(capsys, url, "diff", DISTRICT, "2026Q1", "2026Q2")
    assert {x["identity"]: x["kind"] for x in first["changes"]} == {a: "standing", b: "fixed", c: "new"}
    second = told(capsys, url, "diff", DISTRICT, "2026Q2", "2026Q3")
    assert {x["identity"]: x["kind"] for x in second["changes"]} == {a: "standing", b: "relapsed", c: "relapsed"}
    assert second["counts"]["relapsed"] == 2
    assert run_cli(["diff", DISTRICT, "2026Q2", "2026Q9", "--history", url]) == Exit.USAGE
    assert "2026Q1、2026Q2、2026Q3" in capsys.readouterr().err.replace("\n", "")


def test_history_of_a_district_and_of_a_unit(
    quarters: tuple[str, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    url, (a, b, c) = quarters
    body = told(capsys, url, "history", DISTRICT, "--findings")
    assert [(r["round"], r["kind"], r["failed"]) for r in body["rounds"]] == [
        ("2026Q1", "冻结", 2), ("2026Q2", "冻结", 2), ("2026Q3", "冻结", 3),
    ]  # fmt: skip
    seen = {s["identity"]: (s["first"], s["last"], s["reopened"]) for s in body["findings"]}
    assert seen == {a: ("2026Q1", "2026Q3", 0), b: ("2026Q1", "2026Q3", 1), c: ("2026Q2", "2026Q3", 1)}
    unit = next(s["unit"] for s in body["findings"] if s["identity"] == a)
    assert {s["unit"] for s in told(capsys, url, "history", DISTRICT, "--unit", unit, "--findings")["findings"]} == {
        unit
    }
    capsys.readouterr()
    assert run_cli(["history", DISTRICT, "--findings", "--history", url]) == 0
    assert "复发1次" in capsys.readouterr().out.replace("\n", "")


def test_rounds_and_their_log(quarters: tuple[str, list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    url, _ = quarters
    assert [r["round"] for r in told(capsys, url, "round", "list", DISTRICT)] == ["2026Q1", "2026Q2", "2026Q3"]
    assert run_cli(["round", "log", DISTRICT, "--history", url]) == 0
    assert "核对一致" in capsys.readouterr().out
