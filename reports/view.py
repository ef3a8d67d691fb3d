"""What a report is made of: one frozen assessment round, read-only. `audit` fills it, `reports.build` renders it.

Nothing here is computed by reports: scores, ranks, coverage and findings arrive as they were judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from checks.bygone import ACCEPTED, ANSWER, happened
from checks.engine import RuleError
from checks.facts import AxePage, ColumnState, Coverage, HostState
from checks.rule import Rule, fill
from checks.scores import Rank, Score
from checks.snapshot import SHANGHAI
from checks.verdicts import Data, Finding
from config.district import District, Unit
from config.standard import Indicator, Standard


class Visibility(StrEnum):
    """Who may read a file (outputs.md, head). PUBLIC carries no ranking, names, phones or screenshots."""

    INTERNAL = "内部"
    UNIT = "送单位"
    PUBLIC = "可公开"


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """The words of a rule that reports print. `fix` and `recheck` may have placeholders filled from `data`."""

    id: str
    title: str
    version: int = 1
    status: str = "stable"
    why: str = ""
    fix: str = ""
    recheck: str = ""
    question: str = ""
    legal: tuple[str, ...] = ()
    topic: str = ""
    past: tuple[str, ...] = ()  # data by which a delay that has happened is known

    @classmethod
    def of(cls, rule: Rule) -> RuleInfo:
        return cls(
            rule.id, rule.title, rule.version, str(rule.status), rule.why, rule.fix, rule.recheck, rule.question,
            rule.legal, rule.topic, rule.past,
        )  # fmt: skip

    def remedy(self, data: Data) -> tuple[str, str]:
        """Fix text and re-check test, filled from a finding's data; an unknown placeholder reads 规定."""
        return fill(self.fix, data), fill(self.recheck, data)

    def asked(self, finding: Finding) -> tuple[str, str]:
        """What is asked for and how it is re-checked; of a delay that has happened nothing that cannot be done."""
        if self.bygone(finding.data) and self.recheck != ACCEPTED:
            return ANSWER, ACCEPTED
        return self.remedy(finding.data)

    def bygone(self, data: Data) -> bool:
        """Whether the fault is a delay that has happened, so that no page can undo it."""
        return happened(self.past, data)


@dataclass(frozen=True, slots=True)
class GapCount:
    """Pages that were not seen for one reason. `outcome` is a FetchOutcome value or "unvisited"."""

    outcome: str
    count: int
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SkipCount:
    """URLs deliberately not requested, by reason in Chinese."""

    reason: str
    count: int
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoverageView:
    """How much was seen: `known` and `fetched` of `site` count URLs, `pages` its pages that were read."""

    site: Coverage
    pages: int = 0
    outside: int = 0  # pages of other sites that were read beside them: accounts, platforms
    columns: Mapping[str, Coverage] = field(default_factory=dict)  # column id → coverage
    hosts: tuple[HostState, ...] = ()
    gaps: tuple[GapCount, ...] = ()
    skipped: tuple[SkipCount, ...] = ()


@dataclass(frozen=True, slots=True)
class Impact:
    """The load that crawl and browser put on the site (workflow.md §8). The mean is the crawl's; times are UTC."""

    requests: int
    bytes: int
    started_at: str = ""
    ended_at: str = ""
    mean_ms: Decimal | None = None
    by_browser: int = 0  # of the requests


