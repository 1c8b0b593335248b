"""Calling a function in a process of its own, so that native code that aborts, hangs or eats memory ends only that.

The process (:mod:`~xlcheck.workers.serving`) ends itself when a call takes too long, and on Linux as soon as whoever called is
gone, however that ended. It may not get more memory than it was given. So whoever calls needs to do no more than wait for the
answer or for the end.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import IO, Any, Protocol

from xlcheck.model.errors import Error
from xlcheck.workers.calls import Bounds, Lost
from xlcheck.workers.serving import ALARM, answer_to, serve_and_exit


class Closed(Error):
    """The child was closed from elsewhere while it was called."""

    code = "closed"


HERE = sys.platform in {"emscripten", "wasi"}
"""Whether there are no processes, as in a browser: each call is made in this one, which whoever started it must end."""


class Child:
    """A process that calls one function. It is started by the first call, and again after each one that was lost."""

    def __init__(self, function: Callable[[Any], Any], bounds: Bounds) -> None:
        """Prepare a child; `function`, its arguments and its results must pickle."""
        self._function = function
        self._bounds = bounds
        self._process: _Process | None = None
        self._closed = False

    def start(self) -> None:
        """Start the process already now."""
        if not HERE:
            self._started().calls.flush()

    def call(self, argument: Any) -> Any:
        """What the function answers, or :class:`Lost`.

        Raises:
            Closed: the child was closed, maybe by another thread in the middle.
        """
        (answer,) = self.calls((argument,))
        return answer

    def calls(self, arguments: Sequence[Any]) -> Iterator[Any]:
        """What the function answers to each, one after the other; the first :class:`Lost` is the last answer.

        All go there in one message, so that the process need not wait for the next one.

        Raises:
            Closed: as above.
        """
        process = None if HERE else self._told(arguments)
        for argument in arguments:
            answer = self._answer(process) if process else answer_to(self._function, argument)
            yield answer
            if isinstance(answer, Lost):
                return

    def _told(self, arguments: Sequence[Any]) -> _Process:
        process = self._started()
        with suppress(OSError, ValueError):  # it is gone, which is found out when its answer is read
            pickle.dump(arguments, process.calls, pickle.HIGHEST_PROTOCOL)
            process.calls.flush()
        return process

    def _answer(self, process: _Process) -> Any:
        try:
            answer = pickle.load(process.answers)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            answer = None if self._closed else _why(process.wait(), process.said())
        if self._closed:
            raise Closed
        if isinstance(answer, Lost):
            self._end()
        return answer

    def close(self) -> None:
        """End the process, whatever it is doing."""
        with _lock:
            self._closed = True
        self._end()

    def let_go(self) -> None:
        """Close the pipes, and leave the process as it is: in a copy of this one."""
        if self._process is not None:
            for pipe in (self._process.calls, self._process.answers):
                pipe.raw.close()  # type: ignore[attr-defined]  # what they still hold is for this process to send

    def _started(self) -> _Process:
        with _lock:
            if self._closed:
                raise Closed
            if self._process is None:
                self._process = _Forked() if _can_fork() else _Spawned()
                _open.add(self)
                pickle.dump((self._function, self._bounds), self._process.calls)
            return self._process

    def _end(self) -> None:
        with _lock:
            process, self._process = self._process, None
            _open.discard(self)
        if process is not None:
            process.end()


_lock = threading.Lock()
_open: set[Child] = set()


def close_children() -> None:
    """End the processes of all children."""
    for child in tuple(_open):
        child.close()


atexit.register(close_children)


def _why(code: int, said: str) -> Lost:
    """Why a process ended that should not have: its exit code (negative: a signal), and what it left on stderr."""
    if (ALARM and code == -ALARM) or "Timeout (" in said:
        return Lost("time")
    # Rust and C++ say so before they abort; the kernel kills the largest process when memory runs out.
    if "memory allocation of" in said or "bad_alloc" in said or code == -9:
        return Lost("memory")
    with suppress(ValueError):
        return Lost("crashed", signal.Signals(-code).name)
    return Lost("crashed", f"0x{code & 0xFFFFFFFF:08X}" if code > 255 else str(code))


# --- processes -------------------------------------------------------------------------------------------------------


class _Process(Protocol):
    """A process with pipes to and from it."""

    calls: IO[bytes]
    answers: IO[bytes]
    errors: IO[bytes]

    def kill(self) -> None: ...

    def wait(self) -> int:
        """Its exit code; negative for a signal."""

    def said(self) -> str:
        """What it left on stderr."""
        with suppress(ValueError):  # another thread closed it
            self.errors.seek(0)
            return self.errors.read(1 << 16).decode("utf-8", "replace")
        return ""

    def end(self) -> None:
        """Kill it, and close the pipes."""
        with suppress(OSError):
            self.kill()
        self.wait()
        for pipe in (self.calls, self.answers, self.errors):
            with suppress(OSError):
                pipe.close()


def _command() -> list[str]:
    """What starts a child, which imports from where this process does."""
    if getattr(sys, "frozen", False):
        # PyInstaller's: what is started is xlcheck itself (its __main__ looks for this), and it knows where its modules are.
        return [sys.executable, "--serve-calls"]
    # -I keeps the folder that the command is run in, which is full of strangers' files, from being imported from.
    code = "import sys; sys.path[:] = sys.argv[1:]; from xlcheck.workers.serving import serve; serve()"
    return [sys.executable, "-I", "-c", code, *sys.path]


class _Spawned(_Process):
    """A new process of the same program."""

    def __init__(self) -> None:
        import subprocess
        import tempfile

        self.errors = tempfile.TemporaryFile()
        self._popen = subprocess.Popen(
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            # Ctrl-C is for us alone; we end the process.
            start_new_session=os.name == "posix",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        self.calls, self.answers = self._popen.stdin, self._popen.stdout

    def kill(self) -> None:
        self._popen.kill()

    def wait(self) -> int:
        return self._popen.wait()


class _Forked(_Process):
    """A copy of this process: there at once, where nothing else runs in it."""

    def __init__(self) -> None:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        self.errors = os.fdopen(os.memfd_create("stderr"), "w+b")
        self._code: int | None = None
        self._pid = os.fork()
        if self._pid == 0:
            os.setsid()
            os.close(ours_out)
            os.close(ours_in)
            for other in _open:  # whoever waits for the end of their calls must not wait for this process
                other.let_go()
            os.dup2(self.errors.fileno(), 1)
            os.dup2(1, 2)
            serve_and_exit(os.fdopen(theirs_in, "rb"), os.fdopen(theirs_out, "wb"))
        os.close(theirs_in)
        os.close(theirs_out)
        self.calls, self.answers = os.fdopen(ours_out, "wb"), os.fdopen(ours_in, "rb")

    def kill(self) -> None:
        if self._code is None:
            os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> int:
        if self._code is None:
            self._code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return self._code


def _can_fork() -> bool:
    """Whether a copy of this process can be trusted: with other threads in it, or on macOS, it cannot."""
    return sys.platform == "linux" and threading.active_count() == 1
