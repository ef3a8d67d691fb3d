"""`appeal cases`: won appeals run again as test cases of the rules; and the warning other commands give of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from audit.commands.round import AsJson, Data, DistrictArg
from audit.console import err, out, plain, t
from audit.errors import AuditError, Exit
from audit.paths import data_root
from audit.rounds.won import Ran, accusing, rerun, sentences, won_cases
from audit.rounds.wording import unit_names
from checks.rule import catalogue
from config.district import District
from config.editions import load_standards_for
from config.load import load_district
from config.standard import Standard


def cases(
    district: DistrictArg,
    rule: Annotated[str, typer.Option("--rule", help="只跑一条规则的用例")] = "",
    data: Data = None,
    as_json: AsJson = False,
) -> int:
    if rule and rule not in catalogue():
        raise AuditError(f"没有规则“{rule}”。全部规则见 govaudit rules。")
    loaded = load_district(district)
    folder = data_root(data) / loaded.id
    ran = rerun(folder, loaded, load_standards_for(loaded), rule)
    broken = won_cases(folder)[1]
    if as_json:
        out.print_json(json.dumps({"cases": [_row(r) for r in ran], "broken": broken}, ensure_ascii=False))
    else:
        _show(ran, broken, loaded)
    return Exit.FINDINGS if accusing(ran) or broken else Exit.CLEAN


def _row(ran: Ran) -> dict[str, str]:
    won = ran.won
    return {
        "appeal": won.appeal, "round": won.round, "rule": won.rule, "unit": won.unit, "column": won.column,
        "subject": won.subject, "ground": won.ground, "stand": str(ran.stand), "now": ran.told, "then": won.message,
        "remedy": ran.remedy,
    }  # fmt: skip


def _show(ran: Sequence[Ran], broken: Sequence[str], district: District) -> None:
    for line in broken:
        err.print(plain(line, "bold red", 600))
    if not ran:
        out.print(t("还没有申诉成立的用例。", "no cases of won appeals"))
        return
    names = unit_names(district)
    table = Table(title=t("申诉成立的用例，按现行规则重跑", "cases"), title_justify="left", box=None, padding=(0, 2))
    for name in ("申诉", "规则", "单位", "现行规则的结论", "说明"):
        table.add_column(name, overflow="fold", no_wrap=name == "申诉")
    for each in ran:
        won = each.won
        said = f"{each.told}{f'　{each.remedy}。' if each.remedy else ''}"
        table.add_row(won.appeal, won.rule, names.get(won.unit, won.unit), str(each.stand), plain(said))
    out.print(table)
    for line in sentences(accusing(ran)):
        out.print(plain(line, "bold yellow", 600), soft_wrap=True)


def warn(folder: Path, district: District, standards: Sequence[Standard]) -> None:
    """After a judgement: name the rules that still accuse where an appeal was won. Says nothing without cases."""
    found, broken = won_cases(folder)
    for line in broken:
        err.print(plain(f"! {line}", "yellow", 600))
    for line in sentences(accusing(rerun(folder, district, standards))) if found else ():
        err.print(plain(f"! {line}", "bold yellow", 600), soft_wrap=True)
