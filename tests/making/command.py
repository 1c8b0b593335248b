"""Running the command line in tests: in this process, or as a process of its own. JSON that comes of it is valid."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from builds import names
from tests import ROOT
from tests.making.documents import look_at
from xlcheck.commands import chinese
from xlcheck.commands.cli import cli

PROGRAM = {
    "": (sys.executable, "-m", "xlcheck"),
    "binary": (str(names.EXECUTABLE),),
    "zipapp": (sys.executable, str(names.ZIPAPP)),
}[os.environ.get("XLCHECK_PROGRAM", "")]
"""What is started where tests run xlcheck as users do: the package itself, or one of the builds."""


class Ran(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


class _Stream(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", errors="backslashreplace", write_through=True, newline="")

    def text(self) -> str:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode()


def xlcheck(*arguments: str | Path) -> Ran:
    """Run a command line in this process, as in a pipe."""
    out, err = _Stream(), _Stream()
    with redirect_stdout(out), redirect_stderr(err):
        code = chinese.run_command(cli, "xlcheck", [str(argument) for argument in arguments])
    return _looked_at(Ran(code, out.text(), err.text()), arguments, Path.cwd())


def process(
    *arguments: str | bytes | Path, stdin: bytes = b"", folder: Path | None = None, env: Mapping[str, str] | None = None
) -> Ran:
    """Run a command line as users do."""
    done = subprocess.run(
        [*PROGRAM, *arguments],
        input=stdin,
        capture_output=True,
        cwd=folder,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **(env or {})},
    )
    return _looked_at(Ran(done.returncode, done.stdout.decode(), done.stderr.decode()), arguments, folder or Path.cwd())


def _looked_at(ran: Ran, arguments: Sequence[object], folder: Path) -> Ran:
    look_at(ran.out, arguments, folder)
    return ran
