"""Screenshots inside a file: scaled down, JPEG, as data URIs, within a budget, each once."""

from __future__ import annotations

import base64
import io
import warnings
from dataclasses import dataclass

from PIL import Image

from reports.issues import Issue
from reports.view import RoundView, Visibility

WIDEST = 1100  # px (outputs.md §3)
TALLEST = 820  # px: what a reader sees first; the stored original is complete
QUALITY = 80
BUDGET = 3_500_000  # bytes of base64 in one card, so that it stays below 5 MB
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
    taken: str = ""  # ISO instant, blank when it is not known

    @property
    def label(self) -> str:
        return "红框为问题所在" if self.boxed else "整页截图的上部，未标红框" if self.cut else "整页截图，未标红框"


class Album:
    """Pictures of one card, numbered in the order they are asked for."""

    def __init__(self, view: RoundView) -> None:
        self._view = view
        self._spent = 0
        self._shots: dict[str, Shot | None] = {}
        self._crops = {
            (page.url, rule.rule): rule.screenshot
            for page in view.axe.pages
            for rule in page.rules
            if rule.screenshot and rule.result == "violation"
        }

    def shot(self, issue: Issue) -> Shot | None:
        """The screenshot of an issue's page, None when there is none, it cannot be read, or it may not be shown."""
        if self._view.visibility is Visibility.PUBLIC:
            return None
        crop = self._crop(issue)
        sha = crop or self._sha(issue)
        if not sha:
            return None
        if sha in self._shots:
            known = self._shots[sha]
            return known and Shot(known.id, known.name, sha, "", 0, 0, False, boxed=known.boxed)
        self._shots[sha] = shot = self._open(sha, boxed=bool(crop))
        return shot

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

    def _open(self, sha: str, *, boxed: bool) -> Shot | None:
        data = self._view.artifact(sha)
        if not data or self._spent >= BUDGET:
            return None
        try:
            jpeg, size, cut = shrink(data)
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
            self._view.taken.get(sha, ""),
        )


def shrink(data: bytes, widest: int = WIDEST) -> tuple[bytes, tuple[int, int], bool]:
    """A JPEG of at most `widest` px (TALLEST at WIDEST), its size, whether a lower part was cut off.

    Raises OSError or ValueError on what is no picture, or too large a one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # LARGEST is our own limit
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > LARGEST:
                raise ValueError("picture too large")
            shown = min(image.height, max(1, TALLEST * max(image.width, WIDEST) // WIDEST))
            cut = shown < image.height
            picture = image.crop((0, 0, image.width, shown)).convert("RGB")
    if picture.width > widest:
        height = max(1, round(picture.height * widest / picture.width))
        picture = picture.resize((widest, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue(), picture.size, cut
