"""`impact`: what a crawl cost the site, host by host, for the office and for the site's operator who asks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.table import Table

from audit.commands.round import AsJson, Data, DistrictArg, Round
from audit.console import out, t
from audit.errors import AuditError, Exit
from audit.files import write_atomic
from audit.jobs import Wish, make_job
from audit.paths import OBSERVATIONS
from checks.snapshot import SHANGHAI
from config.district import District
from config.load import load_district
from crawler.browser.traffic import HostTraffic, kept_traffic
from crawler.impact import SHARE, measured
from crawler.probelog import PROBES, ProbeLog
from crawler.store import ObservationStore
from crawler.urls import host_of

WATCHED = timedelta(days=7)  # before a crawl, that its availability is judged by
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
    job = make_job(Wish(district, "", round_id, data), loaded)
    paths = job.paths
    if not paths.observations.exists():
        raise AuditError(f"没有采集数据：{paths.observations}。请先运行 govaudit crawl 或 govaudit run。")
    crawl = _cost(paths.observations)
    span = [_local(at) for at in crawl.span]
    again = [_cost(p) for p in sorted((paths.folder.parent / "recheck").glob(f"{job.round_id}-*/{OBSERVATIONS}"))]
    probed = _probed(paths.folder.parent / PROBES, crawl.span)
    rows = _rows(loaded, crawl, again, probed)
    if html is not None:
        write_atomic(html, _page(loaded, paths.folder.name, span, rows).encode())
    if as_json:
        rechecks = [{"snapshot": c.name, **c.as_json()} for c in again]
        body: dict[str, Any] = {
            "started": span[0], "ended": span[1], **crawl.as_json(), "rechecks": rechecks, "probes": probed,
        }  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class Cost:
    """What one snapshot cost, by host: the crawl's requests, and what the browser asked beside them."""

    name: str
    span: tuple[str, str]
    hosts: dict[str, dict[str, float]]
    browser: dict[str, HostTraffic]

    def as_json(self) -> dict[str, Any]:
        return {"hosts": self.hosts, "browser": msgspec.to_builtins(self.browser)}


def _cost(path: Path) -> Cost:
    with ObservationStore(path, readonly=True) as store:
        return Cost(path.parent.name, store.span(), measured(store), kept_traffic(store))


def _probed(log: Path, span: tuple[str, str]) -> dict[str, int]:
    """Availability probes by host, since the days before the crawl that a judgement looks at."""
    if not log.exists() or not span[0]:
        return {}
    first, last = (datetime.fromisoformat(at) for at in span)
    with ProbeLog(log) as probes:
        return dict(Counter(host_of(row.url) for row in probes.between(first - WATCHED, last)))


def _rows(district: District, crawl: Cost, again: list[Cost], probed: dict[str, int]) -> list[tuple[str, ...]]:
    """One line per host and purpose, the lines of a host together."""
    lines: list[tuple[str, int, tuple[str, ...]]] = []
    for n, cost in enumerate([crawl, *again]):
        word = f"复查{cost.name.rpartition('-')[2]}" if n else ""
        for host, found in cost.hosts.items():
            label = f"{host}（{word}）" if word else host
            lines.append((host, 2 * n, _row(label, found, f"{_rate(district, host):g}次")))
        for host, seen in cost.browser.items():
            label = f"{host}（{word}浏览器）"
            lines.append((host, 2 * n + 1, _row(label, {**msgspec.to_builtins(seen), "busy": -1}, "–")))
    for host, count in probed.items():
        lines.append((host, 1_000, (f"{host}（可用性探测）", str(count), "–", "–", "–", "–", "–")))
    return [row for *_, row in sorted(lines)]


def _row(label: str, found: Mapping[str, float], rate: str) -> tuple[str, ...]:
    size = f"{found['bytes'] / 1_000_000:.1f}"
    times = (f"{found['first_ms']:.0f}", f"{found['last_ms']:.0f}")
    busy = f"{found['busy']:.0f}" if found["busy"] >= 0 else "–"
    return (label, f"{found['requests']:.0f}", size, busy, *times, rate)


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
        f"</table><p>响应时间为各主机前、后各{SHARE:.0%}请求的平均值。"
        "浏览器的请求另列一行，在本机出口处计数：加密连接内同时发出的几个请求可能计为一次，响应时间算到第一个字节。"
        f"可用性探测列采集结束前{WATCHED.days}天内的次数。</p></body></html>"
    )
