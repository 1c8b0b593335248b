"""Calls in a process of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.readers import do
from xlcheck import isolate
from xlcheck.isolate import Bounds, Cell, Closed, Lost, close_cells


@pytest.fixture(params=["forked", "spawned"])
def within(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], Cell]]:
    """A cell that may take so many seconds for a call."""
    monkeypatch.setattr(isolate, "_can_fork", lambda: request.param == "forked")
    cells: list[Cell] = []

    def made(seconds: float) -> Cell:
        cells.append(Cell(do, Bounds(seconds, memory=256 << 20)))
        return cells[-1]

    yield made
    for cell in cells:
        cell.close()


@pytest.fixture
def cell(within: Callable[[float], Cell]) -> Cell:
    """A cell that no busy machine makes overrun its time."""
    return within(600)


def test_answers_come_back_from_one_process(cell: Cell) -> None:
    assert cell.call({"a": [1, None]}) == {"a": [1, None]}
    pid = cell.call("pid")
    assert pid not in (os.getpid(), None)
    assert cell.call("pid") == pid


@pytest.mark.parametrize(
    ("what", "lost"),
    [
        ("abort", Lost("crashed", "SIGABRT")),
        ("segfault", Lost("crashed", "SIGSEGV")),
        ("exit", Lost("crashed", "7")),
        ("raise", Lost("crashed", "RuntimeError: out of nowhere")),
        ("allocate", Lost("memory")),
        ("rust", Lost("memory")),
    ],
)
def test_a_call_that_never_answers_is_lost_and_the_next_is_served(cell: Cell, what: str, lost: Lost) -> None:
    before = cell.call("pid")
    assert cell.call(what) == lost
    assert cell.call("pid") != before


def test_a_call_that_takes_too_long_is_lost_and_the_next_is_served(within: Callable[[float], Cell]) -> None:
    cell = within(0.5)
    before = cell.call("pid")
    assert cell.call("sleep") == Lost("time")
    assert cell.call("pid") != before


def test_what_does_not_pickle_is_a_lost_call(cell: Cell) -> None:
    assert isinstance(cell.call("lambda"), Lost)
    assert cell.call(1) == 1


def test_a_long_quiet_time_between_calls_is_no_overrun(within: Callable[[float], Cell]) -> None:
    cell = within(0.5)
    cell.call(1)
    time.sleep(0.8)
    assert cell.call(2) == 2


def test_a_process_that_died_between_calls_is_a_lost_call(cell: Cell) -> None:
    pid = cell.call("pid")
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGKILL)
    assert cell.call(1) == Lost("memory")
    assert cell.call(1) == 1


def test_closing_ends_a_call_that_another_thread_waits_for(cell: Cell) -> None:
    cell.call(1)
    ended: list[type[BaseException]] = []

    def wait() -> None:
        try:
            Cell.call(cell, "sleep")
        except Closed:
            ended.append(Closed)

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.1)
    close_cells()
    thread.join(60)
    assert ended == [Closed]
    with pytest.raises(Closed):
        cell.call(1)


def test_the_folder_it_is_started_in_is_not_imported_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "faulthandler.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(isolate, "_can_fork", lambda: False)
    cell = Cell(do, Bounds())
    assert "" not in cell.call("argv")
    cell.close()


def test_the_process_ends_with_its_owner(tmp_path: Path) -> None:
    code = (
        "import os, threading, time\n"
        "from xlcheck import isolate\n"
        "from tests.readers import do\n"
        "isolate._can_fork = lambda: False\n"
        "cell = isolate.Cell(do, isolate.Bounds())\n"
        "print(cell.call('pid'), flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parent.parent, check=False
    )
    assert done.returncode == -9
    pid = int(done.stdout)
    for _ in range(1200):
        if not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            return
        time.sleep(0.05)
    raise AssertionError("still there")
