"""`review`: the local page, the workbook, and batch confirmation."""

from __future__ import annotations

import signal
import threading
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from audit.commands.round import Data, DistrictArg, HistoryUrl, Person, Round
from audit.console import err, out, plain, t
from audit.errors import AuditError, Exit
from audit.history.lock import district_lock
from audit.review.app import Reviewer, Server
from audit.review.returned import take_back
from audit.review.workbook import export
from audit.rounds import review as acts
from audit.rounds.desk import Desk, may, open_desk
from audit.rounds.tally import tally

MOST_SHOWN = 40


def register(app: typer.Typer) -> None:
    app.command("review", help="初审、复核：在本机打开页面；或导出、导入工作簿。")(review)


def review(
    district: DistrictArg,
    person: Person = "",
    second: Annotated[bool, typer.Option("--second", help="以第二人身份复核")] = False,
    export_to: Annotated[Path | None, typer.Option("--export", help="导出待办工作簿")] = None,
    import_from: Annotated[Path | None, typer.Option("--import", help="导入填好的工作簿")] = None,
    batch: Annotated[str, typer.Option("--batch", help="批量确认一条规则（须有实测误报率）")] = "",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="端口；默认自动选取")] = 0,
    no_open: Annotated[bool, typer.Option("--no-open", help="不自动打开浏览器")] = False,
    round_id: Round = "",
    data: Data = None,
    history: HistoryUrl = "",
) -> int:
    if not person.strip():
        raise AuditError("请用 --person 写明审核人姓名；每条决定都要署名。")
    with open_desk(district, round_id, data, history) as desk:
        people = desk.workflow.people
        may(person, people.second if second else people.first, "复核员" if second else "初审员")
        with district_lock(desk.folder, "govaudit review"):
            desk.take_in()
            if desk.frozen() and not export_to:
                raise AuditError("本轮已冻结，不能再初审；更正请用 govaudit round erratum。")
            if export_to:
                return _export(desk, export_to, person, second)
            if import_from:
                return _import(desk, import_from, person, second)
            if batch:
                cases = desk.cases()
                entries = acts.batch(cases, batch, desk.workflow.review)
                desk.decide(person, acts.FIRST, entries)
                out.print(t(f"已批量确认 {len(entries)} 个问题。", f"{len(entries)} confirmed"))
                if left := acts.left_out(cases, batch):
                    out.print(
                        t(
                            f"未确认 {left} 个机器未能判定、曾经申诉成立或抽中双人复核的事项：须逐条核查。",
                            f"{left} left",
                        )
                    )
                return Exit.CLEAN
        return _serve(desk, person, second, port, show=not no_open)


def _export(desk: Desk, path: Path, person: str, second: bool) -> int:
    count = export(desk, path, person, second)
    told = tally(desk.cases().values(), {})
    out.print(t(f"已导出 {count} 处（每处一行）：{path.resolve()}", f"{count} exported"), soft_wrap=True)
    if left := told.waiting(second):
        out.print(t(left, ""), soft_wrap=True)
    return Exit.CLEAN


def _import(desk: Desk, path: Path, person: str, second: bool) -> int:
    taken = take_back(desk, path, person, second)
    if not taken.conflicts:
        said = [f"已导入 {taken.new} 条新决定"]
        if taken.changed:
            said.append(f"改变本人先前的决定 {len(taken.changed)} 条")
        if taken.same:
            said.append(f"与本人先前导入的相同、未变 {taken.same} 条")
        out.print(t(f"{'；'.join(said)}。", f"{taken.new} new, {len(taken.changed)} changed, {taken.same} same"))
        _listed(out, taken.changed)
        told = tally(desk.cases().values(), {})
        out.print(t("\n".join(told.sentences()[:2]), ""), soft_wrap=True)
        return Exit.CLEAN
    err.print(plain(f"有 {len(taken.conflicts)} 处冲突，未导入任何内容；改正后重新导入：", "bold red"))
    _listed(err, [str(c) for c in taken.conflicts])
    return Exit.USAGE


def _listed(console: Console, lines: Sequence[str]) -> None:
    for line in lines[:MOST_SHOWN]:
        console.print(plain(f"  {line}", limit=400), soft_wrap=True)
    if len(lines) > MOST_SHOWN:
        console.print(plain(f"  ……另有 {len(lines) - MOST_SHOWN} 处"))


def _serve(desk: Desk, person: str, second: bool, port: int, *, show: bool) -> int:
    try:
        server = Server(Reviewer(desk, person, second), port)
    except (OSError, SystemExit) as error:
        raise AuditError(f"端口 {port} 被占用，请换一个 --port，或不指定。") from error
    stopping = threading.Thread(target=server.stop, daemon=True)

    def stop(number: int, frame: FrameType | None) -> None:
        if not stopping.is_alive() and stopping.ident is None:
            stopping.start()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        out.print(t("请在本机浏览器打开（地址含口令，勿转发）：", "Open on this machine:"))
        typer.echo(server.address)
        out.print(t("每条决定立即保存；结束请按 Ctrl+C。", "Ctrl+C to stop"))
        if show:
            webbrowser.open(server.address)
        server.serve()
    finally:
        server.close()
        for number, handler in before.items():
            signal.signal(number, handler)
    out.print(t("审核页面已关闭。", "closed"))
    return Exit.CLEAN
