"""Who runs an account, as the account's own page says."""

from __future__ import annotations

import pytest

from checks.facts import Fact, Page, PageKind
from config.district import Account, District, Site, Unit, UnitGroup
from crawler.derive.accounts import account_facts

URL = "http://weibo.com/u/1"


def owner(text: str, source: Fact | None = None) -> str | None:
    page = Page(URL, "aa", "", PageKind.OTHER, text=text, source=source)
    district = District(
        id="d", name="示例", full_name="示例", office="示例", portal_owner="zfb", standards=("s",),
        site=Site(name="示例", home="http://www.example.gov.cn/", main_host="www.example.gov.cn"),
        units=(Unit(unit_id="zfb", name_short="示例", group=UnitGroup.DEPARTMENT),),
        accounts=(Account(account_id="a", platform="微博", name="示例发布", url=URL),),
    )  # fmt: skip
    none = lambda _: None  # noqa: E731
    (found,) = account_facts(district, (), {URL: page}.get, lambda _: (), none, lambda _: "")
    return found.page_owner.value if found.page_owner else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("示例发布 帐号主体：示例区民政局 功能介绍：演示", "示例区民政局"),
        ("账号主体 示例区民政局", "示例区民政局"),
        ("认证主体：示例区融媒体中心，2019年认证", "示例区融媒体中心"),
        ("示例区民政局的动态", None),
        ("", None),
    ],
)
def test_the_platforms_name_the_owner(text: str, expected: str | None) -> None:
    assert owner(text) == expected


def test_a_source_line_will_do() -> None:
    assert owner("正文", Fact("示例区民政局", "visible", "来源：示例区民政局")) == "示例区民政局"
