"""`pack`: the delivery pack of a round, as a folder and as a ZIP, encrypted on request."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audit.commands.round import HistoryUrl
from audit.commands.run import Data, DistrictArg, Out, Round
from audit.console import err, out, plain, t
from audit.errors import AuditError, Exit
from audit.files import write_pack
from audit.jobs import Wish, district_of, make_job
from audit.paths import data_root
from audit.rounds.delivery import Delivery, long_enough, zipped
from audit.rounds.result import counted_view, newest_round, sealed

Zip = Annotated[Path | None, typer.Option("--zip", help="另写一个 ZIP 文件，例如 round-2026Q3.zip")]
Encrypt = Annotated[bool, typer.Option("--encrypt", help="ZIP 用 AES-256 加密，运行时输入口令（不显示）")]
PasswordFile = Annotated[
    Path | None, typer.Option("--password-file", help="加密口令取自这个文件的第一行；口令从不写在命令行上")
]


def register(app: typer.Typer) -> None:
    app.command("pack", help="汇总一轮的交付材料：报告、约谈材料、复查、逐条证据；可另写（加密的）ZIP。不联网。")(
        pack
    )


def pack(
    district: DistrictArg,
    round_id: Round = "",
    out_dir: Out = None,
    zip_file: Zip = None,
    encrypt: Encrypt = False,
    password_file: PasswordFile = None,
    data: Data = None,
    history: HistoryUrl = "",
) -> int:
    if (encrypt or password_file) and zip_file is None:
        raise AuditError("加密只用于 ZIP：请同时给出 --zip 文件名。")
    password = _password(encrypt, password_file)
    long_enough(password)  # before anything is written
    with district_of(district, serve=False) as loaded:
        wanted = round_id or newest_round(data_root(data), history, loaded.id)
        job = make_job(Wish(district, "", wanted, data), loaded)
        result = sealed(district, job.round_id, data_root(data), history, ())
        if result is None:
            said = "! 本轮尚未冻结：材料为机器初判，每页有标记，只供内部核对。"
            err.print(plain(t(said, "! the round is not frozen"), "yellow"))
        folder = out_dir or job.paths.folder / "pack" / f"round-{job.round_id}"
        with counted_view(job, result) as view:
            names = write_pack(folder, Delivery(job, view, result).files())
    out.print(plain(t(f"{folder}：{len(names)} 个文件", f"{folder}: {len(names)} files"), limit=600), soft_wrap=True)
    if zip_file is not None:
        every = sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
        inside = ((f"{folder.name}/{p.relative_to(folder).as_posix()}", p.read_bytes()) for p in every)
        zipped(zip_file, inside, password)
        kind = (
            t("AES-256 加密；文件名不加密", "AES-256, names are not encrypted") if password else t("未加密", "open")
        )
        out.print(plain(f"{zip_file}（{kind}）", limit=600), soft_wrap=True)
    return Exit.CLEAN


def _password(encrypt: bool, file: Path | None) -> str:
    """The password from a file or from the keyboard; blank when nothing is to be encrypted."""
    if file is not None:
        try:
            word = file.read_text("utf-8").splitlines()[0].strip() if file.stat().st_size else ""
        except (OSError, UnicodeDecodeError) as error:
            raise AuditError(f"无法读取口令文件 {file}。") from error
        if not word:
            raise AuditError(f"口令文件 {file} 的第一行是空的。")
        return word
    if encrypt:
        return str(typer.prompt(t("口令", "password"), hide_input=True, confirmation_prompt=True, err=True))
    return ""
