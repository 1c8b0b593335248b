"""Where files are checked: few at a time, in processes of their own, and a short line in front of them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from xlcheck.web.refusal import NotDone
from xlcheck.workers.child import close_children
from xlcheck.workers.spread import Standing

Answer = TypeVar("Answer")


class Checks:
    """Threads that check, and threads that wait for them; each of the first keeps a process of its own for strangers' files.

    Two kinds, since whoever takes in a file asks the ledger before and after, and must not hold up other files' processes.

    Args:
        workers: how many files are checked at a time.
        waiting: how many more requests may wait for it.
    """

    def __init__(self, workers: int, waiting: int) -> None:
        self._standing = Standing(workers)
        self.crew = ThreadPoolExecutor(workers, thread_name_prefix="check", initializer=self._standing.join)
        """What checks run on (:func:`xlcheck.workers.spread.do_many`)."""
        self._askers = ThreadPoolExecutor(workers * 2, thread_name_prefix="intake")
        self._most = workers * 2 + waiting
        self._lock = threading.Lock()
        self._now = 0

    @property
    def under_way(self) -> int:
        """How many requests are being worked on, or wait."""
        return self._now

    async def run(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        """What the work comes to, done in a thread of those that ask for checks.

        Raises:
            NotDone: too many wait already.
        """
        self._enter()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._askers, work, *arguments)
        finally:
            self._leave()

    def submit(self, work: Callable[[], object]) -> None:
        """Do some work that nobody waits for; it must not raise.

        Raises:
            NotDone: too many wait already.
        """
        self._enter()
        self._askers.submit(work).add_done_callback(lambda _: self._leave())

    def _enter(self) -> None:
        with self._lock:
            if self._now >= self._most:
                raise NotDone(503)
            self._now += 1

    def _leave(self) -> None:
        with self._lock:
            self._now -= 1

    def close(self, seconds: float) -> bool:
        """End all; what is being checked is given up. No process is left.

        Answers whether no thread is left either: one that waits for a mail server may take longer than `seconds`.
        """
        for executor in (self._askers, self.crew):
            executor.shutdown(wait=False, cancel_futures=True)
        self._standing.close()
        end = time.monotonic() + seconds
        # Whoever asks may be in the middle of a batch, which has processes of its own.
        while (is_left := any(thread.is_alive() for thread in self._threads())) and time.monotonic() < end:
            for thread in self._threads():
                thread.join(0.05)
            if any(thread.is_alive() for thread in self._threads()):
                close_children()
        return not is_left

    def _threads(self) -> list[threading.Thread]:
        return [thread for executor in (self._askers, self.crew) for thread in executor._threads]
