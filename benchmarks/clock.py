"""What a call or a command costs: user and system time, which a busy machine changes less than the time on the wall."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
_TOLD = ("click", "python-calamine", "openpyxl", "numpy", "polars", "fastexcel")
"""Packages that a figure may depend on: openpyxl imports numpy where it is installed."""


class Cost(NamedTuple):
    """What a command took, in seconds."""

    wall: float
    cpu: float
    """User and system time of its process and of all that it waited for."""


def in_turns(calls: Mapping[str, Callable[[], object]], times: int) -> dict[str, float]:
    """The median CPU time of each call in milliseconds; taken in turns, so that a noisy machine slows all alike."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(times + 3):
        for name, call in calls.items():
            start = time.process_time()
            call()
            if number >= 3:
                taken[name].append((time.process_time() - start) * 1000)
    return {name: statistics.median(costs) for name, costs in taken.items()}


def command(*words: str, codes: Sequence[int] = (0,)) -> Cost:
    """What a whole command costs.

    Raises:
        RuntimeError: it ended with another code than one of `codes`; says what it printed.
    """
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(words, env=ENVIRONMENT, capture_output=True, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in codes:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def environment() -> str:
    """Which Python, and which of the packages that a figure may depend on."""
    return f"Python {sys.version.split()[0]}; {'; '.join(map(_said, _TOLD))}"


def _said(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"no {package}"
