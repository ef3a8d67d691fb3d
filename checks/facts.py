"""What was read from pages. Every fact carries where it was seen and the words it was read from.

All values are frozen and encode to JSON with msgspec, which is how the facts store keeps them.
Days are `datetime.date` in Asia/Shanghai; instants are ISO 8601 strings in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from checks.outcomes import FetchOutcome


class PageKind(StrEnum):
    HOME = "home"
    LIST = "list"
    ARTICLE = "article"
    POLICY = "policy"  # 政策文件页: has a document number or a header table
    INTERPRETATION = "interpretation"
    PLATFORM = "platform"  # 公开指南, 依申请公开, 机构职能 …: content without rows or publish date
    REPORT = "report"  # 年度报告
    STUB = "stub"  # redirect by meta refresh or script
    CHALLENGE = "challenge"  # WAF page under any path
    OTHER = "other"


class DateOrigin(StrEnum):
    """Where a date was seen. SHOWN and SCRIPT are what a reader sees."""

    SHOWN = "shown"  # labelled or standing in the article's info line
    SCRIPT = "script"  # written by document.write from a variable: visible in a browser
    ISSUED = "issued"  # 发布日期 in a policy file's header table
    SIGNED = "signed"  # 成文日期
    EFFECTIVE = "effective"  # 施行 / 实施日期
    EXPIRY = "expiry"  # 失效日期
    META = "meta"  # PubDate
    URL = "url"
    LIST = "list"  # the row in a column that leads here
    BODY = "body"  # stands in running text or a signature
    LAST_MODIFIED = "last-modified"
    FIRST_SEEN = "first-seen"


@dataclass(frozen=True, slots=True)
class Fact:
    """A text read from a page. `origin` names the place ("title-tag", "meta:SiteName", "footer" …)."""

    value: str
    origin: str
    quote: str = ""
    locator: str = ""  # CSS-like path or "line N"


@dataclass(frozen=True, slots=True)
class DateFact:
    value: date
    origin: DateOrigin
    quote: str = ""
    locator: str = ""
    time: str = ""  # "09:12" or "09:12:33" when shown


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a list."""

    title: str
    url: str
    date: date | None = None
    pinned: bool = False
    quote: str = ""  # the row's visible text
    order: int = 0
    year_inferred: bool = False  # the row shows month and day only


class Region(StrEnum):
    HEADER = "header"
    NAVIGATION = "navigation"
    CONTENT = "content"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class Link:
    url: str  # normalised absolute URL; for mailto:, tel:, javascript: the raw value
    text: str
    region: Region = Region.CONTENT
    kind: str = "page"  # page, attachment, image, frame, choice (of a menu), script-action, mail
    hidden: str = ""  # why it cannot be seen: "display:none", "0px", "off-screen"; blank = visible
    rel: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Marks of identity in header and footer (19号 D29, D30, D36)."""

    site_name: Fact | None = None
    site_code: Fact | None = None  # 网站标识码
    icp: Fact | None = None
    police: Fact | None = None  # 公安备案
    party_mark: Fact | None = None  # 党政机关网站标识
    error_report: Fact | None = None  # 我为政府网站找错
    sponsor: Fact | None = None  # 主办单位
    contact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page as extraction saw it. `text` is the main content only, whitespace folded."""

    url: str
    sha256: str
    fetched_at: str
    kind: PageKind
    encoding: str = "utf-8"
    reader: str = ""  # list reader or CMS family that fitted
    title: Fact | None = None
    published: DateFact | None = None  # the date a reader sees; None when none is visible
    dates: tuple[DateFact, ...] = ()
    source: Fact | None = None  # 来源
    publisher: Fact | None = None  # 发布机构 / 发文机关
    docno: Fact | None = None  # 发文字号
    header: tuple[Fact, ...] = ()  # policy header table; origin = field name (索引号, 有效性 …)
    meta: tuple[tuple[str, str], ...] = ()  # (name as written, content), in document order
    identity: Identity = field(default_factory=Identity)
    rows: tuple[Row, ...] = ()
    breadcrumb: tuple[str, ...] = ()
    marks: tuple[Fact, ...] = ()  # origin: search-box, elder-entry, consult-entry, placeholder, video, audio,
    # lost-anchor, fragment, feed, declared-feed, drift, big-image, player, phone, disclosure-entry, login, toolbar,
    # interpretation-link, policy-link, form, local-file, figures, script-link (an address
    # in an inline script), footer-frame, body-script (a script file of the site, loaded in the body)
    text: str = ""
    text_length: int = 0
    needs_render: bool = False  # content is filled by script and was not seen
    rendered: bool = False  # read from the browser's DOM
    owner: str = ""  # unit id, set on derivation; blank = ambiguous
    owner_basis: str = ""  # publisher, source, column, alias
    column: str = ""  # column id it belongs to; blank = none
    list_dates: tuple[DateFact, ...] = ()  # dates under which lists show this page
    tables: tuple[tuple[tuple[str, ...], ...], ...] = ()  # of reports and decision catalogues: grids of cell texts
    load_ms: tuple[int, ...] = ()  # measured loads in the browser, milliseconds; empty = not measured

    def meta_value(self, name: str) -> str | None:
        """Content of a META name, case-insensitive; `None` if the name is absent, `""` if it is empty."""
        low = name.lower()
        return next((v for k, v in self.meta if k.lower() == low), None)

    def marks_of(self, origin: str) -> tuple[Fact, ...]:
        return tuple(m for m in self.marks if m.origin == origin)

    def header_field(self, name: str) -> Fact | None:
        return next((f for f in self.header if f.origin == name), None)

    def date_of(self, origin: DateOrigin) -> DateFact | None:
        return next((d for d in self.dates if d.origin == origin), None)


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of the site that was not seen, and why."""

    url: str
    outcome: str  # FetchOutcome value, or "unvisited" with a budget reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a scope (column, unit, site) was seen. `trail` is the search log: URLs walked, in order.

    `scope` names it in Chinese, for sentences that say where was looked; blank where only one place can be meant.
    """

    complete: bool
    known: int = 0
    fetched: int = 0
    gaps: tuple[Gap, ...] = ()  # at most 50; `known - fetched` is the full count
    trail: tuple[str, ...] = ()
    note: str = ""
    scope: str = ""

    @property
    def worst(self) -> Gap | None:
        return self.gaps[0] if self.gaps else None


