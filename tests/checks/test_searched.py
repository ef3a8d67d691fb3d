"""The pages that were looked through prove an absence, with hash and time."""

from checks.engine import judge
from checks.facts import Coverage, PageKind
from checks.outcomes import Outcome
from checks.searched import LOCATOR, searched
from checks.tiny import HOME, tiny
from checks.tiny_parts import AT, article
from checks.verdicts import Evidence, failed, passed
from config.standard import Binding, Confidence, Group, Indicator, IndicatorKind, Standard

LIST = article("zwgk/", "政务公开", kind=PageKind.LIST)


def test_each_page_of_the_trail_is_bound_once() -> None:
    trail = [LIST.url, HOME + "gone/", LIST.url]
    verdict = searched(failed("x", data={"trail": trail}, evidence=(Evidence(HOME, "00" * 32),)), tiny(pages=(LIST,)))
    assert [(e.url, e.sha256, e.fetched_at, e.locator) for e in verdict.evidence[1:]] == [
        (LIST.url, "ab" * 32, AT, LOCATOR)
    ]
    assert verdict.evidence[0].url == HOME


def test_what_passed_or_has_no_trail_stays() -> None:
    for verdict in (passed("x", data={"trail": [LIST.url]}), failed("x")):
        assert searched(verdict, tiny(pages=(LIST,))) is verdict


def test_a_missing_platform_is_proved_by_the_pages_looked_through() -> None:
    coverage = Coverage(complete=True, known=1, fetched=1, trail=(LIST.url,))
    rule = Binding(rule="consultation-channel-missing")
    indicator = Indicator(
        id="I",
        title="指标",
        group="g",
        clause="条款",
        kind=IndicatorKind.ADVICE,
        confidence=Confidence.A,
        rules=(rule,),
    )
    standard = Standard(
        id="s", title="标准", edition="文件", effective_from="2020-01-01", groups=(Group(id="g", title="组"),),
        indicators=(indicator,),
    )  # fmt: skip
    found = judge(tiny(pages=(LIST,), nav_coverage=coverage), [standard]).findings
    assert [f.outcome for f in found] == [Outcome.FAILED]
    assert [(e.url, e.sha256) for e in found[0].evidence] == [(LIST.url, LIST.sha256)]
