"""`demo`: serve the bundled demonstration district on loopback and audit it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audit.commands import run as run_command
from audit.demo.__main__ import main as serve
from audit.errors import Exit

DEMO = "demo"


def register(app: typer.Typer) -> None:
    app.command("demo", help="在本机演示：启动内置的示范区网站，完成一次完整检查并出报告。")(demo)


def demo(
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹；默认 $GOVAUDIT_DATA 或 ./var")] = None,
    out_dir: Annotated[Path | None, typer.Option("--out", help="报告输出文件夹")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="重新采集")] = False,
    serve_only: Annotated[bool, typer.Option("--serve", help="只启动示范网站，不检查；按 Ctrl-C 结束")] = False,
) -> int:
    """The demonstration has planted faults, so findings are its success: exit code 0 unless something broke."""
    if serve_only:
        serve()
        return Exit.CLEAN
    code = run_command.run(DEMO, out_dir=out_dir, data=data, fresh=fresh)
    return Exit.CLEAN if code == Exit.FINDINGS else code
