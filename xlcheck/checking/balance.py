"""Evaluating relations.

A blank is some number not below zero (of a change, any), whole where a count or a change belongs; it is never taken as 0.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from xlcheck.model.finding import Outcome
from xlcheck.model.form import Field, Relation
from xlcheck.model.numbers import Number, exact_sum, negated
from xlcheck.model.tuples import NamedTuple


class Forced(NamedTuple):
    """The only number that a blank or unreadable field can be, as one relation has it."""

    key: str
    value: Number
    relation: Relation
    sound: bool = True
    """Whether nothing else in the relation is known to be wrong."""


def evaluate_relation(
    relation: Relation, values: Mapping[str, Number], blank: Collection[str]
) -> tuple[Outcome, tuple[Forced, ...]]:
    """What becomes of a relation, and what it says of operands that are blank, or of the only one that is unreadable.

    Args:
        relation: the balance.
        values: the numbers of the readable fields.
        blank: the keys of fields left blank; a field in neither is unreadable.
    """
    of_left, of_right = relation.sides
    try:
        left, right = sum(of_left(values)), sum(of_right(values))
    except KeyError:
        return _with_gaps(relation, values, blank)
    if not (isinstance(left, int) and isinstance(right, int)):
        left, right = exact_sum(of_left(values)), exact_sum(of_right(values))
    return decided(relation.code, relation.keys, left == right), ()


@lru_cache(maxsize=1024)
def decided(code: str, keys: tuple[str, ...], passed: bool) -> Outcome:
    """What became of a relation or check that was evaluated; most workbooks have the same outcomes."""
    return Outcome(code, "passed" if passed else "failed", keys)


def _with_gaps(
    relation: Relation, values: Mapping[str, Number], blank: Collection[str]
) -> tuple[Outcome, tuple[Forced, ...]]:
    unreadable = [f for f in relation.fields if f.key not in values and f.key not in blank]
    if unreadable:
        reason = f"“{unreadable[0].says}”读不出数" + (f"等 {len(unreadable)} 格" if len(unreadable) > 1 else "")
        return Outcome(relation.code, "not_evaluated", relation.keys, reason), _only(relation, values)
    left = [f for f in relation.left_fields if f.key not in values]
    right = [f for f in relation.right_fields if f.key not in values]
    known = [values[key] for key in relation.right_keys if key in values]
    gap = exact_sum([*known, *(negated(values[key]) for key in relation.left_keys if key in values)])
    if left and right:
        return _open(relation, left + right), ()
    blanks, needed = (left, gap) if left else (right, negated(gap))
    counts_only = all(f.whole for f in blanks)
    signed = any(f.signed for f in blanks)
    if (needed < 0 and not signed) or (counts_only and needed != int(needed)):
        return Outcome(relation.code, "failed", relation.keys), ()
    if len(blanks) == 1 or (needed == 0 and not signed):
        whole = int(needed) if counts_only else needed
        return _open(relation, blanks), tuple(Forced(f.key, whole, relation) for f in blanks)
    return _open(relation, blanks), ()


def _only(relation: Relation, values: Mapping[str, Number]) -> tuple[Forced, ...]:
    """What the only field without a number must be, if there is one and it can be."""
    missing = [f for f in relation.fields if f.key not in values]
    if len(missing) != 1:
        return ()
    (field,) = missing
    known = [values[key] for key in relation.right_keys if key in values]
    gap = exact_sum([*known, *(negated(values[key]) for key in relation.left_keys if key in values)])
    needed = gap if field.key in relation.left_keys else negated(gap)
    if (needed < 0 and not field.signed) or (field.whole and needed != int(needed)):
        return ()
    return (Forced(field.key, int(needed) if field.whole else needed, relation),)


def _open(relation: Relation, blanks: list[Field]) -> Outcome:
    reason = f"“{blanks[0].says}”空着" if len(blanks) == 1 else f"“{blanks[0].says}”等 {len(blanks)} 格空着"
    return Outcome(relation.code, "not_evaluated", relation.keys, reason)
