"""Rounds side by side: figures of each, at most eight, changes of rules marked; crops and dense rows in cards."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import html5lib
import report_factory as factory
from selectolax.lexbor import LexborHTMLParser

from checks.facts import AxePage, AxeRule
from checks.outcomes import Outcome
from reports.card import IN_FULL, card
from reports.issues import docket
from reports.overview import overview
from reports.pictures import Album
from reports.trend import MOST, trend
from reports.view import AxeView, PastRound, RoundView


def past(view: RoundView, name: str, *, comparable: bool = True) -> PastRound:
    failed = frozenset(f.fingerprint for f in view.findings if f.outcome is Outcome.FAILED)
    return PastRound(name, view.as_of, view.scores, view.ranks, failed, comparable, view.findings)


def test_a_first_round_has_no_trend(view: RoundView) -> None:
    assert trend(view) == ()
    assert "s-trend" not in overview(view, docket(view)).decode()


def test_the_same_round_twice_is_a_flat_line_with_its_figures(view: RoundView) -> None:
    before, now = trend(replace(view, history=(past(view, "2026Q2"),)))
    assert (before.pass_rate, before.mean, before.faults) == (now.pass_rate, now.mean, now.faults)
    own = [s for s in view.scores if s.unit and s.standard == view.primary.id and s.rated]
    assert now.units == len(own)
    mean = sum((s.upper for s in own), Decimal(0)) / len(own)
    assert now.mean is not None and abs(now.mean - mean) <= Decimal("0.05")


def test_at_most_eight_rounds_and_every_change_of_rules_is_marked(view: RoundView) -> None:
    names = [f"202{y}Q{q}" for y in (3, 4, 5) for q in (1, 2, 3, 4)]
    old = tuple(past(view, n, comparable=n >= "2025Q1") for n in names)
    later = replace(view, history=old)
    assert [p.round_id for p in trend(later)] == [*names[1 - MOST :], view.round_id]
    tree = LexborHTMLParser(overview(later, docket(later)).decode())
    section = tree.css_first("section[aria-labelledby='s-trend']")
    assert len(section.css("svg")) == 3
    assert section.html.count("规则变动") == 3, "once in each chart"
    rows = section.css("tbody tr")
    assert len(rows) == MOST
    assert ["与本轮不同" in r.text() for r in rows] == [p.changed for p in trend(later)]
    for chart, key in zip(section.css("svg"), (2, 3, 4), strict=True):
        shown = [t.text() for t in chart.css("text.value")]
        assert shown == [r.css("th, td")[key].text().rstrip("%") for r in rows]
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(tree.html)
    assert parser.errors == []


def test_a_finding_shows_its_boxed_element(view: RoundView) -> None:
    page = f"{factory.HOST}/zfb/"
    found = AxeRule("image-alt", "serious", "violation", screenshot="c" * 64)
    axe = AxeView("4.12.1", pages=(AxePage(page, "a" * 64, "", "list", rules=(found,)),))
    odd = replace(docket(view).failed("zfb")[0].lead, url=page, data={"axe": "image-alt"}, identity="z",
                  fingerprint="z")  # fmt: skip
    own = replace(
        view, findings=(odd,), axe=axe, artifact=lambda sha: factory.screenshot() if sha[0] == "c" else None
    )
    shot = Album(own).shot(docket(own).failed("zfb")[0])
    assert shot is not None
    assert (shot.sha256, shot.label) == ("c" * 64, "红框为问题所在")


def test_long_cards_show_the_heaviest_in_full_and_the_rest_as_rows(view: RoundView) -> None:
    items = docket(view)
    unit = max(view.units, key=lambda u: len(items.open(u.unit_id)))
    few = items.open(unit.unit_id)
    own = [f for f in view.findings if f.unit == unit.unit_id]
    many = tuple(
        replace(f, column=f"c{n}", identity=f"{f.identity}{n}", fingerprint=f"{f.fingerprint}{n}")
        for n in range(5)
        for f in own
    )
    big = replace(view, findings=many)
    tree = LexborHTMLParser(card(big, docket(big), unit).decode())
    every = [i.anchor for i in docket(big).open(unit.unit_id)]
    assert len(every) > len(few)
    full = [a.attributes["id"] for a in tree.css("section[aria-labelledby='s-issues'] article")]
    rows = [r.attributes["id"] for r in tree.css("table.lighter tr[id]")]
    assert len(full) >= IN_FULL
    assert sorted(full + rows) == sorted([*every, *(i.anchor for i in docket(big).waived(unit.unit_id))])
    for cell in tree.css("table.lighter tr.remedy td"):
        assert all(word in cell.text() for word in ("怎样改", "如何算通过", "依据", "期限"))
    for row in tree.css("table.lighter tr[id]"):
        assert "SHA-256" in row.text() or "快照" in row.text()
