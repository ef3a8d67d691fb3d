"""Samples of pages: one that cannot tell is replaced, and never counted as seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.facts import Fact, Identity, Link, Region
from checks.outcomes import Outcome
from checks.rules.identity import ITEMS, IdentityParams, identity_item_missing
from checks.sampled import sampled_pages, with_reserve
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED, article
from checks.tiny_web import home

FULL_IDENTITY = Identity(**{name: Fact("有", "footer", "页脚") for _, name in ITEMS.values()})


@pytest.mark.parametrize("framed", range(10))
def test_a_page_that_cannot_tell_is_replaced(framed: int) -> None:
    pages = [article(f"{n}.html", "文", identity=FULL_IDENTITY) for n in range(10)]
    pages[framed] = replace(pages[framed], identity=home().identity)
    frame = (Link(HOME + "foot.html", "", Region.FOOTER, "frame"),)
    snapshot = tiny(pages=pages, page_links={pages[framed].url: frame}, coverage=BLOCKED)
    verdicts = list(identity_item_missing(snapshot, IdentityParams(size=9)))
    assert {v.outcome for v in verdicts} == {Outcome.PASSED}
    assert all(len(v.data["trail"]) == 9 and pages[framed].url not in v.data["trail"] for v in verdicts)


def test_the_sample_comes_before_its_reserve() -> None:
    snapshot = tiny(pages=[article(f"{n}.html", "文") for n in range(40)])
    first, every = sampled_pages(snapshot, 20), with_reserve(snapshot, 20)
    assert every[:20] == first
    assert len({p.url for p in every}) == len(every) == 25
