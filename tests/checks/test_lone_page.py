"""One page of a site is no sample: what it lacks is shown, but the site is not judged by it."""

from dataclasses import replace

from checks.facts import Identity
from checks.outcomes import Outcome, Reason
from checks.rule import catalogue
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED, article


def _judged(count: int, complete: bool) -> set[tuple[Outcome, Reason | None]]:
    pages = tuple(
        replace(article(f"{n}.html", "信息", "2026-09-01"), identity=Identity(), meta=(("a", "b"),))
        for n in range(count)
    )
    snapshot = tiny(pages=pages) if complete else tiny(pages=pages, coverage=BLOCKED)
    rule = catalogue()["meta-site-missing"]
    found = [v for v in rule.function(snapshot, rule.params(size=20)) if HOME in v.url]
    assert all("限0" not in rule.message(v) for v in found)
    return {(v.outcome, v.reason) for v in found}


def test_one_page_of_an_unseen_site_cannot_fail_it() -> None:
    assert _judged(1, complete=False) == {(Outcome.CANNOT_TELL, Reason.SAMPLE_SHORT)}


def test_the_only_page_of_a_site_and_several_pages_can() -> None:
    assert _judged(1, complete=True) == {(Outcome.FAILED, None)}
    assert _judged(2, complete=False) == {(Outcome.FAILED, None)}
