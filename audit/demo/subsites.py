"""Two small sites that departments keep on hosts of their own and do not keep up: planted stale home pages."""

from __future__ import annotations

from audit.demo.bodies import body
from audit.demo.families import Section, publish
from audit.demo.grammar import news_html, news_title
from audit.demo.layout import Frame
from audit.demo.model import HOUSING, PROJECTS, WWW, Item, Replica, ago, on


def add_subsites(replica: Replica) -> None:
    _site(replica, HOUSING, "zjj", "青禾区房屋征收信息网", 640_100, (47, 75, 120))
    # A mistyped year must not hide that the newest news is twenty days old.
    coming = Item(641_900, "青禾区重大项目集中开工活动预告", on("2046-12-01"), body("fgj").full, _text("fgj", 9))
    _site(replica, PROJECTS, "fgj", "青禾区项目公开网", 641_100, (20, 55), coming)


def _site(replica: Replica, host: str, unit: str, name: str, first: int, days: tuple[int, ...], *more: Item) -> None:
    who = body(unit)
    news = [
        Item(first + n, news_title(who.short, who.duties[n], n + 5), ago(day, 10, n), who.full, _text(unit, n))
        for n, day in enumerate(days)
    ]
    crumbs = (("青禾区人民政府", f"http://{WWW}/"),)
    frame = Frame("", template="subsite")
    about = f"{name}，公布{who.short}有关信息"
    publish(replica, Section(name, "/", (*more, *news), host=host, crumbs=crumbs, frame=frame, description=about))


def _text(unit: str, order: int) -> str:
    who = body(unit)
    return news_html(who.short, who.duties[order % len(who.duties)], "subsite", order)
