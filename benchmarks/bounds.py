"""What hostile files take, as whole commands: processor's time of all their processes, and the memory of the largest.

``python -m benchmarks.bounds`` runs ``xlcheck verify FILE -o FOLDER`` once for each file of the hostile corpus, one after
the other, and then every other command with the files that took most: ``verify`` without a folder and with ``--fix=all``,
``--prior``, ``--previous``, ``total``, ``mail`` over what ``verify`` left, and ``inbox`` with letters of ten of them. The system
is asked (wait4); times on the clock are not looked at. ``--of NAME…`` measures some files, ``--most N`` how many go through all
commands, ``--all`` prints every measurement and not only those that take most.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from tests import ROOT
from tests.hostile.corpus.cases import CASES
from tests.hostile.corpus.reports import DOCUMENTS
from tests.making.filling import workbook
from tests.servers.replies import attached, letter

SECONDS, MEGABYTES = 2.0, 150.0
"""What is promised for a file."""
_SHOWN = 12
_TEN = 10
"""Workbooks of a letter."""
_LETTER = 20 << 20
"""Bytes of all its workbooks; larger letters are not opened."""
_UNIT = "某某市教育局"
"""Whose the files of the corpus are."""


class Measured(NamedTuple):
    """What one command took."""

    name: str
    command: str
    files: int
    """How many strangers' files it was given."""
    said: str
    """The codes of the findings, in the order of the alphabet, or the exit code."""
    seconds: float
    megabytes: float

    @property
    def breaks(self) -> bool:
        """Whether it took more than is promised for its files; they are read one after the other."""
        return self.seconds > SECONDS * self.files or self.megabytes > MEGABYTES


_LAUNCHER = """
import json, os, sys
out, *command = sys.argv[1:]
nothing = (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)
said = (os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
_, code, usage = os.wait4(os.posix_spawn(command[0], command, os.environ, file_actions=[said, nothing]), 0)
print(json.dumps([os.waitstatus_to_exitcode(code), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))
"""
"""Starts the command from a small process: the system counts the memory of whoever starts a process as the process's own."""


def _run(folder: Path, *command: str) -> tuple[int, float, float]:
    """Exit code, seconds and megabytes of ``python -m COMMAND``; its output lies in ``said``."""
    measured = subprocess.run(
        [sys.executable, "-S", "-c", _LAUNCHER, str(folder / "said"), sys.executable, "-m", *command],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        cwd=folder,
    )
    code, seconds, megabytes = json.loads(measured.stdout)
    return code, seconds, megabytes


class File(NamedTuple):
    """A file to measure."""

    name: str
    data: bytes


def checked(file: File, *options: str) -> Measured:
    """``verify`` of one file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / file.name).write_bytes(file.data)
        _, seconds, megabytes = _run(folder, "xlcheck", "verify", "--format", "json", *options, file.name)
        (told,) = json.loads((folder / "said").read_bytes())["files"]
    codes = " ".join(sorted({finding["code"] for finding in told["findings"]}))
    return Measured(file.name, " ".join(("verify", *options)), 1, codes, seconds, megabytes)


def others(file: File) -> Iterator[Measured]:
    """Every other command that is given the file."""
    yield checked(file)
    yield checked(file, "-o", "out", "--fix=all")
    yield _with(file, "verify --prior", "verify", "own.xlsx", "-o", "out", "--prior", file.name)
    yield _with(file, "verify --previous", "verify", "own.xlsx", "-o", "out", "--previous", file.name)
    yield _with(file, "total", "total", file.name, "own.xlsx", "-o", "t.xlsx", "--include-failed")
    yield _with(file, "total --check", "total", "own.xlsx", "-o", "t.xlsx", "--include-failed", "--check", file.name)
    yield _with(file, "mail", "mail", "out", "--units", "units.csv", before=("verify", file.name, "-o", "out", *_UNITS))


_UNITS = ("--units", "units.csv")


def _with(file: File, said: str, *command: str, before: Sequence[str] = ()) -> Measured:
    """A command, in a folder with the file, a good one of our own and a list of units, and after another one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / file.name).write_bytes(file.data)
        (folder / "own.xlsx").write_bytes(workbook(disclosure__regulations__issued=-1))
        (folder / "units.csv").write_text(f"单位名称,电子邮箱\n{_UNIT},a@example.org\n", encoding="utf-8")
        if before:
            _run(folder, "xlcheck", *before)
        code, seconds, megabytes = _run(folder, "xlcheck", *command)
    return Measured(file.name, said, 1, f"exit code {code}", seconds, megabytes)


def received(files: Sequence[File]) -> Measured:
    """``inbox`` with one letter of some files, from a file instead of a server."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = [attached(file.data, file.name) for file in files]
        (folder / "1.eml").write_bytes(letter("jyj@example.org", *parts))
        code, seconds, megabytes = _run(folder, "tests.hostile.aborting", "inbox", name, "1.eml")
    said = f"{len(files)} files, {files[0].name} …"
    return Measured(said, "inbox", len(files), f"exit code {code}", seconds, megabytes)


def _tens(files: Iterable[File]) -> Iterator[list[File]]:
    """Ten at a time."""
    rest = iter(files)
    while ten := list(islice(rest, _TEN)):
        yield ten


def _table(measured: Iterable[Measured]) -> None:
    print("| command | file | said | CPU, s | memory, MB |")
    print("|---|---|---|---:|---:|")
    for one in measured:
        print(f"| {one.command} | {one.name} | {one.said} | {one.seconds:.2f} | {one.megabytes:.0f} |", flush=True)


def _most(measured: Sequence[Measured], count: int) -> list[Measured]:
    """Those that take most time, and those that take most memory."""
    most = {*sorted(measured, key=lambda one: -one.seconds)[:count]}
    most |= {*sorted(measured, key=lambda one: -one.megabytes)[:count]}
    return sorted(most, key=lambda one: (-one.seconds, -one.megabytes))


def main() -> None:
    """Measure and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", nargs="*", default=[])
    parser.add_argument("--most", type=int, default=_SHOWN)
    parser.add_argument("--all", action="store_true")
    wanted = parser.parse_args()
    every = {case.name: case.maker for case in (*CASES, *DOCUMENTS)}
    makers = {name: maker for name, maker in every.items() if not wanted.of or any(part in name for part in wanted.of)}
    print(f"{len(makers)} files; promised for each: {SECONDS:g} s of processor time, {MEGABYTES:g} MB", flush=True)
    alone = [checked(File(name, maker()), "-o", "out") for name, maker in makers.items()]
    dearest = _most(alone, wanted.most)
    _table(alone if wanted.all else dearest)
    heavy = [File(one.name, makers[one.name]()) for one in dearest]
    more = [one for file in heavy for one in others(file)]
    more += [received(ten) for ten in _tens([file for file in heavy if len(file.data) <= _LETTER // _TEN])]
    more += [received([max(heavy, key=lambda file: len(file.data))])]
    commands = dict.fromkeys(one.command for one in more)
    print()
    _table(
        more if wanted.all else [one for name in commands for one in _most([m for m in more if m.command == name], 1)]
    )
    everything = [*alone, *more]
    print(f"\n{len(everything)} commands, beyond the promise: {sum(one.breaks for one in everything)}")
    for one in everything:
        if one.breaks:
            print(f"beyond: {one}")


if __name__ == "__main__":
    main()
