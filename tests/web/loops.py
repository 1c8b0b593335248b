"""Loops of asyncio in tests."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Came = TypeVar("Came")


def run(work: Coroutine[Any, Any, Came]) -> Came:
    """What it comes to, in a thread of its own: where a browser runs, its loop is this thread's."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
