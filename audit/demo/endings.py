"""One address for every way in which a request can end, linked from a page of sites "of other bodies".

Each ending has a host of its own, as friend links have: what one host does must not change how another is asked.
All are stand-ins of a fictitious city and are served from loopback like everything else.
"""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

import gzip
from dataclasses import dataclass

from audit.demo.layout import Crumbs
from audit.demo.model import GONE, GUARDED, NATIONAL, WWW, Replica, Response
from audit.demo.statics import static, tiles
from checks.outcomes import FetchOutcome as F

PAGE = "/wzdh/"
_HOME: Crumbs = (("首页", "/"),)
_CITY = "yunling-demo.gov.cn"


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a request ends so. `response` is what the address answers, None where something else does."""

    outcome: F
    label: str
    url: str
    response: Response | None = None


def _html(title: str, text: str, status: int = 200, **more: object) -> Response:
    page = f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>'
    return Response(page.encode(), status=status, **more)  # type: ignore[arg-type]


def _to(location: str) -> Response:
    return Response(status=302, headers=(("Location", location),))


_WORDS = "本页是演示区使用的替身页面，与真实网站无关。" * 20
_BOMB = Response(gzip.compress(b"\0" * 40_000_000, 9, mtime=0), headers=(("Content-Encoding", "gzip"),))

LINKED: tuple[Ending, ...] = (
    Ending(F.OK, "云岭市档案馆", f"http://dag.{_CITY}/", _html("云岭市档案馆", _WORDS)),
    Ending(F.REDIRECT_LOOP, "云岭市公积金中心", f"http://gjj.{_CITY}/", _to(f"http://gjj.{_CITY}/")),
    Ending(F.REDIRECT_REFUSED, "云岭市图书馆", f"http://tsg.{_CITY}/", _to("file:///etc/passwd")),
    Ending(F.HTTP_4XX, "云岭市国资委", f"http://gzw.{_CITY}/", _html("禁止访问", "您没有权限。", 403)),
    Ending(F.HTTP_5XX, "云岭市博物馆", f"http://bwg.{_CITY}/", _html("出错了", "服务器内部错误。", 500)),
    Ending(F.TIMEOUT, "云岭市气象台", f"http://qxt.{_CITY}/", Response(fault="silent")),
    Ending(F.REFUSED, "云岭市地震台", f"http://dzt.{_CITY}/", Response(fault="reset")),
    Ending(F.TLS, "云岭市大数据中心", f"https://dsj.{_CITY}/"),
    Ending(F.TLS_NATIONAL, "云岭市密码管理局", f"https://{NATIONAL}/"),
    Ending(
        F.SOFT_404, "云岭市规划展览馆", f"http://zlg.{_CITY}/", _html("提示信息", "您访问的页面不存在或已被删除。")
    ),
    Ending(
        F.PARKED,
        "青禾旅游网",
        "http://www.qinghe-travel.example/",
        _html("域名出售", "该域名正在出售，有意者请联系。"),
    ),
    Ending(F.LOGIN, "云岭市办公平台", f"http://oa.{_CITY}/", _html("请登录", "需要身份验证。", 401)),
    Ending(F.TOO_LARGE, "云岭市地图服务", f"http://map.{_CITY}/", _BOMB),
    Ending(
        F.TRUNCATED, "云岭市广播电视台", f"http://gbds.{_CITY}/", _html("云岭市广播电视台", _WORDS, fault="short")
    ),
    Ending(F.RATE_LIMITED, "云岭市交通违法查询", f"http://jj.{_CITY}/", _html("稍后再试", "访问过于频繁。", 429)),
    Ending(F.PRIVATE_ADDRESS, "内网邮箱（仅限办公网）", "http://10.99.1.2/"),
)
"""Links of the page `PAGE`, in its order. A redirect to the cloud's metadata address stands beside them."""

METADATA = f"http://cloud.{_CITY}/"

ELSEWHERE: tuple[Ending, ...] = (
    Ending(F.GONE, "首页友情链接", f"http://{WWW}/zt/2024bm/index.html"),
    Ending(F.DNS, "首页友情链接", f"http://{GONE}/"),
    Ending(F.WAF, "首页友情链接", f"http://{GUARDED}/"),
    Ending(F.ROBOTS, "专题文章", f"http://{WWW}/internal/flow.html"),
    Ending(F.WRONG_TYPE, "专题文章的附件", f"http://{WWW}/zt/2026yd/files/summary.docx"),
)
"""Endings planted by other modules."""

NEVER = {
    F.NOT_MODIFIED: "第一次采集没有旧快照可比；第二次采集时出现（tests/demo/test_endings.py 采集两次）",
    F.ABORTED: "只在本机程序或网络中断时出现，任何网站都造不出；见 tests/crawler 的断点续采测试",
}
"""What the first crawl of a replica on loopback cannot honestly end with, and why."""


def add_endings(replica: Replica) -> None:
    for ending in LINKED:
        if ending.response is not None:
            host = ending.url.split("/")[2]
            replica.add(host, "/", lambda response=ending.response: response)  # type: ignore[misc]
    replica.add(METADATA.split("/")[2], "/", lambda: _to("http://169.254.169.254/latest/meta-data/"))
    links = [(e.label, e.url) for e in LINKED] + [("云岭市云平台", METADATA)]
    static(replica, PAGE, "网站导航", tiles(links), crumbs=_HOME, kind="概况信息")
    replica.add(WWW, "/zt/2026yd/files/summary.docx", lambda: _html("文件下载", "请登录内网后下载。" + _WORDS))
