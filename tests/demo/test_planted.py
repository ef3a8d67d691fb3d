"""Every rule of the catalogue is planted twice and has two traps; what cannot be is named here with its reason."""

from __future__ import annotations

import pytest

from audit.demo.planted import EXPECTED, TRAPS, planted, table
from checks.rule import Rule, catalogue

ENOUGH = 2
# rule: (violations, traps, why there are not two of each)
EXCEPTIONS = {
    "columns-neglected": (0, 1, "one verdict for the whole site, undetermined as long as one host is blocked"),
    "decision-catalogue-missing": (0, 1, "one catalogue a year for the whole district"),
    "policy-library-incomplete": (0, 2, "absence from the whole site cannot be claimed while one host is blocked"),
    "services-impractical": (0, 1, "one verdict for the whole site"),
}
# Rules that still wait for their violations or traps; the list only shrinks.
WAITING = frozenset(
    {
        "account-improper",
        "account-irregular",
        "account-link-wrong",
        "account-noninteractive",
        "account-stale",
        "account-unfiled",
        "account-unsynced",
        "account-unverifiable",
        "advert-present",
        "axe-violation",
        "connection-outdated",
        "consultation-channel-missing",
        "domain-extra-host",
        "domain-malformed",
        "domain-not-gov",
        "elder-entry-missing",
        "elder-mode-intrusive",
        "identity-item-missing",
        "item-source-missing",
        "link-dark",
        "link-dead",
        "link-dead-home",
        "link-leaves-unannounced",
        "link-to-closed-site",
        "message-list-stale",
        "message-reply-late",
        "message-statistics-missing",
        "message-unanswered",
        "meta-article-missing",
        "meta-column-missing",
        "meta-mismatch",
        "meta-site-missing",
        "name-or-title-wrong",
        "open-activity-missing",
        "page-slow",
        "personal-data-exposed",
        "search-misses-title",
        "search-missing",
        "secret-mark-present",
        "site-unreachable",
        "solicitation-result-missing",
        "wording-error",
    }
)


@pytest.mark.parametrize("rule", catalogue().values(), ids=lambda rule: rule.id)
def test_two_violations_and_two_traps(rule: Rule) -> None:
    if rule.id in WAITING:
        pytest.skip("waits for its violations or traps")
    violations, traps, _ = EXCEPTIONS.get(rule.id, (ENOUGH, ENOUGH, ""))
    found = planted(rule)
    assert found[0] >= violations and found[1] >= traps, f"{rule.id}: {found[0]} violations, {found[1]} traps"


def test_rules_that_wait_exist() -> None:
    assert catalogue().keys() - EXCEPTIONS.keys() >= WAITING


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
