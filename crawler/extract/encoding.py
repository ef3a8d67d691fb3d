"""From bytes to text. What a page declares is a hint; what its bytes allow decides.

Saved government pages often declare the wrong encoding (GBK as UTF-8, UTF-8 as gb2312, UTF-16 as gb2312) or mix two
in one file. A strict decoding that succeeds on non-ASCII bytes is proof enough for UTF-8, so it is tried before any
label.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

PRESCAN_BYTES = 65536  # far more than the 1024 of the HTML standard: Word-made heads are long

_CHINESE = ("gbk", "gb18030")
_ALIASES = {
    "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "utf-8-sig": "utf-8", "utf_8": "utf-8",
    "gb2312": "gbk", "gb_2312": "gbk", "gb_2312-80": "gbk", "chinese": "gbk", "csgb2312": "gbk", "x-gbk": "gbk",
    "euc-cn": "gbk", "cp936": "gbk", "ms936": "gbk", "gbk2312": "gbk", "hz-gb-2312": "gbk",
    "big5-hkscs": "big5", "cn-big5": "big5", "csbig5": "big5", "x-x-big5": "big5",
    "iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "latin1": "windows-1252", "ascii": "windows-1252",
    "us-ascii": "windows-1252", "iso-8859-9": "windows-1254",
    "utf-16": "utf-16le", "unicode": "utf-16le", "x-sjis": "shift_jis", "shift-jis": "shift_jis", "sjis": "shift_jis",
    "x-user-defined": "windows-1252",
}  # fmt: skip
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))
_LABEL = re.compile(r"[a-z][\w.:-]{1,38}", re.A)  # Python's lookup forgives more than browsers do
_HIGH = re.compile(rb"[\x80-\xff]+")
_CHARSET = re.compile(rb"charset\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s;\"'][^\s;]*))", re.I)
_ATTRIBUTE = re.compile(rb"[\s/]*(=?[^\s/>=]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"'][^\s>]*)))?")
_COMMENT_OR_TAG = re.compile(rb"<!--|<(?:/?[A-Za-z]|[!?/])")
_NAME = re.compile(rb"[^\s/>]*")


@dataclass(frozen=True, slots=True)
class Decoded:
    """`encoding` is the WHATWG name of what was used; `declared` the label found, canonical, blank if none."""

    text: str
    encoding: str
    declared: str = ""
    mixed: bool = False  # runs of another encoding inside


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decode a page. Never raises; undecodable bytes become U+FFFD."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(name, "replace"), name, name)
    wide = _without_bom_wide(body)
    declared = canonical(_header_label(content_type)) or declared_in(body)
    if wide:
        return Decoded(body.decode(wide, "replace"), wide, declared)
    if body.isascii():
        return Decoded(body.decode("ascii"), declared if _is_ascii_superset(declared) else "utf-8", declared)
    text = _strict(body, "utf-8")
    if text is not None:
        return Decoded(text, "utf-8", declared)
    return _not_utf8(body, declared)


def declared_in(body: bytes) -> str:
    """Canonical encoding label of the first `<meta>` that declares one, by the prescan of the HTML standard."""
    at, end = 0, min(len(body), PRESCAN_BYTES)
    while True:
        found = _COMMENT_OR_TAG.search(body, at, end)
        if found is None:
            return ""
        start = found.end()
        if found.group() == b"<!--":
            # "<!-->" is a whole comment, so the closing mark may share the opening's dashes
            close = body.find(b"-->", found.start() + 2, end)
            if close < 0:
                return ""
            at = close + 3
            continue
        if not found.group()[-1:].isalpha():
            close = body.find(b">", start, end)
            at = close + 1 if close >= 0 else end
            continue
        name_end = _NAME.match(body, start - 1, end).end()  # type: ignore[union-attr]
        attributes, at, closed = _attributes(body, name_end, end)
        if not closed:
            return ""
        if body[start - 2 : name_end].lower() == b"<meta":
            label = _of_meta(attributes)
            if label:
                return "utf-8" if label.startswith("utf-16") else label


def canonical(label: str) -> str:
    """WHATWG name of a label, or blank if the label names no known encoding."""
    low = label.strip().lower()
    if low in _ALIASES:
        return _ALIASES[low]
    if not _LABEL.fullmatch(low):
        return ""
    try:
        known = codecs.lookup(low).name
    except (LookupError, UnicodeError):
        return ""
    known = _ALIASES.get(known, known)
    if known.startswith("iso8859"):
        return known.replace("iso8859", "iso-8859")
    if known.startswith("cp125"):
        return known.replace("cp", "windows-")
    return known.replace("_", "-") if known.startswith(("euc", "koi8", "iso2022")) else known


def _attributes(body: bytes, at: int, end: int) -> tuple[dict[bytes, bytes], int, bool]:
    """Attributes of the tag whose name ends at `at` (first one of a name wins), the position behind it, and whether
    the tag is closed at all."""
    found: dict[bytes, bytes] = {}
    while at < end:
        while at < end and body[at : at + 1] in b" \t\r\n\f/":
            at += 1
        if body[at : at + 1] == b">":
            return found, at + 1, True
        match = _ATTRIBUTE.match(body, at, end)
        if match is None or match.end() == at:
            return found, at + 1, False
        value = next((g for g in match.groups()[1:] if g is not None), b"")
        found.setdefault(match.group(1).lower(), value)
        at = match.end()
    return found, end, False


def _of_meta(attributes: dict[bytes, bytes]) -> str:
    if b"charset" in attributes:
        return canonical(attributes[b"charset"].decode("latin-1"))
    if attributes.get(b"http-equiv", b"").lower() == b"content-type":
        match = _CHARSET.search(attributes.get(b"content", b""))
        if match:
            value = next(g for g in match.groups() if g is not None)
            return canonical(value.decode("latin-1"))
    return ""


def _header_label(content_type: str) -> str:
    match = _CHARSET.search(content_type.encode("latin-1", "replace"))
    return next((g for g in match.groups() if g is not None), b"").decode("latin-1") if match else ""


def _without_bom_wide(body: bytes) -> str:
    """UTF-16 without a mark: markup is ASCII, so every second byte of the opening is zero."""
    head = body[:400]
    if len(head) < 8 or not head.count(0):
        return ""
    odd, even = head[1::2].count(0), head[0::2].count(0)
    half = len(head) // 2
    if odd > half * 0.6 and even < half * 0.05:
        return "utf-16le"
    return "utf-16be" if even > half * 0.6 and odd < half * 0.05 else ""


def _strict(body: bytes, name: str) -> str | None:
    """Text if every byte fits; a character cut off at the very end of the body is forgiven."""
    try:
        return codecs.getincrementaldecoder(name)().decode(body)
    except UnicodeDecodeError:
        return None


def _is_ascii_superset(name: str) -> bool:
    return bool(name) and not name.startswith(("utf-16", "utf-32", "utf-7", "iso2022"))


def _not_utf8(body: bytes, declared: str) -> Decoded:
    chinese = _strict(body, "gb18030")
    if chinese is not None and declared not in ("big5",) and _looks_chinese(chinese):
        return Decoded(chinese, declared if declared in _CHINESE else "gbk", declared)
    if declared == "big5":
        text = _strict(body, "big5hkscs")
        if text is not None:
            return Decoded(text, "big5", declared)
    share = _utf8_share(body)
    if share >= 0.5:
        return Decoded(_mixed(body), "utf-8", declared, mixed=True)
    lenient = (_in_chinese(body) if share else body).decode("gb18030", "replace")
    if _looks_chinese(lenient) and lenient.count("\ufffd") * 20 <= len(_HIGH.findall(body)) + 20:
        return Decoded(lenient, declared if declared in _CHINESE else "gbk", declared, mixed=share > 0.02)
    if declared and declared not in ("utf-8", *_CHINESE) and _is_ascii_superset(declared):
        return Decoded(body.decode(declared, "replace"), declared, declared)
    return _guessed(body, declared)


def _looks_chinese(text: str) -> bool:
    """Most of the non-ASCII characters are common Han characters or Chinese punctuation.

    UTF-8 read as GBK gives Han characters too, but the ones of common use are rare among them.
    """
    sample = [c for c in text[:200_000] if c > "\x7f"][:4000]
    if not sample:
        return False
    good = sum(1 for c in sample if "\u4e00" <= c <= "\u9fa5" or c in _PUNCTUATION or c > "\uff00")
    frequent = sum(1 for c in sample if c in _FREQUENT)
    return good >= len(sample) * 0.8 and frequent >= len(sample) * 0.04


_PUNCTUATION = frozenset("，。、：；！？“”《》（）【】—…·　\xa0")
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过民前面公"
    "开政府信息关通知办市县区局省委网站国务院日月号发布时间首页版权所有主办单位联系我们，。、：（）“”《》"
)


def _utf8_share(body: bytes) -> float:
    """Share of the runs of high bytes that are well-formed UTF-8."""
    runs = _HIGH.findall(body[:2_000_000])
    good = sum(1 for run in runs if len(run) > 2 and _valid(run))
    return good / len(runs) if runs else 0.0


def _valid(run: bytes) -> bool:
    try:
        run.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mixed(body: bytes) -> str:
    """UTF-8 with foreign parts: each run of high bytes that is not UTF-8 is read as GB18030 if that fits."""

    def run_text(match: re.Match[bytes]) -> bytes:
        run = match.group()
        if _valid(run):
            return run
        try:
            return run.decode("gb18030").encode("utf-8")
        except UnicodeDecodeError:
            return run.decode("utf-8", "replace").encode("utf-8")

    return _HIGH.sub(run_text, body).decode("utf-8", "replace")


def _in_chinese(body: bytes) -> bytes:
    """GB18030 with parts of UTF-8, such as a shared footer: those parts rewritten.

    Nine bytes are asked for: shorter runs of GBK may be well-formed UTF-8 by chance.
    """

    def run_text(match: re.Match[bytes]) -> bytes:
        run = match.group()
        return run.decode("utf-8").encode("gb18030") if len(run) >= 9 and _valid(run) else run

    return _HIGH.sub(run_text, body)


def _guessed(body: bytes, declared: str) -> Decoded:
    """The last resort: a statistical guess over the first 100 kB."""
    import charset_normalizer

    best = charset_normalizer.from_bytes(body[:100_000]).best()
    name = canonical(best.encoding) if best else ""
    if name and _is_ascii_superset(name):
        return Decoded(body.decode(name, "replace"), name, declared)
    return Decoded(body.decode("utf-8", "replace"), "utf-8", declared)
