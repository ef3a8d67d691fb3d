"""From command-line words to a job: which district, which moment, which round, which snapshot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from audit import clock, stages
from audit.demo.server import serving
from audit.errors import AuditError
from audit.paths import SnapshotPaths, data_root, snapshot_paths
from audit.stages import Job
from checks.snapshot import SHANGHAI
from config.district import District
from config.editions import load_standards_for
from config.load import load_district

CLOCK_SLACK = timedelta(minutes=10)  # two machines' clocks may differ


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for, unchecked."""

    district: str
    as_of: str = ""
    round_id: str = ""
    data: Path | None = None
    fresh: bool = False
    since: str = ""  # blank: the newest sealed snapshot of the district; "none": ask for everything


def make_job(wish: Wish, district: District) -> Job:
    """Check the words and find the snapshot. Raises AuditError or ConfigError."""
    standards = load_standards_for(district)
    fixed = district.demo.as_of
    moment = not_ahead(wish.as_of) if wish.as_of else parse_moment(fixed) if fixed else clock.now()
    round_id = wish.round_id or clock.quarter_of(moment)
    paths = snapshot_paths(data_root(wish.data), district.id, round_id, fresh=wish.fresh)
    if not wish.as_of:
        moment = stages.stored_as_of(paths) or moment
    load_district(wish.district, as_of=moment.date())  # refuses waivers that are dead on that day
    job = Job(district, standards, round_id, moment, paths, _since(wish.since, paths))
    stages.check_standards(job)
    return job


def not_ahead(as_of: str) -> datetime:
    """The moment of --as-of. Raises AuditError for one that is still to come."""
    moment = parse_moment(as_of)
    if moment > clock.now() + CLOCK_SLACK:
        raise AuditError(f"--as-of {as_of} 晚于当前时间 {clock.now():%Y-%m-%d %H:%M}，不能对未来作出判定。")
    return moment


def _since(wished: str, paths: SnapshotPaths) -> str:
    """Folder name of the snapshot to compare with. Raises AuditError for one that is not there or not sealed."""
    if wished == "none":
        return ""
    if not wished:
        return stages.last_sealed(paths)
    if "/" in wished or not stages.is_sealed(SnapshotPaths(paths.folder.parent / wished)):
        raise AuditError(
            f"--since {wished}：{paths.folder.parent} 中没有这个已封存的快照。不作比较请写 --since none。"
        )
    return wished


@contextmanager
def district_of(ref: str, *, serve: bool = True) -> Iterator[District]:
    """The district, with the bundled replica served on loopback while the demonstration district is audited."""
    district = load_district(ref)
    if not (serve and district.demo.serve):
        with nullcontext():
            yield district
        return
    with serving() as address:
        resolve = dict.fromkeys(district.resolve, f"{address.host}:{address.port}")
        yield district.model_copy(update={"resolve": resolve})


def parse_moment(text: str) -> datetime:
    """An ISO date or time; a bare date means the end of that day in Shanghai. Raises AuditError."""
    bare = re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip())
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise AuditError(f"--as-of “{text}”不是日期：请写成 2026-09-30 或 2026-09-30T18:00+08:00。") from error
    if bare:
        return moment.replace(hour=23, minute=59, second=59, tzinfo=SHANGHAI)
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)
