"""The preview of another rule book on a stored snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from audit.judgements import SCHEMA, StoredJudgement
from audit.preview import compare
from checks.engine import judge
from checks.outcomes import Outcome
from checks.rule import Logic, Params, Rule, Status, number
from checks.scoring import score_all
from checks.tiny import AS_OF, tiny
from checks.verdicts import Verdict, failed, passed
from config.standard import Binding, Confidence, Group, Indicator, IndicatorKind, Standard

DAY = date(2026, 9, 30)


class Limit(Params):
    days: int = number("期限", unit="天", default=14)


def ages(snapshot, params) -> Iterator[Verdict]:
    for column, age in (("a", 3), ("b", 10), ("c", 20)):
        yield (failed if age > params.days else passed)(column, column=column, data={"age": age})


RULE = Rule(
    "r",
    1,
    "名称",
    "t",
    Logic.EXISTS,
    "",
    Limit,
    False,
    Status.STABLE,
    False,
    ("依据",),
    {"failed": "{age}天", "passed": "{age}天"},
    "",
    "",
    "",
    "",
    (),
    (),
    (),
    ages,
)


def judged(days: int) -> StoredJudgement:
    standard = Standard(
        id="s",
        title="标准",
        edition="版",
        effective_from=date(2019, 4, 1),
        groups=(Group(id="g", title="组"),),
        indicators=(
            Indicator(
                id="D",
                title="指标",
                group="g",
                clause="条款",
                kind=IndicatorKind.DEDUCT,
                confidence=Confidence.A,
                rules=(Binding(rule="r", points=Decimal(5), params={"days": days}),),
            ),
        ),
    )
    snapshot = tiny()
    result = judge(snapshot, [standard], {"r": RULE})
    scores = score_all(result.findings, [standard], snapshot.district, DAY)
    return StoredJudgement(
        SCHEMA, "example", "", "2026Q3", AS_OF, "2026Q3", "", "0", ("s",), result.findings, scores, (), ()
    )


def test_a_stricter_limit_shows_who_would_fail_and_what_it_costs() -> None:
    preview = compare(judged(14), judged(7))
    assert [(c.finding.subject, c.before, c.after) for c in preview.worse] == [("b", Outcome.PASSED, Outcome.FAILED)]
    assert preview.better == ()
    assert {(s.unit, s.before[1], s.after[1]) for s in preview.shifts} == {
        ("", Decimal("95.00"), Decimal("90.00")),
        ("zfb", Decimal("95.00"), Decimal("90.00")),
    }


def test_a_laxer_limit_shows_who_would_be_let_off() -> None:
    preview = compare(judged(14), judged(30))
    assert [c.finding.subject for c in preview.better] == ["c"]
    assert preview.worse == ()


def test_the_same_rules_change_nothing() -> None:
    once = judged(14)
    preview = compare(once, replace(once, tool_version="1"))
    assert (preview.worse, preview.better, preview.open, preview.shifts) == ((), (), (), ())
