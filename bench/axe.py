"""`python -m bench.axe`: the accessibility pass with boxed screenshots beside pa11y-ci on the same pages.

Both run axe-core in the system's Chromium. Every page carries two faults as government pages do: a picture without
text and a link without a name. pa11y-ci makes no pictures; govaudit photographs each fault in its box. Where Debian's
headless shell is installed, which `[browser] executable` may name, it runs too and its results are compared.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PIL import Image

from bench.crawlers import HOST, bench_district
from bench.server import serve
from bench.site import Site
from bench.table import Row, print_rows
from checks.facts import AxeRule
from crawler.browser import axe
from crawler.browser.finder import find_browser
from crawler.browser.gather import gather
from crawler.browser.plan import Plan, PlannedPage
from crawler.store import ObservationStore

TARGET = 3.0
OURS = "govaudit"
QUICK = "govaudit, headless shell"
_FAULTS = '<p><img src="/images/lost.png" width="320" height="180"><a href="/"><i></i></a></p>'
_FLAGS = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")


@dataclass(frozen=True, slots=True)
class Looked:
    """What one contender brought: pictures taken, and per URL the violations and the photographed page."""

    pictures: int = 0
    rules: Mapping[str, tuple[AxeRule, ...]] = field(default_factory=dict)
    pages: Mapping[str, bytes] = field(default_factory=dict)


Contender = Callable[[int, list[str], Path], Looked]


def govaudit(port: int, paths: list[str], scratch: Path, executable: str = "") -> Looked:
    """The browser pass of `executable`, or of the browser found first."""
    pages = tuple(PlannedPage(f"http://{HOST}/{p}", p, "bench") for p in paths)
    with ObservationStore(scratch / "observations.sqlite"):
        pass
    plain = bench_district(port)
    district = plain.model_copy(update={"browser": plain.browser.model_copy(update={"executable": executable})})
    summary = gather(district, scratch, Plan(axe=pages))
    if summary.lost:
        raise RuntimeError(f"pages were lost: {summary.lost[:2]}")
    with ObservationStore(scratch / "observations.sqlite", readonly=True) as store:
        found = [axe.decode(store.body(a.sha256)) for a in store.artifacts("axe")]
        rules = {f.url: tuple(replace(r, screenshot="") for r in f.rules) for f in found}
        shots = {a.url: store.body(a.sha256) for a in store.artifacts("screenshot")}
        return Looked(len(shots) + len(list(store.artifacts("crop"))), rules, shots)


def pa11y(port: int, paths: list[str], scratch: Path) -> Looked:
    peers = Path(os.environ.get("BENCH_PEERS", "bench-peers"))
    program = shutil.which("pa11y-ci", path=str((peers / "node_modules" / ".bin").resolve())) or shutil.which(
        "pa11y-ci"
    )
    if program is None:
        raise FileNotFoundError("pa11y-ci")
    flags = [*_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    launch = {"executablePath": str(find_browser("").path), "args": flags}
    defaults = {"runners": ["axe"], "concurrency": 2, "timeout": 60_000, "chromeLaunchConfig": launch}
    config = {"defaults": defaults, "urls": [f"http://127.0.0.1:{port}/{p}" for p in paths]}
    (scratch / "pa11y.json").write_text(json.dumps(config))
    command = [program, "--config", str(scratch / "pa11y.json"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=scratch, check=False)
    report = json.loads(done.stdout)
    if report["total"] != len(paths):
        raise RuntimeError(f"pa11y-ci tested {report['total']} of {len(paths)} pages")
    return Looked()


def _plant(page: Path) -> None:
    """Put the faults into the text of a page of the generated site."""
    html = page.read_text(encoding="utf-8")
    place = "</h1>" if "</h1>" in html else "<body>"
    page.write_text(html.replace(place, place + _FAULTS, 1), encoding="utf-8")


def rows(site: Site, folder: Path, pages: int, rounds: int) -> Iterator[Row]:
    paths = [f.path for f in site.files() if f.path.endswith(".html")]
    chosen = paths[:: max(1, len(paths) // pages)][:pages]
    for path in chosen:
        _plant(folder / path)
    contenders: dict[str, Contender] = {OURS: govaudit}
    if quick := shutil.which("chromium-headless-shell"):
        contenders[QUICK] = partial(govaudit, executable=quick)
    contenders["pa11y-ci"] = pa11y
    spent: dict[str, list[float]] = {name: [] for name in contenders}
    looked: dict[str, Looked] = {}
    with serve(folder) as served:
        for _ in range(rounds):
            for name, run in contenders.items():
                with tempfile.TemporaryDirectory(prefix="bench-axe-") as scratch:
                    began = time.perf_counter()
                    try:
                        looked[name] = run(served.port, chosen, Path(scratch))
                    except FileNotFoundError:
                        continue
                    spent[name].append(time.perf_counter() - began)
    for name, seconds in spent.items():
        if seconds:
            rate = 60 * len(chosen) / statistics.median(seconds)
            more = f" · {looked[name].pictures} pictures" if looked[name].pictures else ""
            yield Row("axe", name, f"{rate:.0f} pages a minute{more}", f"{len(chosen)} pages")
    for name in (OURS, QUICK):
        if spent.get(name) and spent["pa11y-ci"]:
            pairs = zip(spent[name], spent["pa11y-ci"], strict=True)
            times = statistics.median(theirs / ours for ours, theirs in pairs)
            yield Row("axe", f"pa11y-ci : {name}", f"×{times:.2f}", f"target ×{TARGET:g}")
    if QUICK in looked:
        yield _same(looked[OURS], looked[QUICK])


def _same(full: Looked, quick: Looked) -> Row:
    """How far the quicker browser sees what the full one sees."""
    rules = sum(quick.rules.get(url) == found for url, found in full.rules.items())
    pictures = sum(
        url in quick.pages and _pixels(shot) == _pixels(quick.pages[url]) for url, shot in full.pages.items()
    )
    value = f"{rules} of {len(full.rules)} results · {pictures} of {len(full.pages)} pictures"
    return Row("axe", "the same in the headless shell", value)


def _pixels(picture: bytes) -> bytes:
    return Image.open(io.BytesIO(picture)).tobytes()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.axe")
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-axe-site-") as folder:
        site = Site(500)
        site.write(Path(folder))
        print_rows(rows(site, Path(folder), options.pages, options.rounds))


if __name__ == "__main__":
    main()
