"""Screenshots inside a file: scaled down, JPEG, as data URIs, within a budget, each once."""

from __future__ import annotations

import base64
import io
import warnings
from dataclasses import dataclass, replace

from PIL import Image, ImageDraw

from checks.outcomes import Outcome
from reports.issues import Issue
from reports.public import WITHHELD_TOPICS
from reports.quoted import Box, find_box, read_runs
from reports.view import RoundView, Visibility

WIDEST = 1100  # px (outputs.md §3)
TALLEST = 820  # px: what a reader sees first; the stored original is complete
QUALITY = 80
BUDGET = 3_500_000  # bytes of base64 in one card, so that it stays below 5 MB
_AIR = 40  # px below the framed words
_RED, _WHITE = (208, 2, 27), (255, 255, 255)
LARGEST = 120_000_000  # px of a stored screenshot that is decoded at all


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture as the card shows it: with the image at its first place, as a reference afterwards."""

    id: str
    name: str
    sha256: str
    uri: str
    width: int
    height: int
    first: bool
    cut: bool = False  # only the upper part of a long page is shown
    boxed: bool = False  # one element of a page, framed in red
    quoted: bool = False  # the words quoted, framed in red on the page around them
    taken: str = ""  # ISO instant, blank when it is not known

    @property
    def label(self) -> str:
        if self.quoted:
            return "整页截图的局部，红框为所引原文"
        return "红框为问题所在" if self.boxed else "整页截图的上部，未标红框" if self.cut else "整页截图，未标红框"


class Album:
    """Pictures of one card, numbered in the order they are asked for."""

    def __init__(self, view: RoundView) -> None:
        self._view = view
        self._spent = 0
        self._shots: dict[tuple[str, Box | None], Shot | None] = {}
        self._private = _private(view)
        self._crops = {
            (page.url, rule.rule): rule.screenshot
            for page in view.axe.pages
            for rule in page.rules
            if rule.screenshot and rule.result == "violation"
        }

    def shot(self, issue: Issue) -> Shot | None:
        """The screenshot of an issue's page, None when there is none, it cannot be read, or it may not be shown."""
        addresses = {issue.lead.url, *(e.url for e in issue.lead.evidence)}
        if self._view.visibility is Visibility.PUBLIC or addresses & self._private:
            return None
        crop = self._crop(issue)
        sha = crop or self._sha(issue)
        if not sha:
            return None
        box = None if crop else self._place(issue, sha)
        key = sha, box
        if key in self._shots:
            known = self._shots[key]
            return known and replace(known, uri="", width=0, height=0, first=False)
        self._shots[key] = shot = self._open(sha, box, boxed=bool(crop))
        return shot

    def _place(self, issue: Issue, sha: str) -> Box | None:
        """Where the words that the finding quotes stand on the photograph."""
        lines = self._view.lines.get(sha)
        if not lines:
            return None
        quotes = [e.quote for e in issue.lead.evidence if self._view.screenshots.get(e.url) == sha and e.quote]
        return find_box(read_runs(self._view.artifact(lines)), quotes)

    def _crop(self, issue: Issue) -> str:
        """The faulty element framed in red, where the browser pass photographed it."""
        rule = str(issue.lead.data.get("axe") or "")
        addresses = (issue.lead.url, *(e.url for e in issue.lead.evidence))
        return next((self._crops[a, rule] for a in addresses if (a, rule) in self._crops), "") if rule else ""

    def _sha(self, issue: Issue) -> str:
        own = issue.lead.data.get("screenshot")
        if isinstance(own, str) and own:
            return own
        addresses = (issue.lead.url, *(e.url for e in issue.lead.evidence))
        return next((self._view.screenshots[a] for a in addresses if a in self._view.screenshots), "")

    def _open(self, sha: str, box: Box | None, *, boxed: bool) -> Shot | None:
        data = self._view.artifact(sha)
        if not data or self._spent >= BUDGET:
            return None
        try:
            jpeg, size, cut = shrink(data, box=box)
        except (OSError, ValueError, Image.DecompressionBombError):
            return None
        text = base64.b64encode(jpeg).decode()
        if self._spent + len(text) > BUDGET:
            return None
        self._spent += len(text)
        number = 1 + sum(s is not None for s in self._shots.values())
        return Shot(
            f"shot-{number}",
            f"图{number}",
            sha,
            f"data:image/jpeg;base64,{text}",
            *size,
            True,
            cut,
            boxed,
            box is not None,
            self._view.taken.get(sha, ""),
        )


def _private(view: RoundView) -> frozenset[str]:
    """Pages on which something was met that must not be spread: whoever opens the file would read it there."""
    adverse = (f for f in view.findings if f.outcome in (Outcome.CANNOT_TELL, Outcome.FAILED))
    met = (f for f in adverse if view.rule(f.rule).topic in WITHHELD_TOPICS)
    return frozenset(url for f in met for url in (f.url, *(e.url for e in f.evidence)) if url)


def _frame(picture: Image.Image, box: Box) -> None:
    """Red on white, a little outside the words, inside the picture."""
    left, top = max(box[0] - 5, 2), max(box[1] - 5, 2)
    right, bottom = min(box[0] + box[2] + 5, picture.width - 3), min(box[1] + box[3] + 5, picture.height - 3)
    if right <= left or bottom <= top:
        return
    draw = ImageDraw.Draw(picture)
    draw.rectangle((left - 1, top - 1, right + 1, bottom + 1), outline=_WHITE, width=6)
    draw.rectangle((left, top, right, bottom), outline=_RED, width=4)


def shrink(data: bytes, widest: int = WIDEST, box: Box | None = None) -> tuple[bytes, tuple[int, int], bool]:
    """A JPEG of at most `widest` px (TALLEST at WIDEST), its size, whether a part was cut off.

    It shows the top of the page, or what lies around `box`, framed in red.

    Raises OSError or ValueError on what is no picture, or too large a one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # LARGEST is our own limit
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > LARGEST:
                raise ValueError("picture too large")
            shown = min(image.height, max(1, TALLEST * max(image.width, WIDEST) // WIDEST))
            cut = shown < image.height
            above = 0
            if box is not None and box[1] + box[3] > shown - _AIR:
                above = max(0, min(box[1] - shown // 3, image.height - shown))
            picture = image.crop((0, above, image.width, above + shown)).convert("RGB")
    if box is not None:
        _frame(picture, (box[0], box[1] - above, box[2], box[3]))
    if picture.width > widest:
        height = max(1, round(picture.height * widest / picture.width))
        picture = picture.resize((widest, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue(), picture.size, cut
