"""Turning what pydantic refuses into problems that name the key, the expected type and the known keys."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from config.errors import Problems, nearest

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]

_TYPES = {
    "string_type": "文字（用英文双引号括起来）",
    "int_type": "整数",
    "int_from_float": "整数",
    "int_parsing": "整数",
    "bool_type": "true 或 false",
    "bool_parsing": "true 或 false",
    "decimal_type": "数值",
    "decimal_parsing": "数值",
    "finite_number": "有限的数值",
    "tuple_type": '列表（写成 ["…", "…"]）',
    "dict_type": "表（[…]）",
    "model_type": "表（[…]）",
    "model_attributes_type": "表（[…]）",
    "date_type": "日期（2026-01-31）",
    "date_parsing": "日期（2026-01-31）",
    "date_from_datetime_parsing": "日期（2026-01-31）",
    "date_from_datetime_inexact": "日期（2026-01-31），不带时刻",
}


def validate(
    model: type[M], data: Mapping[str, object], file: str, problems: Problems, where: Callable[[Path], str]
) -> M | None:
    """`data` as a `model`, or None after adding every fault.

    Two passes because neither is strict enough alone: the JSON pass refuses "14" for a number and 1 for a
    truth value, the Python pass refuses a number or a date where text is meant.
    """
    faults: dict[Path, Mapping[str, Any]] = {}
    try:
        text = json.dumps(data, default=_plain, ensure_ascii=False, allow_nan=False)
        model.model_validate_json(text, strict=True)
    except ValidationError as error:
        faults |= {tuple(e["loc"]): e for e in error.errors(include_url=False)}
    except (TypeError, ValueError, RecursionError) as error:
        got = "含有 nan 或 inf" if "Out of range float" in str(error) else str(error)
        problems.add(file, "", "可以识别的值", got)
        return None
    value: M | None = None
    try:
        value = model.model_validate(data)
    except ValidationError as error:
        faults = {tuple(e["loc"]): e for e in error.errors(include_url=False)} | faults
    for path, fault in faults.items():
        _report(model, path, fault, file, problems, where)
    return None if faults else value


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    raise TypeError(f"不能识别的值 {value!r}")


def _report(
    model: type[BaseModel],
    path: Path,
    fault: Mapping[str, Any],
    file: str,
    problems: Problems,
    where: Callable[[Path], str],
) -> None:
    kind = str(fault["type"])
    path = tuple(p for p in path if p != "[key]")
    place = where(path)
    got = show(fault.get("input"))
    if kind == "extra_forbidden":
        owner = _model_at(model, path[:-1])
        known = list(owner.model_fields) if owner else []
        problems.add(file, place, "已知的键", f"未知的键 {path[-1]}", nearest(str(path[-1]), known))
    elif kind == "missing":
        problems.add(file, place, f"必填的 {path[-1]}", "没有填写")
    elif kind == "enum":
        known = _choices(model, path)
        problems.add(file, place, "下列取值之一", got, nearest(str(fault.get("input")), known))
    else:
        problems.add(file, place, _expected(kind, fault), got)


def _expected(kind: str, fault: Mapping[str, Any]) -> str:
    limits: Mapping[str, Any] = fault.get("ctx") or {}
    if kind in _TYPES:
        return _TYPES[kind]
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(str(limits.get("pattern")), f"符合 {limits.get('pattern')} 的文字")
    if kind == "string_too_long":
        return f"不超过 {limits.get('max_length')} 个字符的文字"
    if kind == "greater_than":
        return f"大于 {limits.get('gt')} 的数值"
    if kind == "greater_than_equal":
        return f"不小于 {limits.get('ge')} 的数值"
    if kind == "less_than_equal":
        return f"不大于 {limits.get('le')} 的数值"
    return str(fault.get("msg", kind))


_PATTERNS = {
    r"^[a-z0-9][a-z0-9_-]*$": "小写英文字母、数字、连字符或下划线组成的编号",
    r"^[^\s/:@]+$": "主机名（如 www.example.gov.cn，不带 http:// 和端口）",
    "^(finding|indicator)$": "finding 或 indicator",
}


def show(value: object) -> str:
    """A written value, short enough for a line."""
    if value is None or value == "":
        return "空白"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (date, datetime, Decimal)):
        return str(value)
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else text[:79] + "…"


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model whose keys stand at `path`."""
    current: type[BaseModel] | None = model
    for part in path:
        if current is None:
            return None
        if isinstance(part, int):
            continue
        field = current.model_fields.get(part)
        current = _inner(field.annotation, BaseModel) if field else None
    return current


def _choices(model: type[BaseModel], path: Path) -> list[str]:
    owner = _model_at(model, path[:-1])
    field = owner.model_fields.get(str(path[-1])) if owner else None
    kind = _inner(field.annotation, Enum) if field else None
    return [str(member.value) for member in kind] if kind else []


T = TypeVar("T")


def _inner(annotation: Any, wanted: type[T]) -> type[T] | None:
    """The first class derived from `wanted` inside tuple[X, ...], X | None, dict[str, X] or Annotated."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, wanted) else None
    for argument in typing.get_args(annotation):
        found = _inner(argument, wanted)
        if found is not None:
            return found
    return None
