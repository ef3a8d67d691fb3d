"""What was planted, as tables: the verdicts that must come out adverse, and the clean cases that must not."""

from __future__ import annotations

import csv
from pathlib import Path

from checks.rule import Rule

EXPECTED, TRAPS = "expected.csv", "traps.csv"
ZONES_EXPECTED, ZONES_TRAPS = "zones-expected.csv", "zones-traps.csv"  # of the four small sites, by site
GAPS = ("拦截", "未取全", "没有报送")  # in the reason of a cannot-tell that is a gap, not a question to a person
BY_PERSON = "属人工核定事项"  # in the reason where a plan leaves the last word to a person (class P)


def table(name: str) -> list[dict[str, str]]:
    """Rows of one of the tables, by the names in its head."""
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_violation(row: dict[str, str], rule: Rule) -> bool:
    """Whether an expected row is a planted violation: failed, or a question that a person has to answer."""
    if row["outcome"] == "failed" or BY_PERSON in row["why"]:
        return True
    return rule.manual and not any(gap in row["why"] for gap in GAPS)


def planted(rule: Rule) -> tuple[int, int]:
    """How many violations and how many traps a rule has, the small sites counted."""
    rows = [*table(EXPECTED), *table(ZONES_EXPECTED)]
    wrong = [r for r in rows if r["rule"] == rule.id and is_violation(r, rule)]
    return len(wrong), sum(r["rule"] == rule.id for r in (*table(TRAPS), *table(ZONES_TRAPS)))
