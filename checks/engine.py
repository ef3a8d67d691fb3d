"""Runs the rules of a standard over a snapshot and stamps their verdicts.

A rule is run once per distinct set of parameters, however many indicators use it. A rule that raises becomes a
recorded error and one cannot-tell finding; the audit goes on.
"""

from __future__ import annotations

import hashlib
import json
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from checks.outcomes import Outcome, Reason
from checks.rule import Rule, catalogue
from checks.searched import searched
from checks.snapshot import Snapshot
from checks.standards import Effective, adopted, effective, in_force
from checks.verdicts import Finding, Verdict
from config.district import District, NotApplicable, Unit, Waiver
from config.standard import Binding, ClauseClass, Indicator, Standard, State

SHOWN_P = "（此项按要点属人工核定事项，机器结果仅供参考。）"


@dataclass(frozen=True, slots=True)
class RuleError:
    """A rule that raised: a fault of the tool, never of a unit."""

    rule: str
    message: str
    trace: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """All findings in order of standard, indicator, unit and subject, and the rules that broke."""

    findings: tuple[Finding, ...]
    errors: tuple[RuleError, ...]
    seconds: Mapping[str, float]  # CPU seconds per rule, as measured by `timer`


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run of one rule with one set of parameters gave."""

    verdicts: tuple[tuple[Verdict, str], ...]  # verdict and its sentence
    error: RuleError | None


def judge(
    snapshot: Snapshot,
    standards: Iterable[Standard],
    rules: Mapping[str, Rule] | None = None,
    *,
    timer: Callable[[], float] | None = None,
    on_rule: Callable[[str], None] | None = None,
) -> Judgement:
    """Judge a snapshot by several standards. `timer` is a CPU clock in seconds, `on_rule` hears each rule's id."""
    known = rules if rules is not None else catalogue()
    runs: dict[tuple[str, str], _Run] = {}
    seconds: dict[str, float] = {}
    findings: list[Finding] = []
    for standard in standards:
        for indicator in standard.indicators:
            if indicator.state is State.OFF or not in_force(indicator, standard, snapshot.today):
                continue
            for binding in indicator.rules:
                use = effective(binding, snapshot.district, known)
                key = (use.rule.id, json.dumps(use.params.model_dump(mode="json"), sort_keys=True))
                if key not in runs:
                    if on_rule:
                        on_rule(use.rule.id)
                    start = timer() if timer else 0.0
                    runs[key] = _run(use, snapshot)
                    if timer:
                        seconds[use.rule.id] = seconds.get(use.rule.id, 0.0) + timer() - start
                findings.extend(_stamp(snapshot, standard, indicator, binding, use.rule, runs[key], key[1]))
    errors = {run.error.rule: run.error for run in runs.values() if run.error}
    return Judgement(tuple(findings), tuple(errors.values()), seconds)


def _run(use: Effective, snapshot: Snapshot) -> _Run:
    try:
        told = (searched(v, snapshot) for v in use.rule.function(snapshot, use.params))
        verdicts = tuple((v, use.rule.message(v)) for v in told)
    except Exception as error:  # a broken rule must not cost the audit; it is recorded and shown
        note = f"{type(error).__name__}: {error}"
        return _Run((), RuleError(use.rule.id, note, traceback.format_exc()))
    return _Run(verdicts, None)


def _stamp(
    snapshot: Snapshot, standard: Standard, indicator: Indicator, binding: Binding, rule: Rule, run: _Run, asked: str
) -> Iterator[Finding]:
    district = snapshot.district
    if run.error:
        verdict = Verdict(
            Outcome.CANNOT_TELL, f"rule:{rule.id}", reason=Reason.NEEDS_JUDGEMENT, data={"error": run.error.message}
        )
        sentence = "规则执行出错，本项未能判定（工具问题，不扣分）。"
        yield _finding(snapshot, standard, indicator, binding, rule, verdict, sentence, asked)
        return
    best: dict[tuple[str, str, str], Finding] = {}
    for verdict, sentence in run.verdicts:
        unit = district.unit(_unit_of(verdict, district))
        if unit is not None and not _concerns(indicator, district, unit):
            continue
        found = _finding(snapshot, standard, indicator, binding, rule, verdict, sentence, asked)
        key = (found.unit, found.column, found.subject)
        if key not in best or found.outcome.rank > best[key].outcome.rank:
            best[key] = found
    yield from (best[key] for key in sorted(best))


