"""`round`: open, look, date, draft, freeze, release and correct an assessment round."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from audit import clock
from audit.console import err, out, plain, t
from audit.errors import AuditError, Exit
from audit.history.chain import to_line
from audit.history.lock import district_lock
from audit.history.store import Entry, History, history_url
from audit.paths import data_root, snapshot_paths
from audit.rounds import draft, freeze, release
from audit.rounds.cases import suspended
from audit.rounds.config import load_workflow
from audit.rounds.dates import STEPS, missing_year, plan, step_of
from audit.rounds.desk import Desk, may, open_desk
from audit.rounds.numbers import numbers_of
from audit.rounds.review import false_positives
from audit.rounds.states import REJECTIONS
from audit.rounds.tally import tally
from audit.rounds.won import Ran, accusing, rerun, sentences
from checks.calendar import WorkCalendar
from checks.rule import catalogue
from config.load import load_district

DistrictArg = Annotated[str, typer.Argument(metavar="DISTRICT", help="内置区县编号或配置文件夹")]
Round = Annotated[str, typer.Option("--round", help="轮次，例如 2026Q3；默认最近一轮")]
Data = Annotated[Path | None, typer.Option("--data", help="数据文件夹；默认 $GOVAUDIT_DATA 或 ./var")]
HistoryUrl = Annotated[
    str, typer.Option("--history", help="历史数据库地址；默认 $GOVAUDIT_HISTORY 或 history.sqlite")
]
Person = Annotated[str, typer.Option("--person", help="作出决定的人的姓名")]
Why = Annotated[str, typer.Option("--why", help="理由")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]

round_app = typer.Typer(help="评估轮次：开启、进度、日程、核对稿、冻结、下发、更正。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    round_app.command("open", help="开启一轮：定检查时点，推算工作日日程。")(open_)
    round_app.command("status", help="本轮进度：阶段、日程、问题数及其由来、误报表；--unit 只看一个单位。")(status)
    round_app.command("list", help="列出本区县的各轮。")(list_)
    round_app.command("move", help="改动某一环节的日期。")(move)
    round_app.command("draft", help="出核对稿（再次运行则出新版本和更正表）。")(draft_)
    round_app.command("freeze", help="冻结计分：封存结果。")(freeze_)
    round_app.command("erratum", help="冻结后的更正：新旧对照，另行封存。")(erratum)
    round_app.command("release", help="下发：定整改期限，写出交办单和邮件草稿。")(release_)
    round_app.command("resume", help="恢复因申诉暂停的规则。")(resume)
    round_app.command("log", help="决定记录，并核对哈希链。")(log)
    app.add_typer(round_app, name="round")
    app.command("freeze", help="同 govaudit round freeze。", hidden=True)(freeze_)


def open_(
    district: DistrictArg,
    round_id: Annotated[str, typer.Option("--round", help="轮次，例如 2026Q3")] = "",
    cutoff: Annotated[str, typer.Option("--cutoff", help="检查时点 T，例如 2026-09-30；默认今天")] = "",
    person: Person = "",
    plan_ref: Annotated[str, typer.Option("--plan", help="计划依据；默认取 workflow.toml")] = "",
    filing: Annotated[str, typer.Option("--filing", help="备案号；默认取 workflow.toml")] = "",
    data: Data = None,
    history: HistoryUrl = "",
) -> int:
    loaded, workflow, root = load_district(district), load_workflow(district), data_root(data)
    may(person, workflow.people.deciders, "审定")
    now = clock.now()
    day = _day(cutoff, "--cutoff") if cutoff else now.date()
    name = round_id or clock.quarter_of(now.replace(year=day.year, month=day.month, day=day.day))
    snapshot_paths(root, loaded.id, name)  # refuses a name that cannot be a folder
    basis = {"plan": plan_ref or workflow.plan, "filing": filing or workflow.filing}
    with (
        district_lock(root / loaded.id, "govaudit round open"),
        History.open(history_url(root, history)) as opened,
    ):
        earlier = opened.rounds(loaded.id)
        if any(r.cutoff > day for r in earlier):
            raise AuditError(f"已有检查时点晚于 {day} 的轮次，请核对 --cutoff。")
        last = earlier[-1].round if earlier else ""
        kept = sorted(suspended(opened.decisions(loaded.id, last))) if last else []
        more = [Entry("rule.suspended", rule, "", f"{last} 暂停，尚未恢复", {"carried": last}) for rule in kept]
        body = {**basis, "cutoff": day.isoformat()}
        opened.open_round(loaded.id, name, day, now, person, basis["plan"], body, more)
    dates = plan(day, workflow.calendar, WorkCalendar(loaded.calendar))
    out.print(t(f"已开启 {loaded.name} {name}，检查时点 {day}。", f"round {name} opened"))
    if not basis["plan"] or not basis["filing"]:
        out.print(
            plain("注意：没有计划依据或备案号，检查考核须纳入计划并备案（可在 workflow.toml 填写）。", "yellow")
        )
    _show_dates(dates.days)
    if kept:
        said = f"注意：{last} 因多个单位申诉成立而暂停的规则仍未恢复，本轮同样不适用：{'、'.join(kept)}。"
        out.print(plain(f"{said}规则改正后用 govaudit round resume 恢复。", "yellow", 600))
    if dates.missing:
        out.print(plain(missing_year(dates.missing), "yellow", 400))
    return Exit.CLEAN


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise AuditError(f"{option} “{text}”不是日期，请写成 2026-09-30。") from error


def _show_dates(days: Mapping[str, date | None]) -> None:
    table = Table(box=None, padding=(0, 2), show_header=False)
    for step in STEPS:
        day = days[step]
        table.add_row(step, str(day) if day else "待定")
    out.print(table)


def status(
    district: DistrictArg,
    unit: Annotated[str, typer.Option("--unit", help="只看一个单位（编号）")] = "",
    round_id: Round = "",
    data: Data = None,
    history: HistoryUrl = "",
    as_json: AsJson = False,
) -> int:
    with open_desk(district, round_id, data, history) as desk:
        if unit and desk.district.unit(unit) is None:
            raise AuditError(f"没有单位“{unit}”。单位编号见 govaudit config show {district}。")
        body = _status(desk, unit)
    if as_json:
        out.print_json(json.dumps(body, ensure_ascii=False, default=str))
        return Exit.CLEAN
    out.print(plain(f"{body['district']} {body['round']}：{body['phase']}", "bold"))
    _show_dates(body["dates"])
    for line in body["account"]:
        out.print(plain(line, limit=600))
    counts = Table(title="各状态（处）", title_justify="left", box=None, padding=(0, 2))
    counts.add_column("状态")
    counts.add_column("数目", justify="right")
    for state, count in body["states"].items():
        counts.add_row(state, str(count))
    if body["states"]:
        counts.add_row("合计", str(sum(body["states"].values())))
        out.print(counts)
    if body["false_positives"]:
        table = Table(title="误报（按规则）", title_justify="left", box=None, padding=(0, 2))
        for name in ("规则", "已判", "误报", "误报率", "理由"):
            table.add_column(name)
        for row in body["false_positives"]:
            reasons = "、".join(f"{REJECTIONS.get(k, '申诉成立')} {n}" for k, n in row["reasons"].items())
            table.add_row(row["rule"], str(row["judged"]), str(row["rejected"]), row["rate"], reasons)
        out.print(table)
    for line in body["quality"]:
        out.print(plain(line, limit=600), soft_wrap=True)
    if body["suspended"]:
        out.print(plain(f"暂停的规则：{'、'.join(body['suspended'])}", "yellow"))
    out.print(plain(f"决定 {body['decisions']} 条；末条哈希 {body['head'][:16]}", "dim"))
    return Exit.CLEAN


GAP = "采集未取回"


def _status(desk: Desk, unit: str) -> dict[str, Any]:
    desk_lines = desk.decisions()
    cases = [c for c in desk.known_cases(desk_lines).values() if not unit or c.unit == unit]
    rows = false_positives(cases)
    told = tally(cases, numbers_of(desk))
    return {
        "district": desk.district.name,
        "round": desk.round_id,
        "phase": desk.phase(),
        "cutoff": desk.row.cutoff,
        "dates": desk.dates(desk_lines).days,
        "unit": unit,
        "account": told.sentences() if cases else ["还没有判定结果：请先运行 govaudit run。"],
        "tally": {**asdict(told), "people": told.people, "found": told.found},
        "states": dict(Counter(GAP if c.gap else str(c.state) for c in cases).most_common()),
        "collection_failures": told.gaps,
        "false_positives": [
            {"rule": r, "judged": j, "rejected": x, "rate": f"{x / j:.1%}", "reasons": why}
            for r, j, x, why in rows
            if x
        ],
        "quality": list(desk.remarks()) if cases and not unit else [],
        "suspended": sorted(suspended(desk_lines)),
        "decisions": len(desk_lines),
        "head": desk_lines[-1].hash,
    }


def list_(district: DistrictArg, data: Data = None, history: HistoryUrl = "", as_json: AsJson = False) -> int:
    loaded = load_district(district)
    with History.open(history_url(data_root(data), history)) as opened:
        rows = [
            {
                "round": r.round,
                "cutoff": r.cutoff.isoformat(),
                "opened_at": r.opened_at,
                "last": opened.decisions(loaded.id, r.round)[-1].kind,
            }
            for r in opened.rounds(loaded.id)
        ]
    if as_json:
        out.print_json(json.dumps(rows, ensure_ascii=False))
        return Exit.CLEAN
    if not rows:
        out.print(t("还没有轮次。", "no rounds yet"))
    table = Table(box=None, padding=(0, 2))
    for name in ("轮次", "检查时点", "开启于", "最近一步"):
        table.add_column(name)
    for row in rows:
        table.add_row(
            row["round"], row["cutoff"], row["opened_at"][:16].replace("T", " "), KINDS.get(row["last"], "")
        )
    if rows:
        out.print(table)
    return Exit.CLEAN


KINDS = {
    "round.opened": "开启", "round.judged": "检出", "round.dates": "改期", "draft.issued": "出核对稿",
    "round.frozen": "冻结", "erratum": "更正", "round.released": "下发", "finding.confirmed": "确认",
    "finding.second": "复核", "finding.rejected": "驳回", "finding.manual": "转人工", "finding.referred": "转送",
    "finding.duplicate": "合并", "finding.undone": "撤销", "appeal.filed": "申诉", "appeal.decided": "申诉决定",
    "rule.suspended": "规则暂停", "rule.resumed": "规则恢复", "finding.released": "下发",
    "finding.reported": "单位申报",
    "recheck.done": "复查", "finding.urged": "催办", "finding.supervised": "督办", "interview.proposed": "约谈建议",
    "interview.step": "约谈", "finding.deadline": "改期限", "notice.sent": "发信",
}  # fmt: skip


def move(
    district: DistrictArg,
    step: Annotated[str, typer.Option("--step", help=f"环节：{'、'.join(STEPS)}")] = "",
    day: Annotated[str, typer.Option("--day", help="新日期，例如 2026-10-15")] = "",
    person: Person = "",
    why: Why = "",
    round_id: Round = "",
    data: Data = None,
    history: HistoryUrl = "",
) -> int:
    moved = {step_of(step): _day(day, "--day").isoformat()}
    if not why.strip():
        raise AuditError("改期须用 --why 写明理由。")
    with open_desk(district, round_id, data, history, writing="govaudit round move") as desk:
        may(person, desk.workflow.people.deciders, "审定")
        desk.decide(person, "审定", [Entry("round.dates", desk.round_id, "", why, moved)])
        _show_dates(desk.dates().days)
    return Exit.CLEAN


def draft_(
    district: DistrictArg, person: Person = "", why: Why = "", round_id: Round = "", data: Data = None,
    history: HistoryUrl = "",
) -> int:  # fmt: skip
    with open_desk(district, round_id, data, history, writing="govaudit round draft") as desk:
        version, folder = draft.issue(desk, person, why, _lost(_still_accusing(desk)))
        out.print(t(f"核对稿第{version}版：{(desk.paths.folder / folder).resolve()}", folder), soft_wrap=True)
        days = desk.workflow.deadlines.appeal_in_check
        out.print(t(f"单位可在 {days} 个工作日内核对申诉，逾期视为无异议。", f"{days} working days to object"))
    return Exit.CLEAN


def _still_accusing(desk: Desk, rule: str = "") -> dict[str, list[Ran]]:
    """Rules that accuse in cases which were lost; told before anything goes out."""
    found = accusing(rerun(desk.folder, desk.district, desk.standards, rule))
    for line in sentences(found):
        err.print(plain(f"! {line}", "bold yellow", 600), soft_wrap=True)
    return found


def _lost(found: Mapping[str, list[Ran]]) -> dict[str, object]:
    """For the record of decisions."""
    told = {rule: [r.won.appeal for r in ran] for rule, ran in found.items()}
    return {"still_accusing": told} if told else {}


def freeze_(
    district: DistrictArg,
    person: Person = "",
    why: Why = "",
    leave_pending: Annotated[
        bool, typer.Option("--leave-pending", help="未初审的问题不计分，得分以区间表示")
    ] = False,
    round_id: Round = "",
    data: Data = None,
    history: HistoryUrl = "",
) -> int:
    with open_desk(district, round_id, data, history, writing="govaudit round freeze") as desk:
        lost = _lost(_still_accusing(desk))
        folder = freeze.freeze(desk, person, why, leave_pending=leave_pending, more=lost)
        for line in desk.decisions()[-1].payload.get("remarks", ()):
            err.print(plain(f"! {line}", "yellow", 600), soft_wrap=True)
        out.print(t(f"已冻结：{(desk.paths.folder / folder).resolve()}", folder), soft_wrap=True)
    return Exit.CLEAN


def erratum(
    district: DistrictArg, person: Person = "", why: Why = "", round_id: Round = "", data: Data = None,
    history: HistoryUrl = "",
) -> int:  # fmt: skip
    with open_desk(district, round_id, data, history, writing="govaudit round erratum") as desk:
        folder, changed = freeze.erratum(desk, person, why)
        out.print(t(f"已更正，{changed} 项得分变动，对照见 {desk.paths.folder / folder / '更正表.html'}", folder))
    return Exit.CLEAN


def release_(
    district: DistrictArg,
    person: Person = "",
    approval: Annotated[str, typer.Option("--approval", help="审批人、文号或日期")] = "",
    round_id: Round = "",
    data: Data = None,
    history: HistoryUrl = "",
) -> int:
    with open_desk(district, round_id, data, history, writing="govaudit round release") as desk:
        counts = release.release(desk, person, approval)
        total = sum(counts.values())
        told = tally(desk.cases().values(), numbers_of(desk))
        kept = f"；另有 {told.waived} 处已登记豁免，不下发" if told.waived else ""
        out.print(t(f"已下发：{len(counts)} 个单位，{total} 处问题{kept}。交办单草稿：", f"released {total}"), end="")
        out.print(str((desk.paths.folder / "slips").resolve()), soft_wrap=True)
    return Exit.CLEAN


def resume(
    district: DistrictArg,
    rule: Annotated[str, typer.Option("--rule", help="规则编号")] = "",
    person: Person = "",
    why: Why = "",
    round_id: Round = "",
    data: Data = None,
    history: HistoryUrl = "",
) -> int:
    if rule not in catalogue():
        raise AuditError(f"没有规则“{rule}”。全部规则见 govaudit rules。")
    with open_desk(district, round_id, data, history, writing="govaudit round resume") as desk:
        may(person, desk.workflow.people.deciders, "审定")
        if rule not in suspended(desk.decisions()):
            raise AuditError(f"规则 {rule} 没有暂停。")
        failing = _still_accusing(desk, rule)
        if failing and not why.strip():
            raise AuditError(
                f"规则 {rule} 没有改正，不能恢复；确要恢复的，用 --why 写明理由（记入决定记录）。"
                f"用例：{'、'.join(r.won.appeal for r in failing[rule])}。"
            )
        desk.decide(person, "审定", [Entry("rule.resumed", rule, "", why, _lost(failing))])
        out.print(t(f"规则 {rule} 已恢复适用。", "resumed"))
    return Exit.CLEAN


def log(
    district: DistrictArg, round_id: Round = "", data: Data = None, history: HistoryUrl = "", as_json: AsJson = False
) -> int:
    loaded = load_district(district)
    with History.open(history_url(data_root(data), history)) as opened:
        lines = opened.decisions(loaded.id, round_id or None)
        fault = opened.verify(loaded.id)
    for line in lines:
        if as_json:
            typer.echo(to_line(line))
        else:
            said = f"{line.seq:>5}  {line.at[:16].replace('T', ' ')}  {line.who}（{line.role}）"
            noted = "；".join(str(r) for r in line.payload.get("remarks", ()))
            what = f"{KINDS.get(line.kind, line.kind)}  {line.subject}  {line.state}  {line.why}"
            out.print(plain(f"{said}  {what}{f'  {noted}' if noted else ''}", "", 800))
    if fault:
        out.print(plain(f"决定记录核对不通过：{fault}", "bold red", 600))
        return Exit.FINDINGS
    if not as_json:
        out.print(t("决定记录核对一致。", "chain verified"))
    return Exit.CLEAN
