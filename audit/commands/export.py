"""`export`: the proof behind the findings of a round, for archives, replay tools and other evaluators."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

from audit.commands.run import AsOf, Data, DistrictArg, Round
from audit.console import out, plain, t
from audit.errors import AuditError, Exit
from audit.evidence.chain import STAMP, chained
from audit.evidence.cited import Cited, cases
from audit.evidence.earl import earl
from audit.evidence.pack import files
from audit.evidence.warc import write_warc
from audit.files import MANIFEST, write_atomic, write_pack
from audit.jobs import Wish, district_of, make_job
from audit.judgements import StoredJudgement, load
from audit.stages import Job
from checks.snapshot import SHANGHAI
from crawler.derive.snapshot import StoredSnapshot
from crawler.store import ObservationStore
from crawler.timestamp import StampError, read_stamp, request_stamp
from crawler.version import user_agent


def register(app: typer.Typer) -> None:
    app.command("export", help="导出证据：WARC 存档、EARL 无障碍结果、逐条问题的证据文件夹。不联网。")(export)


def export(
    district: DistrictArg,
    warc: Annotated[Path | None, typer.Option("--warc", help="问题所引用记录的 WARC 文件，例如 证据.warc.gz")] = None,
    earl_file: Annotated[Path | None, typer.Option("--earl", help="无障碍结果，EARL（JSON-LD）")] = None,
    evidence: Annotated[Path | None, typer.Option("--evidence", help="证据文件夹：每个问题一个子文件夹")] = None,
    tsa: Annotated[str, typer.Option("--tsa", help="时间戳服务（RFC 3161）网址，为证据清单加盖时间戳")] = "",
    as_of: AsOf = "",
    round_id: Round = "",
    data: Data = None,
) -> int:
    if tsa and evidence is None:
        raise AuditError("--tsa 为证据文件夹的清单加盖时间戳，请同时给出 --evidence 文件夹。")
    if not (warc or earl_file or evidence):
        raise AuditError("请指明要导出什么：--warc 文件、--earl 文件 或 --evidence 文件夹（可同时给出）。")
    with district_of(district, serve=False) as loaded:
        job = make_job(Wish(district, as_of, round_id, data), loaded)
        judgement = load(job.paths.judgement)
        with ObservationStore(job.paths.observations, readonly=True) as store:
            if not store.meta_get("manifest"):
                raise AuditError(f"快照 {job.paths.folder.name} 尚未封存，不能作为证据导出。请先运行 govaudit run。")
            cited = Cited(store, cases(judgement.findings))
            if evidence is not None:
                _evidence(evidence, cited, store, judgement)
            if evidence is not None and tsa:
                _stamp(evidence, tsa)
            if warc is not None:
                _warc(warc, cited, store, job, judgement)
        if earl_file is not None:
            with StoredSnapshot(job.paths.folder, job.district, job.as_of) as snapshot:
                pages = list(snapshot.axe())
            engine = next((p.engine for p in pages if p.engine), "")
            write_atomic(earl_file, earl(pages, judgement.tool_version, engine))
            out.print(plain(t(f"{earl_file}：{len(pages)} 页无障碍结果", f"{earl_file}: {len(pages)} pages")))
    return Exit.CLEAN


def _evidence(folder: Path, cited: Cited, store: ObservationStore, judgement: StoredJudgement) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise AuditError(f"{folder} 中已有别的文件。请换一个新文件夹，以免混入证据。")
    (folder / STAMP).unlink(missing_ok=True)  # of an earlier manifest
    names = write_pack(folder, files(cited, store))
    listed = json.loads((folder / MANIFEST).read_bytes())["files"]
    body = chained(
        listed,
        district=judgement.district,
        round=judgement.round,
        snapshot=judgement.snapshot,
        as_of=judgement.as_of.isoformat(),
        observations=judgement.manifest,
        tool_version=judgement.tool_version,
    )
    write_atomic(folder / MANIFEST, body)
    head = json.loads(body)["head"]
    out.print(plain(t(f"{folder}：{len(cited.cases)} 个问题，{len(names)} 个文件", f"{folder}: {len(names)} files")))
    out.print(plain(t(f"证据链末端 SHA-256：{head}", f"head of the chain: {head}")), soft_wrap=True)


def _stamp(folder: Path, tsa: str) -> None:
    manifest = (folder / MANIFEST).read_bytes()
    try:
        answer = request_stamp(manifest, tsa)
        at = read_stamp(manifest, answer).at
    except StampError as error:
        raise AuditError(f"{error}证据文件夹已写好，只缺时间戳；请换一个服务重试。", code=Exit.NO_VERDICT) from error
    write_atomic(folder / STAMP, answer)
    out.print(plain(t(f"时间戳：{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}", f"stamped at {at.isoformat()}")))


def _warc(path: Path, cited: Cited, store: ObservationStore, job: Job, judgement: StoredJudgement) -> None:
    about = {
        "software": f"govaudit {judgement.tool_version}",
        "format": "WARC File Format 1.1",
        "isPartOf": f"{judgement.district}-{judgement.snapshot}",
        "date": judgement.as_of.astimezone(UTC).isoformat(),
        "description": f"{job.district.full_name} {judgement.round}：问题所引用的记录；观测清单 {judgement.manifest}",
        "http-header-user-agent": user_agent(job.district.crawl.contact),
        "robots": "classic" if job.district.crawl.obey_robots else "ignore",
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        count = write_warc(path, cited, store, about)
    except OSError as error:
        raise AuditError(f"无法写入 {path}：{error.strerror or error}。") from error
    out.print(plain(t(f"{path}：{count} 条记录", f"{path}: {count} records")))
