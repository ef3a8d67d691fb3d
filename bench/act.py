"""`python -m bench.act`: what our accessibility pass finds of the W3C's ACT test cases, and where it accuses wrongly.

The cases (655 pages in 65 rules) lie beside the checkout. A case counts as reported when the pass reports a violation
of an axe rule that axe-core says implements the case's ACT rule. Without the cases nothing is measured.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bench.crawlers import HOST, bench_district
from bench.table import Row, print_rows
from crawler.browser import axe
from crawler.browser.finder import find_browser
from crawler.browser.flags import is_root, launch_flags
from crawler.browser.gather import gather
from crawler.browser.plan import Plan, PlannedPage
from crawler.store import ObservationStore

CASES = Path(__file__).resolve().parents[1].parent / "shared" / "suites" / "act"


@dataclass(frozen=True, slots=True)
class Case:
    rule: str
    expected: str  # failed, passed or inapplicable
    path: str

    @property
    def url(self) -> str:
        return f"http://{HOST}/{self.path}"


def cases(folder: Path) -> list[Case]:
    listed: list[dict[str, Any]] = json.loads((folder / "testcases.json").read_text("utf-8"))
    return [Case(c["ruleId"], c["expected"], c["relativePath"]) for c in listed]


def implemented() -> dict[str, frozenset[str]]:
    """axe rule -> the ACT rules it implements, among the rules that our pass runs."""
    program = find_browser("")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program.path, chromium_sandbox=not is_root(), args=launch_flags("bench-act")
        )
        page = browser.new_page()
        page.evaluate(axe.engine().source)
        rules = page.evaluate("tags => axe.getRules(tags).map(r => [r.ruleId, r.actIds || []])", list(axe.TAGS))
        browser.close()
    return {name: frozenset(ids) for name, ids in rules}


@contextmanager
def served(folder: Path) -> Iterator[int]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def reported(folder: Path, every: list[Case]) -> tuple[dict[str, frozenset[str]], int]:
    """URL -> axe rules violated on it, for the pages that were tested; and how many were lost."""
    with served(folder) as port, tempfile.TemporaryDirectory(prefix="bench-act-") as scratch:
        with ObservationStore(Path(scratch) / "observations.sqlite"):
            pass
        pages = tuple(PlannedPage(url, "act", "bench") for url in dict.fromkeys(c.url for c in every))
        summary = gather(bench_district(port), Path(scratch), Plan(axe=pages))
        with ObservationStore(Path(scratch) / "observations.sqlite", readonly=True) as store:
            found = [axe.decode(store.body(a.sha256)) for a in store.artifacts("axe")]
    tested = {p.url: frozenset(r.rule for r in p.rules if r.result == "violation") for p in found if p.ok}
    return tested, len(summary.lost)


def rows(folder: Path) -> Iterator[Row]:
    every, rules = cases(folder), implemented()
    known = frozenset().union(*rules.values())
    tested, lost = reported(folder, every)
    count: Counter[tuple[str, bool]] = Counter()
    alarms: Counter[str] = Counter()
    for case in every:
        hit = any(case.rule in rules.get(name, ()) for name in tested.get(case.url, ()))
        count[case.expected, hit] += 1
        if hit and case.expected != "failed":
            alarms[case.rule] += 1
    bad, mine = sum(n for (e, _), n in count.items() if e == "failed"), [c for c in every if c.rule in known]
    fine = sum(n for (e, _), n in count.items() if e != "failed")
    yield Row(
        "act", f"{len(every)} cases, {lost} pages lost", f"{len({c.rule for c in mine})} rules of 65", "implemented"
    )
    yield Row("act", "failed cases found", f"{count['failed', True]} of {bad}", "the same axe-core alone: 25")
    own = sum(c.expected == "failed" for c in mine)
    yield Row("act", "of those whose rule is implemented", f"{count['failed', True]} of {own}", "")
    wrong = sum(alarms.values())
    which = "、".join(f"{rule} {n}" for rule, n in alarms.most_common())
    yield Row("act", "false alarms", f"{wrong} of {fine}", which)


def main() -> int:
    argparse.ArgumentParser(prog="python -m bench.act", description=__doc__).parse_args()
    if not CASES.is_dir():
        print("| act | not measured: the test cases are not beside the checkout | | |")
        return 0
    print_rows(list(rows(CASES)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
