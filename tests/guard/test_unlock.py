"""Files that are locked: with the default password they are opened, within bounds; with another they are F102."""

from __future__ import annotations

import re
import struct

import pytest

from tests.hostile import makers as hostile
from tests.making.books import faulty
from tests.making.copies import parts_of
from tests.making.doors import XLS
from tests.making.filling import submission_of
from tests.making.locked import locked_package, locked_xls
from tests.making.work import processor
from xlcheck.guard.admit import admit
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.ole import compound, wrap
from xlcheck.model.errors import Refused

STREAM = compound(XLS[0].maker(), LIMITS).workbook


def code(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        admit(data)
    assert refused.value.__cause__ is None
    return refused.value.code


@pytest.mark.parametrize("agile", [True, False])
def test_the_default_password_opens_a_package(agile: bool) -> None:
    package = admit(locked_package(faulty(), agile=agile))
    assert package.locked
    assert package.data == faulty()
    assert not admit(faulty()).locked


@pytest.mark.parametrize("xor", [True, False])
def test_the_default_password_opens_an_xls(xor: bool) -> None:
    package = admit(locked_xls(STREAM, xor=xor))
    assert (package.kind, package.locked) == ("xls", True)
    assert submission_of(locked_xls(STREAM, xor=xor)).held == submission_of(wrap({"Workbook": STREAM})).held


@pytest.mark.parametrize("data", [
    lambda: locked_package(faulty(), "1234"),
    lambda: locked_package(faulty(), "1234", agile=False),
    lambda: locked_xls(STREAM, "1234"),
    lambda: locked_xls(STREAM, "1234", xor=True),
], ids=["agile", "standard", "RC4", "XOR"])  # fmt: skip
def test_another_password_is_asked_for(data: object) -> None:
    assert code(data()) == "F102"  # type: ignore[operator]


def test_what_is_inside_goes_through_the_guard() -> None:
    filler = {"docProps/noise.bin": hostile.noise()}
    far = parts_of(hostile.xlsx(hostile.A1 + hostile.row(9, hostile.FAR)))
    assert code(locked_package(hostile.pack({**far, **filler}))) == "F104"


def agile_with(change: bytes) -> bytes:
    """A package locked by a description that was changed."""
    file = compound(locked_package(faulty()), LIMITS)
    assert file.locked
    info, content = file.locked
    changed = re.sub(rb'spinCount="\d+"', change, info, count=1)
    assert changed != info
    return bytes(hostile.ole({"EncryptionInfo": changed + b" " * 4096, "EncryptedPackage": content}))


@pytest.mark.parametrize("change", [
    b'spinCount="10000000"', b'spinCount="-1"', b"spinCount='99999999999'", b"", b'spinCount="x"',
])  # fmt: skip
def test_descriptions_that_cost_or_lie_are_refused_at_once(change: bytes) -> None:
    data = agile_with(change)
    assert processor(lambda: code(data)) < 20 * processor(lambda: admit(locked_package(faulty())))
    assert code(data) == "F102"


def test_a_document_type_in_the_description_is_not_read() -> None:
    file = compound(locked_package(faulty()), LIMITS)
    assert file.locked
    info, content = file.locked
    laughing = info[:8] + f"<!DOCTYPE x [{hostile.LAUGHS}]><x>&j;</x>".encode()
    assert code(bytes(hostile.ole({"EncryptionInfo": laughing, "EncryptedPackage": content}))) == "F102"


def test_cut_and_broken_ones_are_refused() -> None:
    whole = locked_xls(STREAM)
    for at in range(512, len(whole), 997):
        data = bytearray(whole)
        data[at : at + 4] = struct.pack("<L", 0xFFFFFFF0)
        for each in (bytes(data), whole[:at]):
            try:
                admit(each)
            except Refused as refused:
                assert refused.code in ("F101", "F102", "F103", "F104")
                assert refused.__cause__ is None
