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
"""Bytes above which nothing is remembered that is not long: all answers together take some megabytes."""
_LONG_ANSWERS, _LONGEST = 16, MIB // 2
"""So many are remembered of what is long, and it may be so long."""
_END = 64


class Long(bytes):
    """Bytes of which an answer is worth so much that it is remembered though they are long.

    So few are remembered that they need not be told apart by their hashes: one that takes all of them would take longest.
    """

    def __hash__(self) -> int:
        return hash((len(self), self[-_END:]))


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
        self._remembered_long: Callable[..., Any] = lru_cache(_LONG_ANSWERS)(afresh)

    def ask(self, find: Callable[..., _T], data: bytes, *given: Hashable) -> _T:
        """What `find` answers to `data` and what else is given; what it raises is raised."""
        is_long = isinstance(data, Long)
        look: Callable[..., Any] = self._remembered_long if is_long else self._remembered
        if len(data) > (_LONGEST if is_long else _LARGEST):
            look = afresh
        answer: _T = look(find, data, *given)
        return answer
