"""Marks of identity that 19号 D29, D30 and D36 ask for, mostly in the footer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from checks.facts import Fact, Identity, Region
from crawler.extract.document import Document, Line, fold, locator
from crawler.extract.links import Anchor

# 蜀, 滇, 黔, 陇, 秦 stand on licences of 四川, 云南, 贵州, 甘肃, 陕西 beside the usual short names
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤川青藏琼宁蜀滇黔陇秦"
_CODE = re.compile(
    r"(?:网站|政府网站|平台)?\s*标\s*识\s*码\s*[】\]]?\s*[:：∶﹕]?\s*(?P<code>[bB][mM]\s?\d{8}|\d{10}(?!\d))?"
)
_ICP = re.compile(
    rf"(?P<p>[{_PROVINCES}])\s*ICP\s*备\s*案?\s*(?:号|序号)?\s*[:：]?\s*(?P<n>\d{{6,10}})\s*(?P<h>号)?\s*(?:[-－—–]\s*(?P<s>\d{{1,3}}))?",
    re.I,
)
_POLICE = re.compile(
    rf"(?P<p>[{_PROVINCES}])?\s*公\s*网\s*安\s*备\s*(?:案)?\s*(?:号)?\s*[:：]?\s*(?P<n>\d{{11,14}})\s*(?P<h>号)?"
)
_SPONSOR = re.compile(r"主\s*办(?:\s*(?:单\s*位|方|机关))?\s*[:：∶]\s*([^\s|｜,，;；:：]{2,40})")
_CONTACT = re.compile(
    r"(?:联系(?:我们|电话|方式|邮箱)|电\s*话|热\s*线|邮\s*箱|E-?mail|地\s*址|传\s*真|Tel)\s*(?:\([^)]*\)|（[^）]*）)?\s*[:：∶]\s*(\S[^|｜]{3,60})",
    re.I,
)
_CONTACT_LINK = re.compile(r"^(?:联系|与)我们(?:联系)?$|^(?:联系|联络)方式$|^联系本站$")
_COMMENT = re.compile(r"<!--(?!\[if).*?-->", re.S)
_PARTY = re.compile(
    r"https?:(?:\\?/){2}[\w.]*conac\.cn[^\s\"'<>)]{0,200}|bszs\.conac\.cn[^\s\"'<>)]{0,200}|dcs\.conac\.cn[^\s\"'<>)]{0,200}",
    re.I,
)
# the mark's script keeps its path where a site serves a copy of its own
_PARTY_COPY = re.compile(r"[^\s\"'<>=]{0,200}/js/\d\d/\d{3}/\d{4}/\d{6,10}/CA\d{15,24}\.js", re.I)
_PARTY_IMAGE = re.compile(
    r"党政机关|事业单位(?:网站)?标识|dangzheng|dzjg|(?:^|/)(?:dz|dzjgbs|conac|red|blue)\.png", re.I
)
_REPORT = re.compile(r"(?:https?:)?//(?:zfwzgl\.www\.gov\.cn|pucha\.kaipuyun\.cn)[^\s\"'<>)]{0,300}", re.I)
_REPORT_LABEL = re.compile(r"找错|网站纠错|jiucuo", re.I)
_REPORT_CODE = re.compile(r"site_code=(bm\d{8}|\d{10})|exposure/images/jiucuo\.png\?v=(bm\d{8}|\d{10})", re.I)
_LOGO = "header h1, [class*=logo] img[alt], [id*=logo] img[alt], [class*=logo] a[title], .header h1, #header h1"


def read_identity(document: Document, anchors: Sequence[Anchor]) -> Identity:
    """Marks as found. A mark whose label stands without its value has the value ""."""
    lines = _footer_first(document)
    source = document.source
    if any(word in document.low for word in ("conac", "zfwzgl", "pucha", "jiucuo", "党政")):
        source = _COMMENT.sub("", source) if "<!--" in source else source
    else:
        source = ""
    return Identity(
        site_name=_site_name(document),
        site_code=_site_code(lines, source),
        icp=_icp(lines),
        police=_police(lines),
        party_mark=_party_mark(document, source),
        error_report=_error_report(document, anchors, source),
        sponsor=_labelled(lines, _SPONSOR, "sponsor"),
        contact=_labelled(lines, _CONTACT, "contact") or _contact_link(anchors),
    )


def _footer_first(document: Document) -> list[Line]:
    """Footer lines, then all others from the end: pages without a marked footer keep theirs last."""
    footer = [x for x in document.lines if x.region is Region.FOOTER]
    rest = [x for x in reversed(document.lines) if x.region is not Region.FOOTER and len(x.spaced) < 600]
    return footer + rest[:200]


def _origin(line: Line) -> str:
    return "footer" if line.region is Region.FOOTER else "page"


def _site_code(lines: list[Line], source: str) -> Fact | None:
    empty: Fact | None = None
    for index, line in enumerate(lines):
        match = _CODE.search(line.spaced) if "标" in line.spaced and "码" in line.spaced else None
        if match is None:
            continue
        code = match["code"]
        if not code and index + 1 < len(lines):
            following = re.match(r"^\s*(bm\d{8}|\d{10})\b", lines[index + 1].spaced, re.I)
            code = following.group(1) if following else None
        if code:
            return Fact(code.replace(" ", "").lower(), _origin(line), line.spaced[:200], locator(line.node))
        empty = empty or Fact("", _origin(line), line.spaced[:200], locator(line.node))
    if empty is not None:
        return empty
    linked = _REPORT_CODE.search(source) if "site_code" in source or "jiucuo" in source else None
    if linked:
        return Fact((linked.group(1) or linked.group(2)).lower(), "error-report-link", linked.group()[:200], "")
    return None


def _icp(lines: list[Line]) -> Fact | None:
    for line, text in _joined(lines, "备"):
        match = _ICP.search(text)
        if match:
            tail = f"-{match['s']}" if match["s"] else ""
            value = f"{match['p']}ICP备{match['n']}{match['h'] or ''}{tail}"
            return Fact(value, _origin(line), fold(match.group()), locator(line.node))
    return None


def _police(lines: list[Line]) -> Fact | None:
    for line, text in _joined(lines, "备"):
        match = _POLICE.search(text) if "网" in text and "备" in text else None
        if match:
            value = f"{match['p'] or ''}公网安备 {match['n']}{match['h'] or ''}"
            return Fact(value, _origin(line), fold(match.group()), locator(line.node))
    return None


def _joined(lines: list[Line], must: str) -> Iterable[tuple[Line, str]]:
    """Lines that hold a character, each also together with its successor: numbers are broken over lines."""
    for index, line in enumerate(lines):
        if must not in line.spaced and "安" not in line.spaced and "ICP" not in line.spaced.upper():
            continue
        yield line, line.spaced
        if index + 1 < len(lines) and len(line.spaced) < 200:
            yield line, f"{line.spaced} {lines[index + 1].spaced[:60]}"


def _around(source: str, word: str) -> str:
    """The surroundings of a word's first occurrence; blank if there is none."""
    at = source.find(word)
    return source[max(0, at - 60) : at + 300] if at >= 0 else ""


