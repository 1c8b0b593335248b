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

_LARGEST = MIB // 8
"""Bytes of a question that is not long above which its answer is not remembered."""
_HALF = 8 * MIB
"""Bytes that the questions of one half of a memory may take with their answers, as they are reckoned."""
_EACH, _TIMES = 1_024, 8
"""Bytes that a question takes beside what is asked about, and how often as much as that an answer takes that is no bytes."""
_QUESTIONS = 20_000
"""So many questions are known to have been asked once."""
_NOTHING = object()
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

    def __hash__(self) -> int:
        """Of an answer that was found out by asking others."""


def afresh(find: Callable[..., _T], data: bytes, *given: Hashable) -> _T:
    """Ask the function itself."""
    return find(data, *given)


class Memory:
    """Remembers the answers of functions whose answer depends on what they are given and on nothing else.

    What they raise is not remembered, nor what was asked once only: of most workbooks the filled sheets are their own. Two of
    these are one value, whatever they remember, and none of it is pickled. It has two halves: once the one that is written into
    is full, the other one, which nobody asked for since, is forgotten.
    """

    def __init__(self) -> None:
        self._lately: dict[Hashable, Any] = {}
        self._before: dict[Hashable, Any] = {}
        self._room = _HALF
        self._long: Callable[..., Any] = lru_cache(_LONG_ANSWERS)(afresh)
        self._once: set[int] = set()
        """The hashes of questions that were asked."""

    def ask(self, find: Callable[..., _T], data: bytes, *given: Hashable) -> _T:
        """What `find` answers to `data` and what else is given; what it raises is raised."""
        if len(data) > _LARGEST or isinstance(data, Long):
            long: _T = (self._long if isinstance(data, Long) and len(data) <= _LONGEST else afresh)(find, data, *given)
            return long
        key = find, data, given
        answer: Any = self._lately.get(key, _NOTHING)
        if answer is _NOTHING:
            answer = self._before.get(key, _NOTHING)
            if answer is _NOTHING:
                answer = find(data, *given)
                if not self._is_asked_again(hash(key)):
                    return answer  # type: ignore[no-any-return]
            self._keep(key, answer, _size(data) + _size(given))
        return answer  # type: ignore[no-any-return]

    def _is_asked_again(self, question: int) -> bool:
        if question in self._once:
            return True
        if len(self._once) >= _QUESTIONS:
            self._once.clear()
        self._once.add(question)
        return False

    def _keep(self, key: Hashable, answer: object, asked: int) -> None:
        takes = _EACH + asked + (len(answer) if isinstance(answer, bytes) else _TIMES * asked)
        if asked > _LARGEST:
            return
        self._room -= takes
        if self._room < 0:
            self._lately, self._before, self._room = {}, self._lately, _HALF - takes
        self._lately[key] = answer


def _size(given: object) -> int:
    """Bytes of what is asked about; forms and layouts, which are few, are not counted."""
    if isinstance(given, bytes | str):
        return len(given)
    return sum(map(_size, given)) if type(given) is tuple else 0
