"""Accessibility results as EARL 1.0 (W3C Evaluation and Report Language) in JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from checks.axe_texts import axe_text
from checks.facts import AxePage, AxeRule
from checks.personal import hide_personal

CONTEXT = {
    "earl": "http://www.w3.org/ns/earl#",
    "dct": "http://purl.org/dc/terms/",
    "doap": "http://usefulinc.com/ns/doap#",
    "ptr": "http://www.w3.org/2009/pointers#",
    "sch": "https://schema.org/",
}
_OUTCOMES = {"violation": "earl:failed", "incomplete": "earl:cantTell"}
_MODES = {"normal": "普通模式", "elder": "适老化模式"}


def earl(pages: Iterable[AxePage], tool_version: str, engine: str) -> bytes:
    """The document: one subject per page and mode, one assertion per rule that failed or has to be looked at.

    axe-core reports passes only as a number; they stand as one assertion of the page as a whole.
    """
    every = list(pages)
    tool = {
        "@id": "_:assertor",
        "@type": ["earl:Assertor", "earl:Software"],
        "dct:title": "govaudit",
        "doap:release": {"doap:revision": tool_version},
        "dct:description": f"axe-core {engine}",
    }
    graph: list[dict[str, Any]] = [tool]
    for number, page in enumerate(every):
        subject = f"_:page{number}"
        title = f"{page.template}（{_MODES.get(page.mode, page.mode)}）"
        graph.append(
            {
                "@id": subject,
                "@type": ["earl:TestSubject", "sch:WebPage"],
                "dct:source": {"@id": page.url},
                "dct:title": title,
                "dct:date": page.fetched_at,
            }
        )
        graph += [_assertion(subject, rule, page) for rule in page.rules]
        if page.ok:
            found = {"outcome": "earl:passed", "text": f"{page.passes}条规则通过"}
        else:
            found = {"outcome": "earl:untested", "text": page.error}
        graph.append(_whole(subject, page, found["outcome"], found["text"]))
    return json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1).encode()


def _assertion(subject: str, rule: AxeRule, page: AxePage) -> dict[str, Any]:
    text = axe_text(rule.rule)
    info = f"{text.title}：{rule.nodes}处。{text.how}"
    result = {
        "@type": "earl:TestResult",
        "earl:outcome": {"@id": _OUTCOMES[rule.result]},
        "dct:description": info,
        "earl:info": hide_personal(rule.html)[0],
        "dct:date": page.fetched_at,
        "earl:pointer": {"@type": "ptr:CSSSelectorPointer", "ptr:expression": rule.target},
    }
    test = {
        "@type": "earl:TestRequirement",
        "@id": f"https://dequeuniversity.com/rules/axe/{'.'.join(page.engine.split('.')[:2])}/{rule.rule}",
        "dct:title": text.title,
        "dct:isPartOf": f"WCAG 2.2 {text.criterion}" if text.criterion else "",
    }
    return _stated(subject, test, result)


def _whole(subject: str, page: AxePage, outcome: str, words: str) -> dict[str, Any]:
    test = {"@type": "earl:TestCriterion", "@id": "urn:govaudit:axe-page", "dct:title": "整页自动检测"}
    result = {
        "@type": "earl:TestResult",
        "earl:outcome": {"@id": outcome},
        "dct:description": words,
        "dct:date": page.fetched_at,
    }
    return _stated(subject, test, result)


def _stated(subject: str, test: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    return {
        "@type": "earl:Assertion",
        "earl:assertedBy": {"@id": "_:assertor"},
        "earl:subject": {"@id": subject},
        "earl:mode": {"@id": "earl:automatic"},
        "earl:test": test,
        "earl:result": result,
    }
