"""What holds a workbook together is known of the next one of its template, whatever its parts are called."""

from __future__ import annotations

import pytest

from tests.hostile.makers import pack
from tests.making.filling import workbook
from xlcheck.guard import binding
from xlcheck.guard.admit import admit
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.memory import Memory

PARTS = ["workbook.xml", "styles.xml", "custom.xml"]


def named(data: bytes, old: str) -> bytes:
    """A workbook one of whose parts has a name that says nothing of what it is."""
    parts = {name: data.replace(old.encode(), b"7.xml") for name, data in admit(data).parts.items()}
    return pack({name.replace(old, "7.xml"): content for name, content in parts.items()})


@pytest.mark.parametrize("old", PARTS)
def test_parts_of_any_name_are_read(old: str) -> None:
    memory = Memory()
    for number in range(4):
        usual = workbook(requests__received__person=number)
        other = named(usual, old)
        assert other != usual
        found, wanted = admit(other, LIMITS, memory.ask), admit(usual)
        assert found.plain == wanted.plain
        assert found.safe == wanted.safe
        assert found == admit(other)


def test_of_the_next_workbook_it_need_not_be_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory()
    for number in range(2):
        admit(workbook(requests__received__person=number), LIMITS, memory.ask)
    monkeypatch.setattr(binding, "linked", None)
    assert admit(workbook(requests__received__person=9), LIMITS, memory.ask).plain


def test_another_list_of_sheets_is_another_frame() -> None:
    memory = Memory()
    data = workbook()
    for _ in range(3):
        admit(data, LIMITS, memory.ask)
    parts = dict(admit(data).parts)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace('name="封面"'.encode(), 'name="面封"'.encode())
    other = admit(pack(parts), LIMITS, memory.ask)
    assert other.plain
    assert other.plain.titles[0] == "面封"
