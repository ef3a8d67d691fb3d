"""Models of a district folder: who is audited, what is expected where, and how the crawl may behave.

Every model is frozen and refuses unknown keys; loading and cross-checks live in `config.load` and `config.lint`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]
Host = Annotated[str, StringConstraints(pattern=r"^[^\s/:@]+$", to_lower=True, max_length=253)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class UnitGroup(StrEnum):
    """Ranking groups of the unit table (outputs.md §0: ranking only inside a group)."""

    TOWN = "镇街"
    DEPARTMENT = "政府组成部门"
    DIRECT = "直属及派出"
    VERTICAL = "垂直管理"
    UTILITY = "公共企事业单位"


class Unit(Strict):
    """A department, town or street office that is scored. Blank means not known, never a default."""

    unit_id: Slug
    name_full: str = ""
    name_short: str
    aliases: tuple[str, ...] = ()
    group: UnitGroup
    has_public_service: bool | None = None
    priority_domains: tuple[str, ...] = ()
    column_urls: tuple[str, ...] = ()
    liaison: str = ""
    liaison_phone: str = ""
    leader_in_charge: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successor_id: str = ""
    scored: bool | None = None
    confirmed: str = "no"
    seed_clauses: tuple[str, ...] = ()
    note: str = ""

    @property
    def name(self) -> str:
        return self.name_full or self.name_short

    def names(self) -> tuple[str, ...]:
        """All names a page may use for this unit, longest first (aliases are matched longest first)."""
        every = {self.name_full, self.name_short, *self.aliases} - {""}
        return tuple(sorted(every, key=lambda n: (-len(n), n)))

    def valid_at(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class ColumnClass(StrEnum):
    """Freshness class of a column; the day limits themselves are parameters of a standard."""

    DYNAMIC = "动态"
    NOTICE = "通知公告"
    POLICY = "政策文件"
    INTERPRETATION = "政策解读"
    MESSAGES = "留言"
    REGULAR = "其他"
    STATIC = "静态"  # 概况, 指南 …: content pages without rows, no freshness limit


class Column(Strict):
    """A 栏目 that is expected. Found by `path` when given, else by label or alias in the navigation."""

    column_id: Slug
    label: str
    aliases: tuple[str, ...] = ()
    path: str = ""  # site path ("/zwgk/zcjd/") or absolute URL; blank = discover by label
    unit_id: str = ""  # who answers for it; blank = the portal's owner
    column_class: ColumnClass = ColumnClass.REGULAR
    role: str = ""  # what the rules look it up by, e.g. "guide", "interpretation", "policy-library"
    required_by: tuple[str, ...] = ()  # required lists: portal-basic, art20, art21-district …
    parent: str = ""
    freshness_days: int | None = Field(default=None, gt=0)  # stricter own limit of this column
    confirmed: bool = False  # path seen and confirmed by the office
    note: str = ""


class AccountState(StrEnum):
    ACTIVE = "正常"
    SUSPENDED = "停更公示"
    CLOSED = "已注销"


class Account(Strict):
    """One row of 政务新媒体台账.csv (new-media.md §3)."""

    account_id: str
    platform: str
    name: str
    platform_account: str = ""
    url: str = ""  # 主页或二维码链接
    unit: str = ""  # 主办单位, as written in the ledger
    unit_id: str = ""  # resolved on loading through the unit aliases; blank = not resolved
    supervisor: str = ""
    kind: str = ""
    certified_as: str = ""
    opened: date | None = None
    state: AccountState = AccountState.ACTIVE
    changed: date | None = None
    filing_no: str = ""
    functions: tuple[str, ...] = ()
    person: str = ""
    update_promise: str = ""
    note: str = ""


class Post(Strict):
    """One row of 账号发布清单.csv."""

    platform: str
    account_id: str
    published: str  # ISO 8601 with offset
    title: str
    url: str = ""
    kind: str = ""
    origin: str = ""
    deleted: bool = False


class PostExport(Strict):
    """One export file of an account's posts, with who attested it and until when it speaks."""

    account_id: str
    file: str
    sha256: str
    exported_on: date  # the export says nothing about days after this one
    attested_by: str = ""
    posts: tuple[Post, ...] = ()


class Waiver(Strict):
    """A finding class that is known and accepted for a time: shown and counted, never a pass."""

    rule: str
    unit: str = ""
    column: str = ""
    subject: str = ""
    reason: str
    legal_basis: str
    approver: str
    valid_from: date
    valid_to: date


class NotApplicable(Strict):
    """One line of the N/A register: unit x item x reason x statement x valid until (workflow.md §5)."""

    unit: str
    rule: str = ""
    indicator: str = ""
    column: str = ""
    reason: str
    statement_url: str = ""
    approver: str
    valid_to: date


