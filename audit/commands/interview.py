"""`interview`: who meets a trigger, proposals, steps. Nothing here is automatic."""

from __future__ import annotations

from typing import Annotated

import typer

from audit.commands.round import Data, DistrictArg, HistoryUrl, Person, Round, Why
from audit.console import out, plain, t
from audit.errors import Exit
from audit.rounds.desk import open_desk
from audit.rounds.interview import STEP_NAMES, propose, second, standings, step
from audit.rounds.wording import unit_names

UnitArg = Annotated[str, typer.Argument(metavar="UNIT", help="单位编号")]
interview_app = typer.Typer(help="约谈：触发情形、建议、步骤。只提建议，由办公室决定。", no_args_is_help=True)
_STEPS = "、".join(f"{code}={name}" for code, name in STEP_NAMES.items())


def register(app: typer.Typer) -> None:
    interview_app.command("list", help="列出达到已启用触发情形的单位。")(list_)
    interview_app.command("propose", help="提出约谈建议（草稿）。")(propose_)
    interview_app.command("second", help="第二人复核列入约谈材料的问题。")(second_)
    interview_app.command("step", help="依次登记约谈步骤。")(step_)
    app.add_typer(interview_app, name="interview")


def list_(district: DistrictArg, round_id: Round = "", data: Data = None, history: HistoryUrl = "") -> int:
    with open_desk(district, round_id, data, history) as desk:
        found, names = standings(desk), unit_names(desk.district)
    if not found:
        out.print(t("没有单位达到已启用的触发情形（默认只启用 T1：办公室决定）。", "nobody meets a trigger"))
    for item in found:
        for ground in item.grounds:
            paused = f"（{item.paused}）" if item.paused else ""
            out.print(
                plain(f"{names.get(item.unit, item.unit)}  {ground.trigger} {ground.name}：{ground.text}{paused}")
            )
    return Exit.CLEAN


def propose_(
    district: DistrictArg, unit: UnitArg, person: Person = "", why: Why = "", round_id: Round = "",
    data: Data = None, history: HistoryUrl = "",
) -> int:  # fmt: skip
    with open_desk(district, round_id, data, history, writing="govaudit interview propose") as desk:
        out.print(t("约谈建议草稿：", "draft: ") + propose(desk, unit, person, why), soft_wrap=True)
    return Exit.CLEAN


def second_(
    district: DistrictArg, unit: UnitArg, person: Person = "", why: Why = "", round_id: Round = "",
    data: Data = None, history: HistoryUrl = "",
) -> int:  # fmt: skip
    with open_desk(district, round_id, data, history, writing="govaudit interview second") as desk:
        out.print(t(f"已复核 {second(desk, unit, person, why)} 个问题。", "done"))
    return Exit.CLEAN


def step_(
    district: DistrictArg,
    unit: UnitArg,
    name: Annotated[str, typer.Argument(metavar="STEP", help=_STEPS)],
    person: Person = "",
    why: Why = "",
    round_id: Round = "",
    data: Data = None,
    history: HistoryUrl = "",
) -> int:
    with open_desk(district, round_id, data, history, writing="govaudit interview step") as desk:
        step(desk, unit, name, person, why)
        out.print(t(f"已登记：{STEP_NAMES[name]}。", name))
    return Exit.CLEAN
