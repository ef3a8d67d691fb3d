"""`rules` and `explain`: the catalogue, and everything behind one finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group
from rich.panel import Panel
from rich.table import Table

from audit.console import out, plain, t
from audit.errors import AuditError, Exit
from audit.judgements import StoredJudgement, load
from audit.numbering import identities
from audit.paths import JUDGEMENT, data_root
from checks.outcomes import Outcome, Reason
from checks.rule import Rule, catalogue
from checks.standards import effective, resolve_rule
from checks.verdicts import Finding
from config.district import District
from config.editions import load_standards_for
from config.load import load_district
from config.standard import Standard
from reports.view import RuleInfo

OUTCOMES = {
    Outcome.FAILED: ("不合格", "bold red"),
    Outcome.CANNOT_TELL: ("待判定", "yellow"),
    Outcome.PASSED: ("合格", "green"),
    Outcome.INAPPLICABLE: ("不适用", "dim"),
}


def register(app: typer.Typer) -> None:
    app.command("rules", help="规则目录；给出编号则显示一条规则的全部说明。")(rules)
    app.command("explain", help="解释一条问题：是什么、依据、实测与限值、证据、把握、怎样算通过。")(explain)


def rules(
    rule_id: Annotated[str, typer.Argument(metavar="[RULE]", help="规则编号")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> int:
    known = catalogue()
    if rule_id:
        rule = resolve_rule(rule_id, known)
        if rule is None:
            near = [r for r in known if rule_id in r][:8]
            hint = f"相近的有：{'、'.join(near)}。" if near else "全部规则见 govaudit rules。"
            raise AuditError(f"没有规则“{rule_id}”。{hint}")
        if as_json:
            out.print_json(json.dumps(_rule_json(rule), ensure_ascii=False))
        else:
            _show_rule(rule)
        return Exit.CLEAN
    if as_json:
        out.print_json(json.dumps([_rule_json(r) for r in known.values()], ensure_ascii=False))
        return Exit.CLEAN
    table = Table(title=t(f"规则目录（{len(known)} 条）", f"Rules ({len(known)})"), title_justify="left")
    for name in ("主题", "编号", "名称", "状态", "版本"):
        table.add_column(name, no_wrap=name == "编号")
    for rule in known.values():
        kind = "人工" if rule.manual else "试行" if rule.status == "preview" else "正式"
        table.add_row(rule.topic, rule.id, rule.title, kind, str(rule.version))
    out.print(table)
    return Exit.CLEAN


def _rule_json(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "topic": rule.topic,
        "version": rule.version,
        "status": rule.status,
        "manual": rule.manual,
        "absence": rule.absence,
        "logic": rule.logic,
        "guard": rule.guard,
        "legal": list(rule.legal),
        "why": rule.why,
        "fix": rule.fix,
        "recheck": rule.recheck,
        "question": rule.question,
        "params": rule.params.model_json_schema().get("properties", {}),
        "aliases": list(rule.aliases),
    }


def _show_rule(rule: Rule) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("编号", f"{rule.id}（第{rule.version}版，{'试行' if rule.status == 'preview' else '正式'}）")
    table.add_row("主题", rule.topic)
    table.add_row("为什么", rule.why)
    table.add_row("依据", "\n".join(rule.legal))
    table.add_row("怎样改", rule.fix)
    table.add_row("如何算通过", rule.recheck)
    if rule.question:
        table.add_row("人工判定", rule.question)
    for name, field in rule.params.model_fields.items():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        table.add_row(f"参数 {name}", f"{field.description or ''}：{field.get_default()}{extra.get('unit', '')}")
    for example in rule.examples:
        label, style = OUTCOMES[Outcome(example.outcome)]
        table.add_row("例", plain(f"{example.name} → {label}：{example.says}", style))
    out.print(Panel(table, title=rule.title, title_align="left"))


def explain(
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="问题编号，或指纹（或其开头几位）")],
    district: Annotated[str, typer.Option("--district", help="区县；默认在数据文件夹中查找")] = "",
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> int:
    judgement, path, found = _find(data_root(data), finding, district)
    loaded = load_district(district or judgement.district)
    standards = {s.id: s for s in load_standards_for(loaded)}
    if as_json:
        body = [_finding_json(f, loaded, standards) for f in found]
        out.print_json(json.dumps(body, ensure_ascii=False, default=str))
        return Exit.CLEAN
    for item in found:
        _show_finding(item, loaded, standards, judgement, path)
    return Exit.CLEAN


def _find(data: Path, finding: str, district: str) -> tuple[StoredJudgement, Path, list[Finding]]:
    if len(finding) < 4:
        raise AuditError("问题指纹至少给出前4位，见评分卡或 verdicts.jsonl。")
    pattern = f"{district or '*'}/*/{JUDGEMENT}"
    for path in sorted(data.glob(pattern), key=lambda p: p.stat().st_mtime, reverse=True):
        judgement, numbered = load(path), identities(path.parent, finding)
        found = [
            f
            for f in judgement.findings
            if f.identity in numbered or f.fingerprint.startswith(finding) or f.identity.startswith(finding)
        ]
        if found:
            return judgement, path.parent, found
    raise AuditError(
        f"在 {data} 中没有找到编号为“{finding}”、或指纹以其开头的问题。请核对，或用 --data 指定数据文件夹。"
    )


def _parameters(finding: Finding, district: District, standards: dict[str, Standard]) -> list[tuple[str, str, str]]:
    """(parameter, value, where it came from) of the rule as the indicator uses it."""
    standard = standards.get(finding.standard)
    indicator = standard.indicator(finding.indicator.partition("/")[2]) if standard else None
    if indicator is None:
        return []
    known = catalogue()
    target = resolve_rule(finding.rule, known)
    for binding in indicator.rules:
        if target is not None and resolve_rule(binding.rule, known) is target:
            use = effective(binding, district, known)
            return [(n, str(v), use.sources[n]) for n, v in use.params.model_dump().items()]
    return []


def _finding_json(finding: Finding, district: District, standards: dict[str, Standard]) -> dict[str, object]:
    rule = resolve_rule(finding.rule, catalogue())
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "title": rule.title if rule else finding.rule,
        "outcome": finding.outcome,
        "message": finding.message,
        "indicator": finding.indicator,
        "unit": finding.unit,
        "url": finding.url,
        "legal": list(rule.legal) if rule else [],
        "parameters": [
            {"name": name, "value": value, "from": origin}
            for name, value, origin in _parameters(finding, district, standards)
        ],
        "evidence": [
            {"url": e.url, "sha256": e.sha256, "fetched_at": e.fetched_at, "locator": e.locator, "quote": e.quote}
            for e in finding.evidence
        ],
        "data": dict(finding.data),
        "recheck": RuleInfo.of(rule).asked(finding)[1] if rule else "",
    }


def _show_finding(
    finding: Finding, district: District, standards: dict[str, Standard], judgement: StoredJudgement, path: Path
) -> None:
    rule = resolve_rule(finding.rule, catalogue())
    label, style = OUTCOMES[finding.outcome]
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row("结论", plain(label, style))
    grid.add_row("说明", plain(finding.message, limit=2000))
    unit = district.unit(finding.unit)
    grid.add_row("单位", unit.name if unit else finding.unit or "—")
    column = district.column(finding.column)
    if column:
        grid.add_row("栏目", column.label)
    grid.add_row("网址", plain(finding.url or finding.subject, limit=500))
    standard = standards.get(finding.standard)
    indicator = standard.indicator(finding.indicator.partition("/")[2]) if standard else None
    if standard and indicator:
        grid.add_row("指标", f"{indicator.title}（{indicator.clause}）")
        grid.add_row("计分", f"扣{finding.points}分" if finding.points else "本轮不扣分")
    if rule:
        grid.add_row("依据", "\n".join(rule.legal))
    if finding.reason:
        grid.add_row("为何待判", Reason(finding.reason).chinese)
    if finding.waived:
        grid.add_row("豁免", plain(finding.waived))
    params = Table(box=None, padding=(0, 2))
    for name in ("参数", "取值", "来自"):
        params.add_column(name)
    for row in _parameters(finding, district, standards):
        params.add_row(*row)
    evidence = Table(box=None, padding=(0, 2))
    for name in ("证据网址", "采集时间（UTC）", "SHA-256", "原文"):
        evidence.add_column(name, overflow="fold")
    for item in finding.evidence:
        evidence.add_row(plain(item.url, limit=400), item.fetched_at, item.sha256[:16], plain(item.quote, limit=120))
    trail = finding.data.get("trail")
    parts: list[object] = [grid]
    if params.row_count:
        parts.append(params)
    if evidence.row_count:
        parts.append(evidence)
    if isinstance(trail, list) and trail:
        parts.append(plain("查找过：" + " → ".join(str(u) for u in trail[:12]), "dim", 1500))
    if rule and finding.outcome in (Outcome.FAILED, Outcome.CANNOT_TELL):
        fix, recheck = RuleInfo.of(rule).asked(finding)
        grid.add_row("怎样改", fix)
        grid.add_row("怎样算通过", recheck)
    title = f"{rule.title if rule else finding.rule}（{finding.rule}）"
    foot = f"{judgement.round} · 快照 {path.name} · 指纹 {finding.fingerprint}"
    out.print(Panel(Group(*parts), title=title, title_align="left", subtitle=foot))  # type: ignore[arg-type]
