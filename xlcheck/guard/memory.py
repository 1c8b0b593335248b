"""What was found out about bytes that many workbooks share: of a template, most members come back as they were sent out.

Nothing is taken for granted. An answer holds for the very bytes that it was found out of, and only for questions whose
answer depends on nothing else; what members come to together is judged for every file anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from xlcheck.model.numbers import MIB

_T = TypeVar("_T")

_ANSWERS = 256
"""So many are remembered; those that nobody asked for longest are forgotten."""
_LARGEST = MIB // 32
"""Bytes above which nothing is remembered: all answers together take some megabytes."""


class Ask(Protocol):
    """Asks what a function answers."""

    def __call__(self, find: Callable[..., _T], data: bytes, *given: Hashable) -> _T:
        """What `find` answers to `data` and what else is given; what it raises is raised."""


def afresh(find: Callable[..., _T], data: bytes, *given: Hashable) -> _T:
    """Ask the function itself."""
    return find(data, *given)


class Memory:
    """Remembers the answers of functions whose answer depends on what they are given and on nothing else.

    What they raise is not remembered. Two of these are one value, whatever they remember, and none of it is pickled.
    """

    def __init__(self) -> None:
        self._remembered: Callable[..., Any] = lru_cache(_ANSWERS)(afresh)

    def ask(self, find: Callable[..., _T], data: bytes, *given: Hashable) -> _T:
        """What `find` answers to `data` and what else is given; what it raises is raised."""
        answer: _T = (self._remembered if len(data) <= _LARGEST else afresh)(find, data, *given)
        return answer
