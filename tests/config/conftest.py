from __future__ import annotations

from pathlib import Path

import pytest
from district_folder import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "shili")


@pytest.fixture
def samples_of_law() -> Path:
    """Texts of the official documents, kept beside the checkout; skipped where they are not."""
    folder = Path(__file__).parents[3] / "shared" / "domain"
    if not folder.is_dir():
        pytest.skip("the reference texts are not beside this checkout")
    return folder
