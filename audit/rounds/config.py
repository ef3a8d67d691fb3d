"""`workflow.toml` of a district folder: people, dates, limits and triggers. Every figure may be changed there.

Defaults marked * in shared practice are ours and not law; the office adopts them in writing.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import Field, model_validator

from config.district import Slug, Strict
from config.errors import ConfigError, Problems
from config.files import Places, parse_toml, read_text
from config.load import find_district
from config.validate import validate

FILE = "workflow.toml"


class People(Strict):
    """Who may act in a role. An empty list leaves the role open to any name."""

    first: tuple[str, ...] = ()  # 初审员
    second: tuple[str, ...] = ()  # 复核员
    deciders: tuple[str, ...] = ()  # 审定
    leaders: tuple[str, ...] = ()  # 分管负责人: approve interviews


class Calendar(Strict):
    """Working days after the cut-off T; `crawl` before it."""

    crawl: int = Field(default=14, ge=0)
    first_review: int = Field(default=3, ge=1)
    second_review: int = Field(default=4, ge=1)
    check_from: int = Field(default=5, ge=1)
    check_to: int = Field(default=7, ge=1)
    objections: int = Field(default=10, ge=1)
    freeze: int = Field(default=11, ge=1)
    release: int = Field(default=12, ge=1)

    @model_validator(mode="after")
    def _ordered(self) -> Calendar:
        days = (self.first_review, self.second_review, self.check_from, self.check_to, self.objections, self.freeze,
                self.release)  # fmt: skip
        if list(days) != sorted(days):
            raise ValueError("各环节的工作日数须依次不减")
        return self


class Deadlines(Strict):
    """Working days from release to repair, and what follows a missed date."""

    veto: int = Field(default=3, ge=1, le=3)
    deduct: int = Field(default=5, ge=1)
    process: int = Field(default=10, ge=1)  # platform or template work
    process_topics: tuple[str, ...] = ("platform", "meta", "accessibility", "domains")
    first_recheck: int = Field(default=1, ge=1)  # after the deadline
    second_recheck: int = Field(default=3, ge=1)
    appeal_in_check: int = Field(default=3, ge=1)
    appeal_after_release: int = Field(default=5, ge=1)
    decide_appeal: int = Field(default=5, ge=1)
    link_required: bool = True  # no link returned = not rectified


class Precision(Strict):
    """A rule measured on a labelled sample of this district's site."""

    rule: str
    sample: int = Field(ge=1)
    false_positives: int = Field(ge=0)
    labelled_on: date
    labelled_by: str

    @property
    def rate(self) -> Decimal:
        return Decimal(self.false_positives) / self.sample


class Review(Strict):
    batch_limit: Decimal = Field(default=Decimal("0.02"), ge=0, le=Decimal("0.02"))
    batch_sample: int = Field(default=50, ge=1)  # a smaller sample measures nothing
    second_topics: tuple[str, ...] = ("sensitive",)
    second_rules: tuple[str, ...] = ("date-conflict", "personal-data-exposed")
    precision: tuple[Precision, ...] = ()
    double_share: Decimal = Field(default=Decimal("0.05"), ge=0, le=1)  # confirmed ones looked at twice, at random
    shadow: bool = True  # a rule that is new to the district costs no points in its first round
    suspend_units: int = Field(default=3, ge=2)  # so many units win on one rule: it is suspended

    def measured(self, rule: str) -> Precision | None:
        return next((p for p in self.precision if p.rule == rule), None)


class Interview(Strict):
    """Triggers T1-T7 (workflow.md §6); all off but the office's own decision until adopted in writing."""

    t1: bool = True
    t2: bool = False
    t2_rounds: int = Field(default=2, ge=2)
    t3: bool = False
    t3_bottom: int = Field(default=1, ge=1)
    t3_rounds: int = Field(default=2, ge=2)
    t4: bool = False
    t5: bool = False
    t5_findings: int = Field(default=1, ge=1)
    t6: bool = False
    t7: bool = False
    adopted_by: str = ""  # the document that adopts T2-T7
    notice_days: int = Field(default=3, ge=1)
    report_days: int = Field(default=10, ge=1)

    @model_validator(mode="after")
    def _adopted(self) -> Interview:
        if any((self.t2, self.t3, self.t4, self.t5, self.t6, self.t7)) and not self.adopted_by:
            raise ValueError("启用 T2–T7 须先书面采纳：请填写 adopted_by（文件名称、文号）")
        return self


class Mail(Strict):
    """Sending. The password is read from $GOVAUDIT_SMTP_PASSWORD, never from a file."""

    sender: str = ""
    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    starttls: bool = True
    user: str = ""
    units: dict[Slug, str] = Field(default_factory=dict)  # unit -> address


class Retention(Strict):
    """Days to keep (workflow.md §9); the office's own table prevails."""

    bulk_days: int = Field(default=90, ge=30)  # bulk crawl, rejected findings
    evidence_days: int = Field(default=730, ge=365)  # confirmed findings, after closure
    papers_days: int = Field(default=3650, ge=3650)  # drafts, slips, re-check papers: ten years
    logs_days: int = Field(default=183, ge=183)  # 《网络安全法》: at least six months


class Schedule(Strict):
    liveness: str = "07:30"  # every day
    freshness_weekday: int = Field(default=1, ge=1, le=7)  # Monday = 1
    freshness: str = "08:00"
    recheck: str = "20:30"  # every day, what is due
    recheck_pages: int = Field(default=600, ge=20)  # of one host, at most, in one re-check of what is due


class Workflow(Strict):
    plan: str = ""  # 计划依据
    filing: str = ""  # 备案号
    people: People = People()
    calendar: Calendar = Calendar()
    deadlines: Deadlines = Deadlines()
    review: Review = Review()
    interview: Interview = Interview()
    mail: Mail = Mail()
    retention: Retention = Retention()
    schedule: Schedule = Schedule()


def load_workflow(ref: str) -> Workflow:
    """Settings of a district folder or built-in district; defaults without the file. Raises ConfigError."""
    folder, _ = find_district(ref)
    if not (folder / FILE).exists():
        return Workflow()
    problems = Problems()
    text = read_text(folder / FILE, folder, problems)
    data = parse_toml(text, FILE, problems) if text is not None else None
    if text is None or data is None:
        raise ConfigError(problems.all())
    found = validate(Workflow, data, FILE, problems, Places(text).where)
    if found is None or problems:
        raise ConfigError(problems.all())
    return found
