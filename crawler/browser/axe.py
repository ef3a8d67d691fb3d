"""axe-core: which copy is run, how it is asked, and its small result as facts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import msgspec

from checks.facts import AxePage, AxeRule

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")  # WCAG 2.1 A and AA, the usual test level (indicators.md §11)
HTML_LENGTH = 300
BOXES_PER_RULE = 2
_PACKAGE = "axe-playwright-python"
_VERSION = re.compile(r"axe v(\d+(?:\.\d+)+)")

RUN_ARGUMENTS = {"tags": list(TAGS), "boxes": BOXES_PER_RULE, "length": HTML_LENGTH}


@dataclass(frozen=True, slots=True)
class Engine:
    """The copy of axe-core in use. `sha256` is of the file's bytes, so that a round says what judged it."""

    path: Path
    version: str
    sha256: str
    origin: str  # "axe-playwright-python 0.1.8", or "configured"

    @property
    def source(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def meta(self) -> str:
        """JSON for the snapshot's meta key `axe_engine`."""
        fields = {"version": self.version, "sha256": self.sha256, "origin": self.origin}
        return msgspec.json.encode(fields).decode()


@cache
def engine(path: Path | None = None) -> Engine:
    """The axe-core inside the installed package, or the copy at `path`. Raises OSError, ValueError if it is none."""
    origin = "configured"
    if path is None:
        path = Path(str(resources.files("axe_playwright_python").joinpath("axe.min.js")))
        origin = f"{_PACKAGE} {metadata.version(_PACKAGE)}"
    data = path.read_bytes()
    version = _VERSION.search(data[:400].decode("utf-8", "replace"))
    if version is None:
        raise ValueError(f"不是 axe-core 脚本：{path}")
    return Engine(path, version[1], hashlib.sha256(data).hexdigest(), origin)


@cache
def script(name: str) -> str:
    """One of our own page scripts: the text of a JavaScript function expression."""
    text = resources.files(__package__).joinpath("scripts", f"{name}.js").read_text(encoding="utf-8")
    return text.rstrip().removesuffix(";")


def rules_of(result: Mapping[str, Any], crops: Mapping[str, str]) -> tuple[AxeRule, ...]:
    """Rules of a small result (scripts/axe_run.js), violations first; `crops` maps rule ids to pictures."""
    rules = [
        AxeRule(
            rule=r["rule"],
            impact=r["impact"],
            result=r["result"],
            tags=tuple(r["tags"]),
            nodes=r["nodes"],
            html=r["html"],
            target=r["target"],
            screenshot=crops.get(r["rule"], "") if r["result"] == "violation" else "",
        )
        for r in result["rules"]
    ]
    return tuple(sorted(rules, key=lambda r: (r.result != "violation", r.rule)))


def encode(page: AxePage) -> bytes:
    """The artifact of kind "axe". Its own hash cannot stand in it: `sha256` is blank inside."""
    return msgspec.json.encode(page)


def decode(data: bytes, sha256: str = "") -> AxePage:
    """The facts of an "axe" artifact, with the artifact's hash put in."""
    fields = msgspec.json.decode(data)
    return msgspec.convert({**fields, "sha256": sha256 or fields.get("sha256", "")}, AxePage)
