"""The manual knows every field, header, role and list; nothing in the models is undocumented."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import BaseModel

from config import district, headers, standard
from config.editions import builtin_standards
from config.load import KNOWN_FILES
from config.vocabulary import REQUIRED_LISTS, ROLES

MANUAL = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
CODE = {span.strip("[]") for span in re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", MANUAL, flags=re.DOTALL))}
TABLES = [headers.UNITS, headers.COLUMNS, headers.ACCOUNTS, headers.POSTS]


def models_of(module: ModuleType) -> list[type[BaseModel]]:
    own = (m for m in vars(module).values() if isinstance(m, type) and m.__module__ == module.__name__)
    return [m for m in own if issubclass(m, BaseModel) and m is not district.Strict]


MODELS = [*models_of(district), *models_of(standard)]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_field_is_documented(model: type[BaseModel]) -> None:
    assert [name for name in model.model_fields if name not in CODE] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_header_is_documented(table: headers.Table) -> None:
    assert [h.chinese[0] for h in table.headers if h.chinese[0] not in MANUAL] == []


@pytest.mark.parametrize(
    ("table", "model"),
    [
        (headers.UNITS, district.Unit),
        (headers.COLUMNS, district.Column),
        (headers.ACCOUNTS, district.Account),
        (headers.POSTS, district.Post),
    ],
    ids=["units", "columns", "accounts", "posts"],
)
def test_tables_and_models_agree(table: headers.Table, model: type[BaseModel]) -> None:
    computed = {"unit_id"} if model is district.Account else set()
    assert {h.field for h in table.headers} == set(model.model_fields) - computed
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    assert {h.field for h in table.headers if h.required} == required
    names = table.all_names()
    assert len(names) == len(set(names))


def test_every_role_list_file_and_standard_is_documented() -> None:
    single = [r for r in ROLES if not r.startswith("art2")]
    every = [*single, *REQUIRED_LISTS, *KNOWN_FILES, *builtin_standards()]
    assert [name for name in every if name not in CODE] == []


@pytest.mark.parametrize(
    "kind",
    [district.UnitGroup, district.ColumnClass, district.AccountState, standard.IndicatorKind, standard.State],
    ids=lambda k: k.__name__,
)
def test_every_choice_is_documented(kind: type[district.UnitGroup]) -> None:
    assert [str(member) for member in kind if str(member) not in MANUAL] == []