class Site(Strict):
    name: str
    home: str
    main_host: Host
    hosts: tuple[Host, ...] = ()  # all hosts that belong to the audited site, main host included
    site_code: str = ""  # 网站标识码 from the filing system; blank = unknown, then never compared
    nav_only_home: bool = False
    allow_hosts: tuple[str, ...] = ()  # foreign hosts that columns may lawfully live on (provincial platforms …)
    silent_hosts: tuple[str, ...] = ()  # hosts that need no leaving notice
    closed_domains: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()  # regular expressions over URLs that are never requested


class Crawl(Strict):
    authorisation: str = ""  # document that allows the crawl; blank = robots.txt is obeyed
    contact: str = ""
    rate: Decimal = Field(default=Decimal("1"), gt=0)  # requests per second and host, at most
    concurrency: int = Field(default=2, ge=1, le=32)  # requests in flight per host
    max_pages: int = Field(default=20_000, ge=1)
    max_minutes: int = Field(default=600, ge=1)
    max_depth: int = Field(default=12, ge=1)
    max_body_mb: int = Field(default=20, ge=1)
    timeout_s: int = Field(default=30, ge=1)
    window: tuple[str, str] | None = None  # ("20:00", "06:00") local time; None = any time
    obey_robots: bool = True
    external_links: bool = True
    external_reads: int = Field(default=200, ge=0)  # pages of other sites that are read, beside asking by HEAD
    allow_private: tuple[str, ...] = ()  # host names that may resolve to private addresses
    canary: str = Field(default="https://www.gov.cn/", pattern=r"^https?://[^\s/]+")  # asked beside each probe


class Browser(Strict):
    enabled: bool = True
    executable: str = ""
    sample_articles: int = Field(default=20, ge=0)
    seed: int = 2026
    timeout_s: int = Field(default=30, ge=1)
    grid_url: str = ""  # Selenium Grid for the accessibility pass; blank = local Playwright


class Adoption(Strict):
    """The office's written decision to let indicators cost points that ship at zero (confidence B, C or *)."""

    standard: str
    indicators: tuple[str, ...] = ("*",)
    document: str
    decided_on: date
    title: str = ""  # what the district calls the standard in its papers; blank = the standard's own title


class Calendar(Strict):
    """Days that the calendar package does not know yet (State Council notice of that year)."""

    years: tuple[int, ...] = ()  # years that `holidays` and `workdays` cover completely
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()  # make-up Saturdays and Sundays


class Demo(Strict):
    """Only the bundled demonstration district: serve it while the audit runs."""

    serve: bool = False
    as_of: str = ""


class District(Strict):
    """A whole district folder, loaded and cross-checked."""

    id: Slug
    name: str
    full_name: str
    office: str
    portal_owner: str
    region_code: str = ""
    phone_area_code: str = ""
    plan_year: int | None = None
    plan_published: date | None = None
    standards: tuple[str, ...]  # the first one is the primary standard, whose score is ranked
    public_document_series: tuple[str, ...] = ()  # e.g. 台政发, 台政办发: eligible for interpretation
    # unit ids as another district's standard writes them -> the units that bear these duties here
    standard_units: dict[Slug, tuple[Slug, ...]] = Field(default_factory=dict)
    site: Site
    crawl: Crawl = Crawl()
    browser: Browser = Browser()
    resolve: dict[Host, str] = Field(default_factory=dict)
    overrides: dict[str, dict[str, object]] = Field(default_factory=dict)
    adoptions: tuple[Adoption, ...] = ()
    calendar: Calendar = Calendar()
    demo: Demo = Demo()
    units: tuple[Unit, ...] = ()
    columns: tuple[Column, ...] = ()
    accounts: tuple[Account, ...] | None = None  # None = no ledger was supplied
    exports: tuple[PostExport, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    not_applicable: tuple[NotApplicable, ...] = ()
    source: str = ""  # folder or built-in id it was loaded from
    config_hash: str = ""  # sha256 over the canonical content of all files

    def unit(self, unit_id: str) -> Unit | None:
        return next((u for u in self.units if u.unit_id == unit_id), None)

    def column(self, column_id: str) -> Column | None:
        return next((c for c in self.columns if c.column_id == column_id), None)

    def owner_of(self, column: Column) -> str:
        return column.unit_id or self.portal_owner

    def is_named(self, unit: Unit, names: Iterable[str]) -> bool:
        """Whether `names`, as a standard writes them, mean this unit.

        A name is the id of a unit, an id that `standard_units` translates, or a unit group (镇街) for all its units.
        """
        return any(name == unit.group or unit.unit_id in self.standard_units.get(name, (name,)) for name in names)

    def own_hosts(self) -> frozenset[str]:
        return frozenset({self.site.main_host, *self.site.hosts})
