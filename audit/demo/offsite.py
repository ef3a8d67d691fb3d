"""Hosts outside the district's site: stand-ins for the platforms its pages link to, and hosts that resist machines."""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

from audit.demo.model import (
    CLOUD,
    GUARDED,
    LOTTERY,
    PARTNER,
    PROVINCE,
    STREET_SHOP,
    WAF,
    Producer,
    Replica,
    Response,
)

_CHALLENGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><meta http-equiv="refresh" content="3"></head><body>'
    '<script>var _0x=["cookie","acw_sc__v2"];document[_0x[0]]=_0x[1]+"="+Date.now();location.reload();</script>'
    "</body></html>"
)


def challenge(status: int) -> Response:
    """What a firewall answers to a machine, with the status it uses."""
    return Response(_CHALLENGE.encode(), "text/html; charset=utf-8", status, (("Server", "WAF"),))


def add_offsite(replica: Replica) -> None:
    replica.wall(WAF, challenge(412))
    replica.wall(GUARDED, challenge(412))
    for host, paths, title in (
        (PROVINCE, ("/",), "北原省政务服务网"),
        (PARTNER, ("/", "/map/"), "合作伙伴服务平台"),
        (LOTTERY, ("/",), "无关网站"),
        (STREET_SHOP, ("/",), "青汀街道便民平台"),
        (CLOUD, ("/zb/",), "北原省在线直播平台"),
        ("zfwzgl.www.gov.cn", ("/exposure/jiucuo.html",), "我为政府网站找错"),
        ("bszs.conac.cn", ("/sitename",), "党政机关网站标识"),
        ("beian.miit.gov.cn", ("/",), "备案管理系统"),
        ("www.beian.gov.cn", ("/portal/registerSystemInfo",), "公安备案"),
    ):
        for path in paths:
            replica.add(host, path, _stand_in(title))


def _stand_in(title: str) -> Producer:
    text = (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}（演示替身）</title></head>'
        f"<body><h1>{title}</h1><p>本页是演示区使用的替身页面，与真实网站无关。</p></body></html>"
    )
    return lambda: Response(text.encode())