@dataclass(frozen=True, slots=True)
class AxeView:
    """What the accessibility pass covered."""

    engine: str = ""
    engine_sha256: str = ""
    planned: int = 0
    pages: tuple[AxePage, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """What became of one fault after it was sent out. Days are Asia/Shanghai, None where it did not happen.

    `result` is that of the last re-check (通过、未通过 …, blank before one), `state` the word of the workflow.
    """

    issued: date
    deadline: date | None = None
    reported: date | None = None
    rechecked: date | None = None
    result: str = ""
    state: str = ""
    closed: date | None = None

    def late(self, day: date) -> int:
        """Calendar days past the deadline, up to the day of the closing re-check or else `day`; 0 when in time."""
        if self.deadline is None or self.result == UNSEEN:
            return 0
        done = self.reported if self.closed and self.reported else self.closed
        return max(0, ((done or day) - self.deadline).days)


UNSEEN = "无法复查"  # our own failure to look: never held against a unit


@dataclass(frozen=True, slots=True)
class PastRound:
    """What an earlier round left for comparison. `fingerprints` are its failed findings.

    `repairs` tells by identity what became of what was sent out, as known on `told`.
    """

    round_id: str
    as_of: datetime
    scores: tuple[Score, ...] = ()
    ranks: tuple[Rank, ...] = ()
    fingerprints: frozenset[str] = frozenset()
    comparable: bool = True  # False: rules changed in between
    findings: tuple[Finding, ...] = ()
    repairs: Mapping[str, Repair] = field(default_factory=dict)
    told: date | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """One step of the decision to hold an interview; blank where nothing is recorded. `said` is number or opinion."""

    step: str
    who: str = ""
    day: date | None = None
    said: str = ""


SIGNING = ("提出约谈建议", "科室负责人审核", "分管负责人批准")


@dataclass(frozen=True)
class RoundView:
    """One round, ready to be rendered. The first standard is the primary one, whose score is ranked.

    `artifact` returns the bytes of a stored screenshot by sha256, or None; `screenshots` maps a page URL to
    the sha256 of its screenshot. `history` is oldest first and empty in the first round.
    """

    district: District
    round_id: str
    as_of: datetime
    snapshot_id: str
    standards: tuple[Standard, ...]
    findings: tuple[Finding, ...]
    scores: tuple[Score, ...]
    ranks: tuple[Rank, ...]
    rules: Mapping[str, RuleInfo]
    coverage: CoverageView
    columns: tuple[ColumnState, ...] = ()
    impact: Impact | None = None
    collected: tuple[date, date] | None = None  # first and last day on which pages were asked for
    axe: AxeView = AxeView()
    manifest_sha256: str = ""
    tool_version: str = ""
    rule_errors: tuple[RuleError, ...] = ()
    artifact: Callable[[str], bytes | None] = lambda sha256: None
    screenshots: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)  # of a screenshot: the artifact of its text and places
    taken: Mapping[str, str] = field(default_factory=dict)  # ISO instant by sha256 of a picture
    visibility: Visibility = Visibility.INTERNAL
    provisional: bool = True  # 机器初判，未经人工确认: printed on every file
    stage: str = ""  # of a result that people decided but that is not frozen, e.g. 核对稿; blank once it is
    history: tuple[PastRound, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)  # by identity, as this round's papers print them
    appealed: frozenset[str] = frozenset()  # identities of faults under appeal: they stay out of interview packs
    repairs: Mapping[str, Repair] = field(default_factory=dict)  # by identity: what became of this round's faults
    told: date | None = None  # the day up to which `repairs` is known
    unsigned: Mapping[str, str] = field(default_factory=dict)  # by unit: why its interview papers are still a draft
    signed: Mapping[str, tuple[Signed, ...]] = field(default_factory=dict)  # by unit: who proposed, backed, approved
    remarks: tuple[str, ...] = ()  # how people worked on the round, told among the limits of the overview
    prefix: str = ""  # of finding numbers; blank = first three letters of the district id

    @property
    def standing(self) -> str:
        """Why the files are no final result, in a few words for the head of every page; blank when they are."""
        if self.provisional:
            return "机器初判·未经人工确认"
        return f"{self.stage}·尚未冻结" if self.stage else ""

    @property
    def collection(self) -> str:
        """When the pages were collected; blank when that is not known."""
        if self.collected is None:
            return ""
        first, last = self.collected
        return f"{first}" if first == last else f"{first}至{last}"

    @property
    def two_dates(self) -> str:
        """One sentence that tells the day of judgement from the days of collection, where they lie apart."""
        if self.collected is None:
            return ""
        day, (first, last) = self.as_of.astimezone(SHANGHAI).date(), self.collected
        if abs((first - day).days) <= 1 and abs((last - day).days) <= 1:
            return ""
        return (
            f"页面采集于{self.collection}，期限和时效按数据截止日{day}计算；"
            f"“至{day}仍未找到”指采集所见页面中没有该日以前的内容。"
        )

    @property
    def primary(self) -> Standard:
        return self.standards[0]

    @cached_property
    def _indicators(self) -> dict[str, tuple[Standard, Indicator]]:
        return {f"{s.id}/{i.id}": (s, i) for s in self.standards for i in s.indicators}

    def indicator(self, key: str) -> tuple[Standard, Indicator] | None:
        """Standard and indicator of a finding's `indicator` ("<standard>/<indicator id>")."""
        return self._indicators.get(key)

    @cached_property
    def _scores(self) -> dict[tuple[str, str], Score]:
        return {(s.unit, s.standard): s for s in self.scores}

    def score(self, unit: str, standard: str | None = None) -> Score | None:
        return self._scores.get((unit, standard or self.primary.id))

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Units that get a card: everyone with a score or a finding, in configuration order."""
        seen = {s.unit for s in self.scores} | {f.unit for f in self.findings}
        return tuple(u for u in self.district.units if u.unit_id in seen)

    def unit_name(self, unit_id: str) -> str:
        unit = self.district.unit(unit_id)
        return unit.name_short or unit.name if unit else (unit_id or self.district.site.name)

    def rule(self, rule_id: str) -> RuleInfo:
        return self.rules.get(rule_id) or RuleInfo(rule_id, rule_id)
