"""Doing the same with many files, in order, on any executor; each in a process that it alone can bring down.

What runs on the executor is :func:`do_many`. Wherever that is (a thread here, a process, a worker of a cluster), it keeps
one child process (:mod:`xlcheck.workers.child`) and hands it one file after the other.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from xlcheck.model.errors import Error
from xlcheck.model.numbers import MIB
from xlcheck.model.tuples import NamedTuple
from xlcheck.workers.calls import Bounds, Lost
from xlcheck.workers.child import HERE, Child

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future  # late: they bring logging, which one file does not need

BOUNDS = Bounds()
"""What one file may take, unless told otherwise."""


class Task(NamedTuple):
    """What is done with each file. Functions and values must pickle."""

    do: Callable[[Any, Any], Any]
    """Called with the job and `shared`, in a child."""
    give_up: Callable[[Any, str, Any], Any]
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
    here: Standing | None = None
    """The children of workers that are threads of this process; None for all others."""


class Standing:
    """The children of some threads, which end together; those of others in the same process go on.

    Where it is known what is to be done (:meth:`doing`) they are made before the threads are, so that they are copies of this
    process, where one can be.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._known: list[tuple[Task, list[Child]]] = []
        self._lock = threading.Lock()
        self._children: set[Child] = set()
        self._closed = False

    def join(self) -> None:
        """Children that this thread makes are of these; what an executor begins each thread with."""
        _mine.standing = self

    def keep(self, child: Child) -> Child:
        """Make a child one of these."""
        with self._lock:
            self._children.add(child)
            is_late = self._closed
        if is_late:
            child.close()
        return child

    def drop(self, child: Child) -> None:
        """End one of them."""
        with self._lock:
            self._children.discard(child)
        child.close()

    def close(self) -> None:
        """End them all, whatever they are doing, and those that one of the threads still makes."""
        with self._lock:
            self._closed = True
            children = tuple(self._children)
        for child in children:
            child.close()

    def doing(self, task: Task) -> Callable[[Sequence[Any], Task], list[Any]]:
        """What one of the threads runs to do that task with some files; the children for it are started."""
        idle = next((children for known, children in self._known if known is task or known == task), None)
        if idle is None:
            idle = [self.keep(_child_for(task)) for _ in range(self._threads)]
            self._known.append((task, idle))
            for child in tuple(idle):
                child.start()
        return partial(_do_standing, idle)


def _do_standing(idle: list[Child], jobs: Sequence[Any], task: Task) -> list[Any]:
    child = idle.pop()  # there is one for each thread
    try:
        return list(_isolated(jobs, child, task))
    finally:
        idle.append(child)


class WorkersLost(Error):
    """The executor itself failed; what was given until then holds."""

    code = "workers"


def spread(task: Task, jobs: Iterable[Any], crew: Crew | None = None) -> Generator[Any, None, None]:
    """Do a task with each job; results come in the order of the jobs. Without a crew it is one after the other.

    Raises:
        WorkersLost: the crew's executor failed.
    """
    if crew is None:
        child = _child_for(task)
        try:
            for job in jobs:
                yield from _isolated((job,), child, task)
        finally:
            child.close()
        return
    yield from _handed_on(task, jobs, crew, crew.here.doing(task) if crew.here else do_many)


def _handed_on(
    task: Task, jobs: Iterable[Any], crew: Crew, do: Callable[[Sequence[Any], Task], list[Any]]
) -> Generator[Any, None, None]:
    # So many chunks are under way that a slow file at the front does not keep the others waiting, and no more, so that
    # the results of a national batch never lie in memory together.
    ahead = crew.workers * 16
    rest = iter(jobs)
    waiting: deque[Future[list[Any]]] = deque()
    try:
        while True:
            while len(waiting) < ahead and (chunk := tuple(islice(rest, crew.chunk))):
                waiting.append(crew.executor.submit(do, chunk, task))
            if not waiting:
                return
            yield from _result(waiting.popleft())
    finally:
        for future in waiting:
            future.cancel()


