"""Who signed a text: “示例区财政局 2026年3月9日” at its end, or before its annexes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.facts import Page, PageKind

_BODY = (  # how names of bodies end
    r"(?:政府|办公室|委员会|领导小组|指挥部|局|厅|委|院|中心|站|所|大队|支队|办事处|学校|大学|公司|工会|协会|联合会"
    r"|党组|党委|机关|部门)"
)
_ALSO = r"(?:部|银行|工商联|妇联|残联|文联|科协|报社|电视台|网|网站|平台)"  # only where a day follows
# Digits stand apart in texts that were pasted from a word processor; the day may be left out.
_DAY = re.compile(
    r"(?:2\s?0\s?\d\s?\d|[二〇○零]{3}.)\s*年\s*[\d一二三四五六七八九十\s]{1,4}[月年](?:\s*.{1,3}\s*日)?"
)
_SIGNER = re.compile(
    rf"(?P<name>[\u4e00-\u9fff、]{{2,38}}?(?:{_BODY}|{_ALSO}))\s*(?:[（(]\s*(?:盖?章|代章|印)\s*[)）])?\s*$"
)
_FILE = r"[^\s/]{1,80}\.(?:docx?|xlsx?|pdf|pptx?|rar|zip|wps|et|ofd|jpe?g|png)"
# What a template sets below a text: sharing, printing, who edited it.
_FURNITURE = r"扫一扫|[【\[]?(?:打印|关闭)|(?:责任)?编辑\s*[:：]|分享|上一[篇条]|下一[篇条]|来源\s*[:：]"
_END = re.compile(
    rf"(?:\s*印发)?\s*(?:[（(][^（）()]{{0,30}}[)）])?\s*(?:$|附[件表：:]|附\s*\d|{_FURNITURE}|(?:{_FILE}\s*)+$)",
    re.I,
)
_WRITER = rf"(?:[\u4e00-\u9fff]{{2,3}}\s*[:：]\s*)?(?:[\u4e00-\u9fff]{{2,20}}{_BODY}|办公室)"
_BYLINE = re.compile(  # “…（示例县社保局 某某）”, before captions of pictures too
    rf"[（(]\s*{_WRITER}\s*[\u4e00-\u9fff、·\s]{{0,8}}[)）](?:\s*[（(][^（）()]{{0,60}}[)）])*\s*$"
    rf"|[。！”]\s+[\u4e00-\u9fff]{{2,24}}{_BODY}\s*[\u4e00-\u9fff]{{2,4}}\s*$"
)
_NEAR = 60  # characters before a day in which its signer stands
_BYLINE_END = 400


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    day: str  # as written, without blanks
    quote: str


def signature_of(page: Page) -> Signature | None:
    """The last one at which the text ends; of a file, also one that stands alone before its annexes."""
    found = list(_signatures(page.text, page.kind is PageKind.POLICY))
    return found[-1] if found else None


def signed(page: Page) -> bool:
    """Whether a text names the body that issued or wrote it at its end."""
    return bool(_BYLINE.search(page.text.rstrip()[-_BYLINE_END:])) or signature_of(page) is not None


def _signatures(text: str, file: bool) -> Iterator[Signature]:
    for day in _DAY.finditer(text):
        before = text[max(0, day.start() - _NEAR) : day.start()]
        signer = _SIGNER.search(before)
        if signer is None:
            continue
        ends = _END.match(text, day.end()) is not None
        alone = (
            file
            and before[: signer.start()][-1:] in (" ", "\n", "。", "）", ")")
            and text[day.end() : day.end() + 1].isspace()
        )
        if ends or alone:
            quote = (signer.group() + day.group()).strip()
            yield Signature(signer["name"], re.sub(r"\s+", "", day.group()), quote)
