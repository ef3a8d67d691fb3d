"""Retention, backup, and the scheduler."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from office import Office

from audit import clock
from audit.cli import run_cli
from audit.errors import AuditError
from audit.history.lock import district_lock
from audit.history.store import Entry, History
from audit.rounds import review
from audit.rounds.config import Schedule
from audit.rounds.retention import PRUNED, kept
from audit.rounds.states import State
from audit.schedule import FILE, Scheduler
from checks.outcomes import Outcome
from checks.snapshot import SHANGHAI
from crawler.store import ObservationStore

FIRST, DECIDER = "初审人甲", "审定人丁"


def seal_round(office: Office) -> None:
    """A sealed round in which one finding was confirmed, without its reports."""
    with office.desk("test") as desk:
        case = next(c for c in desk.cases().values() if not c.second_needed and not c.gap and c.lead.evidence)
        desk.decide(FIRST, review.FIRST, [review.confirm(case, FIRST)])
        assert desk.cases()[case.identity].state is State.CONFIRMED
        entry = Entry("round.frozen", desk.round_id, "已冻结", "")
        desk.history.add_judgement(desk.confirmed(), "frozen", desk.now(), DECIDER, "审定", entry)


def bodies(office: Office) -> set[str]:
    with ObservationStore(office.folder / "observations.sqlite", readonly=True) as store:
        return set(store.digests())


def test_pruning_keeps_what_a_finding_cites(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.run("prune", "shiliqu") == 0
    assert "没有到期" in capsys.readouterr().out  # not sealed, not old
    seal_round(office)
    office.at += timedelta(days=200)
    before = bodies(office)
    assert office.run("prune", "shiliqu") == 0
    assert bodies(office) == before  # only listed
    assert office.run("prune", "shiliqu", "--apply") == 2  # nobody's name
    assert office.run("prune", "shiliqu", "--apply", "--person", "管理员") == 0
    with office.desk() as desk:
        row = desk.history.latest("shiliqu", "2026Q3", "frozen")
        assert row is not None
        failed = [f for f in desk.history.judgement(row.id).findings if f.outcome is Outcome.FAILED]
        assert desk.history.verify("shiliqu") == ""
    cited = {e.sha256 for f in failed for e in f.evidence}
    assert cited
    assert cited <= bodies(office)
    told = json.loads((office.folder / PRUNED).read_bytes())
    assert set(told["bodies"]) == before - bodies(office)
    assert run_cli(["verify", str(office.folder)]) == 0  # what was pruned is known, nothing else is missing
    capsys.readouterr()
    assert office.run("prune", "shiliqu") == 0
    assert "没有到期" in capsys.readouterr().out


def test_evidence_goes_two_years_after_closure_unless_the_unit_was_interviewed(office: Office) -> None:
    seal_round(office)
    with office.desk("test") as desk:
        row = desk.history.latest("shiliqu", "2026Q3", "frozen")
        assert row is not None
        (finding,) = {
            f.identity: f for f in desk.history.judgement(row.id).findings if f.outcome is Outcome.FAILED
        }.values()
        cited = {e.sha256 for e in finding.evidence}
        desk.decide("监测", "监测", [Entry("recheck.done", finding.identity, State.CLOSED, "", {"result": "通过"})])
    office.at += timedelta(days=700)
    assert office.run("prune", "shiliqu", "--apply", "--person", "管理员") == 0
    assert cited <= bodies(office)  # not yet two years
    office.at += timedelta(days=60)
    with office.desk() as desk:
        found = kept(desk.history, "shiliqu", office.workflow.retention, desk.now().date())
        assert (found.bodies, found.identities) == (frozenset(), frozenset())
    with office.desk("test") as desk:
        desk.decide(DECIDER, "审定", [Entry("interview.proposed", finding.unit, "", "问题反弹", {})])
        assert kept(desk.history, "shiliqu", office.workflow.retention, desk.now().date()).bodies == cited
    assert office.run("prune", "shiliqu", "--apply", "--person", "管理员") == 0
    assert cited <= bodies(office)  # with the interview file


def test_papers_after_ten_years_logs_after_six_months_results_never(office: Office) -> None:
    seal_round(office)
    for name in ("draft-1/a.html", "slips/催办单/b.html", "frozen-1/c.html", "yuetan/d.html", "crawl.log"):
        path = office.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        os.utime(path, (office.at.timestamp(), office.at.timestamp()))

    def there() -> set[str]:
        every = office.folder.rglob("*")
        return {p.name for p in every if p.suffix in (".html", ".log") and p.is_file()}

    apply = ("prune", "shiliqu", "--apply", "--person", "管理员")
    office.at += timedelta(days=180)
    assert office.run(*apply) == 0
    assert there() == {"a.html", "b.html", "c.html", "d.html", "crawl.log"}
    office.at += timedelta(days=20)
    assert office.run("prune", "shiliqu") == 0
    assert "crawl.log" in there()  # listed only
    assert office.run(*apply) == 0
    assert there() == {"a.html", "b.html", "c.html", "d.html"}
    office.at += timedelta(days=3650)
    assert office.run(*apply) == 0
    assert there() == {"c.html", "d.html"}
    with office.desk() as desk:
        assert desk.history.verify("shiliqu") == ""


def test_a_backup_is_restored(office: Office, tmp_path: Path) -> None:
    seal_round(office)
    backup = tmp_path / "backup"
    shutil.copytree(office.data, backup)
    shutil.rmtree(office.data)
    with pytest.raises(AuditError, match="没有轮次"), office.desk():
        pass
    shutil.rmtree(office.data)
    shutil.copytree(backup, office.data)
    with office.desk() as desk:
        assert desk.phase() == "已冻结"
        assert desk.history.verify("shiliqu") == ""


def test_jobs_persist_and_missed_ones_are_healed_once(tmp_path: Path) -> None:
    first = Scheduler(tmp_path, "")
    first.start()
    first.add("nowhere", "shiliqu", Schedule())
    planned = dict(first.jobs())
    first.stop()
    assert (tmp_path / FILE).exists()
    again = Scheduler(tmp_path, "")
    again.start()
    try:
        again.add("nowhere", "shiliqu", Schedule())
        assert dict(again.jobs()) == planned  # the next run is the one that was planned
        missed = clock.now() - timedelta(hours=5)
        again._scheduler.modify_job("shiliqu:probe", next_run_time=missed)
        again.resume()
        deadline = time.monotonic() + 60
        while not again.done and time.monotonic() < deadline:
            time.sleep(0.05)
        assert again.done == [("shiliqu:probe", 2)]  # five missed hours are one run; no such district: usage
    finally:
        again.stop()


def test_sigterm_stops_cleanly(tmp_path: Path) -> None:
    code = "import sys; from audit.cli import main; sys.exit(main())"
    words = ["schedule", "demo", "--data", str(tmp_path)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        seen = ""
        while "已启动" not in seen:
            line = process.stdout.readline()
            assert line, seen
            seen += line
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
        assert process.wait(30) == 0
    assert "已停止" in rest
    with district_lock(tmp_path / "demo" / ".scheduler", "test"):
        pass


def test_one_scheduler_per_district(tmp_path: Path) -> None:
    office_folder = tmp_path / "demo" / ".scheduler"
    code = "import sys; from audit.cli import main; sys.exit(main())"
    with district_lock(office_folder, "govaudit schedule"):
        done = subprocess.run(
            [sys.executable, "-c", code, "schedule", "demo", "--data", str(tmp_path)], capture_output=True, text=True
        )
    assert done.returncode == 2
    assert "正被占用" in done.stderr


def test_history_of_two_districts_is_kept_apart(tmp_path: Path) -> None:
    with History.open(f"sqlite:///{tmp_path / 'h.sqlite'}") as history:
        for district in ("a", "b"):
            at = datetime(2026, 9, 1, tzinfo=SHANGHAI)
            history.open_round(district, "2026Q3", at.date(), at, "甲", "", {})
        assert [d.seq for d in history.decisions("a")] == [1]
        assert history.districts() == ["a", "b"]
