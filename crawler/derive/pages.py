"""Extraction of every stored page, in parallel over cores, with a cache over body, extractor and context."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from crawler.derive.attachments import attachment_page
from crawler.derive.store import FactsStore, Packed
from crawler.extract.limits import OutOfTime, processor_time
from crawler.extract.page import Context, extract
from crawler.store import ObservationStore

CHUNK = 40  # pages per task
MAX_SECONDS = 60.0  # of processor time for one page; the slowest seen take a tenth of one
PARALLEL_FROM = 200  # below this many pages a pool costs more than it saves


@dataclass(frozen=True, slots=True)
class Job:
    """One body to read. `sha256` is the rendered DOM's when there is one, else the response body's.

    `attached` is the title of an attached file, blank for a page.
    """

    url: str
    sha256: str
    content_type: str
    last_modified: str
    fetched_at: str
    rendered: bool
    attached: str = ""

    def key(self, context: Context) -> str:
        parts = (
            self.sha256,
            self.content_type,
            str(self.rendered),
            extractor_version(),
            repr(context),
            self.attached,
        )
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


@cache
def extractor_version() -> str:
    """A hash over the code that reads pages: facts of an older extractor are never taken for today's."""
    digest = hashlib.sha256()
    for package in ("crawler.extract", "crawler.readers"):
        for source in sorted(resources.files(package).iterdir(), key=lambda f: f.name):
            if source.name.endswith(".py"):
                digest.update(source.read_bytes())
    digest.update(resources.files("checks").joinpath("facts.py").read_bytes())
    digest.update(resources.files("crawler.derive").joinpath("attachments.py").read_bytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Failure:
    """A body the extractor raised on: a fault of ours, recorded, never of the page."""

    url: str
    error: str


def extract_all(
    observations: Path,
    facts: FactsStore,
    jobs: Sequence[Job],
    context: Context,
    on_page: Callable[[int, int], None] | None = None,
) -> list[Failure]:
    """Bring `facts` up to date with `jobs`; pages that are no longer among them are dropped."""
    have = facts.cache_keys()
    facts.drop_pages(sorted(have.keys() - {j.url for j in jobs}))
    todo = [j for j in jobs if have.get(j.url) != j.key(context)]
    failures: list[Failure] = []
    done = len(jobs) - len(todo)
    for job, result in _results(observations, todo, context):
        if isinstance(result, str):
            failures.append(Failure(job.url, result))
            facts.drop_pages([job.url])
        else:
            facts.put(result, job.key(context))
        done += 1
        if done % 200 == 0:
            facts.commit()
        if on_page:
            on_page(done, len(jobs))
    facts.commit()
    return failures


Result = Packed | str


def _results(observations: Path, jobs: Sequence[Job], context: Context) -> Iterator[tuple[Job, Result]]:
    chunks = [jobs[i : i + CHUNK] for i in range(0, len(jobs), CHUNK)]
    if len(jobs) < PARALLEL_FROM:
        for chunk in chunks:
            yield from zip(chunk, _chunk((observations, chunk, context)), strict=True)
        return
    with ProcessPoolExecutor(max_workers=min(os.cpu_count() or 1, 8)) as pool:
        tasks = pool.map(_chunk, ((observations, chunk, context) for chunk in chunks))
        for chunk, results in zip(chunks, tasks, strict=True):
            yield from zip(chunk, results, strict=True)


def _chunk(task: tuple[Path, Sequence[Job], Context]) -> list[Result]:
    path, jobs, context = task
    results: list[Result] = []
    with ObservationStore(path, readonly=True) as store:
        for job in jobs:
            try:
                results.append(_read(job, store.body(job.sha256), context))
            except OutOfTime:
                results.append(f"{MAX_SECONDS:g} 秒内未能读完")
            except Exception as error:  # one unreadable page must not cost the others; it becomes a gap
                results.append(f"{type(error).__name__}: {error}"[:300])
    return results


def _read(job: Job, body: bytes, context: Context) -> Packed:
    if job.attached:
        return Packed.of(attachment_page(body, job.url, job.attached, job.sha256, job.fetched_at), ())
    with processor_time(MAX_SECONDS):
        found = extract(
            body,
            job.url,
            content_type=job.content_type,
            headers={"last-modified": job.last_modified} if job.last_modified else {},
            fetched_at=job.fetched_at,
            sha256=job.sha256,
            context=context,
            rendered=job.rendered,
        )
    return Packed.of(found.page, found.links)
