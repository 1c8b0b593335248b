"""The OLE2 container: only the streams of its root are the file's own, and its directory is a tree."""

from __future__ import annotations

import struct

import pytest

from tests.hostile import makers as hostile
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.ole import compound, wrap
from xlcheck.model.errors import Refused

BOOK, OTHER = hostile.biff(hostile.number(0, 0)), hostile.biff(hostile.number(1, 1))


def linked(
    data: bytearray, name: str, left: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF
) -> None:
    """Say what lies beside an entry and below it."""
    struct.pack_into("<3L", data, data.index(name.encode("utf-16-le")) + 68, left, right, child)


@pytest.mark.parametrize("name", ["Workbook", "WORKBOOK", "Book", "BOOK", "workbook"])
def test_names_differ_in_case_only(name: str) -> None:
    assert compound(bytes(hostile.ole({name: BOOK})), LIMITS).workbook.startswith(BOOK)


def test_the_newer_of_two_generations_is_read() -> None:
    assert compound(bytes(hostile.ole({"Book": OTHER, "Workbook": BOOK})), LIMITS).workbook.startswith(BOOK)


def test_entries_on_both_sides_are_found() -> None:
    data = hostile.ole({"Summary": b"", "Workbook": BOOK, "Zeta": b""})
    root = data.index("Root Entry".encode("utf-16-le"))
    struct.pack_into("<L", data, root + 76, 2)  # the one in the middle is at the top
    linked(data, "Workbook", left=1, right=3)
    linked(data, "Summary")
    linked(data, "Zeta")
    assert compound(bytes(data), LIMITS).workbook.startswith(BOOK)


def test_a_workbook_within_a_storage_is_none_of_the_file() -> None:
    data = hostile.ole({"MBD00001": b"", "Workbook": OTHER})
    data[data.index("MBD00001".encode("utf-16-le")) + 66] = 1
    linked(data, "MBD00001", child=2)
    with pytest.raises(Refused) as refused:
        compound(bytes(data), LIMITS)
    assert refused.value.code == "F103"


@pytest.mark.parametrize("number", [1, 2])
def test_a_tree_that_bites_its_tail_is_damage(number: int) -> None:
    data = hostile.ole({"Summary": b"", "Workbook": BOOK})
    linked(data, "Workbook", right=number)
    with pytest.raises(Refused) as refused:
        compound(bytes(data), LIMITS)
    assert refused.value.code == "F101"


def test_several_streams_survive_wrapping() -> None:
    data = wrap({"EncryptionInfo": b"a" * 5000, "EncryptedPackage": b"b" * 70_000})
    assert compound(data, LIMITS).locked == (b"a" * 5000, b"b" * 70_000)
