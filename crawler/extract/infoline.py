"""Publish date and source as a reader sees them, and every other date with the place it was read from.

A date counts as published only where the page says so: by a label (发布时间：…) or by standing alone in the line
under the headline. Dates of effect, expiry, signature, interpretation and list rows never do; META and address
neither.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from checks.facts import DateFact, DateOrigin, Fact, Region
from crawler.extract.dates import Found, Meaning, compact_date, find_dates, is_only_date, label_before, meaning_of
from crawler.extract.document import Document, Line
from crawler.extract.headertable import is_field_name

MAX_DATES = 60
_INFO_WORDS = re.compile(
    r"来源|来自|作者|浏览|阅读|点击|访问|字体|字号|打印|分享|责任编辑|责编|编辑|发布人|发布者|发布单位|录入员|审核|收藏|关闭|供稿|稿源|视力保护|大\s*中\s*小|字\s*号"
)
_LABELS = (
    r"信息来源|文章来源|稿件来源|新闻来源|资料来源|内容来源|来\s*源|来\s*自|稿\s*源|供\s*稿(?:单位)?|来稿(?:单位)?|信息提供(?:单位|部门)?|发布单位|发布部门"
    r"|发布机构|发布机关|发文机关|发文机构|发文单位|公开单位|公开机构|信息发布机构|责任部门|提供单位"
)
_SOURCE = re.compile(rf"(?:^|[\s|｜　\]】)）】：:，,;；/\-]|\b|(?<=[\u4e00-\u9fa5\d]))({_LABELS})\s*[:：∶﹕]\s*")
_STOP = re.compile(
    r"\s*(?:[|｜【〖\[]|(?:发布|发表|更新|公开|信息|录入|成文|生成|上传|发文)?(?:时间|日期)\s*[:：∶]|作\s*者|浏\s*览|阅\s*读|点\s*击|访\s*问|字\s*体|字\s*号|打\s*印"
    r"|分\s*享|收\s*藏|关\s*闭|责任编辑|责\s*编|编\s*辑\s*[:：]|编辑\s|审\s*核|文章类型|信息类型|视力保护|大\s*中\s*小|字号|保护视力|扫一扫|文\s*号\s*[:：]|索\s*引\s*号"
    r"|主题(?:词|分类)?\s*[:：]|有\s*效\s*性|摄\s*影|记\s*者\s*[:：]|关键词|标\s*签\s*[:：]|A\s*[+\-]|T\s*[|丨]|发布(?:人|单位|机构)\s*[:：]"
    r"|(?:19|20)\d{2}\s?[-/年.]\s?\d{1,2}|来源\s*[:：]|来自\s*[:：]|评论|次数|人气|热度|下载|转发|朗读|听全文|语音|播放|我要纠错|返回|选择)"
)
_LABEL_ALONE = re.compile(rf"^[\[【(（]?\s*({_LABELS})\s*[:：∶﹕]?\s*$")
_DATE_LABEL_ALONE = re.compile(r"^[\[【(（]?\s*([\u4e00-\u9fa5]{2,8})\s*[:：∶﹕]?\s*$")
_ANY_LABEL = re.compile(r"^[\u4e00-\u9fa5\s]{2,8}[:：∶]")
_PUBLISHER = re.compile(r"发布机构|发布机关|发文机关|发文机构|发文单位|发布单位|发布部门|公开单位|公开机构")
_DIGIT = re.compile(r"\d")
_COLON = re.compile("[:：∶﹕]")
_SOURCE_CHARACTER = re.compile("[来机发供稿]|单位|部门")
MAX_LABEL = 20  # characters of a label that stands alone, blanks and brackets included
_BLANK_VALUE = re.compile(r"^[\s\-—–_/无null]*$|^(?:本站|暂无)$", re.I)
_DATE_NAME = re.compile(r"(?:^|[\s_-])(?:time|date|pub\w*|info|fbsj|sj|riqi|shijian)(?:$|[\s_\-\d])", re.I)
_OF_TEXT = re.compile(r"[。；]|[：:]$|[〔\[]\s?(?:19|20)\d\d\s?[〕\]].*号|第\s*\d+\s*号")
# an organ or a medium by its last character: what a byline without a label names
_ORGAN = re.compile(
    r"^[\u4e00-\u9fa5A-Za-z0-9·（）()“”]{1,28}(?:局|委|办|室|府|厅|部|中心|[处科]|镇|街道|大队|支队|会|馆|社|报|网|台|发布|公众号|集团)$"
)
_AUTHOR = re.compile(r"(?:^|[\s\[【|])作\s*者\s*[:：]\s*([^\s\[\]【】|,，]{2,30})")
_LABEL_AHEAD = re.compile(r"(?:更新|发布|发表|刊发)(?:时间|日期|于)?\s*[:：]?\s*$")
_MEDIUM = re.compile(r"(?:中心|报|网|台|社|发布|公众号|集团)$")
_TEXT = 30  # characters of a line that is text
_BESIDE = 3  # lines below the headline in which a byline without labels may stand
_ORIGINS = {
    Meaning.SIGNED: DateOrigin.SIGNED,
    Meaning.EFFECTIVE: DateOrigin.EFFECTIVE,
    Meaning.EXPIRY: DateOrigin.EXPIRY,
}


@dataclass(slots=True)
class Info:
    """What the lines around the headline say. `at` is the index of the line that settled it, None if none did."""

    published: DateFact | None = None
    source: Fact | None = None
    publisher: Fact | None = None
    dates: tuple[DateFact, ...] = ()
    at: int | None = None
    source_at: int | None = None


@dataclass(slots=True)
class _Candidate:
    line: Line
    found: Found
    label: str
    meaning: Meaning
    info_words: bool
    quote: str
    beside: bool = False  # an organ stands beside it in the line under the headline


def read_info(document: Document, row_lines: frozenset[int] = frozenset(), heading_at: int | None = None) -> Info:
    """Dates and source of a page.

    `row_lines` are indices of lines that belong to list rows: their dates are the dates of other pages.
    `heading_at` is the headline's line where it is known already.
    """
    candidates = _candidates(document)
    info = Info()
    info.source, info.source_at = _source(document, publisher=False)
    info.publisher, _ = _source(document, publisher=True)
    beside = _byline(document, heading_at) if info.source is None else None
    if beside is not None:
        info.source, info.source_at = beside
    elif info.source is None:
        info.source, info.source_at = _authoring_organ(document)
    if beside is not None:
        for candidate in candidates:
            candidate.beside = candidate.line.at == info.source_at
    chosen = _choose(document, [c for c in candidates if c.line.at not in row_lines], heading_at)
    if chosen is not None:
        info.published = _fact(document, chosen, DateOrigin.SCRIPT if chosen.line.scripted else DateOrigin.SHOWN)
        info.at = chosen.line.at
    elif info.source_at is not None:
        info.at = info.source_at
    dates = [info.published] if info.published else []
    for candidate in candidates:
        if candidate is chosen or len(dates) >= MAX_DATES:
            continue
        in_row = candidate.line.at in row_lines
        origin = _ORIGINS.get(candidate.meaning, DateOrigin.LIST if in_row else DateOrigin.BODY)
        dates.append(_fact(document, candidate, origin))
    info.dates = tuple(dates)
    return info


def _candidates(document: Document) -> list[_Candidate]:
    found: list[_Candidate] = []
    seen = document.seen
    for index, line in enumerate(seen):
        text = line.spaced
        if not _DIGIT.search(text, 0, 4000) and "年" not in text:
            continue
        dates = list(find_dates(text[:4000]))
        if not dates and (compact := compact_date(text[:80])):
            dates = [compact] if meaning_of(label_before(text, compact.start)) is Meaning.PUBLISHED else []
        for date in dates[:8]:
            label = label_before(text, date.start)
            before = seen[index - 1] if index else None
            rest = text[date.end :].strip(" ]】)）|日")
            lone = not text[: date.start].strip(" [【(（") and (not rest or bool(_INFO_WORDS.search(rest[:20])))
            if not label and before is not None and lone:
                alone = _DATE_LABEL_ALONE.match(before.spaced)
                label = alone.group(1).replace(" ", "") if alone else ""
            quote = text if len(text) <= 120 else text[max(0, date.start - 40) : date.end + 40]
            found.append(
                _Candidate(line, date, label, meaning_of(label), bool(_INFO_WORDS.search(text[:200])), quote)
            )
        if len(found) > 5000:
            break
    return found


def _choose(document: Document, candidates: list[_Candidate], heading_at: int | None) -> _Candidate | None:
    """The candidate a reader takes for the publish date, or None."""
    best: _Candidate | None = None
    best_score = 0
    labelled = [c for c in candidates if c.meaning is Meaning.PUBLISHED and len(c.line.spaced) < 400]
    for candidate in candidates:
        score = _score(document, candidate, len(labelled), heading_at)
        if score > best_score:
            best, best_score = candidate, score
    return best


def _score(document: Document, candidate: _Candidate, labelled: int, heading_at: int | None) -> int:
    line = candidate.line
    length = len(line.spaced)
    if line.region is Region.FOOTER and candidate.meaning is not Meaning.PUBLISHED:
        return 0
    distance = line.at - heading_at if heading_at is not None else None
    near = distance is not None and -3 <= distance <= 8
    if candidate.meaning in (Meaning.PUBLISHED, Meaning.UPDATED):
        if length > 400 or line.region is Region.NAVIGATION or line.linked > length * 0.8:
            return 0
        if length > 150 and not candidate.info_words:
            return 0
        base = 100 if candidate.meaning is Meaning.PUBLISHED else 60
        if labelled > 3 and not near:  # a list whose rows carry labels
            return 0
        return base + (30 if near else 0) + (15 if candidate.info_words else 0) + (5 if candidate.found.time else 0)
    if candidate.meaning is Meaning.SIGNED and candidate.label in ("发文时间", "发文日期", "公布时间", "公布日期"):
        return 55 if candidate.info_words and near else 0
    if candidate.meaning is not Meaning.NONE or length > 200:
        return 0
    if line.linked > length * 0.5 or line.region is Region.NAVIGATION:
        return 0
    if candidate.beside and near:
        return 65
    alone = is_only_date(line.spaced) or (bool(candidate.found.time) and length <= 24)
    if alone and heading_at is None and _DATE_NAME.search(line.node.attributes.get("class") or ""):
        return 45
    if candidate.info_words and length <= 200 and _opens_with_info(line, candidate):
        return 80 if near else 50 if heading_at is None else 30
    if alone and near and distance is not None and distance >= -1 and not _crossed(document, heading_at, line.at):
        # brackets mark the date of adoption in a document's own title
        return 70 if not (line.spaced.startswith(("（", "(")) and "年" in line.spaced) else 0
    return 0


def _byline(document: Document, heading_at: int | None) -> tuple[Fact, int] | None:
    """The organ that stands beside the date under the headline, both without a label: “区融媒体中心　2026/09/22”.

    A signature reads alike but is written with 年月日, at times above the text. A medium signs nothing: right under
    the headline, with the text after it, its name is a byline.
    """
    if heading_at is None:
        return None
    for line in document.seen:
        if not heading_at < line.at <= heading_at + _BESIDE or len(line.spaced) > 60 or line.linked:
            continue
        dates = list(find_dates(line.spaced))
        if len(dates) != 1 or _crossed(document, heading_at, line.at):
            continue
        found = dates[0]
        rest = f"{_LABEL_AHEAD.sub('', line.spaced[: found.start])} {line.spaced[found.end :]}".strip(
            " |｜/·—-【】[]"
        )
        written = "年" in line.spaced[found.start : found.end]
        if _ORGAN.match(rest) and (
            not written or (_MEDIUM.search(rest) and _text_follows(document, heading_at, line.at))
        ):
            return Fact(rest, "beside-date", line.spaced[:200], document.locate(line.node)), line.at
    return None


def _text_follows(document: Document, heading_at: int, at: int) -> bool:
    """Nothing but the byline stands between the headline and a text: what a signature would sign is below it."""
    if any(not x.hidden and x.spaced for x in document.lines[heading_at + 1 : at]):
        return False
    below = (x for x in document.lines[at + 1 : at + 9] if not x.hidden and x.region is Region.CONTENT)
    return any(len(x.spaced) - x.linked >= _TEXT for x in below)


def _opens_with_info(line: Line, candidate: _Candidate) -> bool:
    """The date stands among info words, not in a sentence that happens to contain one."""
    head = line.spaced[: candidate.found.start]
    return (
        "。" not in line.spaced
        and "，" not in line.spaced[:120]
        and (len(head) < 8 or bool(_INFO_WORDS.search(head)))
    )


def _crossed(document: Document, heading_at: int | None, at: int) -> bool:
    """What stands between headline and date claims the date: a link of its own, or the text that it signs."""
    if heading_at is None or at < heading_at:
        return False
    between = [
        x for x in document.lines[heading_at + 1 : at] if not x.hidden and not _INFO_WORDS.search(x.spaced[:40])
    ]
    if len(between) > 3:
        return True
    return any(
        (x.linked > len(x.spaced) * 0.8 and len(x.spaced) > 6) or _OF_TEXT.search(x.spaced) or len(x.spaced) > 60
        for x in between
    )


def _fact(document: Document, candidate: _Candidate, origin: DateOrigin) -> DateFact:
    found = candidate.found
    return DateFact(found.value, origin, candidate.quote[:200], document.locate(candidate.line.node), found.time)


def _source(document: Document, *, publisher: bool) -> tuple[Fact | None, int | None]:
    """Source of an article, or the publishing organ. A label with nothing behind it gives an empty value."""
    seen = document.seen
    empty: tuple[Fact, int] | None = None
    for index in _lines_of_sources(document):
        line = seen[index]
        text = line.spaced
        for match in _SOURCE.finditer(text):
            if bool(_PUBLISHER.fullmatch(match.group(1))) != publisher:
                continue
            value = _value(text[match.end() :])
            if not value and not text[match.end() :].strip() and index + 1 < len(seen):
                value = _following(seen[index + 1])
            fact = Fact(value, match.group(1).replace(" ", ""), text[:200], document.locate(line.node))
            if value:
                return fact, line.at
            empty = empty or (fact, line.at)
        alone = _LABEL_ALONE.match(text)
        if alone and ":" not in text and "：" not in text and bool(_PUBLISHER.fullmatch(alone.group(1))) == publisher:
            value = _following(seen[index + 1]) if index + 1 < len(seen) else ""
            if value:
                return Fact(value, alone.group(1), f"{text} {value}"[:200], document.locate(line.node)), line.at
    return empty if empty is not None else (None, None)


def _authoring_organ(document: Document) -> tuple[Fact | None, int | None]:
    """“作者：” before the name of an organ or a medium says where the article comes from; a person's does not."""
    for line in document.seen:
        match = _AUTHOR.search(line.spaced) if len(line.spaced) <= 200 and "作" in line.spaced else None
        if match and line.region not in (Region.FOOTER, Region.NAVIGATION) and _ORGAN.match(match.group(1)):
            return Fact(match.group(1), "作者", line.spaced[:200], document.locate(line.node)), line.at
    return None, None


def _lines_of_sources(document: Document) -> list[int]:
    """Places, among the seen lines, of those that may carry a source's label; worked out once."""
    kept: list[int] | None = document.notes.get("source-lines")
    if kept is None:
        kept = document.notes["source-lines"] = [
            index
            for index, line in enumerate(document.seen)
            if len(line.spaced) <= 400
            and line.region not in (Region.FOOTER, Region.NAVIGATION)
            and (len(line.spaced) <= MAX_LABEL or _COLON.search(line.spaced))
            and _SOURCE_CHARACTER.search(line.spaced)
        ]
    return kept


def _value(rest: str) -> str:
    stop = _STOP.search(rest)
    value = (rest[: stop.start()] if stop else rest).strip(" :：,，;；、|-—·()（）[]【】'\"")
    if len(value) > 60 or "。" in value:
        return ""
    return "" if _BLANK_VALUE.match(value) else value


def _following(line: Line) -> str:
    text = line.spaced
    if (
        len(text) > 40
        or _ANY_LABEL.match(text)
        or is_field_name(text)
        or (_DATE_LABEL_ALONE.match(text) and text.endswith(("：", ":")))
    ):
        return ""
    return _value(text)
