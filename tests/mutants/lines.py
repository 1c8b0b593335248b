"""Which test runs which lines of a module, and for how long."""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, Any, NamedTuple

_IMPORTING = ""
"""Stands for a test where lines are run while tests are collected."""


class Lines(NamedTuple):
    """What the tests do without mutants; tests are named by their pytest node ids."""

    run: dict[str, dict[str, list[int]]]
    """By test and file."""
    seconds: dict[str, float]
    """Of the processor, by test."""
    imported: list[str]
    """All modules that were imported."""

    def tests_of(self, path: Path, lines: range) -> list[str]:
        """The tests that run any of `lines`, the quickest first; what is run by importing concerns all of them."""
        running = {test for test, files in self.run.items() if not set(files.get(str(path), ())).isdisjoint(lines)}
        tests = self.seconds if _IMPORTING in running else running
        return sorted(tests, key=lambda test: (self.seconds[test], test))


class Tracing:
    """Watches this process from now on."""

    def __init__(self, files: Collection[str]) -> None:
        self._files = files
        self._test = _IMPORTING
        self._run: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._seconds: dict[str, float] = {}
        sys.settrace(self._trace)

    @contextmanager
    def of(self, test: str) -> Iterator[None]:
        """Lines run within are those of `test`."""
        self._test, start = test, time.process_time()
        yield
        self._test, self._seconds[test] = _IMPORTING, time.process_time() - start

    def write(self, file: IO[str]) -> None:
        """End, and write down as JSON what :class:`Lines` has."""
        sys.settrace(None)
        run = {test: {path: sorted(lines) for path, lines in files.items()} for test, files in self._run.items()}
        json.dump(Lines(run, self._seconds, sorted(sys.modules)), file)
        file.flush()

    def _trace(self, frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_filename not in self._files:
            return None
        self._run[self._test][frame.f_code.co_filename].add(frame.f_lineno)
        return self._trace
