"""The headline of a page: what a reader takes for its title.

META and `<title>` are written by machines and often name the column or the site; the visible headline decides, and
the machine-written ones are used to recognise it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from checks.facts import Fact, Region
from crawler.extract.dates import is_only_date
from crawler.extract.document import Document, Line, fold, locator

_CRUMB = re.compile(
    r"(?:当前|现在|所在|您的|你的)\s*(?:所在)?\s*(?:的)?\s*位置|^位置\s*[:：]|^首页\s*[>»›＞\-]|Home\s*[>»]"
)
_TITLE_NAME = re.compile(
    r"(?:^|[\s_-])(?:title\d?|tit|bt|biaoti|headline|h1|art-?title|article-?title|news-?title|info-?title|content-?title"
    r"|con-?tit(?:le)?|detail-?title|main-?tit(?:le)?|xxgk-?title|zw-?title|x-?title|x_title|view-?title|page-?title|dbt"
    r"|ucaptitle|wz-?title|nr-?title|xl-?title|xl-?tit|big-?tit(?:le)?)(?:$|[\s_\-\d])",
    re.I,
)
_NOT_HEADLINE = re.compile(
    r"^(?:分享|打印|关闭|附件|相关|扫一扫|政策解读|解读|基本信息|公告概要|搜索|热词|微信|微博|目录|导航|栏目|推荐|更多|首页|正文|全文"
    r"|索引号|信息索引|扫码|二维码|上一篇|下一篇|无障碍|手机)"
)
_SEPARATORS = re.compile(r"\s*(?:[_|｜—–\-－]+|::|>>|»|<)\s*")
# the name of a site or its owner, as logos carry it
_OWNER = re.compile(r"^[\u4e00-\u9fa5·]{2,18}(?:政府|局|厅|委员会|委|办公室|中心|网|网站|门户|平台)$")
_FIELD = re.compile(
    r"^[\u4e00-\u9fa5\s]{2,8}[:：]|^.{0,14}[〔\[［(（]\s?(?:19|20)\d\d\s?[〕\]］)）]\s?第?\s?\d+\s?号$"
)
_CORE = re.compile(r"[^\w\u4e00-\u9fff]+")
MAX_TITLE = 400
MAX_PLAIN = 200  # of a line that is no heading; longer ones are text
ENOUGH = 30
MIN_OWN_TITLE = 8  # letters; shorter headings name columns


@dataclass(frozen=True, slots=True)
class Headline:
    """A title with the line index it stands at (-1: not visible)."""

    fact: Fact
    at: int
    end: int


def core(text: str) -> str:
    """Letters and digits of a title only, for comparing two ways of writing it."""
    return _CORE.sub("", text).lower()


def is_breadcrumb(text: str) -> bool:
    return bool(_CRUMB.search(text[:60]))


def find_headline(document: Document, info_at: int | None, is_article: bool) -> Headline | None:
    """The title of a page. `info_at` is the index of the line with publish date or source, None if there is none."""
    tag = document.title_tag
    declared = next((v for v in document.meta_values("ArticleTitle") if v and v.lower() != "null"), "")
    blocks = _kept_blocks(document)
    for wanted in (declared, tag):
        found = (
            _visible(blocks, wanted) if wanted and not (is_article and wanted is tag and _OWNER.match(tag)) else None
        )
        if found is not None:
            return found
    if declared:
        held = _holding(blocks, declared)
        if held is not None:
            return held
    if is_article:
        found = _most_likely(blocks, tag, info_at)
        if found is not None:
            return found
    elif not declared:
        found = _most_likely([b for b in blocks if b.core in core(tag)], tag, None)
        if found is not None and len(core(found.fact.value)) >= MIN_OWN_TITLE:
            return found
    if declared:
        fact = Fact(declared[:MAX_TITLE], "meta:ArticleTitle", declared[:MAX_TITLE], "meta[name=ArticleTitle]")
        return Headline(fact, -1, -1)
    if tag:
        return Headline(Fact(tag, "title-tag", tag, "title"), -1, -1)
    named = next((b for b in blocks if b.heading and not is_breadcrumb(b.text)), None)
    return _headline(named) if named is not None else None


def likely_heading(document: Document) -> int | None:
    """Line of the first element that looks like a headline, for pages whose META and `<title>` name none."""
    found: int | None = None
    for block in _kept_blocks(document):
        if (block.heading in (1, 2, 3) or block.named) and len(block.core) >= 4 and not _unfit(block):
            if block.line.region is not Region.HEADER and not _OWNER.match(block.text):
                return block.end
            found = block.end if found is None else found
    return found


@dataclass(slots=True)
class _Block:
    """Neighbouring lines of one headline element. `core` is the text's letters, for comparison."""

    text: str
    at: int
    end: int
    line: Line
    heading: int
    core: str

    @property
    def named(self) -> bool:
        return _named(self.line)


