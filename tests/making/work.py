"""How much work something is, on a busy machine as on an idle one."""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps(call: Callable[[], object]) -> int:
    """How many lines of Python and functions of any kind are run."""
    taken = 0

    def count(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal taken
        taken += event in ("line", "c_call")
        return count

    traced = sys.gettrace()
    sys.settrace(count)
    sys.setprofile(count)
    try:
        call()
    finally:
        sys.setprofile(None)
        sys.settrace(traced)
    return taken


def processor(call: Callable[[], object]) -> float:
    """Seconds of the processor; only good to be compared with those of something else."""
    start = time.process_time()
    call()
    return time.process_time() - start


def peak(call: Callable[[], object]) -> int:
    """Bytes that Python has at the most while something is done, beyond those before."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
