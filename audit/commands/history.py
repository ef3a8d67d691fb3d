"""`history` and `diff`: trends over the rounds, and two rounds side by side."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.table import Table

from audit.commands.round import AsJson, Data, DistrictArg, HistoryUrl
from audit.console import out, plain, t
from audit.errors import Exit
from audit.history.compare import KINDS, NAMES, best, closed_in, compare, faults, lives, row_of
from audit.history.store import History, history_url
from audit.judgements import StoredJudgement
from audit.paths import data_root
from audit.rounds.wording import told_of, unit_names
from config.district import District
from config.load import load_district

MOST_SHOWN = 60


def register(app: typer.Typer) -> None:
    app.command("history", help="历轮走势；给出 --unit 则看一个单位，--findings 看每个问题首见、末见、复发。")(
        history
    )
    app.command("diff", help="两轮对照：新增、已消除、仍存在、复发、不可比。")(diff)


def history(
    district: DistrictArg,
    unit: Annotated[str, typer.Option("--unit", help="只看一个单位（编号）")] = "",
    findings: Annotated[bool, typer.Option("--findings", help="每个问题首见、末见、复发次数")] = False,
    data: Data = None,
    history: HistoryUrl = "",
    as_json: AsJson = False,
) -> int:
    loaded = load_district(district)
    with History.open(history_url(data_root(data), history)) as opened:
        rows = best(opened, loaded.id)
        judgements = [opened.judgement(r.id) for r in rows]
        closed = {r.round: closed_in(opened.decisions(loaded.id, r.round)) for r in rows}
    trend = [_trend(j, r.kind, unit, loaded, judgements[at - 1] if at else None)
             for at, (j, r) in enumerate(zip(judgements, rows, strict=True))]  # fmt: skip
    seen = [s for s in lives(judgements, closed) if not unit or s.unit == unit]
    if as_json:
        body: dict[str, Any] = {"rounds": trend}
        if findings:
            body["findings"] = [asdict(s) for s in seen]
        out.print_json(json.dumps(body, ensure_ascii=False, default=str))
        return Exit.CLEAN
    if not trend:
        out.print(t("还没有任何一轮的结果。", "no rounds yet"))
        return Exit.CLEAN
    table = Table(box=None, padding=(0, 2))
    for name in ("轮次", "结果", "平均分" if not unit else "得分", "通过率", "问题数", "说明"):
        table.add_column(name)
    for row in trend:
        table.add_row(*(str(row[k]) for k in ("round", "kind", "score", "pass_rate", "failed", "note")))
    out.print(table)
    if findings:
        names = unit_names(loaded)
        for item in seen[:MOST_SHOWN]:
            again = f"，复发{item.reopened}次" if item.reopened else ""
            said = f"{names.get(item.unit, item.unit)}  {item.rule}  {item.subject}"
            out.print(plain(f"{said}  首见{item.first}，末见{item.last}，共{len(item.rounds)}轮{again}", "", 300))
        if len(seen) > MOST_SHOWN:
            out.print(t(f"……另有 {len(seen) - MOST_SHOWN} 个，全部见 --json。", "…"))
    return Exit.CLEAN


def _trend(
    judgement: StoredJudgement, kind: str, unit: str, district: District, before: StoredJudgement | None
) -> dict[str, Any]:
    first = judgement.standards[0]
    scored = [
        s for s in judgement.scores if s.standard == first and s.unit and s.rated and (not unit or s.unit == unit)
    ]
    mean = sum((s.upper for s in scored), Decimal(0)) / len(scored) if scored else None
    passed = sum(s.grade_upper != "不合格" for s in scored)
    note = ""
    if before is not None:
        changed = compare(before, judgement).changed_rules
        note = f"{len(changed)} 条规则有变，与上轮不可直接比较" if changed else ""
    return {
        "round": judgement.round,
        "kind": "冻结" if kind == "frozen" else "机器初判",
        "as_of": judgement.as_of,
        "units": len(scored),
        "score": "—" if mean is None else f"{mean:.2f}",
        "pass_rate": "—" if not scored else f"{passed / len(scored):.1%}",
        "failed": sum(not unit or f.unit == unit for f in faults(judgement).values()),
        "note": note,
    }


def diff(
    district: DistrictArg,
    old: Annotated[str, typer.Argument(metavar="ROUND", help="前一轮")],
    new: Annotated[str, typer.Argument(metavar="ROUND", help="后一轮")],
    unit: Annotated[str, typer.Option("--unit", help="只看一个单位（编号）")] = "",
    data: Data = None,
    history: HistoryUrl = "",
    as_json: AsJson = False,
) -> int:
    loaded = load_district(district)
    with History.open(history_url(data_root(data), history)) as opened:
        rows = best(opened, loaded.id)
        first, second = row_of(rows, old), row_of(rows, new)
        earlier = [opened.judgement(r.id) for r in rows if r.as_of < first.as_of]
        closed = closed_in(opened.decisions(loaded.id, old))
        found = compare(opened.judgement(first.id), opened.judgement(second.id), earlier, closed)
    changes = [c for c in found.changes if not unit or c.finding.unit == unit]
    if as_json:
        body = {
            "old": old,
            "new": new,
            "counts": {k: sum(c.kind == k for c in changes) for k in KINDS},
            "changed_rules": {k: list(v) for k, v in found.changed_rules.items()},
            "changes": [
                {"kind": c.kind, "identity": c.finding.identity, "rule": c.finding.rule, "unit": c.finding.unit,
                 "subject": c.finding.subject, "message": c.finding.message}
                for c in changes
            ],
        }  # fmt: skip
        out.print_json(json.dumps(body, ensure_ascii=False))
        return Exit.CLEAN
    names = unit_names(loaded)
    out.print(plain("  ".join(f"{NAMES[k]} {sum(c.kind == k for c in changes)}" for k in KINDS), "bold"))
    for rule, (was, now) in found.changed_rules.items():
        out.print(plain(f"规则 {rule} 由第{was}版改为第{now}版，相关问题不作比较", "yellow"))
    for change in changes[:MOST_SHOWN]:
        item = change.finding
        said = f"{NAMES[change.kind]}  {names.get(item.unit, item.unit)}  {told_of(loaded, item)}"
        out.print(plain(said, "", 300))
    if len(changes) > MOST_SHOWN:
        out.print(t(f"……另有 {len(changes) - MOST_SHOWN} 项，全部见 --json。", "…"))
    return Exit.CLEAN
