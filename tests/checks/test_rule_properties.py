"""What must hold for any snapshot: time only makes things worse, and what was not seen accuses nobody."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.facts import ColumnState, Coverage, Gap, Page
from checks.outcomes import FetchOutcome, Outcome
from checks.rule import Rule, catalogue
from checks.rules.freshness_columns import ColumnStale
from checks.sampling import sample
from checks.tiny import HOME, TinySnapshot, tiny
from checks.tiny_parts import article, row, unit
from checks.tiny_web import classed, host, linked, tries
from checks.universal import FINE, Answer, judge_pages
from config.district import Column, ColumnClass

RULES = tuple(catalogue().values())
TODAY = date(2026, 9, 30)
GAPS = st.sampled_from([FetchOutcome.WAF.value, FetchOutcome.TIMEOUT.value, FetchOutcome.LOGIN.value, "unvisited"])
CLASSES = st.sampled_from(list(ColumnClass))
AGES = st.lists(st.integers(-400, 1500), max_size=6)


def stale(column: tuple[Column, ColumnState]) -> Outcome:
    (verdict,) = catalogue()["column-stale"].function(tiny(columns=[column]), ColumnStale())
    return verdict.outcome


def aged(kind: ColumnClass, ages: list[int], **more: object) -> tuple[Column, ColumnState]:
    rows = (row(f"第{i}条", str(TODAY - timedelta(days=age)), f"{i}.html") for i, age in enumerate(ages))
    return classed("c", "栏目", kind, *rows, **more)


@given(kind=CLASSES, ages=AGES, older=st.integers(0, 800))
def test_an_older_newest_row_never_improves_the_outcome(kind: ColumnClass, ages: list[int], older: int) -> None:
    past = [age for age in ages if age >= 0]
    assert stale(aged(kind, [age + older for age in past])).rank >= stale(aged(kind, past)).rank


@given(kind=CLASSES, ages=AGES)
def test_future_rows_change_nothing_but_an_empty_list(kind: ColumnClass, ages: list[int]) -> None:
    past = [age for age in ages if age >= 0]
    if past:
        assert stale(aged(kind, ages)) is stale(aged(kind, past))


@given(kind=CLASSES, ages=AGES, gap=GAPS)
def test_an_incomplete_list_is_never_stale_or_blank(kind: ColumnClass, ages: list[int], gap: str) -> None:
    coverage = Coverage(complete=False, known=3, fetched=2, gaps=(Gap(HOME + "c/index_1.html", gap),))
    column = aged(kind, ages, coverage=coverage)
    for name in ("column-stale", "column-blank"):
        rule = catalogue()[name]
        assert all(v.outcome is not Outcome.FAILED for v in rule.function(tiny(columns=[column]), rule.params()))


@given(days=st.lists(st.integers(1, 29), max_size=5), wanted=st.integers(1, 4), spread=st.integers(1, 4))
def test_a_link_is_dead_only_after_enough_tries_on_enough_days(days: list[int], wanted: int, spread: int) -> None:
    rule = catalogue()["link-dead"]
    log = tries(*(f"2026-09-{day:02d}" for day in days))
    snapshot = tiny(
        pages=[article("a.html", "文")], all_targets=(linked(HOME + "x", FetchOutcome.GONE, "a.html", tries=log),)
    )
    outcomes = {v.outcome for v in rule.function(snapshot, rule.params(tries=wanted, days=spread))}
    assert (Outcome.FAILED in outcomes) is (len(days) >= wanted and len(set(days)) >= spread)


@given(keys=st.sets(st.text(max_size=8), max_size=60), size=st.integers(0, 30), seed=st.integers(0, 9))
def test_a_sample_does_not_depend_on_the_order_of_arrival(keys: set[str], size: int, seed: int) -> None:
    first = sorted(keys)
    second = list(first)
    random.Random(seed).shuffle(second)
    chosen = sample(first, size, seed, str)
    assert chosen == sample(second, size, seed, str)
    assert len(chosen) == min(size, len(keys))
    gone = set(chosen[:1])
    kept = sample([k for k in first if k not in gone], size, seed, str)
    assert set(chosen) - gone <= set(kept)


@given(bad=st.lists(st.booleans(), max_size=40), group_over=st.integers(1, 8))
@settings(max_examples=50)
def test_every_bad_page_is_named_once_and_good_ones_are_counted(bad: list[bool], group_over: int) -> None:
    pages = [article(f"g/{i}.html", f"文{i}", owner="zfb", column="g") for i in range(len(bad))]
    wrong = {page.url for page, is_bad in zip(pages, bad, strict=True) if is_bad}

    def ask(page: Page) -> Answer:
        return Answer(Outcome.FAILED) if page.url in wrong else FINE

    verdicts = list(judge_pages(tiny(pages=pages), pages, ask, group_over=group_over))
    named: list[str] = []
    for verdict in (v for v in verdicts if v.outcome is Outcome.FAILED):
        listed = verdict.data.get("pages")
        named.extend(listed if isinstance(listed, list) else [verdict.subject])  # type: ignore[arg-type]
    assert sorted(named) == sorted(wrong)
    assert len(verdicts) <= max(group_over, 1)
    if not wrong and pages:
        assert [v.data["seen"] for v in verdicts] == [len(pages)]


def blackout(outcome: FetchOutcome) -> TinySnapshot:
    """A district with every kind of column of which nothing at all could be seen."""
    gone = Coverage(complete=False, known=1, fetched=0, gaps=(Gap(HOME, outcome.value),))
    roles = [
        "overview",
        "organ",
        "leaders",
        "home-news",
        "notices",
        "policy-library",
        "policy-office",
        "interpretation",
        "services",
        "service-statistics",
        "interaction",
        "messages",
        "message-statistics",
        "mailbox",
        "disclosure",
        "guide",
        "system",
        "statutory",
        "annual-report",
        "apply",
        "catalogue",
        "enterprise",
        "qa-platform",
        "press",
        "decision-catalogue",
        "decisions",
        "solicitation-platform",
        "solicitation",
        "open-day",
        "gazette",
        "matrix",
        "field-catalogue",
        "utilities",
        "plan-progress",
        "progress-report",
        "sme-arrears",
        "projects",
        "land",
        "budget",
        "enforcement",
    ]
    columns = []
    for index, role in enumerate(roles):
        expected = {"role": role, "required_by": ("portal-basic", "platform", "plan", "art20")}
        found = {"coverage": gone, "outcome": outcome} if index % 2 else {"coverage": gone, "url": None}
        columns.append(classed(f"c{index}", f"栏目{role}", ColumnClass.REGULAR, expected=expected, **found))
    blind = tiny(columns=columns, units=[unit("kjj", "区科技局")], district={"plan_year": 2026})
    fronts = tuple(host(name, outcome) for name in sorted(blind.district.own_hosts()))
    return replace(blind, coverage=gone, nav_coverage=gone, all_hosts=fronts)


@pytest.mark.parametrize("outcome", [FetchOutcome.WAF, FetchOutcome.TIMEOUT, FetchOutcome.DNS, FetchOutcome.ROBOTS])
@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_a_site_that_was_not_seen_is_accused_of_nothing(rule: Rule, outcome: FetchOutcome) -> None:
    for verdict in rule.function(blackout(outcome), rule.params()):
        assert verdict.outcome is not Outcome.FAILED, rule.message(verdict)
        assert rule.message(verdict)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_verdicts_repeat_and_are_unique_per_subject(rule: Rule) -> None:
    for example in rule.examples:
        params = rule.params(**example.params)
        first = list(rule.function(example.snapshot, params))
        assert first == list(rule.function(example.snapshot, params))
        keys = [(v.unit, v.column, v.subject) for v in first]
        assert len(keys) == len(set(keys)), f"{example.name}: {keys}"


def test_ids_name_known_topics() -> None:
    assert {rule.topic for rule in RULES} >= {
        "availability", "freshness", "columns", "dates", "links", "meta", "identity", "domains", "pages", "platform",
    }  # fmt: skip
