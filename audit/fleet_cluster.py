"""The fleet on a Dask cluster: the same jobs, handed to whichever worker is free.

Dask notices a lost worker and hands its jobs to another one; the job's own process ends with its worker, and the
snapshot on shared storage is where the next one goes on. Nothing but the task and its result crosses the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from audit.errors import AuditError, Exit
from audit.fleet import OnResult, Result, Task, run_job

RETRIES = 3  # beyond the losses of a worker that the scheduler itself forgives (`allowed-failures`)
PATIENCE = "20s"  # for the scheduler to answer


def run_on_cluster(tasks: Sequence[Task], scheduler: str, on_result: OnResult) -> list[Result]:
    """Run the tasks on the cluster at `scheduler` ("tcp://host:8786"). Raises AuditError if it cannot be used."""
    distributed = _library()
    try:
        client = distributed.Client(scheduler, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise AuditError(
            f"连接不上调度器 {scheduler}（{error}）。请确认 dask scheduler 已启动、地址可达，例如 tcp://10.0.0.1:8786。"
        ) from error
    with client:
        futures = {}
        for task in tasks:
            name = f"govaudit-{task.district}-{task.round_id}"
            futures[client.submit(run_job, task, key=name, retries=RETRIES, pure=False)] = task
        results = []
        for future in distributed.as_completed(list(futures)):
            results.append(_result(future, futures[future]))
            on_result(results[-1])
    return results


def _result(future: Any, task: Task) -> Result:
    error = future.exception()
    if error is None:
        found: Result = future.result()
        return found
    return Result(task, Exit.INTERNAL, f"作业未能完成：{error}。重新运行同一命令即可续做。", 0.0)


def _library() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise AuditError("使用 --scheduler 需要 Dask：请运行 pip install 'govaudit[fleet]'。") from error
    return distributed
