"""`probe`: sample the availability of the home page over a week, and say how it stands."""

from __future__ import annotations

import json
import signal
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from audit import clock
from audit.availability import Standing, limits_of, standing_of
from audit.console import out, plain, t
from audit.errors import AuditError, Exit
from audit.jobs import district_of
from audit.paths import data_root
from checks.snapshot import SHANGHAI
from config.district import District
from config.editions import load_standards_for
from crawler.probe import Sampler
from crawler.probelog import PROBES, ProbeLog, ProbeRow


def register(app: typer.Typer) -> None:
    app.command("probe", help="可用性探测：按间隔打开首页并记录，满一周后用于判定“站点无法访问”。")(probe)


def probe(
    district: Annotated[str, typer.Argument(metavar="DISTRICT", help="内置区县编号或配置文件夹")],
    once: Annotated[bool, typer.Option("--once", help="只在到期时探测一次，供 cron 每小时调用")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="持续运行，到期即探测；SIGTERM 或 Ctrl-C 结束")] = False,
    at_once: Annotated[bool, typer.Option("--now", help="不等间隔，立即探测一次")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹；默认 $GOVAUDIT_DATA 或 ./var")] = None,
) -> int:
    """Without --once, --watch or --now nothing is asked: the record so far is shown."""
    if watch and (once or at_once):
        raise AuditError("--watch 会自行按间隔探测，不能与 --once、--now 同用。")
    reaches = once or watch or at_once
    with district_of(district, serve=reaches) as loaded:
        limits = limits_of(loaded, load_standards_for(loaded))
        with ProbeLog(data_root(data) / loaded.id / PROBES) as log:
            sampler = Sampler(loaded, log, float(limits.timeout_s))
            if watch:
                _watch(sampler)
                return Exit.CLEAN
            row = sampler.probe(at_once=at_once) if reaches else None
            standing = standing_of(log.recent(clock.now(), limits.days), limits, clock.now())
            if as_json:
                found = {"probe": asdict(row) if row else None, "due_at": _due(sampler), "standing": asdict(standing)}
                out.print_json(json.dumps(found, ensure_ascii=False, default=str))
            elif reaches:
                out.print(
                    plain(_line(row) if row else t(f"未到间隔，下次探测 {_due(sampler)}", "not due")), soft_wrap=True
                )
            else:
                _show(loaded, standing)
    return Exit.FINDINGS if standing.state == "failed" and not reaches else Exit.CLEAN


def _due(sampler: Sampler) -> str:
    return max(sampler.due_at(), clock.now()).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _watch(sampler: Sampler) -> None:
    """Until SIGTERM or Ctrl-C; a probe in hand is finished and written down first."""
    stopped = threading.Event()
    before = {s: signal.signal(s, lambda *_: stopped.set()) for s in (signal.SIGTERM, signal.SIGINT)}
    try:
        sampler.watch(stopped.wait, lambda row: out.print(plain(_line(row))))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _line(row: ProbeRow) -> str:
    at = row.moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    if row.ok:
        return t(f"{at}  正常打开  {row.elapsed_ms} 毫秒", f"{at}  open  {row.elapsed_ms} ms")
    why = f"{row.outcome.chinese}；{row.detail}" if row.detail else row.outcome.chinese
    if row.control is False:
        return t(f"{at}  未打开（{why}）；对照网址同时不通，属本机网络原因，不计", f"{at}  own outage")
    if not row.counts:
        return t(f"{at}  未能判断（{why}），不计", f"{at}  not counted")
    return t(f"{at}  未打开（{why}）", f"{at}  failed: {row.outcome}")


_STATES = {
    "failed": ("达到不合格比例", "bold red"),
    "amber": ("已过提示线", "yellow"),
    "passed": ("正常", "green"),
    "short": ("次数不足，尚不能判定", "yellow"),
}


def _show(district: District, standing: Standing) -> None:
    table = Table(
        title=t(f"{district.name} 首页可用性（{district.site.home}）", "Availability"), title_justify="left"
    )
    for name in ("日期", "探测", "未打开", "本机原因", "未能判断", "最慢（毫秒）"):
        table.add_column(name, justify="left" if name == "日期" else "right")
    for day in standing.days:
        counts = (day.counted, day.failed, day.own, day.unclear, day.slowest_ms)
        table.add_row(day.day, *(str(n) for n in counts))
    out.print(table)
    label, style = _STATES[standing.state]
    share = "—" if standing.share is None else f"{standing.share:.1f}%"
    text = (
        f"{label}：有效探测 {standing.counted} 次（应有 {standing.need} 次），未打开 {standing.failed} 次，占 {share}"
    )
    out.print(
        plain(f"{text}，提示线 {standing.amber_share:g}%，不合格 {standing.fail_share:g}%。", style), soft_wrap=True
    )
    if standing.state == "short":
        name = district.source or district.id
        advice = f"请每小时调用一次 govaudit probe {name} --once（cron），或长期运行 --watch，连续七天后再检查。"
        out.print(plain(advice), soft_wrap=True)
