"""The frame of every HTML file: one template environment, one style sheet, no request and no script.

Every value printed by a template is cleaned and escaped; the content security policy allows nothing but the one
inline style sheet, by its hash, and images inside the file.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from checks.gaps import LEFT_OUT
from checks.outcomes import FetchOutcome
from reports.gongwen import runs
from reports.issues import reason_name
from reports.listing import listed
from reports.mended import mended_words
from reports.reflow import reflow
from reports.text import clean, css_string, figure, masked, moment, percent, round_name, span, web_link
from reports.view import RoundView, Visibility

NOTICE = "机器初判，未经人工确认。本件供核对使用，不作为通报、约谈或问责的依据。"
PUBLIC_NOTICE = "机器初判，未经人工确认，以人工核实后公布的结果为准。"
_LONG = 2000
_MARK = 'font:12pt SimHei,"Noto Sans CJK SC",sans-serif;color:#8a1c1c;vertical-align:middle;letter-spacing:.15em'
_NUMBER = re.compile(r"^\d{1,2}[.、．)）]\s*(?!\d)")
_SENTENCE = re.compile(r"(?<=[。；;\n])\s*")


def render(template: str, view: RoundView, title: str, **values: Any) -> bytes:
    """One HTML file as UTF-8 bytes; the same values give the same bytes."""
    return _render(template, view, title, _style("style.css") + _print_rules(view, title), values)


def render_paper(template: str, view: RoundView, title: str, mark: str, **values: Any) -> bytes:
    """An official paper in GB/T 9704-2012 layout; `mark` stands above the text of each page."""
    running = f"{mark}　{view.round_id}" if mark else ""
    rule = f"@page{{@top-center{{content:{css_string(running)};{_MARK}}}}}\n" if mark else ""
    return _render(template, view, title, _style("gongwen.css") + rule, {**values, "mark": mark})


def _render(template: str, view: RoundView, title: str, style: str, values: dict[str, Any]) -> bytes:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    text = (
        _environment(view.visibility)
        .get_template(template)
        .render(
            view=view,
            title=title,
            style=style,
            style_hash=digest,
            notice=PUBLIC_NOTICE if view.visibility is Visibility.PUBLIC else NOTICE,
            round_title=round_name(view.round_id),
            as_of=f"{moment(view.as_of)}（北京时间）",
            public=view.visibility is Visibility.PUBLIC,
            **values,
        )
    )
    return (reflow(text.rstrip()) + "\n").encode()


@cache
def _environment(visibility: Visibility) -> Environment:
    def printed(value: object) -> object:
        if isinstance(value, Markup):
            return value
        if isinstance(value, Decimal):
            return figure(value)
        return masked(clean(value), visibility) if isinstance(value, str) else value

    def long(value: object) -> Markup:
        return escape(masked(clean(value, _LONG), visibility))

    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=printed,
    )
    environment.filters |= {
        "long": long,
        "num": figure,
        "when": moment,
        "day": short_day,
        "weblink": web_link,
        "steps": steps,
        "gap_name": gap_name,
        "runs": runs,
        "round_name": round_name,
    }
    environment.globals |= {"span": span, "percent": percent, "mended_words": mended_words, "listed": listed}
    return environment


def steps(text: str) -> list[str]:
    """A remedy as single steps: one per sentence, without the numbers the text may carry (the list counts)."""
    return [part for part in (_NUMBER.sub("", p.strip()) for p in _SENTENCE.split(text)) if part]


def short_day(value: date | None) -> str:
    """Month and day as a narrow table column prints them: 10-22; an en dash when there is none."""
    return f"{value:%m-%d}" if value else "–"


def gap_name(outcome: str) -> str:
    """Chinese name of a fetch outcome; "unvisited" is what the budget of the crawl left out."""
    try:
        return FetchOutcome(outcome).chinese
    except ValueError:
        if outcome.startswith("unvisited"):
            return "未访问（超出本轮采集数量、深度或时间上限）"
        return LEFT_OUT.get(outcome) or reason_name(outcome)


@cache
def _style(name: str) -> str:
    return (resources.files("reports") / "templates" / name).read_text("utf-8")


def _print_rules(view: RoundView, title: str) -> str:
    """Running header and footer on paper; older kernels ignore margin boxes."""
    state = view.standing
    return (
        "@page{"
        f"@top-left{{content:{css_string(f'{view.district.name} · {title}')}}}"
        f"@top-right{{content:{css_string(f'{view.visibility} · {state}' if state else view.visibility)}}}"
        f"@bottom-left{{content:{css_string(f'{view.round_id} · 检查时点 {moment(view.as_of)}')}}}"
        '@bottom-right{content:"第" counter(page) "页　共" counter(pages) "页"}'
        "}\n"
    )
