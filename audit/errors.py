"""What the application refuses, and the exit codes of the command line (fixed)."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    CLEAN = 0  # nothing failed
    FINDINGS = 1
    USAGE = 2  # bad usage or configuration
    NO_VERDICT = 3  # the crawl cannot support a verdict
    INTERNAL = 4  # a rule or stage broke


class AuditError(Exception):
    """A refusal with a Chinese message that says what to do next."""

    code = Exit.USAGE

    def __init__(self, message: str, *, code: Exit | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class Unsupported(AuditError):
    """The crawl cannot support a verdict."""

    code = Exit.NO_VERDICT
