"""Reading Chinese administrative text: document numbers, phones, titles, likeness, masking."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

_DOCNO = re.compile(r"([一-龥]{1,12})\s*[〔\[［【(（]\s*((?:19|20)\d{2})\s*[〕\]］】)）]\s*(?:第\s*)?(\d{1,5})\s*号")
_PHONE = re.compile(
    r"(?<![\d.])(?:(?:\(?0\d{2,3}\)?[-—－– ]?)?[2-8]\d{6,7}(?:[-—－转]\d{1,5})?|12345|1[3-9]\d{9})(?!\d)"
)
_CUE = re.compile(r"咨询|联系|解读|电话|热线")
_FORMAL = re.compile(
    r"关于|印发|转发|公布|发布|的通知|的通告|的意见|的解读|政策解读|文字解读|图文解读|图解|一图读懂|政策问答|视频解读|"
    r"解读|问答|[《》〈〉“”\"'‘’（）()【】\[\]〔〕：:，,。、；;！!？?\s|｜—\-－·]"
)
_DAY = re.compile(r"(20\d{2})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?")


_HALF_WIDTH = {c: unicodedata.normalize("NFKC", chr(c)) for c in range(ord("！"), ord("～") + 1)}
_TITLE_LENGTH = 120  # what is no longer is asked for again and again, by rule after rule


def fold(text: str) -> str:
    """Full-width digits and letters to half width; whitespace removed."""
    return _folded_title(text) if len(text) <= _TITLE_LENGTH else _folded(text)


def _folded(text: str) -> str:
    return "".join(text.split()).translate(_HALF_WIDTH)


_folded_title = lru_cache(maxsize=65_536)(_folded)


def docnos(text: str) -> Iterator[tuple[str, int, int]]:
    """Document numbers in reading order: (series, year, number), e.g. ("示政发", 2026, 3)."""
    for match in _DOCNO.finditer(unicodedata.normalize("NFKC", text)):
        yield match[1], int(match[2]), int(match[3])


def docno(text: str) -> tuple[str, int, int] | None:
    return next(docnos(text), None)


def phone_with_cue(text: str, reach: int) -> str | None:
    """The first phone number that has 咨询, 联系, 解读 or 电话 within `reach` characters; None when there is none."""
    for match in _PHONE.finditer(text):
        around = text[max(0, match.start() - reach) : match.end() + reach]
        if _CUE.search(around):
            return match[0]
    return None


def has_phone(text: str) -> bool:
    return _PHONE.search(text) is not None


def core_title(title: str) -> str:
    """A title without its formal parts, for comparing a file with its interpretation."""
    return _FORMAL.sub("", fold(title))


def overlap(part: str, whole: str, size: int = 6) -> float:
    """Share (0 to 1) of the `size`-character pieces of `part` that also stand in `whole`."""
    a, b = _pieces(part, size), _pieces(whole, size)
    return len(a & b) / len(a) if a else 0.0


def likeness(a: str, b: str, size: int = 6) -> float:
    """Jaccard likeness (0 to 1) of two texts over `size`-character pieces."""
    left, right = _pieces(a, size), _pieces(b, size)
    union = len(left | right)
    return len(left & right) / union if union else 0.0


def _pieces(text: str, size: int) -> frozenset[str]:
    plain = "".join(c for c in text if c.isalnum())
    return frozenset(plain[i : i + size] for i in range(len(plain) - size + 1))


def days_in(text: str) -> Iterator[date]:
    """Full dates in running text; impossible ones (2026-02-31) are skipped."""
    for match in _DAY.finditer(unicodedata.normalize("NFKC", text)):
        try:
            yield date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            continue


def group_hit(group: str, text: str) -> bool:
    """A keyword group is words joined by spaces or `|`; any of them in `text` is a hit; `a&b` asks for both."""
    for word, further in _words(group):  # noqa: SIM110 - a generator costs more than the search
        if word in text and all(w in text for w in further):
            return True
    return False


@lru_cache(maxsize=4_096)
def _words(group: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The alternatives of a group, each as its first word and those that have to stand beside it."""
    alternatives = (word.split("&") for word in re.split(r"[\s|]+", group) if word)
    return tuple((first, tuple(further)) for first, *further in alternatives)


def missing(elements: Iterable[str], text: str) -> list[str]:
    """Elements not found in `text`. An element lists its spellings by `|`; the first one names it."""
    plain = fold(text)
    return [e.split("|")[0] for e in elements if not any(fold(word) in plain for word in e.split("|"))]


def masked(value: str, keep: int = 2) -> str:
    """First and last `keep` characters with stars between, so that a quote gives nothing away."""
    if len(value) <= 2 * keep:
        return value[:1] + "*" * (len(value) - 1)
    return value[:keep] + "*" * (len(value) - 2 * keep) + value[-keep:]


def quote_around(text: str, word: str, reach: int = 40) -> str:
    """The place where `word` stands in `text`, with `reach` characters either side; blank when it is absent."""
    at = text.find(word)
    return "" if at < 0 else text[max(0, at - reach) : at + len(word) + reach]
