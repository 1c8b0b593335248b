"""What the guard's look finds in a sheet is what calamine reads there, and what a parser of the whole sheet finds."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from fuzz.readings import spelt
from samples.make import COVER, published
from tests.hostile import makers
from tests.making import honest
from xlcheck.drawing.template import render
from xlcheck.forms.file import load_form
from xlcheck.guard.admit import Package, admit
from xlcheck.model.cells import cell_name
from xlcheck.model.errors import Refused
from xlcheck.model.numbers import MIB
from xlcheck.reading.odd import odd_cells
from xlcheck.reading.rows import all_entered, rows_of
from xlcheck.reading.written_xlsx import XlsxBook

FILES = Path(__file__).parents[1] / "hostile" / "corpus" / "files"
MADE: dict[str, Callable[[], bytes]] = {path.name: path.read_bytes for path in sorted(FILES.glob("*.xls*"))}
MADE |= {name: maker for name, maker, _ in honest.HONEST if "30,000" not in name}
MADE["filled"] = lambda: render(load_form(), COVER, published(load_form()))


def admitted(data: bytes) -> Package | None:
    try:
        package = admit(data)
    except Refused:
        return None
    small = sum(map(len, package.parts.values())) < MIB
    return package if package.plain and small else None


def by_calamine(book: CalamineWorkbook, title: str) -> list[list[object]]:
    """The rows as calamine reads them, with every text entered as the reader does it."""
    rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
    return [[all_entered([value])[0] if isinstance(value, str) else value for value in row] for row in rows]


def told(package: Package) -> int:
    """Hold every sheet that is read without calamine against calamine and against a parser; answers how many there are."""
    plain, book, count = package.plain, XlsxBook(package.parts, None), 0
    assert plain is not None
    calamine = None
    for title, sheet in plain.sheets.items():
        written = book.sheet(title)
        assert sheet.layout.formulas == {cell for cell, held in written.cells.items() if held.formula is not None}
        assert sheet.layout.hides or not written.rows or b"zeroHeight" in sheet.around
        assert sheet.layout.has_odd or not odd_cells(package, title, package.data)
        rows = rows_of(sheet, plain, plain.texts and all_entered(plain.texts))
        if rows is not None:
            calamine = calamine or CalamineWorkbook.from_filelike(io.BytesIO(package.safe))
            assert repr(rows) == repr(by_calamine(calamine, title))  # repr: 1 is no 1.0, nor True
            count += 1
    return count


@pytest.mark.parametrize("name", MADE)
def test_what_we_read_is_what_calamine_reads(name: str) -> None:
    package = admitted(MADE[name]())
    if package is not None:
        told(package)


def test_the_template_is_read_without_calamine() -> None:
    package = admitted(MADE["filled"]())
    assert package is not None
    assert package.plain is not None
    assert told(package) == len(package.plain.titles)


def test_other_spellings_that_are_admitted_are_read_as_calamine_reads_them() -> None:
    packages = [package for seed in range(400) if (package := admitted(spelt(seed)[0]))]
    assert sum(map(told, packages)) > 100


_NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(-(10**25), 10**25).map(str),
    st.sampled_from(["0", "-0", "5.", ".5", "1E3", "1e-7", "1e999", "007", "1234567890.12345678901"]),
)
_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="<&\ufffe\uffff"), max_size=9
)
_SPELT = st.one_of(
    _TEXTS,
    st.sampled_from(
        [
            "",
            " a ",
            "\ta\n",
            "\u3000a",
            "a&amp;b&#65;&#x4e2d;",
            "&#10;a",
            "a\r\nb",
            "_x000D_b",
            "&#13;",
            "&lt;&gt;&quot;&apos;",
        ]
    ),
)
_KEPT = st.sampled_from(["", ' xml:space="preserve"'])
_FORMULAS = st.sampled_from(
    ["", "<f>A1+1</f>", '<f aca="false">1</f>', '<f t="shared" si="0"/>', '<f t="array" ref="A1:B2">1</f>']
)


def _t(kept: str, text: str) -> str:
    return f"<t{kept}>{text}</t>"


_STRINGS = st.lists(
    st.one_of(
        st.builds(lambda text: f"<si>{text}</si>", st.builds(_t, _KEPT, _SPELT)),
        st.builds(lambda text: f'<si>{text}<phoneticPr fontId="1"/></si>', st.builds(_t, _KEPT, _SPELT)),
        st.builds(
            lambda one, two: f'<si><r>{one}</r><r><rPr><b/></rPr>{two}</r><rPh sb="0" eb="1"><t>读</t></rPh></si>',
            st.builds(_t, _KEPT, _SPELT),
            st.builds(_t, _KEPT, _SPELT),
        ),
        st.sampled_from(["<si/>", "<si><t/></si>", "<si></si>"]),
    ),
    min_size=3,
    max_size=6,
)
_INSIDE = st.one_of(
    st.just("/>"),
    st.builds(lambda f, number: f">{f}<v>{number}</v></c>", _FORMULAS, _NUMBERS),
    st.builds(lambda f: f' t="n">{f}<v/></c>', _FORMULAS),
    st.builds(lambda number: f' t="s"><v>{number}</v></c>', st.integers(0, 2)),
    st.builds(lambda f, text: f' t="str">{f}<v>{text}</v></c>', _FORMULAS, _SPELT),
    st.builds(lambda f: f' t="str">{f}<v/></c>', _FORMULAS),
    st.builds(lambda f, truth: f' t="b">{f}<v>{truth}</v></c>', _FORMULAS, st.integers(0, 1)),
    st.builds(
        lambda f, error: f' t="e">{f}<v>{error}</v></c>', _FORMULAS, st.sampled_from(["#N/A", "#DIV/0!", "#SPILL!", ""])
    ),
    st.builds(lambda kept, text: f' t="inlineStr"><is>{_t(kept, text)}</is></c>', _KEPT, _SPELT),
    st.sampled_from([' t="s"/>', ' t="str"/>', ' t="inlineStr"></c>', "></c>"]),
)
_CELLS = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 30)), st.tuples(st.integers(0, 4), _INSIDE), max_size=9
)
_STYLES = (
    f'<styleSheet xmlns="{makers.MAIN}"><numFmts count="2"><numFmt numFmtId="200" formatCode="yyyy\\-m"/>'
    '<numFmt numFmtId="201" formatCode="0.0_ ;[Red]\\-0&quot;件&quot;"/></numFmts><cellXfs count="4">'
    '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="200"/><xf fontId="1" numFmtId="201"/></cellXfs></styleSheet>'
)


def _package(cells: dict[tuple[int, int], tuple[int, str]], strings: list[str]) -> bytes:
    links = [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")]
    parts = makers.parts(links=makers.relationships(*links))
    rows = {row: "" for row, _ in sorted(cells)}
    for (row, column), (style, inside) in sorted(cells.items()):
        rows[row] += f'<c r="{cell_name((row, column))}" s="{style}"{inside}'
    parts[makers.SHEET] = makers.sheet("".join(makers.row(row + 1, inner) for row, inner in rows.items()))
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{makers.MAIN}">{"".join(strings)}</sst>'
    parts["xl/styles.xml"] = _STYLES
    return makers.pack(parts)


@given(_CELLS, _STRINGS)
@example({(0, 0): (0, ' t="s"><v>1</v></c>')}, ["<si/>", "<si><t>0</t></si>", "<si><t>1</t></si>"])
@example({(0, 0): (0, ' t="s"><v>2</v></c>')}, ["<si />", "<si/>", "<si><t>1</t></si>", "<si/>"])
def test_whatever_is_spelt_plainly_is_read_as_calamine_reads_it(
    cells: dict[tuple[int, int], tuple[int, str]], strings: list[str]
) -> None:
    package = admitted(_package(cells, strings))
    if package is not None:
        told(package)


@pytest.mark.parametrize(
    ("inside", "read"),
    [
        ("><v>40000</v></c>", 40000.0),
        (' t="s"><v>1</v></c>', "甲&乙"),
        (' t="inlineStr"><is><t> 丙 </t></is></c>', "丙"),
        (' t="str"><f>A1</f><v>丁</v></c>', "丁"),
        (' t="b"><v>1</v></c>', True),
        (' t="e"><v>#REF!</v></c>', ""),
    ],
)
def test_every_kind_of_value_is_read_without_calamine(inside: str, read: object) -> None:
    package = admitted(_package({(1, 1): (3, inside)}, ["<si><t>头</t></si>", "<si><t>甲&amp;乙</t></si>"]))
    assert package is not None
    assert package.plain is not None
    (sheet,) = package.plain.sheets.values()
    assert rows_of(sheet, package.plain, package.plain.texts) == [["", ""], ["", read]]


@pytest.mark.parametrize(
    ("style", "inside"), [(1, "><v>40000</v></c>"), (2, "><v>40000.5</v></c>"), (0, ' t="str"><v>_x000D_</v></c>')]
)
def test_dates_and_texts_of_a_spelling_of_their_own_are_left_to_calamine(style: int, inside: str) -> None:
    package = admitted(_package({(0, 0): (style, inside)}, ["<si/>"] * 3))
    assert package is not None
    assert package.plain is not None
    (sheet,) = package.plain.sheets.values()
    assert rows_of(sheet, package.plain, package.plain.texts) is None
