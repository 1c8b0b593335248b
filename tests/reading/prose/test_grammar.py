"""The patterns of clauses."""

from __future__ import annotations

import re
import sys
from typing import Any

from xlcheck.forms.vocabulary import FACT_KINDS, WORD_KINDS
from xlcheck.reading.prose import grammar
from xlcheck.reading.prose.lexer import MARKS

if sys.version_info >= (3, 11):
    from re import _parser as parser  # type: ignore[attr-defined]
else:
    import sre_parse as parser

PATTERNS = {name: value for name, value in vars(grammar).items() if isinstance(value, re.Pattern)}
LETTERS = {*WORD_KINDS.values(), *FACT_KINDS.values(), *"NmPn@?", "、"} - {""}


def test_every_letter_of_a_pattern_is_a_kind() -> None:
    for name, pattern in PATTERNS.items():
        assert set(re.sub(r"\(\?:|[\[\]()|*+?]", "", pattern.pattern)) <= LETTERS, name


def test_every_kind_is_told_of() -> None:
    told = set(re.findall(r"`(.)`", grammar.__doc__ or ""))
    assert LETTERS - told == {"、"}


def test_no_two_kinds_have_one_letter() -> None:
    letters = [letter for letter in (*WORD_KINDS.values(), *FACT_KINDS.values()) if letter]
    assert len(letters) == len(set(letters))
    assert not set(letters) & set(MARKS)


def test_no_pattern_takes_what_is_unreadable() -> None:
    for pattern in PATTERNS.values():
        assert not set(pattern.pattern.replace("(?:", "").replace("?", "")) & set(grammar.UNREADABLE)


def _is_unbounded(kind: object, value: Any) -> bool:
    return kind in (parser.MAX_REPEAT, parser.MIN_REPEAT) and value[1] == parser.MAXREPEAT


def _letters(items: Any) -> set[str]:
    """All letters that a part of a pattern can take."""
    found: set[str] = set()
    for kind, value in items:
        if kind is parser.LITERAL:
            found.add(chr(value))
        elif kind is parser.IN:
            found |= _letters(value)
        elif kind is parser.SUBPATTERN:
            found |= _letters(value[3])
        elif kind is parser.BRANCH:
            found |= {letter for branch in value[1] for letter in _letters(branch)}
        else:
            found |= _letters(value[2])
    return found


def _ways(items: Any) -> list[list[Any]]:
    """The ways through a part of a pattern, groups and branches written out."""
    ways: list[list[Any]] = [[]]
    for kind, value in items:
        if kind is parser.SUBPATTERN:
            inner = _ways(value[3])
        elif kind is parser.BRANCH:
            inner = [way for branch in value[1] for way in _ways(branch)]
        else:
            inner = [[(kind, value)]]
        ways = [[*way, *more] for way in ways for more in inner]
    return ways


def _can_run_away(items: Any) -> bool:
    """Whether a repeated part can be parted in many ways: nothing in it that must stand there parts its repetitions."""
    for kind, value in items:
        if kind is parser.SUBPATTERN and _can_run_away(value[3]):
            return True
        if kind is parser.BRANCH and any(_can_run_away(branch) for branch in value[1]):
            return True
        if kind in (parser.MAX_REPEAT, parser.MIN_REPEAT) and _can_run_away(value[2]):
            return True
        if not _is_unbounded(kind, value):
            continue
        for way in _ways(value[2]):
            repeated = {letter for one in way if _is_unbounded(*one) for letter in _letters([one])}
            firm = [one for one in way if one[0] in (parser.LITERAL, parser.IN)]
            if repeated and not any(_letters([one]).isdisjoint(repeated) for one in firm):
                return True
    return False


def test_no_pattern_can_run_away() -> None:
    assert [name for name, pattern in PATTERNS.items() if _can_run_away(parser.parse(pattern.pattern))] == []
    assert all(_can_run_away(parser.parse(bad)) for bad in ("(?:a*)*", "(?:a+|b)*", "x(?:a*b?)+"))
    assert not _can_run_away(parser.parse("(?:a*b)*c"))
