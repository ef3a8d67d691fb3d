"""Facts are a cache, not evidence: a file that is not the one that was derived is thrown away and derived again."""

from __future__ import annotations

import contextlib
from hashlib import file_digest
from pathlib import Path

from crawler.derive.store import FACTS

DIGEST = "facts.sha256"
FILES = (FACTS, f"{FACTS}-wal", f"{FACTS}-shm", DIGEST)


def altered(folder: Path) -> bool:
    """Whether the facts are not those that the last derivation wrote. One that was cut short vouches for nothing."""
    try:
        expected = (folder / DIGEST).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return False
    return expected != _digest(folder / FACTS)


def begin(folder: Path) -> None:
    """Drop what cannot be trusted; until `end` the file vouches for nothing."""
    if altered(folder):
        drop(folder)
    (folder / DIGEST).unlink(missing_ok=True)


def end(folder: Path) -> None:
    (folder / DIGEST).write_text(_digest(folder / FACTS) + "\n", "ascii")


def drop(folder: Path) -> None:
    for name in FILES:
        (folder / name).unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with contextlib.suppress(OSError), path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
    return ""
