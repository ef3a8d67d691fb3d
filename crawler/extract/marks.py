"""Small things a rule asks for: entries, forms, players, telephone numbers, placeholders, links between policy and
interpretation. Each mark is one Fact whose origin is its kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from checks.facts import Fact, Link, Region
from checks.hosts import OWN_MACHINE
from crawler.extract.discover import FEEDS
from crawler.extract.document import Document, Line, fold, locator
from crawler.extract.landings import is_harmless, read_jumps
from crawler.extract.links import Anchor
from crawler.extract.regions import Surroundings
from crawler.extract.weblinks import absolute, is_feed, kind_of
from crawler.urls import host_of

MAX_OF_A_KIND = 40
BIG_IMAGE = 400  # px; rules.md interpretation-text-only
PHONE = re.compile(r"(?<![\d.])(?:(?:0\d{2,3}[-—－ ]?)?[2-8]\d{6,7}|12345|1[3-9]\d{9})(?!\d)")
PHONE_CUE = re.compile(r"咨询|联系|解读|电话|热线")
PLACEHOLDER = re.compile(
    r"暂无(?:相关)?(?:内容|信息|数据|文章|记录|资料)?|(?:栏目|页面|网页|内容)?(?:正在)?建设中|敬请期待|正在更新中|内容更新中|没有(?:找到)?(?:相关)?(?:内容|信息|数据|记录)"
    r"|该栏目(?:下)?(?:暂|没有|无)"
)
_NUMBER = re.compile(r"\d{5}")  # the least of a telephone number; dates have no more than four digits in a row
_ENTRIES = (
    ("elder-entry", re.compile(r"适老|长者|长辈|老年|关怀|关爱版|大字|无障碍|辅助浏览|语音朗读|读屏")),
    ("consult-entry", re.compile(r"咨询|留言|信箱|互动交流|我要问|问政|投诉|智能问答|12345")),
    ("disclosure-entry", re.compile(r"信息公开|政务公开")),
    ("login", re.compile(r"^(?:用户|个人|法人|统一(?:身份)?)?登\s*[录陆]$|统一身份认证")),
    ("site-map", re.compile(r"^(?:网站|站点)(?:地图|导航)$")),
)
_INTERPRETATION = re.compile(r"解读|图解|一图|读懂|图说|政策问答|答记者问|新闻发布会|动漫|音频|视频解")
_COLUMN_ONLY = re.compile(
    r"^(?:政策|文件|文字|图片|图文|视频|音频|媒体|专家|部门|上级|本级|领导|负责人)?(?:政策)?(?:解读|图解|问答)(?:回应|关切|平台|库|专栏)*$"
)
_POLICY = re.compile(
    r"《.{4,}》|关于.{4,}的(?:通知|意见|决定|公告|通告|批复|函)|〔20\d\d〕|(?:原文|政策文件|相关文件|文件链接|政策原文)"
)
_TOOLBAR = re.compile(r"^(?:打印|分享|收藏|关闭|字体|字号|大|中|小|A\s*\+|A\s*-)|【?字体[：:]|打印本页|分享到")
_RECORDING = re.compile(r"\.(?:(mp4|m3u8|flv|webm|wmv)|mp3|m4a|wav|wma)(?:$|[?\"'\\])", re.I)
_PLAYER = re.compile(
    r"ckplayer|jwplayer|prism-player|video-js|dplayer|aliplayer|videojs|trsplayer|player\.(?:html|js)|v\.qq\.com|youku\.com",
    re.I,
)
_PLAYER_WORDS = ("player", "video-js", "videojs", "v.qq.com", "youku.com")
_NEXT_PAGE = re.compile(r"^(?:下一?页|后一页|尾页|末页|最后一?页|>{1,2}|»|›)$")
_TURNS = re.compile(r"\w\s*\(")  # a call; "javascript:;" and "javascript:void 0" turn no page
_NUMBER_OF_PAGE = re.compile(r"^(?:第\s*)?(\d{1,4})(?:\s*页)?$")
_PAGES_IN_ALL = re.compile(r"共\s*(\d{1,5})\s*页")
_FOOT = re.compile(r"foot|bottom|copyright|dibu|yejiao", re.I)
_FIGURE = re.compile(r"^\d[\d,，]*(?:\.\d+)?\s*[%％件次条个户人宗]?$")
_LOCAL = ", ".join(
    [f'{tag}[{name}^="file:" i]' for tag, name in (("img", "src"), ("a", "href"))]
    + [f'a[href^="{scheme}://{host}" i]' for scheme in ("http", "https") for host in OWN_MACHINE]
)
_QUOTED = re.compile(r"""['"]((?:https?:/|\.{1,2})?/[^'"\s<>\\]{3,200})\\?['"]""")
_RESOURCE = re.compile(r"\.(?:js|css|json|xml|swf|ico)(?:$|\?)", re.I)
_SEARCH_NAME = re.compile(r"search|keyword|^q$|^wd$|^kw$|qt$|searchword|query|sousuo", re.I)


def read_marks(document: Document, anchors: list[Anchor], body: list[Line]) -> tuple[Fact, ...]:
    """Marks of a page, grouped by kind; at most 40 of a kind, identical ones once."""
    found: dict[tuple[str, str, str], Fact] = {}
    count: dict[str, int] = {}
    for mark in _all(document, anchors, body):
        key = (mark.origin, mark.value, mark.quote)
        if key in found or count.get(mark.origin, 0) >= MAX_OF_A_KIND:
            continue
        count[mark.origin] = count.get(mark.origin, 0) + 1
        found[key] = mark
    return tuple(found.values())


def _all(document: Document, anchors: list[Anchor], body: list[Line]) -> Iterator[Fact]:
    yield from _phones([line for line in document.seen if line.region is Region.CONTENT])
    for anchor in anchors:
        yield from _of_link(anchor.link)
    yield from _labels(document)
    yield from _pagers(document)
    yield from _forms(document)
    yield from _media(document, body)
    yield from _frames(document)
    yield from _figures(document)
    yield from _local_files(document)
    yield from _written_links(document)
    yield from read_jumps(document)
    for node in document.tree.css(FEEDS)[:MAX_OF_A_KIND]:
        if target := absolute(document.base, node.attributes.get("href") or ""):
            yield Fact(target, "declared-feed", fold(node.attributes.get("title") or ""), locator(node))


def _phones(body: list[Line]) -> Iterator[Fact]:
    """Telephone numbers with 咨询, 联系, 解读 or 电话 within 30 characters (I§8), in text or foot."""
    for index, line in enumerate(body):
        if not _NUMBER.search(line.text):
            continue
        before = body[index - 1].text[-30:] + " " if index else ""
        text = before + line.text
        for match in PHONE.finditer(text):
            near = text[max(0, match.start() - 30) : match.end() + 30]
            if match.end() > len(before) and PHONE_CUE.search(near):
                yield Fact(match.group(), "phone", near, locator(line.node))


def _of_link(link: Link) -> Iterator[Fact]:
    text = link.text
    if link.hidden:
        return
    if link.kind == "frame" and link.region is Region.CONTENT:
        yield Fact(link.url, "frame", text, link.locator)
    if not text:
        return
    if link.kind == "script-action" and _TURNS.search(link.url) and _turns_the_page(text, link.url):
        yield Fact(link.url, "script-pager", text, link.locator)
    if link.kind == "page" and link.region is Region.CONTENT and is_feed(link.url):
        yield Fact(link.url, "feed", text, link.locator)
    said = _said_by(text)
    for kind in said.entries:
        yield Fact(link.url, kind, text, f"{link.region} {link.locator}")
    if said.toolbar:
        yield Fact(text, "toolbar", text, link.locator)
    if said.relation and link.region in (Region.CONTENT, Region.HEADER) and link.kind in ("page", "attachment"):
        yield Fact(link.url, said.relation, text, f"{link.region} {link.locator}")
    recording = _RECORDING.search(link.url)
    if recording:
        yield Fact(link.url, "video" if recording.group(1) else "audio", text, link.locator)


def _turns_the_page(text: str, script: str) -> bool:
    """ "下一页", or a number that the script is told."""
    number = _NUMBER_OF_PAGE.match(text)
    told = number is not None and int(number.group(1)) > 1 and re.search(rf"\(.*\b{number.group(1)}\b", script)
    return bool(told) or bool(_NEXT_PAGE.match(text))


def _pagers(document: Document) -> Iterator[Fact]:
    """A menu of page numbers that a script turns to."""
    for menu in document.tree.css("select[onchange]")[:MAX_OF_A_KIND]:
        numbers = [_NUMBER_OF_PAGE.match(fold(o.text() or "")) for o in menu.css("option")[:3]]
        if len(numbers) > 1 and [n and n.group(1) for n in numbers] == [str(k + 1) for k in range(len(numbers))]:
            yield Fact(menu.attributes.get("onchange") or "", "script-pager", "页码下拉框", locator(menu))


@dataclass(frozen=True, slots=True)
class _Said:
    """What a link's label says of where it leads."""

    entries: tuple[str, ...]
    toolbar: bool
    relation: str  # interpretation-link, policy-link or blank


