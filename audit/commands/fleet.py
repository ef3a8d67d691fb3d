"""`fleet`: audit many districts, on this machine or on a cluster."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from audit import clock, fleet
from audit.console import err, out, plain, t
from audit.errors import Exit
from audit.fleet import Result
from audit.fleet_cluster import run_on_cluster
from audit.jobs import parse_moment
from audit.paths import data_root, snapshot_paths

CORES = min(os.cpu_count() or 1, 64)
STATES: dict[int, str] = {
    Exit.CLEAN: "完成，没有不合格项",
    Exit.FINDINGS: "完成",
    Exit.USAGE: "未开始：配置或参数有误",
    Exit.NO_VERDICT: "采集不足以作出判定",
    Exit.INTERNAL: "中断或出错，重新运行即续做",
}


def register(app: typer.Typer) -> None:
    app.command("fleet", help="一次检查许多区县：本机并行，或交给 Dask 集群；中断后再运行即续做。")(run_fleet)


def run_fleet(
    districts: Annotated[list[str], typer.Argument(metavar="FOLDER…", help="区县配置文件夹，或装有许多区县的文件夹")],
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹；集群各节点须能以同一路径读写")] = None,
    round_id: Annotated[str, typer.Option("--round", help="轮次，例如 2026Q3；默认当前季度")] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="判定时点；默认各自的采集时刻")] = "",
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64, help="本机同时检查几个区县；默认处理器核数")] = CORES,
    scheduler: Annotated[str, typer.Option("--scheduler", help="Dask 调度器地址，例如 tcp://10.0.0.1:8786")] = "",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="不做浏览器检查")] = False,
) -> int:
    moment = parse_moment(as_of) if as_of else clock.now()
    root, wanted = data_root(data), round_id or clock.quarter_of(moment)
    snapshot_paths(root, "fleet", wanted)  # refuses a round name that cannot be a folder
    tasks, refused = fleet.plan(fleet.expand(districts), root, wanted, as_of, browser=not no_browser)

    def told(result: Result) -> None:
        err.print(plain(f"· {result.task.name}：{_state(result)}（{result.seconds:.0f} 秒）"), style="dim")

    done = run_on_cluster(tasks, scheduler, told) if scheduler else fleet.run_here(tasks, jobs, told)
    results = [*refused, *fleet.in_order(tasks, done)]
    _show(results, wanted)
    return fleet.worst(results)


def _state(result: Result) -> str:
    return STATES.get(result.code, STATES[Exit.INTERNAL])


def _show(results: list[Result], round_id: str) -> None:
    table = Table(title=t(f"{round_id} 共 {len(results)} 个区县", f"{round_id}"), title_justify="left")
    for name in (t("区县", "district"), t("结果", "result"), t("用时（秒）", "seconds"), t("输出", "output")):
        table.add_column(name, overflow="fold")
    for result in results:
        task = result.task
        folder = snapshot_paths(Path(task.data), task.district, task.round_id).reports if result.finished else ""
        table.add_row(plain(task.name), _state(result), f"{result.seconds:.0f}", str(folder))
    out.print(table)
    for result in results:
        if not result.finished:
            err.print(plain(f"{result.task.name}：{result.said}", "yellow", fleet.KEPT_WORDS))
