"""The notation in which a form writes its relations.

::

    requests.received.{party} + requests.carried_in.{party} = requests.handled.{party} + requests.carried_out.{party}
    requests.handled.{party} = requests.[result].{party}

A term is a field key of three parts. ``{set}`` stands for one member of a set: the line gives one relation per member,
the same member in every term. ``[set]`` is the sum over all its members.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_NAME = r"[a-z][a-z0-9_]*"
_TERM = re.compile(rf"{_NAME}(?:\.(?:{_NAME}|\{{{_NAME}\}}|\[{_NAME}\])){{2}}\Z")
_EACH = re.compile(rf"\{{({_NAME})\}}")
_SUM = re.compile(rf"\[({_NAME})\]")


class InvalidRelation(ValueError):
    """A relation that cannot be understood; the message says why."""


class Line(NamedTuple):
    """A parsed line: its terms as written, and the set it runs over."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    each: str | None
    """The set in braces, if there is one."""

    @property
    def terms(self) -> tuple[str, ...]:
        """All terms, left ones first."""
        return self.left + self.right


def parse(text: str) -> Line:
    """Parse one line of the notation.

    Raises:
        InvalidRelation: it is no relation.
    """
    sides = text.split("=")
    if len(sides) != 2:
        raise InvalidRelation("a relation has exactly one '='")
    left, right = (tuple(term.strip() for term in side.split("+")) for side in sides)
    for term in left + right:
        if not _TERM.match(term):
            raise InvalidRelation(f"not a term: {term!r}")
        if len(_SUM.findall(term)) > 1:
            raise InvalidRelation(f"more than one [set] in {term!r}")
    each = [set(_EACH.findall(term)) for term in left + right]
    names = set().union(*each)
    if len(names) > 1:
        raise InvalidRelation("more than one {set} in a relation: " + ", ".join(sorted(names)))
    if names and not all(each):
        raise InvalidRelation("a {set} must stand in every term")
    return Line(left, right, next(iter(names), None))


def sum_set(term: str) -> str | None:
    """The name of the set that `term` sums over, if it is a sum."""
    match = _SUM.search(term)
    return match[1] if match else None


def expand(term: str, member: str | None, sets: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The field keys that `term` adds up, for one member of the set in braces.

    Raises:
        InvalidRelation: the term sums over a set that does not exist.
    """
    if member is not None:
        term = _EACH.sub(member, term)
    name = sum_set(term)
    if name is None:
        return (term,)
    if name not in sets:
        raise InvalidRelation(f"no set {name!r}")
    return tuple(_SUM.sub(each, term) for each in sets[name])
