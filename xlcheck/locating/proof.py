"""What an explanation must show before it may be called certain, however much better it is than the others found.

An answer is certain only if people's other mistakes would hardly leave the same numbers. So this asks of each change
what would have to coincide if something else were wrong:

- *Nothing is erased.* A number that stands there was written by somebody. That it should be 0 is never certain.
- *Said twice.* A field that stands in one relation only is told by nothing but its own digits, and any other field of
  the relation may have been forgotten or miscounted by as much. Only a sign or a decimal point speaks for itself.
- *Too much or too little.* A number that is smaller than both its row and its column say was not counted where they
  were. One that is larger may have been brought up to date when they were not; then only its digits can tell, and a few
  of them cannot, as late cases are few.
- *Several changes* make much fit by chance, so that each must be proved by its digits. One mistake alone needs none of
  this: totals that were not filled in at all, beside details that balance.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlcheck.locating.evidence import Reading
from xlcheck.locating.typos import Slip
from xlcheck.model.numbers import Number, magnitude

NEVER_LATE = 100
"""By so much nobody is late: a digit typed wrong that makes a difference of so much is told from a recount."""

SOME = 18
"""Two digits that changed places make a difference of nine times something; 9 itself may be a recount."""

TIMES = 5
"""Nor does anybody add so many times what was there."""

_CHECKED = 2
"""Relations that must say the same."""


def proved(reading: Reading, changed: Mapping[int, Number], slips: Mapping[int, Slip]) -> bool:
    """Whether nothing but these changes is likely to leave the typed numbers.

    Args:
        reading: what was typed.
        changed: the new values by field.
        slips: how the changes are read as mistakes.
    """
    if any(not new and reading.typed[f] for f, new in changed.items()):
        return False
    kinds = {slips[f].kind for f in changed}
    if kinds == {"totals"}:
        return True
    if len(changed) == 1:
        ((f, new),) = changed.items()
        return _alone(reading, f, new) or _by_digits(reading, f, new, slips[f])
    return all(_by_digits(reading, f, new, slips[f]) for f, new in changed.items())


def mistakes(slips: Mapping[int, Slip]) -> int:
    """How many mistakes the changes are."""
    kinds = [slip.kind for slip in slips.values()]
    pairs = sum(kind in ("exchanged", "beside") for kind in kinds)
    whole = len({kind for kind in kinds if kind in ("totals", "line", "late")})
    single = sum(kind not in ("exchanged", "beside", "totals", "line", "late", "derived") for kind in kinds)
    return max(pairs // 2 + whole + single, 1)


def _alone(reading: Reading, f: int, new: Number) -> bool:
    """Is it the only wrong number because of what its relations say, whatever its digits are?"""
    old = reading.typed[f]
    return _said_twice(reading, f) and (old is None or old < new or reading.system.fields[f].key in reading.totals)


def _by_digits(reading: Reading, f: int, new: Number, slip: Slip) -> bool:
    """Do the digits show what happened?"""
    old = reading.typed[f]
    if slip.kind in ("sign", "point"):
        return True
    if not _said_twice(reading, f):
        return False
    if old is None:
        return slip.kind == "blank"
    off = magnitude(old - new)
    if slip.kind == "swapped":
        return off >= SOME
    many = off >= NEVER_LATE or (old >= TIMES * new and off >= SOME)
    return slip.kind in ("digit", "copied", "last") and many


def _said_twice(reading: Reading, f: int) -> bool:
    """Do two relations without any other blank say what it must be?"""
    system = reading.system
    full = [r for r, _ in system.links[f] if all(reading.typed[g] is not None or g == f for g, _ in system.members[r])]
    return len(full) >= _CHECKED
