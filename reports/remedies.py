"""The words of a remedy where it stands for several problems at once, or for a rule as such."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import Formatter
from typing import Protocol

from checks.verdicts import Finding
from reports.view import RuleInfo


class Led(Protocol):
    """A problem: what stands for it is its first finding."""

    @property
    def lead(self) -> Finding: ...


NOUNS = {
    "account": "账号", "days": "天数", "due": "期限", "duty": "事项", "example": "示例", "faults": "不足之处",
    "field": "领域", "group": "事项", "host": "域名", "how": "改法", "label": "栏目", "labels": "入口名称",
    "lacking": "缺少的要素", "limit": "限值", "main": "主域名", "months": "月数", "name": "名称",
    "names": "标签", "per_day": "次数", "period": "时段", "phrases": "用语", "platform": "平台",
    "reach": "字数", "since": "起始日期", "size": "页数", "target": "链接目标", "text": "链接文字",
    "timeout": "秒数", "title": "标题", "topic": "专题", "tries": "次数", "url": "网址", "what": "内容",
    "window": "天数", "year": "年度",
}  # fmt: skip
"""What a placeholder of a remedy stands for, where a rule is explained without one of its problems."""
_SENTENCES = frozenset({"how"})  # whole pieces of advice: several are told one after another
_NUMBER = re.compile(r"\d{1,4}(\.\d{1,2})?%?")


def general(rule: RuleInfo, issues: Iterable[Led], *, same: bool = False) -> dict[str, str]:
    """Values for the placeholders of a rule's remedy: what its problems share, a bracketed noun for the rest.

    Only limits and counts are taken from the problems, with `same` everything on which they agree.
    """
    values = {}
    own = [issue.lead.data for issue in issues]
    for _, name, _, _ in Formatter().parse(f"{rule.fix}{rule.recheck}"):
        if name:
            found = [_words(data.get(name)) for data in own]
            shared = found[0] if found and len(set(found)) == 1 else ""
            if same and name in _SENTENCES:
                shared = "；".join(dict.fromkeys(w for w in found if w))
            known = shared and (same or _NUMBER.fullmatch(shared))
            values[name] = shared if known else f"〔{NOUNS.get(name, '按具体问题')}〕"
    return values


def _words(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "、".join(str(v) for v in value)
    return "" if value is None else str(value)


def shared_remedy(rule: RuleInfo, issues: Iterable[Led]) -> tuple[str, str]:
    """How to mend and how it is re-checked, in words that hold for each of some problems of one rule."""
    return rule.remedy(general(rule, issues, same=True))
