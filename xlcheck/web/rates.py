"""How often somebody may do a thing: counted in memory, for as long as it matters."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable

_KEYS = 10_000
"""Of so many visitors the last times are remembered; who was not heard of for longest is forgotten first."""


class Rates:
    """Counts what each of many did lately.

    Args:
        times: how often within `seconds`.
        seconds: how long each time counts.
        clock: the time in seconds.
    """

    def __init__(self, times: int, seconds: float, clock: Callable[[], float]) -> None:
        self._times = times
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._lately: OrderedDict[str, deque[float]] = OrderedDict()

    def is_over(self, key: str) -> bool:
        """Whether somebody did it as often as is allowed."""
        with self._lock:
            return len(self._kept(key)) >= self._times

    def count(self, key: str) -> bool:
        """Count once more; whether it was allowed."""
        with self._lock:
            lately = self._kept(key)
            if len(lately) >= self._times:
                return False
            lately.append(self._clock())
            return True

    def forget(self, key: str) -> None:
        """Begin anew for somebody."""
        with self._lock:
            self._lately.pop(key, None)

    def _kept(self, key: str) -> deque[float]:
        lately = self._lately.setdefault(key, deque())
        self._lately.move_to_end(key)
        while lately and lately[0] <= self._clock() - self._seconds:
            lately.popleft()
        while len(self._lately) > _KEYS:
            self._lately.popitem(last=False)
        return lately
