"""Tests of the application reuse the fictitious round of the report tests."""

from __future__ import annotations

import sys
from pathlib import Path

for folder in (Path(__file__).parents[1] / "reports", Path(__file__).parent / "history"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
sys.path.insert(0, str(Path(__file__).parent / "rounds"))
