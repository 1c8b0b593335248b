"""The rows of the sheet of who gave what, as markup: one for each unit, made one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlsxwriter.utility import xl_col_to_name

from xlcheck.drawing.listing import inline_text
from xlcheck.model.numbers import Number, exact
from xlcheck.model.text import clean
from xlcheck.model.tuples import NamedTuple
from xlcheck.results.counts import CONCLUSIONS
from xlcheck.totals.columns import LEFT
from xlcheck.totals.sums import Contribution


class RowLooks(NamedTuple):
    """The numbers of the formats that the units' rows use."""

    text: int
    middle: int
    bad: int
    gaps: int
    blank: int
    whole: int
    places: Mapping[str, int]
    """By number format."""


def unit_rows(units: Sequence[Contribution], columns: int, first: int, looks: RowLooks) -> Iterator[str]:
    """A ``row`` element for each unit, its numbers in so many columns; the `first` one has this number."""
    before = [f'<c r="{xl_col_to_name(column)}' for column in range(LEFT + columns)]
    blank, whole = f'" s="{looks.blank}"/>', f'" s="{looks.whole}"><v>'
    for number, one in enumerate(units, start=1):
        row = first + number - 1
        pieces = [f'<row r="{row}">', _number(before[0], row, number, looks.middle)]
        pieces += [
            _inline(begin, row, said, looks.text)
            for begin, said in zip(before[1:4], (one.unit, one.code, one.path), strict=True)
        ]
        verdict = looks.middle if one.conclusion == "passed" else looks.bad
        pieces.append(_inline(before[4], row, CONCLUSIONS[one.conclusion], verdict))
        pieces.append(_number(before[5], row, one.gaps, looks.gaps if one.gaps else looks.middle))
        for begin, value in zip(before[LEFT:], one.numbers, strict=False):
            if isinstance(value, int):
                pieces.append(f"{begin}{row}{whole}{value}</v></c>")
            elif value is None:
                pieces.append(f"{begin}{row}{blank}")
            else:
                pieces.append(_number(begin, row, value, looks.places[number_format(value)]))
        pieces.append("</row>")
        yield "".join(pieces)


def _number(begin: str, row: int, number: Number, look: int) -> str:
    return f'{begin}{row}" s="{look}"><v>{exact(number)}</v></c>'


def _inline(begin: str, row: int, text: str, look: int) -> str:
    """A cell with a stranger's text."""
    said = inline_text(clean(text))
    return f'{begin}{row}" s="{look}" t="inlineStr"><is>{said}</is></c>' if said else f'{begin}{row}" s="{look}"/>'


def number_format(number: Number) -> str:
    """The number format that shows all of a number, and no more."""
    fraction = exact(number).partition(".")[2]
    return "0." + "0" * len(fraction) if fraction else "0"
