"""The other side of a call: the process that serves one call after the other, and ends itself where nobody else can."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any, NoReturn

from xlcheck.workers.calls import Lost

ALARM = getattr(signal, "SIGALRM", 0)
"""The signal of the system's alarm; 0 where there is none."""

_HANG_UP = signal.SIGIO if sys.platform == "linux" else 0
"""The signal of a pipe whose other end was closed; 0 where the system sends none that ends a process."""


def serve() -> None:
    """Serve calls that come on standard input; answers go to standard output."""
    calls, answers = os.dup(0), os.dup(1)
    # Whatever prints must not do so between the answers.
    os.dup2(2, 1)
    serve_and_exit(os.fdopen(calls, "rb"), os.fdopen(answers, "wb"))


def serve_and_exit(calls: IO[bytes], answers: IO[bytes]) -> NoReturn:
    """Serve calls until there are no more, and end this process."""
    code = 1
    try:
        for number in (signal.SIGINT, signal.SIGTERM):  # they are for whoever calls, who ends this process
            signal.signal(number, signal.SIG_IGN)
        code = _serve(calls, answers)
    finally:
        os._exit(code)


def _serve(calls: IO[bytes], answers: IO[bytes]) -> int:
    function, bounds = pickle.load(calls)
    _bind(bounds.memory)
    watch = _Watch(bounds.seconds)
    line = _Lifeline(calls.fileno())
    gc.freeze()  # what is here now stays, so that nobody need look at it again
    while True:
        try:
            arguments = pickle.load(calls)
        except EOFError:
            return 0
        for argument in arguments:
            watch.begin()
            line.hold()
            answer = answer_to(function, argument)
            line.loosen()
            watch.end()
            pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()
        del arguments, argument, answer  # they may be large, and so may be the next


class _Watch:
    """Ends this process when a call takes too long, whatever native code is doing."""

    def __init__(self, seconds: float) -> None:
        import faulthandler

        self._seconds = seconds
        faulthandler.disable()  # what a process that we are a copy of had switched on
        self._threads = None if ALARM else faulthandler
        if ALARM:
            signal.signal(ALARM, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, (ALARM,))

    def begin(self) -> None:
        """A call begins."""
        if self._threads:
            self._threads.dump_traceback_later(self._seconds, exit=True, file=2)
        else:
            signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def end(self) -> None:
        """It is over."""
        if self._threads:
            self._threads.cancel_dump_traceback_later()
        else:
            signal.setitimer(signal.ITIMER_REAL, 0)


class _Lifeline:
    """Ends this process while it works once whoever calls is gone, whatever native code is doing.

    The system sends a signal where the other end of the pipe is closed (O_ASYNC, fcntl(2)). It sends the same where something
    arrives, which is so between two calls only, and then this process reads, and sees for itself that nothing comes any more.
    """

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        if _HANG_UP:
            import fcntl

            signal.signal(_HANG_UP, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, (_HANG_UP,))
            self._fcntl = fcntl
            self._flags = fcntl.fcntl(pipe, fcntl.F_GETFL)
            fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())

    def hold(self) -> None:
        """A call begins."""
        if _HANG_UP:
            import select

            self._fcntl.fcntl(self._pipe, self._fcntl.F_SETFL, self._flags | os.O_ASYNC)
            poll = select.poll()
            poll.register(self._pipe, 0)
            if poll.poll(0):  # it was closed just before
                os._exit(1)

    def loosen(self) -> None:
        """It is over."""
        if _HANG_UP:
            self._fcntl.fcntl(self._pipe, self._fcntl.F_SETFL, self._flags)


def answer_to(function: Callable[[Any], Any], argument: Any) -> Any:
    """What the function answers, or :class:`Lost`."""
    try:
        return function(argument)
    except MemoryError:
        return Lost("memory")
    except Exception as error:  # the file that does this must not end the others
        return Lost("crashed", f"{type(error).__name__}: {error}")


def _bind(memory: int) -> None:
    """Take no more address space than there is now, and so much beyond; what the system can't keep is not kept."""
    with suppress(ImportError, OSError, ValueError, IndexError):
        import resource

        with open("/proc/self/statm") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = now + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
        # A program that was ended on purpose leaves no image of its memory behind.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
