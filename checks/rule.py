"""A rule and its registration: one decorated function is the check, its tests and its page in the manual.

class ColumnStale(Params):
    dynamic_days: int = number("动态类栏目更新期限", unit="天", default=14, stricter="lower")

@rule(
    "column-stale", version=1, title="栏目更新不及时", topic="freshness", logic="E", guard="list",
    params=ColumnStale, absence=True,
    legal=("国办秘函〔2019〕19号 …",),
    messages={"failed": "最近一条{newest}，距检查时点{age}天，限期{limit}天", …},
    fix="请在该栏目补发…", recheck="该栏目首页出现检查时点前{limit}天内的信息",
    examples=(Example("两周内有更新", snapshot=tiny(…), outcome="passed", says="…"), …),
)
def column_stale(snapshot: Snapshot, params: ColumnStale) -> Iterator[Verdict]: ...
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field

from checks.bygone import happened
from checks.outcomes import Outcome
from checks.snapshot import Snapshot
from checks.verdicts import Data, Verdict


class Params(BaseModel):
    """Parameters of a rule. Each field has a Chinese description, and a unit where it is a number."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoParams(Params):
    """A rule without parameters."""


def number(description: str, *, unit: str, default: int | float, stricter: str = "", **bounds: float) -> Any:
    """A numeric parameter. `stricter` ("lower", "higher") is the direction a district may move it."""
    return Field(
        default=default, description=description, json_schema_extra={"unit": unit, "stricter": stricter}, **bounds
    )  # type: ignore[call-overload]


def words(description: str, default: tuple[str, ...]) -> Any:
    return Field(default=default, description=description)


class Status(StrEnum):
    STABLE = "stable"
    PREVIEW = "preview"


class Logic(StrEnum):
    """What incomplete coverage means (rules.md §0)."""

    EXISTS = "E"
    UNIVERSAL = "U"
    MEASURE = "M"
    SAMPLE = "S"


@dataclass(frozen=True, slots=True)
class Example:
    """A tiny snapshot, parameters and the expected verdict: a test and a paragraph of the manual.

    `says` is the whole expected sentence; `subject` picks the verdict when the rule yields several.
    """

    name: str
    snapshot: Snapshot
    outcome: str
    says: str
    params: Mapping[str, object] = field(default_factory=dict)
    subject: str = ""
    reason: str = ""
    review: bool | None = None


RuleFunction = Callable[[Snapshot, Any], Iterator[Verdict]]


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    version: int
    title: str
    topic: str
    logic: Logic
    guard: str
    params: type[Params]
    absence: bool  # claims that something is not there: must know cannot-tell
    status: Status
    manual: bool  # never fails: adverse branch is cannot-tell, review
    legal: tuple[str, ...]
    messages: Mapping[str, str]
    why: str
    fix: str
    recheck: str
    question: str  # one yes/no question for the manual sheet
    examples: tuple[Example, ...]
    aliases: tuple[str, ...]  # earlier ids of this rule
    past: tuple[str, ...]  # data that, where it has a value, says: a delay has happened and no page can undo it
    function: RuleFunction

    def message(self, verdict: Verdict) -> str:
        """The sentence of a verdict.

        Looks for `variant`, then "<outcome>.<reason>", then "<outcome>"; raises KeyError when a placeholder
        of the template has no value in `data` (a bug of the rule, recorded by the engine).
        """
        keys = [verdict.variant] if verdict.variant else []
        if verdict.reason:
            keys.append(f"{verdict.outcome}.{verdict.reason}")
        keys.append(str(verdict.outcome))
        for key in keys:
            if key in self.messages:
                return _NOTHING.sub("应为0", _Formatter().vformat(self.messages[key], (), dict(verdict.data)))
        if verdict.outcome is Outcome.CANNOT_TELL and verdict.reason:
            return f"无法判定：{verdict.reason.chinese}。"
        if verdict.outcome is Outcome.INAPPLICABLE:
            return "不适用。"
        raise KeyError(f"{self.id}: no message for {keys}")

    def bygone(self, data: Data) -> bool:
        """Whether what a failed verdict says has happened for good: asking for a repair would invite false dates."""
        return happened(self.past, data)

    def remedy(self, verdict: Verdict) -> tuple[str, str]:
        """Fix text and re-check test, filled from the verdict's data where they have placeholders."""
        values = dict(verdict.data)
        return fill(self.fix, values), fill(self.recheck, values)


_NOTHING = re.compile(r"限0(?=[页篇处个条])")  # "a limit of none" reads badly


class _Formatter(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, (list, tuple)):
            return "、".join(str(v) for v in value)
        return cast(str, super().format_field(value, format_spec))


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "规定"


def fill(template: str, values: Mapping[str, Any]) -> str:
    """A template with values in place; a placeholder that has none reads 规定."""
    return _Formatter().vformat(template, (), _Lenient(values))


_RULES: dict[str, Rule] = {}
F = TypeVar("F", bound=RuleFunction)


def rule(
    rule_id: str,
    *,
    version: int,
    title: str,
    topic: str,
    logic: str,
    guard: str = "",
    params: type[Params] = NoParams,
    absence: bool = False,
    status: Status = Status.STABLE,
    manual: bool = False,
    legal: tuple[str, ...],
    messages: Mapping[str, str],
    why: str,
    fix: str,
    recheck: str,
    question: str = "",
    examples: tuple[Example, ...],
    aliases: tuple[str, ...] = (),
    past: tuple[str, ...] = (),
) -> Callable[[F], F]:
    """Register a rule. Raises ValueError on a duplicate id."""

    def register(function: F) -> F:
        if rule_id in _RULES:
            raise ValueError(f"rule {rule_id} is registered twice")
        _RULES[rule_id] = Rule(
            rule_id, version, title, topic, Logic(logic), guard, params, absence, status, manual, legal,
            messages, why, fix, recheck, question, examples, aliases, past, function,
        )  # fmt: skip
        return function

    return register


@cache
def catalogue() -> Mapping[str, Rule]:
    """All rules by id, in topic and id order; imports every module of `checks.rules` once."""
    package = importlib.import_module("checks.rules")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"checks.rules.{module.name}")
    return dict(sorted(_RULES.items(), key=lambda item: (item[1].topic, item[0])))
