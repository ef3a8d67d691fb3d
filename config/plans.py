"""The yearly plan (政务公开工作要点) as the work ledger needs it: its responsibility lines, verbatim."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources

from pydantic import Field

from config.district import District, Slug, Strict, Unit, UnitGroup
from config.local import foreign

TOWNS = "各镇〈街〉"
DEPARTMENTS = "区政府各部门单位"
UNDECIDED = "区政府有关部门单位"  # the office has to name them


class PlanLine(Strict):
    """One task with a responsibility line. `units` are the names as printed, group words included."""

    key: str
    place: str  # 文件章节: 一（三）1
    part: str
    section: str
    task: str
    units: tuple[str, ...]
    frequency: str = Field(pattern="^(一次|季度|月|常态|触发)$")
    due: date | None = None
    trigger: str = ""  # condition and statutory limit; * marks our own default
    carrier: str


class Plan(Strict):
    """One edition. `id` is that of the standard which measures it; `interview` is its clause on 约谈."""

    id: Slug
    title: str
    document: str
    published: date
    interview: str = ""
    interview_quote: str = ""
    lines: tuple[PlanLine, ...]


@cache
def builtin_plan(plan_id: str) -> Plan | None:
    """The plan shipped for a standard; None when there is none."""
    path = resources.files("config") / "plans" / f"{plan_id}.toml"
    if not path.is_file():
        return None
    return Plan.model_validate(tomllib.loads(path.read_text("utf-8")))


def plan_for(plan_id: str, district: District) -> Plan | None:
    """The plan as this district may use it: elsewhere it is a sample of tasks that nobody there has issued."""
    plan = builtin_plan(plan_id)
    if plan is None or not foreign(plan.document, district):
        return plan
    own = next((a.document for a in district.adoptions if a.standard == plan_id), "参照任务（本区尚未发文）")
    title = "政务公开年度工作要点（参照）"
    return plan.model_copy(update={"title": title, "document": own, "interview": "", "interview_quote": ""})


def responsible(plan_line: PlanLine, district: District) -> tuple[tuple[str, Unit | None], ...]:
    """(name as printed, unit) of a line, each unit once, in the order of the paper.

    各镇〈街〉 and 区政府各部门单位 become the scored units of the table; 区政府有关部门单位 and names that the unit
    table does not know keep None: the office has to fill them in.
    """
    found: dict[str, tuple[str, Unit | None]] = {}
    for name in plan_line.units:
        for unit in _units(name, district):
            found.setdefault(unit.unit_id if unit else name, (name, unit))
    return tuple(found.values())


def _units(name: str, district: District) -> tuple[Unit | None, ...]:
    scored = [u for u in district.units if u.scored] or [u for u in district.units if u.scored is None]
    if name == TOWNS:
        return tuple(u for u in scored if u.group is UnitGroup.TOWN)
    if name == DEPARTMENTS:
        return tuple(u for u in scored if u.group not in (UnitGroup.TOWN, UnitGroup.UTILITY))
    return (next((u for u in district.units if name in u.names()), None),)
