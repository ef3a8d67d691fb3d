"""The edition that may be published: no ranking, names, phones, pictures, nothing a sensitive rule quotes.

What only a person can decide is a suspicion until then: it is counted, neither its content nor its page is told.
How to mend something is advice to editors and left out.
"""

from __future__ import annotations

from dataclasses import replace

from checks.outcomes import Outcome
from checks.verdicts import Evidence, Finding
from reports.view import RoundView, Visibility

WITHHELD_TOPICS = frozenset({"sensitive"})  # wording, leaders' names, personal data, secrets
WITHHELD_RULES = frozenset({"name-or-title-wrong", "personal-data-exposed", "secret-mark-present"})
WORDS = "（具体内容不公开）"
OPEN = "：尚不能判定，具体内容在核实以后公开。"


def public_view(view: RoundView) -> RoundView:
    """The same round for everybody. Counts and scores stay; what a sensitive rule saw is withheld."""
    return replace(
        view,
        visibility=Visibility.PUBLIC,
        findings=tuple(_withheld(view, f) for f in view.findings),
        ranks=(),
        artifact=lambda sha256: None,
        screenshots={},
    )


def _withheld(view: RoundView, finding: Finding) -> Finding:
    rule = view.rule(finding.rule)
    sensitive = rule.topic in WITHHELD_TOPICS or rule.id in WITHHELD_RULES
    suspected = finding.outcome is Outcome.CANNOT_TELL and not finding.gap
    if not sensitive and not suspected:
        return finding
    bare = replace(finding, message=f"{rule.title}{WORDS if sensitive else OPEN}", data={}, evidence=())
    if suspected:  # not even where: a page that is named is looked up
        return replace(bare, subject="", url="")
    return replace(bare, evidence=tuple(Evidence(e.url, e.sha256, e.fetched_at) for e in finding.evidence))