def in_child(task: Task, job: Any) -> Any:
    """What one job comes to, done in a process of its own."""
    (answer,) = spread(task, (job,))
    return answer


@contextmanager
def standing_by(task: Task, *, start: bool = True) -> Iterator[Callable[[Any], Any]]:
    """Does one job after the other in a process of its own, which is there from the start.

    So it is a copy of this process as it is now: without the connections that are opened, and the secrets that are
    learnt, in the meantime. Only where it is lost another one is made; without `start` the first one is made when it is needed.
    """
    child = _child_for(task)
    if start:
        child.start()
    try:
        yield lambda job: next(_isolated((job,), child, task))
    finally:
        child.close()


def _result(future: Future[list[Any]]) -> list[Any]:
    try:
        return future.result()
    except Exception as error:  # do_many raises nothing, and executors have many ways to fail
        raise WorkersLost(f"{type(error).__name__}: {error}") from error


@contextmanager
def local_crew(workers: int) -> Iterator[Crew]:
    """A crew on this machine: a thread for each worker, which does no more than wait for its child."""
    from concurrent.futures import ThreadPoolExecutor

    standing = Standing(workers)
    executor = ThreadPoolExecutor(workers, thread_name_prefix="xlcheck", initializer=standing.join)
    try:
        yield Crew(executor, workers, chunk=4, here=standing)
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        standing.close()
        executor.shutdown()


def crew_for(files: int, workers: int | None = None) -> AbstractContextManager[Crew | None]:
    """As many workers as somebody asks for, or else as this machine has processors; none where one is enough."""
    # A process is not worth its start for a few files, unless somebody asks for it.
    wanted = min(workers, files) if workers is not None else min(_processors(), -(-files // 16))
    return local_crew(wanted) if wanted > 1 else nullcontext()


def _processors() -> int:
    if HERE:
        return 1
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


_mine = threading.local()
_OTHERS = Standing(0)
"""The children of threads of nobody's here, such as a cluster's; they end with the process."""


def do_many(jobs: Sequence[Any], task: Task) -> list[Any]:
    """Do a task with some files; what an executor runs."""
    known: tuple[Task, Child] | None = getattr(_mine, "known", None)
    if known is None or known[0] != task:
        standing: Standing = getattr(_mine, "standing", _OTHERS)
        if known is not None:
            standing.drop(known[1])
        known = _mine.known = task, standing.keep(_child_for(task))
    return list(_isolated(jobs, known[1], task))


def _child_for(task: Task) -> Child:
    return Child(partial(_do, task.do, task.shared), task.bounds)


def _do(do: Callable[[Any, Any], Any], shared: Any, job: Any) -> Any:
    return do(job, shared)


def _isolated(jobs: Sequence[Any], child: Child, task: Task) -> Iterator[Any]:
    """What each job comes to, in their order."""
    done = 0
    while done < len(jobs):
        for answer in child.calls(jobs[done:]):
            # The second time it is alone in a new process, so that nothing that another file left behind is held against it.
            again = child.call(jobs[done]) if isinstance(answer, Lost) else answer
            lost = isinstance(again, Lost)
            yield task.give_up(jobs[done], why_lost(again, task.bounds), task.shared) if lost else again
            done += 1


def why_lost(lost: Lost, bounds: Bounds, *, twice: bool = True) -> str:
    """Why a file was given up, and what to do, in a clerk's words."""
    times = "两次" if twice else ""
    detail = f"（{lost.detail}）" if lost.detail else ""
    said = {
        "crashed": f"核对它的程序{times}异常中断{detail}",
        "memory": f"核对它需要的内存{times}超过 {bounds.memory // MIB} MB",
        "time": f"核对它{times}超过 {bounds.seconds:g} 秒没有完成",
    }
    return f"{said[lost.reason]}，没有核对；请用 Excel 或 WPS 打开，另存为新的 .xlsx 后重新报送"
