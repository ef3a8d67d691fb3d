"""Closed vocabularies: outcomes of a rule, reasons for not telling, outcomes of a fetch."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """Ordered `inapplicable < passed < cannot-tell < failed` (fixed)."""

    INAPPLICABLE = "inapplicable"
    PASSED = "passed"
    CANNOT_TELL = "cannot-tell"
    FAILED = "failed"

    @property
    def rank(self) -> int:
        return list(Outcome).index(self)


class Reason(StrEnum):
    """Why a verdict is `cannot-tell` (rules.md §0)."""

    FETCH_FAILED = "fetch-failed"
    BLOCKED = "blocked"
    NOT_RENDERED = "not-rendered"
    LOGIN_ONLY = "login-only"
    UNDATED = "undated"
    DATE_CONFLICT = "date-conflict"
    AMBIGUOUS_OWNER = "ambiguous-owner"
    ATTACHMENT_UNREADABLE = "attachment-unreadable"
    REGISTER_MISSING = "register-missing"
    CALENDAR_MISSING = "calendar-missing"
    SAMPLE_SHORT = "sample-short"
    NEEDS_JUDGEMENT = "needs-judgement"
    INCOMPLETE = "coverage-incomplete"

    @property
    def chinese(self) -> str:
        return _REASONS[self]


_REASONS = {
    Reason.FETCH_FAILED: "页面未能取回",
    Reason.BLOCKED: "访问被防护系统拦截",
    Reason.NOT_RENDERED: "页面由脚本生成，尚未渲染",
    Reason.LOGIN_ONLY: "需登录后查看",
    Reason.UNDATED: "未读到日期",
    Reason.DATE_CONFLICT: "日期相互矛盾",
    Reason.AMBIGUOUS_OWNER: "责任单位不明",
    Reason.ATTACHMENT_UNREADABLE: "附件无法读取",
    Reason.REGISTER_MISSING: "缺少台账或登记资料",
    Reason.CALENDAR_MISSING: "缺少该年度工作日历",
    Reason.SAMPLE_SHORT: "样本不足",
    Reason.NEEDS_JUDGEMENT: "需人工判断",
    Reason.INCOMPLETE: "相关页面未全部取回",
}


GAPS = frozenset(
    map(str, (Reason.FETCH_FAILED, Reason.BLOCKED, Reason.NOT_RENDERED, Reason.LOGIN_ONLY, Reason.INCOMPLETE))
)
"""Reasons that lie with our own view: nobody can judge what was not fetched, and it never costs points."""


class FetchOutcome(StrEnum):
    """How one request ended. Everything but OK is either a fact about the site or a gap in our sight."""

    OK = "ok"
    NOT_MODIFIED = "not-modified"
    REDIRECT_LOOP = "redirect-loop"
    REDIRECT_REFUSED = "redirect-refused"  # to another scheme or to a private address
    HTTP_4XX = "http-4xx"
    GONE = "gone"  # 404 and 410
    HTTP_5XX = "http-5xx"
    TIMEOUT = "timeout"
    DNS = "dns"
    REFUSED = "refused"  # connection refused or reset
    TLS = "tls"
    TLS_NATIONAL = "tls-national-crypto"
    WAF = "waf-challenge"
    SOFT_404 = "soft-404"
    PARKED = "parked"
    ROBOTS = "robots"
    LOGIN = "login"
    TOO_LARGE = "too-large"
    TRUNCATED = "truncated"
    WRONG_TYPE = "wrong-type"
    PRIVATE_ADDRESS = "private-address"
    RATE_LIMITED = "rate-limited"
    ABORTED = "aborted"

    @property
    def seen(self) -> bool:
        """The content was seen."""
        return self in (FetchOutcome.OK, FetchOutcome.NOT_MODIFIED)

    @property
    def dead(self) -> bool:
        """The target itself is gone (rules.md §5); anything else that is not seen is a gap, never a fault."""
        return self in (FetchOutcome.GONE, FetchOutcome.HTTP_5XX, FetchOutcome.DNS, FetchOutcome.SOFT_404)

    @property
    def gap(self) -> bool:
        """Our view is incomplete because of this fetch. A page that is gone is an answer, not a gap."""
        return not self.seen and self not in (FetchOutcome.GONE, FetchOutcome.SOFT_404)

    @property
    def reason(self) -> Reason:
        if self in (FetchOutcome.WAF, FetchOutcome.ROBOTS, FetchOutcome.RATE_LIMITED):
            return Reason.BLOCKED
        if self is FetchOutcome.LOGIN:
            return Reason.LOGIN_ONLY
        return Reason.FETCH_FAILED

    @property
    def chinese(self) -> str:
        return _FETCH[self]


_FETCH = {
    FetchOutcome.OK: "正常",
    FetchOutcome.NOT_MODIFIED: "未变化",
    FetchOutcome.REDIRECT_LOOP: "循环跳转",
    FetchOutcome.REDIRECT_REFUSED: "跳转目标不允许访问",
    FetchOutcome.HTTP_4XX: "服务器拒绝请求（4xx）",
    FetchOutcome.GONE: "页面不存在（404/410）",
    FetchOutcome.HTTP_5XX: "服务器错误（5xx）",
    FetchOutcome.TIMEOUT: "超时",
    FetchOutcome.DNS: "域名无法解析",
    FetchOutcome.REFUSED: "连接被拒绝或中断",
    FetchOutcome.TLS: "证书或加密连接错误",
    FetchOutcome.TLS_NATIONAL: "仅支持国密加密连接",
    FetchOutcome.WAF: "被网站防护系统拦截",
    FetchOutcome.SOFT_404: "返回“页面不存在”内容",
    FetchOutcome.PARKED: "域名停放或被抢注",
    FetchOutcome.ROBOTS: "robots.txt 不允许",
    FetchOutcome.LOGIN: "需登录",
    FetchOutcome.TOO_LARGE: "内容过大，未全部读取",
    FetchOutcome.TRUNCATED: "内容传输不完整",
    FetchOutcome.WRONG_TYPE: "内容类型不符",
    FetchOutcome.PRIVATE_ADDRESS: "指向内网地址，拒绝访问",
    FetchOutcome.RATE_LIMITED: "访问过于频繁被限制",
    FetchOutcome.ABORTED: "采集中断",
}