def _kept_blocks(document: Document) -> list[_Block]:
    """Blocks of a document, made once."""
    kept = document.notes.get("headline-blocks")
    if kept is None:
        kept = document.notes["headline-blocks"] = list(_blocks(document))
    return kept


def _blocks(document: Document) -> Iterator[_Block]:
    """Candidates: visible lines outside navigation and footer, those broken by <br> inside one element joined."""
    group: list[Line] = []
    key = 0
    for line in document.lines:
        if line.hidden or line.region in (Region.FOOTER, Region.NAVIGATION):
            continue
        if len(line.text) > (MAX_TITLE if line.heading else MAX_PLAIN):
            continue
        if group and line.at == group[-1].at + 1 and line.node.mem_id == key and (line.heading or _named(line)):
            group.append(line)
            continue
        if group:
            yield _block(group)
        group, key = [line], line.node.mem_id
    if group:
        yield _block(group)


def _block(group: list[Line]) -> _Block:
    text = fold("".join(_glue(group)))
    return _Block(text, group[0].at, group[-1].at, group[0], group[0].heading, core(text))


def _glue(group: list[Line]) -> Iterator[str]:
    for index, line in enumerate(group):
        yield line.text if index == 0 or line.text.startswith(("——", "—", "（", "(")) else " " + line.text


def _named(line: Line) -> bool:
    node = line.node
    for _ in range(2):
        if node is None:
            return False
        attrs = node.attributes
        names = attrs.get("class") or ""
        if attrs.get("id"):
            names = f"{names} {attrs['id']}"
        if (names and _is_title_name(names)) or node.tag == "ucaptitle":
            return True
        node = node.parent
    return False


@lru_cache(maxsize=20_000)
def _is_title_name(names: str) -> bool:
    return bool(_TITLE_NAME.search(names))


def _visible(blocks: list[_Block], wanted: str) -> Headline | None:
    """The visible block that says what `wanted` says; headings before plain lines, never a link to something else."""
    goal = core(wanted)
    if len(goal) < 2:
        return None
    best: _Block | None = None
    rank = 0
    for block in blocks:
        if block.core != goal or is_breadcrumb(block.text):
            continue
        score = 4 if block.heading else 3 if block.named else 2 if not block.line.linked else 1
        if score > rank:
            best, rank = block, score
    return _headline(best) if best is not None else None


def _holding(blocks: list[_Block], declared: str) -> Headline | None:
    """A line that shows the declared title behind a field name ("名称：…")."""
    goal = core(declared)
    for block in blocks:
        if len(goal) >= 6 and goal in block.core and len(block.core) <= len(goal) + 8 and not block.line.linked:
            fact = Fact(declared[:MAX_TITLE], "visible", block.text, locator(block.line.node))
            return Headline(fact, block.at, block.end)
    return None


def _most_likely(blocks: list[_Block], tag: str, info_at: int | None) -> Headline | None:
    """The block that best plays the headline: a heading or named so, a part of `<title>`, above the info line."""
    whole = core(tag)
    best: _Block | None = None
    best_score = ENOUGH
    for block in (*blocks, *_neighbours_joined(blocks, whole)):
        if len(block.core) < 4 or _unfit(block):
            continue
        score = _likeness(block, whole, info_at)
        if score > best_score:
            best, best_score = block, score
    return _headline(best) if best is not None else None


def _likeness(block: _Block, whole: str, info_at: int | None) -> int:
    score = {0: 0, 1: 40, 2: 38, 3: 35}.get(block.heading, 15)
    if not block.heading and block.named:
        score = 32
    if len(block.core) >= 6 and block.core in whole:
        score += 35 + (15 if whole.startswith(block.core) else 0) + (10 if len(block.core) * 2 > len(whole) else 0)
    if info_at is not None:
        above = info_at - block.end
        score += 34 if 0 < above <= 3 else 15 if 0 < above <= 8 else -10 if above > 12 or above < -40 else 0
    if len(block.core) < 8:
        score -= 20
    if block.line.region is Region.HEADER:
        score -= 25
    if _OWNER.match(block.text):
        score -= 40
    if _FIELD.match(block.text):
        score -= 60
    return score


def _neighbours_joined(blocks: list[_Block], whole: str) -> Iterator[_Block]:
    """Two headings, one below the other, that make up the title together."""
    for one, two in pairwise(blocks):
        if one.heading and two.heading and two.at - one.end <= 1 and one.core + two.core in whole:
            yield _Block(one.text + two.text, one.at, two.end, one.line, one.heading, one.core + two.core)


def _unfit(block: _Block) -> bool:
    return (
        bool(is_breadcrumb(block.text) or _NOT_HEADLINE.search(block.text))
        or is_only_date(block.text)
        or block.line.linked > len(block.text) * 0.7
    )


def _headline(block: _Block) -> Headline:
    text = block.text[:MAX_TITLE]
    return Headline(Fact(text, "visible", text, locator(block.line.node)), block.at, block.end)
