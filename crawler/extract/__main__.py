"""`python -m crawler.extract FILE…`: one JSON line of facts for each file or folder of files."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from crawler.extract.public import facts_of_file


def main(arguments: list[str] | None = None) -> int:
    """Print the facts of every file; always 0 unless the command line is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m crawler.extract", description="逐个文件输出页面事实（JSON Lines）"
    )
    parser.add_argument("files", nargs="+", type=Path, help="网页文件或文件夹")
    parser.add_argument("--as-of", type=date.fromisoformat, help="推断年份所用的基准日（YYYY-MM-DD），默认用文件时间")
    options = parser.parse_args(arguments)
    for path in _expanded(options.files):
        line = json.dumps(facts_of_file(path, as_of=options.as_of), ensure_ascii=False)
        sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
    sys.stdout.flush()
    return 0


def _expanded(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file())
        else:
            yield path


if __name__ == "__main__":
    sys.exit(main())
