"""The pages that were looked through prove an absence, with hash and time."""

from checks.engine import judge
from checks.facts import ColumnState, Coverage, PageKind
from checks.gaps import COLUMN, COLUMNS, SITE, gap_words, joined, search
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


def test_how_much_was_seen_names_where() -> None:
    whole = Coverage(complete=False, known=840, fetched=41, scope=SITE)
    assert gap_words(whole) == "全站应取840页，已取41页"
    assert search(whole)["looked"] == "全站41页"


def test_several_columns_are_not_taken_for_the_site() -> None:
    def column(name: str) -> ColumnState:
        coverage = Coverage(complete=True, known=3, fetched=3, scope=COLUMN)
        return ColumnState(column_id=name, url=f"{HOME}{name}/", coverage=coverage)

    assert search(joined([column("a"), column("b")], ""))["looked"] == f"{COLUMNS}6页"
    assert search(joined([column("a")], ""))["looked"] == f"{COLUMN}3页"
