"""What one call in a process of its own may take, and how it ends when it is never answered."""

from __future__ import annotations

from typing import Literal

from xlcheck.model.numbers import MIB
from xlcheck.model.tuples import NamedTuple

Reason = Literal["crashed", "memory", "time"]


class Bounds(NamedTuple):
    """What one call may take."""

    seconds: float = 60
    """Of the clock."""
    memory: int = 1024 * MIB
    """Bytes of address space beyond what the process has before the first call; kept by the system on Linux only."""


class Lost(NamedTuple):
    """The end of a call that never answered."""

    reason: Reason
    detail: str = ""
    """What the system says of it, for a developer: a signal, an exit code, an exception."""
