"""`python -m bench.hosts`: two crawls of two hosts at once beside one after the other, in alternating rounds.

Each host is a server of its own with the same generated site. What is quoted is pages a second of both together,
against pages a second of one alone.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.crawl import as_installed
from bench.crawlers import contenders
from bench.server import Served, serve
from bench.site import Site
from bench.table import Row, print_rows

TARGET = 1.7


def rate(hosts: list[Served], scratch: Path) -> float:
    """Pages delivered a second by all hosts, each crawled by a process of its own, all started together."""
    (ours,) = (c for c in contenders() if c.name == "govaudit")
    with tempfile.TemporaryDirectory(dir=scratch) as folder, ExitStack() as stack:
        commands = []
        for number, served in enumerate(hosts):
            served.forget()
            own = Path(folder) / str(number)
            own.mkdir()
            commands.append(ours.command(f"http://127.0.0.1:{served.port}/", own))
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
        began = time.perf_counter()
        crawls = [stack.enter_context(subprocess.Popen(c, env=as_installed(), **quiet)) for c in commands]
        for crawl in crawls:
            crawl.wait()
        return sum(served.pages() for served in hosts) / (time.perf_counter() - began)


def rows(site: Path, rounds: int, scratch: Path) -> Iterator[Row]:
    alone, together = [], []
    with serve(site) as first, serve(site) as second:
        for _ in range(rounds):
            alone.append(rate([first], scratch))
            together.append(rate([first, second], scratch))
    times = statistics.median(b / a for a, b in zip(alone, together, strict=True))
    yield Row("hosts", "one process, one host", f"{statistics.median(alone):,.0f} pages/s")
    yield Row("hosts", "two processes, two hosts", f"{statistics.median(together):,.0f} pages/s", _against(times))


def _against(times: float) -> str:
    return f"×{times:.2f} of one (target ×{TARGET:g})"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.hosts")
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-hosts-") as scratch:
        site = Path(scratch) / "site"
        Site(options.pages).write(site)
        print_rows(rows(site, options.rounds, Path(scratch)))


if __name__ == "__main__":
    main()
