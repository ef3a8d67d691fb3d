"""Turning incomplete coverage into a reason and words, and coverage into the search trail of an absence."""

from __future__ import annotations

from collections.abc import Iterable

from checks.facts import ColumnState, Coverage
from checks.outcomes import FetchOutcome, Reason
from checks.verdicts import Scalar

TRAIL = 30
NAVIGATION, COLUMN, COLUMNS, UNIT, SITE = (
    "全站导航",
    "该栏目",
    "有关栏目",
    "本单位",
    "全站",
)  # scopes, as sentences name them
FEED_ONLY, DRIFT, UNLIKE = "feed-only", "reader-drift", "shown-differently"
ROUTE = "hash-route"
LEFT_OUT = {  # why an address was not asked for or what it showed is not all, by the code of crawl and derivation
    FEED_ONLY: "列表只能从订阅（RSS）读到，订阅只含最新的若干条",
    DRIFT: "列表的写法变了，本工具没有读出，不等于没有内容",
    ROUTE: "由脚本按网址中#后的内容切换的页面，没有逐一打开",
    UNLIKE: "网站给采集程序和给浏览器的内容差别很大",
    "external": "外部网站（配置为不检查外链）",
    "robots": "robots.txt 不允许",
    "host-down": "该主机连续无法访问，已停止请求",
    "budget-pages": "超出本轮页数上限",
    "budget-minutes": "超出本轮时间上限",
    "budget-depth": "超出链接层数上限",
    "trap-length": "网址过长",
    "trap-repeat": "路径重复，疑为循环链接",
    "trap-calendar": "无尽的日历页面",
    "trap-query": "同一页面的参数组合过多",
}
_OUTCOMES = frozenset(FetchOutcome)
_REASONS = frozenset(Reason)


def gap_reason(coverage: Coverage) -> Reason:
    """Reason of the first gap; `coverage-incomplete` when it names none. A gap may also name a reason itself."""
    if coverage.worst is None:
        return Reason.INCOMPLETE
    what = coverage.worst.outcome
    if what in _REASONS:
        return Reason(what)
    return FetchOutcome(what).reason if what in _OUTCOMES else Reason.INCOMPLETE


def gap_words(coverage: Coverage) -> str:
    """How much was seen and the first gap, in Chinese."""
    seen = f"{coverage.scope}应取{coverage.known}页，已取{coverage.fetched}页"
    if coverage.worst is None:
        if coverage.known <= coverage.fetched:  # every page is there: what is lacking is told by the note
            return coverage.note or "已知页面均已取回，但有栏目没有找到或列表没有走完"
        return f"{seen}，{coverage.note}" if coverage.note else seen
    what = coverage.worst.outcome
    why = FetchOutcome(what).chinese if what in _OUTCOMES else LEFT_OUT.get(what, "尚未访问")
    why = Reason(what).chinese if what in _REASONS else why
    told = what in (Reason.INCOMPLETE, Reason.AMBIGUOUS_OWNER)  # the gap itself says more than the code
    why = coverage.worst.detail if told and coverage.worst.detail else why
    if coverage.known <= coverage.fetched:  # what is lacking stands on a page that was seen, or beside it
        return f"{coverage.worst.url}（{why}）"
    return f"{seen}，首个缺口{coverage.worst.url}（{why}）"


def search(coverage: Coverage) -> dict[str, Scalar | list[str] | list[list[str]]]:
    """Data of an absence: what was walked, and how complete it was."""
    return {
        "trail": list(coverage.trail[:TRAIL]),
        "fetched": coverage.fetched,
        "known": coverage.known,
        "looked": f"{coverage.scope}{coverage.fetched}页",
        "gap": gap_words(coverage),
    }


def joined(states: Iterable[ColumnState], empty: str) -> Coverage:
    """One coverage over several columns. Incomplete when one is, when one was not found, or when there is none."""
    every = tuple(states)
    if not every:
        return Coverage(complete=False, note=empty)
    lost = [s for s in every if s.url is None and not s.coverage.complete]
    note = f"未找到栏目{lost[0].column_id}" if lost else next((s.coverage.note for s in every if s.coverage.note), "")
    return Coverage(
        complete=all(s.coverage.complete and not s.script_filled for s in every),
        known=sum(s.coverage.known for s in every),
        fetched=sum(s.coverage.fetched for s in every),
        gaps=tuple(g for s in every for g in s.coverage.gaps)[:50],
        trail=tuple(u for s in every for u in s.coverage.trail),
        note=note,
        scope=COLUMNS if len(every) > 1 else every[0].coverage.scope,
    )
