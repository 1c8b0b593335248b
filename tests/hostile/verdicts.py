"""What the guard says of a file, in one word."""

from __future__ import annotations

from tests.hostile.makers import ADMITTED
from xlcheck.guard.admit import admit
from xlcheck.model.errors import Refused


def verdict(data: bytes) -> str:
    """The code that the guard refuses a file with, or that it admits it."""
    try:
        admit(data)
    except Refused as refused:
        return refused.code
    return ADMITTED
