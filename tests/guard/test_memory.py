"""What is remembered of other files changes nothing: neither what is refused, nor why, nor what is handed on."""

from __future__ import annotations

import pickle
import tracemalloc
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import makers as hostile
from tests.making import honest
from tests.making.filling import clean_workbook
from xlcheck.guard.admit import Package, admit
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.memory import Ask, Long, Memory, afresh
from xlcheck.model.errors import Refused
from xlcheck.model.numbers import MIB
from xlcheck.reading.odd import custom_properties
from xlcheck.reading.open import Forms

Came = Package | tuple[str, str]


def came_to(data: bytes, ask: Ask) -> Came:
    try:
        return admit(data, LIMITS, ask)
    except Refused as refused:
        return refused.code, refused.message


MAKERS = [case[1] for case in (*hostile.HOSTILE, *honest.HONEST)]


def test_no_file_is_judged_otherwise_by_what_others_held() -> None:
    known = Memory()
    asked = 0
    for maker in MAKERS:
        data = maker()
        if len(data) > 1 << 20:
            continue
        first = came_to(data, afresh)
        # The second time everything that can be is remembered.
        assert [came_to(data, known.ask) for _ in range(2)] == [first] * 2
        if isinstance(first, Package):
            assert custom_properties(first, known.ask) == custom_properties(first)
        asked += 1
    assert asked > 60


@cache
def whole() -> bytes:
    return clean_workbook()


KNOWN = Memory()


@given(st.data())
def test_a_byte_that_differs_is_never_taken_for_what_is_known(draw: st.DataObject) -> None:
    data = whole()
    assert isinstance(came_to(data, KNOWN.ask), Package)
    at = draw.draw(st.integers(0, len(data) - 1))
    other = data[:at] + bytes([data[at] ^ draw.draw(st.integers(1, 255))]) + data[at + 1 :]
    assert came_to(other, KNOWN.ask) == came_to(other, afresh)


@given(st.data())
def test_a_member_that_differs_is_never_taken_for_what_is_known(draw: st.DataObject) -> None:
    parts = dict(admit(whole()).parts)
    name = draw.draw(st.sampled_from(sorted(parts)))
    at = draw.draw(st.integers(0, len(parts[name]) - 1))
    more = draw.draw(
        st.sampled_from([b"", b"<", b'"', b"<c r='XFD9'><v>1</v></c>", b"sheetData", b"\0", b"\xff", b"&"])
    )
    parts[name] = parts[name][:at] + more + parts[name][at + draw.draw(st.integers(0, 9)) :]
    other = hostile.pack(dict(parts.items()))
    admit(whole(), LIMITS, KNOWN.ask)
    first = came_to(other, afresh)
    assert came_to(other, KNOWN.ask) == first
    if isinstance(first, Package):
        assert custom_properties(first, KNOWN.ask) == custom_properties(first)


def test_an_answer_is_asked_for_twice_and_what_is_raised_every_time() -> None:
    calls: list[bytes] = []

    def found(data: bytes, more: int) -> int:
        calls.append(data)
        if more < 0:
            raise ValueError(more)
        return len(data) + more

    known = Memory()
    # What is asked once only is not worth it.
    assert [known.ask(found, b"ab", more) for more in (1, 1, 2, 1, 1, 1)] == [3, 3, 4, 3, 3, 3]
    assert len(calls) == 3
    for _ in range(2):
        with pytest.raises(ValueError, match="-1"):
            known.ask(found, b"ab", -1)
    assert len(calls) == 5


def test_little_is_remembered() -> None:
    calls: list[bytes] = []

    def found(data: bytes) -> bytes:
        calls.append(data)
        return data

    known = Memory()
    large = bytes(1 << 20)
    known.ask(found, large)
    known.ask(found, large)
    assert len(calls) == 2
    # What is asked for again and again stays, whatever is asked in between.
    for number in range(1_000):
        for _ in range(3):
            known.ask(found, b"%d" % number * 10_000)
        known.ask(found, b"again")
    known.ask(found, b"0" * 10_000)
    assert len(calls) == 2 + 2 * 1_000 + 2 + 1


def test_what_is_remembered_takes_no_more_room_than_it_may() -> None:
    known = Memory()

    def parted(data: bytes, texts: tuple[str, ...]) -> list[bytes]:
        return [data[at : at + 8] for at in range(0, len(data), 8)] + [text.encode() for text in texts]

    tracemalloc.start()
    try:
        for number in range(300):
            for _ in range(2):
                known.ask(parted, b"%8d" % number * 1_000, (f"{number}" * 1_000,))
                known.ask(parted, b"%d" % number, (f"{number}" * 100_000,))
        assert tracemalloc.get_traced_memory()[0] < 24 * MIB
    finally:
        tracemalloc.stop()


def test_of_what_is_long_less_is_remembered() -> None:
    calls: list[bytes] = []

    def found(data: bytes) -> int:
        calls.append(data)
        return data[0]

    known = Memory()
    one, other = (Long(bytes([first]) + bytes(MIB // 4)) for first in (1, 2))
    assert hash(one) == hash(other)
    for _ in range(2):
        assert [known.ask(found, one), known.ask(found, other)] == [1, 2]
    assert len(calls) == 2
    for size in range(1, 100):
        known.ask(found, Long(bytes(MIB // 4 + size)))
    known.ask(found, one)
    assert len(calls) == 2 + 99 + 1
    too_long = Long(bytes(MIB))
    for _ in range(2):
        known.ask(found, too_long)
    assert len(calls) == 2 + 99 + 1 + 2


def test_documents_leave_little_behind() -> None:
    memory = Memory()
    rows = hostile.ods_row(hostile.ods_cell().replace("<text:p>1</text:p>", "") * 100) * 3
    left: list[int] = []
    tracemalloc.start()
    try:
        for number in range(1, 49):
            admit(hostile.ods(content=hostile.ods_content(rows + hostile.ods_row("", number))), LIMITS, memory.ask)
            left.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert left[-1] - left[23] < MIB


def test_what_is_packed_small_and_is_large_is_not_remembered() -> None:
    memory = Memory()
    books = [hostile.pack({**hostile.parts(), "xl/media/a.bin": bytes([number]) * MIB}) for number in range(30)]
    tracemalloc.start()
    try:
        for book in books:
            admit(book, LIMITS, memory.ask)
        assert tracemalloc.get_traced_memory()[0] < 2 * MIB
    finally:
        tracemalloc.stop()


def test_forms_are_the_same_whatever_they_remember() -> None:
    forms, other = Forms(), Forms()
    admit(whole(), LIMITS, forms.memory.ask)
    assert forms == other
    assert pickle.loads(pickle.dumps(forms)) == forms
