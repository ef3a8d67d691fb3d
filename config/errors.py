"""What is wrong with a configuration, so that a clerk can repair it: file, place, expected, got, known."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

KNOWN_SHOWN = 60  # alternatives kept with a problem
LIMIT_PER_FILE = 100  # a table saved wrongly is wrong in every row; nobody reads the second hundred


class Level(StrEnum):
    ERROR = "error"  # refused: nothing is crawled or judged
    WARNING = "warning"  # works, but probably not as meant
    HINT = "hint"  # unknown until the office fills it in

    @property
    def chinese(self) -> str:
        return {"error": "错误", "warning": "警告", "hint": "待补"}[self.value]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one file.

    `where` is a key ("第 12 行 site.home") or a cell ("第 3 行 unit_id"); blank when the whole file is meant.
    `known` lists what would be accepted there, nearest to `got` first.
    """

    file: str
    where: str
    expected: str
    got: str
    known: tuple[str, ...] = ()
    level: Level = Level.ERROR

    def __str__(self) -> str:
        place = f"{self.file} {self.where}".strip()
        text = f"{place}：应为{self.expected}；实为{self.got}"
        if self.known:
            shown = "、".join(self.known[:12])
            more = " 等" if len(self.known) > 12 else ""
            text += f"。可用：{shown}{more}"
        return text


def nearest(got: str, known: Iterable[str]) -> tuple[str, ...]:
    """`known` with the spellings closest to `got` first, the others in their own order; at most `KNOWN_SHOWN`."""
    every = tuple(dict.fromkeys(known))
    ranked = sorted(((_likeness(got, k), -n, k) for n, k in enumerate(every)), reverse=True)
    close = [k for score, _, k in ranked[:3] if score >= 0.5]
    return (*close, *(k for k in every if k not in close))[:KNOWN_SHOWN]


def _likeness(one: str, other: str) -> float:
    """difflib's ratio; swapped letters, the commonest slip of the hand, count as nearly equal."""
    if _letters(one) == _letters(other):
        return 0.95
    return difflib.SequenceMatcher(None, one.lower(), other.lower()).ratio()


def _letters(text: str) -> list[str]:
    return sorted(c for c in text.lower() if c.isalnum())


class ConfigError(Exception):
    """A configuration that cannot be used. `problems` holds every fault found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class Problems:
    """Collects faults while a folder is read; at most `LIMIT_PER_FILE` a file, the rest as a count."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._seen: set[Problem] = set()
        self._per_file: Counter[str] = Counter()
        self.unreadable: set[str] = set()  # tables whose rows are not all known: nothing may be missed in them

    def add(
        self, file: str, where: str, expected: str, got: str, known: Iterable[str] = (), level: Level = Level.ERROR
    ) -> None:
        problem = Problem(file, where, expected, got, tuple(known), level)
        if problem in self._seen:
            return
        self._seen.add(problem)
        self._per_file[file] += 1
        if self._per_file[file] <= LIMIT_PER_FILE:
            self._kept.append(problem)

    def __bool__(self) -> bool:
        return bool(self._kept)

    def count(self, file: str) -> int:
        return self._per_file[file]

    def all(self) -> list[Problem]:
        more = [
            Problem(file, "", "先改正以上各处", f"还有 {n - LIMIT_PER_FILE} 处问题未列出")
            for file, n in self._per_file.items()
            if n > LIMIT_PER_FILE
        ]
        return [*self._kept, *more]

    def raise_if_any(self) -> None:
        if self._kept:
            raise ConfigError(self.all())