@lru_cache(maxsize=8_192)  # menus repeat from page to page
def _said_by(text: str) -> _Said:
    relation = ""
    if _INTERPRETATION.search(text) and not _COLUMN_ONLY.match(text):
        relation = "interpretation-link"
    elif _POLICY.search(text):
        relation = "policy-link"
    entries = tuple(kind for kind, pattern in _ENTRIES if pattern.search(text)) if len(text) <= 14 else ()
    return _Said(entries, len(text) <= 8 and bool(_TOOLBAR.search(text)), relation)


def _labels(document: Document) -> Iterator[Fact]:
    """Marks that are plain text: placeholders, and an elder entry that a script makes clickable."""
    for line in document.seen:
        text = line.spaced
        if len(text) > 40:
            continue
        if line.region is Region.CONTENT and len(text) <= 30 and (match := PLACEHOLDER.search(text)):
            yield Fact(match.group(), "placeholder", text, locator(line.node))
        if "页" in text and (total := _PAGES_IN_ALL.search(text)):
            yield Fact(total.group(1), "page-count", text, locator(line.node))
        if len(text) <= 14 and not line.linked and _ENTRIES[0][1].search(text):
            yield Fact(text, "elder-entry", text, f"{line.region} {locator(line.node)}")
        if "字体" in text or "打印" in text:
            yield Fact(text, "toolbar", text, locator(line.node))
    # <a href="#" onclick="openToolbar()">: no link, but what a reader presses
    for button in document.tree.css('a[href^="#"], a[onclick]:not([href]), button')[:MAX_OF_A_KIND]:
        label = fold(button.text(deep=True) or button.attributes.get("title") or "")
        if label and len(label) <= 14 and _ENTRIES[0][1].search(label):
            yield Fact(label, "elder-entry", label, locator(button))


