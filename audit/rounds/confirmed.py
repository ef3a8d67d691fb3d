"""The score that counts: machine findings after what people decided. Pure; the arithmetic is checks.scoring.

Confirmed findings cost what they cost, rejected ones pass, duplicates vanish, everything undecided stays a range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from audit.judgements import StoredJudgement
from audit.rounds.cases import Case
from audit.rounds.states import COUNTING, REJECTIONS, State
from checks.outcomes import Outcome, Reason
from checks.scoring import rank, score_all
from checks.verdicts import Finding
from config.district import District
from config.standard import Standard

ZERO = Decimal(0)


def after_review(
    findings: Sequence[Finding],
    cases: Mapping[str, Case],
    suspended: frozenset[str] = frozenset(),
    shadow: frozenset[str] = frozenset(),
) -> tuple[Finding, ...]:
    """Findings as they count. The input is not changed. Rules in `shadow` cost nothing yet."""
    return tuple(
        _judged(_trial(f, shadow), cases.get(f.identity), suspended)
        if f.outcome.rank >= Outcome.CANNOT_TELL.rank
        else f
        for f in findings
    )


def _trial(finding: Finding, shadow: frozenset[str]) -> Finding:
    return replace(finding, points=ZERO, at_stake=ZERO) if finding.rule in shadow else finding


def _judged(finding: Finding, case: Case | None, suspended: frozenset[str]) -> Finding:
    if finding.rule in suspended:
        return _free(finding, Outcome.INAPPLICABLE, "多个单位申诉成立，本规则本轮暂停适用。")
    if case is None:
        return _pending(finding)
    if case.state in COUNTING and case.grounded:
        return _counted(finding, case)
    if case.state is State.REJECTED:
        return _free(finding, Outcome.PASSED, f"经人工核对不构成问题：{REJECTIONS.get(case.reason, '申诉成立')}。")
    if case.state is State.DUPLICATE:
        return _free(finding, Outcome.PASSED, "与另一问题重复，已合并。")
    return _pending(finding)


def _free(finding: Finding, outcome: Outcome, message: str) -> Finding:
    return replace(finding, outcome=outcome, review=False, reason="", message=message, points=ZERO, at_stake=ZERO)


def _pending(finding: Finding) -> Finding:
    if finding.outcome is Outcome.CANNOT_TELL:
        return finding
    return replace(finding, outcome=Outcome.CANNOT_TELL, review=True, reason=str(Reason.NEEDS_JUDGEMENT), points=ZERO)


def _counted(finding: Finding, case: Case) -> Finding:
    price = ZERO if finding.waived else finding.at_stake
    if case.points is not None:
        price = min(price, case.points)
    message = finding.message
    if finding.outcome is Outcome.CANNOT_TELL:
        if case.lead.outcome is Outcome.FAILED:
            return finding  # confirmed as a fact; whether it breaks this clause is the manual sheet's question
        message = case.message
    return replace(
        finding, outcome=Outcome.FAILED, review=False, reason="", message=message, points=price, at_stake=price
    )


def confirm(
    judgement: StoredJudgement,
    cases: Mapping[str, Case],
    suspended: frozenset[str],
    standards: Sequence[Standard],
    district: District,
    day: date,
    shadow: frozenset[str] = frozenset(),
) -> StoredJudgement:
    """The judgement with its findings as they count, scored and ranked anew."""
    findings = after_review(judgement.findings, cases, suspended, shadow)
    scores = score_all(findings, standards, district, day)
    return replace(judgement, findings=findings, scores=scores, ranks=rank(scores, district, standards[0]))
