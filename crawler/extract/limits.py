"""A bound on the processor time that one file may take, however it was made."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

AGAIN = 0.2  # seconds


class OutOfTime(BaseException):
    """The bound was reached. Libraries that swallow every `Exception` of a damaged file must not take it."""


@contextmanager
def processor_time(seconds: float) -> Iterator[None]:
    """Raise OutOfTime inside the block after so many seconds of this process's own processor time.

    The time of the processor, not of the clock, so that a busy machine accuses nobody. Only the main thread of a
    process can be stopped like this, and only on systems with interval timers; elsewhere the block runs unbounded.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    collecting = False

    def note(phase: str, _: dict[str, int]) -> None:
        nonlocal collecting
        collecting = phase == "start"

    def stop(*_: object) -> None:
        if not collecting:  # what is raised in a callback of the garbage collector is lost: the next time will do
            raise OutOfTime

    gc.callbacks.append(note)
    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        gc.callbacks.remove(note)