def _party_mark(document: Document, source: str) -> Fact | None:
    official = "[class*=dzjg] img, [id*=dzjg] img, [class*=conac] img, [id*=conac] img"
    named = "dzjg" in document.low or "conac" in document.low
    for image in document.tree.css(official)[:3] if named else ():
        address = (image.attributes.get("src") or "")[:300]
        if address and "jiucuo" not in address:  # the two official pictures stand side by side
            return Fact(address, "image", address[:200], locator(image))
    found = _PARTY.search(_around(source, "conac.cn")) or _PARTY_COPY.search(_around(source, "_ideConac"))
    if found:
        return Fact(found.group()[:300].replace("\\/", "/"), "script", found.group()[:200], "")
    for image in document.tree.css("img"):
        attrs = image.attributes
        label = f"{attrs.get('alt') or ''} {attrs.get('title') or ''}"
        address = attrs.get("src") or ""
        if _PARTY_IMAGE.search(label) or ("conac" in address) or (_PARTY_IMAGE.search(address) and "党政" in source):
            return Fact(address[:300] or fold(label), "image", fold(label) or address[:200], locator(image))
    return None


def _error_report(document: Document, anchors: Iterable[Anchor], source: str) -> Fact | None:
    found = _REPORT.search(_around(source, "zfwzgl.www.gov.cn") or _around(source, "pucha.kaipuyun.cn"))
    if found:
        return Fact(found.group()[:300], "script", found.group()[:200], "")
    for anchor in anchors:
        if not _REPORT_LABEL.search(anchor.link.text) and "jiucuo" not in anchor.link.url.lower():
            continue
        own_form = "找错" not in anchor.link.text and _host(anchor.link.url) in ("", _host(document.base))
        if not own_form:  # a site's own correction form is not the national entry “我为政府网站找错”
            return Fact(anchor.link.url, "link", anchor.link.text[:200], anchor.link.locator)
    loose = re.search(r"jiucuo\w*\.(?:js|png|html|gif|jpg)[^\s\"'<>]{0,120}", _around(source, "jiucuo"))
    return Fact(loose.group()[:300], "script", loose.group()[:200], "") if loose else None


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _labelled(lines: list[Line], pattern: re.Pattern[str], origin: str) -> Fact | None:
    for line in lines:
        if line.region is not Region.FOOTER and origin == "contact":
            continue
        if origin == "sponsor" and "主" not in line.spaced:
            continue
        match = pattern.search(line.spaced)
        if match:
            return Fact(fold(match.group(1)), _origin(line), line.spaced[:200], locator(line.node))
    return None


def _contact_link(anchors: Iterable[Anchor]) -> Fact | None:
    """An entry in the footer that leads to telephone and address."""
    for anchor in anchors:
        link = anchor.link
        if link.region is Region.FOOTER and not link.hidden and _CONTACT_LINK.match(link.text):
            return Fact(link.url, "link", link.text, link.locator)
    return None


def _site_name(document: Document) -> Fact | None:
    may_have = any(word in document.low for word in ("logo", "header"))
    for node in document.tree.css(_LOGO)[:5] if may_have else ():
        attrs = node.attributes
        name = fold(attrs.get("alt") or attrs.get("title") or node.text(deep=True) or "")
        if 4 <= len(name) <= 40 and re.search(r"[\u4e00-\u9fa5]{3}", name):
            return Fact(name, "header", name, locator(node))
    declared = next((v for v in document.meta_values("SiteName") if v), "")
    return Fact(declared, "meta:SiteName", declared, "meta[name=SiteName]") if declared else None
