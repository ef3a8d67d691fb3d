"""Pictures as evidence: the whole page, and the faulty element boxed in red with its caption strip."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from checks.snapshot import SHANGHAI
from crawler.browser.finder import cjk_font_file

MAX_HEIGHT = 6000  # CSS pixels of a page that are photographed
VIEW_HEIGHT = 900  # photographed at least
MAX_WIDTH = 1100  # of a crop
QUALITY = 80
_MARGIN = 90  # of the page shown around the element
_MIN_VIEW = (760, 260)
_MAX_VIEW_HEIGHT = 900
_RED = (208, 2, 27)
_WHITE = (255, 255, 255)
_INK = (33, 37, 41)
_PAPER = (246, 247, 249)
_TEXT = 17
_PAD = 12

Box = tuple[float, float, float, float]  # left, top, width, height in page pixels


@dataclass(frozen=True, slots=True)
class Shot:
    """A photographed page: JPEG bytes, their hash, the heights of page and picture in CSS pixels."""

    data: bytes
    sha256: str
    page_height: int
    height: int
    taken: datetime

    @classmethod
    def of(cls, data: bytes, page_height: int, height: int, taken: datetime) -> Shot:
        return cls(data, digest(data), page_height, height, taken)


@dataclass(frozen=True, slots=True)
class Caption:
    """What the strip below a crop says. `taken` is aware; it is shown in Beijing time."""

    url: str
    rule: str
    taken: datetime
    page_sha256: str

    def lines(self) -> tuple[str, ...]:
        taken = self.taken.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        return (
            f"网址：{self.url}",
            f"采集时间：{taken}（北京时间）　检测规则：{self.rule}　整页截图 SHA-256：{self.page_sha256[:16]}",
        )


def reach(boxes: Iterable[Sequence[float]]) -> int:
    """How much of a page has to be photographed to show every box with its surroundings, in CSS pixels."""
    lowest = max((box[1] + min(box[3], _MAX_VIEW_HEIGHT) for box in boxes), default=0.0)
    return min(max(int(lowest) + _MARGIN, VIEW_HEIGHT), MAX_HEIGHT)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def crop(shot: Shot, boxes: Sequence[tuple[str, Box]], url: str) -> list[tuple[str, bytes]]:
    """A JPEG per (rule id, box) that lies inside the photographed part of the page."""
    if not boxes:
        return []
    page = Image.open(io.BytesIO(shot.data)).convert("RGB")
    pictures = []
    for rule, box in boxes:
        left, top, width, height = box
        if (
            top + min(height, 10) <= page.height
            and left + min(width, 10) <= page.width
            and left + width > 0 <= top + height
        ):
            pictures.append((rule, _boxed(page, box, Caption(url, rule, shot.taken, shot.sha256))))
    return pictures


def _boxed(page: Image.Image, box: Box, caption: Caption) -> bytes:
    window = _window(page.size, box)
    view = page.crop(window)
    draw = ImageDraw.Draw(view)
    left, top, width, height = box
    # Two pixels of air, so that the frame does not hide the fault; clamped, so that all four sides are seen.
    frame = (
        max(left - window[0] - 4, 1),
        max(top - window[1] - 4, 1),
        min(left + width - window[0] + 4, view.width - 2),
        min(top + height - window[1] + 4, view.height - 2),
    )
    draw.rectangle(_grown(frame, 1), outline=_WHITE, width=6)
    draw.rectangle(frame, outline=_RED, width=3)
    if view.width > MAX_WIDTH:
        view = view.resize((MAX_WIDTH, round(view.height * MAX_WIDTH / view.width)), Image.Resampling.LANCZOS)
    return _jpeg(_with_caption(view, caption))


def _grown(frame: tuple[float, float, float, float], by: float) -> tuple[float, float, float, float]:
    return frame[0] - by, frame[1] - by, frame[2] + by, frame[3] + by


def _window(page: tuple[int, int], box: Box) -> tuple[int, int, int, int]:
    """The part of the page to show: the element and enough around it to recognise the place."""
    left, right = _span(box[0], box[2], _MIN_VIEW[0], page[0], page[0])
    top, bottom = _span(box[1], box[3], _MIN_VIEW[1], _MAX_VIEW_HEIGHT, page[1])
    return left, top, right, bottom


def _span(start: float, length: float, least: int, most: int, limit: int) -> tuple[int, int]:
    size = min(max(length + 2 * _MARGIN, least), most, limit)
    middle = start + min(length, most) / 2 if length + 2 * _MARGIN <= most else start - _MARGIN + size / 2
    begin = min(max(middle - size / 2, 0), limit - size)
    return int(begin), int(begin + size)


def _with_caption(view: Image.Image, caption: Caption) -> Image.Image:
    width = max(view.width, _MIN_VIEW[0])
    font = _font()
    lines = [part for line in caption.lines() for part in _wrapped(line, font, width - 2 * _PAD)]
    step = _TEXT + 8
    strip = step * len(lines) + 2 * _PAD - 6
    canvas = Image.new("RGB", (width, view.height + strip), _PAPER)
    canvas.paste(view, ((width - view.width) // 2, 0))
    draw = ImageDraw.Draw(canvas)
    draw.line((0, view.height, width, view.height), fill=_RED, width=2)
    for number, line in enumerate(lines):
        draw.text((_PAD, view.height + _PAD + number * step), line, font=font, fill=_INK)
    return canvas


def _wrapped(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> list[str]:
    """Break where the line is full; at a full-width space when there is one."""
    lines: list[str] = []
    for part in text.split("　"):
        joined = f"{lines[-1]}　{part}" if lines else part
        if lines and font.getlength(joined) <= width:
            lines[-1] = joined
            continue
        rest = part
        while font.getlength(rest) > width:
            cut = next((n for n in range(len(rest), 1, -1) if font.getlength(rest[:n]) <= width), 1)
            lines.append(rest[:cut])
            rest = rest[cut:]
        lines.append(rest)
    return lines


@cache
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    found = cjk_font_file()
    return ImageFont.truetype(found[0], _TEXT, index=found[1]) if found else ImageFont.load_default(_TEXT)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
