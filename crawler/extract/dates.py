"""Dates as they are written on Chinese government pages, and what the word before a date says about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

_WIDE = str.maketrans("０１２３４５６７８９：－．／", "0123456789:-./")
_WIDE_CHARACTER = re.compile("[０-９：－．／]")
_TIME = r"(?:\s*T?\s*(?P<hh>[01]?\d|2[0-3])\s*[:：∶﹕时]\s*(?P<mi>[0-5]\d)(?:\s*[:：∶﹕分]\s*(?P<ss>[0-5]\d))?)?"
FULL = re.compile(
    r"(?<!\d)(?P<y>19[89]\d|20[0-4]\d)\s?(?:年|[-－—–./\\])\s?(?P<m>1[0-2]|0?[1-9])\s?(?:月|[-－—–./\\])"
    r"\s?(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)\s?日?" + _TIME
)
_SPREAD = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\s?\d\s?\d)\s*年\s*(?P<m>1\s?[0-2]|0?\s?[1-9])\s*月\s*(?P<d>3\s?[01]|[12]\s?\d|0?\s?[1-9])\s*日"
)
_SPLIT_DAY = re.compile(r"\s?\d\s*日")  # "1月2 9 日"
_COMPACT = re.compile(r"(?<!\d)(?P<y>20[0-4]\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)")
_NUMERALS = re.compile(
    r"(?P<y>二[〇零○ＯO０][〇零○ＯO０一二三四][〇零○ＯO０一二三四五六七八九])年(?P<m>[一二三四五六七八九十]{1,2})月"
    r"(?P<d>[一二三四五六七八九十]{1,3})日"
)
_APART = (
    re.compile(
        r"(?<!\d)(?P<y>20\d\d)\s?[-./年]\s?(?P<m>1[0-2]|0?[1-9])\s?月?\s+(?P<d>3[01]|[12]\d|0?[1-9])(?!\d|[-./年月])"
    ),
    re.compile(
        r"(?<!\d)(?P<d>3[01]|[12]\d|0?[1-9])\s*日?\s+(?P<y>20\d\d)\s?[-./年]\s?(?P<m>1[0-2]|0?[1-9])(?!\d|[-./]\d)"
    ),
    re.compile(r"(?<!\d)(?P<m>1[0-2]|0?[1-9])\s?[-./月]\s?(?P<d>3[01]|[12]\d|0?[1-9])\s?日?\s+(?P<y>20\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)\s*年?\s+(?P<m>1[0-2]|0?[1-9])\s?[-./月]\s?(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)"),
)
_YEARLESS = re.compile(
    r"(?<![\d./-])(?P<m>1[0-2]|0?[1-9])\s?(?:[-./]|月)\s?(?P<d>3[01]|[12]\d|0?[1-9])(?![\d./%-])\s?日?"
)
_DATE_ONLY = re.compile(
    r"^[\s\[\](（）)【】〔〕<>《》|·•\-—:：]*(?:发布)?(?:时间|日期)?[:：\s]*(?P<in>.+?)[\s\[\](（）)【】〔〕<>|]*$"
)
_DIGIT = re.compile(r"\d")
_NOT_OF_A_DATE = re.compile(r"[^\s\d\[\](（)【】〔〕<>《》|·•\-—:：发布时间日期年月－–./\\T分∶﹕．／]")
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | dict.fromkeys("零○ＯO０", 0)
MAX_LABEL = 14  # characters of the word before a date
SHORT = 120  # characters; menus and lists of neighbours repeat from page to page, long texts do not


class Meaning(StrEnum):
    """What the word before a date says."""

    PUBLISHED = "published"
    UPDATED = "updated"
    SIGNED = "signed"
    EFFECTIVE = "effective"
    EXPIRY = "expiry"
    OTHER = "other"  # a label of something else: a deadline, an event, a message
    NONE = "none"


_MEANINGS: tuple[tuple[Meaning, re.Pattern[str]], ...] = (
    (Meaning.OTHER, re.compile(
        r"(?:留言|回复|答复|办理|受理|页面生成|系统|当前|今天|咨询|来信|公告|成交|中标|开标|采购)(?:时间|日期)$"
    )),
    (Meaning.EXPIRY, re.compile(r"(?:失效|废止|截止|终止|到期)(?:时间|日期)$|有效期(?:至|到|限)$")),
    (Meaning.EFFECTIVE, re.compile(r"(?:施行|实施|生效|执行)(?:时间|日期)$")),
    (Meaning.SIGNED, re.compile(r"(?:成文|生成|印发|签发|制发|发文|颁布|公布|形成|产生|制定|落款)(?:时间|日期)$")),
    (Meaning.UPDATED, re.compile(r"(?:更新|修改|编辑|修订)(?:时间|日期|于)$|^更新$")),
    (Meaning.PUBLISHED, re.compile(
        r"(?:发布|发表|发稿|公开|上网|上载|上传|刊发|刊登|录入|加入|入库|添加|发送|信息|新闻|文章|稿件|登载|挂网|推送|创建|报道)(?:时间|日期)$"
        r"|(?:发布|发表|刊发|登载|刊登)(?:于)?$|^(?:时间|日期|点击次数时间|点击数时间)$"
    )),
    (Meaning.OTHER, re.compile(r"(?:时间|日期|期限|期间|之日|自|于|至|从|到|截至|截止)$")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text: where it stands and the time written with it ("" if none)."""

    value: date
    time: str
    start: int
    end: int


