"""Readers that do what native code can do, in the place of the real one: chosen by the file's name."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any, NoReturn
from unittest.mock import patch

from xlcheck.batch import run as batch
from xlcheck.batch.plan import Job
from xlcheck.batch.run import Setting, Told


def _abort(*arguments: Any) -> NoReturn:
    os.abort()


def _sleep(*arguments: Any) -> NoReturn:
    while True:
        time.sleep(1)


def _allocate(*arguments: Any) -> NoReturn:
    kept = []
    while True:
        kept.append(bytearray(16 << 20))


def _rust(*arguments: Any) -> NoReturn:
    os.write(2, b"memory allocation of 549755813888 bytes failed\n")
    os.abort()


def _raise(*arguments: Any) -> NoReturn:
    raise RuntimeError("out of nowhere")


def _exit(*arguments: Any) -> NoReturn:
    os._exit(7)


def _print(*arguments: Any) -> Any:
    from xlcheck.reading.read import read_submission

    os.write(1, b"noise")
    return read_submission(*arguments)


def _interrupt(*arguments: Any) -> NoReturn:
    os.kill(os.getppid(), signal.SIGINT)
    _sleep()


READERS = {
    "abort": _abort,
    "sleep": _sleep,
    "allocate": _allocate,
    "rust": _rust,
    "raise": _raise,
    "exit": _exit,
    "print": _print,
    "interrupt": _interrupt,
}
_real = batch._told


def told(job: Job, setting: Setting) -> Told:
    """Check a file with the reader that its name begins with, or else with the real one."""
    reader = READERS.get(job.path.stem.partition("-")[0])
    if job.path.name.startswith("once"):
        # Misbehaves the first time only.
        trace = job.path.with_suffix(".seen")
        reader = None if trace.exists() else _abort
        trace.touch()
    if reader is None:
        return _real(job, setting)
    with patch("xlcheck.reading.open.read_submission", reader):
        return _real(job, setting)


def do(what: object) -> object:
    """What the cells of these tests call."""
    if what == "pid":
        return os.getpid()
    if what == "argv":
        return sys.path
    if isinstance(what, str) and what in READERS:
        return READERS[what]()
    if what == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    if what == "nap":
        time.sleep(0.8)
    if what == "lambda":
        return lambda: None
    return what
