"""`python -m bench`: every bench in turn as one table; `--quick` takes smaller sizes and single rounds."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys

FULL = (
    ("bench.crawl", "--pages", "2000", "--rounds", "2"),
    ("bench.crawl", "--pages", "10000", "--rounds", "2", "--only", "govaudit", "scrapy-tuned"),
    ("bench.hosts", "--pages", "2000", "--rounds", "3"),
    ("bench.derive", "--pages", "200"),
    ("bench.store", "--pages", "2000"),
    ("bench.judge", "--pages", "20000", "100000"),
    ("bench.render",),
    ("bench.axe", "--pages", "40", "--rounds", "3"),
    ("bench.act",),
)
QUICK = (
    ("bench.crawl", "--pages", "500", "--rounds", "1"),
    ("bench.hosts", "--pages", "300", "--rounds", "1"),
    ("bench.derive", "--pages", "60"),
    ("bench.store", "--pages", "300"),
    ("bench.judge", "--pages", "5000"),
    ("bench.render", "--units", "20", "--findings", "200"),
    ("bench.axe", "--pages", "8", "--rounds", "1"),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}\n")
    print("| bench | subject | figure | against |\n|---|---|---|---|", flush=True)
    failed = 0
    for module, *words in QUICK if options.quick else FULL:
        failed |= subprocess.run([sys.executable, "-m", module, *words], check=False).returncode
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
