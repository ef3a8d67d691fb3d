"""`run` and its single stages `crawl`, `gather`, `judge`, `report`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from audit import stages
from audit.commands.cases import warn
from audit.commands.preview import show as show_preview
from audit.console import err, out, plain, t
from audit.errors import AuditError, Exit, Unsupported
from audit.jobs import Wish, district_of, make_job
from audit.judgements import StoredJudgement, load
from audit.preview import compare
from audit.progress import Stages, crawl_note
from audit.stages import Job
from checks.outcomes import GAPS, Outcome
from checks.verdicts import Finding
from config.editions import load_standard
from config.local import localise
from crawler.browser.finder import BrowserMissing
from crawler.derive.run import DeriveSummary
from crawler.run import CrawlSummary

DistrictArg = Annotated[str, typer.Argument(metavar="DISTRICT", help="内置区县编号或配置文件夹")]
AsOf = Annotated[str, typer.Option("--as-of", help="判定时点，例如 2026-09-30 或带时区的时刻；默认采集时刻")]
Round = Annotated[str, typer.Option("--round", help="轮次，例如 2026Q3；默认判定时点所在季度")]
Data = Annotated[Path | None, typer.Option("--data", help="数据文件夹；默认 $GOVAUDIT_DATA 或 ./var")]
Out = Annotated[Path | None, typer.Option("--out", help="报告输出文件夹；默认在数据文件夹内")]
Fresh = Annotated[bool, typer.Option("--fresh", help="另起一次新的采集，不用本轮已有的快照")]
Since = Annotated[
    str, typer.Option("--since", help="与哪个已封存的快照比较，未变化的网页不重复下载；默认最近一个，none 为不比较")
]
Public = Annotated[bool, typer.Option("--public", help="生成可公开版：不含排名、姓名、电话、截图和工作台账")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="不做浏览器检查（相关规则将无法判定）")]

PUBLIC = "public"  # folder of the edition that may be published

LEVELS = 4  # of menus that only a script shows: home page, columns, lists, single pages


def register(app: typer.Typer) -> None:
    app.command("run", help="完成整个任务：采集、提取、判定、评分、出报告；中断后再运行即续做。")(run)
    app.command("crawl", help="只采集（可中断，再运行即续采）。")(crawl)
    app.command("gather", help="只做浏览器检查：渲染、截图、无障碍。")(gather)
    app.command("judge", help="对已有快照重新判定和评分，不访问网站。")(judge)
    app.command("report", help="由已有判定结果重新生成报告。")(report)


def run(
    district: DistrictArg,
    as_of: AsOf = "",
    round_id: Round = "",
    out_dir: Out = None,
    data: Data = None,
    fresh: Fresh = False,
    no_browser: NoBrowser = False,
    since: Since = "",
) -> int:
    with district_of(district) as loaded:
        job = make_job(Wish(district, as_of, round_id, data, fresh, since), loaded)
        with Stages() as bar:
            _observe_all(job, bar, browser=not no_browser and loaded.browser.enabled)
            judgement = _judge(job, bar)
            target = out_dir or job.paths.reports
            with bar.stage(t("生成报告", "Reports")) as update:
                files = stages.render(job, judgement, target)
                update(len(files), len(files))
        warn(job.paths.folder.parent, loaded, job.standards)
        return _conclude(job, judgement, target, stages.supports_verdict(job))


def crawl(
    district: DistrictArg,
    as_of: AsOf = "",
    round_id: Round = "",
    data: Data = None,
    fresh: Fresh = False,
    since: Since = "",
) -> int:
    with district_of(district) as loaded:
        job = make_job(Wish(district, as_of, round_id, data, fresh, since), loaded)
        _refuse_sealed(job)
        with Stages() as bar:
            stages.retry_unseen(job)
            summaries = _crawl(job, bar)
            derived = _derive(job, bar)
        _crawl_table(job, summaries, derived)
        missing = stages.supports_verdict(job)
        if missing:
            raise Unsupported(missing)
        return Exit.CLEAN


def gather(district: DistrictArg, as_of: AsOf = "", round_id: Round = "", data: Data = None) -> int:
    with district_of(district) as loaded:
        job = make_job(Wish(district, as_of, round_id, data), loaded)
        _refuse_sealed(job)
        with Stages() as bar:
            derived = _derive(job, bar)
            _see_all(job, derived, bar, required=True)
        return Exit.CLEAN


def judge(
    district: DistrictArg,
    as_of: AsOf = "",
    round_id: Round = "",
    data: Data = None,
    standard: Annotated[
        list[str] | None, typer.Option("--standard", help="改用这些标准（内置编号或 TOML 文件），可重复")
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="只看与现有判定相比会有什么变化，不写入")] = False,
) -> int:
    with district_of(district, serve=False) as loaded:
        job = make_job(Wish(district, as_of, round_id, data), loaded)
        if standard:
            job = replace(job, standards=tuple(localise(load_standard(name), loaded) for name in standard))
            stages.check_standards(job)
            if not preview:
                raise AuditError(
                    "--standard 只用于预演：请加 --preview；要长期改用，请写入 district.toml 的 standards。"
                )
        if preview:
            before = load(job.paths.judgement)
            after, _ = stages.judge(job, store=False)
            show_preview(compare(before, after), loaded)
            warn(job.paths.folder.parent, loaded, job.standards)
            return Exit.CLEAN
        with Stages() as bar:
            _derive(job, bar)
            judgement = _judge(job, bar)
        warn(job.paths.folder.parent, loaded, job.standards)
        return _conclude(job, judgement, None, stages.supports_verdict(job))


def report(
    district: DistrictArg,
    as_of: AsOf = "",
    round_id: Round = "",
    out_dir: Out = None,
    data: Data = None,
    public: Public = False,
) -> int:
    with district_of(district, serve=False) as loaded:
        job = make_job(Wish(district, as_of, round_id, data), loaded)
        judgement = load(job.paths.judgement)
        if judgement.district_hash != loaded.config_hash:
            raise AuditError("区县配置在判定之后有改动：请先运行 govaudit judge，再生成报告。")
        target = out_dir or (job.paths.folder / PUBLIC if public else job.paths.reports)
        stages.render(job, judgement, target, public=public)
        return _conclude(job, judgement, target, stages.supports_verdict(job))


def _observe_all(job: Job, bar: Stages, *, browser: bool) -> None:
    """Crawl, derive and gather until nothing new is queued, then seal."""
    if stages.is_sealed(job.paths):
        err.print(
            t(
                f"· 本轮已有封存的快照 {job.paths.folder.name}，直接判定；需要重新采集请加 --fresh",
                f"· sealed snapshot {job.paths.folder.name} found; judging it (use --fresh to crawl again)",
            ),
            style="dim",
        )
        _derive(job, bar)
        return
    stages.retry_unseen(job)
    _crawl(job, bar)
    derived = _derive(job, bar)
    blind = stages.supports_verdict(job)
    if blind:
        raise Unsupported(blind)  # nothing is sealed: the next run asks again
    if browser:
        _see_all(job, derived, bar, required=False)
    stages.close_snapshot(job)


def _refuse_sealed(job: Job) -> None:
    if stages.is_sealed(job.paths):
        raise AuditError(f"快照 {job.paths.folder.name} 已封存，不能再写入。需要重新采集请加 --fresh。")


def _crawl(job: Job, bar: Stages) -> dict[str, CrawlSummary]:
    """Raises Unsupported when it was interrupted: nothing is judged on half a crawl that somebody stopped."""
    with bar.stage(t("采集网站", "Crawl")) as update:
        found = stages.observe(job, lambda p: update(p.done, p.known, crawl_note(p)))
    if any(s.interrupted for s in found.values()):
        raise Unsupported(_interrupted(job, found))
    return found


def _derive(job: Job, bar: Stages) -> DeriveSummary:
    with bar.stage(t("提取事实", "Derive")) as update:
        derived = stages.derive(job, lambda done, total: update(done, total))
        update(derived.pages, derived.pages, t(f"栏目 {derived.columns_found}/{derived.columns_expected}", ""))
    if derived.drift:
        err.print(plain(_drift_words(derived.drift), "yellow", 600))
    return derived


def _drift_words(pages: tuple[str, ...]) -> str:
    return t(
        f"! {len(pages)} 个列表页的写法变了，本工具没有读出（如 {pages[0]}）。"
        "这些页面和所在栏目列为未看全，不判空白、不判过期。请在浏览器中核对该页，并把网址交给本工具的维护人员，补充读取方式后重新判定。",
        f"! {len(pages)} lists are written in a new way and not read (for instance {pages[0]}): gaps.",
    )


def _see_all(job: Job, derived: DeriveSummary, bar: Stages, *, required: bool) -> None:
    """The browser pass, then a crawl of what only rendered pages link to; again as long as that shows new pages.

    Sites whose menu is made by a script open up level by level.
    """
    for _ in range(LEVELS):
        waiting = set(derived.needs_render)
        _gather(job, derived, bar, required=required)
        if stages.follow(job):
            _crawl(job, bar)
        derived = _derive(job, bar)
        if not set(derived.needs_render) - waiting:
            return


def _gather(job: Job, derived: DeriveSummary, bar: Stages, *, required: bool) -> None:
    with bar.stage(t("浏览器检查", "Browser")) as update:
        try:
            stages.gather(job, derived, lambda p: update(p.done, p.planned, p.current))
        except BrowserMissing as error:
            if required:
                raise AuditError(str(error)) from error
            err.print(plain(f"! {error}", "yellow", 600))


def _judge(job: Job, bar: Stages) -> StoredJudgement:
    with bar.stage(t("判定与评分", "Judge")) as update:
        count = 0

        def on_rule(rule: str) -> None:
            nonlocal count
            count += 1
            update(count, None, rule)

        judgement, _ = stages.judge(job, on_rule=on_rule)
        return judgement


def _interrupted(job: Job, found: dict[str, CrawlSummary]) -> str:
    pages = sum(s.pages for s in found.values())
    kept = job.paths.folder.resolve()
    return t(
        f"采集被中断：已取得的 {pages} 页保存在 {kept}，没有作出判定，也没有生成报告。"
        "重新运行同一命令即从中断处续采，已取得的不再请求。",
        f"Crawl interrupted: {pages} pages are kept in {kept}; run the same command again to resume.",
    )


def _crawl_table(job: Job, summaries: dict[str, CrawlSummary], derived: DeriveSummary) -> None:
    table = Table(title=t(f"{job.district.name} {job.round_id} 采集", "Crawl"), title_justify="left")
    for name in ("", t("页面", "pages"), t("请求", "requests"), t("未取回", "gaps"), t("用时（秒）", "seconds")):
        table.add_column(name, justify="left" if not name else "right")
    names = {"site": t("网站", "site"), "media": t("新媒体", "media")}
    for spider, found in summaries.items():
        gaps = sum(found.gaps.values())
        table.add_row(names[spider], str(found.pages), str(found.requests), str(gaps), f"{found.seconds:.1f}")
    out.print(table)
    out.print(t(f"栏目：找到 {derived.columns_found} / 应有 {derived.columns_expected}", ""))


def _once_each(judgement: StoredJudgement) -> str:
    """The number of faults behind the table, as the later steps of a round count them."""
    worst: dict[str, Finding] = {}
    for finding in judgement.findings:
        if finding.outcome.rank >= worst.setdefault(finding.identity, finding).outcome.rank:
            worst[finding.identity] = finding
    failed = sum(f.outcome is Outcome.FAILED for f in worst.values())
    unknown = [f for f in worst.values() if f.outcome is Outcome.CANNOT_TELL]
    gaps = sum(f.reason in GAPS for f in unknown)
    return (
        f"表中同一处在几个标准、指标下各列一次；每处只计一次，机器检出 {failed + len(unknown)} 处：不合格 {failed}，"
        f"待判定 {len(unknown) - gaps}，采集未取回 {gaps}（不是单位的问题）。"
    )


def _conclude(job: Job, judgement: StoredJudgement, target: Path | None, missing: str) -> int:
    tally: dict[str, Any] = dict.fromkeys(Outcome, 0)
    for finding in {(f.identity, f.indicator): f for f in judgement.findings}.values():
        tally[finding.outcome] += 1
    table = Table(
        title=t(f"{job.district.name} {job.round_id}（机器初判，未经人工确认）", f"{job.district.id} {job.round_id}"),
        title_justify="left",
    )
    for name in (t("标准", "standard"), t("得分", "score"), t("不合格项", "failed"), t("待判定", "cannot tell")):
        table.add_column(name, justify="left" if name in ("标准", "standard") else "right")
    for standard in job.standards:
        site = next((s for s in judgement.scores if s.standard == standard.id and not s.unit), None)
        own = [f for f in judgement.findings if f.standard == standard.id]
        score = "—" if site is None or not site.rated else _range(site.lower, site.upper)
        table.add_row(
            standard.title,
            score,
            str(sum(f.outcome is Outcome.FAILED for f in own)),
            str(sum(f.outcome is Outcome.CANNOT_TELL for f in own)),
        )
    out.print(table)
    out.print(t(_once_each(judgement), "The table lists a fault under each standard it feeds."), soft_wrap=True)
    for error in judgement.errors:
        err.print(
            plain(t(f"规则 {error.rule} 执行出错：{error.message}", f"rule {error.rule}: {error.message}"), "red")
        )
    if target is not None:
        out.print(t("总览：", "Overview: ") + str((target / "overview.html").resolve()), soft_wrap=True)
    if missing:
        raise Unsupported(missing)
    if judgement.errors:
        return Exit.INTERNAL
    return Exit.FINDINGS if tally[Outcome.FAILED] else Exit.CLEAN


def _range(lower: Any, upper: Any) -> str:
    return f"{upper:f}" if lower == upper else f"{lower:f}–{upper:f}"
