from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from history_factory import CUTOFF, DISTRICT, OPENED, judgement

from audit.history.compare import compare, faults, lives
from audit.history.past import past_rounds
from audit.history.store import Entry, History
from audit.judgements import StoredJudgement
from checks.outcomes import Outcome
from checks.verdicts import Finding


def rounds() -> tuple[StoredJudgement, StoredJudgement, StoredJudgement, list[Finding]]:
    """Three quarters: A stands, B is fixed and comes back, C is new, D cannot be told, E's rule changes."""
    base = judgement()
    five = list(faults(base).values())[:4] + [f for f in faults(base).values() if f.rule == "link-dead"][:1]
    a, b, c, d, e = five
    q1 = replace(base, round="2026Q1", findings=(a, b, d, e), as_of=base.as_of - timedelta(days=180))
    passed = replace(b, outcome=Outcome.PASSED)
    unsure = replace(d, outcome=Outcome.CANNOT_TELL)
    q2 = replace(base, round="2026Q2", findings=(a, passed, c, unsure, e), as_of=base.as_of - timedelta(days=90))
    q3 = replace(base, round="2026Q3", findings=(a, b, c, replace(e, rule_version=e.rule_version + 1)))
    return q1, q2, q3, five


def test_two_rounds_side_by_side() -> None:
    q1, q2, q3, (a, b, c, d, e) = rounds()
    kinds = {x.finding.identity: x.kind for x in compare(q1, q2).changes}
    assert kinds == {
        a.identity: "standing", b.identity: "fixed", c.identity: "new", d.identity: "undetermined",
        e.identity: "standing",
    }  # fmt: skip
    later = compare(q2, q3, (q1,))
    kinds = {x.finding.identity: x.kind for x in later.changes}
    assert (kinds[b.identity], kinds[e.identity]) == ("relapsed", "not-comparable")
    assert later.changed_rules == {e.rule: (e.rule_version, e.rule_version + 1)}


def test_what_a_recheck_closed_and_is_there_again_has_relapsed() -> None:
    q1, q2, _, (a, b, _, _, e) = rounds()
    kinds = {x.finding.identity: x.kind for x in compare(q1, q2, (), {a.identity, b.identity}).changes}
    assert (kinds[a.identity], kinds[b.identity], kinds[e.identity]) == ("relapsed", "fixed", "standing")
    again = {s.identity: s.reopened for s in lives([q1, q2], {"2026Q1": {a.identity}})}
    assert (again[a.identity], again[e.identity]) == (1, 0)


def test_first_seen_last_seen_and_reopened() -> None:
    q1, q2, q3, (a, b, c, _, _) = rounds()
    found = {s.identity: s for s in lives([q1, q2, q3])}
    assert (found[b.identity].first, found[b.identity].last, found[b.identity].reopened) == ("2026Q1", "2026Q3", 1)
    assert (found[a.identity].rounds, found[a.identity].reopened) == (("2026Q1", "2026Q2", "2026Q3"), 0)
    assert found[c.identity].first == "2026Q2"


def test_reports_see_earlier_sealed_rounds_and_marks_of_rule_changes(tmp_path: Path) -> None:
    q1, q2, q3, _ = rounds()
    with History.open(f"sqlite:///{tmp_path / 'h.sqlite'}") as history:
        for at, past in enumerate((q1, q2)):
            history.open_round(DISTRICT, past.round, CUTOFF, OPENED + timedelta(days=at), "甲", "", {})
            when = OPENED + timedelta(days=at, hours=1)
            history.add_judgement(past, "frozen", when, "丁", "审定", Entry("round.frozen", past.round))
        found = past_rounds(history, DISTRICT, q3)
        assert [(p.round_id, p.comparable) for p in found] == [("2026Q1", False), ("2026Q2", False)]
        assert found[0].fingerprints == {f.fingerprint for f in q1.findings}
        assert past_rounds(history, DISTRICT, q1) == ()
