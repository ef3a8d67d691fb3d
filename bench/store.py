"""`python -m bench.store`: bytes a page and link of a real crawl's stores; how long opening and asking takes."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bench.crawlers import bench_district, govaudit
from bench.server import serve
from bench.site import NEWEST, Site
from bench.table import Row, print_rows
from checks.snapshot import SHANGHAI
from crawler.derive.run import FACTS, OBSERVATIONS, derive
from crawler.derive.snapshot import StoredSnapshot
from crawler.derive.store import FactsStore
from crawler.store import ObservationStore

TARGET_KB = 20.0
AS_OF = datetime.combine(NEWEST, datetime.min.time(), SHANGHAI) + timedelta(hours=12)


def build(site: Path, folder: Path) -> Iterator[Row]:
    """Crawl and derive a snapshot into `folder`; how large it is and what deriving costs."""
    with serve(site) as served:
        govaudit(f"http://127.0.0.1:{served.port}/", folder)
        district = bench_district(served.port)
    began = time.perf_counter()
    summary = derive(district, folder, AS_OF)
    first = time.perf_counter() - began
    again = time.process_time()
    derive(district, folder, AS_OF)
    again = time.process_time() - again
    pages = summary.pages
    with FactsStore(folder / FACTS, readonly=True) as facts, ObservationStore(folder / OBSERVATIONS) as store:
        links = sum(1 for _ in facts.places())
        store.settle()
    kept, read = ((folder / name).stat().st_size for name in (OBSERVATIONS, FACTS))
    yield Row(
        "store", "observations with bodies", f"{kept / pages / 1024:.1f} KB a page", f"target ≤ {TARGET_KB:g} KB"
    )
    yield Row("store", "facts", f"{read / pages / 1024:.1f} KB a page · {read / links:.0f} bytes a link, all told")
    yield Row("derive", f"{pages:,} pages", f"{1000 * first / pages:.2f} ms a page, wall, all cores", "")
    yield Row("derive", "again, nothing changed", f"{1000 * again / pages:.3f} ms CPU a page, no body read")


def queries(folder: Path, port: int = 1) -> Iterator[Row]:
    """Medians of what a reader waits for."""
    district = bench_district(port)
    with StoredSnapshot(folder, district, AS_OF) as snapshot:
        urls = [p.url for p, _ in zip(snapshot.pages(), range(400), strict=False)]
    yield Row("store", "opening a snapshot", _median(lambda: StoredSnapshot(folder, district, AS_OF).close(), 5))
    with (
        FactsStore(folder / FACTS, readonly=True) as facts,
        ObservationStore(folder / OBSERVATIONS, readonly=True) as s,
    ):
        turn = iter(urls * 9)
        yield Row("store", "facts of one page", _median(lambda: facts.page(next(turn)), 300))
        yield Row("store", "links of one page", _median(lambda: list(facts.links(next(turn))), 300))
        yield Row("store", "last answer of one URL", _median(lambda: s.latest(next(turn)), 300))
        yield Row("store", "body of one URL", _median(lambda: s.body(s.latest(next(turn)).body_sha256), 300))


def _median(call: Callable[[], object], times: int) -> str:
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        spent.append(time.perf_counter() - began)
    return f"{1000 * statistics.median(spent):.2f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.store")
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--folder", type=Path, help="where the generated site is kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-store-") as scratch:
        site = options.folder or Path(scratch) / "site"
        Site(options.pages).write(site)
        print_rows(build(site, Path(scratch) / "snapshot"))
        print_rows(queries(Path(scratch) / "snapshot"))


if __name__ == "__main__":
    main()
