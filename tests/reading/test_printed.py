"""What is taken from a workbook that is as it was sent out is what is found by looking for every label."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from tests.hostile.corpus import books
from tests.hostile.corpus.books import Xml
from tests.making.books import KINDS, REQUESTS, Parts, altered, put
from tests.making.filling import clean_workbook, edit, workbook
from xlcheck.forms.file import load_form
from xlcheck.guard.admit import admit
from xlcheck.guard.memory import Memory
from xlcheck.reading import printed, read
from xlcheck.reading.read import read_submission

FORM = load_form()
KNOWN = Memory()
"""Goes from test to test: what holds of one workbook may not be said of another."""


def is_taken(data: bytes, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the numbers are taken without looking for labels; what is read is the same in both ways."""
    found: list[bool] = []
    quick = printed.printed_numbers

    def watched(*given: Any) -> Any:
        held = quick(*given)
        found.append(held is not None)
        return held

    package = admit(data, ask=KNOWN.ask)
    with monkeypatch.context() as patch:
        patch.setattr(read, "printed_numbers", watched)
        submission = read_submission(package, data, FORM, KNOWN.ask)
        patch.setattr(read, "printed_numbers", lambda *_: None)
        slowly = read_submission(package, data, FORM)
    assert submission == slowly
    assert list(map(repr, submission.held.items())) == list(map(repr, slowly.held.items()))  # 1 is no 1.0, nor True
    return found == [True]


@pytest.mark.parametrize("times", [0, 1, 250_000])
def test_numbers_of_a_filled_template_are_taken(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {field.key: number * times for number, field in enumerate(FORM.fields)}
    assert is_taken(workbook(values), monkeypatch)


@pytest.mark.parametrize(
    ("key", "value", "taken"),
    [
        ("requests.received.person", -6, True),
        ("requests.received.person", 2.5, True),
        ("disclosure.fees.amount", 0.1, True),
        ("disclosure.fees.amount", 1e20, True),
        ("requests.received.person", "", True),
        ("requests.received.person", "6件", True),
        ("requests.received.person", "  ", True),
    ],
)
def test_fields_hold_what_they_hold(key: str, value: Any, taken: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_taken(workbook({**dict.fromkeys(FORM.by_key, 1), key: value}), monkeypatch) is taken


def built(**cells: Any) -> bytes:
    """The form with its guide, and cells of 依申请公开 as they are given."""
    made = books.book()
    made[FORM.guide.sheet] = [["填报说明"]]
    return books.xlsx(books.put(made, {f"依申请公开!{name}": value for name, value in cells.items()}))


LABELS = {f"B{40 + number}": label.text for number, label in enumerate(FORM.tables[1].labels[:3])}


@pytest.mark.parametrize(
    ("cells", "taken"),
    [
        ({}, True),
        ({"M40": 7}, True),
        ({"M40": "备注"}, True),
        (dict(list(LABELS.items())[:2]), True),
        (LABELS, False),
        ({"A1": "别的表"}, False),
        ({"D5": "6"}, False),
        ({"D5": ""}, True),
        ({"D5": Xml("")}, True),
        ({"D5": Xml("<v>#N/A</v>", 't="e"')}, False),
        ({"D5": Xml("<f>7</f>")}, False),
        ({"M5": Xml("<f>7</f>"), "D5": ""}, False),
        ({"D5": Xml("<v></v>", 't="str"')}, False),
        ({"D5": Xml("<is><t>6</t></is>", 't="inlineStr"')}, False),
        ({"D5": True}, False),
        ({"D5": Xml("<f>6+1</f><v>7</v>")}, False),
        ({"A40": Xml("<f>B40</f><v>7</v>", 't="str"')}, True),
        ({f"A{row}": Xml("<f>B40</f><v>7</v>", 't="str"') for row in (40, 41, 42)}, False),
    ],
)
def test_what_else_stands_there_is_looked_at(
    cells: dict[str, Any], taken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_taken(built(**cells), monkeypatch) is taken


def hidden(parts: Parts) -> None:
    put(parts, "xl/workbook.xml", '<sheet name="依申请公开" ', '<sheet name="依申请公开" state="hidden" ')


def renamed(parts: Parts) -> None:
    put(parts, "xl/workbook.xml", 'name="填报说明"', 'name="说明"')


def struck(parts: Parts) -> None:
    put(parts, "xl/sharedStrings.xml", "<si><t>", "<si><r><rPr><strike/></rPr><t>7</t></r></si><si><t>")


@pytest.mark.parametrize(
    "change",
    [
        hidden,
        renamed,
        struck,
        lambda parts: put(parts, REQUESTS, '<row r="5"', '<row r="5" hidden="1"'),
        lambda parts: put(parts, REQUESTS, "<v>6</v>", "<f>7-1</f><v>6</v>"),
        lambda parts: put(parts, REQUESTS, '<mergeCell ref="A1:J1"/>', '<mergeCell ref="C5:D5"/>'),
    ],
)
def test_what_is_not_seen_as_it_is_is_looked_at(
    change: Callable[[Parts], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_taken(clean_workbook(), monkeypatch)
    assert not is_taken(altered(change, clean_workbook), monkeypatch)


def test_a_date_in_a_field_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    book, saved = edit(clean_workbook())
    book["依申请公开"]["D5"].value = datetime.date(2025, 1, 5)
    assert not is_taken(saved(), monkeypatch)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_whatever_else_a_workbook_holds_it_is_read_the_same(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    is_taken(kind.maker(), monkeypatch)
