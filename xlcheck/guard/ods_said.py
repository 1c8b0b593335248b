"""What a cell of an .ods says of itself, as nearly every program spells it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from xlcheck.guard.ods_tables import FILL, NUMBERS, SPANNED, repeats
from xlcheck.guard.outline import said_by
from xlcheck.model.tuples import NamedTuple

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_OWN = {"string": "office:string-value", "date": "office:date-value", "boolean": "office:boolean-value"}
"""Where a value stands that is no number."""
_VALUES = frozenset((*_OWN.values(), "office:time-value"))
_PLACED = frozenset(("table:style-name", "table:content-validation-name"))
_SHORT = 200
"""What is said in fewer bytes is remembered."""
_TRUTHS = {"true": True, "false": False}


class CellSaid(NamedTuple):
    """What a cell says beside its style and number."""

    columns: int
    """How often it is repeated."""
    is_filled: bool
    is_plain: bool
    """Whether it is no more than a value: not merged, no formula, no error."""
    names_style: bool
    """Whether its style stands where it is not usual."""
    is_number: bool
    is_text: bool
    """Whether its value is what its paragraphs say."""
    value: object
    """Its value where it is neither; None for no value."""
    weight: int
    """Characters of it."""
    attributes: Mapping[str, str]


class CellsSaid(dict[tuple[bytes | None, bytes, bytes | None], CellSaid]):
    """What cells say, by how often they are repeated, what stands before their numbers, and what behind; most say the same."""

    def __missing__(self, key: tuple[bytes | None, bytes, bytes | None]) -> CellSaid:
        """Find it out.

        Raises:
            Refused: something is wrong with it.
            ValueError: a parser has to be asked.
        """
        _, said, more = key
        told = self[key] = (_told_shortly if len(said) + len(more or b"") < _SHORT else _told_by)(*key)
        return told


def _told_by(repeated: bytes | None, said: bytes, more: bytes | None) -> CellSaid:
    times = b' table:number-columns-repeated="%b"' % repeated if repeated else b""
    spelt = b"".join((b"c", times, said, b"" if more is None else b' office:value=""' + more))
    attributes = said_by(spelt)
    if len(attributes) != spelt.count(b'="') or "xmlns" in spelt.decode():
        raise ValueError(spelt)
    kind = attributes.get("office:value-type", "")
    is_number, has_number = kind in NUMBERS, more is not None
    given = _VALUES & attributes.keys()
    value = _value(kind, attributes[_OWN[kind]]) if given and given == {_OWN.get(kind)} else None
    if is_number != has_number or bool(given) != (value is not None):
        raise ValueError(spelt)
    is_text = kind == "string" and not given
    if not (is_number or is_text or given or not kind):
        raise ValueError(spelt)
    filled = [len(text) or 1 for key, text in attributes.items() if key.startswith(FILL)]
    is_plain = SPANNED.isdisjoint(attributes) and "table:formula" not in attributes and not is_error(attributes)
    return CellSaid(
        repeats(attributes, "columns"),
        bool(filled),
        is_plain,
        not _PLACED.isdisjoint(attributes),
        is_number,
        is_text,
        value,
        sum(filled),
        attributes,
    )


_told_shortly = lru_cache(maxsize=256)(_told_by)


def is_error(attributes: Mapping[str, str]) -> bool:
    """Whether a cell says of itself that it holds an error value."""
    return attributes.get("calcext:value-type") == "error"


def _value(kind: str, text: str) -> object:
    """What a cell holds that is no number, as calamine gives it; None where it has to be asked."""
    if kind == "string":
        return text
    if kind == "boolean":
        return _TRUTHS.get(text)
    return date.fromisoformat(text) if _DAY.match(text) else None
