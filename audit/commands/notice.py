"""`notice`: the interview (约谈) pack of the units an office names. Never made by a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from audit.commands.round import HistoryUrl
from audit.commands.run import AsOf, Data, DistrictArg, Out, Round
from audit.console import err, out, plain, t
from audit.errors import AuditError, Exit
from audit.files import add_to_pack, quoting
from audit.jobs import Wish, district_of, make_job
from audit.judgements import StoredJudgement, load
from audit.paths import YUETAN, data_root
from audit.rounds.result import Sealed, counted_view, newest_round, sealed
from audit.stages import Job
from config.district import District
from crawler.browser.finder import BrowserMissing, find_browser
from crawler.browser.pdf import print_pdf
from reports.interview.pages import UnknownUnit, build_yuetan

Unit = Annotated[list[str], typer.Option("--unit", help="被约谈单位的编号（units.csv 的 unit_id），可写多次")]
Ground = Annotated[
    str, typer.Option("--ground", help="约谈事由及批准依据，照写入材料；不写则取已登记的约谈建议，没有建议的留空待填")
]
NoPdf = Annotated[bool, typer.Option("--no-pdf", help="不生成 PDF")]


def register(app: typer.Typer) -> None:
    app.command("notice", help="生成指定单位的约谈材料（通知、报告、清单、反馈表、承诺书）；不会自动生成。")(notice)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the figures come from: the sealed result of the round, or the machine's judgement as a draft."""

    job: Job
    result: Sealed | None
    ground: str
    units: tuple[str, ...]


def notice(
    district: DistrictArg,
    unit: Unit,
    ground: Ground = "",
    as_of: AsOf = "",
    round_id: Round = "",
    out_dir: Out = None,
    data: Data = None,
    history: HistoryUrl = "",
    no_pdf: NoPdf = False,
) -> int:
    units = tuple(dict.fromkeys(unit))
    with district_of(district, serve=False) as loaded:
        wanted = round_id or ("" if as_of else newest_round(data_root(data), history, loaded.id))
        job = make_job(Wish(district, as_of, wanted, data), loaded)
        source = Source(job, sealed(district, job.round_id, data_root(data), history, units), ground, units)
        _tell(source, loaded)
        target = (out_dir / YUETAN) if out_dir else job.paths.folder / YUETAN
        files = dict(_packs(source))
        of = quoting(_judgement(source).digest, sealed=source.result is not None)
        add_to_pack(target, files.items(), of)
        if not no_pdf:
            files |= _papers(source, target, [n for n in files if n.endswith(".html")], of)
    for name in sorted(files):
        out.print(str((target / name).resolve()), soft_wrap=True)
    return Exit.CLEAN


def _tell(source: Source, district: District) -> None:
    """Say on which result the papers rest, and what still stands in the way of sending them."""
    result = source.result
    if result is None:
        err.print(
            plain(t("· 本轮尚未冻结：材料按机器初判生成，每页标“草稿”，不能发出。", "· draft: not frozen"), "yellow")
        )
        return
    err.print(plain(t(f"· 依据已封存的结果 {result.folder}。", f"· sealed result {result.folder}"), "dim"))
    for unit in source.units:
        known = district.unit(unit)
        name = known.name_short if known else unit
        for line in result.account.get(unit, ()):
            err.print(plain(t(f"· {name}：{line}", f"· {unit}"), "dim", 600), soft_wrap=True)
        mine = [f.identity for f in result.judgement.findings if f.unit == unit and f.identity in result.appealed]
        if mine:
            said = f"! {name}有 {len(set(mine))} 个问题的申诉尚未决定，未列入材料；请在决定之后再约谈。"
            err.print(plain(t(said, f"! {unit}: appeals pending"), "yellow", 600))
        if unit in result.single:
            said = (
                f"! {name}有 {result.single[unit]} 个问题只有一人确认；发出通知前须由第二人复核"
                f"（govaudit interview second）。"
            )
            err.print(plain(t(said, f"! {unit}: confirmed by one person only"), "yellow", 600))


def _judgement(source: Source) -> StoredJudgement:
    return source.result.judgement if source.result else load(source.job.paths.judgement)


def _packs(source: Source) -> Iterator[tuple[str, bytes]]:
    """Files of the packs, named relative to the folder of packs."""
    with counted_view(source.job, source.result) as view:
        try:
            for name, content in build_yuetan(view, source.units, _grounds(source)):
                yield name.removeprefix(f"{YUETAN}/"), content
        except UnknownUnit as error:
            raise AuditError(str(error)) from error


def _grounds(source: Source) -> dict[str, str]:
    """The office's own words, else those of the recorded proposal, else blank: a field to fill."""
    known = source.result.grounds if source.result else {}
    return {unit: source.ground or known.get(unit, "") for unit in source.units}


def _papers(source: Source, target: Path, names: list[str], of: str) -> dict[str, bytes]:
    """The PDF twins of the HTML papers; without a browser the HTML is enough and a note says so."""
    try:
        program = find_browser(source.job.district.browser.executable)
        made = print_pdf([target / name for name in names], program, _judgement(source).as_of)
    except BrowserMissing as error:
        err.print(plain(t(f"! 未生成 PDF：{error}", f"! no PDF: {error}"), "yellow", 600))
        return {}
    papers = {f"{name.removesuffix('.html')}.pdf": data for name, data in zip(names, made, strict=True)}
    add_to_pack(target, papers.items(), of)
    return papers
