"""The ledger of new-media accounts and the attested exports of their posts, as rules look at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from checks.facts import AccountFacts
from checks.outcomes import Reason
from checks.snapshot import SHANGHAI, Snapshot
from checks.verdicts import Evidence, Verdict, cannot_tell
from config.district import Account, AccountState, Post, PostExport

PLATFORM_HOSTS = {
    "微信": ("weixin.qq.com", "wechat.com"),
    "微博": ("weibo.com", "weibo.cn"),
    "抖音": ("douyin.com", "iesdouyin.com"),
    "头条": ("toutiao.com", "snssdk.com"),
    "快手": ("kuaishou.com", "gifshow.com"),
    "百家号": ("baidu.com",),
    "视频号": ("weixin.qq.com",),
    "B站": ("bilibili.com", "b23.tv"),
    "哔哩": ("bilibili.com", "b23.tv"),
    "小红书": ("xiaohongshu.com", "xhslink.com"),
}


@dataclass(frozen=True, slots=True)
class LedgerRow:
    account: Account
    facts: AccountFacts
    export: PostExport | None  # the newest one that does not lie after the day of judgement

    @property
    def active(self) -> bool:
        return self.account.state is AccountState.ACTIVE

    @property
    def words(self) -> str:
        return f"{self.account.platform}“{self.account.name}”"

    def evidence(self) -> tuple[Evidence, ...]:
        row = f"台账：{self.account.account_id} {self.words} {self.account.state}"
        found = [Evidence(self.account.url, quote=row)]
        if self.export is not None:
            note = f"发布清单{self.export.file}，{self.export.exported_on}导出，共{len(self.export.posts)}条"
            found.append(Evidence("", self.export.sha256, quote=note))
        return tuple(found)


def ledger(snapshot: Snapshot) -> Iterator[LedgerRow]:
    """Rows of the ledger in its own order; empty when there is none."""
    seen = {f.account_id: f for f in snapshot.accounts()}
    for account in snapshot.district.accounts or ():
        exports = [
            e
            for e in snapshot.district.exports
            if e.account_id == account.account_id and e.exported_on <= snapshot.today
        ]
        newest = max(exports, key=lambda e: e.exported_on, default=None)
        yield LedgerRow(account, seen.get(account.account_id, AccountFacts(account.account_id)), newest)


def no_ledger(snapshot: Snapshot) -> Iterator[Verdict]:
    """The one verdict of every account rule when the office has supplied no ledger."""
    if snapshot.district.accounts is None:
        yield cannot_tell(snapshot.district.site.main_host, Reason.REGISTER_MISSING)


def post_day(post: Post) -> date | None:
    """Day of a post in Shanghai; None when its time cannot be read."""
    try:
        moment = datetime.fromisoformat(post.published)
    except ValueError:
        return None
    return (moment.astimezone(SHANGHAI) if moment.tzinfo else moment).date()


def newest_post(export: PostExport, today: date) -> tuple[date, Post] | None:
    dated = [(day, p) for p in export.posts if not p.deleted and (day := post_day(p)) is not None and day <= today]
    return max(dated, key=lambda pair: pair[0], default=None)


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def platform_of(host: str) -> str:
    """The platform a host belongs to; blank when it is none of the known ones."""
    for platform, hosts in PLATFORM_HOSTS.items():
        if any(host == h or host.endswith("." + h) for h in hosts):
            return platform
    return ""