def _forms(document: Document) -> Iterator[Fact]:
    """Forms with their field names, never sent; search boxes and password fields also outside forms."""
    for form in document.tree.css("form")[:MAX_OF_A_KIND]:
        names = [
            n.attributes.get("name") or n.attributes.get("id") or "" for n in form.css("input, select, textarea")
        ]
        fields = ",".join(n for n in names if n)[:300]
        yield Fact(form.attributes.get("action") or "", "form", fields, locator(form))
    for box in document.tree.css("input, textarea")[:400]:
        attrs = box.attributes
        kind = (attrs.get("type") or "text").lower()
        if kind == "password":
            yield Fact(attrs.get("name") or "", "login", "password", locator(box))
        if kind not in ("text", "search", ""):
            continue
        hint = f"{attrs.get('placeholder') or ''} {attrs.get('value') or ''} {attrs.get('title') or ''}"
        name = attrs.get("name") or attrs.get("id") or ""
        if kind == "search" or _SEARCH_NAME.search(name) or re.search(r"搜索|关键[字词]|检索|请输入", hint):
            yield Fact(name, "search-box", fold(hint)[:100], locator(box))


def _media(document: Document, body: list[Line]) -> Iterator[Fact]:
    tree = document.tree
    for tag in ("video", "audio"):
        for node in tree.css(tag)[:10]:
            source = node.css_first("source")
            address = node.attributes.get("src") or (source.attributes.get("src") if source is not None else "") or ""
            yield Fact(address, tag, address[:200], locator(node))
    for node in tree.css("embed[src], object[data]")[:10]:
        address = node.attributes.get("src") or node.attributes.get("data") or ""
        yield Fact(address, "player", address[:200], locator(node))
    match = _PLAYER.search(document.low) if any(w in document.low for w in _PLAYER_WORDS) else None
    if match:
        yield Fact(match.group(), "player", match.group(), "script")
    yield from _big_images(document, bare=sum(len(x.text) for x in body) < 300)


