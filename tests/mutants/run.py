"""Letting mutants meet the tests of their modules, each in a forked process, in which pytest is loaded already.

The quickest tests come first, and the first that fails ends it. A mutant is killed as well when a test takes far more
time of the processor than without it, or far more memory.
"""

from __future__ import annotations

import ast
import importlib
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import NamedTuple
from unittest.mock import patch

import pytest

from tests.mutants.change import Mutant

_MEMORY = 4 << 30
"""Bytes of address space."""
_LEEWAY, _PATIENCE = 2, 5
"""Seconds that each test may take besides so many times what it takes without a mutant."""


class Candidate(NamedTuple):
    """A mutant of a module."""

    path: Path
    tests: Path
    tree: ast.Module
    """What the mutant applies to."""
    mutant: Mutant


class Clean(NamedTuple):
    """What the tests do without mutants."""

    seconds: dict[str, float]
    """Of the processor, by a test's node id."""
    imported: list[str]
    """Modules that others have written."""


def survivors(candidates: Sequence[Candidate], jobs: int) -> list[Candidate] | None:
    """Those of `candidates` that no test of their modules notices; None where a test fails without any mutant."""
    plugin, parent = _Plugin(candidates, jobs), os.getpid()
    files = dict.fromkeys(str(candidate.tests) for candidate in candidates)
    pytest.main(["-p", "no:terminal", "-p", "no:cacheprovider", "-s", "-x", *files], plugins=[plugin])
    if os.getpid() != parent:
        os._exit(1)  # a mutant that breaks pytest itself
    return plugin.left


class _Plugin:
    """Forks where pytest is about to collect: once to see the tests without mutants, then for each mutant."""

    def __init__(self, candidates: Sequence[Candidate], jobs: int) -> None:
        self.left: list[Candidate] | None = None
        self._candidates, self._jobs = candidates, jobs
        self._parent = os.getpid()
        self._clean = Clean({}, [])
        self._record = tempfile.TemporaryFile("w+")  # noqa: SIM115 (as long as the process)
        self._is_clean = True

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
            return None
        if os.waitpid(pid, 0)[1] == 0:
            self._record.seek(0)
            self._clean, self._is_clean = Clean(*json.load(self._record)), False
            for name in self._clean.imported:
                with suppress(ImportError):
                    importlib.import_module(name)  # so that no mutant has to
            if self._met(session):
                return None
        return True

    def _met(self, session: pytest.Session) -> bool:
        """Let all mutants meet their tests; whether this is a forked process that has yet to do so."""
        left = set(range(len(self._candidates)))
        running: dict[int, int] = {}
        for number, candidate in enumerate(self._candidates):
            if len(running) == self._jobs:
                _await(running, left)
            pid = _fork()
            if pid == 0:
                session.config.args = [str(candidate.tests)]
                _become(candidate)
                return True
            running[pid] = number
        while running:
            _await(running, left)
        self.left = [self._candidates[number] for number in sorted(left)]
        return False

    # --- in the processes forked -------------------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """The quickest first."""
        items.sort(key=lambda item: self._clean.seconds.get(item.nodeid, 0))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Measure a test; with a mutant, end it when it takes too long."""
        if not self._is_clean:
            signal.setitimer(signal.ITIMER_VIRTUAL, _LEEWAY + _PATIENCE * self._clean.seconds.get(item.nodeid, 0))
            return (yield)
        start = time.process_time()
        result = yield
        self._clean.seconds[item.nodeid] = time.process_time() - start
        return result

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """End a forked process without what its parent has to clean up."""
        if os.getpid() != self._parent:
            if self._is_clean:
                json.dump((self._clean.seconds, _of_others()), self._record)
                self._record.flush()
            os._exit(exitstatus)


def _fork() -> int:
    """Fork a process that says nothing."""
    pid = os.fork()
    if pid == 0:
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
    return pid


def _await(running: dict[int, int], left: set[int]) -> None:
    """Wait for one of the processes that are `running`, and take its mutant from those left if a test noticed it."""
    pid, status = os.wait()
    number = running.pop(pid)
    if status:
        left.discard(number)


def _of_others() -> list[str]:
    """The modules imported so far, without those that lie where pytest is run."""
    files = {name: Path(getattr(module, "__file__", None) or "/") for name, module in sys.modules.items()}
    ours = {
        name for name, file in files.items() if file.is_relative_to(Path.cwd()) and "site-packages" not in file.parts
    }
    return sorted(files.keys() - ours)


def _become(candidate: Candidate) -> None:
    """From now on whoever imports the module gets the mutant."""
    signal.setitimer(signal.ITIMER_VIRTUAL, _LEEWAY * _PATIENCE)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    # What pytest's own start has imported of ours holds the module as it is.
    for name in [name for name in sys.modules if name.startswith(("xlcheck", "tests.making"))]:
        del sys.modules[name]
    candidate.mutant.apply()
    get_code, path = SourceFileLoader.get_code, str(candidate.path)

    def changed(self: SourceFileLoader, name: str) -> CodeType | None:
        return compile(candidate.tree, path, "exec") if self.path == path else get_code(self, name)

    patch.object(SourceFileLoader, "get_code", changed).start()
