"""`python -m bench.derive`: processor time of reading one page into facts, over pages of the generated site.

Every page is read several times in one process and its quickest reading counts, so that other work on the machine
disturbs little; what is quoted is the median over the pages.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator

from bench.crawlers import HOST
from bench.site import NEWEST, Site
from bench.table import Row, print_rows
from crawler.extract.page import Context, extract

TARGET_MS = 4.0


def quickest(body: bytes, url: str, repeat: int) -> float:
    """Milliseconds of processor time of the quickest of `repeat` readings."""
    context = Context(frozenset({HOST}), f"http://{HOST}/", NEWEST)
    spent = []
    for _ in range(repeat):
        began = time.process_time()
        extract(
            body,
            url,
            content_type="text/html; charset=utf-8",
            headers={},
            fetched_at="2026-09-28T00:00:00Z",
            sha256="0" * 64,
            context=context,
        )
        spent.append(time.process_time() - began)
    return 1000 * min(spent)


def rows(pages: int, repeat: int) -> Iterator[Row]:
    files = [f for f in Site(pages).files() if f.path.endswith(".html")]
    times = [quickest(f.body, f"http://{HOST}/{f.path}", repeat) for f in files]
    size = statistics.median(len(f.body) for f in files) / 1024
    value = f"{statistics.median(times):.2f} ms CPU a page, worst {max(times):.1f}"
    yield Row("derive", f"facts of a page of {size:.0f} KB", value, f"target ≤ {TARGET_MS:g} ms")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.derive")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    print_rows(rows(options.pages, options.repeat))


if __name__ == "__main__":
    main()