def _unit_of(verdict: Verdict, district: District) -> str:
    """Who answers: the unit a rule names, else the owner of the column, else the portal's."""
    column = district.column(verdict.column) if verdict.column and not verdict.unit else None
    return verdict.unit or (district.owner_of(column) if column else district.portal_owner)


def _concerns(indicator: Indicator, district: District, unit: Unit) -> bool:
    """Whether the indicator is meant for this unit at all; a verdict on another unit is dropped."""
    if indicator.units and not district.is_named(unit, indicator.units):
        return False
    return not indicator.unit_groups or unit.group in indicator.unit_groups


def _finding(
    snapshot: Snapshot,
    standard: Standard,
    indicator: Indicator,
    binding: Binding,
    rule: Rule,
    verdict: Verdict,
    sentence: str,
    asked: str,
) -> Finding:
    """The verdict as it counts under one indicator. `asked` are the parameters: another question, another fact."""
    district = snapshot.district
    unit_id = _unit_of(verdict, district)
    outcome, review, reason, message = verdict.outcome, verdict.review, verdict.reason, sentence
    if outcome is Outcome.FAILED and binding.clause_class in (ClauseClass.P, ClauseClass.N):
        outcome, review, reason, message = Outcome.CANNOT_TELL, True, Reason.NEEDS_JUDGEMENT, sentence + SHOWN_P
    excuse = _not_applicable(snapshot, indicator, rule, unit_id, verdict)
    if excuse and outcome in (Outcome.FAILED, Outcome.CANNOT_TELL):
        outcome, review, reason, message = Outcome.INAPPLICABLE, False, None, excuse
    waiver = _waiver(snapshot, rule, unit_id, verdict) if outcome is Outcome.FAILED else None
    counts = adopted(standard, indicator, district, snapshot.today)
    price = binding.points if counts else Decimal(0)
    stake = price if outcome in (Outcome.FAILED, Outcome.CANNOT_TELL) else Decimal(0)
    parts = (district.id, rule.id, unit_id, verdict.column, verdict.subject)
    return Finding(
        rule=rule.id,
        rule_version=rule.version,
        standard=standard.id,
        indicator=f"{standard.id}/{indicator.id}",
        outcome=outcome,
        review=review,
        unit=unit_id,
        column=verdict.column,
        subject=verdict.subject,
        url=verdict.url,
        message=message,
        data=verdict.data,
        evidence=verdict.evidence,
        points=price if outcome is Outcome.FAILED and not waiver else Decimal(0),
        at_stake=stake,
        reason=str(reason) if reason else "",
        clause_class=str(binding.clause_class),
        waived=f"{waiver.reason}（{waiver.legal_basis}，{waiver.approver}）" if waiver else "",
        fingerprint=_digest(f"{standard.id}/{indicator.id}", *parts),
        identity=_digest(*parts),
        fact=_digest(district.id, unit_id, verdict.fact) if verdict.fact else _digest(*parts, asked),
    )


def _not_applicable(snapshot: Snapshot, indicator: Indicator, rule: Rule, unit_id: str, verdict: Verdict) -> str:
    unit = snapshot.district.unit(unit_id)
    if unit is not None and not unit.valid_at(snapshot.today):
        return "该单位在检查时点不在有效期内，不适用。"
    if indicator.needs_public_service and unit is not None and unit.has_public_service is False:
        return "该单位不承担公共服务职能，不适用。"
    for entry in snapshot.district.not_applicable:
        if _covers(entry, indicator, rule, unit_id, verdict) and snapshot.today <= entry.valid_to:
            return f"已登记不适用：{entry.reason}（{entry.approver}批准，有效至{entry.valid_to}）。"
    return ""


def _covers(entry: NotApplicable, indicator: Indicator, rule: Rule, unit_id: str, verdict: Verdict) -> bool:
    return (
        entry.unit == unit_id
        and bool(entry.rule or entry.indicator or entry.column)
        and (not entry.rule or entry.rule == rule.id or entry.rule in rule.aliases)
        and (not entry.indicator or entry.indicator == indicator.id)
        and (not entry.column or entry.column in (verdict.column, verdict.subject))
    )


def _waiver(snapshot: Snapshot, rule: Rule, unit_id: str, verdict: Verdict) -> Waiver | None:
    def applies(w: Waiver) -> bool:
        return (
            (w.rule == rule.id or w.rule in rule.aliases)
            and (not w.unit or w.unit == unit_id)
            and (not w.column or w.column in (verdict.column, verdict.subject))
            and (not w.subject or w.subject == verdict.subject)
            and w.valid_from <= snapshot.today <= w.valid_to
        )

    return next((w for w in snapshot.district.waivers if applies(w)), None)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
