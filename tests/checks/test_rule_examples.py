"""Every rule's examples are run, and a rule that leaves a branch, a number or a sentence unexplained is refused."""

from __future__ import annotations

import re
import string

import pytest

from checks.outcomes import Outcome, Reason
from checks.rule import Example, Rule, Status, catalogue
from checks.verdicts import Verdict

RULES = tuple(catalogue().values())
EXAMPLES = [(rule, example) for rule in RULES for example in rule.examples]


def names(items: list[tuple[Rule, Example]]) -> list[str]:
    return [f"{rule.id}: {example.name}" for rule, example in items]


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def verdict_of(rule: Rule, example: Example) -> Verdict:
    """The verdict an example speaks of: of its subject, else the only one."""
    found = list(rule.function(example.snapshot, rule.params(**example.params)))
    if example.subject:
        found = [v for v in found if v.subject == example.subject]
    assert len(found) == 1, [(v.outcome, v.subject, rule.message(v)) for v in found]
    return found[0]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=names(EXAMPLES))
def test_example(rule: Rule, example: Example) -> None:
    verdict = verdict_of(rule, example)
    assert rule.message(verdict) == example.says
    assert verdict.outcome == example.outcome
    if example.reason:
        assert verdict.reason == example.reason
    if example.review is not None:
        assert verdict.review is example.review
    if verdict.outcome is Outcome.CANNOT_TELL:
        assert isinstance(verdict.reason, Reason)
    else:
        assert verdict.reason is None
    if verdict.outcome is Outcome.FAILED:
        assert verdict.evidence or verdict.data.get("trail") is not None, "an accusation without evidence"
    for text in rule.remedy(verdict):
        assert text.strip()


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_examples_cover_the_outcomes(rule: Rule) -> None:
    shown = {e.outcome for e in rule.examples}
    if rule.manual or rule.status is Status.PREVIEW:
        assert len(shown) > 1
    else:
        assert "passed" in shown
    assert ("cannot-tell" if rule.manual else "failed") in shown
    if rule.absence:
        assert "cannot-tell" in shown
    assert len({e.name for e in rule.examples}) == len(rule.examples)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_manual_rules_only_ask(rule: Rule) -> None:
    if rule.manual:
        assert rule.question.endswith("？")
        assert "failed" not in {e.outcome for e in rule.examples}
        for example in rule.examples:
            verdict = verdict_of(rule, example)
            if verdict.outcome is Outcome.CANNOT_TELL and verdict.reason is Reason.NEEDS_JUDGEMENT:
                assert verdict.review


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_every_sentence_can_be_filled(rule: Rule) -> None:
    """A sentence that no example shows has at least no placeholder that the rule's verdicts never carry."""
    used, known = set(), set()
    for example in rule.examples:
        verdict = verdict_of(rule, example)
        keys = [
            verdict.variant,
            f"{verdict.outcome}.{verdict.reason}" if verdict.reason else "",
            str(verdict.outcome),
        ]
        used.add(next((key for key in keys if key in rule.messages), ""))
        known |= set(verdict.data)
    for key in set(rule.messages) - used:
        assert placeholders(rule.messages[key]) <= known, key


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_rule_is_fully_described(rule: Rule) -> None:
    for text in (rule.title, rule.topic, rule.why, rule.fix, rule.recheck):
        assert text.strip()
    assert rule.legal
    assert all(len(source) > 6 for source in rule.legal)
    assert rule.version >= 1


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_parameters_are_described(rule: Rule) -> None:
    for name, info in rule.params.model_fields.items():
        assert info.description, name
        if info.annotation in (int, float):
            extra = info.json_schema_extra
            assert isinstance(extra, dict), name
            assert extra["unit"], f"{name} has no unit"
            assert extra["stricter"] in ("", "lower", "higher"), name
        rule.params()  # defaults alone must be enough to run a rule


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_fix_and_recheck_name_known_data(rule: Rule) -> None:
    """Placeholders of fix and recheck stand in the data of the rule's adverse verdicts."""
    adverse = ("failed", "cannot-tell") if rule.manual else ("failed",)
    known = {key for e in rule.examples if e.outcome in adverse for key in verdict_of(rule, e).data}
    assert placeholders(rule.fix) | placeholders(rule.recheck) <= known


HAPPENED = re.compile("才(?:公布|公开|发布)|超期公[开示]|用时\\d+个工作日|晚\\d+天")


@pytest.mark.parametrize(
    ("rule", "example"), [p for p in EXAMPLES if p[1].outcome == "failed"],
    ids=names([p for p in EXAMPLES if p[1].outcome == "failed"]),
)  # fmt: skip
def test_a_delay_that_happened_is_declared(rule: Rule, example: Example) -> None:
    """A sentence that tells of one needs `past`: nobody must be asked to change a date on a page."""
    if HAPPENED.search(example.says):
        assert rule.bygone(verdict_of(rule, example).data)


@pytest.mark.parametrize("rule", [r for r in RULES if r.past], ids=lambda r: r.id)
def test_what_is_declared_as_past_is_told_by_a_failed_verdict(rule: Rule) -> None:
    failed = [verdict_of(rule, e).data for e in rule.examples if e.outcome == "failed"]
    assert any(rule.bygone(data) for data in failed)
    for key in rule.past:
        assert any(key in data for data in failed), key
