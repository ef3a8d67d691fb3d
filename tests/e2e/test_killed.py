"""Killed at random moments and started again, the audit comes to the same verdicts as one left alone."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

import config.districts
from audit.demo.server import serving

pytestmark = pytest.mark.timeout(900)
KILLS = 5
CLI = [sys.executable, "-c", "import sys; from audit.cli import main; sys.exit(main())"]


def district(folder: Path, address: str) -> Path:
    """The demonstration district as a folder of its own, led to a replica that outlives the killed audits."""
    source = Path(next(iter(config.districts.__path__))) / "demo"
    shutil.copytree(source, folder)
    path = folder / "district.toml"
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"127\.0\.0\.1:\d+", address, text).replace("serve = true", "serve = false")
    path.write_text(text, encoding="utf-8")
    return folder


def start(folder: Path, data: Path) -> subprocess.Popen[bytes]:
    words = ["run", str(folder), "--no-browser", "--data", str(data)]
    return subprocess.Popen([*CLI, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def kill_tree(pid: int) -> None:
    for child in children(pid):
        kill_tree(child)
    os.kill(pid, signal.SIGKILL)


def verdicts(data: Path) -> list[tuple[str, ...]]:
    (path,) = data.glob("*/*/report/verdicts.jsonl")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted((r["indicator"], r["rule"], r["unit"], r["subject"], r["outcome"], r["message"]) for r in rows)


def test_five_kills_change_nothing(tmp_path: Path) -> None:
    dice = random.Random(20260930)
    with serving() as address:
        folder = district(tmp_path / "qinghe", str(address))
        with start(folder, tmp_path / "calm") as calm:
            assert calm.wait() in (0, 1)
        killed = 0
        for _ in range(KILLS):
            with start(folder, tmp_path / "stormy") as process:
                deadline = time.monotonic() + dice.uniform(1.5, 9)
                while time.monotonic() < deadline and process.poll() is None:
                    time.sleep(0.05)
                if process.poll() is None:
                    kill_tree(process.pid)
                    killed += 1
        with start(folder, tmp_path / "stormy") as last:
            assert last.wait() in (0, 1)
    assert killed >= 3
    assert verdicts(tmp_path / "stormy") == verdicts(tmp_path / "calm")


def test_ctrl_c_stops_at_once_and_says_what_is_kept(tmp_path: Path) -> None:
    """No judgement and no report of half a crawl; the same command goes on where it was."""
    with serving() as address:
        folder = district(tmp_path / "qinghe", str(address))
        words = [*CLI, "run", str(folder), "--no-browser", "--data", str(tmp_path / "data")]
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            deadline = time.monotonic() + 60
            while fetched(tmp_path / "data") < 30 and time.monotonic() < deadline:
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate()
        assert process.returncode == 3
        assert "采集被中断" in said
        assert "续采" in said
        assert not list((tmp_path / "data").glob("*/*/judgement.json"))
        assert not list((tmp_path / "data").glob("*/*/report"))
        before = fetched(tmp_path / "data")
        assert subprocess.run(words, capture_output=True).returncode == 1
        (store,) = (tmp_path / "data").glob("*/*/observations.sqlite")
        with reading(store) as db:  # an account is asked for twice: as a link, and for what it published
            what = "SELECT url, purpose FROM fetches WHERE"
            asked = db.execute(f"{what} outcome = 'ok' AND id <= ?", (before,)).fetchall()
            again = db.execute(f"{what} id > ?", (before,)).fetchall()
        assert asked
        assert not set(asked) & set(again)
        assert sorted(p.name for p in store.parent.glob("facts.sqlite*")) == ["facts.sqlite"]


def reading(store: Path) -> contextlib.closing[sqlite3.Connection]:
    """Closed at the end: an open reader keeps the crawl from folding its log into the file."""
    return contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True))


def fetched(data: Path) -> int:
    for store in data.glob("*/*/observations.sqlite"):
        with contextlib.suppress(sqlite3.Error), reading(store) as db:
            return int(db.execute("SELECT max(id) FROM fetches").fetchone()[0] or 0)
    return 0
