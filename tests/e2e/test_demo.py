"""The main job end to end: the demonstration district is served, crawled, looked at in the browser and judged.

Verdicts are compared with audit/demo/expected.csv by rule, subject and unit; where several indicators use one rule,
the worst outcome counts. A verdict too many fails as well as one too few.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audit.demo.endings import ELSEWHERE, LINKED, Ending
from audit.demo.lookalikes import address as lookalike
from audit.demo.model import AS_OF
from audit.demo.planted import EXPECTED, TRAPS, is_violation, table
from checks.rule import catalogue
from config.load import load_district
from crawler.derive.run import FACTS
from crawler.derive.snapshot import StoredSnapshot
from crawler.derive.store import FactsStore
from crawler.observations import OBSERVATIONS
from crawler.readers import feed, jsonlist
from crawler.readers.registry import READERS
from crawler.store import ObservationStore

RANKS = {"inapplicable": 0, "passed": 1, "cannot-tell": 2, "failed": 3}
Key = tuple[str, str, str]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of results of one whole run, in a process of its own."""
    folder = tmp_path_factory.mktemp("demo")
    target = folder / "out"
    code = "import sys; from audit.cli import main; sys.exit(main())"
    words = ["run", "demo", "--data", str(folder / "data"), "--out", str(target)]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=1100)
    assert done.returncode == 1, f"exit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    yield target


@pytest.fixture(scope="module")
def snapshot(out: Path) -> Path:
    return next((out.parent / "data" / "demo").glob(f"*/{OBSERVATIONS}")).parent


