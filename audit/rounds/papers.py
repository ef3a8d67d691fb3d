"""Small HTML drafts of the office's papers: one template environment, escaped, without script or request."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.reflow import reflow

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def paper(template: str, **values: Any) -> bytes:
    """One A4 draft as UTF-8 bytes."""
    text = _environment().get_template(template).render(**values)
    return (reflow(text.rstrip()) + "\n").encode()


@cache
def _environment() -> Environment:
    def printed(value: object) -> object:
        return _UNSAFE.sub("", value) if type(value) is str else value

    return Environment(
        loader=PackageLoader("audit.rounds"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=printed,
    )
