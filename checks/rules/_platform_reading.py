"""The pages of one column of the disclosure platform, read together: what they say, and the newest day they show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from checks.attached import full_text
from checks.facts import ColumnState, Page, Region
from checks.items import items, shown_day
from checks.rules.freshness_columns import Subject
from checks.snapshot import Snapshot
from checks.texts import days_in, fold, quote_around
from checks.verdicts import Evidence

SHORT = 60  # characters below which a page holds no text of its own: the content is a scan or an attachment


@dataclass(frozen=True, slots=True)
class Reading:
    """The pages of one column read together: its front and the pages behind its rows."""

    pages: tuple[Page, ...]
    text: str
    day: date | None  # newest day shown on any of them, not after the moment of judgement
    scanned: bool  # hardly any text, but attachments or pictures
    dated: tuple[Evidence, ...] = ()  # where `day` stands

    @property
    def url(self) -> str:
        return self.pages[0].url if self.pages else ""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(Evidence.of(page, page.text[:200]) for page in self.pages[:5])


def read(snapshot: Snapshot, state: ColumnState) -> Reading:
    front = snapshot.page(state.url) if state.url else None
    behind = (snapshot.page(row.url) for row in state.rows[:30])
    pages = tuple(page for page in (front, *behind) if page is not None)
    text = "\n".join(page.text for page in pages)
    shown = [(day, page) for page in pages for day in _days(page) if day <= snapshot.today]
    newest = max(shown, key=lambda s: s[0], default=None)
    kinds = {kind for page in pages for kind in carried(snapshot, page)}
    pictures = any(page.marks_of("big-image") for page in pages)
    fillable = any(page.marks_of("form") for page in pages)  # a form says little and is no picture
    scanned = len(text) < SHORT and not fillable and (pictures or bool({"attachment", "image"} & kinds))
    if newest is None:
        return Reading(pages, text, None, scanned)
    return Reading(pages, text, newest[0], scanned, (Evidence.of(newest[1], _date_line(newest[1], newest[0])),))


def _days(page: Page) -> Iterator[date]:
    """Every day that a reader can see: an entry dated after the stated update shows that the page was edited."""
    day = shown_day(page)
    if day is not None:
        yield day
    yield from days_in(page.text)


def _date_line(page: Page, day: date) -> str:
    """The words that say `day`: those of the date line, else the place in the text, else the page's beginning."""
    if page.published and page.published.value == day and page.published.quote:
        return page.published.quote
    spellings = (f"{day.year}年{day.month}月{day.day}日", f"{day:%Y年%m月%d日}", f"{day}", f"{day:%Y/%m/%d}")
    return next((q for s in spellings if (q := quote_around(page.text, s))), page.text[:200])


def carried(snapshot: Snapshot, page: Page) -> set[str]:
    """Kinds of what hangs in the page's own content; the badges of header and footer are not meant."""
    return {k.kind for k in snapshot.links(page.url) if k.region is Region.CONTENT and not k.hidden}


def published(snapshot: Snapshot, of: Subject) -> Reading:
    """The newest page that bears the column's name in its title: the duty is the catalogue, not a menu entry."""
    names = [fold(name) for name in (of.column.label, *of.column.aliases)]
    owners = ("", of.unit or snapshot.district.portal_owner)
    titled = [item for item in items(snapshot) if item.owner in owners and any(n in fold(item.title) for n in names)]
    for item in sorted(titled, key=lambda i: (i.day or date.min, i.url), reverse=True):
        if (page := snapshot.page(item.url)) is not None:
            day = max((d for d in _days(page) if d <= snapshot.today), default=None)
            dated = (Evidence.of(page, _date_line(page, day)),) if day else ()
            return Reading((page,), full_text(snapshot, page), day, False, dated)
    return Reading((), "", None, False)
