"""How many problems a round has: counted once here, so that every command and page tells the same number.

A fault is counted once, however many indicators and standards it feeds. What was not fetched is counted apart: it is
nobody's problem and waits for nobody. Whatever two numbers differ by is said in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audit.rounds.cases import Case
from audit.rounds.states import AFTER_RELEASE, COUNTING, UNREVIEWED, State


@dataclass(frozen=True, slots=True)
class Tally:
    """Faults of a round, or of one unit. `first`, `second`, `counted`, `dropped` and `appealed` make up `people`."""

    gaps: int
    first: int  # wait for the first reviewer, `manual` and `referred` of them sent on by one
    manual: int
    referred: int
    scoring: int  # of `first`: would cost points
    second: int
    counted: int  # confirmed: cost points, or are waived
    waived: int  # of `counted`: cost nothing, are not sent out
    lone: int  # of `counted`: only one person stands by it
    released: int  # of `counted`: sent out with a deadline
    closed: int  # of `released`: repaired
    appealed: int
    rejected: int
    duplicates: int
    numbers: int  # numbers that the counted ones have in papers; blank numbers are their own

    @property
    def dropped(self) -> int:
        return self.rejected + self.duplicates

    @property
    def people(self) -> int:
        """What people have to look at, or have looked at."""
        return self.first + self.second + self.counted + self.appealed + self.dropped

    @property
    def found(self) -> int:
        return self.people + self.gaps

    def sentences(self) -> list[str]:
        """The whole account in Chinese: first what there is, then how far people are with it."""
        said = [
            f"机器检出 {self.found} 处（同一处在几个标准、指标下只计一次）：采集未取回 {self.gaps} 处"
            f"（不是单位的问题，不需初审，永不扣分），须人处理 {self.people} 处。",
            f"须人处理的 {self.people} 处：{self._people()}。",
        ]
        if self.counted:
            said.append(f"已确认的 {self.counted} 处：{self._counted()}。")
        return said

    def _people(self) -> str:
        parts = [
            f"待初审 {self.first}{self._of_first()}",
            f"待第二人复核 {self.second}",
            f"已确认 {self.counted}",
        ]
        more = (("申诉中", self.appealed), ("误报", self.rejected), ("重复", self.duplicates))
        return "、".join(parts + [f"{name} {count}" for name, count in more if count])

    def _of_first(self) -> str:
        parts = [(f"转人工 {self.manual}", self.manual), (f"转送 {self.referred}", self.referred)]
        parts.append((f"涉及计分 {self.scoring}", self.first))
        told = [text for text, count in parts if count]
        return f"（其中{'、'.join(told)}）" if told else ""

    def _counted(self) -> str:
        parts = [f"{self.lone} 处只有一人确认（列入约谈材料前须第二人复核）"] if self.lone else ["均经两人确认"]
        if self.waived:
            parts.append(f"{self.waived} 处已登记豁免（不扣分，不下发）")
        if self.released:
            parts.append(f"{self.released} 处已下发整改，其中销号 {self.closed} 处")
        if self.numbers != self.counted:
            parts.append(f"材料中合为 {self.numbers} 个编号（同一栏目同类 6 处以上合为一个）")
        return "，".join(parts)

    def waiting(self, second: bool) -> str:
        """What an export of one person's queue leaves out, and why; blank when nothing."""
        left = [f"待第二人复核 {self.second} 处"] if self.second and not second else []
        if second and self.first:
            left.append(f"待初审 {self.first} 处")
        if self.gaps and not second:
            left.append(f"采集未取回 {self.gaps} 处（不需初审）")
        return f"不在其中：{'；'.join(left)}。" if left else ""


def tally(cases: Iterable[Case], numbers: Mapping[str, str]) -> Tally:
    """Count faults. `numbers` are those of the papers, by identity."""
    every = list(cases)
    own = [c for c in every if not c.gap]
    states = Counter(c.state for c in own)
    counted = [c for c in own if c.state in COUNTING]
    released = [c for c in counted if c.state in AFTER_RELEASE]
    first = [c for c in own if c.state in UNREVIEWED]
    return Tally(
        gaps=len(every) - len(own),
        first=len(first),
        manual=states[State.MANUAL],
        referred=states[State.REFERRED],
        scoring=sum(c.stake > 0 for c in first),
        second=states[State.SECOND],
        counted=len(counted),
        waived=sum(bool(c.lead.waived) for c in counted),
        lone=sum(not c.second and not c.lead.waived for c in counted),
        released=len(released),
        closed=sum(c.state is State.CLOSED for c in released),
        appealed=states[State.APPEALED],
        rejected=states[State.REJECTED],
        duplicates=states[State.DUPLICATE],
        numbers=len({numbers.get(c.identity, c.identity) for c in counted}),
    )
