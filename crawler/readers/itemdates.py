"""The date of a list entry, out of the texts inside and outside its link."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from crawler.extract.dates import (
    Meaning,
    compact_date,
    date_apart,
    find_dates,
    is_only_date,
    label_before,
    meaning_of,
    month_and_day,
)

_SENTENCE = re.compile(r"[，。；]|[前起至止内]$|施行|实施|截止")


@dataclass(frozen=True, slots=True)
class EntryDate:
    """A day, or month and day where the list shows no year; `title` is set where the date was cut off its end."""

    day: date | None = None
    month_day: tuple[int, int] | None = None
    title: str = ""


def entry_date(inside: list[str], outside: list[str]) -> EntryDate | None:
    """Alone in its element first, then labelled or apart; never out of the title or a summary."""
    for text in (*outside, *inside):
        if is_only_date(text) and (found := next(find_dates(text), None) or compact_date(text)):
            return EntryDate(found.value)
    for text in outside:
        if (day := _labelled_or_bare(text)) is not None:
            return EntryDate(day)
    digits = [t for t in (*outside, *inside) if len(t) <= 12 and any(c.isdigit() for c in t)]
    if len(digits) > 1 or (digits and is_only_date(digits[0])):
        together = " ".join(digits)
        whole = next(find_dates(together), None)
        day = whole.value if whole else date_apart(together)
        if day is not None:
            return EntryDate(day)
    for text in (*outside, *inside):
        if is_only_date(text) and (short := month_and_day(text)):
            return EntryDate(month_day=short)
    for text in outside:
        # "标题 [01-08]" in one text node beside the link
        if len(text) <= 20 and (short := month_and_day(text)):
            return EntryDate(month_day=short)
    if len(inside) == 1 and not outside:
        return _date_at_end(inside[0])
    # a card: its heading ends with the date in brackets, and a summary follows
    return next((found for text in inside[:3] if (found := _date_at_end(text, brackets=True))), None)


def _labelled_or_bare(text: str) -> date | None:
    """A date behind a publish label, or with hardly anything beside it; a sentence with a date in it has none."""
    if len(text) > 80:
        return None
    for found in find_dates(text):
        meaning = meaning_of(label_before(text, found.start))
        if meaning in (Meaning.PUBLISHED, Meaning.UPDATED):
            return found.value
        beside = (text[: found.start] + text[found.end :]).strip(" []()（）【】|·-—:：")
        if meaning in (Meaning.NONE, Meaning.SIGNED) and len(beside) <= 14 and not _SENTENCE.search(beside):
            return found.value
    return None


def _date_at_end(text: str, *, brackets: bool = False) -> EntryDate | None:
    """The whole entry is one link text with the date as its last word."""
    found = list(find_dates(text))
    if not found or text[found[-1].end :].strip(" )]）】日") or len(text) <= found[-1].end - found[-1].start + 4:
        return None
    before = text[: found[-1].start]
    if brackets and (before[-1:] not in tuple("[(（【") or not text.endswith(tuple(")]）】"))):
        return None
    if before[-1:] in " [(（【":
        return EntryDate(found[-1].value, title=before.rstrip(" [(（【"))
    return None
