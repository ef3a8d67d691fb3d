"""`python -m bench.extract [--samples DIR]`: accuracy per field, the misses, CPU time a page."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path

from bench.extract.measure import TARGETS, TEXTUAL, measure
from bench.extract.others import side_by_side

DEFAULT = Path(__file__).resolve().parents[2].parent / "shared" / "samples"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.extract")
    parser.add_argument("--samples", type=Path, default=DEFAULT)
    parser.add_argument("--all", action="store_true", help="machine-labelled rows too")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    if not (options.samples / "labels.csv").is_file():
        print(f"no labels.csv under {options.samples}", file=sys.stderr)
        return 2
    measured = measure(options.samples, hand_only=not options.all, repeat=options.repeat)
    for name, score in sorted(measured.scores.items()):
        target = f"  target {TARGETS[name]:.0%}" if name in TARGETS else ""
        target = "  label read from the HTML text, comments included, pictures not" if name in TEXTUAL else target
        print(f"{name:14} {score.right:4}/{score.total:<4} {score.share:7.1%}{target}")
    for name, score in sorted(measured.scores.items()):
        for file, expected, got in score.misses:
            print(f"  miss {name}: {file}: expected {expected[:80]!r}, got {got[:120]!r}")
    print(
        f"CPU a page: median {measured.median_ms:.2f} ms, worst {max(measured.cpu_ms):.1f} ms, "
        f"n={len(measured.cpu_ms)}"
    )
    for package in ("htmldate", "trafilatura"):
        if importlib.util.find_spec(package):
            print(side_by_side(package, options.samples))
    return 0


if __name__ == "__main__":
    sys.exit(main())
