"""`impact`: what a crawl cost the site, host by host, for the office and for the site's operator who asks."""

from __future__ import annotations

import json
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from audit.commands.round import AsJson, Data, DistrictArg, Round
from audit.console import out, t
from audit.errors import AuditError, Exit
from audit.files import write_atomic
from audit.jobs import Wish, make_job
from checks.snapshot import SHANGHAI
from config.district import District
from config.load import load_district
from crawler.impact import SHARE, measured
from crawler.store import ObservationStore

_HEAD = (
    "主机",
    "请求（次）",
    "接收（MB）",
    "拒绝或繁忙（次）",
    "开始时响应（毫秒）",
    "结束时响应（毫秒）",
    "每秒最多",
)
_STYLE = (
    "body{font:16px/1.7 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3em .6em;text-align:right}"
    "th:first-child,td:first-child{text-align:left}"
)


def register(app: typer.Typer) -> None:
    app.command("impact", help="采集对网站的影响：每台主机的请求数、流量、采集开始与结束时的响应时间。")(impact)


def impact(
    district: DistrictArg,
    round_id: Round = "",
    data: Data = None,
    html: Annotated[Path | None, typer.Option("--html", help="另存为网页（单个文件，可打印）")] = None,
    as_json: AsJson = False,
) -> int:
    loaded = load_district(district)
    paths = make_job(Wish(district, "", round_id, data), loaded).paths
    if not paths.observations.exists():
        raise AuditError(f"没有采集数据：{paths.observations}。请先运行 govaudit crawl 或 govaudit run。")
    with ObservationStore(paths.observations, readonly=True) as store:
        hosts, span = measured(store), [_local(at) for at in store.span()]
    rate = {host: f"{_rate(loaded, host):g}次" for host in hosts}
    rows = [_row(host, found, rate[host]) for host, found in hosts.items()]
    if html is not None:
        write_atomic(html, _page(loaded, paths.folder.name, span, rows).encode())
    if as_json:
        body: dict[str, Any] = {"started": span[0], "ended": span[1], "hosts": hosts}
        out.print_json(json.dumps(body, ensure_ascii=False))
        return Exit.CLEAN
    table = Table(box=None, padding=(0, 2))
    for n, name in enumerate(_HEAD):
        table.add_column(name, justify="right" if n else "left")
    for row in rows:
        table.add_row(*row)
    out.print(t(f"{loaded.name} {paths.folder.name}：{span[0]} 至 {span[1]}", f"{loaded.id}: {span[0]} – {span[1]}"))
    out.print(table)
    return Exit.CLEAN


def _rate(district: District, host: str) -> float:
    """Requests a second that this host was asked at most."""
    own = host in district.own_hosts() or host in district.resolve
    allowed = float(district.crawl.rate)
    return allowed if own else min(allowed, 1.0)


def _local(instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if instant else "–"


def _row(host: str, found: dict[str, float], rate: str) -> tuple[str, ...]:
    size = f"{found['bytes'] / 1_000_000:.1f}"
    times = (f"{found['first_ms']:.0f}", f"{found['last_ms']:.0f}")
    return (host, f"{found['requests']:.0f}", size, f"{found['busy']:.0f}", *times, rate)


def _page(district: District, round_id: str, span: list[str], rows: list[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEAD)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    title = f"{escape(district.name)}{escape(round_id)}采集影响说明"
    contact = f"联系方式：{escape(district.crawl.contact)}。" if district.crawl.contact else ""
    window = district.crawl.window
    hours = f"只在{window[0]}至{window[1]}采集。" if window else ""
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
        f"</head><body><h1>{title}</h1><p>采集时间：{span[0]}至{span[1]}（北京时间）。只发GET、HEAD请求，不提交表单、"
        f"不登录；变慢、报错、被限即退让。{hours}{contact}</p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
        f"</table><p>响应时间为各主机前、后各{SHARE:.0%}请求的平均值；浏览器检查的页面不计在内。</p></body></html>"
    )
