"""The table of `judge --preview`: who would fail, who would no longer, and by how much scores would move."""

from __future__ import annotations

from decimal import Decimal

from rich.table import Table

from audit.commands.explain import OUTCOMES
from audit.console import out, plain, t
from audit.preview import Change, Preview
from checks.outcomes import Outcome
from config.district import District

SHOWN = 40  # lines per table


def show(preview: Preview, district: District) -> None:
    """Print the preview; nothing was stored."""
    for title, changes in (
        (t("将新判为不合格", "would newly fail"), preview.worse),
        (t("将不再是不合格", "would no longer fail"), preview.better),
        (t("将新列为待判定", "would newly be undetermined"), preview.open),
    ):
        if changes:
            _changes(f"{title}（{len(changes)}）", changes, district)
    if preview.shifts:
        table = Table(title=t(f"得分变化（{len(preview.shifts)}）", "scores"), title_justify="left")
        for name in ("单位", "标准", "现为", "将为"):
            table.add_column(name)
        for shift in preview.shifts[:SHOWN]:
            table.add_row(_name(district, shift.unit), shift.standard, _range(shift.before), _range(shift.after))
        out.print(table)
    if not (preview.worse or preview.better or preview.open or preview.shifts):
        out.print(t("与现有判定相比没有变化。", "nothing would change."))
    out.print(t("以上为预演，没有写入任何结果。", "preview only; nothing was stored."))


def _changes(title: str, changes: tuple[Change, ...], district: District) -> None:
    table = Table(title=title, title_justify="left")
    for name in ("单位", "规则", "由", "变为", "说明"):
        table.add_column(name, overflow="fold")
    for change in changes[:SHOWN]:
        table.add_row(
            _name(district, change.finding.unit),
            change.finding.rule,
            _label(change.before),
            _label(change.after),
            plain(change.finding.message, limit=120),
        )
    if len(changes) > SHOWN:
        table.caption = f"另有 {len(changes) - SHOWN} 条"
    out.print(table)


def _label(outcome: Outcome | None) -> str:
    return OUTCOMES[outcome][0] if outcome else "未判"


def _name(district: District, unit_id: str) -> str:
    unit = district.unit(unit_id)
    return unit.name_short if unit else unit_id or district.site.name


def _range(bounds: tuple[Decimal, Decimal] | None) -> str:
    if bounds is None:
        return "—"
    lower, upper = bounds
    return f"{upper:f}" if lower == upper else f"{lower:f}–{upper:f}"
