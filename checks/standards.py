"""Standards against the catalogue: unknown rules and parameters, broken guards, indicators nothing measures.

Everything here runs before any crawling: a standard that cannot be judged is refused whole.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import ValidationError

from checks.rule import Params, Rule, catalogue
from config.district import District
from config.standard import Binding, Confidence, Indicator, IndicatorKind, Standard, State


@dataclass(frozen=True, slots=True)
class StandardProblem:
    """What is wrong, where (key path), what was expected and which alternatives are known."""

    file: str
    where: str
    message: str
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effective:
    """A rule's parameters as they take effect, and where each came from."""

    rule: Rule
    params: Params
    sources: Mapping[str, str]  # parameter -> 规则默认, 标准, 本区设置


def resolve_rule(rule_id: str, rules: Mapping[str, Rule]) -> Rule | None:
    """The rule of that id, or the one that was renamed from it."""
    found = rules.get(rule_id)
    return found or next((r for r in rules.values() if rule_id in r.aliases), None)


def effective(binding: Binding, district: District, rules: Mapping[str, Rule] | None = None) -> Effective:
    """Parameters of a binding: rule defaults, then the standard, then the district's own settings.

    Raises KeyError for an unknown rule and pydantic's ValidationError for unknown or unusable parameters.
    """
    rule = resolve_rule(binding.rule, rules if rules is not None else catalogue())
    if rule is None:
        raise KeyError(binding.rule)
    own = district.overrides.get(rule.id, {})
    values = {**binding.params, **own}
    params = rule.params.model_validate(values)
    sources = {
        name: "本区设置" if name in own else "标准" if name in binding.params else "规则默认"
        for name in rule.params.model_fields
    }
    return Effective(rule, params, sources)


def parameters(standards: Sequence[Standard], district: District, rule_id: str) -> Params | None:
    """Parameters of a rule in the first standard that uses it; None if none does."""
    known = catalogue()
    bindings = (b for s in standards for i in s.indicators for b in i.rules)
    found = next((b for b in bindings if (r := resolve_rule(b.rule, known)) and r.id == rule_id), None)
    return None if found is None else effective(found, district, known).params


def adopted(standard: Standard, indicator: Indicator, district: District, day: date) -> bool:
    """Whether the indicator may cost points: sure enough by itself, or adopted by the office in writing."""
    if indicator.state is State.OFF or indicator.kind in (
        IndicatorKind.ADVICE,
        IndicatorKind.MANUAL,
        IndicatorKind.OFFLINE,
    ):
        return False
    if indicator.state is State.ON and indicator.confidence in (Confidence.A, Confidence.B):
        return True
    return any(
        a.standard == standard.id and a.decided_on <= day and ("*" in a.indicators or indicator.id in a.indicators)
        for a in district.adoptions
    )


def in_force(indicator: Indicator, standard: Standard, day: date) -> bool:
    """Whether standard and indicator are effective on that day."""
    return (
        standard.effective_from <= day
        and (standard.effective_to is None or day <= standard.effective_to)
        and (indicator.effective_from is None or indicator.effective_from <= day)
        and (indicator.effective_to is None or day <= indicator.effective_to)
    )


def validate(
    standard: Standard, district: District, rules: Mapping[str, Rule] | None = None
) -> tuple[StandardProblem, ...]:
    """Every problem of a standard as it would be used in this district; empty when it can be judged."""
    known = rules if rules is not None else catalogue()
    return tuple(_problems(standard, district, known))


def _problems(standard: Standard, district: District, rules: Mapping[str, Rule]) -> Iterator[StandardProblem]:
    file = standard.source or standard.id
    groups = {g.id for g in standard.groups}
    seen: set[str] = set()
    for indicator in standard.indicators:
        where = f"indicators[{indicator.id}]"
        if indicator.id in seen:
            yield StandardProblem(file, where, "指标编号重复")
        seen.add(indicator.id)
        if indicator.group not in groups:
            yield StandardProblem(file, f"{where}.group", f"未知分组“{indicator.group}”", tuple(sorted(groups)))
        measured = indicator.rules or indicator.manual
        if not measured and indicator.state is not State.OFF:
            yield StandardProblem(file, where, "既没有规则也没有人工判定问题：请填写 rules 或 manual")
        if indicator.state is State.OFF:
            continue
        for number, binding in enumerate(indicator.rules):
            yield from _binding(standard, binding, f"{where}.rules[{number}]", district, rules)
    for guard in standard.guards:
        rule = resolve_rule(guard.rule, rules)
        where = f"guards[{guard.rule}.{guard.param}]"
        if rule is None:
            yield StandardProblem(file, where, f"未知规则“{guard.rule}”", _close(guard.rule, rules))
        elif guard.param not in rule.params.model_fields:
            yield StandardProblem(
                file, where, f"规则 {rule.id} 没有参数“{guard.param}”", tuple(rule.params.model_fields)
            )
    yield from _overrides(district, rules)


def _binding(
    standard: Standard, binding: Binding, where: str, district: District, rules: Mapping[str, Rule]
) -> Iterator[StandardProblem]:
    file = standard.source or standard.id
    rule = resolve_rule(binding.rule, rules)
    if rule is None:
        yield StandardProblem(file, where, f"未知规则“{binding.rule}”", _close(binding.rule, rules))
        return
    unknown = set(binding.params) - set(rule.params.model_fields)
    for name in sorted(unknown):
        yield StandardProblem(
            file, f"{where}.params.{name}", f"规则 {rule.id} 没有参数“{name}”", tuple(rule.params.model_fields)
        )
    if unknown:
        return
    try:
        params = effective(binding, district, rules).params
    except ValidationError as error:
        for item in error.errors():
            key = ".".join(str(part) for part in item["loc"])
            yield StandardProblem(file, f"{where}.params.{key}", f"参数值不可用：{item['msg']}")
        return
    for guard in standard.guards:
        if resolve_rule(guard.rule, rules) is not rule or guard.param not in rule.params.model_fields:
            continue
        value = getattr(params, guard.param)
        if not isinstance(value, (int, float, Decimal)):
            yield StandardProblem(file, f"guards[{guard.rule}.{guard.param}]", "只能约束数值参数")
            continue
        number = Decimal(str(value))
        if (guard.max is not None and number > guard.max) or (guard.min is not None and number < guard.min):
            bound = f"不大于 {guard.max}" if guard.max is not None and number > guard.max else f"不小于 {guard.min}"
            yield StandardProblem(
                file, f"{where}.params.{guard.param}", f"取值 {value} 违反底线：须{bound}（{guard.reason}）"
            )


def _overrides(district: District, rules: Mapping[str, Rule]) -> Iterator[StandardProblem]:
    file = f"{district.source or district.id}/district.toml"
    for rule_id, values in district.overrides.items():
        rule = resolve_rule(rule_id, rules)
        if rule is None:
            yield StandardProblem(file, f"overrides.{rule_id}", f"未知规则“{rule_id}”", _close(rule_id, rules))
            continue
        for name in sorted(set(values) - set(rule.params.model_fields)):
            yield StandardProblem(
                file,
                f"overrides.{rule_id}.{name}",
                f"规则 {rule.id} 没有参数“{name}”",
                tuple(rule.params.model_fields),
            )


def _close(rule_id: str, rules: Mapping[str, Rule]) -> tuple[str, ...]:
    return tuple(difflib.get_close_matches(rule_id, list(rules), n=3, cutoff=0.4)) or tuple(sorted(rules))[:20]
