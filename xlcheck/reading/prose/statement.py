"""Statements: what a sentence says in numbers, and every way in which it may be meant."""

from __future__ import annotations

from decimal import Decimal

from xlcheck.model.tuples import NamedTuple


class Meant(NamedTuple):
    """One way in which a number may be meant: a sum of facts less others, or its share of a third sum.

    Facts are named as a form's ``[facts]`` name them.
    """

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    """The whole that a share is taken of; empty for a plain number."""


class Statement(NamedTuple):
    """One number that the text states."""

    fact: str
    """Which fact its words name."""
    number: Decimal
    """As it is printed: a count, an amount in 万元, or per cent."""
    unit: str
    """The unit of counting as it stands there (``件``), ``万元`` or ``%``; empty where nought is said in words."""
    meant: tuple[Meant, ...]
    """Every way in which it may be meant; the most usual one first."""
    sentence: str
    """The sentence as it is written."""
    clause: str
    """The part of it, as it is read: without blanks, digits and punctuation half-width."""
    at: int
    """Where this part begins in the sentence so read, in characters from 0."""
    paragraph: int
    """Which paragraph, from 0."""
    digits: int = 0
    """How many digits stand behind the point: so far a number is rounded."""
