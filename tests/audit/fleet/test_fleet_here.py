"""A fleet on one machine: order, isolation of failures, resumption, one job a host."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit import fleet
from audit.cli import run_cli
from audit.errors import AuditError, Exit
from audit.site_job import HOSTS, only_one

Folders = Callable[..., list[Path]]


def test_districts_are_audited_side_by_side_and_a_second_run_asks_nothing(
    tmp_path: Path, folders: Folders, sites: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    folders(2)
    broken = tmp_path / "districts" / "d3"
    broken.mkdir()
    (broken / "district.toml").write_text("id = 3", encoding="utf-8")
    words = [
        "fleet",
        str(tmp_path / "districts"),
        "--data",
        str(tmp_path / "var"),
        "--round",
        "2026Q3",
        "--jobs",
        "2",
    ]
    code = run_cli([*words, "--no-browser"])
    assert code == Exit.USAGE
    shown = capsys.readouterr()
    assert "未开始" in shown.out and "d3" in shown.err
    for name in ("d1", "d2"):
        judged = json.loads((tmp_path / "var" / name / "2026Q3" / "judgement.json").read_bytes())
        assert judged["district"] == name
        assert (tmp_path / "var" / name / "2026Q3" / "report" / "overview.html").is_file()
        assert sites.count(f"www.{name}.example.gov.cn") >= sites.pages
    before = len(sites.asked)
    run_cli([*words, "--no-browser"])
    assert len(sites.asked) == before


def test_a_folder_without_districts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="没有找到"):
        fleet.expand([str(tmp_path)])


def test_two_districts_of_one_id_do_not_overwrite_each_other(tmp_path: Path, folders: Folders) -> None:
    first, second = folders(2)
    text = (second / "district.toml").read_text(encoding="utf-8").replace('id = "d2"', 'id = "d1"')
    (second / "district.toml").write_text(text, encoding="utf-8")
    tasks, refused = fleet.plan([str(first), str(second)], tmp_path / "var", "2026Q3")
    assert [t.ref for t in tasks] == [str(first)]
    assert [(r.code, "d1" in r.said) for r in refused] == [(Exit.USAGE, True)]


def test_a_host_has_one_job_at_a_time_and_a_left_block_lets_go(tmp_path: Path) -> None:
    def taken(host: str) -> bool:
        name = hashlib.sha256(host.encode()).hexdigest()[:24]
        with (tmp_path / HOSTS / f"{name}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    with only_one(tmp_path, ["b.example.gov.cn", "a.example.gov.cn", "a.example.gov.cn"]):
        assert taken("a.example.gov.cn") and taken("b.example.gov.cn")
        with only_one(tmp_path, ["c.example.gov.cn"]):
            assert taken("c.example.gov.cn")
    assert not taken("a.example.gov.cn") and not taken("c.example.gov.cn")
