"""Runs the command line on one file after the other, each in a process of its own, and measures it.

``python -m tests.hostile.corpus.probe IN OUT NAME...`` writes a line of JSON for each: exit code, seconds of processor time,
megabytes at most, and what was printed.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from fuzz.target import one_input
from tests.hostile.corpus import books
from xlcheck.batch import plan  # noqa: F401  # what each process is to have from the start
from xlcheck.batch.run import check_all  # noqa: F401  # what each process is to have from the start
from xlcheck.commands import (
    chinese,
    verify,  # noqa: F401  # what each process is to have from the start
)
from xlcheck.commands.cli import cli
from xlcheck.reading.open import Forms
from xlcheck.tasks.verify import check_batch  # noqa: F401  # what each process is to have from the start


def measured(path: str, output: str) -> dict[str, object]:
    """What checking one file takes; its own process and those that it starts, whichever is the largest."""
    said, told = os.memfd_create("stdout"), os.memfd_create("stderr")
    child = os.fork()
    if child == 0:
        os.dup2(said, 1)
        os.dup2(told, 2)
        code = chinese.run_command(cli, "xlcheck", ["verify", "--format", "json", "-o", output, "--", path])
        sys.stdout.flush()
        os._exit(code)
    _, status, usage = os.wait4(child, 0)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "seconds": usage.ru_utime + usage.ru_stime,
        "megabytes": usage.ru_maxrss / 1024,
        "out": _content(said),
        "err": _content(told),
    }


def _content(handle: int) -> str:
    with os.fdopen(handle, "rb") as file:
        file.seek(0)
        return file.read().decode()


def main() -> None:
    """Measure the files that are named."""
    for made in (books.xlsx, books.ods, books.xls):
        one_input(
            made(books.book(requests__received__person=9)), Forms(), copies=True
        )  # so that all is imported and prepared
    folder, output, *names = sys.argv[1:]
    for name in names:
        print(json.dumps(measured(str(Path(folder, name)), str(Path(output, name)))), flush=True)


if __name__ == "__main__":
    main()
