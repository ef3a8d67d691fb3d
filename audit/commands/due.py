"""`due` and `schedule`: what is due now, and a process that sees to it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from audit.commands.round import AsJson, Data, DistrictArg, HistoryUrl, Round
from audit.console import out, plain, t
from audit.errors import Exit
from audit.history.lock import district_lock
from audit.history.store import history_url
from audit.paths import data_root
from audit.rounds.config import load_workflow
from audit.rounds.desk import open_desk
from audit.rounds.due import tasks
from audit.schedule import Scheduler, until_signal
from config.load import load_district


def register(app: typer.Typer) -> None:
    app.command("due", help="现在该做什么；--run 则执行其中可无人值守的（供 cron、systemd 调用）。")(due)
    app.command("schedule", help="常驻计划任务：探测、每周更新巡查、到期复查；SIGTERM 结束。")(schedule)


def due(
    district: DistrictArg,
    run: Annotated[bool, typer.Option("--run", help="执行可无人值守的任务")] = False,
    round_id: Round = "",
    data: Data = None,
    history: HistoryUrl = "",
    as_json: AsJson = False,
) -> int:
    with open_desk(district, round_id, data, history) as desk:
        found = tasks(desk)
    if as_json:
        out.print_json(json.dumps([asdict(task) for task in found], ensure_ascii=False))
    elif not found:
        out.print(t("目前没有到期的事项。", "nothing is due"))
    else:
        for task in found:
            mark = t("可自动", "auto") if task.machine else t("须人办", "person")
            out.print(plain(f"{mark}  {task.what}（{task.since}）  govaudit {' '.join(task.command)}", "", 300))
    if not run:
        return Exit.CLEAN
    worst = 0
    for task in found:
        if task.machine:
            words = [*task.command, *(("--data", str(data)) if data else ())]
            words += ["--history", history] if history and task.command[0] == "recheck" else []
            done = subprocess.run([sys.executable, "-c", "from audit.cli import main; main()", *words], check=False)
            code = done.returncode
            worst = max(worst, code if code != Exit.FINDINGS else 0)
    return worst


def schedule(
    district: DistrictArg,
    data: Data = None,
    history: HistoryUrl = "",
    show: Annotated[bool, typer.Option("--list", help="只列出已登记的任务和下次时间")] = False,
) -> int:
    loaded, workflow, root = load_district(district), load_workflow(district), data_root(data)
    with district_lock(root / loaded.id / ".scheduler", "govaudit schedule"), until_signal() as ended:
        scheduler = Scheduler(root, history_url(root, history))
        scheduler.start()
        try:
            scheduler.add(district, loaded.id, workflow.schedule)
            for job, when in scheduler.jobs():
                out.print(plain(f"{job}  下次 {when:%Y-%m-%d %H:%M}" if when else f"{job}  暂停"))
            if show:
                return Exit.CLEAN
            scheduler.resume()
            out.print(t("计划任务已启动；SIGTERM 或 Ctrl+C 结束。", "scheduler started"))
            ended.wait()
        finally:
            scheduler.stop()
    out.print(t("计划任务已停止。", "stopped"))
    return Exit.CLEAN
