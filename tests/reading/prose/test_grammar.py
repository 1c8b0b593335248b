"""The patterns of clauses."""

from __future__ import annotations

import re

from xlcheck.forms.vocabulary import FACT_KINDS, WORD_KINDS
from xlcheck.reading.prose import grammar
from xlcheck.reading.prose.lexer import MARKS

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
