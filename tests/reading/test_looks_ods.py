"""Styles of an .ods that show a number otherwise than it is: found as in an .xlsx, wherever the style stands; a glance passes over none."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.hostile.makers import ods, ods_content
from xlcheck.guard.admit import admit
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.usual import look_through
from xlcheck.model.finding import Finding
from xlcheck.model.submission import NoValue
from xlcheck.reading.looks_ods import looks_of_ods
from xlcheck.reading.plain_looks_ods import may_mislead_in_ods
from xlcheck.reading.seen import Looker
from xlcheck.reading.written import CellLook

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMES = f' xmlns:style="{_ODF}style:1.0" xmlns:number="{_ODF}datastyle:1.0" xmlns:fo="{_ODF}xsl-fo-compatible:1.0"'
SIX = '<table:table-cell{} office:value-type="float" office:value="6"/>'
STYLED = ' table:style-name="a"'


def style(inner: str = "", name: str = "a", **said: str) -> str:
    more = "".join(f' style:{key.replace("_", "-")}="{value}"' for key, value in said.items())
    return f'<style:style style:name="{name}" style:family="table-cell"{more}>{inner}</style:style>'


def number_format(inner: str, name: str = "N1", kind: str = "number") -> str:
    return f'<number:{kind}-style style:name="{name}">{inner}</number:{kind}-style>'


def document(rows: str, own: str = "", common: str = "", said: str = "") -> tuple[bytes, bytes]:
    """The content with styles of its own, and the member with the common ones."""
    made = ods_content(rows).replace(" office:version=", f"{_NAMES} office:version=")
    made = made.replace('table:name="表"', f'table:name="表"{said}')
    content = made.replace("<office:body>", f"<office:automatic-styles>{own}</office:automatic-styles><office:body>")
    root = content.partition("<office:automatic-styles>")[0].replace("document-content", "document-styles")
    return content.encode(), f"{root}<office:styles>{common}</office:styles></office:document-styles>".encode()


def looks(rows: str, own: str = "", common: str = "", said: str = "") -> dict[tuple[int, int], CellLook]:
    content, styles = document(rows, own, common, said)
    found = dict(looks_of_ods(content, styles)["表"])
    assert may_mislead_in_ods(content, styles) or not found
    styled = look_through(content, styles, LIMITS).styled
    assert may_mislead_in_ods(content, styles, styled) or not found
    return found


def row(cells: str, said: str = "") -> str:
    return f"<table:table-row{said}>{cells}</table:table-row>"


def findings(own: str) -> list[Finding]:
    content, _ = document(row(SIX.format(STYLED)), own)
    data = ods(content=content)
    looker = Looker(admit(data), data)
    where = {"a": (0, 0)}
    return list(looker.look("表", where, {"a": 6.0}).findings) if looker.must_look("表", where.values()) else []


STRIKE = '<style:text-properties style:text-line-through-style="solid"/>'
STRUCK = CellLook("", is_lost=False, is_pale=True, is_struck=True)
_BY = ' table:default-cell-style-name="a"'


@pytest.mark.parametrize(
    ("rows", "own", "common"),
    [
        (row(SIX.format(STYLED)), style(STRIKE), ""),
        (f"<table:table-column{_BY}/>" + row(SIX.format("")), style(STRIKE), ""),
        (row(SIX.format(""), _BY), style(STRIKE), ""),
        (f'<table:table-header-columns><table:table-column{_BY}/></table:table-header-columns>' + row(SIX.format("")), "", style(STRIKE)),
        (row(SIX.format(STYLED)), style(parent_style_name="b"), style(STRIKE, "b")),
        (row(SIX.format(STYLED)), style(parent_style_name="b"), style(name="b", parent_style_name="c") + style(STRIKE, "c")),
        (row(SIX.format("")), "", f'<style:default-style style:family="table-cell">{STRIKE}</style:default-style>'),
    ],
    ids=["its own", "the column's", "the row's", "a common one", "its parent's", "that of its parent's parent", "that behind all"],
)  # fmt: skip
def test_a_number_is_struck_by_whatever_style_it_has(rows: str, own: str, common: str) -> None:
    assert looks(rows, own, common) == {(0, 0): STRUCK}


def test_a_style_of_its_own_goes_before_that_of_its_row_and_this_before_that_of_its_column() -> None:
    unstruck = style('<style:text-properties style:text-line-through-style="none"/>', "b", parent_style_name="a")
    column = f"<table:table-column{_BY}/>"
    assert looks(column + row(SIX.format(' table:style-name="b"')), style(STRIKE) + unstruck) == {}
    assert looks(column + row(SIX.format(""), ' table:default-cell-style-name="b"'), style(STRIKE) + unstruck) == {}


def test_repeated_cells_and_rows_have_the_style_of_their_columns() -> None:
    columns = (
        '<table:table-column table:number-columns-repeated="2"/><table:table-column table:default-cell-style-name="a"/>'
    )
    cells = SIX.format(' table:number-columns-repeated="3"')
    empty = '<table:table-cell table:number-columns-repeated="3"/>'
    rows = columns + row(empty) + row(cells, ' table:number-rows-repeated="2"') + row(cells)
    assert looks(rows, style(STRIKE)) == dict.fromkeys([(1, 2), (2, 2), (3, 2)], STRUCK)


WHITE = '<style:text-properties fo:color="#ffffff"/>'


@pytest.mark.parametrize(
    "common",
    [
        style(WHITE).replace('"a"', "'a'"),
        style(WHITE).replace('"a"', '"&#97;"'),
        style(WHITE).replace('style:name="a"', 'style:name = "a"'),
        style(WHITE).replace("<style:style ", "<style:style\n"),
        style(WHITE).replace('style:name="a" style:family="table-cell"', 'style:family="table-cell" style:name="a"'),
        style(parent_style_name="b").replace('"b"', "'b'") + style(WHITE, "b"),
        style(parent_style_name="b").replace('"b"', '"&#98;"') + style(WHITE, "b"),
        style(WHITE) + style().replace("table-cell", "paragraph"),
        style() + style(WHITE).replace("style:", "s:").replace("<s:style", f'<s:style xmlns:s="{_ODF}style:1.0"') + " " * 9_000,
        " " * 9_000 + style(WHITE).replace("style:", "s:").replace("<s:style", f'<s:style xmlns:s="{_ODF}style:1.0"'),
        f'<style:default-style\nstyle:family="table-cell">{WHITE}</style:default-style>',
    ],
)  # fmt: skip
def test_a_glance_passes_over_no_common_style_however_it_is_spelt(common: str) -> None:
    content, styles = document(row(SIX.format(STYLED)), "", common)
    assert looks_of_ods(content, styles)["表"]
    assert may_mislead_in_ods(content, styles)
    assert may_mislead_in_ods(content, styles, look_through(content, styles, LIMITS).styled)


@pytest.mark.parametrize("said", ["table:style-name='a'", 'table:style-name="&#97;"', 'table:style-name\n=\n"a"'])
def test_a_glance_passes_over_no_name_of_a_style_however_it_is_spelt(said: str) -> None:
    content, styles = document(row(SIX.format(f" {said}")), "", style(WHITE))
    assert looks_of_ods(content, styles)["表"]
    assert may_mislead_in_ods(content, styles)
    assert may_mislead_in_ods(content, styles, look_through(content, styles, LIMITS).styled)


def test_a_style_that_is_its_own_parent_ends() -> None:
    assert looks(row(SIX.format(STYLED)), style(STRIKE, parent_style_name="a")) == {(0, 0): STRUCK}


@pytest.mark.parametrize(
    ("inner", "is_lost"),
    [
        ('<style:text-properties fo:color="#ffffff"/>', True),
        ('<style:text-properties fo:color="#FEFEFE"/>', True),
        ('<style:table-cell-properties fo:background-color="#000000"/><style:text-properties fo:color="#000000"/>', True),
        ('<style:table-cell-properties fo:background-color="#000000"/><style:text-properties fo:color="#ffffff"/>', False),
        ('<style:table-cell-properties fo:background-color="transparent"/><style:text-properties fo:color="#000000"/>', False),
        ('<style:text-properties fo:color="#ffffff" style:use-window-font-color="true"/>', False),
        ('<style:text-properties fo:color="white"/>', False),
    ],
)  # fmt: skip
def test_a_number_in_the_colour_of_its_ground_is_told(inner: str, is_lost: bool) -> None:
    assert [finding.code for finding in findings(style(inner))] == ["S109"] * is_lost


def test_what_a_protected_sheet_hides_is_told_and_what_another_one_does_not() -> None:
    own = style('<style:table-cell-properties style:cell-protect="hidden-and-protected"/>')
    assert looks(row(SIX.format(STYLED)), own, said=' table:protected="true"')[0, 0].is_lost
    assert looks(row(SIX.format(STYLED)), own) == {}


DIGITS = '<number:number number:min-integer-digits="1" number:decimal-places="{}"{}/>'
PARTS = number_format(DIGITS.format(0, ""), "P0") + number_format("", "P1")


@pytest.mark.parametrize(
    ("made", "code", "said"),
    [
        (number_format(""), "S109", ""),
        (number_format("<number:text/>"), "S109", ""),
        (number_format("<number:text>-</number:text>"), "S109", ""),
        (number_format('<style:text-properties fo:color="#ffffff"/>' + DIGITS.format(0, "")), "S109", ""),
        (number_format("<number:text>5</number:text>"), "S113", "显示“5”，"),
        (number_format("<number:text>5</number:text>" + DIGITS.format(0, "")), "S113", "显示“56”，"),
        (number_format(DIGITS.format(0, "") + "<number:text>%</number:text>", kind="percentage"), "S113", "显示“600%”，"),
        (number_format(DIGITS.format(0, ' number:display-factor="1000"')), "S113", "显示“0”，"),
        (PARTS + number_format('<style:map style:condition="value()&lt;0" style:apply-style-name="P1"/>' + DIGITS.format(0, "")), "", ""),
        (number_format(DIGITS.format(0, "")), "", ""),
        (number_format(DIGITS.format(2, ' number:grouping="true"')), "", ""),
        (number_format('<number:number number:min-integer-digits="1"/>'), "", ""),
        (number_format(DIGITS.format(0, "") + "<number:text>件</number:text>"), "", ""),
        (number_format(DIGITS.format(0, "") + "<number:text>%</number:text>"), "S113", "显示“6%”，"),
        (number_format('<number:fill-character> </number:fill-character>' + DIGITS.format(0, "")), "", ""),
        (number_format('<number:scientific-number number:decimal-places="2"/>'), "", ""),
        (number_format("<number:text-content/>", kind="text"), "", ""),
    ],
)  # fmt: skip
def test_what_a_format_shows_is_told_where_it_is_not_the_number(made: str, code: str, said: str) -> None:
    found = findings(made + style(data_style_name="N1"))
    assert [finding.code for finding in found] == [code] * bool(code)
    assert all(said in finding.message for finding in found)


@pytest.mark.parametrize(("value", "code"), [(6, "S109"), (-6, "")])
def test_a_format_of_several_parts_shows_what_the_part_of_the_number_shows(value: int, code: str) -> None:
    conditions = '<style:map style:condition="value()&gt;=0" style:apply-style-name="P1"/>'
    whole = PARTS + number_format("<number:text>-</number:text>" + DIGITS.format(0, "") + conditions)
    content, _ = document(row(SIX.format(STYLED).replace("6", str(value))), whole + style(data_style_name="N1"))
    data = ods(content=content)
    found = Looker(admit(data), data).look("表", {"a": (0, 0)}, {"a": float(value)}).findings
    assert [finding.code for finding in found] == [code] * bool(code)


def test_a_struck_number_counts_as_none() -> None:
    content, _ = document(f"<table:table-column{_BY}/>" + row(SIX.format("")), style(STRIKE))
    data = ods(content=content)
    looker = Looker(admit(data), data)
    assert looker.must_look("表", [(0, 0)])
    assert looker.look("表", {"a": (0, 0)}, {"a": 6.0}).values["a"] == NoValue("raised", "（6已划去）")


_inner = st.sampled_from(
    [
        "", STRIKE, '<style:text-properties fo:color="#ffffff"/>', '<style:text-properties fo:color="#000000"/>',
        '<style:table-cell-properties fo:background-color="#000000"/>', '<style:text-properties fo:color = "#ffffff"/>',
        '<style:table-cell-properties style:cell-protect="hidden-and-protected"/>', "<style:text-properties fo:color='#fff'/>",
    ]
)  # fmt: skip
_said = st.fixed_dictionaries(
    {}, optional={"parent_style_name": st.sampled_from("abc"), "data_style_name": st.sampled_from(["N1", "N2", "P0"])}
)
_styles = st.builds(lambda name, inner, said: style(inner, name, **said), st.sampled_from("abc"), _inner, _said)
_formats = st.sampled_from(
    [number_format(""), number_format(DIGITS.format(0, "")), number_format("<number:text>5</number:text>", "N2"), PARTS]
)


@given(
    st.lists(st.one_of(_styles, _formats), max_size=4),
    st.lists(st.one_of(_styles, _formats), max_size=4),
    st.sampled_from("abc"),
)
@example([style(parent_style_name="b")], [style(STRIKE, "b")], "a")
def test_a_glance_passes_over_nothing_that_a_full_look_finds(own: list[str], common: list[str], name: str) -> None:
    rows = f'<table:table-column table:default-cell-style-name="{name}"/>' + row(SIX.format("") + SIX.format(STYLED))
    looks(rows, "".join(own), "".join(common), ' table:protected="true"')
