"""Tuples with named fields are what those of ``typing`` are."""

from __future__ import annotations

import pickle
import typing
from typing import Any

import pytest

from xlcheck.model.tuples import NamedTuple


class Point(NamedTuple):
    """A place."""

    x: int
    y: int = 0
    """Upwards."""

    @property
    def sum(self) -> int:
        """Of both."""
        return self.x + self.y

    @classmethod
    def of(cls, text: str) -> Point:
        """The point that a text names."""
        return cls(*map(int, text.split(",")))

    def __str__(self) -> str:
        return f"{self.x},{self.y}"


class Theirs(typing.NamedTuple):
    x: int
    y: int = 0


def test_it_is_a_tuple_with_names() -> None:
    point = Point(3)
    assert tuple(point) == (3, 0) and hash(point) == hash(Theirs(3)) and isinstance(point, tuple)
    assert repr(point) == "Point(x=3, y=0)" and str(point) == "3,0" and point.sum == 3
    assert Point.of("1,2")._replace(y=5)._asdict() == {"x": 1, "y": 5}
    assert (Point._fields, Point._field_defaults) == (Theirs._fields, Theirs._field_defaults)
    assert typing.get_type_hints(Point) == {"x": int, "y": int}


def test_it_says_what_it_is_and_where_it_stands() -> None:
    assert (Point.__doc__, Point.__module__, Point.__qualname__) == ("A place.", __name__, "Point")
    assert pickle.loads(pickle.dumps(Point(1, 2))) == Point(1, 2)
    assert not hasattr(Point(1), "__dict__")
    with pytest.raises(AttributeError):
        setattr(Point(1), "x", 2)  # noqa: B010 - what a type checker would not let pass


def test_fields_with_a_default_come_last() -> None:
    body = {"__annotations__": {"x": "int", "y": "int"}, "x": 1, "__module__": "m", "__qualname__": "Wrong"}
    make: Any = type(NamedTuple)
    with pytest.raises(TypeError, match="default"):
        make("Wrong", (NamedTuple,), body)
