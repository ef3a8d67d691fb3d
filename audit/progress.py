"""Progress of the stages: pages done and known, rate, what is being waited for, time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from audit.console import clean, err, t


class Stages:
    """One line per stage on a terminal; on a pipe, one plain line when a stage starts and ends."""

    def __init__(self) -> None:
        self._fancy = err.is_terminal
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[count]}"),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[note]}"),
            console=err,
            transient=False,
        )

    def __enter__(self) -> Stages:
        if self._fancy:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._fancy:
            self._progress.stop()

    @contextmanager
    def stage(self, title: str) -> Iterator[Callable[..., None]]:
        """A stage; call the yielded function with (done, total, note) as it goes."""
        task: TaskID | None = None
        if self._fancy:
            task = self._progress.add_task(title, total=None, count="", note="")
        else:
            err.print(f"· {title}", style="dim")
        last: dict[str, Any] = {"done": 0, "total": None, "note": ""}

        def update(done: int, total: int | None = None, note: str = "") -> None:
            last.update(done=done, total=total, note=note)
            if task is not None:
                count = f"{done}/{total}" if total else str(done)
                self._progress.update(task, completed=done, total=total, count=count, note=clean(note, 60))

        yield update
        if task is not None:
            done = int(last["done"]) or 1
            self._progress.update(task, completed=done, total=done, note="")
        elif last["done"]:
            err.print(f"  {t('完成', 'done')} {last['done']}", style="dim")


def crawl_note(progress: Any) -> str:
    """Rate, time left and what is being waited for, from a crawler Progress."""
    parts = [f"{progress.rate:.1f}{t('页/秒', ' p/s')}"]
    if progress.eta_s:
        minutes, seconds = divmod(int(progress.eta_s), 60)
        parts.append(t(f"约剩{minutes}分{seconds:02d}秒", f"~{minutes}m{seconds:02d}s left"))
    if progress.waiting_for:
        parts.append(t(f"等待 {progress.waiting_for}", f"waiting for {progress.waiting_for}"))
    return " · ".join(parts)
