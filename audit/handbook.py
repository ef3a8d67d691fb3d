"""The generated part of docs/: the manual of rules, the coverage of the plan's clauses, the command line.

`python -m audit.handbook docs` writes them; a test refuses a checkout whose files differ from what this gives.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import typer

from checks.rule import Logic, Rule, catalogue
from config.editions import builtin_standards, load_standard
from config.standard import Indicator, Standard, State

HEAD = "<!-- 由 `make docs` 生成，请勿手工修改 -->\n\n"
PLAN = "seed-2023-6"
LOGIC = {
    Logic.EXISTS: "应有（看到即合格；未看全而未找到，不能判定）",
    Logic.UNIVERSAL: "不应有（看到一处即不合格；未看全而未发现，不能判定）",
    Logic.MEASURE: "比较（两个事实缺一，不能判定）",
    Logic.SAMPLE: "抽样（样本未完成，不能判定）",
}
STATES = {State.ON: "计分", State.ZERO: "零分试行", State.OFF: "停用"}
OUTCOMES = {
    "failed": "不合格", "cannot-tell": "待判定", "passed": "合格", "inapplicable": "不适用",
}  # fmt: skip


def pages() -> Iterator[tuple[str, str]]:
    """(path below docs/, text) of every generated page."""
    rules = catalogue()
    standards = [load_standard(name) for name in builtin_standards()]
    yield "rules/README.md", _index(list(rules.values()), standards)
    for topic, group in groupby(rules.values(), key=lambda r: r.topic):
        yield f"rules/{topic}.md", _topic(topic, list(group), standards)
    yield "coverage.md", _coverage(next(s for s in standards if s.id == PLAN))
    yield "cli.md", _cli()


def _index(rules: list[Rule], standards: list[Standard]) -> str:
    lines = [HEAD + "# 规则手册\n", f"共 {len(rules)} 条规则。每条规则的例子同时是它的测试。\n"]
    lines.append("| 规则 | 名称 | 主题 | 状态 | 用于 |\n| --- | --- | --- | --- | --- |")
    for rule in rules:
        used = "、".join(f"{s.id}/{i.id}" for s, i in _users(rule, standards)) or "—"
        lines.append(
            f"| [{rule.id}]({rule.topic}.md#{rule.id}) | {rule.title} | {rule.topic} | {_status(rule)} | {used} |"
        )
    return "\n".join(lines) + "\n"


def _topic(topic: str, rules: list[Rule], standards: list[Standard]) -> str:
    return HEAD + f"# 主题 {topic}\n\n" + "\n".join(_page(rule, standards) for rule in rules)


def _page(rule: Rule, standards: list[Standard]) -> str:
    lines = [f'<a id="{rule.id}"></a>\n', f"## {rule.title} `{rule.id}`\n"]
    lines.append(f"第 {rule.version} 版 · {_status(rule)} · 判断方式：{LOGIC[rule.logic]}\n")
    lines.append(f"**为什么**　{rule.why}\n")
    lines.append("**依据**\n\n" + "\n".join(f"- {x}" for x in rule.legal) + "\n")
    lines.append(f"**怎样改**　{rule.fix}\n\n**如何算通过**　{rule.recheck}\n")
    if rule.question:
        lines.append(f"**人工判定问题**　{rule.question}\n")
    if rule.params.model_fields:
        lines.append("**参数**\n\n| 参数 | 含义 | 默认 | 单位 |\n| --- | --- | --- | --- |")
        for name, field in rule.params.model_fields.items():
            extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
            default = _cell(field.get_default(call_default_factory=True))
            lines.append(f"| `{name}` | {field.description or ''} | {default} | {extra.get('unit', '')} |")
        lines.append("")
    lines.append("**例**\n\n| 情形 | 结论 | 说明 |\n| --- | --- | --- |")
    for example in rule.examples:
        lines.append(f"| {_cell(example.name)} | {OUTCOMES[example.outcome]} | {_cell(example.says)} |")
    used = [f"`{s.id}/{i.id}` {i.title}（{STATES[i.state]}）" for s, i in _users(rule, standards)]
    if used:
        lines.append("\n**用于**\n\n" + "\n".join(f"- {x}" for x in used))
    return "\n".join(lines) + "\n"


def _users(rule: Rule, standards: list[Standard]) -> Iterator[tuple[Standard, Indicator]]:
    ids = {rule.id, *rule.aliases}
    for standard in standards:
        for indicator in standard.indicators:
            if any(b.rule in ids for b in indicator.rules):
                yield standard, indicator


def _coverage(plan: Standard) -> str:
    lines = [HEAD + f"# {plan.title}：条款 → 规则\n", f"{plan.edition}，{len(plan.indicators)} 项检查。\n"]
    lines.append("类别：F 机器可判定；F/P 存在与日期由机器判定、内容由人判定；P 机器找线索、由人判定；N 线下佐证。\n")
    lines.append("| 条款 | 检查 | 类别 | 规则 | 状态 |\n| --- | --- | --- | --- | --- |")
    for indicator in plan.indicators:
        rules = "、".join(f"`{b.rule}`" for b in indicator.rules) or "线下佐证"
        classes = "、".join(dict.fromkeys(str(b.clause_class) for b in indicator.rules)) or "N"
        lines.append(
            f"| {indicator.id} | {_cell(indicator.title)} | {classes} | {rules} | {STATES[indicator.state]} |"
        )
    return "\n".join(lines) + "\n"


def _cli() -> str:
    from audit.cli import app  # assembled here: the command line imports this module's neighbours

    lines = [
        HEAD + "# 命令行\n",
        "退出码：0 无不合格；1 有不合格；2 用法或配置有误；3 采集不足以作出判定；4 程序内部错误。\n",
    ]
    root = typer.main.get_command(app)
    lines += _command(root, "govaudit")
    return "\n".join(lines) + "\n"


def _command(command: Any, name: str) -> Iterator[str]:
    if hasattr(command, "commands"):
        for key, child in sorted(command.commands.items()):
            yield from _command(child, f"{name} {key}")
        return
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    usage = " ".join(str(p.metavar or p.name) for p in arguments)
    yield f"## `{name}{' ' + usage if usage else ''}`\n"
    yield f"{(command.help or '').strip()}\n"
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    if options:
        yield "| 选项 | 说明 |\n| --- | --- |"
        for option in options:
            yield f"| `{', '.join(option.opts)}` | {_cell(getattr(option, 'help', '') or '')} |"
        yield ""


def _status(rule: Rule) -> str:
    kind = "人工判定" if rule.manual else "机器判定"
    return f"{kind}，{'试行' if rule.status == 'preview' else '正式'}"


def _cell(value: object) -> str:
    if isinstance(value, (tuple, list)):
        value = "、".join(str(v) for v in value) or "（空）"
    return str(value).replace("|", "\\|").replace("\n", " ")


def write(folder: Path) -> list[Path]:
    """Write every page below `folder`; returns what was written."""
    written = []
    for name, text in pages():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    for path in write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs")):
        print(path)
