"""The notation in which a form writes its relations and checks.

::

    requests.received.{party} + requests.carried_in.{party} = requests.handled.{party} + requests.carried_out.{party}
    requests.handled.{party} = requests.[result].{party}
    requests.carried_out.{party} <= requests.received.{party}
    requests.carried_in.{party} = prior.requests.carried_out.{party}
    swing requests.received.total

A term is a field key of three parts; ``prior.`` before it means last year's value. ``{set}`` stands for one member of
a set: the line gives one relation per member, the same member in every term. ``[set]`` is the sum over all members.

============  ========================================================================
``A = B``     both sides are equal
``A <= B``    the left side is not above the right side
``A => B``    where the left side is above 0, the right side is, too
``nonzero``   not every field of the form is 0
``repeated``  not every field of the form is what it was last year
``yuan A``    a large amount without two decimals: 元 may have been entered as 万元;
              after ``per`` may stand a sum of cases that it should not be large for
``jump A``    an amount that is about 10, 100, 1,000 or 10,000 times last year's
``swing A``   a number that moved far from last year's
============  ========================================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xlcheck.model.errors import Error
from xlcheck.model.form import CheckKind
from xlcheck.model.tuples import NamedTuple

PRIOR = "prior."

_NAME = r"[a-z][a-z0-9_]*"
_TERM = re.compile(rf"(?:prior\.)?{_NAME}(?:\.(?:{_NAME}|\{{{_NAME}\}}|\[{_NAME}\])){{2}}\Z")
_EACH = re.compile(rf"\{{({_NAME})\}}")
_SUM = re.compile(rf"\[({_NAME})\]")
_BETWEEN: Mapping[str, CheckKind] = {"<=": "at_most", "=>": "implies", "=": "equal"}
_ALONE: Mapping[str, CheckKind] = {"nonzero": "nonzero", "repeated": "repeated"}
_BEFORE: Mapping[str, CheckKind] = {"yuan": "yuan", "jump": "jump", "swing": "swing"}


class InvalidRelation(Error):
    """A line that cannot be understood; the message says why."""

    code = "relation"


class ParsedLine(NamedTuple):
    """A parsed line: what it says, its terms as written, and the set it runs over."""

    kind: CheckKind
    left: tuple[str, ...]
    right: tuple[str, ...]
    each: str | None
    """The set in braces, if there is one."""

    @property
    def terms(self) -> tuple[str, ...]:
        """All terms, left ones first."""
        return self.left + self.right


def parse_line(text: str) -> ParsedLine:
    """Parse one line of the notation.

    Raises:
        InvalidRelation: it is none.
    """
    word, _, rest = text.strip().partition(" ")
    if word in _ALONE and not rest:
        return ParsedLine(_ALONE[word], (), (), None)
    if word in _BEFORE:
        amount, per, cases = rest.partition(" per ")
        return _line(_BEFORE[word], *((amount, cases) if per and word == "yuan" else (rest, None)))
    sign = next((sign for sign in _BETWEEN if sign in text), None)
    if sign is None or len(re.findall("<=|=>|=", text)) != 1:
        raise InvalidRelation("a relation has exactly one '=', '<=' or '=>'")
    return _line(_BETWEEN[sign], *text.split(sign))


def _line(kind: CheckKind, left: str, right: str | None) -> ParsedLine:
    terms = [tuple(term.strip() for term in side.split("+")) if side is not None else () for side in (left, right)]
    for term in terms[0] + terms[1]:
        if not _TERM.match(term):
            raise InvalidRelation(f"not a term: {term!r}")
        if len(_SUM.findall(term)) > 1:
            raise InvalidRelation(f"more than one [set] in {term!r}")
    each = [set(_EACH.findall(term)) for term in terms[0] + terms[1]]
    names = set().union(*each)
    if len(names) > 1:
        raise InvalidRelation("more than one {set} in a relation: " + ", ".join(sorted(names)))
    if names and not all(each):
        raise InvalidRelation("a {set} must stand in every term")
    return ParsedLine(kind, terms[0], terms[1], next(iter(names), None))


def sum_set(term: str) -> str | None:
    """The name of the set that `term` sums over, if it is a sum."""
    match = _SUM.search(term)
    return match[1] if match else None


def expand(term: str, member: str | None, sets: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The field keys that `term` adds up, for one member of the set in braces.

    Raises:
        InvalidRelation: the term sums over a set that does not exist.
    """
    term = term.removeprefix(PRIOR)
    if member is not None:
        term = _EACH.sub(member, term)
    name = sum_set(term)
    if name is None:
        return (term,)
    if name not in sets:
        raise InvalidRelation(f"no set {name!r}")
    return tuple(_SUM.sub(each, term) for each in sets[name])
