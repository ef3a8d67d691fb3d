"""Documentation does not drift: generated pages are up to date, README's commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from audit.cli import app
from audit.handbook import pages

ROOT = Path(__file__).resolve().parents[2]


def test_generated_pages_are_up_to_date() -> None:
    stale = [
        name
        for name, text in pages()
        if not (ROOT / "docs" / name).exists() or (ROOT / "docs" / name).read_text(encoding="utf-8") != text
    ]
    assert not stale, f"run `make docs`: {stale}"


def test_every_command_shown_exists() -> None:
    root = typer.main.get_command(app)
    for source in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for command in re.findall(r"govaudit ([a-z]+)", source.read_text(encoding="utf-8")):
            assert command in root.commands, f"{source.name}: govaudit {command}"


def test_links_between_documents_resolve() -> None:
    for source in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\(([^)#\s]+)\)", source.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (source.parent / target).exists(), f"{source.name} -> {target}"
