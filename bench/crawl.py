"""`python -m bench.crawl`: govaudit's real crawl beside its peers, in alternating rounds over the same loopback site.

A round runs every contender once; what is quoted are medians over the rounds and ratios of medians. Pages are those
that the server delivered, counted in its log, so nobody is believed about what it fetched. Time and CPU are of the
whole command, start-up included.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.crawlers import Contender, contenders
from bench.server import Served, serve
from bench.site import Site
from bench.table import Row, print_rows

TARGETS = {"linkinator": 5.0, "LinkChecker": 12.0, "scrapy": 4.0, "scrapy-tuned": 0.6}


@dataclass(frozen=True, slots=True)
class Run:
    """One command: pages delivered, wall and CPU seconds, peak resident MB of its largest process."""

    pages: int
    wall: float
    cpu: float
    peak_mb: float


def run(contender: Contender, served: Served, scratch: Path) -> Run:
    folder = scratch / contender.name.replace(" ", "")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    served.forget()
    command = contender.command(f"http://127.0.0.1:{served.port}/", folder)
    start = time.perf_counter()
    with (scratch / "output").open("wb") as output:
        how = {"stdout": output, "stderr": output, "stdin": subprocess.DEVNULL, "env": as_installed()}
        process = subprocess.Popen(command, **how)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    pages = served.pages()
    if not pages:
        raise RuntimeError(
            f"{contender.name} fetched nothing: {(scratch / 'output').read_text(errors='replace')[-800:]}"
        )
    return Run(pages, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def as_installed() -> dict[str, str]:
    """The environment without the switch that makes Python compile every module again at each start."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def rounds(site: Path, names: Sequence[str], count: int, scratch: Path) -> dict[str, list[Run]]:
    """Every contender once a round, the order turned by one each round."""
    chosen = [c for c in contenders() if not names or c.name in names]
    found: dict[str, list[Run]] = {c.name: [] for c in chosen}
    with serve(site) as served:
        for number in range(count):
            turn = number % len(chosen)
            for contender in chosen[turn:] + chosen[:turn]:
                found[contender.name].append(run(contender, served, scratch))
    return found


def rows(found: dict[str, list[Run]]) -> Iterable[Row]:
    """One row a contender: medians, and how many times faster govaudit is in the same rounds."""
    ours = found.get("govaudit", [])
    for name, runs in found.items():
        rate = statistics.median(r.pages / r.wall for r in runs)
        cpu = statistics.median(1000 * r.cpu / r.pages for r in runs)
        peak = statistics.median(r.peak_mb for r in runs)
        value = f"{rate:,.0f} pages/s · {cpu:.2f} ms CPU a page · {peak:,.0f} MB · {runs[0].pages:,} pages"
        ratio = ""
        if ours and name != "govaudit":
            times = statistics.median(
                (o.pages / o.wall) / (r.pages / r.wall) for o, r in zip(ours, runs, strict=True)
            )
            target = TARGETS.get(name)
            ratio = f"govaudit ×{times:.2f}" + (f" (target ×{target:g})" if target else "")
        yield Row("crawl", name, value, ratio)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.crawl")
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[], help="names of contenders")
    parser.add_argument("--folder", type=Path, help="where the generated site is kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-crawl-") as scratch:
        Path(scratch).chmod(0o755)  # LinkChecker drops root's rights
        folder = options.folder or Path(scratch) / "site"
        Site(options.pages).write(folder)
        print_rows(rows(rounds(folder, options.only, options.rounds, Path(scratch))))


if __name__ == "__main__":
    main()
