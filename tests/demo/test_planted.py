"""Every rule of the catalogue is planted twice and has two traps; what cannot be is named here with its reason."""

from __future__ import annotations

import pytest

from audit.demo.planted import EXPECTED, TRAPS, planted, table
from checks.rule import Rule, catalogue

ENOUGH = 2
# rule: (violations, traps, why there are not two of each)
EXCEPTIONS = {
    "consultation-channel-missing": (
        1,
        2,
        "that a page does not open is sure on a second day only, and the demonstration lasts one",
    ),
    "connection-outdated": (0, 0, "hosts that are led to loopback say nothing about their real connections"),
    "link-leaves-unannounced": (
        0,
        3,
        "no link is clicked on the way out: whether a notice shows is a question for a person",
    ),
}


@pytest.mark.parametrize("rule", catalogue().values(), ids=lambda rule: rule.id)
def test_two_violations_and_two_traps(rule: Rule) -> None:
    violations, traps, _ = EXCEPTIONS.get(rule.id, (ENOUGH, ENOUGH, ""))
    found = planted(rule)
    assert found[0] >= violations and found[1] >= traps, f"{rule.id}: {found[0]} violations, {found[1]} traps"


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_an_exception_is_needed_and_says_why(name: str) -> None:
    violations, traps, why = EXCEPTIONS[name]
    assert why
    assert planted(catalogue()[name]) == (violations, traps), "adjust the exception, or drop it"


def test_expectations_name_rules_that_exist_once_each() -> None:
    for name, key in ((EXPECTED, ("rule", "subject", "unit")), (TRAPS, ("rule", "name"))):
        every = [tuple(row[k] for k in key) for row in table(name)]
        assert {row[0] for row in every} <= catalogue().keys()
        assert len(every) == len(set(every)), name
        assert all(row["why"] for row in table(name))
