"""Collecting the faults of a form file: every check goes on with something harmless, so that all faults are told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_LARGEST = 1_000_000
"""Nothing that a form says in numbers is larger."""

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


class Placed(dict[str, Any]):
    """A table that remembers where it was written, though it stands elsewhere now."""

    def __init__(self, data: Mapping[str, Any], place: str) -> None:
        super().__init__(data)
        self.place = place


class Faults:
    """The faults found so far, and typed look-ups that add to them."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, place: str, what: str) -> None:
        """Note that something is wrong at `place`; the same fault is noted once."""
        fault = f"{place}: {what}"
        if fault not in self.found:
            self.found.append(fault)

    def unknown(self, data: Mapping[str, Any], known: Iterable[str], place: str) -> None:
        """Note every key that has no meaning here: most are misspelt ones."""
        for key in sorted(set(data) - set(known)):
            self.add(f"{place}.{key}" if place else key, "unknown key")

    def text(self, data: Mapping[str, Any], key: str, place: str) -> str:
        """A text that must be there and not be empty."""
        return str(self._value(data, key, place, str, "a text") or "")

    def name(self, data: Mapping[str, Any], key: str, place: str) -> str:
        """A lower-case name that can be part of a field key."""
        text = self.text(data, key, place)
        if text and not _NAME.match(text):
            self.add(f"{place}.{key}", f"not a name of a-z, 0-9 and _: {text!r}")
        return text

    def number(self, data: Mapping[str, Any], key: str, place: str) -> float:
        """A number above zero."""
        value = self._value(data, key, place, (int, float), "a number")
        if value is None:
            return 1.0
        where = f"{place}.{key}" if place else key
        if isinstance(value, bool) or not 0 < value < _LARGEST:
            self.add(where, f"must be above 0 and below {_LARGEST}")
            return 1.0
        return float(value)

    def whole(self, data: Mapping[str, Any], key: str, place: str, least: int = 1) -> int:
        """A whole number of at least `least`."""
        value = self.number(data, key, place)
        if value != int(value) or value < least:
            self.add(f"{place}.{key}", f"must be a whole number of at least {least}")
            return least
        return int(value)

    def numbers(self, data: Mapping[str, Any], key: str, place: str) -> tuple[float, ...]:
        """An array of numbers above zero."""
        values = self._value(data, key, place, list, "an array of numbers") or []
        if not all(isinstance(value, int | float) and not isinstance(value, bool) and value > 0 for value in values):
            self.add(f"{place}.{key}", "must be an array of numbers above zero")
            return tuple(1.0 for _ in values)
        return tuple(float(value) for value in values)

    def texts(self, data: Mapping[str, Any], key: str, place: str, optional: bool = False) -> tuple[str, ...]:
        """An array of texts."""
        if optional and key not in data:
            return ()
        values = self._value(data, key, place, list, "an array of texts") or []
        if not all(isinstance(value, str) for value in values):
            self.add(f"{place}.{key}", "must be an array of texts")
        return tuple(str(value) for value in values)

    def table(self, data: Mapping[str, Any], key: str, place: str, optional: bool = False) -> Mapping[str, Any]:
        """A table."""
        if optional and key not in data:
            return {}
        return self._value(data, key, place, dict, "a table") or {}

    def each(self, data: Mapping[str, Any], key: str, place: str) -> Iterator[tuple[Mapping[str, Any], str]]:
        """The tables of an array, each with its place."""
        values = data.get(key, [])
        at = f"{place}.{key}" if place else key
        if not isinstance(values, list):
            self.add(at, "must be an array of tables")
            return
        for number, value in enumerate(values):
            if isinstance(value, dict):
                yield value, value.place if isinstance(value, Placed) else f"{at}[{number}]"
            else:
                self.add(f"{at}[{number}]", "must be a table")

    def _value(self, data: Mapping[str, Any], key: str, place: str, kind: Any, said: str) -> Any:
        value = data.get(key)
        where = f"{place}.{key}" if place else key
        if value is None:
            self.add(where, "is missing")
        elif not isinstance(value, kind):
            self.add(where, f"must be {said}")
        elif value == "":
            self.add(where, "is empty")
        else:
            return value
        return None
