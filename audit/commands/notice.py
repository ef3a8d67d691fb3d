"""`notice`: the interview (约谈) pack of the units an office names. Never made by a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from audit.commands.run import AsOf, Data, DistrictArg, Out, Round
from audit.console import err, out, plain, t
from audit.errors import AuditError, Exit
from audit.files import add_to_pack
from audit.jobs import Wish, district_of, make_job
from audit.judgements import load
from audit.stages import Job
from audit.view import round_view
from crawler.browser.finder import BrowserMissing, find_browser
from crawler.browser.pdf import print_pdf
from crawler.derive.snapshot import StoredSnapshot
from reports.interview.pages import UnknownUnit, build_yuetan

Unit = Annotated[list[str], typer.Option("--unit", help="被约谈单位的编号（units.csv 的 unit_id），可写多次")]
Ground = Annotated[str, typer.Option("--ground", help="约谈事由及批准依据，照写入材料；不写则留空待填")]
NoPdf = Annotated[bool, typer.Option("--no-pdf", help="不生成 PDF")]

FOLDER = "yuetan"


def register(app: typer.Typer) -> None:
    app.command("notice", help="生成指定单位的约谈材料（通知、报告、清单、反馈表、承诺书）；不会自动生成。")(notice)


def notice(
    district: DistrictArg,
    unit: Unit,
    ground: Ground = "",
    as_of: AsOf = "",
    round_id: Round = "",
    out_dir: Out = None,
    data: Data = None,
    no_pdf: NoPdf = False,
) -> int:
    with district_of(district, serve=False) as loaded:
        job = make_job(Wish(district, as_of, round_id, data), loaded)
        target = (out_dir or job.paths.reports) / FOLDER
        files = dict(_packs(job, tuple(dict.fromkeys(unit)), ground))
        add_to_pack(target, files.items())
        if not no_pdf:
            files |= _papers(job, target, [n for n in files if n.endswith(".html")])
    for name in sorted(files):
        out.print(str((target / name).resolve()), soft_wrap=True)
    return Exit.CLEAN


def _packs(job: Job, units: tuple[str, ...], ground: str) -> Iterator[tuple[str, bytes]]:
    """Files of the packs, named relative to the folder of packs."""
    judgement = load(job.paths.judgement)
    if judgement.district_hash != job.district.config_hash:
        raise AuditError("区县配置在判定之后有改动：请先运行 govaudit judge，再生成约谈材料。")
    with StoredSnapshot(job.paths.folder, job.district, job.as_of) as snapshot:
        view = round_view(job.district, job.standards, judgement, snapshot)
        try:
            for name, content in build_yuetan(view, units, ground):
                yield name.removeprefix(f"{FOLDER}/"), content
        except UnknownUnit as error:
            raise AuditError(str(error)) from error


def _papers(job: Job, target: Path, names: list[str]) -> dict[str, bytes]:
    """The PDF twins of the HTML papers; without a browser the HTML is enough and a note says so."""
    try:
        program = find_browser(job.district.browser.executable)
        made = print_pdf([target / name for name in names], program, job.as_of)
    except BrowserMissing as error:
        err.print(plain(t(f"! 未生成 PDF：{error}", f"! no PDF: {error}"), "yellow", 600))
        return {}
    papers = {f"{name.removesuffix('.html')}.pdf": data for name, data in zip(names, made, strict=True)}
    add_to_pack(target, papers.items())
    return papers
