"""Official papers (GB/T 9704-2012) as values: one text, written as HTML and as DOCX.

What the office has to enter stands in the text as 〔填：何事〕 and is marked in every format.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from checks.snapshot import SHANGHAI
from reports.text import clean
from reports.view import RoundView

LINES = 22  # per page
CHARACTERS = 28  # per line
TITLE = 20  # characters of 22 pt per line
_FILL = re.compile(r"(〔填：[^〕]{1,40}〕)")


class Kind(StrEnum):
    """How a paragraph is set."""

    HEADING = "h1"  # 一、 黑体
    SUBHEADING = "h2"  # （一） 楷体
    BODY = "body"  # 仿宋, indented by two characters
    FLUSH = "flush"  # 主送机关
    ATTACHMENT = "attachment"  # 附件说明


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `fill` marks what the office has to enter."""

    text: str
    fill: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    kind: Kind
    text: str

    @property
    def runs(self) -> tuple[Run, ...]:
        return runs(self.text)


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. `issuer` is printed in red above the line and as the signature; `mark` on every page."""

    issuer: str
    number: str
    title: str
    addressee: str
    body: tuple[Paragraph, ...]
    attachments: tuple[str, ...]
    date: str = "〔填：成文日期〕"
    mark: str = ""
    class_mark: str = ""

    @property
    def attachment_lines(self) -> tuple[tuple[str, str], ...]:
        """(lead, text) per line: 附件： only before the first, numbered when there is more than one."""
        many = len(self.attachments) > 1
        return tuple(
            ("附件：" if at == 1 else "", f"{at}.{name}" if many else name)
            for at, name in enumerate(self.attachments, 1)
        )

    @property
    def title_lines(self) -> tuple[str, ...]:
        """The title, broken before 进行, 与 or 关于 when it is too long for one line."""
        text = clean(self.title, 120)
        cuts = [
            at for word in ("进行", "与", "关于") if 0 < (at := text.find(word)) <= TITLE and len(text) - at <= TITLE
        ]
        return (text[: cuts[0]], text[cuts[0] :]) if len(text) > TITLE and cuts else (text,)

    @property
    def closing(self) -> int:
        """How many paragraphs go with the signature, which never stands alone on a page."""
        return min(2, len(self.body))

    @property
    def words(self) -> str:
        """The text as it is read aloud or counted, without attachments and signature."""
        return "".join((self.title, self.addressee, *(p.text for p in self.body)))


def runs(text: str) -> tuple[Run, ...]:
    """Split a text at the places the office fills in."""
    parts = (part for part in _FILL.split(clean(text, 4000)) if part)
    return tuple(Run(part, bool(_FILL.fullmatch(part))) for part in parts)


def heading(text: str) -> Paragraph:
    return Paragraph(Kind.HEADING, text)


def body(text: str) -> Paragraph:
    return Paragraph(Kind.BODY, text)


def height(paragraphs: Iterable[Paragraph]) -> int:
    """Lines of the type area that indented paragraphs take; Latin letters and digits count half a character."""
    widths = (2 + sum(0.5 if c.isascii() else 1 for c in p.text) for p in paragraphs)
    return sum(math.ceil(width / CHARACTERS) for width in widths)


def draft_mark(view: RoundView) -> str:
    """What every page of a pack carries while the round is not frozen; blank afterwards."""
    return "草稿·机器初判" if view.provisional else f"草稿·{view.stage}" if view.stage else ""


def chinese_date(view: RoundView) -> str:
    """The moment of judgement as a paper writes a day: 2026年9月30日."""
    day = view.as_of.astimezone(SHANGHAI)
    return f"{day.year}年{day.month}月{day.day}日"
