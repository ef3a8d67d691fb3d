"""What the overview for the office shows, in the order of outputs.md §1."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import pandas as pd

from checks.scores import Rank, Score
from config.district import Unit
from config.standard import IndicatorKind, Standard, State
from reports import tables
from reports.card import change_of, grades
from reports.heat import HeatMap, HeatTable, heat_map, heat_tables
from reports.issues import Docket, Issue
from reports.mended import Change, Mended, altogether, by_unit, change
from reports.page import render
from reports.tables import IndicatorRow, ProblemRow, RuleRow, Spread
from reports.text import figure, percent, round_name
from reports.trend import Point, Series, series, trend
from reports.view import RoundView, Visibility

PRAISE_FROM = Decimal(90)
TEMPLATE_TOPICS = frozenset({"accessibility", "availability", "identity", "meta"})
PROGRESS_FROM = Decimal(5)


@dataclass(frozen=True, slots=True)
class Headline:
    label: str
    value: str
    unit: str
    definition: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class RankRow:
    unit: Unit
    rank: Rank
    score: Score
    open: Decimal  # points that depend on a person
    failed: int
    pending: int
    change: str
    mended: str  # 整改率 of the last round's problems, an en dash where none were sent out
    appealed: int


@dataclass(frozen=True, slots=True)
class RankGroup:
    name: str
    rows: tuple[RankRow, ...]
    spread: Spread | None


@dataclass(frozen=True)
class Overview:
    view: RoundView
    items: Docket

    @staticmethod
    def grades(score: Score) -> str:
        return grades(score)

    @cached_property
    def frame(self) -> pd.DataFrame:
        return tables.outcome_frame(self.view)

    @property
    def contents(self) -> list[tuple[str, str]]:
        inner = self.view.visibility is not Visibility.PUBLIC
        entries = [("s-head", "总体情况"), ("s-limits", "本轮局限"), ("s-last", "上季度整改")]
        entries += [("s-rank", "得分与排名")] if inner else []
        entries += [("s-ind", "按指标")]
        entries += [("s-heat", "单位 × 指标")] if inner and self.heat_tables else []
        entries += [("s-trend", "近几轮走势")] if self.trend else []
        entries += [("s-top", "主要问题"), ("s-sys", "反复与系统性问题")]
        entries += [("s-prop", "供研究的建议")] if inner else []
        return [*entries, ("s-rules", "各规则结果")]

    @property
    def stem(self) -> str:
        """What all numbers of the round begin with; tables that name many leave it out."""
        first = self.items.issues[0].number if self.items.issues else ""
        head, round_id, _ = first.partition(f"{self.view.round_id}-")
        return head + round_id if round_id else ""

    @cached_property
    def trend(self) -> tuple[Point, ...]:
        return trend(self.view)

    @property
    def series(self) -> tuple[Series, ...]:
        return series(self.trend)

    @property
    def units(self) -> tuple[Unit, ...]:
        return self.view.units

    @property
    def columns_found(self) -> int:
        return sum(c.url is not None for c in self.view.columns)

    @property
    def gap_total(self) -> int:
        return sum(g.count for g in self.view.coverage.gaps)

    @property
    def silent_hosts(self) -> list[object]:
        return [h for h in self.view.coverage.hosts if h.outcome is None or not h.outcome.seen]

    @property
    def partial_columns(self) -> list[str]:
        names = []
        for column in self.view.district.columns:
            seen = self.view.coverage.columns.get(column.column_id)
            if seen is not None and not seen.complete:
                owner = self.view.unit_name(self.view.district.owner_of(column))
                names.append(f"{owner}“{column.label}”（{seen.fetched}/{seen.known}）")
        return names

    @property
    def axe_done(self) -> int:
        """Distinct pages that the accessibility engine finished; the home page may be tested in two modes."""
        return len({page.url for page in self.view.axe.pages if page.ok})

    @property
    def manual_items(self) -> int:
        kinds = (IndicatorKind.MANUAL, IndicatorKind.OFFLINE)
        return sum(i.kind in kinds and i.state is not State.OFF for s in self.view.standards for i in s.indicators)

    @property
    def megabytes(self) -> str:
        return f"{self.view.impact.bytes / 1_000_000:.1f}" if self.view.impact else ""

    @cached_property
    def scores(self) -> tuple[Score, ...]:
        return tuple(s for s in self.view.scores if s.unit and s.standard == self.view.primary.id)

    @cached_property
    def headline(self) -> list[Headline]:
        rated = [s for s in self.scores if s.rated]
        failed = sum(s.grade_upper == "不合格" for s in rated)
        unsure = sum(s.grade_lower == "不合格" != s.grade_upper for s in rated)
        passed = len(rated) - failed - unsure
        columns = tables.column_tally(self.frame)
        unruled = len(self.view.district.columns) - columns.checked - columns.undetermined
        rest = f"、{unruled}个栏目没有适用的栏目检查项" if unruled > 0 else ""
        open_, waived = self.items.open(), self.items.waived()
        vetoes = [i for i in open_ if i.level == "单项否决"]
        return [
            Headline("受检单位", str(len(self.scores)), "家", f"其中计分{len(rated)}家；每家单位一张检查结果。"),
            Headline("单位合格率", percent(passed, len(rated)), f"{passed}/{len(rated)}",
                     f"确定合格的单位÷计分单位；另有{unsure}家取决于人工判断，{failed}家不合格。{self._before}"),
            Headline("栏目合格率", percent(columns.checked - columns.failed, columns.checked),
                     f"{columns.checked - columns.failed}/{columns.checked}",
                     f"不缺失、不空白、按期更新的栏目÷已作判定的栏目；另有{columns.undetermined}个栏目未能判定{rest}，不计入。"),
            Headline("单项否决", str(len(vetoes)), "项", f"涉及{len({i.unit for i in vetoes})}家单位。",
                     "red" if vetoes else ""),
            Headline("发现问题", str(sum(len(i.faults) for i in open_)), "处",
                     f"合并为{len(open_)}项；同一事项在多个标准中只计一次"
                     + (f"；另有{len(waived)}项已豁免。" if waived else "。")),
            Headline("尚不能判定", str(sum(len(i.faults) for i in self.items.pending())), "处",
                     f"机器不能判定或须由人判断，其中{self.unseen}处因网页未取回；不扣分，不计入问题。",
                     "amber" if self.items.pending() else ""),
            *self._repairs(),
        ]  # fmt: skip

    @property
    def unseen(self) -> int:
        """Places that nobody can judge because pages were not fetched."""
        return sum(len(i.faults) for i in self.items.pending() if i.unseen)

    def _repairs(self) -> list[Headline]:
        """What became of the last round's problems; nothing where none were sent out."""
        known = self.mended
        if known is None:
            return []
        unseen = f"；无法复查{known.unseen}处不计入" if known.unseen else ""
        late = sum(m.overdue > 0 for m in self.mended_units.values())
        return [
            Headline("上轮整改率", known.rate, f"{known.passed}/{known.issued}",
                     f"复查通过÷下发，上一轮{round_name(self.view.history[-1].round_id)}。"),
            Headline("复查通过率", known.pass_rate, f"{known.passed}/{known.due}",
                     f"复查通过÷应复查（已申报或已到期）{unseen}。"),
            Headline("逾期未改", str(known.overdue), "处", f"涉及{late}家单位。",
                     "red" if known.overdue else ""),
        ]  # fmt: skip

    @property
    def _before(self) -> str:
        """The pass rate of the last round, where its rules were the same."""
        last = self.trend[-2] if len(self.trend) > 1 else None
        if last is None or last.pass_rate is None:
            return ""
        return "上季度规则不同，不比较。" if last.changed else f"上季度{figure(last.pass_rate)}%。"

    @property
    def site_scores(self) -> list[tuple[Standard, Score]]:
        return [(s, score) for s in self.view.standards if (score := self.view.score("", s.id))]

    @cached_property
    def groups(self) -> list[RankGroup]:
        ranks: dict[str, list[Rank]] = {}
        for rank in self.view.ranks:
            ranks.setdefault(rank.group, []).append(rank)
        return [self._group(name, members) for name, members in ranks.items()]

    def _group(self, name: str, members: list[Rank]) -> RankGroup:
        rows = []
        for rank in sorted(members, key=lambda r: (r.place is None, r.place or 0)):
            unit, score = self.view.district.unit(rank.unit), self.view.score(rank.unit)
            if unit is None or score is None:
                continue
            failed = sum(len(i.faults) for i in self.items.open(rank.unit))
            pending = sum(len(i.faults) for i in self.items.pending(rank.unit))
            change = change_of(self.view, rank.unit) or "–"
            known = self.mended_units.get(rank.unit)
            appealed = sum(
                any(f.lead.identity in self.view.appealed for f in i.faults) for i in self.items.failed(rank.unit)
            )
            rows.append(
                RankRow(
                    unit, rank, score, score.worst - score.deducted, failed, pending, change,
                    known.rate if known else "–", appealed,
                )
            )  # fmt: skip
        return RankGroup(name, tuple(rows), tables.group_spread(self.view, name))

    @cached_property
    def indicators(self) -> list[tuple[Standard, tuple[IndicatorRow, ...]]]:
        return [(s, rows) for s in self.view.standards if (rows := tables.indicator_rows(self.view, self.items, s))]

    @property
    def most_lost(self) -> dict[str, Decimal]:
        return {s.id: max((r.total_lost for r in rows), default=Decimal(0)) for s, rows in self.indicators}

    @cached_property
    def heat(self) -> list[tuple[Standard, HeatMap]]:
        return [(s, heat_map(self.view, s)) for s in self.view.standards]

    @cached_property
    def heat_tables(self) -> tuple[HeatTable, ...]:
        return heat_tables(self.heat)

    @cached_property
    def problems(self) -> tuple[ProblemRow, ...]:
        return tables.problem_rows(self.view, self.items)

    @property
    def fault_total(self) -> int:
        return sum(len(i.faults) for i in self.items.open())

    @cached_property
    def rules(self) -> tuple[RuleRow, ...]:
        return tables.rule_rows(self.view, self.frame)

    def quiet_rules(self, waiting: bool) -> list[RuleRow]:
        """Rules that found nothing, with or without something left to people."""
        return [row for row in self.rules if not row.told and bool(row.cannot_tell) is waiting]

    @property
    def systemic(self) -> list[RuleRow]:
        return [row for row in self.rules if row.systemic]

    @property
    def template_faults(self) -> list[RuleRow]:
        """Those that lie in templates or in the platform; what people publish late no platform can mend."""
        return [row for row in self.systemic if row.rule.topic in TEMPLATE_TOPICS]

    @property
    def repeated(self) -> list[Issue]:
        past = self.view.history[-1].fingerprints if self.view.history else frozenset()
        return [i for i in self.items.failed() if past & set(i.fingerprints)]

    @property
    def change(self) -> Change | None:
        return change(self.view)

    @cached_property
    def mended(self) -> Mended | None:
        """The last round's repairs over all units."""
        return altogether(self.view, self.view.history[-1]) if self.view.history else None

    @cached_property
    def mended_units(self) -> dict[str, Mended]:
        return by_unit(self.view)

    @property
    def silent(self) -> tuple[str, ...]:
        """Units that were sent problems and reported nothing."""
        return tuple(u for u, m in self.mended_units.items() if m.silent)

    @property
    def praise(self) -> list[str]:
        good = [s.unit for s in self.scores if s.rated and s.lower >= PRAISE_FROM and not s.veto_possible]
        return [self.view.unit_name(u) for u in good]

    progress_from = PROGRESS_FROM

    @property
    def progress(self) -> list[str]:
        """Units that rose against the last round with their step; empty when the rules are not the same."""
        last = self.view.history[-1] if self.view.history else None
        if last is None or not last.comparable:
            return []
        before = {s.unit: s.upper for s in last.scores if s.standard == self.view.primary.id and s.rated}
        steps = [(s.upper - before[s.unit], s.unit) for s in self.scores if s.rated and s.unit in before]
        risen = sorted((p for p in steps if p[0] >= PROGRESS_FROM), key=lambda p: (-p[0], p[1]))
        return [f"{self.view.unit_name(unit)}（+{figure(step)}分）" for step, unit in risen]

    @property
    def vetoed(self) -> list[str]:
        return [self.view.unit_name(s.unit) for s in self.scores if s.veto]


def overview(view: RoundView, items: Docket) -> bytes:
    """The overview as one HTML file."""
    return render("overview.html.j2", view, "总览", o=Overview(view, items), site=view.coverage.site)
