"""Letters that stand whole on one page, one below the other: subject, day, text and answer, nothing to click."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from selectolax.lexbor import LexborNode

from checks.facts import Region, Row
from crawler.extract.dates import find_dates
from crawler.extract.document import Document, Line, fold

MIN_LETTERS = 2
_SUBJECT = re.compile(
    r"^(?:来信|留言|信件|咨询|提问|写信)?(?:主题|标题)\s*[:：]\s*(\S.{1,100}?)"
    r"(?=\s*(?:(?:来信|留言|写信|咨询|提问|提交|发布|信件)?(?:时间|日期|编号|人|类型|状态)\s*[:：]|$))"
)
_ASKED = re.compile(r"(?:来信|留言|写信|提交|咨询|提问|信件)(?:时间|日期)\s*[:：]\s*")
_ANSWER = re.compile(r"(?:答复|回复|办理|处理)(?:单位|部门|时间|日期|内容|结果|意见|状态|情况)?\s*[:：]")
_STATE = re.compile(r"^(?:已|未|待|尚未|暂未|正在)?(?:答复|回复|办理|处理|受理|办结)中?$")
_HOLDERS = ("table", "li", "dl", "article")


def rows(document: Document, today: date) -> tuple[Row, ...]:
    """One row a letter, without an address; none unless each of several shows its day."""
    letters = list(_letters(document))
    found = [row for n, letter in enumerate(letters) if (row := _row(letter, n, today)) is not None]
    return tuple(found) if len(found) == len(letters) >= MIN_LETTERS else ()


def _letters(document: Document) -> Iterator[list[Line]]:
    letter: list[Line] = []
    for line in document.seen:
        if line.region in (Region.FOOTER, Region.NAVIGATION):
            continue
        if _SUBJECT.match(line.spaced):
            if letter:
                yield letter
            letter = [line]
        elif letter:
            letter.append(line)
    if letter:
        yield letter


def _row(letter: list[Line], order: int, today: date) -> Row | None:
    text = " ".join(line.spaced for line in letter)
    subject, asked = _SUBJECT.match(letter[0].spaced), _ASKED.search(text)
    day = next(find_dates(text[asked.end() : asked.end() + 20]), None) if asked else None
    if subject is None or day is None or day.value > today:
        return None
    answer = _ANSWER.search(text)
    parts = (text[:80], text[answer.start() : answer.start() + 120] if answer else "", _pictured(letter[0].node))
    return Row(subject.group(1), "", day.value, quote=" … ".join(p for p in parts if p), order=order)


def _pictured(node: LexborNode) -> str:
    """How far the letter is, where a picture beside it says so."""
    at: LexborNode | None = node
    while at is not None and at.tag not in _HOLDERS:
        at = at.parent
    labels = (fold(i.attributes.get("alt") or "") for i in (at.css("img[alt]")[:5] if at is not None else ()))
    return next((label for label in labels if _STATE.match(label)), "")
