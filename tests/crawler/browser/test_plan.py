from __future__ import annotations

import random

import pytest

from crawler.browser.plan import COMPARED, make_plan, template_of

HOME = "http://www.demo-district.gov.cn/"
COLUMNS = [("news", HOME + "zwyw/"), ("notice", HOME + "zwgk/tzgg/"), ("portal", HOME), ("missing", "")]
ARTICLES = [(f"{HOME}zwgk/tzgg/202606/t202606{d:02d}_{d}.html", "") for d in range(1, 31)] + [
    (f"{HOME}art/2026/6/{d}/art_12_{d}.html", "") for d in range(1, 4)
]


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("", "/"),
        ("/", "/"),
        ("/index.html", "/"),
        ("/zwgk/", "/zwgk/"),
        ("/zwgk/index_3.html", "/zwgk/"),
        ("/zwgk/tzgg/202306/t20230605_12.html", "/zwgk/…/t#_#.html"),
        ("/art/2023/6/5/art_123_456.html", "/art/…/art_#_#.html"),
        ("/info/1031/5678.htm", "/info/…/#.htm"),
        ("/a/show.jsp?id=5&catid=2", "/a/show.jsp?catid&id"),
        ("/a/0f1e2d3c4b5a.html", "/a/*.html"),
    ],
)
def test_template_is_the_shape_of_the_address(path: str, template: str) -> None:
    assert template_of("http://WWW.demo.gov.cn" + path) == "www.demo.gov.cn" + template


def test_same_inputs_in_any_order_give_the_same_plan() -> None:
    shuffled = random.Random(5).sample(ARTICLES, len(ARTICLES))
    first = make_plan(HOME, COLUMNS, [HOME + "b", HOME + "a"], ARTICLES, [HOME + "y", HOME + "x"], 6, 2026)
    assert first == make_plan(HOME, COLUMNS, [HOME + "a", HOME + "b"], shuffled, [HOME + "x", HOME + "y"], 6, 2026)
    assert first != make_plan(HOME, COLUMNS, [HOME + "a", HOME + "b"], ARTICLES, [HOME + "x", HOME + "y"], 6, 2027)


def test_home_comes_first_then_fronts_then_sample() -> None:
    plan = make_plan(HOME, COLUMNS, [], ARTICLES, [HOME + "dead.html"], 4, 2026)
    assert [p.reason for p in plan.axe] == ["首页", "栏目首页：news", "栏目首页：notice"] + ["模板抽样"] * 4
    assert plan.home == plan.axe[0].url == HOME
    assert plan.screenshots == (HOME, HOME + "zwyw/", HOME + "zwgk/tzgg/", HOME + "dead.html")


def test_every_template_is_sampled_before_a_second_page_of_any() -> None:
    plan = make_plan(HOME, [], [], ARTICLES, [], 2, 2026)
    assert {p.template for p in plan.axe[1:]} == {
        "www.demo-district.gov.cn/zwgk/…/t#_#.html",
        "www.demo-district.gov.cn/art/…/art_#_#.html",
    }


def test_a_new_page_leaves_the_rest_of_the_sample_alone() -> None:
    before = {p.url for p in make_plan(HOME, [], [], ARTICLES, [], 8, 2026).axe}
    more = [*ARTICLES, (HOME + "zwgk/tzgg/202607/t20260701_99.html", "")]
    after = {p.url for p in make_plan(HOME, [], [], more, [], 8, 2026).axe}
    assert len(before - after) <= 1


def test_sample_never_exceeds_the_pages_there_are() -> None:
    assert len(make_plan(HOME, [], [], ARTICLES[:3], [], 20, 2026).axe) == 4


def test_a_few_pages_are_compared_home_first_and_the_choice_repeats() -> None:
    plan = make_plan(HOME, COLUMNS, [], ARTICLES, [], 6, 2026)
    assert plan.compared == make_plan(HOME, COLUMNS, [], reversed(ARTICLES), [], 6, 2026).compared
    assert plan.compared[0] == HOME
    assert len(plan.compared) == min(COMPARED, len(plan.axe))
    assert set(plan.compared) <= {p.url for p in plan.axe}
