"""Where things stand in a part: the quick way and the whole way agree, and what is put in stands where it belongs."""

from __future__ import annotations

from functools import lru_cache
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.making.books import KINDS
from tests.making.copies import parts_of
from xlcheck.copies.cells import CellChange, changed
from xlcheck.copies.covered import cell_reference
from xlcheck.copies.sheet import Sheet
from xlcheck.copies.splice import Splice, elements, in_root, retagged, spliced
from xlcheck.copies.survey import survey
from xlcheck.model.cells import Cell, cell_name

CELLS = st.tuples(st.integers(0, 35), st.integers(0, 18))
WHOLE = b"<!-- -->"
"""A comment behind the root: nothing moves, but all of the part has to be parsed."""


@lru_cache
def sheets() -> list[bytes]:
    """The worksheets of many kinds of workbooks."""
    found = [parts_of(kind.maker()) for kind in KINDS]
    return [content for parts in found for content in parts.values() if b"sheetData" in content]


@given(st.integers(0, 10_000), st.sets(CELLS, min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_the_quick_way_sees_what_the_whole_way_sees(number: int, cells: set[Cell]) -> None:
    data = sheets()[number % len(sheets())]
    quick, whole = survey(data, cells), survey(data + WHOLE, cells)
    assert (quick.starts, quick.rows, quick.areas) == (whole.starts, whole.rows, whole.areas)
    assert (quick.heights, quick.columns, quick.prefix) == (whole.heights, whole.columns, whole.prefix)
    for cell in cells:
        assert seen(quick, cell) == seen(whole, cell)
    for name in ("conditionalFormatting", "legacyDrawing"):
        assert quick.behind(name) == whole.behind(name)


def seen(sheet: Sheet, cell: Cell) -> object:
    """All that is asked of a cell."""
    known = sheet.cells.get(cell)
    spread = (known.start, known.close, known.attributes.get("s"), known.attributes.get("t")) if known else None
    return spread, sheet.shown(cell), sheet.style(cell), sheet.content(cell)


@given(st.integers(0, 10_000), st.sets(CELLS, min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_cells_that_are_put_in_stand_in_order(number: int, cells: set[Cell]) -> None:
    data = sheets()[number % len(sheets())]
    changes = {cell: CellChange(3, "7" if cell[1] % 2 else None) for cell in cells}
    root = ElementTree.fromstring(spliced(data, changed(survey(data, cells), changes)))
    rows = [row for part in root if part.tag.endswith("}sheetData") for row in part]
    assert ascending([row.get("r") for row in rows], int)
    found: dict[str, ElementTree.Element] = {}
    for row in rows:
        names = [cell.get("r") for cell in row]
        assert ascending(names, lambda name: (len(name.rstrip("0123456789")), name.rstrip("0123456789")))
        found.update({cell.get("r", ""): cell for cell in row})
    if all("r" in row.attrib for row in rows) and all(found):
        for cell, change in changes.items():
            assert found[cell_name(cell)].get("s") == "3"
            if change.number:
                assert [(child.tag[-2:], child.text) for child in found[cell_name(cell)]] == [("}v", "7")]


def ascending(names: list[str | None], key: object) -> bool:
    """Whether those that are said stand in order."""
    said = [key(name) for name in names if name]  # type: ignore[operator]
    return said == sorted(said)


@pytest.mark.parametrize(
    ("tag", "new"),
    [
        (b'<c r="A1" s="5">', b'<c r="A1" s="9">'),
        (b"<c r='A1' s = '5' />", b"<c r='A1' s=\"9\" />"),
        (b'<c r="A1"/>', b'<c r="A1" s="9"/>'),
        (b"<c>", b'<c s="9">'),
        (b"""<c x=' s="5"' r="A1">""", b"""<c x=' s="5"' r="A1" s="9">"""),
        (b'<c x="a>b" s="5"/>', b'<c x="a>b" s="9"/>'),
    ],
)
def test_an_attribute_is_set_and_nothing_else_is_touched(tag: bytes, new: bytes) -> None:
    assert retagged(tag, s=9) == new
    assert retagged(new, s=None, r="B2").count(b"s=") == tag.count(b"' s=")


@pytest.mark.parametrize(
    "part",
    [
        b"<a><b/></a>",
        b"<a/>",
        b"\xef\xbb\xbf<a></a>",
        b"<x:a xmlns:x='u'></x:a>",
        b"<a><b/></a><!-- </a> -->",
        b"<a ></a >\n",
    ],
)
def test_what_is_put_into_a_root_is_its_last_child(part: bytes) -> None:
    root = ElementTree.fromstring(in_root(part, "a", b"<new></new>"))
    assert root[-1].tag.rpartition("}")[2] == "new"
    assert root.tag.startswith("{") == root[-1].tag.startswith("{")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_places_of_elements_are_places_in_the_bytes(mark: bytes) -> None:
    data = mark + '<?xml version="1.0"?>\n<甲 a="1>0"><乙/>文<乙 b=\'2\'>字</乙></甲>'.encode()
    found = {(one.name, one.depth): data[one.start : one.end] for one in elements(data, ("甲", "乙"))}
    assert found["甲", 0] == data[data.index("<甲".encode()) :]
    assert [data[one.inner : one.close].decode() for one in elements(data, ("乙",))] == ["", "字"]


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        spliced(b"abcdef", [Splice(1, 4, b""), Splice(3, 5, b"")])
    assert spliced(b"abc", [Splice(1, 1, b"1"), Splice(1, 2, b""), Splice(1, 1, b"2")]) == b"a12c"


@pytest.mark.parametrize("name", ["主动公开", "a'b", "=1+1", "a!b", "a b"])
def test_a_reference_quotes_the_name_of_its_sheet(name: str) -> None:
    text = cell_reference(name, (3, 1))
    assert text.startswith("'")
    assert text.endswith("'!B4")
    assert text[1:-4].replace("''", "'") == name
