"""What is said of hosts and accounts leads to pages that were seen."""

from __future__ import annotations

from checks.outcomes import FetchOutcome, Outcome
from checks.rules.domains import DomainNotGov, domain_not_gov
from checks.tiny import HOME, tiny
from checks.tiny_parts import unit
from checks.tiny_web import home, linked


def test_a_host_that_did_not_answer_is_shown_where_the_site_leads_to_it() -> None:
    own = at_home_of("http://10.88.1.5/")
    told = tiny(pages=[home()], units=(own,), all_targets=(linked("http://10.88.1.5/", FetchOutcome.TIMEOUT),))
    (verdict,) = (v for v in domain_not_gov(told, DomainNotGov()) if v.outcome is Outcome.FAILED)
    assert verdict.evidence[0].url == HOME
    assert verdict.evidence[0].sha256


def test_a_host_that_nothing_leads_to_is_said_to_be_registered() -> None:
    own = at_home_of("http://10.88.1.5/")
    (verdict,) = (
        v for v in domain_not_gov(tiny(pages=[home()], units=(own,)), DomainNotGov()) if v.outcome is Outcome.FAILED
    )
    assert verdict.evidence[0].locator == "区县配置登记的网址"


def at_home_of(*urls: str):
    return unit("mzj", "示例区民政局").model_copy(update={"column_urls": urls})
