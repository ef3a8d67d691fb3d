"""`ledger merge`: the sheets units sent back, into the office's ledger."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from audit import clock
from audit.console import out, plain, t
from audit.errors import AuditError, Exit
from audit.files import write_atomic
from reports.returns import Merged, NotALedger, Trouble, merge

app = typer.Typer(help="整改台账。", no_args_is_help=True)

LedgerArg = Annotated[Path, typer.Argument(metavar="LEDGER", help="办公室的整改台账.xlsx")]
Returned = Annotated[list[Path], typer.Argument(metavar="RETURNED…", help="各单位交回的整改表")]
Target = Annotated[Path | None, typer.Option("--out", help="合并后的台账；默认在台账旁另存，不改原文件")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="与台账不一致时以交回的为准（仍记入变更日志）")]
Json = Annotated[bool, typer.Option("--json", help="结果按 JSON 输出")]


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="ledger")


@app.command("merge", help="按问题编号合并各单位交回的整改表，只取第20至24列；冲突和不能识别的行逐条列出。")
def merge_command(
    ledger: LedgerArg,
    returned: Returned,
    target: Target = None,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> int:
    target = target or ledger.with_name(f"{ledger.stem}-合并.xlsx")
    if target.resolve() in {p.resolve() for p in returned}:
        raise AuditError(f"--out {target} 是一份交回的表，不能覆盖。请另选文件名。")
    try:
        files = [(path.name, _read(path)) for path in returned]
        merged = merge(_read(ledger), files, clock.now(), overwrite=overwrite)
    except NotALedger as error:
        raise AuditError(f"{ledger}：{error}。") from error
    write_atomic(target, merged.data)
    if as_json:
        typer.echo(json.dumps(_document(merged, target), ensure_ascii=False, indent=1))
    else:
        _show(merged, target)
    return Exit.FINDINGS if merged.conflicts or merged.refused else Exit.CLEAN


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AuditError(f"无法读取 {path}：{error.strerror or error}。") from error


def _document(merged: Merged, target: Path) -> dict[str, object]:
    def rows(troubles: Sequence[Trouble]) -> list[dict[str, str]]:
        return [{"file": x.source, "place": x.place, "number": x.number, "why": x.why} for x in troubles]

    changes = [
        {"file": c.source, "number": c.number, "field": c.field, "old": _plain(c.old), "new": _plain(c.new)}
        for c in merged.changes
    ]
    return {"out": str(target), "changes": changes, "unchanged": merged.same, "conflicts": rows(merged.conflicts),
            "refused": rows(merged.refused)}  # fmt: skip


def _plain(value: object) -> str | None:
    return None if value is None else str(value)


def _show(merged: Merged, target: Path) -> None:
    out.print(t(f"已合并{len(merged.changes)}格，未变{merged.same}格：", "Merged: ") + str(target), soft_wrap=True)
    show_troubles((("冲突（保留原值）", merged.conflicts), ("未接受", merged.refused)))


def show_troubles(groups: Sequence[tuple[str, Sequence[Trouble]]]) -> None:
    """What was not taken from returned sheets, by file and cell."""
    for title, troubles in groups:
        if troubles:
            table = Table(title=f"{title}：{len(troubles)}处", title_justify="left")
            for name in ("文件", "位置", "问题编号", "原因"):
                table.add_column(name, overflow="fold")
            for x in troubles:
                table.add_row(plain(x.source), x.place, plain(x.number), plain(x.why))
            out.print(table)
