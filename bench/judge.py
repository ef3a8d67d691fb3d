"""`python -m bench.judge`: the whole catalogue over synthetic snapshots, in a process of its own: seconds, peak RSS.

Every built-in standard is judged at once. Building the snapshot is not part of what is measured; what derivation
prepares for judging (link targets) is measured by itself.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bench.synthetic import TODAY, Size, write
from bench.table import Row, print_rows
from checks.engine import judge
from checks.snapshot import SHANGHAI
from config.load import builtin_standards, load_district, load_standard
from crawler.derive.run import FACTS, OBSERVATIONS
from crawler.derive.snapshot import StoredSnapshot
from crawler.derive.store import FactsStore
from crawler.derive.targets import Answers, keep_targets
from crawler.store import ObservationStore

TARGET_S = 60.0
AS_OF = datetime.combine(TODAY, datetime.min.time(), SHANGHAI) + timedelta(hours=12)


def measure(folder: Path) -> dict[str, object]:
    """Judge the snapshot in `folder` once; wall and CPU seconds, the slowest rules, errors."""
    district = load_district("demo", as_of=TODAY)
    standards = [load_standard(s) for s in builtin_standards()]
    before = _peak_mb()
    wall, cpu = time.perf_counter(), time.process_time()
    with StoredSnapshot(folder, district, AS_OF) as snapshot:
        opened = time.perf_counter() - wall
        result = judge(snapshot, standards, timer=time.process_time)
    slowest = sorted(result.seconds.items(), key=lambda item: -item[1])
    return {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "opened": opened,
        "peak_mb": _peak_mb(),
        "base_mb": before,
        "slowest": slowest[:12],
        "rules": len(slowest),
        "findings": len(result.findings),
        "errors": [f"{e.rule}: {e.message}" for e in result.errors],
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def prepare(folder: Path, size: Size) -> float:
    """Write the synthetic snapshot and what derivation adds for judging; CPU seconds of the latter."""
    district = load_district("demo", as_of=TODAY)
    write(folder, district, size)
    cpu = time.process_time()
    with ObservationStore(folder / OBSERVATIONS, readonly=True) as store, FactsStore(folder / FACTS) as facts:
        keep_targets(district, facts, store, Answers(store))
    return time.process_time() - cpu


def measured(folder: Path) -> dict[str, object]:
    """`measure` in a fresh process, so that peak memory is that of judging."""
    command = [sys.executable, "-m", "bench.judge", "--measure", str(folder)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))


def rows(size: Size, folder: Path) -> Iterator[Row]:
    prepared = prepare(folder, size) if not (folder / "facts.sqlite").exists() else None
    found = measured(folder)
    name = f"{size.pages:,} pages"
    if prepared is not None:
        yield Row("judge", f"{name}, link targets on deriving", f"{prepared:.1f} s CPU")
    value = f"{found['wall']:.1f} s · {found['cpu']:.1f} s CPU · peak {found['peak_mb']:,.0f} MB"
    target = f"target ≤ {TARGET_S:.0f} s" if size.pages >= 100_000 else ""
    yield Row("judge", f"{name}, {found['rules']} rules, {found['findings']:,} findings", value, target)
    slowest = " · ".join(f"{rule} {seconds:.2f}" for rule, seconds in found["slowest"][:6])  # type: ignore[index]
    yield Row("judge", f"{name}, slowest rules, s CPU", slowest, "; ".join(found["errors"]))  # type: ignore[arg-type]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.judge")
    parser.add_argument("--pages", type=int, nargs="*", default=[20_000, 100_000])
    parser.add_argument("--links", type=int, default=40, help="links of one page")
    parser.add_argument("--folder", type=Path, help="where snapshots are kept")
    parser.add_argument("--measure", type=Path, help="judge the snapshot in this folder and print JSON")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure), ensure_ascii=False))
        return
    with tempfile.TemporaryDirectory(prefix="bench-judge-") as scratch:
        for pages in options.pages:
            folder = (options.folder or Path(scratch)) / f"judge-{pages}"
            print_rows(rows(Size(pages, options.links), folder))


if __name__ == "__main__":
    main()
