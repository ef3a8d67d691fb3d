"""`verify`: do stored observations and report packs still say what they said."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audit.console import out, plain, t
from audit.errors import AuditError, Exit
from audit.evidence.chain import STAMP, chain_problems, is_chained
from audit.files import MANIFEST, changed
from audit.judgements import altered
from audit.paths import JUDGEMENT, OBSERVATIONS
from audit.rounds.sealed import against_history, pruned
from checks.snapshot import SHANGHAI
from crawler.derive import vouched
from crawler.derive.store import FACTS
from crawler.seal import verify as verify_store
from crawler.timestamp import StampError, read_stamp


def register(app: typer.Typer) -> None:
    app.command("verify", help="核对快照、报告或证据文件夹：封存后是否有改动。不联网。")(verify)


def verify(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="快照、报告或证据文件夹")],
    tsa_root: Annotated[Path | None, typer.Option("--tsa-root", help="时间戳服务的根证书（PEM）")] = None,
    history: Annotated[str, typer.Option("--history", help="历史数据库地址；默认在数据文件夹中查找")] = "",
) -> int:
    if not folder.is_dir():
        raise AuditError(f"{folder} 不是文件夹。请给出数据文件夹中的一个轮次，或一个报告文件夹。")
    problems: list[str] = []
    looked = 0
    if (folder / OBSERVATIONS).exists():
        looked += 1
        gone = pruned(folder)
        problems += [
            str(p) for p in verify_store(folder / OBSERVATIONS) if not any(p == f"缺少内容 {body}…" for body in gone)
        ]
    if vouched.altered(folder):
        what = "提取结果（缓存，不是证据）在写入之后被改动"
        problems.append(f"{folder / FACTS}：{what}；重新运行 govaudit judge 会丢弃它，从封存的网页重新提取")
    if (folder / JUDGEMENT).exists():
        looked += 1
        problems += [altered(folder / JUDGEMENT)] if altered(folder / JUDGEMENT) else []
    for manifest in sorted(folder.glob(f"**/{MANIFEST}")):
        looked += 1
        problems += changed(manifest.parent) + against_history(manifest.parent, history)
        problems += chain_problems(manifest) if is_chained(manifest) else []
        problems += _verify_stamp(manifest, tsa_root)
    if not looked:
        raise AuditError(f"{folder} 中既没有 {OBSERVATIONS}，也没有 {MANIFEST}，没有可核对的内容。")
    for problem in problems:
        out.print(plain(problem, "bold red", 600), soft_wrap=True)
    if not problems:
        out.print(t(f"核对一致，没有改动（{looked} 份清单或数据）。", f"verified {looked}: nothing was altered."))
    return Exit.FINDINGS if problems else Exit.CLEAN


def _verify_stamp(manifest: Path, root: Path | None) -> list[str]:
    stamp = manifest.with_name(STAMP)
    if not stamp.is_file():
        return []
    try:
        found = read_stamp(manifest.read_bytes(), stamp.read_bytes(), root)
    except StampError as error:
        return [f"{stamp}：{error}"]
    signed = (
        t("签名已验证", "signature verified")
        if found.trusted
        else t("未给根证书，签名未验证", "signature not followed")
    )
    out.print(
        plain(t(f"时间戳 {found.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}（{signed}）", f"{found.at} ({signed})"))
    )
    return []
