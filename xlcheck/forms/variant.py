"""A form that is told by what differs from another one: ``base`` names that one.

What the file says stands in place of what its base says, key by key. Of the tables that have a name (``key`` or ``code``),
each is laid over its namesake, and new ones are put behind; ``without`` names those that are left out. In a table of the
form, ``instead`` puts rows in the place of others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xlcheck.forms.faults import Faults, Placed

_NAMES = ("key", "code")


def laid_over(base: Mapping[str, Any], data: Mapping[str, Any], faults: Faults) -> Mapping[str, Any]:
    """The data of the whole form. Each named table remembers where it stands, for the faults that are found later.

    Args:
        base: the data of the faultless form that it is based on.
        data: the data of the form file.
        faults: what cannot be laid over is noted here.
    """
    own = {key: value for key, value in data.items() if key not in ("base", "without")}
    whole = _over(_placed(base, str(data["base"])), own)
    return _without(whole, faults.texts(data, "without", "", optional=True), faults)


def with_instead(
    rows: Iterable[tuple[Mapping[str, Any], str]], data: Mapping[str, Any], place: str, faults: Faults
) -> list[tuple[Mapping[str, Any], str]]:
    """The rows of a table, each with its place, after what its ``instead`` says."""
    found = list(rows)
    for item, at in faults.each(data, "instead", place):
        faults.unknown(item, ("rows", "by"), at)
        gone = faults.texts(item, "rows", at)
        keys = [row.get("key") for row, _ in found]
        first = keys.index(gone[0]) if gone and gone[0] in keys else len(keys)
        if not gone or tuple(keys[first : first + len(gone)]) != gone:
            faults.add(f"{at}.rows", f"no such rows, one below the other: {', '.join(gone)}")
            continue
        found[first : first + len(gone)] = faults.each(item, "by", at)
    return found


def _placed(base: Mapping[str, Any], name: str, place: str = "") -> dict[str, Any]:
    """The base's data, in which each named table says whose it is."""
    whole: dict[str, Any] = {}
    for key, value in base.items():
        at = f"{place}.{key}" if place else key
        if isinstance(value, dict):
            whole[key] = _placed(value, name, at)
        elif named := _named(value):
            whole[key] = [
                item if isinstance(item, Placed) else Placed(item, f"{name}: {at}[{number}]")
                for number, item in enumerate(named)
            ]
        else:
            whole[key] = value
    return whole


def _over(base: Mapping[str, Any], data: Mapping[str, Any], place: str = "") -> dict[str, Any]:
    whole = dict(base)
    for key, value in data.items():
        at = f"{place}.{key}" if place else key
        before = base.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            whole[key] = _over(before, value, at)
        elif (theirs := _named(before)) and (ours := _named(value)):
            whole[key] = _each_over(theirs, ours, at)
        else:
            whole[key] = value
    return whole


def _each_over(base: Sequence[Mapping[str, Any]], data: Sequence[Mapping[str, Any]], at: str) -> list[Any]:
    whole = {_name(item): item for item in base}
    for number, item in enumerate(data):
        whole[_name(item)] = Placed({**whole.get(_name(item), {}), **item}, f"{at}[{number}]")
    return list(whole.values())


def _named(value: object) -> list[Mapping[str, Any]]:
    """The tables of an array of named tables; none of anything else."""
    named = isinstance(value, list) and all(isinstance(item, dict) and _name(item) for item in value)
    return list(value) if named and isinstance(value, list) else []


def _name(item: Mapping[str, Any]) -> str:
    return next((str(item[name]) for name in _NAMES if name in item), "")


def _without(whole: Mapping[str, Any], names: Sequence[str], faults: Faults) -> Mapping[str, Any]:
    known = {_name(item) for value in whole.values() for item in _named(value)}
    for name in names:
        if name not in known:
            faults.add("without", f"the base has no {name!r}")
    return {
        key: [item for item in named if _name(item) not in names] if (named := _named(value)) else value
        for key, value in whole.items()
    }
