"""The four small sites end to end: rules that give one verdict for a whole site meet their faults and traps.

Two audits at a time: much of an audit of a slow site is waiting.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import audit.demo
from audit.demo.zones import RULES, ZONES, Zone, write_folder, write_probes, zone
from crawler.probelog import PROBES

DEMO = Path(audit.demo.__file__).parent
RANKS = {"inapplicable": 0, "passed": 1, "cannot-tell": 2, "failed": 3}

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


def table(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def audited(one: Zone, folder: Path) -> list[dict[str, Any]]:
    """Verdicts of one site, audited in a process of its own after a week of probes."""
    write_folder(one, folder / "district")
    data, out = folder / "data", folder / "out"
    write_probes(one, data / one.id / PROBES)
    code = "import sys; from audit.cli import main; sys.exit(main())"
    words = ["run", str(folder / "district"), "--data", str(data), "--out", str(out)]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=800)
    assert done.returncode == 1, f"exit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    with (out / "verdicts.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    with ThreadPoolExecutor(2) as pool:
        jobs = {one.id: pool.submit(audited, one, tmp_path_factory.mktemp(one.id)) for one in ZONES}
    return {site: job.result() for site, job in jobs.items()}


@pytest.mark.parametrize("site", [one.id for one in ZONES])
def test_verdicts_equal_what_was_planted(verdicts: dict[str, list[dict[str, Any]]], site: str) -> None:
    wanted = {
        (r["rule"], r["subject"], r["unit"]): r["outcome"] for r in table("zones-expected.csv") if r["site"] == site
    }
    worst: dict[tuple[str, str, str], str] = {}
    for v in verdicts[site]:
        key = (v["rule"], v["subject"], v["unit"])
        if RANKS[v["outcome"]] >= RANKS[worst.get(key, "inapplicable")]:
            worst[key] = v["outcome"]
    adverse = {k: o for k, o in worst.items() if RANKS[o] >= RANKS["cannot-tell"]}
    if ("page-slow", zone(site).host, "zone") in adverse:
        # a machine too busy to keep time throws its measurements away: then nothing may be said, and nothing is
        wanted = {k: o for k, o in wanted.items() if k[0] != "page-slow"}
        adverse = {k: o for k, o in adverse.items() if k[0] != "page-slow"}
    assert adverse == wanted


@pytest.mark.parametrize("trap", table("zones-traps.csv"), ids=lambda t: f"{t['site']}-{t['name']}")
def test_traps_are_looked_at_and_not_accused(verdicts: dict[str, list[dict[str, Any]]], trap: dict[str, str]) -> None:
    own = [v for v in verdicts[trap["site"]] if v["rule"] == trap["rule"]]
    about = [v for v in own if trap["address"] in (v["subject"], v["url"])]
    if not about and trap["rule"] == "page-slow" and any(v["outcome"] == "cannot-tell" for v in own):
        pytest.skip("this machine was too busy to time the page")
    assert about or trap["name"] == "picture-from-elsewhere", (
        "that page could not be timed; the site's verdict says so"
    )
    assert not [v["message"] for v in about if v["outcome"] in trap["never"].split(";")]


def test_every_rule_of_these_sites_was_asked_everywhere(verdicts: dict[str, list[dict[str, Any]]]) -> None:
    for site in verdicts.values():
        assert {v["rule"] for v in site} == set(RULES)
