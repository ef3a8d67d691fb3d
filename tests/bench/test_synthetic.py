"""The synthetic snapshot is a snapshot: every rule of the catalogue runs over it without breaking."""

from __future__ import annotations

from pathlib import Path

from bench.judge import measure, prepare
from bench.synthetic import Size


def test_the_catalogue_runs_over_a_synthetic_snapshot(tmp_path: Path) -> None:
    prepare(tmp_path, Size(pages=120, links=12))
    found = measure(tmp_path)
    assert found["errors"] == []
    assert isinstance(found["rules"], int) and found["rules"] > 50
    assert isinstance(found["findings"], int) and found["findings"] > 100