def _big_images(document: Document, *, bare: bool) -> Iterator[Fact]:
    """Pictures of 400 px or more, or said to be a chart; on a page with hardly any text (`bare`) smaller ones too.

    Those of the page's own content only: the badges of a footer carry no content.
    """
    around = Surroundings()
    selector = "p img, .TRS_Editor img, #zoom img, .content img, #UCAP-CONTENT img, article img"
    for image in document.tree.css(selector)[:40]:
        attrs = image.attributes
        address = attrs.get("src") or ""
        if (
            not address
            or address.lower().startswith("file:")
            or re.search(r"icon|logo|ewm|qrcode|share|print|\.gif", address, re.I)
        ):
            continue
        match = re.match(r"\d+", attrs.get("width") or "")
        width = int(match.group()) if match else None
        charted = re.search(r"图解|一图|读懂|图表", f"{attrs.get('alt') or ''}{attrs.get('title') or ''}")
        large = width is not None and width >= BIG_IMAGE
        if not (large or charted or (bare and (width is None or width >= 200))):
            continue
        if around.of(image)[0] is not Region.CONTENT:
            continue
        yield Fact(address, "big-image", fold(attrs.get("alt") or "")[:100], locator(image))


def _figures(document: Document) -> Iterator[Fact]:
    """Tables of figures: two rows or more with several cells, numbers among them, and nothing to click."""
    for table in document.tree.css("table")[:MAX_OF_A_KIND]:
        if len(table.css("table")) > 1 or table.css_first("a[href], form, input") is not None:  # itself is one
            continue
        rows = [[fold(c.text() or "") for c in row.css("td, th")[:20]] for row in table.css("tr")[:20]]
        rows = [cells for cells in rows if len(cells) > 1]
        if len(rows) > 1 and sum(bool(_FIGURE.match(cell)) for cells in rows for cell in cells) > 1:
            yield Fact(" ".join(rows[0])[:200], "figures", "", locator(table))


def _local_files(document: Document) -> Iterator[Fact]:
    """Pictures and links pasted with an address on the editor's own disk: no reader can open them."""
    if not document.url.startswith(("http://", "https://")) or host_of(document.url) in OWN_MACHINE:
        return
    for node in document.tree.css(_LOCAL)[:MAX_OF_A_KIND]:
        address = node.attributes.get("src") or node.attributes.get("href") or ""
        words = fold(node.text(deep=True) or node.attributes.get("alt") or "")
        yield Fact(address[:200], "local-file", words[:100], locator(node))


def _written_links(document: Document) -> Iterator[Fact]:
    """Pages of this site whose addresses stand in an inline script, which may write links to them."""
    here = host_of(document.url)
    for match in _QUOTED.finditer(document.scripts[:400_000].replace("\\/", "/")):
        target = absolute(document.base, match.group(1))
        if target and host_of(target) == here and not _RESOURCE.search(target) and kind_of(target) == "page":
            yield Fact(target, "script-link", "", "script")


def _frames(document: Document) -> Iterator[Fact]:
    """A footer that lies in a frame or is written by a script file: its marks are not in this page's text."""
    here = host_of(document.url)
    for script in document.tree.css("body script[src]")[:MAX_OF_A_KIND]:
        address = script.attributes.get("src") or ""
        target = absolute(document.base, address)
        if target and host_of(target) == here and not is_harmless(address):
            yield Fact(target, "footer-frame" if _FOOT.search(address) else "body-script", "", locator(script))
    for frame in document.tree.css("iframe[src]"):
        attrs = frame.attributes
        name = (
            f"{attrs.get('src') or ''} {attrs.get('id') or ''} {attrs.get('name') or ''} {attrs.get('class') or ''}"
        )
        if _FOOT.search(name):
            yield Fact(attrs.get("src") or "", "footer-frame", name.strip()[:200], locator(frame))
