"""Entries of a list, found by structure: the largest element around each link that holds no other link.

The CMS families write lists as `ul > li`, tables, `dl`, or bare lines; what they share is that one entry holds one
target and at most one date, and that entries are brothers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from selectolax.lexbor import LexborNode

from checks.facts import Region, Row
from crawler.extract.dates import is_only_date, with_year
from crawler.extract.document import fold
from crawler.extract.links import Anchor
from crawler.extract.weblinks import is_feed
from crawler.readers.itemdates import entry_date

MAX_ROWS = 5000
MAX_ITEM_TEXT = 900
MAX_BETWEEN = 30  # blanks, rules and notes between two parts of one list
MAX_OF_ENTRY = 500  # elements and texts; what has more is no entry, and would be asked for each of its links
_MANY = "*"
_BORDERS = frozenset({"ul", "ol", "tbody", "table", "dl", "body", "main", "form", "html"})
_BETWEEN = frozenset({"-text", "-comment", "div", "p", "hr", "br"})
_WHOLE = frozenset({"li", "tr", "dl", "dd", "p"})
_PINNED = re.compile(r"置\s*顶|^\[?顶\]?$")
_INFO_LINE = re.compile(
    r"(?:发布|发表|更新)?(?:时间|日期)\s*[:：].*来\s*源|来\s*源\s*[:：]|【?字(?:体|号)\s*[:：]|浏览(?:次数|量)|打印"
)
_CUT = re.compile(r"(?:\.{2,}|…+|。{3,})\s*$")
# a bracket that closes again belongs to the title ("[咨询] …"); one left over from a cut-off date does not
_LEAD = re.compile(r"^(?:[\s·•●▪◆■□>»›\-—|]|\[(?![^\[\]]*\])|［(?![^［］]*］))+(?=[^\s])|^(?:【?置顶】?|\[置顶\])\s*")
_BROWSE = re.compile(
    r"^(?:首页|上一?页|下一?页|尾页|末页|更多|more|>+|»|\d{1,4}|详情|查看|查看详情|返回|【?打印(?:本页)?】?|【?关闭(?:本页|窗口)?】?|第?一页|最[后前]一页|最后|跳转|转到|GO|«|<+|‹|›|\[?更多\]?>*|查看更多|了解更多|阅读全文)$",
    re.I,
)
_URL_DAY = re.compile(
    r"/t?(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[_/]|/(20\d\d)[-/]?(0?[1-9]|1[0-2])[-/]?(0?[1-9]|[12]\d|3[01])/"
)

_URL_MONTH = re.compile(r"/(20\d\d)-?(0[1-9]|1[0-2])/")


@dataclass(slots=True)
class Item:
    """One entry before its date has a year."""

    anchor: Anchor
    node: LexborNode
    title: str
    quote: str
    day: date | None = None
    month_day: tuple[int, int] | None = None
    pinned: bool = False


@dataclass(slots=True)
class Group:
    """Entries that stand under one element."""

    container: LexborNode
    signature: str
    items: list[Item] = field(default_factory=list)

    @property
    def dated(self) -> int:
        return sum(1 for i in self.items if i.day or i.month_day)

    @property
    def weight(self) -> float:
        """How much this looks like the list of the page."""
        long = sum(1 for i in self.items if len(i.title) >= 8)
        region = self.items[0].anchor.link.region if self.items else Region.CONTENT
        share = {Region.CONTENT: 1.0, Region.HEADER: 0.3}.get(region, 0.15)
        return (self.dated * 4 + long) * share


def groups_of(anchors: Iterable[Anchor], pictures: bool) -> list[Group]:
    """Groups of entries in document order; links that are hidden or belong to a pager are left out.

    `pictures` says whether the page may mark pinned entries by a picture.
    """
    usable = [a for a in anchors if _usable(a)]
    states = _targets_below(usable)
    groups: dict[int, Group] = {}
    taken: dict[int, Item] = {}
    tops: dict[int, LexborNode] = {}
    for anchor in usable[:MAX_ROWS]:
        node = _largest_around(anchor, states, tops)
        known = taken.get(node.mem_id)
        if known is not None:
            _prefer_text(known, anchor, pictures)
            continue
        item = _item(anchor, node, pictures)
        container = item.node.parent
        if container is None or not item.title:
            continue
        taken[node.mem_id] = item
        key = _group_key(item.node, container)
        group = groups.get(key)
        if group is None:
            group = groups[key] = Group(container, _signature(item.node, container))
        group.items.append(item)
    for group in groups.values():
        _drop_info_line(group)
    return [g for g in groups.values() if g.items]


def _prefer_text(item: Item, anchor: Anchor, pictures: bool) -> None:
    """A second link of the same entry: written text is a better title than the label of a picture."""
    text = fold(anchor.node.text(deep=True) or "")
    if len(text) < 4 or is_only_date(text) or _BROWSE.match(text):
        return
    if item.anchor.node.css_first("img") is not None and not fold(item.anchor.node.text(deep=True) or ""):
        fresh = _item(anchor, item.node, pictures)
        item.anchor, item.title = anchor, fresh.title or item.title


def _drop_info_line(group: Group) -> None:
    """Take out the line with source and date of an article that happens to hold one link."""
    info = [i for i in group.items if _INFO_LINE.search(i.quote)]
    if len(info) == 1:
        group.items.remove(info[0])


def rows_of(groups: Iterable[Group], as_of: date) -> tuple[Row, ...]:
    """Rows of groups in order. An entry shown twice (picture and text) is one row; missing years are inferred."""
    found: list[Row] = []
    by_target: dict[str, list[int]] = {}
    previous: date | None = None
    for item in (i for g in groups for i in g.items):
        day, inferred = item.day, False
        if day is None and item.month_day is not None:
            day, inferred = _infer(item, previous, as_of), True
        if day is not None and not item.pinned:
            previous = day
        url = item.anchor.link.url
        row = Row(item.title, url, day, item.pinned, item.quote, len(found), inferred)
        places = by_target.setdefault(_target(item.anchor), [])
        twin = next((n for n in places if _same_entry(found[n], row)), None)
        if twin is None:
            places.append(len(found))
            found.append(row)
        else:
            found[twin] = _merged(found[twin], row)
    return tuple(found)


def _target(anchor: Anchor) -> str:
    """What an entry leads to; scripts ("javascript:;") lead nowhere in particular, so their label stands in."""
    link = anchor.link
    return f"{link.url} {link.text}" if link.kind == "script-action" else link.url


def _same_entry(one: Row, other: Row) -> bool:
    """Picture and text of one entry, or an entry repeated: same target, no different day, no different title."""
    if one.date and other.date and one.date != other.date:
        return False
    a, b = (re.sub(r"\W+", "", _CUT.sub("", r.title)) for r in (one, other))
    return a.startswith(b[:12]) or b.startswith(a[:12])


def _merged(one: Row, other: Row) -> Row:
    title = max((r.title for r in (one, other) if not _CUT.search(r.title)), key=len, default=one.title)
    dated = one if one.date else other
    return Row(title, one.url, dated.date, one.pinned or other.pinned, dated.quote, one.order, dated.year_inferred)


def _usable(anchor: Anchor) -> bool:
    link = anchor.link
    if (
        link.hidden
        or link.kind not in ("page", "attachment", "image", "script-action")
        or link.region is Region.FOOTER
    ):
        return False
    if link.kind == "image" and not link.text:
        return False
    return not _BROWSE.match(link.text) and not is_feed(link.url)


def _targets_below(anchors: Iterable[Anchor]) -> dict[int, str]:
    """For every ancestor: the one target below it, or `*` where there are several."""
    states: dict[int, str] = {}
    for anchor in anchors:
        url = _target(anchor)
        node: LexborNode | None = anchor.node
        while node is not None and node.tag != "-document":
            known = states.get(node.mem_id)
            if known is None:
                states[node.mem_id] = url
            elif known in (_MANY, url):  # all above is known
                break
            else:
                states[node.mem_id] = _MANY
            node = node.parent
    return states


def _largest_around(anchor: Anchor, states: dict[int, str], known: dict[int, LexborNode]) -> LexborNode:
    """`known` remembers the answer for each element on the way: links of one entry share it."""
    node, target, way = anchor.node, _target(anchor), []
    while (top := known.get(node.mem_id)) is None:
        way.append(node.mem_id)
        parent = node.parent
        if parent is None or parent.tag in _BORDERS or states.get(parent.mem_id) != target:
            top = node
            break
        node = parent
    known.update(dict.fromkeys(way, top))
    return top


def _item(anchor: Anchor, node: LexborNode, pictures: bool) -> Item:
    inside, outside = _texts(node, anchor.node)
    item = Item(anchor, node, _title(anchor, inside), fold(" ".join([*inside, *outside]))[:200])
    if not _dated(item, inside, outside):
        _widen(item, anchor)
    item.pinned = _is_pinned(item.node, inside + outside, pictures)
    return item


def _dated(item: Item, inside: list[str], outside: list[str]) -> bool:
    """Give the item the date that its texts show; False if they show none."""
    found = entry_date(inside, outside)
    if found is None:
        return False
    item.day, item.month_day = found.day, found.month_day
    item.title = _LEAD.sub("", found.title) or item.title
    return True


def _texts(node: LexborNode, anchor: LexborNode) -> tuple[list[str], list[str]]:
    """Texts of an entry inside and outside its link, in order."""
    inside: list[str] = []
    outside: list[str] = []
    own = anchor.mem_id
    total = 0
    for part in islice(node.traverse(include_text=True), MAX_OF_ENTRY):
        if part.tag != "-text":
            continue
        text = fold(part.text_content or "")
        if not text:
            continue
        total += len(text)
        if total > MAX_ITEM_TEXT:
            break
        parent = part.parent
        depth = 0
        while parent is not None and parent.mem_id != own and depth < 12:
            if parent.tag in ("script", "style"):
                text = ""
                break
            parent = parent.parent
            depth += 1
        if text:
            (inside if parent is not None and parent.mem_id == own else outside).append(text)
    return inside, outside


def _title(anchor: Anchor, inside: list[str]) -> str:
    parts = [t for t in inside if not is_only_date(t) and not _PINNED.match(t)]
    if len(parts) > 1:
        parts = _heading_inside(anchor) or parts
    text = fold("".join(parts)) if parts else ""
    attribute = fold(anchor.node.attributes.get("title") or "")
    if attribute and (not text or (_CUT.search(text) and _same_start(text, attribute))):
        text = attribute
    return _LEAD.sub("", text or anchor.link.text)[:500]


def _heading_inside(anchor: Anchor) -> list[str]:
    """Where a whole card is the link: the part that is marked as its title."""
    node = anchor.node.css_first("h1, h2, h3, h4, h5, h6, [class*=tit], [class*=bt]")
    text = fold(node.text(deep=True) or "") if node is not None else ""
    return [text] if len(text) >= 4 else []


def _same_start(short: str, whole: str) -> bool:
    stem = re.sub(r"\W+", "", _CUT.sub("", short))
    return re.sub(r"\W+", "", whole).startswith(stem[:20])


def _widen(item: Item, anchor: Anchor) -> None:
    """The date stands beside the element: in the same table row or list item, or in a neighbouring element."""
    node: LexborNode | None = item.node
    for _ in range(4):
        node = node.parent if node is not None else None
        if node is None or node.tag in _BORDERS:
            break
        if node.tag in _WHOLE and _is_main_link(node, anchor):
            inside, outside = _texts(node, anchor.node)
            if _dated(item, [], outside):
                item.node, item.quote = node, fold(" ".join([*inside, *outside]))[:200]
                return
    for text in _neighbours(item.node):
        if is_only_date(text) and _dated(item, [], [text]):
            return


def _is_main_link(node: LexborNode, anchor: Anchor) -> bool:
    longest, found, count = 0, 0, 0
    for step, link in enumerate(node.traverse()):
        if step > MAX_OF_ENTRY:
            return False
        if link.tag != "a" or "href" not in link.attrs or (length := len(fold(link.text() or ""))) < 4:
            continue
        count += 1
        if count > 6:
            return False
        if length > longest:
            longest, found = length, link.mem_id
    return found == anchor.node.mem_id


def _neighbours(node: LexborNode) -> Iterator[str]:
    """Texts that follow, then those that precede, up to the next link; before a `dd` stands its own `dt`."""
    for step in ("prev", "next") if node.tag == "dd" else ("next", "prev"):
        at = getattr(node, step)
        for _ in range(4):
            if (
                at is None
                or at.tag in ("a", "br", "hr")
                or (at.tag not in ("-text", "-comment") and at.css_first("a") is not None)
            ):
                break
            text = (
                fold((at.text_content if at.tag == "-text" else at.text(separator=" ")) or "")
                if at.tag != "-comment"
                else ""
            )
            if text:
                yield text
            at = getattr(at, step)


def _is_pinned(node: LexborNode, texts: list[str], pictures: bool) -> bool:
    if any(len(t) <= 8 and _PINNED.search(t) for t in texts) or any(
        t.startswith(("【置顶】", "[置顶]", "置顶")) for t in texts
    ):
        return True
    for image in islice(node.traverse(), MAX_OF_ENTRY) if pictures else ():
        if image.tag != "img":
            continue
        label = f"{image.attributes.get('alt') or ''} {image.attributes.get('src') or ''}"
        if "置顶" in label or re.search(r"(?:^|[/_-])(?:zhiding|istop|zd)\.(?:png|gif|jpg)", label):
            return True
    return False


def _infer(item: Item, previous: date | None, as_of: date) -> date | None:
    month, day = item.month_day or (0, 0)
    filed = _URL_MONTH.search(item.anchor.link.url)
    if filed and int(filed[2]) == month:
        return with_year(month, day, date(int(filed[1]), 12, 31))
    match = _URL_DAY.search(item.anchor.link.url)
    if match:
        parts = [int(p) for p in match.groups() if p]
        if abs((parts[1] - month) * 31 + parts[2] - day) <= 15:
            return with_year(month, day, date(parts[0], 12, 31))
    guess = with_year(month, day, as_of)
    if guess and previous and guess > previous and (guess - previous).days > 180:
        # lists run downwards in time: a later day after an earlier one is of the year before
        return with_year(month, day, previous)
    return guess


def _group_key(node: LexborNode, container: LexborNode) -> int:
    """Lists cut into several `ul` (five rows each) count as one: their common parent is the container."""
    outer = container.parent
    if container.tag in ("ul", "ol", "tbody", "table") and outer is not None:
        for step in ("next", "prev"):
            other = _brother(container, step)
            if (
                other is not None
                and other.tag == container.tag
                and other.attributes.get("class") == container.attributes.get("class")
            ):
                return outer.mem_id
    return container.mem_id


def _brother(container: LexborNode, step: str) -> LexborNode | None:
    """The next (or previous) element that is more than a blank or a rule between lists."""
    at = getattr(container, step)
    for _ in range(MAX_BETWEEN):
        if at is None or at.tag not in _BETWEEN or (at.tag == "div" and at.css_first("a")):
            return at
        at = getattr(at, step)
    return None


def _signature(node: LexborNode, container: LexborNode) -> str:
    return (
        f"{container.tag}.{container.attributes.get('class') or ''}>{node.tag}.{node.attributes.get('class') or ''}"
    )
