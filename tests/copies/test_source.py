"""What a copy is made of: the department's own package wherever it can be read, whatever else lies in it."""

from __future__ import annotations

import io
import warnings
from decimal import Decimal

import openpyxl
import pytest

from tests.making.books import KINDS, Kind
from tests.making.comparing import differences
from tests.making.copies import RESULT, annotated, annotated_as
from tests.making.doors import XLSX, Door
from tests.making.filling import COVER, codes, form, submission_of, verified
from xlcheck.copies.mend import fixed, mends
from xlcheck.copies.source import Source
from xlcheck.guard.admit import admit
from xlcheck.guard.memory import Memory
from xlcheck.model.numbers import exact

OWN = "原文件请自行保留"
"""Said where the copy is the template."""


def lost(copy: bytes) -> str:
    """All that the first sheet of a copy says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheet = openpyxl.load_workbook(io.BytesIO(copy))[RESULT]
    return "\n".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None)


@pytest.mark.parametrize("door", XLSX, ids=lambda door: door.name)
def test_a_copy_is_made_of_every_honest_workbook(door: Door) -> None:
    data = door.maker()
    copy = annotated(data)
    assert submission_of(copy).held == submission_of(data).held
    # Only macro sheets do not go round.
    assert set(codes(data)) - {"S104"} <= set(codes(copy)) <= set(codes(data))
    if door.well_known:
        assert OWN not in lost(copy)


KNOWN = Memory()
"""Goes from test to test: what holds of one workbook may not be said of another."""


@pytest.mark.parametrize("one", [*XLSX, *KINDS], ids=lambda one: one.name)
def test_a_copy_is_the_same_whatever_is_known_of_other_workbooks(one: Door | Kind) -> None:
    data = one.maker()
    assert {annotated_as(data, form(), KNOWN.ask) for _ in range(3)} == {annotated(data)}


@pytest.mark.parametrize("door", XLSX[:6], ids=lambda door: door.name)
def test_what_nobody_reads_goes_over_as_it_is(door: Door) -> None:
    assert differences(door.maker(), annotated(door.maker())) == []


def test_a_copy_of_a_locked_workbook_is_open_and_says_so() -> None:
    door = next(door for door in XLSX if door.name == "default password")
    data = door.maker()
    copy = annotated(data)
    assert "本文件没有加密" in lost(copy)
    assert differences(admit(data).data, copy) == []
    assert submission_of(copy).cover["unit"] == COVER["unit"]


@pytest.mark.parametrize("name", ["rows in pieces", "cells again", "extensions"])
def test_numbers_put_into_cells_that_stand_oddly_are_read_back(name: str) -> None:
    data = next(door for door in XLSX if door.name == name).maker()
    verification = verified(data)
    proposed = mends(verification, "all")
    held = submission_of(fixed(Source(data, admit(data)), verification, proposed)).held
    assert {mend.field: exact(Decimal(str(held[mend.field]))) for mend in proposed} == {
        mend.field: mend.new for mend in proposed
    }
    assert proposed
