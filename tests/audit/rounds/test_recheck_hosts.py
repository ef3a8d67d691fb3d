"""Whether a host is still used: it is asked itself, and what the site's own pages lead to counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from office import Office, failed

from audit.rounds import recheck
from audit.rounds.cases import Case
from audit.rounds.checked import BY_HAND, Result
from audit.rounds.hosts import Use, look
from audit.rounds.probe import Probe
from checks.outcomes import Outcome

MAIN, HOST = "www.shiliqu.gov.cn", "bs.shiliqu.example"
HOME, FRONT = f"http://{MAIN}/", f"http://{HOST}/"
AT = "2026-10-30T00:00:00+00:00"
POINTS, SILENT = frozenset({f"http://{HOST}/a.html"}), frozenset({f"http://{MAIN}/b.html"})


def asked(outcome: str, home: str = "ok") -> dict[str, tuple[str, str, str]]:
    return {FRONT: (outcome, "b" * 64 if outcome == "ok" else "", AT), HOME: (home, "c" * 64, AT)}


@pytest.mark.parametrize(
    ("outcome", "final", "leads", "home", "use"),
    [
        ("ok", FRONT, SILENT, "ok", Use.STANDS),
        ("ok", FRONT, POINTS, "ok", Use.STANDS),
        ("ok", HOME, POINTS, "ok", Use.PARTLY),
        ("ok", HOME, SILENT, "ok", Use.MOVED),
        ("ok", HOME, SILENT, "timeout", Use.UNSEEN),  # nobody looked whether the home page still leads there
        ("ok", "http://elsewhere.example/", SILENT, "ok", Use.STANDS),
        ("waf-challenge", "", POINTS, "ok", Use.STANDS),  # it lets nobody in, but the site leads there
        ("private-address", "", SILENT, "ok", Use.CLOSED),  # never asked: no other night would tell more
        ("private-address", "", POINTS, "ok", Use.STANDS),
        ("timeout", "", SILENT, "ok", Use.UNSEEN),
        ("dns", "", SILENT, "ok", Use.DEAD),
        ("dns", "", SILENT, "timeout", Use.UNSEEN),
        ("", "", SILENT, "ok", Use.UNSEEN),
    ],
)
def test_a_host_now(outcome: str, final: str, leads: frozenset[str], home: str, use: Use) -> None:
    told = look(HOST, MAIN, [f"http://{HOST}/a.html"], asked(outcome, home), {FRONT: final}, {HOME: leads})
    assert told.use is use, told.text
    assert HOST in told.text


def compared(office: Office, outcome: str, final: str, leads: frozenset[str], now: Outcome | None) -> recheck.Checked:
    with office.desk() as desk:
        case: Case = desk.cases()[failed("column-stale", "dzz").identity]
    lead = replace(
        case.lead, rule="domain-not-gov", subject=HOST, url="", column="", data={"host": HOST}, evidence=()
    )
    case.findings = (lead,)
    found = {case.identity: [replace(lead, outcome=now)]} if now else {}
    probe = Probe(
        Path("x"), found, {}, asked(outcome), "m" * 64, final={FRONT: final}, leads={HOME: leads}, main_host=MAIN
    )
    return recheck.compare(case, probe, {}, False)


def test_its_verdicts(released: Office) -> None:
    failed_ = Outcome.FAILED
    done = compared(released, "ok", FRONT, SILENT, failed_)
    assert (done.result, f"{HOST}仍能打开" in done.after) == (Result.FAILED, True)
    assert "取于 2026-10-30" in done.evidence
    assert compared(released, "ok", HOME, POINTS, failed_).result is Result.PARTLY
    moved = compared(released, "ok", HOME, SILENT, failed_)
    assert (moved.result, "登记的网址请同时更新" in moved.after) == (Result.PASSED, True)
    dead = compared(released, "dns", "", SILENT, failed_)
    assert (dead.result, dead.action) == (Result.UNSEEN, BY_HAND)
    assert compared(released, "timeout", "", SILENT, failed_).result is Result.UNSEEN
    inner = compared(released, "private-address", "", SILENT, failed_)
    assert (inner.result, inner.action) == (Result.UNSEEN, BY_HAND)
    unused = compared(released, "ok", FRONT, SILENT, None)  # out of the register, but it answers
    assert (unused.result, unused.action) == (Result.UNSEEN, BY_HAND)
    assert compared(released, "ok", HOME, SILENT, None).result is Result.PASSED
