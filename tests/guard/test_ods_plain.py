"""Tables of an .ods told by an expression: what a parser and calamine find, or nothing; and never what a parser refuses."""

from __future__ import annotations

import io
import random
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tests.hostile import makers as hostile
from xlcheck.guard import usual
from xlcheck.guard.limits import LIMITS, Limits
from xlcheck.guard.markup import readable
from xlcheck.guard.memory import Ask, Memory, afresh
from xlcheck.guard.ods import respelt
from xlcheck.guard.ods_found import OdsCell, OdsContent
from xlcheck.guard.ods_plain import plain_tables
from xlcheck.guard.usual import look_through
from xlcheck.model.errors import Refused
from xlcheck.reading.rows import rows_of_ods

ROOT = b"office:document-content"
KNOWN = Memory()
"""Goes from test to test: what is remembered of other documents changes nothing."""


def plain(content: bytes, limits: Limits = LIMITS) -> OdsContent | None:
    return plain_tables(content[content.find(b"<office:body>") :], ROOT, limits, frozenset(), (b"", b""))


def looked(content: bytes, styles: bytes, ask: Ask = afresh) -> OdsContent | str:
    try:
        return look_through(content, styles, LIMITS, ask)
    except Refused as refused:
        return str(refused)


def is_odd(cell: OdsCell) -> bool:
    """Whether a cell is more than a value."""
    return cell.formula is not None or cell.is_error or cell.merged != (1, 1) or bool(cell.runs)


def agrees(content: bytes, styles: bytes = b"") -> bool:
    """Whether the values are told; what is told is what a parser finds, and what calamine reads of it."""
    try:
        content, styles = (readable(data, "", LIMITS) if data else b"" for data in (content, styles))
    except Refused:
        return False
    quick = looked(content, styles)
    with mock.patch.object(usual, "_quiet", return_value=None):
        parsed = looked(content, styles)
    assert [looked(content, styles, KNOWN.ask) for _ in range(2)] == [quick] * 2
    if isinstance(quick, str) or isinstance(parsed, str):
        assert quick == parsed
        return False
    if quick.written:
        return False
    assert quick.grid == parsed.grid
    book = CalamineWorkbook.from_filelike(io.BytesIO(respelt({"content.xml": content, "styles.xml": styles})))
    assert book.sheet_names == [table.title for table in quick.found]
    for told, found in zip(quick.found, parsed.found, strict=True):
        assert told[:2] + told[3:5] == found[:2] + found[3:5]
        assert list(filter(is_odd, told.cells)) == list(filter(is_odd, found.cells))
        assert told.values
        rows = book.get_sheet_by_name(told.title).to_python(skip_empty_area=False)
        assert repr(rows_of_ods(told.values)) == repr(rows)
    return True


_SAYS = (
    'office:value-type="float" office:value="{}"', 'office:value-type="percentage" office:value="{}"',
    'office:value-type="currency" office:currency="CNY" office:value="{}"', 'office:value-type="string"',
    'office:value-type="string" office:string-value="{} x"', 'office:value-type="date" office:date-value="2026-01-{}0"',
    'office:value-type="date" office:date-value="2026-01-10T0{}:00:00"', 'office:value-type="time" office:time-value="PT{}H"',
    'office:value-type="boolean" office:boolean-value="true"', 'table:formula="of:=[.A1]&lt;{}"', "",
    'table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"',
    'table:formula="of:=[.A1]" office:value-type="float" office:value="{}" calcext:value-type="float"',
    'office:value-type="float" office:value="{}" office:value-type="float"', 'office:value="{}"', 'office:value-type="float"',
)  # fmt: skip
_INSIDE = (
    "", "<text:p/>", "<text:p></text:p>", "<text:p>{}</text:p>", "<text:p>a &amp; {}</text:p>", "<text:p>一</text:p><text:p>{}</text:p>",
    '<text:p> a<text:s text:c="2"/>{}<text:s/></text:p>', "<text:p>#DIV/0!</text:p>", "<text:p>&#13;</text:p>",
    '<text:p>x<text:span text:style-name="T1">{}</text:span></text:p>', '<text:p><text:a xlink:href="mailto:{}>">y</text:a>&gt;</text:p>',
    "<text:p>a\nb</text:p>", "<office:annotation><text:p>n</text:p></office:annotation><text:p>{}</text:p>", "<text:p>a<text:tab/>b</text:p>",
)  # fmt: skip
_AROUND = ("", ' table:style-name="ce1"', ' table:number-columns-repeated="2"', ' table:number-columns-repeated="3" table:style-name="甲"',
           ' table:number-columns-spanned="2" table:number-rows-spanned="3"', ' table:content-validation-name="val1"')  # fmt: skip
_cells = st.builds(
    lambda element, around, says, inside, number: (
        f"<table:{element}{around}{' ' * bool(says)}{says.format(number)}>{inside.format(number)}</table:{element}>"
    ),
    st.sampled_from(("table-cell", "table-cell", "covered-table-cell")),
    st.sampled_from(_AROUND),
    st.sampled_from(_SAYS),
    st.sampled_from(_INSIDE),
    st.sampled_from(("0", "7", "-1.5", "1e5", "３", "1.")),
)
_rows = st.builds(
    lambda said, cells: f"<table:table-row{said}>{''.join(cells)}</table:table-row>",
    st.sampled_from(("", ' table:number-rows-repeated="2"', ' table:visibility="collapse"', ' table:style-name="ro1"')),
    st.lists(st.one_of(_cells, st.just('<table:table-cell table:number-columns-repeated="16000"/>')), max_size=4),
)
_NAMES = ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'


