"""Letting mutants meet the tests, each in a forked process of its own, in which pytest is loaded already.

A mutant meets the tests that run its line, first those of its own module, the quickest first, until one fails. It is
killed as well when it takes far more time of the processor than the tests do without it, or far more memory.
"""

from __future__ import annotations

import ast
import importlib
import json
import os
import resource
import signal
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import NamedTuple
from unittest.mock import patch

import pytest

from tests.mutants.change import Mutant
from tests.mutants.lines import Lines, Tracing

_MEMORY = 4 << 30
"""Bytes of address space."""
_PATIENCE = 5
"""How many times longer than without a mutant a test may take."""
_LEEWAY = 2.0
"""Seconds that it may take besides."""


class Candidate(NamedTuple):
    """A mutant of a module."""

    path: Path
    tests: Path
    """The module's own."""
    tree: ast.Module
    """What the mutant applies to."""
    mutant: Mutant


class NotClean(Exception):
    """A test fails without any mutant."""


def survivors(candidates: Sequence[Candidate], tests: Sequence[Path], root: Path, jobs: int) -> list[Candidate]:
    """Those of `candidates` that none of the tests notices.

    Args:
        candidates: the mutants.
        tests: files of tests.
        root: the folder in which pytest is run, and which the modules are imported from.
        jobs: how many processes at a time.

    Raises:
        NotClean: a test fails without any mutant.
    """
    plugin, parent = _Plugin(candidates, root, jobs), os.getpid()
    options = ["-p", "no:terminal", "-p", "no:cacheprovider", "-s", "-x", "--rootdir", str(root)]
    pytest.main([*options, *map(str, tests)], plugins=[plugin])
    if os.getpid() != parent:
        os._exit(1)  # a mutant that breaks pytest itself
    if plugin.left is None:
        raise NotClean
    return plugin.left


class _Plugin:
    """Forks where pytest is about to collect: once to see which test runs which lines, then for each mutant."""

    def __init__(self, candidates: Sequence[Candidate], root: Path, jobs: int) -> None:
        self.left: list[Candidate] | None = None
        self._candidates, self._root, self._jobs = candidates, root, jobs
        self._parent = os.getpid()
        self._lines = Lines({}, {}, [])
        self._record = tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed with the process)
        self._tracing: Tracing | None = None
        self._chosen: list[str] = []

    # --- this process ------------------------------------------------------------------------------------------------

    def pytest_configure(self) -> None:
        """The same examples for every mutant, and no search for the smallest one that fails."""
        from hypothesis import Phase, settings  # pytest wants to be the first to import its plugins

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", settings.default, derandomize=True, database=None, phases=phases)
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool | None:
        """Nothing is collected here; the processes forked go on with it."""
        pid = _fork()
        if pid == 0:
            self._tracing = Tracing({str(candidate.path) for candidate in self._candidates})
            return None
        if os.waitpid(pid, 0)[1]:
            return True
        self._record.seek(0)
        self._lines = Lines(*json.load(self._record))
        _import_others(self._lines.imported, self._root)
        died: set[int] = set()
        for own in (True, False):
            if self._meet(session, died, own):
                return None
        self.left = [candidate for number, candidate in enumerate(self._candidates) if number not in died]
        return True

    def _meet(self, session: pytest.Session, died: set[int], own: bool) -> bool:
        """Let all that live meet the tests of their own modules, or all others; whether this is a forked process."""
        waiting = [number for number in range(len(self._candidates) - 1, -1, -1) if number not in died]
        running: dict[int, int] = {}
        while waiting or running:
            if not waiting or len(running) == self._jobs:
                pid, status = os.wait()
                number = running.pop(pid)
                died.update([number] if status else [])
                continue
            number = waiting.pop()
            candidate = self._candidates[number]
            self._chosen = self._tests_of(candidate, own)
            if self._chosen:
                pid = _fork()
                if pid == 0:
                    files = sorted({_file(test) for test in self._chosen})
                    session.config.args = [str(self._root / file) for file in files]
                    _become(candidate)
                    return True
                running[pid] = number
        return False

    def _tests_of(self, candidate: Candidate, own: bool) -> list[str]:
        tests = self._lines.tests_of(candidate.path, candidate.mutant.lines)
        return [test for test in tests if (self._root / _file(test) == candidate.tests) == own]

    # --- the processes forked ----------------------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Only the tests that meet the mutant, in their order."""
        if not self._tracing:
            order = {test: number for number, test in enumerate(self._chosen)}
            items[:] = sorted((item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note what a test runs; with a mutant, end it when it takes too long."""
        if self._tracing:
            with self._tracing.of(item.nodeid):
                return (yield)
        signal.setitimer(signal.ITIMER_VIRTUAL, _LEEWAY + _PATIENCE * self._lines.seconds[item.nodeid])
        return (yield)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """End a forked process, without what its parent has to clean up."""
        if os.getpid() != self._parent:
            if self._tracing:
                self._tracing.write(self._record)
            os._exit(exitstatus)


def _file(test: str) -> str:
    return test.partition("::")[0]


def _fork() -> int:
    """Fork a process that says nothing."""
    pid = os.fork()
    if pid == 0:
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
    return pid


def _import_others(modules: Collection[str], root: Path) -> None:
    """Import what is not under test, so that no mutant has to."""
    ours = {path.stem for path in root.iterdir()}
    for name in modules:
        if name.partition(".")[0] not in ours:
            with suppress(ImportError):
                importlib.import_module(name)


def _become(candidate: Candidate) -> None:
    """From now on whoever imports the module gets the mutant."""
    signal.setitimer(signal.ITIMER_VIRTUAL, _LEEWAY + 2 * _PATIENCE)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    candidate.mutant.apply()
    get_code, path = SourceFileLoader.get_code, str(candidate.path)

    def changed(self: SourceFileLoader, name: str) -> CodeType | None:
        return compile(candidate.tree, path, "exec") if self.path == path else get_code(self, name)

    patch.object(SourceFileLoader, "get_code", changed).start()
