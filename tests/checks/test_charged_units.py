"""Who is charged: a column's unit, the unit that keeps a set of pages, the department that supervises a field.

And what: a rule that is limited to columns of a role looks nowhere else.
"""

from __future__ import annotations

from datetime import date

from checks.engine import judge
from checks.facts import DateFact, DateOrigin, Place, Region, Target
from checks.outcomes import FetchOutcome, Outcome
from checks.rule import catalogue
from checks.tiny import HOME, TinySnapshot, tiny
from checks.tiny_parts import article, column, row, unit
from checks.tiny_web import tries
from config.standard import Binding, Confidence, Group, Indicator, IndicatorKind, Standard

EDUCATION, CIVIL = unit("jyj", "示例区教育和体育局"), unit("mzj", "示例区民政局")


def charged(rule: str, snapshot: TinySnapshot, **params: object) -> dict[str, tuple[str, Outcome]]:
    """Unit and outcome by subject, as the engine stamps them."""
    kind, sure = IndicatorKind.ADVICE, Confidence.A
    indicator = Indicator(
        id="I", title="指标", group="g", clause="条款", kind=kind, confidence=sure,
        rules=(Binding(rule=rule, params=params),),
    )  # fmt: skip
    standard = Standard(
        id="s", title="标准", edition="文件", effective_from="2020-01-01", groups=(Group(id="g", title="组"),),
        indicators=(indicator,),
    )  # fmt: skip
    found = judge(snapshot, [standard], catalogue())
    assert not found.errors
    return {f.subject: (f.unit, f.outcome) for f in found.findings}


def test_statistics_of_a_units_own_column_are_that_units_matter() -> None:
    old = row("一季度办件统计", "2026-04-09")
    own = column("jyj-tj", "办事统计", "service-statistics", old, unit="jyj")
    lost = column("mzj-tj", "办事统计", "service-statistics", unit="mzj", url=None, outcome=None)
    portal = column("tj", "办事统计", "service-statistics", old)
    found = charged("service-statistics-stale", tiny(units=(EDUCATION, CIVIL), columns=(own, lost, portal)))
    assert {subject: unit_ for subject, (unit_, _) in found.items()} == {
        "jyj-tj": "jyj",
        "mzj-tj": "mzj",
        "tj": "zfb",
    }
    assert {outcome for _, outcome in found.values()} == {Outcome.FAILED}


def test_a_set_of_pages_is_kept_by_whoever_has_most_of_them() -> None:
    texts = "城市低保每月900元，由民政部门核定。" * 8
    pages = [article("a.html", "救助标准", "2026-03-01", texts, owner="jyj")]
    pages += [article(f"b{n}.html", f"救助标准（{n}）", "2026-03-02", texts, owner="mzj") for n in range(2)]
    asked = {"topic": "1.3.4", "name": "救助标准", "groups": ["救助标准"], "elements": ["农村低保"], "together": True}
    found = charged("topic-elements-missing", tiny(units=(EDUCATION, CIVIL), pages=pages), **asked)
    assert found == {"topic/1.3.4": ("mzj", Outcome.FAILED)}


def test_a_field_of_utilities_is_its_departments_matter() -> None:
    fields = ["教育|教育 学校|教体 教育", "能源|供电|发展改革", "供水|供水"]
    found = charged("utility-info-incomplete", tiny(units=(EDUCATION, CIVIL)), fields=fields)
    assert {subject: unit_ for subject, (unit_, _) in found.items()} == {
        "utilities/教育": "jyj", "utilities/能源": "zfb", "utilities/供水": "zfb"
    }  # fmt: skip


def test_a_rule_limited_to_a_role_looks_at_its_columns_only() -> None:
    columns = (column("kf", "政府开放日", "open-day"), column("jc", "决策目录", "decision-catalogue"))
    day, later = "2026-08-03", DateFact(date(2026, 9, 20), DateOrigin.LIST, "列表 2026-09-20", "li")
    pages = [
        article(f"{name}/1.html", "活动", day, owner="jyj", column=name, list_dates=(later,)) for name in ("kf", "jc")
    ]
    gone = [
        Target(
            f"{HOME}{name}/gone.html", "page", True, FetchOutcome.GONE, 404, tries=tries("2026-09-28"),
            places=(Place(f"{HOME}{name}/1.html", "全文", Region.CONTENT),), regions=(Region.CONTENT,), place_count=1,
        )
        for name in ("kf", "jc")
    ]  # fmt: skip
    snapshot = tiny(units=(EDUCATION,), columns=columns, pages=pages, all_targets=tuple(gone))
    everywhere = charged("date-conflict", snapshot)
    assert {f"{HOME}kf/1.html", f"{HOME}jc/1.html"} <= everywhere.keys()
    limited = charged("date-conflict", snapshot, roles=["open-day"])
    assert f"{HOME}kf/1.html" in limited and f"{HOME}jc/1.html" not in limited
    assert charged("link-dead", snapshot, tries=1, days=1).keys() == {t.url for t in gone}
    assert charged("link-dead", snapshot, tries=1, days=1, roles=["decision-catalogue"]).keys() == {gone[1].url}


def test_the_catalogue_of_a_field_is_its_departments_not_an_institutions_below_it() -> None:
    centre = unit("xxzx", "示例区教育信息中心", name_full="示例区教育信息中心")
    assert set(charged("field-catalogue-missing", tiny(units=(EDUCATION, centre)))) == {"jyj/义务教育"}