@dataclass(frozen=True, slots=True)
class ColumnState:
    """What was found of one expected column. `url` is None if it was not found."""

    column_id: str
    url: str | None = None
    found_by: str = ""  # path, label, alias, column-name, column-type, breadcrumb
    found_label: str = ""
    sha256: str = ""
    fetched_at: str = ""
    rows: tuple[Row, ...] = ()  # newest 200, document order; `row_count` counts all
    row_count: int = 0
    dated_rows: int = 0
    newest: Row | None = None  # newest by date over all list pages, pinned rows included by their date
    list_pages: tuple[str, ...] = ()
    placeholder: Fact | None = None  # 暂无, 建设中 …
    statement: Fact | None = None  # 情况说明 / 本年度无此事项, with its date in the quote
    statement_date: date | None = None
    content: bool = False  # the front carries content of its own (static column)
    children_with_rows: int = 0
    external: str = ""  # absolute URL of another system the column leads to
    script_filled: bool = False  # list is filled by script and was not rendered
    outcome: FetchOutcome | None = None  # of the front page, when a URL is known
    coverage: Coverage = Coverage(complete=False)
    near_misses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Try:
    at: str
    method: str
    outcome: FetchOutcome
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a link stands."""

    url: str
    text: str
    region: Region
    hidden: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A link target with the proof of what answered there and the pages that point to it."""

    url: str
    kind: str  # page, attachment, image, external
    internal: bool
    outcome: FetchOutcome | None  # None: never requested
    status: int | None = None
    final_url: str = ""
    tries: tuple[Try, ...] = ()
    places: tuple[Place, ...] = ()  # at most 20; `place_count` counts all
    place_count: int = 0
    regions: tuple[Region, ...] = ()
    on_home: bool = False
    leave_notice: bool | None = None  # a notice was shown on leaving the site; None: the click was not exercised


class PairBasis(StrEnum):
    LINK = "link"
    DOCNO = "docno"
    TITLE = "title"  # equal after stripping the formal parts
    FUZZY = "fuzzy"


@dataclass(frozen=True, slots=True)
class Pair:
    """A policy file and one of its interpretations (URLs), and which way the links run."""

    policy: str
    interpretation: str
    basis: PairBasis
    similarity: float = 1.0
    policy_links: bool = False
    interpretation_links: bool = False
    quote: str = ""


@dataclass(frozen=True, slots=True)
class AxeRule:
    """One accessibility rule on one page."""

    rule: str  # axe rule id
    impact: str  # critical, serious, moderate, minor
    result: str  # violation or incomplete
    tags: tuple[str, ...] = ()
    nodes: int = 0
    html: str = ""  # first node, at most 300 characters
    target: str = ""
    screenshot: str = ""  # sha256 of the boxed element screenshot


@dataclass(frozen=True, slots=True)
class AxePage:
    url: str
    sha256: str  # of the stored axe result
    fetched_at: str
    template: str  # page template the page stands for
    mode: str = "normal"  # normal or elder
    engine: str = ""  # axe-core version
    ok: bool = True  # False: not rendered, see `error`
    error: str = ""
    rules: tuple[AxeRule, ...] = ()
    passes: int = 0
    screenshot: str = ""
    overlays: tuple[str, ...] = ()  # visible overlays or pop-ups, described
    shown: str = ""  # what the browser showed in place of the page, in its own words: an error, a challenge


@dataclass(frozen=True, slots=True)
class Probe:
    """One spaced availability probe of a front page. `control` tells whether the control host answered then."""

    at: str
    ok: bool  # opened within the time limit
    elapsed_ms: int = 0
    outcome: FetchOutcome | None = None
    control: bool | None = None


@dataclass(frozen=True, slots=True)
class HostState:
    """One host of the audited site: how its front answered."""

    host: str
    outcome: FetchOutcome | None
    status: int | None = None
    final_url: str = ""
    https: bool | None = None
    fetched_at: str = ""
    sha256: str = ""
    pages: int = 0
    certificate_ok: bool | None = None  # None: no https answer to judge
    certificate: str = ""  # what is wrong with it, in the words of the TLS library
    ipv6: bool | None = None  # has an AAAA record and answers over it; None: our own exit has no IPv6
    probes: tuple[Probe, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What could be seen of one new-media account beside its ledger row."""

    account_id: str
    link: Target | None = None
    on_matrix_page: bool | None = None  # None: no matrix page found
    matrix_url: str = ""
    page_title: Fact | None = None
    page_owner: Fact | None = None
    qr_url: str = ""
