"""The files of an interview pack. Called only with the units an office has named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from config.district import Unit
from reports.interview.facts import Pack
from reports.interview.notice import (
    comparison_sentence,
    findings_sentence,
    ground_sentence,
    history_sentence,
    notice,
    spoken,
    waiting_sentence,
)
from reports.issues import Docket, docket
from reports.page import render_paper
from reports.pictures import Album
from reports.view import RoundView
from reports.word import write_docx

NUMERALS = "一二三四五六七八"


class UnknownUnit(ValueError):
    """A unit that this round did not check. The message is Chinese."""


def build_yuetan(
    view: RoundView, units: Sequence[str], ground: str | Mapping[str, str] = "", items: Docket | None = None
) -> Iterator[tuple[str, bytes]]:
    """Yield (relative path, content) of the packs of the named units; `ground` is one text or one per unit.

    Raises UnknownUnit before anything is made when a unit was not checked in this round.
    """
    known = {u.unit_id: u for u in view.units}
    missing = [u for u in units if u not in known]
    if missing:
        names = "、".join(f"{u.unit_id}（{u.name_short}）" for u in view.units)
        raise UnknownUnit(f"本轮没有检查单位“{'、'.join(missing)}”，不能生成约谈材料。本轮的单位：{names}。")
    items = items or docket(view)
    for unit in units:
        own = ground if isinstance(ground, str) else ground.get(unit, "")
        yield from _files(Pack(view, known[unit], items, Album(view), own), known[unit])


def _files(pack: Pack, unit: Unit) -> Iterator[tuple[str, bytes]]:
    paper, name = notice(pack), f"yuetan/{unit.unit_id}"
    yield f"{name}.html", render_paper(
        "interview.html.j2", pack.view, f"{unit.name_short}约谈材料", pack.mark,
        pack=pack, paper=paper, findings=findings_sentence(pack), history=history_sentence(pack),
        ground=ground_sentence(pack), comparison=comparison_sentence(pack), waiting=waiting_sentence(pack),
        numerals=NUMERALS,
    )  # fmt: skip
    yield (
        f"{name}-一页纸.html",
        render_paper(
            "spoken.html.j2", pack.view, f"{unit.name_short}约谈要点", pack.mark, pack=pack, parts=spoken(pack)
        ),
    )
    yield (
        f"{name}-约谈通知.html",
        render_paper("notice.html.j2", pack.view, f"{unit.name_short}约谈通知", pack.mark, paper=paper),
    )
    yield f"{name}-约谈通知.docx", write_docx(pack.view, paper)
