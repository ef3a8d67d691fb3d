"""Calls for opinions: what is a call, how long it ran, and which page answers it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from checks.facts import Page
from checks.items import Item, shown_day
from checks.texts import core_title, fold

_D = r"(?:(20\d{2})[年./-])?(\d{1,2})[月./-](\d{1,2})日?"
_RANGE = re.compile(rf"{_D}(?:\d{{1,2}}[:：]\d{{2}})?(?:起|开始|始)?[,，]?(?:至|到|截至|截止|[-—－~～]+){_D}")
_END = re.compile(
    rf"(?:截止|截至|期限为?|于|请在|务必在|在)[^。；]{{0,14}}?{_D}"
    rf"|{_D}(?:\d{{1,2}}[:：时点]\d{{0,2}})?(?:前|之前|以前|止|截止)"
)
_SPAN_CUE = re.compile(r"(?:期限|时间|为期|期为|公示期|征求意见期)[^。；]{0,12}?(\d{1,3})(?:个)?(工作日|日|天)")
_CALL = re.compile(r"征求.{0,20}意见|公开征集|意见征集|征集.{0,12}(?:意见|建议)|民意调查|网上调查")


@dataclass(frozen=True, slots=True)
class Window:
    """Days of a call. `end` is None when the page states none; `quote` is where it was read."""

    start: date | None
    end: date | None
    quote: str = ""

    @property
    def days(self) -> int | None:
        """Calendar days from the first to the last day, both counted."""
        return (self.end - self.start).days + 1 if self.start and self.end else None


def is_call(title: str) -> bool:
    """A call for opinions itself, not the report of its result."""
    return _CALL.search(title) is not None and not is_result(title)


def is_result(title: str) -> bool:
    return re.search(r"(?:结果|反馈|采纳)", title) is not None or re.search(r"征.{0,30}情况", title) is not None


def window(page: Page) -> Window:
    """When the call was open: stated in the text, else from publication to the stated last day."""
    text, shown = fold(page.text), shown_day(page)
    ranged = _RANGE.search(text)
    if ranged:
        start = _day(ranged[1], ranged[2], ranged[3], shown)
        end = _day(ranged[4] or ranged[1], ranged[5], ranged[6], start or shown)
        if start and end and start <= end:
            return Window(start, end, ranged[0])
    for found in _END.finditer(text):
        year, month, day = found.group(1, 2, 3) if found[2] else found.group(4, 5, 6)
        end = _day(year, month, day, shown)
        if end and (shown is None or end >= shown):
            return Window(shown, end, found[0])
    spanned = _SPAN_CUE.search(text)
    if spanned and shown and spanned[2] != "工作日":
        return Window(shown, shown + timedelta(days=int(spanned[1]) - 1), spanned[0])
    return Window(shown, None)


def _day(year: str | None, month: str, day: str, near: date | None) -> date | None:
    """A day; a missing year is that of `near`, or the next one when that would lie more than half a year before."""
    if year is None and near is None:
        return None
    try:
        found = date(int(year) if year else near.year if near else 0, int(month), int(day))
    except ValueError:
        return None
    if year is None and near and (near - found).days > 180:
        return found.replace(year=found.year + 1)
    return found


def core_of_call(title: str) -> str:
    """What a call is about: the title without the words of calling and of answering."""
    plain = re.sub(
        r"征求意见稿|意见稿|公开征求|征求|征集|公开|公众|社会|意见建议|意见|建议|征求稿|草案|结果|反馈|采纳|情况|公告|公"
        "示|通知|通告|说明|的",
        "",
        title,
    )
    return core_title(plain)


def answers(call: str, item: Item) -> bool:
    """Whether an item's title plainly answers the call (its subject stands in the other)."""
    a, b = core_of_call(call), core_of_call(item.title)
    return is_result(item.title) and min(len(a), len(b)) >= 4 and (a in b or b in a)


def perhaps_answers(call: str, item: Item) -> bool:
    """Titles share half of their pairs of characters: a person should look."""
    if not is_result(item.title):
        return False
    a, b = _pairs(core_of_call(call)), _pairs(core_of_call(item.title))
    return bool(a and b) and 2 * len(a & b) / (len(a) + len(b)) >= 0.5


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))
