"""What became of the last round's problems: counted by decisions and by what this round sees again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from selectolax.lexbor import LexborHTMLParser

from checks.outcomes import Outcome
from reports.build import build
from reports.issues import docket
from reports.mended import Mended, altogether, by_unit, change
from reports.text import short, span
from reports.view import UNSEEN, PastRound, Repair, RoundView

ISSUED, DUE, TOLD = date(2026, 7, 15), date(2026, 7, 22), date(2026, 9, 1)
PASSED = Repair(ISSUED, DUE, date(2026, 7, 20), date(2026, 7, 23), "通过", "销号", date(2026, 7, 23))
FAILED = Repair(ISSUED, DUE, date(2026, 7, 20), date(2026, 7, 23), "未通过", "退回")
BLIND = Repair(ISSUED, DUE, date(2026, 7, 20), date(2026, 7, 23), UNSEEN, "无法复查")
MUTE = Repair(ISSUED, DUE, state="整改中")
LATE = replace(PASSED, reported=date(2026, 7, 25), closed=date(2026, 7, 27))


def test_what_we_could_not_look_at_is_neither_due_nor_late() -> None:
    counted = Mended.of([PASSED, FAILED, BLIND, MUTE], TOLD)
    assert counted == Mended(issued=4, reported=3, passed=1, failed=1, unseen=1, overdue=2, due=3)
    assert (counted.rate, counted.pass_rate) == ("25.0%", "33.3%")
    assert Mended.of([], TOLD) is None
    assert BLIND.late(TOLD) == 0
    assert (PASSED.late(TOLD), LATE.late(TOLD), MUTE.late(TOLD)) == (0, 3, 41)


@pytest.fixture(scope="module")
def second(view: RoundView) -> RoundView:
    """A second round whose first one had the failed findings of zfb and dzz, two of them gone or unseen by now."""
    failed = [f for f in view.findings if f.outcome is Outcome.FAILED and f.unit in ("zfb", "wjj")]
    identities = list(dict.fromkeys(f.identity for f in failed))
    outcomes = dict(zip(identities, (Outcome.PASSED, Outcome.CANNOT_TELL), strict=False))
    now = tuple(replace(f, outcome=outcomes.get(f.identity, f.outcome)) for f in view.findings)
    kinds = (PASSED, FAILED, MUTE)
    repairs = {identity: kinds[at % 3] for at, identity in enumerate(identities)}
    past = PastRound(
        "2026Q2", view.as_of.replace(month=6), view.scores, view.ranks, frozenset(f.fingerprint for f in failed),
        True, tuple(failed), repairs, TOLD,
    )  # fmt: skip
    return replace(view, findings=now, history=(past,))


def test_what_cannot_be_told_now_is_not_gone(second: RoundView) -> None:
    found = change(second)
    assert found is not None
    was = {f.identity for f in second.history[0].findings}
    assert (found.gone, found.unsure) == (1, 1)
    assert found.gone + found.unsure + found.standing == len(was)
    assert "本轮无法判断1处" in found.words


def test_overview_card_and_draft_tell_the_same_repairs(second: RoundView) -> None:
    files = dict(build(second))
    total, units = altogether(second, second.history[0]), by_unit(second)
    assert total is not None
    assert sum(m.issued for m in units.values()) == total.issued == len(second.history[0].repairs)

    def words(name: str) -> str:
        return re.sub(r"\s+", "", LexborHTMLParser(files[name].decode()).body.text())  # type: ignore[union-attr]

    found = change(second)
    assert found is not None
    for name in ("overview.html", "通报稿.html"):
        assert found.words in words(name)
    strip = LexborHTMLParser(files["overview.html"].decode()).css(".strip div")
    shown = {d.css_first("dt").text(): d.css_first(".big").text() for d in strip}
    assert shown["上轮整改率"] == f"{total.rate}{total.passed}/{total.issued}"
    assert shown["逾期未改"] == f"{total.overdue}处"
    for unit, known in units.items():
        own = change(second, unit)
        assert own is not None
        assert own.words in words(f"cards/{unit}.html")
        assert f"下发{known.issued}处，申报整改{known.reported}处" in words(f"cards/{unit}.html")
    assert f"整改率{total.rate}" in words("通报稿.html")


def test_a_card_shows_the_scores_of_its_last_quarters(second: RoundView) -> None:
    files = dict(build(second))
    for unit in second.units:
        was = next(s for s in second.history[0].scores if s.unit == unit.unit_id and s.standard == second.primary.id)
        now = second.score(unit.unit_id)
        assert now is not None
        tree = LexborHTMLParser(files[f"cards/{unit.unit_id}.html"].decode())
        shown = {d.css_first("dt").text(): d.css_first("dd").text() for d in tree.css(".top .facts div")}
        assert shown["近几季度得分"] == f"2026Q2 {span(was.lower, was.upper)}，2026Q3 {span(now.lower, now.upper)}"


def test_a_repeated_problem_is_marked_in_the_ledger(second: RoundView) -> None:
    again = [i for i in docket(second).failed() if set(i.fingerprints) & second.history[0].fingerprints]
    assert again


def test_a_short_text_ends_at_a_pause() -> None:
    text = "“某某”指向的地址失效：页面不存在（404），已试3次，相隔2天，位于正文。"
    assert short(text, 100) == text.rstrip("。")
    assert short(text, 24) == "“某某”指向的地址失效：页面不存在（404）等"
    assert short("没有停顿的一段很长的文字没有停顿的一段", 10).endswith("……")
