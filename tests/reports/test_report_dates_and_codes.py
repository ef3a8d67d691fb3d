"""Days of collection beside the day of judgement; no code of the crawl in what people read; models without faults."""

from dataclasses import replace
from datetime import timedelta

import report_factory as factory

from checks.facts import Coverage, Gap
from checks.gaps import LEFT_OUT, gap_words
from checks.outcomes import Outcome
from checks.snapshot import SHANGHAI
from reports.interview.facts import Pack
from reports.issues import docket
from reports.overview import TEMPLATE_TOPICS, Overview
from reports.page import gap_name
from reports.pictures import Album
from reports.view import RoundView


def test_two_dates_are_told_only_where_they_lie_apart() -> None:
    view = factory.view()
    day = view.as_of.astimezone(SHANGHAI).date()
    near, far = day + timedelta(days=1), day + timedelta(days=54)
    assert view.two_dates == view.collection == ""
    assert replace(view, collected=(day, near)).two_dates == ""
    later = replace(view, collected=(day, far))
    assert later.collection == f"{day}至{far}"
    assert f"页面采集于{day}至{far}" in later.two_dates
    assert f"数据截止日{day}" in later.two_dates


def test_codes_of_the_crawl_are_told_in_chinese() -> None:
    for code in LEFT_OUT:
        assert not gap_name(code).isascii()
        gap = Gap("http://www.example.gov.cn/a", code)
        assert f"（{code}）" not in gap_words(Coverage(complete=False, known=2, fetched=1, gaps=(gap,)))


def test_only_technical_faults_go_to_the_platform() -> None:
    over = Overview(factory.view(), docket(factory.view()))
    assert {row.rule.topic for row in over.template_faults} <= TEMPLATE_TOPICS
    assert set(over.template_faults) <= set(over.systemic)


def test_a_model_page_has_no_failed_finding_of_its_own() -> None:
    view: RoundView = factory.view()
    failed = [f for f in view.findings if f.outcome is Outcome.FAILED]
    at_fault = {f.column for f in failed if f.column} | {f.url for f in failed if f.url}
    for unit in view.units:
        for problem in Pack(view, unit, docket(view), Album(view)).problems:
            if problem.sibling:
                assert problem.sibling.column not in at_fault
                assert problem.sibling.url not in at_fault
