"""Doing the same with many files, in order, on any executor; each in a process that it alone can bring down.

What runs on the executor is :func:`do_many`. Wherever that is (a thread here, a process, a worker of a cluster), it keeps
one cell (:mod:`xlcheck.isolate`) and hands it one file after the other.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from xlcheck.check import ALONE, Against, Checked, Job, Status, check, unreadable
from xlcheck.files.paths import relative
from xlcheck.guard.limits import LIMITS
from xlcheck.isolate import Bounds, Cell, Lost, close_cells
from xlcheck.model.errors import Refused
from xlcheck.model.numbers import MIB
from xlcheck.report import document, entry, painted, plain, text_of

BOUNDS = Bounds()
"""What one file may take, unless told otherwise."""


class Setting(NamedTuple):
    """What is the same for all files of a batch."""

    against: Against = ALONE
    bounds: Bounds = BOUNDS
    file_bytes: int = LIMITS.file_bytes
    folder: str | None = None
    """What the paths of copies are told relative to in the document; None for as they are."""
    painted: bool = False
    """Whether the text has colours."""


class Told(NamedTuple):
    """What one file came to, as it is told. It is small, whatever the file holds."""

    status: Status
    errors: int
    warnings: int
    explained: int
    trouble: str
    unwritten: bool
    digest: str
    annotated: str
    """The path of the copy as the document tells it, or empty."""
    text: str
    """For a person."""
    entry: str
    """Its entry of the JSON document."""


class Task(NamedTuple):
    """What is done with each file. Functions and values must pickle."""

    do: Callable[[Job, Any], Any]
    """Called with the job and `shared`, in a cell."""
    give_up: Callable[[Job, str, Any], Any]
    """What it comes to where that was lost twice: called with the job, the reason in a clerk's words, and `shared`."""
    shared: Any
    bounds: Bounds = BOUNDS


class Crew(NamedTuple):
    """Who does the work."""

    executor: Executor
    workers: int
    """How many chunks it works on at a time."""
    chunk: int
    """Files that are handed to a worker at a time."""


class WorkersLost(Exception):
    """The executor itself failed; what was given until then holds."""


def run(jobs: Sequence[Job], setting: Setting, crew: Crew | None = None) -> Generator[Told, None, None]:
    """Check each job; see :func:`spread`."""
    return spread(Task(_told, _lost, setting, setting.bounds), jobs, crew)


def spread(task: Task, jobs: Sequence[Job], crew: Crew | None = None) -> Generator[Any, None, None]:
    """Do a task with each job; results come in the order of the jobs. Without a crew it is one after the other.

    Raises:
        WorkersLost: the crew's executor failed.
    """
    if crew is None:
        cell = _cell(task)
        try:
            for job in jobs:
                yield _isolated(job, cell, task)
        finally:
            cell.close()
        return
    # So many chunks are under way that a slow file at the front does not keep the others waiting, and no more, so that
    # the results of a national batch never lie in memory together.
    ahead = crew.workers * 16
    rest = iter(jobs)
    waiting: deque[Future[list[Any]]] = deque()
    try:
        while True:
            while len(waiting) < ahead and (chunk := tuple(islice(rest, crew.chunk))):
                waiting.append(crew.executor.submit(do_many, chunk, task))
            if not waiting:
                return
            yield from _result(waiting.popleft())
    finally:
        for future in waiting:
            future.cancel()


def _result(future: Future[list[Any]]) -> list[Any]:
    try:
        return future.result()
    except Exception as error:  # do_many raises nothing, and executors have many ways to fail
        raise WorkersLost(f"{type(error).__name__}: {error}") from error


@contextmanager
def local(workers: int) -> Iterator[Crew]:
    """A crew on this machine: a thread for each worker, which does no more than wait for its cell."""
    from concurrent.futures import ThreadPoolExecutor

    executor = ThreadPoolExecutor(workers, thread_name_prefix="xlcheck")
    try:
        yield Crew(executor, workers, chunk=4)
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        close_cells()
        executor.shutdown()


def crew_for(files: int, workers: int | None = None) -> AbstractContextManager[Crew | None]:
    """As many workers as somebody asks for, or else as this machine has processors; none where one is enough."""
    # A process is not worth its start for a few files, unless somebody asks for it.
    wanted = min(workers, files) if workers is not None else min(_processors(), -(-files // 16))
    return local(wanted) if wanted > 1 else nullcontext()


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


_mine = threading.local()


def do_many(jobs: Sequence[Job], task: Task) -> list[Any]:
    """Do a task with some files; what an executor runs."""
    known: tuple[Task, Cell] | None = getattr(_mine, "known", None)
    if known is None or known[0] != task:
        if known is not None:
            known[1].close()
        known = _mine.known = task, _cell(task)
    return [_isolated(job, known[1], task) for job in jobs]


def _cell(task: Task) -> Cell:
    return Cell(partial(_do, task.do, task.shared), task.bounds)


def _do(do: Callable[[Job, Any], Any], shared: Any, job: Job) -> Any:
    return do(job, shared)


def _isolated(job: Job, cell: Cell, task: Task) -> Any:
    lost = Lost("crashed")
    # The second time it is alone in a new process, so that nothing that another file left behind is held against it.
    for _ in range(2):
        answer = cell.call(job)
        if not isinstance(answer, Lost):
            return answer
        lost = answer
    return task.give_up(job, _reason(lost, task.bounds), task.shared)


def _lost(job: Job, reason: str, setting: Setting) -> Told:
    return _tell(unreadable(job.shown, Refused("F105", reason)), job, setting)


def _told(job: Job, setting: Setting) -> Told:
    return _tell(check(job, setting.against, setting.file_bytes), job, setting)


def _tell(checked: Checked, job: Job, setting: Setting) -> Told:
    told = document(checked)
    if setting.folder is not None:
        told |= {"modified": job.modified, "digest": checked.digest}
        told |= {key: relative(told[key], setting.folder) for key in ("annotated", "fixed") if told.get(key)}
    return Told(
        checked.status,
        checked.errors,
        checked.warnings,
        checked.explained,
        checked.trouble,
        checked.unwritten,
        checked.digest,
        told["annotated"] or "",
        text_of(checked, painted if setting.painted else plain),
        entry(told),
    )


def _reason(lost: Lost, bounds: Bounds) -> str:
    said = {
        "crashed": f"核对它的程序两次异常中断（{lost.detail}）",
        "memory": f"核对它需要的内存两次超过 {bounds.memory // MIB} MB",
        "time": f"核对它两次超过 {bounds.seconds:g} 秒没有完成",
    }
    return f"{said[lost.reason]}，没有核对；请用 Excel 或 WPS 打开，另存为新的 .xlsx 后重新报送"
