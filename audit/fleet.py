"""Many districts, each an independent job that can be repeated and resumed: here, or on a cluster (`fleet_cluster`).

A job is `govaudit run` of one district in a process of its own. All it knows lies in its snapshot folder, so any
worker that sees the same storage can go on where another one stopped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock

from audit.errors import AuditError, Exit
from config.errors import ConfigError
from config.load import builtin_districts, load_district

KEPT_WORDS = 600  # characters of what a job said last


@dataclass(frozen=True, slots=True)
class Task:
    """One district to audit. Paths are absolute: on a cluster every worker reads them."""

    ref: str
    district: str
    name: str
    data: str
    round_id: str
    as_of: str = ""
    browser: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """How one job ended. `code` is that of `govaudit run`, `said` its last words, `seconds` wall time."""

    task: Task
    code: int
    said: str
    seconds: float

    @property
    def finished(self) -> bool:
        return self.code in (Exit.CLEAN, Exit.FINDINGS)


OnResult = Callable[[Result], None]


def expand(references: Sequence[str]) -> list[str]:
    """District folders and built-in ids; a folder of district folders stands for all of them, in order of name.

    Raises AuditError for a folder without any district.
    """
    found: list[str] = []
    for reference in references:
        folder = Path(reference)
        if reference in builtin_districts() or (folder / "district.toml").is_file():
            found.append(reference)
            continue
        inside = sorted(p.parent for p in folder.glob("*/district.toml"))
        if not inside:
            raise AuditError(f"{reference} 不是区县配置文件夹，也不含这样的文件夹（没有找到 district.toml）。")
        found += [str(p) for p in inside]
    return list(dict.fromkeys(found))


def plan(
    references: Sequence[str], data: Path, round_id: str, as_of: str = "", *, browser: bool = True
) -> tuple[list[Task], list[Result]]:
    """Tasks of the districts that can be read, and results of those that cannot: one never spoils the others."""
    tasks: list[Task] = []
    refused: list[Result] = []
    for reference in references:
        path = Path(reference)
        ref = str(path.resolve()) if path.is_dir() else reference
        try:
            district = load_district(reference)
        except ConfigError as error:
            unread = Task(ref, reference, reference, str(data.resolve()), round_id)
            refused.append(Result(unread, Exit.USAGE, str(error)[:KEPT_WORDS], 0.0))
            continue
        task = Task(ref, district.id, district.name, str(data.resolve()), round_id, as_of, browser)
        twin = next((t for t in tasks if t.district == district.id), None)
        if twin is None:
            tasks.append(task)
        else:
            said = f"编号 {district.id} 与 {twin.ref} 相同，结果会互相覆盖。请改 district.toml 中的 id。"
            refused.append(Result(task, Exit.USAGE, said, 0.0))
    return tasks, refused


def run_job(task: Task, started: Callable[[subprocess.Popen[bytes]], None] | None = None) -> Result:
    """Run one job to its end in a child process. Never raises for what happens inside it."""
    begin = time.monotonic()
    with TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "audit.site_job"], stdin=subprocess.PIPE, stdout=output, stderr=output
        )
        if started:
            started(process)
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(asdict(task), ensure_ascii=False).encode() + b"\n")
            process.stdin.flush()
            code = process.wait()
        except BrokenPipeError:
            code = process.wait()
        finally:
            process.stdin.close()  # nothing outlives its worker
            process.wait()
        size = output.seek(0, os.SEEK_END)
        output.seek(max(0, size - 4 * KEPT_WORDS))
        said = output.read().decode("utf-8", "replace").strip()[-KEPT_WORDS:]
    return Result(task, code if code >= 0 else Exit.INTERNAL, said, time.monotonic() - begin)


def run_here(tasks: Sequence[Task], jobs: int, on_result: OnResult) -> list[Result]:
    """Run the tasks on this machine, at most `jobs` processes at a time. Ctrl-C ends them; they can be resumed."""
    running: set[subprocess.Popen[bytes]] = set()
    guard = Lock()

    def started(process: subprocess.Popen[bytes]) -> None:
        with guard:
            running.add(process)

    results: list[Result] = []
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        waiting = [pool.submit(run_job, task, started) for task in tasks]
        try:
            for future in as_completed(waiting):
                results.append(future.result())
                on_result(results[-1])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            with guard:
                for process in running:
                    process.terminate()
            raise
    return results


def in_order(tasks: Sequence[Task], results: Sequence[Result]) -> Iterator[Result]:
    """Results in the order in which the districts were named."""
    by_ref = {r.task.ref: r for r in results}
    return (by_ref[t.ref] for t in tasks if t.ref in by_ref)


def worst(results: Sequence[Result]) -> int:
    """Exit code of the fleet: the gravest of its jobs' codes."""
    return max((r.code for r in results), default=Exit.CLEAN)