@pytest.fixture(scope="module")
def verdicts(out: Path) -> list[dict[str, Any]]:
    with (out / "verdicts.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def worst(verdicts: list[dict[str, Any]]) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for verdict in verdicts:
        key = (verdict["rule"], verdict["subject"], verdict["unit"])
        if RANKS[verdict["outcome"]] >= RANKS[found.get(key, "inapplicable")]:
            found[key] = verdict["outcome"]
    return found


def adverse(verdicts: list[dict[str, Any]]) -> dict[Key, str]:
    return {key: outcome for key, outcome in worst(verdicts).items() if RANKS[outcome] >= RANKS["cannot-tell"]}


def test_verdicts_equal_what_was_planted(verdicts: list[dict[str, Any]]) -> None:
    expected = {(row["rule"], row["subject"], row["unit"]): row["outcome"] for row in table(EXPECTED)}
    # a machine too busy to keep time throws its measurements away: then nothing may be said, and nothing is
    found = {k: o for k, o in adverse(verdicts).items() if k[0] != "page-slow" or o != "cannot-tell"}
    differences = [
        f"{'/'.join(key)}: expected {expected.get(key, 'nothing')}, found {found.get(key, 'nothing')}"
        for key in sorted(expected.keys() | found.keys())
        if expected.get(key) != found.get(key)
    ]
    assert not differences, "\n" + "\n".join(differences)


@pytest.mark.parametrize("trap", table(TRAPS), ids=lambda row: f"{row['rule']}-{row['name']}")
def test_traps_are_not_accused(verdicts: list[dict[str, Any]], trap: dict[str, str]) -> None:
    accused = [
        verdict["message"]
        for verdict in verdicts
        if verdict["rule"] == trap["rule"]
        and verdict["outcome"] in trap["never"].split(";")
        and trap["address"] in (verdict["subject"], verdict["url"], *_pages(verdict))
    ]
    assert not accused


def test_every_trap_was_looked_at(verdicts: list[dict[str, Any]], snapshot: Path) -> None:
    """A trap nobody looks at cannot be fallen into.

    Rules that sweep all pages pass a unit as a whole, so of their traps only that the page was read can be asked;
    a trap may also be a target that was never to be fetched.
    """
    judged: dict[str, set[str]] = defaultdict(set)
    for verdict in verdicts:
        judged[verdict["rule"]] |= {verdict["subject"], verdict["url"], *_pages(verdict)}
    with StoredSnapshot(snapshot, load_district("demo"), AS_OF) as seen:
        known = {page.url for page in seen.pages()} | {target.url for target in seen.targets()}
    unseen = [
        f"{trap['rule']}: {trap['address']}"
        for trap in table(TRAPS)
        if trap["address"] not in judged[trap["rule"]] and not (judged[trap["rule"]] and trap["address"] in known)
    ]
    assert not unseen


def test_a_jump_that_lands_nowhere_is_a_hint(verdicts: list[dict[str, Any]]) -> None:
    """On this page and on another; not where scripts fill the other page or take the fragment, or nobody asked."""
    hints = [v for v in verdicts if v["subject"] == "page-anchors"]
    assert {(v["rule"], v["outcome"], float(v["points"])) for v in hints} == {("link-dead", "passed", 0.0)}
    told = {(url, text, anchor) for v in hints for url, text, anchor in v["data"]["jumps"]}
    elsewhere = "http://www.qinghe-demo.gov.cn/zt/2026yd/#rwfj"
    assert told == {(lookalike("closed"), "后续安排", "#later"), (lookalike("closed"), "任务分解", elsewhere)}


def test_questions_that_count_as_planted_go_to_a_person(verdicts: list[dict[str, Any]]) -> None:
    asked = {(v["rule"], v["subject"], v["unit"]) for v in verdicts if v["outcome"] == "cannot-tell" and v["review"]}
    counted = [
        (row["rule"], row["subject"], row["unit"])
        for row in table(EXPECTED)
        if row["outcome"] == "cannot-tell" and is_violation(row, catalogue()[row["rule"]])
    ]
    assert counted
    assert [key for key in counted if key not in asked] == []


SAMPLED = {"identity-item-missing", "meta-site-missing", "meta-article-missing", "meta-mismatch"}


def test_traps_of_a_sample_are_in_the_sample(verdicts: list[dict[str, Any]]) -> None:
    drawn = {rule: {u for v in verdicts if v["rule"] == rule for u in v["data"]["trail"]} for rule in SAMPLED}
    missed = [t["name"] for t in table(TRAPS) if t["rule"] in SAMPLED and t["address"] not in drawn[t["rule"]]]
    assert missed == []


def _pages(verdict: dict[str, Any]) -> list[str]:
    pages = verdict["data"].get("pages", [])
    return [page for page in pages if isinstance(page, str)] if isinstance(pages, list) else []


@pytest.mark.parametrize("ending", [*LINKED, *ELSEWHERE], ids=lambda e: str(e.outcome))
def test_every_fetch_outcome_occurred(snapshot: Path, ending: Ending) -> None:
    with ObservationStore(snapshot / OBSERVATIONS, readonly=True) as store:
        fetch = store.latest(ending.url)
    assert fetch is not None
    assert fetch.outcome is ending.outcome


def test_every_reader_was_used(snapshot: Path) -> None:
    """By its own rows; the catalogue of 开普 and the JSON list have theirs in the browser's copy, too."""
    with FactsStore(snapshot / FACTS, readonly=True) as facts:
        read = [(page.reader, page.rendered) for page in facts.pages() if page.rows]
    assert {name for name, _ in read} == {*(r.NAME for r in READERS), jsonlist.NAME, feed.NAME}
    assert ("gkmlpt", True) in read


def test_every_verdict_of_a_page_has_evidence(verdicts: list[dict[str, Any]]) -> None:
    bare = [v for v in verdicts if v["outcome"] == "failed" and v["url"] and v["column"] and not v["evidence"]]
    absent = {"column-missing", "dated-duty-missed", "quarterly-report-missing", "topic-items-missing"}
    assert [v["subject"] for v in bare if v["rule"] not in absent] == []


def test_the_pack_is_whole(out: Path) -> None:
    for name in ("overview.html", "verdicts.jsonl", "findings.json", "scores.json"):
        assert (out / name).stat().st_size > 0
    scores = json.loads((out / "scores.json").read_text(encoding="utf-8"))
    assert scores


def test_the_waiver_is_shown_and_costs_nothing(verdicts: list[dict[str, Any]]) -> None:
    blank = [v for v in verdicts if v["rule"] == "column-blank" and v["subject"] == "yjgl"]
    assert {v["outcome"] for v in blank} == {"failed"}
    assert {float(v["points"]) for v in blank} == {0.0}
