"""A long-running scheduler: persistent jobs, missed runs healed, one run per district, clean stop on SIGTERM.

Each job starts `govaudit` in a process of its own, so that a fault or a leak of one run ends with it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from audit.errors import AuditError
from audit.history.lock import district_lock
from audit.rounds.config import Schedule
from checks.snapshot import SHANGHAI

FILE = "schedule.sqlite"
HEAL_S = 20 * 3600  # a run missed while the machine was off is made up within this time, once
STOP_S = 60.0
_running: set[subprocess.Popen[bytes]] = set()
_guard = threading.Lock()


def run_job(words: Sequence[str], data: str, history: str, district: str) -> int:
    """Run one command; a second one on the same district waits for the first. Importable by name: jobs are stored."""
    with district_lock(Path(data) / district / ".schedule", "govaudit schedule", patience_s=6 * 3600):
        command = [sys.executable, "-c", "from audit.cli import main; main()", *words]
        environment = {**os.environ, "GOVAUDIT_DATA": data, "GOVAUDIT_HISTORY": history}
        process = subprocess.Popen(command, env=environment, start_new_session=True)
        with _guard:
            _running.add(process)
        try:
            return process.wait()
        finally:
            with _guard:
                _running.discard(process)


class Scheduler:
    """The jobs of one district. `start` adds or updates them; other districts' jobs in the store stay."""

    def __init__(self, data: Path, history: str) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._data, self._history = data.absolute(), history
        self.done: list[tuple[str, object]] = []
        self._scheduler = BackgroundScheduler(
            jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{self._data / FILE}")},
            executors={"default": ThreadPoolExecutor(2)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": HEAL_S},
            timezone=SHANGHAI,
        )
        self._scheduler.add_listener(self._ended, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)

    def _ended(self, event: JobExecutionEvent) -> None:
        self.done.append((event.job_id, event.exception or event.retval))

    def add(self, ref: str, district: str, settings: Schedule) -> None:
        """Hourly probes (each decides itself whether it is due), a weekly freshness watch, re-checks every night."""
        weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[settings.freshness_weekday - 1]
        self._put(
            f"{district}:probe", IntervalTrigger(hours=1, timezone=SHANGHAI), ["probe", ref, "--once"], district
        )
        watch = ["run", ref, "--round", "watch", "--fresh", "--no-browser"]
        self._put(f"{district}:freshness", _at(settings.freshness, weekday), watch, district)
        self._put(f"{district}:recheck", _at(settings.recheck), ["recheck", ref, "--due"], district)

    def _put(self, job: str, trigger: BaseTrigger, words: list[str], district: str) -> None:
        """Keep the stored next run of a job that is there: that is what a missed run is healed from."""
        arguments = [words, str(self._data), self._history, district]
        known = self._scheduler.get_job(job) if self._scheduler.running else None
        if known is not None:
            known.modify(args=arguments)
            return
        self._scheduler.add_job(run_job, trigger, args=arguments, id=job, replace_existing=False)

    def start(self) -> None:
        """Open the store without running anything yet; `resume` begins."""
        try:
            self._scheduler.start(paused=True)
        except Exception as error:  # SQLAlchemy and pickle raise many kinds for a broken store
            raise AuditError(
                f"计划任务文件无法读取：{self._data / FILE}（{error}）。删除该文件后重新运行即可。"
            ) from error

    def resume(self) -> None:
        self._scheduler.resume()

    def jobs(self) -> list[tuple[str, datetime | None]]:
        return [(job.id, job.next_run_time) for job in self._scheduler.get_jobs()]

    def stop(self) -> None:
        """Ask running commands to stop, wait for them, close the store."""
        with _guard:
            running = list(_running)
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
        self._scheduler.shutdown(wait=True)


def _at(clock: str, weekday: str = "*") -> CronTrigger:
    hour, _, minute = clock.partition(":")
    return CronTrigger(day_of_week=weekday, hour=int(hour), minute=int(minute), timezone=SHANGHAI)


@contextmanager
def until_signal() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set; the handlers are in place inside the block."""
    ended = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        ended.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
