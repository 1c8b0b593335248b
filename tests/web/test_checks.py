"""The line in front of checks, and that no process outlives it."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from tests.making.readers import do
from tests.web.loops import run
from xlcheck.web.checks import Checks
from xlcheck.web.refusal import NotDone
from xlcheck.workers.spread import Task, do_many, local_crew, spread


def test_who_comes_when_the_line_is_full_is_told_so() -> None:
    checks = Checks(1, 1)
    go = threading.Event()

    async def ask() -> None:
        waiting = [asyncio.create_task(checks.run(go.wait)) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert checks.under_way == 3
        with pytest.raises(NotDone) as refused:
            await checks.run(go.wait)
        assert refused.value.status == 503
        go.set()
        assert await asyncio.gather(*waiting) == [True] * 3
        assert checks.under_way == 0

    run(ask())
    assert checks.close(60)


def test_work_that_nobody_waits_for_counts_too() -> None:
    checks = Checks(1, 0)
    go, done = threading.Event(), threading.Event()

    def work() -> None:
        go.wait()
        done.set()

    for _ in range(2):
        checks.submit(work)
    with pytest.raises(NotDone):
        checks.submit(go.wait)
    go.set()
    assert done.wait(60)
    assert checks.close(60)


def _ask(what: object, shared: object) -> object:
    return do(what)


def _lost(what: object, reason: str, shared: object) -> str:
    return reason


def test_a_batch_beside_them_leaves_their_processes_alone() -> None:
    """A total or a round of letters has processes of its own, which end with it."""
    checks, task = Checks(1, 4), Task(_ask, _lost, None)
    (pid,) = checks.crew.submit(do_many, ["pid"], task).result()
    with local_crew(2) as crew:
        others = set(spread(task, ["pid"] * 20, crew))
        others |= set(spread(task, ["pid"], crew._replace(here=None)))
    assert checks.crew.submit(do_many, ["pid"], task).result() == [pid]
    assert pid not in others
    assert not [one for one in others if Path(f"/proc/{one}").exists()]
    assert checks.close(60)


def test_closing_ends_the_processes_and_what_they_do() -> None:
    checks = Checks(2, 4)
    task = Task(_ask, _lost, None)
    (pid,) = checks.crew.submit(do_many, ["pid"], task).result()
    busy = [checks.crew.submit(do_many, ["sleep"], task) for _ in range(2)]
    assert Path(f"/proc/{pid}").exists()
    assert checks.close(60)
    assert all(one.done() for one in busy)
    assert not Path(f"/proc/{pid}").exists()
