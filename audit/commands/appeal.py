"""`appeal`: add, decide, list."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from audit.commands.cases import cases
from audit.commands.round import AsJson, Data, DistrictArg, HistoryUrl, Person, Round
from audit.console import out, plain, t
from audit.errors import Exit
from audit.rounds.appeals import GROUNDS, RESULTS, add, appeals, decide
from audit.rounds.desk import open_desk
from audit.rounds.find import find_case
from audit.rounds.numbers import numbers_of
from audit.rounds.wording import unit_names

_CODES = "、".join(f"{code}={name}" for code, name in GROUNDS.items())
appeal_app = typer.Typer(help="申诉：受理、决定、列表。每个问题受理一次。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    appeal_app.command("add", help="受理一件申诉。")(add_)
    appeal_app.command("decide", help="决定一件申诉；决定人和提意见的人都不能是初审员。")(decide_)
    appeal_app.command("list", help="列出本轮申诉。")(list_)
    appeal_app.command("cases", help="按现行规则重跑历轮申诉成立的用例；仍判不合格的按规则列出。")(cases)
    app.add_typer(appeal_app, name="appeal")


def add_(
    district: DistrictArg,
    finding: Annotated[str, typer.Option("--finding", help="问题编号或指纹")] = "",
    ground: Annotated[str, typer.Option("--ground", help=f"理由代码：{_CODES}")] = "",
    text: Annotated[str, typer.Option("--text", help="说明，不超过500字")] = "",
    url: Annotated[list[str] | None, typer.Option("--url", help="网址，可多次")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="附件")] = None,
    signed_by: Annotated[str, typer.Option("--signed-by", help="单位分管负责人")] = "",
    person: Annotated[str, typer.Option("--person", help="受理登记人")] = "",
    round_id: Round = "",
    data: Data = None,
    history: HistoryUrl = "",
) -> int:
    with open_desk(district, round_id, data, history, writing="govaudit appeal add") as desk:
        case = find_case(desk.cases(), numbers_of(desk), finding)
        number = add(desk, case, ground, text, url or [], signed_by, person, file)
        days = desk.workflow.deadlines.decide_appeal
        out.print(t(f"已受理：{number}，须在 {days} 个工作日内决定。", number))
    return Exit.CLEAN


def decide_(
    district: DistrictArg,
    appeal: Annotated[str, typer.Argument(metavar="APPEAL", help="申诉编号")],
    result: Annotated[str, typer.Option("--result", help="、".join(RESULTS))] = "",
    reason: Annotated[str, typer.Option("--reason", help="理由")] = "",
    opinion_by: Annotated[str, typer.Option("--opinion-by", help="提出意见的人（初审员以外）")] = "",
    points: Annotated[str, typer.Option("--points", help="部分成立时改扣的分数")] = "",
    person: Person = "",
    round_id: Round = "",
    data: Data = None,
    history: HistoryUrl = "",
) -> int:
    with open_desk(district, round_id, data, history, writing="govaudit appeal decide") as desk:
        _, suspended = decide(desk, appeal, result, reason, person, opinion_by, points)
        out.print(t(f"{appeal}：{result}。", f"{appeal}: {result}"))
        reply = desk.paths.folder / "appeals" / f"{appeal}-答复.html"
        out.print(t(f"答复草稿：{reply.resolve()}", f"reply: {reply}"), soft_wrap=True)
        if result == "成立":
            out.print(plain(f"已写出规则测试用例：{desk.folder / 'cases' / appeal}", limit=500), soft_wrap=True)
        if suspended:
            out.print(plain(f"多个单位就规则 {suspended} 申诉成立，该规则本轮暂停，各单位得分重算。", "yellow"))
        again = "govaudit round erratum" if desk.frozen() else "govaudit round draft"
        out.print(t(f"请运行 {again} 重新出具评分卡和更正表。", again))
    return Exit.CLEAN


def list_(
    district: DistrictArg, round_id: Round = "", data: Data = None, history: HistoryUrl = "", as_json: AsJson = False
) -> int:
    with open_desk(district, round_id, data, history) as desk:
        rows, names, numbers = appeals(desk.decisions()), unit_names(desk.district), numbers_of(desk)
        cases = desk.cases()
    if as_json:
        out.print_json(json.dumps([asdict(a) for a in rows.values()], ensure_ascii=False, default=str))
        return Exit.CLEAN
    if not rows:
        out.print(t("本轮没有申诉。", "no appeals"))
        return Exit.CLEAN
    table = Table(box=None, padding=(0, 2))
    for name in ("申诉", "单位", "问题编号", "事项", "理由", "受理", "决定"):
        table.add_column(name, overflow="fold")
    for item in rows.values():
        case = cases.get(item.identity)
        table.add_row(
            item.id, names.get(item.unit, item.unit), numbers.get(item.identity, "（未编号）"),
            plain(case.called if case else "本轮已不再判定"), GROUNDS[item.ground], f"{item.filed_at:%Y-%m-%d}",
            item.result or "待决定",
        )  # fmt: skip
    out.print(table)
    return Exit.CLEAN
