"""The new-media matrix with QR codes, the account pages on platform hosts, and the ledger's rows."""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

from dataclasses import dataclass

from audit.demo.assets import qr
from audit.demo.bodies import body
from audit.demo.layout import Crumbs
from audit.demo.model import SITE_NAME, WWW, Producer, Replica, Response
from audit.demo.offsite import challenge
from audit.demo.statics import static

WEIXIN, WEIBO = "mp.weixin.qq.com", "weibo.com"
WEIBO_MOBILE = "m.weibo.cn"


@dataclass(frozen=True, slots=True)
class Account:
    """A row of the ledger and what the matrix page shows of it."""

    id: str
    platform: str
    name: str
    unit: str
    state: str = "正常"
    on_matrix: bool = True
    answers: int = 200  # status of the account's address
    titled: str = ""  # what the account page calls itself; blank: the name
    owned: str = ""  # unit that the account page names; blank: the account's own
    moved: str = ""  # where the account's address redirects to

    @property
    def host(self) -> str:
        return WEIXIN if self.platform == "微信" else WEIBO

    @property
    def path(self) -> str:
        return f"/s/{self.id}" if self.platform == "微信" else f"/{self.id}"

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"


ACCOUNTS: tuple[Account, ...] = (
    Account("qh-wx-zfb", "微信", "青禾政务", "zfb"),
    Account("qh-wb-zfb", "微博", "青禾政务", "zfb", moved=f"http://{WEIBO_MOBILE}/u/qh-wb-zfb"),
    Account("qh-wx-jyj", "微信", "青禾教体", "jyj", answers=412),
    Account("qh-wx-mzj", "微信", "青禾民政", "mzj"),
    Account("qh-wx-rsj", "微信", "青禾人社", "rsj", answers=404),
    Account("qh-wx-hesui", "微信", "禾穗发布", "hesui", owned="mzj"),
    Account("qh-wx-yunsang", "微信", "云桑发布", "yunsang", state="已注销", on_matrix=False),
    Account("qh-wb-yunsang", "微博", "云桑发布", "yunsang", state="已注销"),
    Account("qh-wx-mailang", "微信", "麦浪发布", "mailang", on_matrix=False),
    Account("qh-wx-qingting", "微信", "青汀发布", "qingting"),
    Account("qh-wx-qingting2", "微信", "青汀之声", "qingting"),
    Account("qh-wx-fgj", "微信", "青禾发改", "fgj"),
    Account("qh-wb-jyj", "微博", "青禾教体", "jyj"),
    Account("qh-wx-zfb2", "微信", "青禾政务服务", "zfb"),
)
_SHARE = "http://service.weibo.com/share/share.php"  # a button for sharing is no account


def add_media(replica: Replica) -> None:
    """Register the matrix page, one QR code per shown account and the account pages."""
    entries = []
    for account in ACCOUNTS:
        if account.on_matrix:
            picture = f"/assets/qr/{account.id}.png"
            replica.add(WWW, picture, lambda url=account.url: qr(url))  # type: ignore[misc]
            entries.append(
                f'<li><img src="{picture}" alt="{account.name}{account.platform}二维码" width="160" height="160">'
                f'<a href="{account.url}">{account.name}（{account.platform}）</a><br>主办：{body(account.unit).full}</li>'
            )
        if account.moved:
            replica.add(account.host, account.path, lambda to=account.moved: _moved(to))  # type: ignore[misc]
            replica.add(WEIBO_MOBILE, account.moved.removeprefix(f"http://{WEIBO_MOBILE}"), _account_page(account))
        elif account.answers == 200:
            replica.add(account.host, account.path, _account_page(account))
        elif account.answers == 412:  # the platform turns machines away: that says nothing about the account
            replica.add(account.host, account.path, lambda: challenge(412))
    crumbs: Crumbs = (("首页", "/"),)
    text = "<p>青禾区政务新媒体矩阵，扫描二维码关注。</p>" + f'<ul class="accounts">{"".join(entries)}</ul>'
    text += f'<p><a href="{_SHARE}">分享到微博</a></p>'
    replica.add("service.weibo.com", "/share/share.php", lambda: Response("<title>分享</title>".encode()))
    static(replica, "/xmt/", "政务新媒体", text, crumbs=crumbs, kind="工作动态")


def _moved(to: str) -> Response:
    return Response(status=302, headers=(("Location", to),))


def _account_page(account: Account) -> Producer:
    name = account.titled or account.name
    owner = body(account.owned or account.unit).full
    text = (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{name}</title></head><body>'
        f"<h1>{name}</h1><p>帐号主体：{owner}</p><p>功能介绍：{SITE_NAME}政务新媒体（演示）。</p></body></html>"
    )
    return lambda: Response(text.encode())
