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

from tests import ROOT
from tests.making.readers import do
from xlcheck.__main__ import _CHILD
from xlcheck.workers import child as module
from xlcheck.workers.calls import Bounds, Lost
from xlcheck.workers.child import Child, Closed, close_children


@pytest.fixture(params=["forked", "spawned"])
def within(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], Child]]:
    """A child that may take so many seconds for a call."""
    monkeypatch.setattr(module, "_can_fork", lambda: request.param == "forked")
    children: list[Child] = []

    def made(seconds: float) -> Child:
        children.append(Child(do, Bounds(seconds, memory=256 << 20)))
        return children[-1]

    yield made
    for child in children:
        child.close()


@pytest.fixture
def child(within: Callable[[float], Child]) -> Child:
    """A child that no busy machine makes overrun its time."""
    return within(600)


def test_answers_come_back_from_one_process(child: Child) -> None:
    assert child.call({"a": [1, None]}) == {"a": [1, None]}
    pid = child.call("pid")
    assert pid not in (os.getpid(), None)
    assert child.call("pid") == pid


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
def test_a_call_that_never_answers_is_lost_and_the_next_is_served(child: Child, what: str, lost: Lost) -> None:
    before = child.call("pid")
    assert child.call(what) == lost
    assert child.call("pid") != before


def test_a_call_that_takes_too_long_is_lost_and_the_next_is_served(within: Callable[[float], Child]) -> None:
    child = within(0.5)
    before = child.call("pid")
    assert child.call("sleep") == Lost("time")
    assert child.call("pid") != before


def test_what_does_not_pickle_is_a_lost_call(child: Child) -> None:
    assert isinstance(child.call("lambda"), Lost)
    assert child.call(1) == 1


def test_a_long_quiet_time_between_calls_is_no_overrun(within: Callable[[float], Child]) -> None:
    child = within(0.5)
    child.call(1)
    time.sleep(0.8)
    assert child.call(2) == 2


def test_a_process_that_died_between_calls_is_a_lost_call(child: Child) -> None:
    pid = child.call("pid")
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGKILL)
    assert child.call(1) == Lost("memory")
    assert child.call(1) == 1


def test_closing_ends_a_call_that_another_thread_waits_for(child: Child) -> None:
    child.call(1)
    ended: list[type[BaseException]] = []

    def wait() -> None:
        try:
            Child.call(child, "sleep")
        except Closed:
            ended.append(Closed)

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.1)
    close_children()
    thread.join(60)
    assert ended == [Closed]
    with pytest.raises(Closed):
        child.call(1)


def test_the_folder_it_is_started_in_is_not_imported_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "faulthandler.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "_can_fork", lambda: False)
    child = Child(do, Bounds())
    assert "" not in child.call("argv")
    child.close()


BUSY = "threading.Thread(target=child.call, args=('sleep',)).start(); time.sleep(0.3)"


@pytest.mark.parametrize("how", ["forked", "spawned"])
@pytest.mark.parametrize("what", ["idle", "busy"])
def test_the_process_ends_with_its_owner(how: str, what: str) -> None:
    code = (
        "import os, threading, time\n"
        "from xlcheck.workers import child as module\n"
        "from tests.making.readers import do\n"
        f"module._can_fork = lambda: {how == 'forked'}\n"
        "child = module.Child(do, module.Bounds(600))\n"
        "print(child.call('pid'), flush=True)\n"
        f"{BUSY if what == 'busy' else ''}\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == -9
    assert is_over(int(done.stdout))


def is_over(pid: int) -> bool:
    """Whether a process ends before long."""
    for _ in range(1200):
        if not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            return True
        time.sleep(0.05)
    return False


def test_a_build_without_an_interpreter_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert module._command()[:3] == [sys.executable, "-I", "-c"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert module._command() == [sys.executable, *_CHILD]


def test_the_word_for_it_serves_calls() -> None:
    import pickle

    with subprocess.Popen(
        [sys.executable, "-m", "xlcheck", *_CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as started:
        assert started.stdin is not None
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdin.write(pickle.dumps((do, Bounds())) + pickle.dumps(("argv",)))
        started.stdin.flush()
        assert isinstance(pickle.load(started.stdout), list)
        started.stdin.close()
        assert (started.wait(), started.stderr.read()) == (0, b"")


def test_several_calls_are_answered_in_their_order_up_to_the_one_that_is_lost(child: Child) -> None:
    assert list(child.calls([1, "abort", 2])) == [1, Lost("crashed", "SIGABRT")]
    assert list(child.calls([1, 2, 3])) == [1, 2, 3]


def test_each_of_several_calls_has_its_own_time(within: Callable[[float], Child]) -> None:
    child = within(3)  # less than all of them take
    assert list(child.calls(["nap", "nap", "nap", "nap"])) == ["nap"] * 4


def pipes(pid: int | str) -> set[str]:
    """The pipes that a process has open."""
    return {os.readlink(path) for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink()}


def test_a_child_does_not_hold_the_pipes_of_the_one_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_can_fork", lambda: True)
    before = pipes("self")
    children = [Child(do, Bounds()) for _ in range(2)]
    first, second = (pipes(child.call("pid")) for child in children)
    for child in children:
        child.close()
    assert not {pipe for pipe in (first & second) - before if pipe.startswith("pipe:")}


def test_where_there_is_no_alarm_a_process_that_ended_as_if_all_were_well_did_not_take_too_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "ALARM", 0)
    assert module._why(0, "") == Lost("crashed", "0")
    assert module._why(1, "Timeout (0:01:00)!") == Lost("time")
    assert module._why(0xC0000005, "") == Lost("crashed", "0xC0000005")
