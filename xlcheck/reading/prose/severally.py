"""Several things and their numbers in one breath, told one by one: 甲、乙分别 2 件、1 件 → 甲 2 件, 乙 1 件."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from xlcheck.reading.prose.lexer import Token

_EACH_ITS_OWN = "分别"
_NAMES = "MGVLTAKYCORreHDhiwv"
"""Kinds of words that a number may be of."""
_ASIDE = "QqEb"
_SAID = "QqRreHDhE%"
_BETWEEN = "、x,"
_COUNTS = "NPmn"


def one_by_one(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a sentence, with each name of a list before 分别 beside its own number of the list behind it.

    Where there are not as many numbers as names, nobody can say whose is whose: the numbers are made unreadable.
    """
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        if tokens[at].kind != "j" or not tokens[at].text.startswith(_EACH_ITS_OWN):
            found.append(tokens[at])
            at += 1
            continue
        names, shared = _names(found)
        said, numbers, at = _numbers(tokens, at + 1)
        if len(names) > 1:
            del found[found.index(names[0]) :]
            found += _paired(names, [*shared, *said], numbers)
        else:
            found += [*said, *numbers]
    return found


def _names(before: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """The names of a list that ends where 分别 stands, and the words behind its last name."""
    names: list[Token] = []
    shared: list[Token] = []
    listed = True
    for token in reversed(before):
        if token.kind in _BETWEEN:
            listed = True
        elif token.kind in _NAMES and listed:
            names.insert(0, token)
            listed = False
        elif token.kind in _ASIDE:
            shared += [token] if not names else []
        else:
            break
    return names, shared[::-1]


def _numbers(tokens: Sequence[Token], at: int) -> tuple[list[Token], list[Token], int]:
    """The words between 分别 and the numbers, the numbers with the marks between them, and where they end."""
    said: list[Token] = []
    while at < len(tokens) and tokens[at].kind in _SAID:
        said.append(tokens[at])
        at += 1
    numbers: list[Token] = []
    end = at
    while at < len(tokens) and tokens[at].kind in _COUNTS:
        numbers += tokens[end : at + 1]
        end = at + 1
        at = end + (end < len(tokens) and tokens[end].kind in _BETWEEN)
    return said, numbers, end


def _paired(names: Sequence[Token], said: Sequence[Token], numbers: Sequence[Token]) -> list[Token]:
    counts = [token for token in numbers if token.kind in _COUNTS]
    marks = [token for token in numbers if token.kind in _BETWEEN]
    if len(names) != len(counts):
        return [*names, *said, *(token._replace(kind="n") if token in counts else token for token in numbers)]
    found: list[Token] = []
    for name, count, mark in zip_longest(names, counts, marks):
        found += [name, *said, count, *([mark._replace(kind=",")] if mark else ())]
    return found
