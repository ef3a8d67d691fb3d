"""One rendered round for all tests of reports."""

from __future__ import annotations

from pathlib import Path

import pytest
import report_factory as factory

from reports.build import build
from reports.view import RoundView


@pytest.fixture(scope="session")
def view() -> RoundView:
    return factory.view()


@pytest.fixture(scope="session")
def files(view: RoundView) -> dict[str, bytes]:
    return dict(build(view))


@pytest.fixture(scope="session")
def hostile_files() -> dict[str, bytes]:
    return dict(build(factory.view(factory.hostile_findings())))


@pytest.fixture(scope="session")
def folder(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files on disk, as a browser opens them."""
    root = tmp_path_factory.mktemp("round")
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root