def find_dates(text: str) -> Iterator[Found]:
    """Complete dates in a text, in order. Impossible days are passed over."""
    if "20" not in text and "19" not in text and "年" not in text and not _WIDE_CHARACTER.search(text):
        return iter(())
    return iter(_remembered(text) if len(text) <= SHORT else _read_dates(text))


def _read_dates(text: str) -> tuple[Found, ...]:
    text = _narrow(text)
    taken: list[tuple[int, int]] = []
    found: list[Found] = []
    for pattern in (FULL, _SPREAD):
        for match in pattern.finditer(text):
            if any(a < match.end() and match.start() < b for a, b in taken):
                continue
            if pattern is FULL and _SPLIT_DAY.match(text, match.end()):
                continue
            value = _day(match["y"], match["m"], match["d"])
            if value:
                time = _time(match) if pattern is FULL else ""
                taken.append(match.span())
                found.append(Found(value, time, *match.span()))
        if not ("年" in text and " " in text):
            break
    for match in _NUMERALS.finditer(text) if "年" in text else ():
        value = _numeral_day(match)
        if value:
            found.append(Found(value, "", *match.span()))
    return tuple(sorted(found, key=lambda f: f.start))


_remembered = lru_cache(maxsize=8_192)(_read_dates)


def compact_date(text: str) -> Found | None:
    """A date written as eight digits, for places where a label or an address says that it is one."""
    match = _COMPACT.search(text)
    value = _day(match["y"], match["m"], match["d"]) if match else None
    return Found(value, "", *match.span()) if match and value else None


def date_apart(text: str) -> date | None:
    """A date whose year and day stand in different elements ("08" "2021-01"), in a short text of a list row."""
    text = _narrow(text)
    for pattern in _APART:
        match = pattern.search(text)
        if match:
            value = _day(match["y"], match["m"], match["d"])
            if value:
                return value
    return None


def month_and_day(text: str) -> tuple[int, int] | None:
    """Month and day of a date without a year, as lists on front pages show it."""
    match = _YEARLESS.search(_narrow(text))
    return (int(match["m"]), int(match["d"])) if match else None


@lru_cache(maxsize=8_192)  # an entry's texts are asked several times over
def is_only_date(text: str) -> bool:
    """The text is a date and nothing else, brackets and the word 时间 apart."""
    if len(text) > 40 or not _DIGIT.search(text) or _NOT_OF_A_DATE.search(text):
        return False
    match = _DATE_ONLY.match(_narrow(text))
    inner = match["in"] if match else ""
    if not inner:
        return False
    for pattern in (FULL, _YEARLESS, _COMPACT, *_APART):
        whole = pattern.match(inner)
        if whole and not inner[whole.end() :].strip(" ])）】〕|日"):
            return True
    return False


def with_year(month: int, day: int, as_of: date) -> date | None:
    """The latest such day that is not after `as_of`; a leap day goes back to a leap year."""
    for year in range(as_of.year, as_of.year - 9, -1):
        value = _day(str(year), str(month), str(day))
        if value and value <= as_of:
            return value
    return None


def label_before(text: str, at: int) -> str:
    """The Chinese word that ends right before position `at`, with or without a colon; blank if there is none."""
    head = text[max(0, at - 40) : at].rstrip()
    head = head[:-1].rstrip() if head.endswith(("[", "【", "(", "（")) else head
    head = head[:-1].rstrip() if head.endswith((":", "：", "∶", "﹕")) else head
    start = len(head)
    while start and len(head) - start < MAX_LABEL and "\u4e00" <= head[start - 1] <= "\u9fa5":
        start -= 1
    return head[start:] if len(head) - start > 1 else ""


@lru_cache(maxsize=2_048)
def meaning_of(label: str) -> Meaning:
    """What a label says of the date behind it."""
    if not label:
        return Meaning.NONE
    return next((meaning for meaning, pattern in _MEANINGS if pattern.search(label)), Meaning.NONE)


def _narrow(text: str) -> str:
    """Full-width digits and separators as plain ones."""
    return text.translate(_WIDE) if _WIDE_CHARACTER.search(text) else text


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year.replace(" ", "")), int(month.replace(" ", "")), int(day.replace(" ", "")))
    except ValueError:
        return None


def _time(match: re.Match[str]) -> str:
    if match["hh"] is None:
        return ""
    return f"{int(match['hh']):02d}:{match['mi']}" + (f":{match['ss']}" if match["ss"] else "")


def _numeral_day(match: re.Match[str]) -> date | None:
    year = "".join(str(_DIGITS[c]) for c in match["y"])
    return _day(year, str(_small(match["m"])), str(_small(match["d"])))


def _small(text: str) -> int:
    """Chinese number below 100."""
    head, ten, tail = text.partition("十")
    if not ten:
        return _DIGITS[text] if len(text) == 1 else 0
    return (_DIGITS.get(head, 1) if head else 1) * 10 + (_DIGITS.get(tail, 0) if tail else 0)
