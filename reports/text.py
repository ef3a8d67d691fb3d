"""Words and figures as they are printed. Everything read from an audited site is untrusted and passes `clean`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from checks.snapshot import SHANGHAI
from reports.view import Visibility

LONGEST = 300  # characters of untrusted text that a report prints
_ELLIPSIS = "……"
# C0 and C1 controls, bidirectional overrides and isolates, zero-width marks, line separators, BOM, surrogates,
# non-characters: they can hide, reorder or break text, and some are not allowed in HTML or XLSX at all.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]"
    "|[\U000e0000-\U000e007f]|[\U0001fffe\U0001ffff]"
)
_SPACE = re.compile(r"\s+")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[-－ ]?\d{7,8}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{9}[\dXx](?![\dXx])")
_ROUND = re.compile(r"^(\d{4})Q([1-4])$")
_QUARTERS = "一二三四"


def clean(text: object, longest: int = LONGEST) -> str:
    """One line of printable text, at most `longest` characters; a cut is shown by ……."""
    raw = str(text)
    return _cleaned(raw, longest) if len(raw) <= LONGEST else _clean(raw, longest)


def _clean(raw: str, longest: int) -> str:
    words = _SPACE.sub(" ", _UNSAFE.sub("", raw[: longest * 4 + 4096])).strip()
    if len(words) > longest or len(raw) > longest * 4 + 4096:
        return words[: longest - len(_ELLIPSIS)].rstrip() + _ELLIPSIS
    return words


_cleaned = lru_cache(maxsize=20_000)(_clean)  # titles, remedies and clauses come again on every page


_PAUSES = "，；：。、"


def short(text: str, longest: int) -> str:
    """The text without its full stop; a long one ends at its last pause that fits, never inside a clause."""
    words = clean(text, 2_000).rstrip("。")
    if len(words) <= longest:
        return words
    at = max((i for i, c in enumerate(words[:longest]) if c in _PAUSES and i > longest // 3), default=0)
    return f"{words[:at]}等" if at else clean(words, longest)


def quoted(text: str) -> str:
    """Quotation marks inside quotation marks as Chinese sets them: “……‘……’……”."""
    depth, out = 0, []
    for char in text:
        depth -= char == "”"
        out.append({"“": "‘", "”": "’"}.get(char, char) if depth > 0 else char)
        depth += char == "“"
    return "".join(out)


def exact(text: str, longest: int = 20_000) -> str:
    """For machine outputs: only what no JSON reader could hold is removed (lone surrogates), and length bounded."""
    return text[:longest].encode("utf-8", "replace").decode("utf-8")


def masked(text: str, visibility: Visibility) -> str:
    """Phone and identity numbers are hidden in files that leave the offices."""
    if visibility is not Visibility.PUBLIC:
        return text
    text = _IDENTITY.sub("（证件号已隐去）", text)
    return _LANDLINE.sub("（电话已隐去）", _MOBILE.sub("（电话已隐去）", text))


def web_link(url: str) -> str:
    """The URL if it may be a hyperlink (http or https), else blank: other schemes are printed, never linked."""
    address = clean(url, 2000)
    return address if re.match(r"https?://[^\s]+$", address, re.IGNORECASE) else ""


def figure(value: Decimal | int | None) -> str:
    """A number without superfluous zeros: 5, 0.5, 82.33; an en dash when there is none."""
    if value is None:
        return "–"
    number = Decimal(value)
    return "0" if not number else f"{number.normalize():f}"


def percent(part: int | Decimal, whole: int | Decimal) -> str:
    """One decimal; an en dash when nothing was counted."""
    if not whole:
        return "–"
    share = Decimal(part) * 100 / Decimal(whole)
    return f"{share.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def span(lower: Decimal, upper: Decimal) -> str:
    """A score as printed: "86" when told, "82–91" while it is a range."""
    return figure(upper) if lower == upper else f"{figure(lower)}–{figure(upper)}"


def moment(value: str | datetime) -> str:
    """An ISO instant as Shanghai wall time "2026-08-12 09:31:07"; blank stays blank, nonsense is printed as it is."""
    if not value:
        return ""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return clean(value, 40)
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def round_name(round_id: str) -> str:
    """ "2026Q3" reads 2026年第三季度; any other id is printed as it is."""
    match = _ROUND.match(round_id)
    return f"{match[1]}年第{_QUARTERS[int(match[2]) - 1]}季度" if match else clean(round_id, 60)


def css_string(text: str) -> str:
    """A quoted CSS string; anything that could end it or the style element is escaped."""
    safe = "".join(c if c.isalnum() or c in " ·-—–:（）" else f"\\{ord(c):x} " for c in clean(text, 120))
    return f'"{safe}"'
