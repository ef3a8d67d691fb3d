"""The terminal: consoles, language, and cleaning of untrusted text."""

from __future__ import annotations

import re

from rich.console import Console
from rich.text import Text

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)

_language = "zh"
# ANSI and other controls, bidi overrides, invisible separators: a page's title must not drive the terminal.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def set_language(code: str) -> None:
    global _language
    _language = "en" if code.lower().startswith("en") else "zh"


def t(chinese: str, english: str) -> str:
    """The sentence in the chosen language."""
    return english if _language == "en" else chinese


def clean(text: str, limit: int = 300) -> str:
    """Untrusted text for a terminal: control and bidi characters gone, newlines folded, cut at `limit`."""
    folded = re.sub(r"\s+", " ", _UNSAFE.sub("", text)).strip()
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def plain(text: str, style: str = "", limit: int = 300) -> Text:
    """Untrusted text as rich Text: no markup is interpreted."""
    return Text(clean(text, limit), style=style)
