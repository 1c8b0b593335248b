"""The process: ``xlcheck``, and ``python -m xlcheck``."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys

_YOUNG = 50_000
"""So many objects are made before the collector looks for cycles among them. Starting makes fewer and drops next to none; to
look after each 700 takes a tenth of a short run."""


_CHILD = ["--serve-calls"]
"""How a build without an interpreter starts itself again for strangers' files; :mod:`xlcheck.workers.child` does so."""


def start() -> None:
    """The console script; it ends the process."""
    if sys.argv[1:] == _CHILD:
        from xlcheck.workers.serving import serve

        serve()
    stopped: list[int] = []

    def stop(number: int, frame: object) -> None:
        """Whoever ends the process politely gets what Ctrl-C gets."""
        del frame
        stopped.append(number)
        sys.unraisablehook = _silent
        raise KeyboardInterrupt

    try:
        signal.signal(signal.SIGTERM, stop)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else whoever started us wants it ignored
            signal.signal(signal.SIGINT, stop)
        _hold_places()
        gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
        from xlcheck.commands.cli import main

        code = main()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # all is done
    except KeyboardInterrupt:  # while the command was still being imported, or already ended
        os.write(2, "已中断。\n".encode())
        os._exit(2)
    finally:
        # What is left goes with the process; to look for cycles among it takes another tenth.
        gc.freeze()
    if stopped:
        # An interruption of code that was made of a text (named tuples are) has CPython end by a signal, whatever came after.
        atexit._run_exitfuncs()
        os._exit(code)
    sys.exit(code)


def _silent(unraisable: sys.UnraisableHookArgs) -> None:
    """Say nothing of what was left open: an archive that was being written cannot be ended once its file is closed."""
    del unraisable


def _hold_places() -> None:
    """Where a standard stream is closed, no file takes its number: what is printed would be written into it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # takes the lowest number that is free; to write into it is an error


if __name__ == "__main__":
    start()
