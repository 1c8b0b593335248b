"""One look at plainly spelt cells: it tells the census nothing but what counting tells, and no odd cell is plain."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck.guard import plain
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.plain import PlainCells, plain_cells
from xlcheck.guard.sheet import Census, census
from xlcheck.model.errors import Refused

_SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_INSIDE = (
    "/>",
    "><v>12</v></c>",
    "><v>-1.5E+3</v></c>",
    "><f>A1+1</f><v>2</v></c>",
    '><f t="shared" ref="A1:A9" si="0">A1+1</f><v>2</v></c>',
    '><f ca="1">NOW()</f><v/></c>',
    ' t="s"><v>3</v></c>',
    ' t="str"><f>A1</f><v>x</v></c>',
    ' t="b"><v>1</v></c>',
    ' t="inlineStr"><is><t>x</t></is></c>',
)
_SAID = ("", ' ht="12"', ' spans="1:3" customHeight="1"', f' x14ac:dyDescent="{"9" * 120}"', ' a="&amp;"')
_COLUMNS = ("A", "B", "Z", "AA", "AZ", "BA", "IZ", "JA", "XFD")
_ROWS = (1, 2, 99, 100, 1_999, 2_000, 9_999, 10_000, 1_048_576)


def _sheet(rows: str) -> bytes:
    return f'<worksheet {_SPACE}><cols/><sheetData>{rows}</sheetData><pageMargins left="1"/></worksheet>'.encode()


def _row(number: int, said: str, cells: dict[str, str]) -> str:
    inner = "".join(f'<c r="{column}{number}"{inside}' for column, inside in cells.items())
    return f'<row r="{number}"{said}>{inner}</row>'


_rows = st.dictionaries(
    st.sampled_from(_ROWS),
    st.tuples(st.sampled_from(_SAID), st.dictionaries(st.sampled_from(_COLUMNS), st.sampled_from(_INSIDE), max_size=4)),
    max_size=4,
)


def _counted(data: bytes, looked: PlainCells | None) -> Census | str:
    try:
        return census("表", data, looked, LIMITS)
    except Refused as refused:
        return refused.code


@given(_rows)
def test_a_look_counts_as_a_parser_does(rows: dict[int, tuple[str, dict[str, str]]]) -> None:
    data = _sheet("".join(_row(number, *held) for number, held in rows.items()))
    told, counted = _counted(data, plain_cells(data)), _counted(data, None)
    if isinstance(told, str) or isinstance(counted, str):
        assert told == counted
    else:
        assert (told.cells, told.strings, told.area) == (counted.cells, counted.strings, counted.area)
        assert told.grid >= counted.grid


def test_what_a_look_tells() -> None:
    told = plain_cells(data := _sheet(_row(3, "", {"A": "/>", "AB": ' t="s"><v>7</v></c>'}) + _row(9, "", {})))
    assert told is not None
    assert (told.highest, told.shared, told.numbers) == (7, [7], [])
    assert (told.layout.weight, told.layout.reach, told.layout.shape) == (10, (3, 28), (3, 28))
    assert told.around[: told.begin] == data.partition(b"<sheetData>")[0]
    assert told.around[told.begin :] == data.partition(b"</sheetData>")[2]


@pytest.mark.parametrize(
    "rows",
    [
        _row(1, "", {"A": "><v> 1</v></c>"}),
        _row(1, "", {"A": "><v>1<!-- 2 --></v></c>"}),
        _row(1, "", {"A": "><v>1</v><v>2</v></c>"}),
        _row(1, "", {"A": ' t="z"><v>1</v></c>'}),
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        _row(1, "", {}) * 2,
        _row(1, ' a="&amp;"', {}),
        _row(1, f' a="{"9" * 100}"', {}),
        "</sheetData><sheetData>",
        _row(1, "", {"A": "><f>1<v>2</v></f></c>"}),
        _row(1, "", {"A": '><f a="<v>2</v>">1</f></c>'}),
        _row(1, ' a="<v>2</v>"', {}),
        _row(1, "", {"A": ' t="inlineStr"><is><t><v>2</v></t></is></c>'}),
        _row(1, "", {"A": ' t="b"><v>2</v></c>'}),
        _row(1, "", {"A": ' t="s"><v>1e3</v></c>'}),
        _row(1, "", {"A": "><v></v></c>", "B": "><v>1</v></c>"}),
        _row(1, "", {"A": "><v>1&lt;2</v></c>"}),
        '<row r="1048577"/>',
        _row(1, "", {"A": "><f>&x;</f><v>1</v></c>"}),
        _row(1, "", {"A": ' t="str"><v>a&b</v></c>'}),
        _row(1, "", {"A": ' t="e"><v>]]></v></c>'}),
        _row(1, "", {"A": ' t="inlineStr"><is><t>\x01</t></is></c>'}),
    ],
)
def test_odd_cells_are_not_plain(rows: str) -> None:
    assert plain_cells(_sheet(rows)) is None


@given(_rows, st.integers(1, 200))
def test_a_large_sheet_tells_in_parts_what_it_tells_at_once(
    rows: dict[int, tuple[str, dict[str, str]]], size: int
) -> None:
    data = _sheet("".join(_row(number, *held) for number, held in rows.items()))
    whole = plain_cells(data)
    with mock.patch.object(plain, "_AT_ONCE", size):
        parts = plain_cells(data)
    if whole is None or parts is None or parts.is_told:
        assert parts == whole
        return
    assert (parts.around, parts.begin, [*parts.shared]) == (whole.around, whole.begin, [*whole.shared])
    told = "weight", "reach", "formats", "formulas", "has_spread", "has_odd", "hides"
    assert [getattr(parts.layout, name) for name in told] == [getattr(whole.layout, name) for name in told]


@pytest.mark.parametrize("second", [_row(1, "", {"B": "/>"}), _row(2, "", {"A": "><v>x</v></c>"}), "</row>", "x"])
def test_what_is_odd_about_a_large_sheet_is_not_plain(second: str) -> None:
    rows = _row(1, "", {"A": "><v>1</v></c>"}), second
    with mock.patch.object(plain, "_AT_ONCE", 10):
        assert plain_cells(_sheet("".join(rows))) is None
        assert plain_cells(_sheet(rows[0] + _row(2, "", {"B": "/>"}))) is not None
