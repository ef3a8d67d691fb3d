"""`recheck`, `rectify` and `urge`: after the release."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from audit.commands.ledger import show_troubles
from audit.commands.round import Data, DistrictArg, HistoryUrl, Person, Round
from audit.console import err, out, plain, t
from audit.errors import AuditError, Exit
from audit.jobs import district_of, parse_moment
from audit.progress import Stages, crawl_note
from audit.rounds import release
from audit.rounds.cases import Case
from audit.rounds.checked import STATES, Checked
from audit.rounds.desk import Desk, open_desk
from audit.rounds.find import find_case
from audit.rounds.numbers import numbers_of
from audit.rounds.probe import Effort, probe
from audit.rounds.recheck import BY_PERSON, choose, conclude, decide_by_hand, tonight
from audit.rounds.returns import take
from audit.rounds.states import State
from audit.rounds.wording import unit_names

MACHINE = "监测"
KINDS = {"催办": "催办单", "督办": "督办通知单"}


def register(app: typer.Typer) -> None:
    app.command("recheck", help="复查：在检出时的范围上用同一规则重判；机器不能判的，人工复查用 --verdict。")(recheck)
    app.command("rectify", help="登记单位的整改申报：逐个登记，或导入交回的整改表（第20至24列）。")(rectify)
    app.command("urge", help="逾期催办、督办：写出文书和邮件草稿；配置了发信服务器的可加 --send。")(urge)


def recheck(
    district: DistrictArg,
    unit: Annotated[str, typer.Option("--unit", help="只查一个单位（编号）")] = "",
    finding: Annotated[str, typer.Option("--finding", help="只查一个问题（编号或指纹）")] = "",
    due: Annotated[bool, typer.Option("--due", help="只查到期的：已申报的、期限后第1、3个工作日的")] = False,
    as_of: Annotated[str, typer.Option("--as-of", help="判定时点；默认现在")] = "",
    verdict: Annotated[
        str, typer.Option("--verdict", help=f"人工复查的结论（须同时给出 --finding、--why）：{'、'.join(BY_PERSON)}")
    ] = "",
    why: Annotated[str, typer.Option("--why", help="人工复查的依据")] = "",
    person: Annotated[str, typer.Option("--person", help="经办人；人工复查须写姓名")] = MACHINE,
    round_id: Round = "",
    data: Data = None,
    history: HistoryUrl = "",
) -> int:
    if not (unit or finding or due):
        raise AuditError("请给出 --unit 单位、--finding 问题 或 --due（到期的）。")
    with open_desk(district, round_id, data, history, writing="govaudit recheck") as desk:
        cases = desk.cases()
        if unit and desk.district.unit(unit) is None:
            raise AuditError(f"没有单位“{unit}”。单位编号见 govaudit config show {district}。")
        one = find_case(cases, numbers_of(desk), finding) if finding else None
        if verdict or why:
            return _by_hand(desk, one, verdict, why, "" if person == MACHINE else person)
        chosen = choose(desk, cases, unit, one, due)
        if not chosen:
            out.print(t("没有需要复查的问题。", "nothing to re-check"))
            return Exit.CLEAN
        if due:
            chosen, put_off = tonight(chosen, desk.workflow.schedule.recheck_pages)
            if put_off:
                said = f"! 另有 {len(put_off)} 个到期的问题留到下次：一次复查向同一主机取问题网页至多"
                err.print(plain(f"{said} {desk.workflow.schedule.recheck_pages} 个。", "yellow", 600), soft_wrap=True)
        at = desk.now()
        folder = desk.folder / "recheck" / f"{desk.round_id}-{at:%Y%m%dT%H%M%S}"
        with (
            district_of(district) as served,
            Stages() as bar,
            bar.stage(t(f"复查 {len(chosen)} 个问题", "Re-check")) as update,
        ):
            moment = parse_moment(as_of) if as_of else _moment(served.demo.as_of, at)
            seen = probe(
                served, desk.standards, desk.paths, folder, chosen, moment, desk.round_id,
                lambda p: update(p.done, p.known, crawl_note(p)),
                lambda plan: err.print(plain(t(f"· {plan}", "· bounds of the re-check"), "dim", 600), soft_wrap=True),
            )  # fmt: skip
        results = conclude(desk, person, chosen, seen, at, moment)
        _show(desk, results, seen.effort)
    return Exit.FINDINGS if any(STATES.get(i.result) is State.RETURNED for i in results) else Exit.CLEAN


def _show(desk: Desk, results: list[Checked], effort: Effort | None) -> None:
    names, numbers = unit_names(desk.district), numbers_of(desk)
    table = Table(box=None, padding=(0, 2))
    for name in ("问题", "单位", "结论", "处理"):
        table.add_column(name, overflow="fold", no_wrap=name == "问题")
    for item in results:
        case = item.case
        number = numbers.get(case.identity) or case.called
        table.add_row(number, names.get(case.unit, case.unit), str(item.result), plain(item.action))
    out.print(table)
    counts = Counter(str(i.result) for i in results)
    out.print(plain("、".join(f"{k} {n}" for k, n in counts.items())))
    if effort is not None:
        out.print(plain(t(effort.outcome(), f"{effort.requests} requests, {effort.unchanged} unchanged"), limit=600))
    hand = sum(i.person for i in results)
    if hand:
        out.print(
            plain(f"其中 {hand} 个须人工复查：govaudit recheck {desk.ref} --finding 编号 --verdict 结论 --why 依据")
        )
    out.print(t("复查报告：", "papers: ") + str((desk.paths.folder / "复查").resolve()), soft_wrap=True)


def _by_hand(desk: Desk, case: Case | None, verdict: str, why: str, person: str) -> int:
    if case is None:
        raise AuditError("人工复查须用 --finding 指明一个问题。")
    done = decide_by_hand(desk, person, case, verdict, why)
    out.print(t(f"已记录人工复查：{done.result}，{done.action}。", str(done.result)))
    return Exit.FINDINGS if STATES[done.result] is State.RETURNED else Exit.CLEAN


def _moment(fixed: str, now: datetime) -> datetime:
    """The demonstration district speaks for its own day."""
    return parse_moment(fixed) if fixed else now


def rectify(
    district: DistrictArg,
    finding: Annotated[str, typer.Option("--finding", help="问题编号或指纹")] = "",
    url: Annotated[str, typer.Option("--url", help="整改后网址")] = "",
    action: Annotated[str, typer.Option("--action", help="整改措施")] = "",
    done: Annotated[str, typer.Option("--done", help="整改完成日期")] = "",
    person: Annotated[str, typer.Option("--person", help="单位责任人；导入时为经办人")] = "",
    returned: Annotated[
        list[Path] | None, typer.Option("--import", help="交回的整改表（.xlsx），可多次；不能再给 --finding")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="导入时与已登记的不一致，以交回的为准")] = False,
    round_id: Round = "",
    data: Data = None,
    history: HistoryUrl = "",
) -> int:
    if bool(returned) == bool(finding):
        raise AuditError("请给出 --finding 问题编号，或用 --import 导入交回的整改表，二者选一。")
    with open_desk(district, round_id, data, history, writing="govaudit rectify") as desk:
        if returned:
            return _import(desk, returned, person, overwrite=overwrite)
        case = find_case(desk.cases(), numbers_of(desk), finding)
        release.report(desk, case, person, action=action, url=url, done=done, person=person)
        out.print(t("已登记；复查请运行 govaudit recheck --due。", "recorded"))
    return Exit.CLEAN


def _import(desk: Desk, paths: list[Path], person: str, *, overwrite: bool) -> int:
    files = []
    for path in paths:
        try:
            files.append((path.name, path.read_bytes()))
        except OSError as error:
            raise AuditError(f"无法读取 {path}：{error.strerror or error}。") from error
    taken = take(desk, files, person, overwrite=overwrite)
    out.print(
        t(f"已登记 {len(taken.reported)} 个问题的整改申报，未变 {taken.same} 格。", f"{len(taken.reported)} recorded")
    )
    show_troubles((("冲突（保留原登记，改用交回的加 --overwrite）", taken.conflicts), ("未接受", taken.refused)))
    if taken.reported:
        out.print(t("复查请运行 govaudit recheck --due。", "next: recheck --due"))
    return Exit.FINDINGS if taken.conflicts or taken.refused else Exit.CLEAN


def urge(
    district: DistrictArg,
    kind: Annotated[str, typer.Option("--kind", help="催办 或 督办")] = "催办",
    mail: Annotated[Path | None, typer.Option("--send", help="发送一个 .eml 草稿（须已配置发信服务器）")] = None,
    person: Person = "",
    round_id: Round = "",
    data: Data = None,
    history: HistoryUrl = "",
) -> int:
    with open_desk(district, round_id, data, history, writing="govaudit urge") as desk:
        if mail is not None:
            to = release.send_draft(desk, person, mail)
            out.print(t(f"已发至 {to}。", f"sent to {to}"))
            return Exit.CLEAN
        if kind not in KINDS:
            raise AuditError(f"--kind 须为：{'、'.join(KINDS)}。")
        counts = release.urge(desk, person, KINDS[kind])
        if not counts:
            out.print(t(f"没有需要{kind}的问题。", "nothing overdue"))
            return Exit.CLEAN
        out.print(t(f"{kind}：{len(counts)} 个单位 {sum(counts.values())} 个问题，草稿在 ", "drafts: "), end="")
        out.print(str((desk.paths.folder / "slips" / KINDS[kind]).resolve()), soft_wrap=True)
    return Exit.CLEAN
