"""`config init|lint|show` and `doctor`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from audit import clock
from audit.console import out, plain, t
from audit.doctor import Health, examine
from audit.errors import AuditError, Exit
from audit.jobs import district_of
from checks.standards import validate
from config.editions import load_standards_for
from config.errors import ConfigError
from config.init import write_template
from config.lint import lint
from config.load import builtin_districts, load_district

config_app = typer.Typer(help="区县配置：新建、检查、查看。", no_args_is_help=True)
MARKS = {"error": ("错误", "bold red"), "warning": ("注意", "yellow"), "hint": ("待填", "dim")}


def register(app: typer.Typer) -> None:
    config_app.command("init", help="在新文件夹中写出带说明的配置模板，供填写。")(init)
    config_app.command("lint", help="检查配置：错在哪个文件哪一行、应当是什么、已知有哪些。")(check)
    config_app.command("show", help="显示生效的配置；不给编号则列出内置区县。")(show)
    app.add_typer(config_app, name="config")
    app.command("doctor", help="开工前体检：域名能否解析、首页能否打开、浏览器和字体是否可用。")(doctor)


def init(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="新文件夹")]) -> int:
    try:
        written = write_template(folder)
    except FileExistsError as error:
        raise AuditError(f"{folder} 已存在且不为空，未写入任何文件。请换一个新文件夹。") from error
    except OSError as error:
        raise AuditError(f"无法写入 {folder}：{error.strerror or error}。") from error
    for path in written:
        out.print(plain(str(path), limit=500))
    out.print(t(f"请填写后运行：govaudit config lint {folder}", f"next: govaudit config lint {folder}"))
    return Exit.CLEAN


def check(
    district: Annotated[str, typer.Argument(metavar="DISTRICT", help="内置区县编号或配置文件夹")],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> int:
    try:
        loaded = load_district(district)
        standards = load_standards_for(loaded)
        problems = list(lint(loaded, standards, clock.now().date()))
    except ConfigError as error:
        problems = list(error.problems)
        standards, loaded = (), None
    rows = [(str(p.level.value), p.file, p.where, f"应为{p.expected}；实为{p.got}", p.known) for p in problems]
    if loaded is not None:
        for standard in standards:
            rows += [("error", p.file, p.where, p.message, p.known) for p in validate(standard, loaded)]
    rows = list(dict.fromkeys(rows))
    if as_json:
        keys = ("level", "file", "where", "message", "known")
        out.print_json(json.dumps([dict(zip(keys, r, strict=True)) for r in rows], ensure_ascii=False))
    else:
        for level, file, where, message, known in rows:
            mark, style = MARKS.get(level, (level, ""))
            near = f"（已知：{'、'.join(known)}）" if known else ""
            out.print(plain(f"{mark}  {file}  {where}  {message}{near}", style, 1000), soft_wrap=True)
        errors = sum(r[0] == "error" for r in rows)
        hints = sum(r[0] == "hint" for r in rows)
        out.print(t(f"{errors} 处错误，{len(rows) - errors - hints} 处注意，{hints} 处待办公室填写。", ""))
    return Exit.USAGE if any(r[0] == "error" for r in rows) else Exit.CLEAN


def show(
    district: Annotated[str, typer.Argument(metavar="[DISTRICT]", help="内置区县编号或配置文件夹")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> int:
    if not district:
        for name in builtin_districts():
            loaded = load_district(name)
            out.print(plain(f"{name}  {loaded.full_name}  {len(loaded.units)} 个单位"))
        return Exit.CLEAN
    loaded = load_district(district)
    if as_json:
        out.print_json(loaded.model_dump_json())
        return Exit.CLEAN
    table = Table(title=f"{loaded.full_name}（{loaded.id}）", title_justify="left")
    table.add_column("单位")
    table.add_column("分组")
    table.add_column("参评")
    table.add_column("栏目", justify="right")
    for unit in loaded.units:
        owned = sum(loaded.owner_of(c) == unit.unit_id for c in loaded.columns)
        mark = {True: "是", False: "否", None: "待定"}[unit.scored]
        table.add_row(unit.name, str(unit.group), mark, str(owned))
    out.print(table)
    for standard in load_standards_for(loaded):
        count = len(standard.indicators)
        out.print(plain(f"标准 {standard.id}：{standard.title}（{standard.edition}），{count} 项指标"))
    crawl = loaded.crawl
    out.print(plain(f"首页 {loaded.site.home}；每主机每秒不超过 {crawl.rate} 次请求；最多 {crawl.max_pages} 页"))
    return Exit.CLEAN


def doctor(
    district: Annotated[str, typer.Argument(metavar="DISTRICT", help="内置区县编号或配置文件夹")],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> int:
    with district_of(district) as loaded:
        results = examine(loaded)
    if as_json:
        body = [{"name": h.name, "state": h.state, "detail": h.detail} for h in results]
        out.print_json(json.dumps(body, ensure_ascii=False))
    else:
        styles = {Health.GOOD: "green", Health.WARN: "yellow", Health.BAD: "bold red"}
        for item in results:
            out.print(plain(f"{item.state}  {item.name}：{item.detail}", styles[item.state], 600), soft_wrap=True)
    if any(h.state is Health.BAD for h in results):
        return Exit.NO_VERDICT
    return Exit.CLEAN
