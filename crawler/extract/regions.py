"""Where on a page an element stands: header, navigation, content or footer; and whether it can be seen.

Both are answered by climbing the ancestors once and remembering the answer for each, so a page of n links costs about
n steps. Class and id names are the evidence, because the CMS families share a small vocabulary of them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from selectolax.lexbor import LexborNode

from checks.facts import Region

_FOOTER = re.compile(
    r"(?:^|[\s_-])(?:foot(?:er)?|bottom|copy-?right|page-?foot|yejiao|dibu|btm)(?=$|[\s_\-\d]|er|box|wrap|nav|link)",
    re.I,
)
_ARTICLE_FOOT = re.compile(r"(?:article|content|detail|text|news|con|zw)[_-]?(?:foot(?:er)?|bottom|btm)", re.I)
_HEADER = re.compile(
    r"(?:^|[\s_-])(?:header|head|top|topbar|banner|logo|page-?head(?:er)?|toubu|site-?head)(?=$|[\s_\-\d]|er|box|wrap|bg|con\b)",
    re.I,
)
_NAVIGATION = re.compile(
    r"(?:^|[\s_-])(?:nav|navs|navbar|menu|main-?nav|daohang|crumbs?|bread-?crumbs?|location|position|dqwz|cur-?pos|left-?nav"
    r"|sub-?nav|side-?nav|mbx|wzdh)(?=$|[\s_\-\d]|box|wrap|list|ul|bar)",
    re.I,
)
_CONTENT = re.compile(
    r"(?:^|[\s_-])(?:content|article|detail|zoom|fontzoom|ucap-content|trs_editor|pages_content|main-?con\w*|xxgk|list)"
    r"(?=$|[\s_\-\d])",
    re.I,
)
_BY_TAG = {"header": Region.HEADER, "footer": Region.FOOTER, "nav": Region.NAVIGATION, "article": Region.CONTENT}
_NONE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_ZERO = re.compile(
    r"font-size\s*:\s*0(?:px|em|pt|rem)?\s*(?:;|$|!)"
    r"|(?<![\w-])(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$|!)[^\"]*overflow\s*:\s*hidden"
    r"|overflow\s*:\s*hidden[^\"]*(?<![\w-])(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$|!)"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)",
    re.I,
)
_OFF = re.compile(r"(?<![\w-])(?:left|top|right|margin-left|margin-top|text-indent)\s*:\s*-\d{3,}(?:px|em|pt)", re.I)


@lru_cache(maxsize=20_000)
def own_region(tag: str, names: str) -> Region | None:
    """Region an element opens by its tag or its class and id; None if it says nothing."""
    by_tag = _BY_TAG.get(tag)
    if by_tag is not None:
        return by_tag
    if not names or tag in ("body", "html"):
        return None
    if _FOOTER.search(names):
        return Region.FOOTER
    if _NAVIGATION.search(names):
        return Region.NAVIGATION
    if _HEADER.search(names):
        return Region.HEADER
    return Region.CONTENT if _CONTENT.search(names) else None


def nested(above: Region | None, own: Region | None, names: str) -> Region | None:
    """Region of an element inside another: footers stay footers; a head or an "article-foot" inside the article is
    not the head or foot of the site.
    """
    if own is None or above is Region.FOOTER:
        return above
    if above is Region.CONTENT and (own is Region.HEADER or (own is Region.FOOTER and _ARTICLE_FOOT.search(names))):
        return above
    return own


@lru_cache(maxsize=5_000)
def own_hiding(style: str) -> str:
    """Why an inline style hides its element: "display:none", "0px", "off-screen"; blank if it does not."""
    if not style:
        return ""
    if _NONE.search(style):
        return "display:none"
    if _ZERO.search(style):
        return "0px"
    return "off-screen" if _OFF.search(style) else ""


class Surroundings:
    """Region and hiding of elements of one document, remembered per ancestor."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Region | None, str]] = {}

    def of(self, node: LexborNode) -> tuple[Region, str]:
        region, hidden = self._climb(node)
        return region or Region.CONTENT, hidden

    def _climb(self, node: LexborNode) -> tuple[Region | None, str]:
        path: list[LexborNode] = []
        at: LexborNode | None = node
        known: tuple[Region | None, str] = (None, "")
        while at is not None and at.tag != "-document":
            seen = self._known.get(at.mem_id)
            if seen is not None:
                known = seen
                break
            path.append(at)
            at = at.parent
        for step in reversed(path):
            known = self._extend(step, known)
            self._known[step.mem_id] = known
        return known

    @staticmethod
    def _extend(node: LexborNode, above: tuple[Region | None, str]) -> tuple[Region | None, str]:
        region, hidden = above
        attrs = node.attributes
        names = " ".join(n for n in (attrs.get("class"), attrs.get("id")) if n)
        region = nested(region, own_region(node.tag or "", names), names)
        hidden = hidden or own_hiding(attrs.get("style") or "") or ("display:none" if "hidden" in attrs else "")
        return region, hidden
