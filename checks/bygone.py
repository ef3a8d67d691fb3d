"""Delays that have happened: no page can undo them, and asking for it would invite false dates.

What a unit is asked for instead is the same on its card, on its slip and at the re-check: an explanation, and that
what is published from now on comes in time. Rules of which every fault is such a delay say so in their own words,
built from these.
"""

from __future__ import annotations

from collections.abc import Iterable

from checks.verdicts import Data

KEEP = "1. 超期（期限不足）已成事实，不能补救；除日期确属录入错误、按原件更正并附原件的以外，请勿改动网页上的日期。"
EXPLAIN = "2. 在期限内书面说明原因和防止再次发生的措施，连同网页网址一并报送。"
ANSWER = f"{KEEP}\n{EXPLAIN}\n3. 自下发之日起，同类事项一律按期办理、按期公开。"
ACCEPTED = (
    "本次不能补救，复查不要求网页改变：情况说明在期限内报送，经人工认定原因和措施属实的，销号；没有报送的，记为未通过。"
    "下发之日以后的同类事项由下一轮检查按同一规则判定，再有超期的作为新问题计分。"
)


def happened(past: Iterable[str], data: Data) -> bool:
    """Whether one of the values that a rule declares as `past` says that a delay has happened for good."""
    return any(value > 0 if isinstance(value, int) else value for value in map(data.get, past))
