"""What the page shows of a case: a line of the queue, and everything behind one finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audit.console import clean
from audit.rounds.cases import Case
from audit.rounds.desk import Desk
from audit.rounds.states import UNREVIEWED, State
from audit.rounds.tally import tally
from audit.rounds.wording import local, unit_names
from checks.outcomes import Outcome, Reason
from checks.rule import catalogue
from checks.standards import resolve_rule
from crawler.derive.store import FactsStore
from crawler.store import ObservationStore
from reports.view import RuleInfo

TRAIL = 40
_OUTCOMES = {Outcome.FAILED: "不合格", Outcome.CANNOT_TELL: "待判定"}


def line(case: Case, names: Mapping[str, str], numbers: Mapping[str, str]) -> dict[str, Any]:
    """One row of the queue, small: there may be thousands."""
    rule = resolve_rule(case.lead.rule, catalogue())
    return {
        "id": case.identity,
        "no": numbers.get(case.identity, case.identity[:8]),
        "unit": names.get(case.unit, case.unit) or "全站",
        "rule": rule.title if rule else case.lead.rule,
        "state": str(case.state),
        "stake": f"{case.stake.normalize():f}" if case.stake else "0",
        "veto": case.veto,
        "gap": case.gap,
        "unmeasured": case.unmeasured,
        "outcome": _OUTCOMES[case.lead.outcome],
        "first": case.first,
        "needs": case.second_needed,
        "lost": case.lost,
    }


def waiting(case: Case, person: str, second: bool) -> bool:
    """Whether this person has something to do with it in this mode."""
    if second:
        return case.state is State.SECOND and case.first != person
    return case.state in UNREVIEWED and not case.gap


def progress(cases: Mapping[str, Case], person: str, second: bool) -> dict[str, int]:
    told = tally(cases.values(), {})
    mine = sum(waiting(c, person, second) for c in cases.values())
    done = told.people - told.first - told.second
    return {"total": told.people, "done": done, "second": told.second, "waiting": mine, "gaps": told.gaps}


def detail(desk: Desk, case: Case, numbers: Mapping[str, str]) -> dict[str, Any]:
    """Everything a reviewer needs beside the finding itself."""
    lead, names = case.lead, unit_names(desk.district)
    rule = resolve_rule(lead.rule, catalogue())
    fix, recheck = RuleInfo.of(rule).asked(lead) if rule else ("", "")
    column = desk.district.column(lead.column)
    with ObservationStore(desk.paths.observations, readonly=True) as store:
        evidence = [
            {
                "url": clean(e.url, 500),
                "at": local(e.fetched_at),
                "sha256": e.sha256,
                "locator": clean(e.locator, 200),
                "quote": clean(e.quote, 500),
                "kept": bool(e.sha256) and store.has_body(e.sha256),
            }
            for e in dict.fromkeys(lead.evidence)
        ]
        urls = dict.fromkeys([lead.url, *(e.url for e in lead.evidence)])
        shots = [
            {"sha256": a.sha256, "url": clean(a.url, 300), "at": a.created_at}
            for kind in ("crop", "screenshot")
            for url in urls
            if url
            for a in store.artifacts(kind, url)
        ]
    return {
        **line(case, names, numbers),
        "message": clean(case.message, 2000),
        "url": clean(lead.url or lead.subject, 500),
        "column": column.label if column else "",
        "reason": Reason(lead.reason).chinese if lead.reason else "",
        "question": rule.question if rule else "",
        "why": rule.why if rule else "",
        "legal": list(rule.legal) if rule else [],
        "fix": fix,
        "recheck": recheck,
        "rule_id": f"{lead.rule}（第{lead.rule_version}版）",
        "indicators": [_indicator(desk, f.indicator, str(f.at_stake)) for f in case.findings],
        "waived": lead.waived,
        "evidence": evidence,
        "shots": shots[:4],
        "data": _data(lead.data),
        "trail": [clean(str(u), 300) for u in _list(lead.data.get("trail"))][:TRAIL],
        "candidates": _candidates(desk, urls),
        "log": [
            f"{d.at[:16].replace('T', ' ')} {d.who}（{d.role}）{d.state or d.kind}：{clean(d.why, 200)}"
            for d in case.log
        ],
    }


def _indicator(desk: Desk, key: str, stake: str) -> str:
    standard_id, _, indicator_id = key.partition("/")
    standard = next((s for s in desk.standards if s.id == standard_id), None)
    indicator = standard.indicator(indicator_id) if standard else None
    return f"{indicator.title}（{indicator.clause}，{stake}分）" if indicator else key


def _data(data: Mapping[str, Any]) -> list[list[str]]:
    """Measured values, without the long lists that have places of their own."""
    rows = []
    for name, value in data.items():
        if name == "trail" or value is None or value == "":
            continue
        if isinstance(value, list):
            flat = [" ".join(map(str, v)) if isinstance(v, list) else str(v) for v in value[:20]]
            rows.append([name, clean("；".join(flat), 1000)])
        else:
            rows.append([name, clean(str(value), 500)])
    return rows


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _candidates(desk: Desk, urls: Mapping[str, None]) -> list[list[str]]:
    """Every date the page shows or carries, so that a date finding can be weighed."""
    if not desk.paths.facts.exists():
        return []
    found = []
    with FactsStore(desk.paths.facts, readonly=True) as facts:
        for url in [u for u in urls if u][:3]:
            page = facts.page(url)
            for fact in (*page.dates, *page.list_dates) if page else ():
                found.append([str(fact.value), str(fact.origin), clean(fact.quote, 120)])
    return found[:30]
