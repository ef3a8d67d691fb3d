"""What a confirmed cannot-tell verdict may say: the reviewer's own stated fact, or the rule's clues as an assertion.

A finding of a unit never quotes the tool's sentence about what the tool could not see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from audit.errors import AuditError
from checks.engine import SHOWN_P
from checks.outcomes import Outcome, Reason
from checks.rule import catalogue
from checks.standards import resolve_rule
from checks.verdicts import Finding

FACT, PROOF, DAY = "人工核查事实", "核查依据（网址或文件）", "核查日期"
SHORTEST = 4
_QUOTED = re.compile("“[^”]*”|《[^》]*》")
_CLAUSES = re.compile("([，；。：])")
_ASKING = re.compile("请|人工|核实")
_DOUBT = re.compile("无法|未能|不能|尚未|是否|能否|有无|有没有|本工具|未查全|未取回")


@dataclass(frozen=True, slots=True)
class Statement:
    """A fact a person vouches for: what is so, where that can be seen, and on which day it was seen (ISO)."""

    fact: str
    proof: str
    day: str


def assertion(finding: Finding) -> str:
    """The clues of a verdict that a person only has to judge, without its question; blank when there are none.

    Only what the rule saw counts: a review question, kept evidence, and a sentence that claims something.
    """
    if finding.outcome is not Outcome.CANNOT_TELL or finding.reason != Reason.NEEDS_JUDGEMENT or not finding.review:
        return ""
    if finding.message.endswith(SHOWN_P):  # failed by the rule; the clause leaves the judgement to people
        return finding.message.removesuffix(SHOWN_P)
    rule = resolve_rule(finding.rule, catalogue())
    if rule is None or not rule.question or not any(e.sha256 for e in finding.evidence):
        return ""
    return _clues(finding.message)


def _clues(message: str) -> str:
    """Its clauses without those that ask; blank when one of them says that something is not known."""
    quotes: list[str] = []

    def hide(found: re.Match[str]) -> str:
        quotes.append(found.group())
        return f"\0{len(quotes) - 1}\0"

    parts = _CLAUSES.split(_QUOTED.sub(hide, message))
    kept = [(text, mark) for text, mark in zip(parts[::2], [*parts[1::2], ""], strict=True) if text]
    kept = [(text, mark) for text, mark in kept if not _ASKING.search(text)]
    if not kept or any(_DOUBT.search(text) for text, _ in kept):
        return ""
    told = "".join(text + mark for text, mark in kept)[:-1] + "。"
    told = told.replace("疑似", "").replace("疑为", "为")
    return re.sub("\0(\\d+)\0", lambda m: quotes[int(m[1])], told)


def statement(finding: Finding, fact: str, proof: str, day: str, today: date) -> Statement:
    """The reviewer's statement, checked. Raises AuditError naming the columns to fill."""
    fact, proof, day = fact.strip(), proof.strip(), day.strip()[:10]
    blank = [name for name, value in ((FACT, fact), (PROOF, proof), (DAY, day)) if not value]
    if blank:
        why = Reason(finding.reason).chinese if finding.reason else "未测得"
        raise AuditError(
            f"这是机器未能判定的事项（{why}），不能直接确认。经人工核查认定为问题的，请填写“{FACT}”“{PROOF}”"
            f"“{DAY}”（现缺：{'、'.join(blank)}）；没有核查的请留空、驳回或转人工。"
        )
    if len(fact) < SHORTEST or len(proof) < SHORTEST:
        raise AuditError(f"“{FACT}”须写明看到的事实，“{PROOF}”须写明网址或文件名称、文号。")
    if "无法判定" in fact or fact in finding.message or finding.message.rstrip("。") in fact:
        raise AuditError(f"“{FACT}”须是核查人自己看到的事实，不能照抄机器“无法判定”的说明。")
    try:
        seen = date.fromisoformat(day)
    except ValueError as error:
        raise AuditError(f"“{DAY}”{day} 不是日期，请写成 2026-10-15。") from error
    if seen > today:
        raise AuditError(f"“{DAY}”{day} 在今天之后，请核对。")
    return Statement(fact, proof, day)
