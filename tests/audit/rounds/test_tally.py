"""The same number everywhere: status, work list, exports, the review page, release and papers count alike."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from office import DECIDER, FIRST, ROUND, SECOND, Office, confirmed
from openpyxl import load_workbook

from audit.review.items import progress
from audit.rounds import review
from audit.rounds.due import tasks
from audit.rounds.numbers import numbers_of
from audit.rounds.result import sealed
from audit.rounds.states import State
from audit.rounds.tally import Tally, tally


def status(office: Office, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    capsys.readouterr()
    assert office.run("round", "status", "shiliqu", "--json", *more) == 0
    return dict(json.loads(capsys.readouterr().out))


def counted(office: Office) -> Tally:
    with office.desk() as desk:
        return tally(desk.cases().values(), numbers_of(desk))


def exported(office: Office, path: Path, who: str, *more: str) -> int:
    assert office.run("review", "shiliqu", "--person", who, "--export", str(path), *more) == 0
    book = load_workbook(path)
    return sum(row[0].value is not None for row in book.worksheets[0].iter_rows(min_row=2))


def test_one_account_through_the_whole_review(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body, told = status(office, capsys), counted(office)
    with office.desk() as desk:
        assert told.found == len(desk.cases())
    assert told.gaps > 0, "the round has a page that was not fetched"
    assert sum(body["states"].values()) == body["tally"]["found"] == told.found
    assert body["states"]["采集未取回"] == told.gaps
    assert body["states"]["待初审"] == told.first == told.people
    assert exported(office, tmp_path / "初审.xlsx", FIRST) == told.first
    said = capsys.readouterr().out.replace("\n", "")
    assert f"已导出 {told.first} 处" in said
    assert f"不在其中：采集未取回 {told.gaps} 处（不需初审）" in said

    with office.desk("test") as desk:
        own = [c for c in desk.cases().values() if not c.gap]
        desk.decide(FIRST, review.FIRST, [confirmed(c) for c in own[:-1]] + [review.manual(own[-1], "看不清")])
    told = counted(office)
    assert (told.first, told.manual) == (1, 1)
    assert told.second > 0
    with office.desk() as desk:
        page = progress(desk.cases(), SECOND, True)
        work = {t.id: t.what for t in tasks(desk)}
    assert (page["second"], page["waiting"]) == (told.second, told.second)
    assert page["total"] == told.people
    assert work["second"] == f"第二人复核 {told.second} 处"
    assert work["first"].startswith("初审 1 处")
    assert exported(office, tmp_path / "复核.xlsx", SECOND, "--second") == told.second
    assert "不在其中：待初审 1 处" in capsys.readouterr().out
    assert office.run("round", "draft", "shiliqu", "--person", DECIDER) != 0
    assert f"还有 {told.second} 个问题等待第二人复核" in capsys.readouterr().err


def test_what_two_numbers_differ_by_is_said(released: Office, capsys: pytest.CaptureFixture[str]) -> None:
    told = counted(released)
    body = status(released, capsys)
    sent = body["states"]["整改中"]
    assert told.counted == sent + told.waived
    said = "".join(body["account"])
    assert f"已确认 {told.counted}" in said
    assert f"{told.lone} 处只有一人确认" in said
    assert f"{sent} 处已下发整改，其中销号 0 处" in said
    assert (f"{told.waived} 处已登记豁免" in said) is (told.waived > 0)
    with released.desk() as desk:
        rows = [c for c in desk.cases().values() if c.state is State.RECTIFYING]
        numbers = {numbers_of(desk)[c.identity] for c in rows}
    listed = "".join(p.read_text("utf-8") for p in (released.folder / "slips" / "交办单").rglob("*.html"))
    assert {n for n in numbers if n in listed} == numbers
    units = [status(released, capsys, "--unit", u)["tally"]["counted"] for u in {c.unit for c in rows if c.unit}]
    whole = [c for c in rows if not c.unit]
    assert sum(units) + len(whole) == told.counted
    assert released.run("round", "status", "shiliqu", "--unit", "nobody") != 0


def test_the_interview_papers_command_gives_the_same_account(
    released: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    account = status(released, capsys, "--unit", "dzz")["account"]
    assert released.run("round", "status", "shiliqu", "--unit", "dzz") == 0
    shown = re.sub(r"\s", "", capsys.readouterr().out)
    for line in account:
        assert line.replace(" ", "") in shown
    result = sealed("shiliqu", ROUND, released.data, "", ("dzz",))
    assert result is not None
    assert result.account["dzz"] == account[1:]


def test_before_anybody_reviews_the_status_already_counts(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After `run` the judgement is only a file: looking on must not say that there is nothing."""
    whole = counted(office)
    monkeypatch.setattr("audit.history.store.History.latest", lambda *_: None)
    assert status(office, capsys)["tally"]["found"] == whole.found
    with office.desk() as desk:
        assert {t.id for t in tasks(desk)} >= {"first"}
    (office.folder / "judgement.json").unlink()
    assert status(office, capsys)["account"] == ["还没有判定结果：请先运行 govaudit run。"]
