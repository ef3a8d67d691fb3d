"""Who answers for a page."""

from __future__ import annotations

import pytest

from checks.facts import Fact, Page, PageKind
from checks.tiny import tiny
from config.district import Unit, UnitGroup
from crawler.derive.owners import Owners

UNITS = (
    Unit(unit_id="fgj", name_short="区发展改革局", aliases=("区发展和改革局",), group=UnitGroup.DEPARTMENT),
    Unit(unit_id="fgj-price", name_short="区发展改革局价格科", group=UnitGroup.DIRECT),
    Unit(unit_id="czj", name_short="区财政局", group=UnitGroup.DEPARTMENT),
)
OWNERS = Owners(tiny(units=UNITS).district)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("区发展和改革局", "fgj"),
        ("示例市示例区发展和改革局", "fgj"),
        ("来源： 区 财 政 局", "czj"),
        ("区发展改革局价格科", "fgj-price"),  # the longest name wins
        ("区财政局、区发展改革局", ""),  # two units: nobody is charged
        ("市财政厅", ""),
        ("", ""),
    ],
)
def test_matching(text: str, unit: str) -> None:
    assert OWNERS.match(text) == unit


def page(publisher: str = "", source: str = "") -> Page:
    return Page(
        "http://www.example.gov.cn/a.html",
        "",
        "",
        PageKind.ARTICLE,
        publisher=Fact(publisher, "header") if publisher else None,
        source=Fact(source, "shown") if source else None,
    )


def test_publisher_then_source_then_column() -> None:
    assert OWNERS.of(page("区财政局", "区发展改革局"), "zfb") == ("czj", "publisher")
    assert OWNERS.of(page("", "区发展改革局"), "zfb") == ("fgj", "source")
    assert OWNERS.of(page("", "新华社"), "zfb") == ("zfb", "column")
    assert OWNERS.of(page("", "新华社"), "") == ("", "")
