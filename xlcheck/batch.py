"""Checking many files, in order, on any executor; each in a process that it alone can bring down.

What runs on the executor is :func:`check_many`. Wherever that is (a thread here, a process, a worker of a cluster), it
keeps one cell (:mod:`xlcheck.isolate`) and hands it one file after the other.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import NamedTuple

from xlcheck.check import ALONE, Against, Checked, Job, Status, check, unreadable
from xlcheck.files import relative
from xlcheck.isolate import Bounds, Cell, Lost, close_cells
from xlcheck.limits import LIMITS, MIB, Refused
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
    """Check each job; results come in the order of the jobs. Without a crew it is one after the other.

    Raises:
        WorkersLost: the crew's executor failed.
    """
    if crew is None:
        cell = _cell(setting)
        try:
            for job in jobs:
                yield _isolated(job, cell, setting)
        finally:
            cell.close()
        return
    # So many chunks are under way that a slow file at the front does not keep the others waiting, and no more, so that
    # the results of a national batch never lie in memory together.
    ahead = crew.workers * 16
    rest = iter(jobs)
    waiting: deque[Future[list[Told]]] = deque()
    try:
        while True:
            while len(waiting) < ahead and (chunk := tuple(islice(rest, crew.chunk))):
                waiting.append(crew.executor.submit(check_many, chunk, setting))
            if not waiting:
                return
            yield from _result(waiting.popleft())
    finally:
        for future in waiting:
            future.cancel()


def _result(future: Future[list[Told]]) -> list[Told]:
    try:
        return future.result()
    except Exception as error:  # check_many raises nothing, and executors have many ways to fail
        raise WorkersLost(f"{type(error).__name__}: {error}") from error


@contextmanager
def local(workers: int) -> Iterator[Crew]:
    """A crew on this machine: a thread for each worker, which does no more than wait for its cell."""
    from concurrent.futures import ThreadPoolExecutor

    executor = ThreadPoolExecutor(workers, thread_name_prefix="xlcheck")
    try:
        yield Crew(executor, workers, chunk=8)
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        close_cells()
        executor.shutdown()


_mine = threading.local()


def check_many(jobs: Sequence[Job], setting: Setting) -> list[Told]:
    """Check some files; what an executor runs."""
    known: tuple[Setting, Cell] | None = getattr(_mine, "known", None)
    if known is None or known[0] != setting:
        if known is not None:
            known[1].close()
        known = _mine.known = setting, _cell(setting)
    return [_isolated(job, known[1], setting) for job in jobs]


def _cell(setting: Setting) -> Cell:
    return Cell(partial(_told, setting=setting), setting.bounds)


def _isolated(job: Job, cell: Cell, setting: Setting) -> Told:
    lost = Lost("crashed")
    # The second time it is alone in a new process, so that nothing that another file left behind is held against it.
    for _ in range(2):
        answer: Told | Lost = cell.call(job)
        if not isinstance(answer, Lost):
            return answer
        lost = answer
    return _tell(unreadable(job.shown, Refused("F105", _reason(lost, setting.bounds))), job, setting)


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
