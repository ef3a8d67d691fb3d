"""Static JSON for an office's own systems: `api/index.json` names the rest. The figures are those of scores.json."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from checks.scoring import ranked_in
from config.district import Unit
from reports.exports import header, number
from reports.issues import Docket, Issue
from reports.overview import Overview
from reports.text import exact, masked
from reports.view import RoundView, Visibility

VERSION = 1
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def api(view: RoundView, items: Docket) -> Iterator[tuple[str, bytes]]:
    """Yield (path, content) of every document."""
    units = [{"id": u.unit_id, "name": u.name_short, "href": f"units/{u.unit_id}.json"} for u in view.units]
    index = {**header(view, "api-index"), "version": VERSION, "round_href": "round.json", "units": units}
    yield "api/index.json", _json(index)
    headline = [
        {"label": h.label, "value": h.value, "unit": h.unit, "definition": h.definition}
        for h in Overview(view, items).headline
    ]
    yield "api/round.json", _json({**header(view, "api-round"), "headline": headline})
    for unit in view.units:
        yield f"api/units/{unit.unit_id}.json", _json(_unit(view, items, unit))


def _unit(view: RoundView, items: Docket, unit: Unit) -> dict[str, object]:
    ranks = view.ranks if view.visibility is not Visibility.PUBLIC else ()
    rank = next((r for r in ranks if r.unit == unit.unit_id), None)
    scores = (view.score(unit.unit_id, s.id) for s in view.standards)
    return {
        **header(view, "api-unit"),
        "unit": {"id": unit.unit_id, "name": unit.name_short, "group": ranked_in(unit)},
        "card_href": f"../../cards/{unit.unit_id}.html",
        "scores": [
            {"standard": s.standard, "rated": s.rated, "lower": number(s.lower), "upper": number(s.upper),
             "grade": {"lower": s.grade_lower, "upper": s.grade_upper}, "formula": s.formula}
            for s in scores if s
        ],
        "rank": None if rank is None else {"group": rank.group, "place": rank.place, "of": rank.of},
        "problems": [_issue(view, i) for i in items.failed(unit.unit_id)],
        "undetermined": [_issue(view, i) for i in items.pending(unit.unit_id)],
    }  # fmt: skip


def _issue(view: RoundView, issue: Issue) -> dict[str, object]:
    return {
        "number": issue.number,
        "rule": issue.rule.id,
        "title": issue.rule.title,
        "level": str(issue.level),
        "count": len(issue.faults),
        "points": number(issue.points(view.primary.id)),
        "message": masked(exact(issue.lead.message), view.visibility),
        "url": exact(issue.lead.url),
        "deadline": issue.deadline,
        "waived": masked(exact(issue.waived), view.visibility),
        "fingerprints": list(issue.fingerprints),
    }


def _json(document: dict[str, object]) -> bytes:
    return msgspec.json.format(_ENCODER.encode(document), indent=1) + b"\n"
