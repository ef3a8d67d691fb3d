"""Targets on the hand-labelled pages beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.extract.measure import TARGETS, measure

SAMPLES = Path(__file__).resolve().parents[3].parent / "shared" / "samples"

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(not (SAMPLES / "labels.csv").is_file(), reason="no saved pages beside the checkout"),
]


def test_targets() -> None:
    measured = measure(SAMPLES)
    short = {
        n: (measured.scores[n].share, measured.scores[n].misses)
        for n, t in TARGETS.items()
        if measured.scores[n].share < t
    }
    assert short == {}
