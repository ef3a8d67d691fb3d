"""How a case is told in the office's papers: what, where, and what is asked of the unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from audit.rounds.cases import Case
from checks.rule import Rule, catalogue
from checks.snapshot import SHANGHAI
from checks.standards import resolve_rule
from checks.verdicts import Finding
from config.district import District
from reports.remedies import shared_remedy
from reports.view import RuleInfo

NO_ADDRESS = "见问题描述"


def unit_names(district: District) -> dict[str, str]:
    return {u.unit_id: u.name_short for u in district.units}


def rule_of(case: Case) -> Rule | None:
    return resolve_rule(case.lead.rule, catalogue())


def matter(district: District, case: Case) -> str:
    return told_of(district, replace(case.lead, message=case.message))


def told_of(district: District, finding: Finding) -> str:
    """The problem as a reader needs it: kind, column, and the sentence with measured value and limit."""
    rule = resolve_rule(finding.rule, catalogue())
    column = district.column(finding.column)
    kind = rule.title if rule else finding.rule
    where = f"“{column.label}”栏目" if column and column.label not in finding.message else ""
    return f"{kind}：{where}{'，' if where else ''}{finding.message}"


def demand(case: Case) -> str:
    rule = rule_of(case)
    return RuleInfo.of(rule).asked(case.lead)[0] if rule else ""


def shared_demand(cases: Sequence[Case]) -> str:
    """What is asked for of several places of one problem, in words that hold for each."""
    demands = set(map(demand, cases))
    rule = rule_of(cases[0])
    if len(demands) == 1 or rule is None:
        return min(demands)
    return shared_remedy(RuleInfo.of(rule), cases)[0]


def address(finding: Finding) -> str:
    """The page to look at; never an internal id."""
    found = (u for u in (finding.url, finding.subject, *(e.url for e in finding.evidence)) if "://" in u)
    return next(found, NO_ADDRESS)


def bygone(finding: Finding) -> bool:
    """A delay that has happened: no page can undo it, and asking for it again would invite false dates."""
    rule = resolve_rule(finding.rule, catalogue())
    return rule is not None and rule.bygone(finding.data)


def local(instant: str) -> str:
    """An ISO instant as a reader in Beijing knows it; blank stays blank."""
    return f"{datetime.fromisoformat(instant).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if instant else ""


def proof(url: str, at: str, sha256: str) -> str:
    """Address, time and hash of what was seen."""
    told = [url, f"取于 {local(at)}" if at else "", f"SHA-256 {sha256[:16]}" if sha256 else ""]
    return "，".join(t for t in told if t)
