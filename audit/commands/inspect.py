"""`check` and `facts`: one page or many, without any set-up."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from audit import clock
from audit.adhoc import Checked, facts_of_url
from audit.adhoc import check as check_target
from audit.commands.explain import OUTCOMES
from audit.console import err, out, plain, t
from audit.errors import AuditError, Exit
from audit.files import write_atomic
from audit.jobs import not_ahead
from audit.unseen import blind_to
from checks.facts import Page, PageKind
from checks.outcomes import Outcome, Reason
from checks.rule import catalogue
from checks.verdicts import Finding
from crawler.extract.public import facts_of_file
from reports.check import KINDS
from reports.together import together
from reports.view import RuleInfo


def register(app: typer.Typer) -> None:
    app.command(
        "check",
        help="检查一个网页、栏目、网站首页或保存的文件，几秒出结果，无需任何配置；遇跳转、框架跟到读者看到的页面。",
    )(check)
    app.command("facts", help="逐页输出读到的事实（JSON 行），可一次给出许多文件或网址。")(facts)


def check(
    target: Annotated[str, typer.Argument(metavar="URL|FILE", help="网址或网页文件")],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="另存为网页")] = None,
    as_of: Annotated[str, typer.Option("--as-of", help="判定时点；默认现在")] = "",
) -> int:
    moment = not_ahead(as_of) if as_of else clock.now()
    with err.status(t(f"正在检查 {target} …", f"checking {target} …")):
        found = check_target(target, moment)
    if html is not None:
        write_atomic(html, found.html)
    if as_json:
        out.print_json(json.dumps(_json(found, moment.isoformat()), ensure_ascii=False, default=str))
    else:
        _show(found)
        if html is not None:
            out.print(t(f"已保存：{html.resolve()}", f"saved: {html.resolve()}"), soft_wrap=True)
    if not found.findings and not found.passed:  # nothing was judged: that is no clean page
        return Exit.NO_VERDICT
    return Exit.FINDINGS if any(f.outcome is Outcome.FAILED for f in found.findings) else Exit.CLEAN


def _json(found: Checked, as_of: str) -> dict[str, Any]:
    return {
        "url": found.url,
        "as_of": as_of,
        "kind": found.page.kind,
        "title": found.page.title.value if found.page.title else None,
        "steps": [{"how": s.how, "url": s.url, "target": s.target, "lost": s.lost or None} for s in found.steps],
        "passed": found.passed,
        "findings": [
            {
                "rule": f.rule,
                "outcome": f.outcome,
                "review": f.review,
                "subject": f.subject,
                "message": f.message,
                "reason": f.reason or None,
                "evidence": [{"url": e.url, "sha256": e.sha256, "quote": e.quote} for e in f.evidence],
            }
            for f in found.findings
        ],
    }


def _show(found: Checked) -> None:
    page, rules = found.page, catalogue()
    for step in found.steps:
        out.print(plain(str(step), "dim", 900), soft_wrap=True)
    out.print(plain(page.title.value if page.title else "（未读到标题）", "bold"))
    out.print(plain(f"{KINDS[page.kind]}  ·  {_at_a_glance(page)}", "dim"))
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for group in _grouped(found.findings):
        first = group[0]
        label, style = OUTCOMES[first.outcome]
        rule = rules.get(first.rule)
        reason = f"（{Reason(first.reason).chinese}）" if first.reason else ""
        table.add_row(plain(label, style), plain(f"{rule.title if rule else first.rule}{reason}", "bold"))
        for told in _once([_said(item, found) for item in group]):
            table.add_row("", plain(told, limit=600))
        if rule and first.outcome is Outcome.FAILED:
            info = RuleInfo.of(rule)
            for told in _once([re.sub(r"(\d)\. ", r"\1.", info.asked(item)[0]) for item in group]):
                table.add_row("", plain(f"怎样改：{told}", "dim", 600))  # no blanks: the terminal would break there
    if found.findings:
        out.print(table)
    elif not found.passed:
        lost = next((step.target for step in found.steps if step.lost), "")
        out.print(plain(blind_to(page, lost), "yellow", 900), soft_wrap=True)
        return
    failed = sum(f.outcome is Outcome.FAILED for f in found.findings)
    unsure = len(found.findings) - failed
    out.print(
        t(f"{failed} 项不合格，{unsure} 项待判定，{found.passed} 项合格。", f"{failed} failed, {unsure} unsure")
    )


def _at_a_glance(page: Page) -> str:
    """What a reader looks for first: on an article day and source, on a list how many entries and how fresh."""
    words = next((m.quote or m.value for m in page.marks_of("placeholder")), "")
    if page.kind is PageKind.LIST or (words and not page.published):
        newest = max((row.date for row in page.rows if row.date), default=None)
        if page.rows:
            return f"本页{len(page.rows)}条  ·  最近一条 {newest or '没有日期'}"
        return f"没有读出条目，写有“{words}”" if words else "没有读出条目"
    date = str(page.published.value) if page.published else "未显示"
    return f"发布日期 {date}  ·  来源 {page.source.value if page.source else '未显示'}"


def _grouped(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Findings of one rule with one outcome, side by side."""
    groups: dict[tuple[str, Outcome, str], list[Finding]] = {}
    for item in findings:
        groups.setdefault((item.rule, item.outcome, str(item.reason or "")), []).append(item)
    return list(groups.values())


def _said(item: Finding, found: Checked) -> str:
    where = f"（{item.url}）" if item.url and item.url != found.url and found.steps else ""
    return f"{item.message}{where}"


def _once(sentences: list[str]) -> list[str]:
    merged = together(sentences)
    return [merged] if merged else list(dict.fromkeys(sentences))


def facts(
    targets: Annotated[list[str], typer.Argument(metavar="FILE|URL…", help="网页文件或网址")],
) -> int:
    """One JSON line per target; a target that cannot be read gives a line with `error` and exit code 2."""
    broken = 0
    for target in targets:
        try:
            line = facts_of_url(target, clock.now()) if "://" in target else facts_of_file(Path(target))
        except (OSError, ValueError, AuditError) as error:
            line = {"path": target, "error": str(error)}
        broken += "error" in line
        sys.stdout.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        sys.stdout.flush()
    if broken:
        err.print(t(f"{broken} 个对象未能读取。", f"{broken} targets could not be read."), style="yellow")
    return Exit.USAGE if broken else Exit.CLEAN
