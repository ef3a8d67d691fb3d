"""What a confirmed cannot-tell verdict may say: the reviewer's own stated fact, or the rule's clues as an assertion.

A finding of a unit never quotes the tool's sentence about what the tool could not see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from audit.errors import AuditError
from checks.engine import SHOWN_P
from checks.outcomes import Outcome, Reason
from checks.personal import hide_personal
from checks.rule import catalogue
from checks.standards import resolve_rule
from checks.verdicts import Finding

FACT, PROOF, DAY = "人工核查事实", "核查依据（网址或文件）", "核查日期"
SHORTEST = 4
LONGEST = {FACT: 200, PROOF: 300}
_LIKE = 0.8  # of the machine's own words: so much of a statement copied is no statement
_STOCK = re.compile(
    "情况属实|属实|确实|确有|的确|存在|问题|不合格|不符合|要求|规定|已经|核实|核查|检查|查看|看过|确认|同意|经人工|人工|以上|上述|该项|此项|有|是|无误|了|的"
)
_GUESS = re.compile("可能|也许|大概|好像|似乎|疑似|应该是|估计|是否|能否|有无|无法判定|[?？]")
_PLACE = re.compile(
    r"https?://\S{4,}|www\.\S{4,}|《[^》]{2,}》|“[^”]{2,}”|\d|\.(?:png|jpe?g|pdf|docx?|xlsx?|wps|ofd)\b", re.I
)
_SEEN = re.compile(
    r"\d|[零〇一二三四五六七八九十百两]+(?:[条个项处篇天日月年次页级栏]|份)|https?://|《[^》]{2,}》|“[^”]{2,}”|没有|无|空白|为空|缺|只|仅|未|不|打不开"
)
_MARKS = re.compile(r"[\s，。；：、！,.;:!（）()“”《》\"']")
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


class Unfit(AuditError):
    """A statement that cannot stand. `field` is the column or field to correct."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


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
    """The reviewer's statement, checked. Raises Unfit naming the column to fill, and what is expected there.

    It has to be something another person can check: what was seen, where, and when. Wording is left to the reviewer.
    """
    fact, proof, day = fact.strip(), proof.strip(), day.strip()[:10]
    blank = [name for name, value in ((FACT, fact), (PROOF, proof), (DAY, day)) if not value]
    if blank:
        why = Reason(finding.reason).chinese if finding.reason else "未测得"
        raise Unfit(
            blank[0],
            f"这是机器未能判定的事项（{why}），不能直接确认。经人工核查认定为问题的，请填写“{FACT}”“{PROOF}”"
            f"“{DAY}”（现缺：{'、'.join(blank)}）；没有核查的请留空、驳回或转人工。",
        )
    for name, value in ((FACT, fact), (PROOF, proof)):
        if len(value) > LONGEST[name]:
            raise Unfit(name, f"“{name}”不超过 {LONGEST[name]} 字，现为 {len(value)} 字。")
        if hide_personal(value)[1]:
            raise Unfit(name, f"“{name}”中有身份证号、手机号或银行卡号，会印到评分卡上：请删去，只写在哪一页看到。")
    if len(proof) < SHORTEST or not _PLACE.search(proof):
        raise Unfit(PROOF, f"“{PROOF}”须能据以找到：写网址、文件名称（加书名号或引号）、文号或截图文件名。")
    _must_be_seen(finding, fact)
    try:
        seen = date.fromisoformat(day)
    except ValueError as error:
        raise Unfit(DAY, f"“{DAY}”{day} 不是日期，请写成 2026-10-15。") from error
    if seen > today:
        raise Unfit(DAY, f"“{DAY}”{day} 在今天之后，请核对。")
    return Statement(fact, proof, day)


def _must_be_seen(finding: Finding, fact: str) -> None:
    """A fact says what is there or is not; it neither repeats the machine, nor guesses, nor only agrees."""
    rule = resolve_rule(finding.rule, catalogue())
    own = _bare(fact)
    for words in (finding.message, rule.question if rule else ""):
        said = _bare(words)
        if said and (own in said or said in own or SequenceMatcher(None, own, said).ratio() >= _LIKE):
            raise Unfit(FACT, f"“{FACT}”须是核查人自己看到的事实，不能照抄机器的说明或提问。")
    if guess := _GUESS.search(fact):
        raise Unfit(FACT, f"“{FACT}”须是看到的事实，不能是推测或提问（“{guess.group()}”）；不能确定的请转人工。")
    if len(_STOCK.sub("", own)) < SHORTEST or not _SEEN.search(fact):
        raise Unfit(
            FACT,
            f"“{FACT}”须写明看到了什么，让别人能核对：哪一天、几条、什么标题，或没有什么。"
            "例如：最近一条为7月2日发布；栏目页只有标题，没有内容。",
        )


def _bare(text: str) -> str:
    return _MARKS.sub("", text)
