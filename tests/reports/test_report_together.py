"""Sentences that differ in one named thing are told once."""

from __future__ import annotations

import pytest

from reports.together import together

CASES = [
    (["缺少“甲”，应有。", "缺少“乙”，应有。"], "缺少“甲”“乙”，应有。"),
    (["补上“甲”；再查“甲”。", "补上“乙”；再查“乙”。"], "补上“甲”“乙”；再查“甲”“乙”。"),
    (["输出<meta name=\"A\">。", "输出<meta name=\"B\">。"], "输出<meta name=\"A\"><meta name=\"B\">。"),
    (["缺少“甲”。"], "缺少“甲”。"),
    (["缺少“甲”。", "缺少“甲”。"], "缺少“甲”。"),
    (["缺少“甲”，3页。", "缺少“乙”，4页。"], ""),  # the numbers differ: two facts
    (["“甲”见“一”。", "“乙”见“二”。"], ""),  # two things differ: which belongs to which would be lost
    (["“甲”。", "“甲”“乙”。"], ""),
]  # fmt: skip


@pytest.mark.parametrize(("sentences", "told"), CASES, ids=range(len(CASES)))
def test_told_together(sentences: list[str], told: str) -> None:
    assert together(sentences) == told
