"""From findings to scores: vetoes, deductions with caps, one fact charged once, ranges until everything is told.

A score is 100 minus deductions, re-scaled to the indicators that apply (19号 practice: x 4/3 where 75 of 100 apply).
`cannot-tell` findings move only the lower bound. All arithmetic is Decimal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from checks.flow import Charge, charge
from checks.outcomes import Outcome
from checks.scores import Line, Rank, Score
from checks.standards import adopted, in_force
from checks.verdicts import Finding
from config.district import District, Unit
from config.standard import Binding, Indicator, IndicatorKind, Standard, State

ZERO = Decimal(0)
HUNDRED = Decimal(100)
VETO_CEILING = Decimal(59)  # outputs.md §0: a veto is shown as at most 59
UNSEEN_SHARE = 3  # a unit of whose indicators more than one in three could not be seen is not ranked
SAME_FACT = "同一事实或同一栏目已在别处计分的，不重复扣"
GRADES = ((Decimal(90), "优秀"), (Decimal(80), "良好"))


@dataclass(frozen=True, slots=True)
class _Sums:
    """Deduction per indicator, once over failed findings only and once with the undetermined as failed."""

    certain: Mapping[str, Decimal]
    worst: Mapping[str, Decimal]
    under: Mapping[str, str]  # fingerprint → the one that is charged for the same fact


def score_all(
    findings: Sequence[Finding], standards: Iterable[Standard], district: District, day: date
) -> tuple[Score, ...]:
    """Scores of the site as a whole (unit "") and of every scored, valid unit, under each standard in force."""
    scores: list[Score] = []
    by_standard: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_standard[finding.standard].append(finding)
    for standard in standards:
        own = by_standard[standard.id]
        scores.append(score(standard, own, district, None, day))
        by_unit: dict[str, list[Finding]] = defaultdict(list)
        for finding in own:
            by_unit[finding.unit].append(finding)
        scores.extend(
            score(standard, by_unit[unit.unit_id], district, unit, day)
            for unit in district.units
            if unit.scored and unit.valid_at(day)
        )
    return tuple(scores)


def score(
    standard: Standard,
    findings: Sequence[Finding],
    district: District,
    unit: Unit | None,
    day: date,
    bonus: Mapping[str, Decimal] | None = None,
) -> Score:
    """One score. `unit` None is the whole site. `bonus` holds hand-entered points by indicator id."""
    by_indicator: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_indicator[finding.indicator.partition("/")[2]].append(finding)
    lines_of = [i for i in standard.indicators if i.state is not State.OFF and in_force(i, standard, day)]
    applies = {i.id: _applies(i, standard, district, unit, by_indicator[i.id]) for i in lines_of}
    sums = _sums(standard, [i for i in lines_of if not applies[i.id]], by_indicator)
    base = standard.base - _weight_gone(standard, lines_of, applies, unit)
    lines = tuple(
        _line(i, standard, by_indicator[i.id], applies[i.id], sums, adopted(standard, i, district, day))
        for i in lines_of
    )
    deducted, worst = sum(sums.certain.values(), ZERO), sum(sums.worst.values(), ZERO)
    vetoes = [f for i in lines_of if _charges(i) == "veto" and not applies[i.id] for f in by_indicator[i.id]]
    live = {i.id for i in lines_of if adopted(standard, i, district, day)}
    vetoes = [f for f in vetoes if f.indicator.partition("/")[2] in live and not f.waived]
    veto = tuple(f.fingerprint for f in vetoes if f.outcome is Outcome.FAILED)
    possible = tuple(f.fingerprint for f in vetoes if f.outcome is Outcome.CANNOT_TELL)
    told = [f for i in lines_of if not applies[i.id] for f in by_indicator[i.id]]
    open_ = [f for f in told if f.outcome is Outcome.CANNOT_TELL and (f.at_stake or f.fingerprint in possible)]
    reason = _unrated(standard, base, live, applies)
    extra = min(standard.bonus_cap, sum((bonus or {}).values(), ZERO))
    upper = _final(standard, base, deducted, bool(veto), extra)
    lower = _final(standard, base, worst, bool(veto or possible), extra)
    return Score(
        unit=unit.unit_id if unit else "",
        standard=standard.id,
        lower=lower,
        upper=upper,
        base=base,
        deducted=deducted,
        worst=worst,
        veto=veto,
        veto_possible=possible,
        lines=lines,
        formula=_formula(
            standard, base, deducted, worst, lower, upper, bool(veto), bool(possible), blind=_blind(open_)
        ),
        grade_lower=grade(lower, standard, bool(veto or possible)),
        grade_upper=grade(upper, standard, bool(veto)),
        rated=not reason,
        unrated_reason=reason,
        bonus=extra,
        judged=sum(not applies[i] for i in live),
        unseen=sum(not applies[i] and _unseen(by_indicator[i]) for i in live),
        under=sums.under,
    )


def grade(points: Decimal, standard: Standard, veto: bool) -> str:
    """优秀 from 90, 良好 from 80, 合格 from the pass mark, else 不合格; a veto is always 不合格."""
    if veto or points < standard.pass_mark:
        return "不合格"
    return next((name for limit, name in GRADES if points >= limit), "合格")


def rank(scores: Iterable[Score], district: District, standard: Standard) -> tuple[Rank, ...]:
    """Places inside each group by the upper bound; equal scores share the place (1, 2, 2, 4)."""
    own = {s.unit: s for s in scores if s.standard == standard.id and s.unit}
    ranks: list[Rank] = []
    for group in dict.fromkeys(ranked_in(u) for u in district.units if u.unit_id in own):
        members = [own[u.unit_id] for u in district.units if u.unit_id in own and ranked_in(u) == group]
        widest = max((s.base for s in members), default=ZERO)
        reasons = {s.unit: _unranked(s, widest) for s in members}
        ranked = [s for s in members if not reasons[s.unit]]
        for item in members:
            place = None if reasons[item.unit] else 1 + sum(_key(o) > _key(item) for o in ranked)
            ranks.append(Rank(item.unit, group, place, len(ranked), reasons[item.unit]))
    return tuple(ranks)


def _key(item: Score) -> tuple[bool, Decimal]:
    return (not item.veto, item.upper)


def ranked_in(unit: Unit) -> str:
    """The group in which a unit is ranked, under the one name that every paper prints."""
    if unit.group == "政府组成部门":
        return "承担公共服务的部门" if unit.has_public_service else "其他部门"
    return "镇街" if unit.group == "镇街" else "垂直及企事业"


def _unranked(item: Score, widest: Decimal) -> str:
    """Why a unit is not ranked (outputs.md §0: more than half not applicable; or its pages not seen), blank if it is.

    Half of what can apply in its group: indicators that are meant for nobody in the group (the portal itself, say)
    must not bar all of its members.
    """
    if not item.rated:
        return item.unrated_reason
    if item.unseen * UNSEEN_SHARE > item.judged:
        share = (Decimal(item.unseen * 100) / item.judged).quantize(Decimal(1), ROUND_HALF_UP)
        return f"未能取证的指标占{share}%（{item.judged}项中{item.unseen}项的页面没有看到），得分上限不作比较"
    if item.base * 2 < widest:
        return f"适用{_text(item.base)}分，不到本组可适用{_text(widest)}分的一半"
    return ""


def _unseen(findings: Sequence[Finding]) -> bool:
    """Nothing was decided, and something not for a person to decide but because pages were not seen."""
    decided = any(f.outcome in (Outcome.FAILED, Outcome.PASSED) for f in findings)
    return not decided and any(f.gap for f in findings)


def _blind(findings: Sequence[Finding]) -> bool:
    """Everything open that could cost points was not seen: no person can decide it."""
    counted = [f for f in findings if not f.waived]
    return bool(counted) and all(f.gap for f in counted)


def _charges(indicator: Indicator) -> str:
    return "veto" if indicator.kind is IndicatorKind.VETO else "points"


def _applies(
    indicator: Indicator, standard: Standard, district: District, unit: Unit | None, findings: Sequence[Finding]
) -> str:
    """Blank when the indicator applies, else why not."""
    group = next(g for g in standard.groups if g.id == indicator.group)
    if unit is not None:
        if indicator.units and not district.is_named(unit, indicator.units):
            return "不属于该单位职责"
        if indicator.unit_groups and unit.group not in indicator.unit_groups:
            return "不适用于该类单位"
        if (indicator.needs_public_service or group.needs_public_service) and unit.has_public_service is False:
            return "该单位不承担公共服务职能"
    if not indicator.rules:
        return "人工项，机器不判定"
    if not findings:
        return "本轮无该单位的检查对象"
    if all(f.outcome is Outcome.INAPPLICABLE for f in findings):
        return findings[0].message
    return ""


def _weight_gone(
    standard: Standard, indicators: Sequence[Indicator], applies: Mapping[str, str], unit: Unit | None
) -> Decimal:
    """Points that leave the denominator: groups not checked for this unit, and weighted indicators not applicable."""
    gone = ZERO
    whole = set()
    for group in standard.groups:
        if group.weight and group.needs_public_service and unit is not None and unit.has_public_service is False:
            gone += group.weight
            whole.add(group.id)
    for indicator in indicators:
        if indicator.weight and applies[indicator.id] and indicator.group not in whole:
            gone += indicator.weight
    return gone


def _sums(standard: Standard, indicators: Sequence[Indicator], findings: Mapping[str, Sequence[Finding]]) -> _Sums:
    costs = [i for i in indicators if i.kind in (IndicatorKind.DEDUCT, IndicatorKind.ADVICE)]
    caps = {i.id: _cap(i) for i in costs}
    certain, worst = [], []
    for indicator in costs:
        per = {b.rule: b for b in indicator.rules}
        for finding in findings[indicator.id]:
            if finding.points:
                certain.append(_charge(indicator, per.get(finding.rule), finding, finding.points))
            if finding.at_stake and not finding.waived:
                worst.append(_charge(indicator, per.get(finding.rule), finding, finding.at_stake))
    sure, open_ = charge(certain, caps), charge(worst, caps)
    told = {c.key for c in certain}
    undecided = {key: payer for key, payer in open_.under.items() if key not in told}
    return _Sums(sure.points, open_.points, {**undecided, **sure.under})


def _cap(indicator: Indicator) -> Decimal | None:
    limits = [x for x in (indicator.cap, indicator.weight) if x is not None]
    return min(limits) if limits else None


def _charge(indicator: Indicator, binding: Binding | None, finding: Finding, points: Decimal) -> Charge:
    """What is charged once: a fact, a column under an exclusion key, an indicator as a whole."""
    column = f"{indicator.exclusive}|{finding.unit}|{finding.column or finding.subject}"
    whole = binding is not None and binding.per == "indicator" and not indicator.exclusive
    return Charge(
        fact=f"{finding.unit}|{finding.fact or finding.fingerprint}",
        indicator=indicator.id,
        points=points,
        within=column if indicator.exclusive else "",
        once=f"{indicator.id}|{finding.unit}" if whole else "",
        key=finding.fingerprint,
    )


def _line(
    indicator: Indicator,
    standard: Standard,
    findings: Sequence[Finding],
    excuse: str,
    sums: _Sums,
    counts: bool,
) -> Line:
    tally = {o: sum(f.outcome is o for f in findings) for o in Outcome}
    group = next(g.title for g in standard.groups if g.id == indicator.group)
    return Line(
        indicator=indicator.id,
        title=indicator.title,
        group=group,
        kind=indicator.kind,
        clause=indicator.clause,
        confidence=str(indicator.confidence),
        applicable=not excuse,
        weight=indicator.weight,
        cap=_cap(indicator),
        deducted=sums.certain.get(indicator.id, ZERO),
        worst=sums.worst.get(indicator.id, ZERO),
        failed=tally[Outcome.FAILED],
        undetermined=tally[Outcome.CANNOT_TELL],
        passed=tally[Outcome.PASSED],
        fingerprints=tuple(f.fingerprint for f in findings if f.outcome in (Outcome.FAILED, Outcome.CANNOT_TELL)),
        note="；".join(_notes(indicator, findings, excuse, sums, counts)),
    )


def _notes(
    indicator: Indicator, findings: Sequence[Finding], excuse: str, sums: _Sums, counts: bool
) -> Iterator[str]:
    if excuse:
        yield excuse
        return
    priced = any(b.points for b in indicator.rules)
    if not counts and indicator.kind in (IndicatorKind.DEDUCT, IndicatorKind.VETO):
        yield "未经采纳，不计分"
    elif indicator.kind is IndicatorKind.ADVICE:
        yield "提示项，不计分"
    cap = _cap(indicator)
    asked = sum((f.points for f in findings), ZERO)
    if priced and cap is not None and asked > cap:
        yield f"应扣{_text(asked)}分，以本项{_text(cap)}分为限"
    if any(f.fingerprint in sums.under for f in findings):
        yield SAME_FACT
    waived = sum(1 for f in findings if f.waived)
    if waived:
        yield f"{waived}项已获豁免"


def _unrated(standard: Standard, base: Decimal, live: set[str], applies: Mapping[str, str]) -> str:
    if base <= 0:
        return "没有适用的指标"
    if not any(not applies[i] for i in live):
        return "本标准各项未经采纳或不适用，不计分" if live else "本标准各项尚未经采纳，不计分"
    return ""


def _final(standard: Standard, base: Decimal, deducted: Decimal, veto: bool, extra: Decimal) -> Decimal:
    if base <= 0:
        return ZERO
    value = max(ZERO, base - deducted) * HUNDRED / base
    if not veto and value > standard.bonus_gate:
        value += extra
    value = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return min(value, VETO_CEILING) if veto else value


def _formula(
    standard: Standard,
    base: Decimal,
    deducted: Decimal,
    worst: Decimal,
    lower: Decimal,
    upper: Decimal,
    veto: bool,
    possible: bool,
    *,
    blind: bool,
) -> str:
    if base <= 0:
        return "没有适用的指标，不计算得分。"
    scale = "" if base == HUNDRED else f" × 100 ÷ {_text(base)}"
    head = f"（{_text(base)} − {_text(deducted)}）{scale} = {_text(_final(standard, base, deducted, False, ZERO))}分"
    if veto:
        head += f"；存在单项否决，按不合格计，显示为{_text(upper)}分"
    if worst > deducted or (possible and not veto):
        least = f"最低可能为{_text(lower)}分" if lower < upper else "不影响上述得分"
        what = f"{_text(worst - deducted)}分" if worst > deducted else "单项否决事项"
        if blind:
            least = f"不扣分；如全部属问题为{_text(lower)}分" if lower < upper else "不扣分"
            head += f"；另有{what}因网页未取回不能判定，{least}"
        else:
            head += f"；另有{what}尚不能判定，{least}"
    return head + "。"


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}"
