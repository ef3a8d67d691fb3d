"""The edition that may be published: no ranking, names, phones, pictures, nothing a sensitive rule quotes."""

from __future__ import annotations

from dataclasses import replace

from checks.verdicts import Evidence, Finding
from reports.view import RoundView, Visibility

WITHHELD_TOPICS = frozenset({"sensitive"})  # wording, leaders' names, personal data, secrets
WITHHELD_RULES = frozenset({"name-or-title-wrong", "personal-data-exposed", "secret-mark-present"})
WORDS = "（具体内容不公开）"


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
    if rule.topic not in WITHHELD_TOPICS and rule.id not in WITHHELD_RULES:
        return finding
    proofs = tuple(Evidence(e.url, e.sha256, e.fetched_at) for e in finding.evidence)
    return replace(finding, message=f"{rule.title}{WORDS}", data={}, evidence=proofs)
