"""Every link and picture of a page with its label, region, kind and whether a reader can see it."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from checks.facts import Link
from crawler.extract.discover import ADDRESS_IN, ANCHORS, CHOICES, MAX_LINKS, label_of
from crawler.extract.document import Document, fold
from crawler.extract.handlers import Handlers
from crawler.extract.regions import Surroundings
from crawler.extract.weblinks import absolute, kind_of, route

_SELECTOR = f"{ANCHORS}, {CHOICES}"
_LOOSE = "a, li[onclick], tr[onclick], div[onclick], p[onclick]"
_MAIL = ("mailto:", "tel:", "sms:")


@dataclass(slots=True)
class Anchor:
    """A link and the element it was read from."""

    node: LexborNode
    link: Link


def read_anchors(document: Document) -> list[Anchor]:
    """Links in document order. Anchors of the same page ("#top") are left out."""
    around = Surroundings()
    handlers = Handlers(document.tree, document.base)
    found: list[Anchor] = []
    for node in document.tree.css(_SELECTOR)[:MAX_LINKS]:
        attrs = node.attributes
        tag = node.tag or ""
        raw = (attrs.get(ADDRESS_IN.get(tag, "href")) or "").strip()
        kind, target = _kind_and_target(tag, raw, document.base)
        if tag == "a" and kind in ("script-action", "page") and (kind == "script-action" or not target):
            opened = handlers.of(node, raw)
            kind, target = (kind_of(opened), opened) if opened else (kind, target)
        if not target:
            continue
        region, hidden = around.of(node)
        if not hidden and _is_hair(attrs):
            hidden = "0px"
        label = fold(attrs.get("alt") or "") if tag == "img" else fold(label_of(node))
        link = Link(target, label, region, kind, hidden, attrs.get("rel") or "", document.locate(node))
        found.append(Anchor(node, link))
    for node, target in handlers.pressed():
        region, hidden = around.of(node)
        label = fold(label_of(node))
        found.append(Anchor(node, Link(target, label, region, kind_of(target), hidden, "", document.locate(node))))
    return found


def read_loose(document: Document) -> list[Anchor]:
    """Elements that look like entries to a reader and lead nowhere by themselves: `<a href="">`, `<li onclick=…>`."""
    around = Surroundings()
    found: list[Anchor] = []
    for node in document.tree.css(_LOOSE)[:MAX_LINKS]:
        text = fold(label_of(node))
        if (node.attributes.get("href") or "").strip() not in ("", "#") or len(text) < 4:
            continue
        region, hidden = around.of(node)
        found.append(Anchor(node, Link("", text, region, "script-action", hidden, "", document.locate(node))))
    return found


def _kind_and_target(tag: str, raw: str, base: str) -> tuple[str, str]:
    low = raw[:12].lower()
    if low.startswith("javascript:"):
        return "script-action", raw[:500]
    if low.startswith(_MAIL):
        return "mail", raw[:500]
    if "#" in raw and tag in ("a", "area") and (routed := route(base, raw)):
        return "page", routed
    target = absolute(base, raw)
    if tag in ("iframe", "frame"):
        return "frame", target
    if tag in ("img", "option"):
        return {"img": "image", "option": "choice"}[tag], target
    return kind_of(target) if target else "page", target


def _is_hair(attrs: dict[str, str | None]) -> bool:
    """A frame of no size."""
    return attrs.get("width") in ("0", "1", "0px") and attrs.get("height") in ("0", "1", "0px")