def sheet(rows: str) -> bytes:
    made = hostile.ods_content(f'<table:table-column table:number-columns-repeated="3"/>{rows}')
    return made.replace(" office:version=", f"{_NAMES} office:version=").encode()


@settings(max_examples=100)
@given(st.lists(_rows, max_size=4))
@example(
    [hostile.ods_row(hostile.ods_cell(3) + hostile.ods_empty(9), 4), hostile.ods_row(hostile.ods_empty(16384), 1048572)]
)
def test_what_is_told_is_what_a_parser_and_calamine_find(rows: list[str]) -> None:
    agrees(sheet("".join(rows)))


_STRAY = (
    b"<", b">", b'"', b"/", b" ", b"\n", b"\x01", b"\xff", b"&", b"&#13;", b"<!-- -->", b"]]>", b"<![CDATA[x]]>", b"<text:s/>", b"</text:p>",
    b"<text:p/>", b"<table:table-cell/>", b"</table:table-row>", b"<table:table-row>", b"</table:table>", b"<table:table>", b"<office:body>",
    b' xmlns:x="y"', b' office:value="7"', b' office:value-type="string"', b' table:style-name="a"', b' table:number-rows-repeated="9"',
)  # fmt: skip


def damaged(data: bytes, random: random.Random) -> bytes:
    """Something of it is put in, taken out or doubled, mostly where a tag begins or ends."""
    at = random.randrange(len(data))
    at = max(at, data.find(random.choice((b"<", b">", b'"', b" ")), at) + random.randrange(2))
    kind = random.randrange(3)
    if kind == 0:
        return data[:at] + random.choice(_STRAY) + data[at:]
    end = at + random.choice((1, 1, 2, 40))
    return data[:at] + data[end:] if kind == 1 else data[:end] + data[at:]


SOUND = sheet(
    '<table:table-row table:style-name="ro1"><table:table-cell office:value-type="float" office:value="7" calcext:value-type="float">'
    '<text:p>7</text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated="2" table:style-name="ce1"/>'
    '<table:table-cell table:style-name="ce2" office:value-type="string"><text:p>甲</text:p><text:p>乙<text:s text:c="2"/></text:p>'
    "</table:table-cell></table:table-row><table:table-row><table:table-cell/></table:table-row>"
)


@settings(max_examples=200)
@given(st.randoms(use_true_random=False), st.integers(1, 3))
def test_nothing_is_told_of_what_a_parser_refuses(random: random.Random, times: int) -> None:
    data = SOUND
    for _ in range(times):
        data = damaged(data, random)
    agrees(data)


def test_a_sound_one_is_told() -> None:
    assert agrees(SOUND)
    told = plain(SOUND)
    assert told
    assert told.found[0].values
    assert dict(zip(told.found[0].values.spots, told.found[0].values.values, strict=True)) == {
        (0, 1, 0, 1): 7.0,
        (0, 1, 3, 1): "甲\n乙  ",
    }


@pytest.mark.parametrize(
    "rows",
    [
        hostile.ods_row(hostile.ods_cell(600)),
        hostile.ods_row(hostile.ods_cell(), 20_000),
        hostile.ods_row(hostile.ods_cell()) * 9_000,
        hostile.ods_row(hostile.ods_text("字" * 1_000, 500), 9),
        hostile.ods_row(hostile.ods_text('<text:s text:c="999999999"/>')),
        hostile.ods_row(hostile.ods_cell("0")),
        hostile.ods_row("<table:table-cell>" + "<text:p>" * 80 + "</text:p>" * 80 + "</table:table-cell>"),
    ],
    ids=["wide", "high", "large", "texts", "blanks", "no times", "deep"],
)
def test_what_is_beyond_the_limits_is_for_the_parser_to_refuse(rows: str) -> None:
    assert plain(sheet(rows)) is None


def test_limits_are_those_that_are_given() -> None:
    assert plain(SOUND, LIMITS._replace(cells=10)) is None
    assert plain(SOUND, LIMITS._replace(cells=100)) is not None
    assert plain(SOUND, LIMITS._replace(columns=3)) is None
    assert plain(SOUND, LIMITS._replace(text_bytes=100)) is None


@pytest.mark.parametrize(("said", "is_told"), [("二", True), ("表", False), ("", False)])
def test_two_sheets_of_one_name_or_one_of_none_are_for_the_parser(said: str, is_told: bool) -> None:
    made = hostile.ods_content("", f'<table:table table:name="{said}"/>').encode()
    assert (plain(made) is not None) == is_told


def test_styles_that_strike_through_are_for_the_parser() -> None:
    styles = (
        SOUND.replace(b"document-content", b"document-styles")
        .replace(
            b"<office:body>",
            b'<style:style style:name="ce1"><style:text-properties style:text-line-through-style="solid"/></style:style><office:body>',
        )
        .replace(b" office:version=", b' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version=')
    )
    assert not look_through(SOUND, b"", LIMITS).written
    assert look_through(SOUND, styles, LIMITS).written
