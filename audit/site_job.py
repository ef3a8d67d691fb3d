"""One district of a fleet, in a process of its own: `python -m audit.site_job`, its task as a line of JSON on stdin.

The process lives as long as somebody holds its stdin open, so a job whose worker is lost ends at once and lets go of
its hosts; whoever takes the job over goes on from the snapshot on disk. Exits with the code of `govaudit run`.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from audit.cli import run_cli
from audit.errors import Exit
from config.errors import ConfigError
from config.load import load_district

HOSTS = ".hosts"  # folder of lock files in the data folder, one per host


@contextmanager
def only_one(data: Path, hosts: Iterable[str]) -> Iterator[None]:
    """Wait until no other job of this data folder crawls any of `hosts`, and keep them until the block ends.

    Locks are taken in one order, so that two jobs never wait for each other, and die with their process.
    """
    folder = data / HOSTS
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        for host in sorted(set(hosts)):
            name = hashlib.sha256(host.encode()).hexdigest()[:24]
            file = stack.enter_context((folder / f"{name}.lock").open("w"))
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main() -> int:
    task = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    try:
        district = load_district(task["ref"])
    except ConfigError as error:
        print(error, file=sys.stderr)
        return Exit.USAGE
    words = ["run", task["ref"], "--data", task["data"], "--round", task["round_id"]]
    words += ["--as-of", task["as_of"]] if task["as_of"] else []
    words += [] if task["browser"] else ["--no-browser"]
    with only_one(Path(task["data"]), district.own_hosts()):
        return run_cli(words)


def _end_with_stdin() -> None:
    sys.stdin.read()
    os._exit(Exit.INTERNAL)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # the thread that watches stdin would hold the interpreter back
