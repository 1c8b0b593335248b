"""Checks files, with their copies, and tells what a process did besides: ``python -m tests.hostile.watched OUT FILE...``.

Each line of JSON is a file and what was done that is not reading this file, writing into OUT or importing the program.
``--self`` in place of a file does what must be told, to show that it is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests import ROOT
from xlcheck.batch.one import check_file
from xlcheck.batch.plan import Job
from xlcheck.reading.open import Forms

_ROOTS = (str(ROOT / "xlcheck"), sys.prefix, sys.base_prefix, *sysconfig.get_paths().values())
_PROGRAM = tuple({os.path.realpath(path) for path in _ROOTS})
"""Where the program and the libraries lie."""
_KINDS = (
    "open",
    "os.",
    "subprocess.",
    "socket.",
    "ctypes.",
    "shutil.",
    "tempfile.",
    "urllib.",
    "pty.",
    "glob.",
    "webbrowser.",
)
"""The beginnings of events that touch something outside the process (PEP 578)."""


class Watch:
    """What was done since somebody asked."""

    def __init__(self, output: Path) -> None:
        self.output = os.path.realpath(output)
        self.own = ""
        self.told: list[str] = []
        self.on = False
        sys.addaudithook(self.hear)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Called by the interpreter before each event."""
        if self.on and event.startswith(_KINDS) and not self._is_usual(event, arguments):
            self.told.append(f"{event} {arguments!r}"[:300])

    def _is_usual(self, event: str, arguments: tuple[Any, ...]) -> bool:
        self.on = False  # looking at a path is an event, too
        try:
            places = [os.path.realpath(os.fsdecode(one)) for one in arguments if isinstance(one, str | bytes | Path)][
                :2
            ]
        finally:
            self.on = True
        if event == "open" and isinstance(arguments[0], int):
            return True  # what was opened before
        if event == "ctypes.dlopen":  # a library in C of the program's own, or what is loaded already
            return arguments[0] is None or all(map(_is_program, places))
        if event.startswith("ctypes."):
            return True  # something in a library that was opened
        writes = event != "open" or not isinstance(arguments[2], int) or bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))
        inside = [place.startswith(self.output + os.sep) or place == self.output for place in places[:1]]
        if event in ("open", "os.rename", "os.remove", "os.chmod", "os.mkdir", "tempfile.mkstemp") and all(inside):
            return True
        if event in ("os.listdir", "os.scandir"):
            # An import looks into the places that it may come from.
            return _is_program(places[0]) or places[0] in map(os.path.realpath, sys.path)
        return event == "open" and not writes and (places[0] == self.own or _is_program(places[0]))


def _is_program(place: str) -> bool:
    return any(place == root or place.startswith(root + os.sep) for root in _PROGRAM)


def _own_test(folder: Path) -> None:
    subprocess.run([sys.executable, "-c", ""], check=False)
    for path in (folder.parent / "other", Path("/etc/hostname")):
        with suppress(OSError):
            path.read_bytes()
    with suppress(OSError):
        (folder.parent / "written").write_bytes(b"")


def main() -> None:
    """Check the files that are named."""
    output, *paths = map(Path, sys.argv[1:])
    watch = Watch(output)
    for path in paths:
        watch.own, watch.told = os.path.realpath(path), []
        watch.on = True
        if path.name == "--self":
            _own_test(output)
        else:
            job = Job(
                path,
                str(path),
                output / f"{path.name}.审核.xlsx",
                output / f"{path.name}.建议.xlsx",
                "all",
                digested=True,
            )
            check_file(job, Forms())
        watch.on = False
        print(json.dumps([path.name, watch.told]), flush=True)


if __name__ == "__main__":
    main()
