"""One fact seen by two rules costs once, and every output says under which problem it is counted."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from decimal import Decimal

import openpyxl
import report_factory as factory

from checks.scoring import score_all
from reports.card import card
from reports.exports import findings
from reports.findings_book import findings_csv
from reports.issues import docket
from reports.ledger import ledger
from reports.view import RoundView

SITE = "gov-site-2019"


def doubled() -> RoundView:
    """A round in which one unit's dead link is also seen by the rule on stale columns, dearer."""
    base = factory.view()
    own = [f for f in base.findings if f.unit == "mzj" and f.standard == SITE and f.points]
    link = next(f for f in own if f.rule == "link-dead")
    stale = next(f for f in own if f.rule == "column-stale")
    found = tuple(replace(f, fact="one") if f in (link, stale) else f for f in base.findings)
    day = base.as_of.date()
    return replace(base, findings=found, scores=score_all(found, base.standards, base.district, day))


def test_the_second_problem_names_the_first() -> None:
    before, view = factory.view(), doubled()
    items = docket(view)
    stale = next(i for i in items.open("mzj") if any(b.finding.fact == "one" for f in i.faults for b in f.bases))
    link = next(i for i in items.open("mzj") if i.rule.id == "link-dead" and items.elsewhere(i, SITE))
    assert stale.rule.id == "column-stale"
    assert items.elsewhere(link, SITE) == ((stale, 1),)
    assert items.counted(link, SITE) == f"已在问题{stale.number}计分（同一事实），不重复扣分"
    assert not items.counted(stale, SITE)
    assert (link.points(SITE), stale.points(SITE)) == (Decimal(0), Decimal(5))
    old, new = (v.score("mzj", SITE) for v in (before, view))
    assert old
    assert new
    assert old.deducted - new.deducted == Decimal("0.5")
    told = items.counted(link, SITE)
    assert items.counted(link, "plan-2026").endswith("是同一事实，一并改正")  # nothing to charge, still one fact
    page = card(view, items, next(u for u in view.units if u.unit_id == "mzj")).decode()
    assert items.counted(link, SITE, link.number.rpartition("-")[0] + "-") in page
    assert "同一事实或同一栏目已在别处计分的，不重复扣" in page
    sheet = openpyxl.load_workbook(io.BytesIO(ledger(view, items)))["台账"]
    rows = {row[1].value: row for row in sheet.iter_rows(min_row=2) if row[1].value}
    assert (rows[link.number][16].value, rows[link.number][35].value) == (0, told)
    assert told in findings_csv(view, items).decode("utf-8-sig")
    exported = json.loads(findings(view, items))["findings"]
    assert {f["counted_under"] for f in exported if f["number"] == link.number and f["standard"] == SITE} == {
        stale.number
    }
    assert {f["counted_under"] for f in exported if f["number"] == stale.number} == {""}
