"""Tuples with named fields, made in half the time, and tuples of what stands at some places.

A run that checks one workbook makes a hundred of these classes. :class:`typing.NamedTuple` parses each annotation on the way, of
which only type checkers make use; here annotations stay the texts that they are. To a type checker it is ``typing``'s.
"""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NamedTuple
else:
    from collections import namedtuple

    _FORM = frozenset({"__annotations__", "__classcell__", "__module__", "__qualname__"})

    class _NamedTuples(type):
        """Makes of a class's annotated names the fields of a tuple, and hands it all else that the class defines."""

        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = body.get("__annotations__", {})
            defaults = [field for field in fields if field in body]
            if defaults != list(fields)[len(fields) - len(defaults) :]:
                raise TypeError(f"{name}: a field without a default behind one with a default")
            made = namedtuple(name, fields, defaults=[body[field] for field in defaults], module=body["__module__"])
            made.__annotations__ = dict(fields)
            made.__qualname__ = body["__qualname__"]
            for key, value in body.items():
                if key not in fields and key not in _FORM:
                    setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_NamedTuples):
        """The base of tuples with named fields; those with a default come last."""


__all__ = ["NamedTuple", "all_at"]


def all_at(places: Sequence[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """What takes from a list, or a mapping, all that stands at these places, in their order; it can be pickled."""
    return itemgetter(*places) if len(places) > 1 else partial(_each_at, tuple(places))


def _each_at(places: tuple[Any, ...], held: Any) -> tuple[Any, ...]:
    return (held[places[0]],) if places else ()
