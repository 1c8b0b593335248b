"""An .ods of a template that is known is judged as if nothing were known: whatever is changed in it, wherever, and whatever it holds."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile import makers as hostile
from tests.hostile.corpus import books
from tests.making.copies import parts_of
from xlcheck.forms.file import load_form
from xlcheck.guard.admit import Package, admit
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.memory import Ask, Memory, afresh
from xlcheck.model.errors import Refused
from xlcheck.reading import read
from xlcheck.reading.printed import printed_numbers
from xlcheck.reading.read import read_submission
from xlcheck.reading.seen import Looker
from xlcheck.reading.sheets import Sheets

FORM = load_form()
KNOWN = Memory()
"""Goes from test to test: what holds of one document may not be said of another."""
_SPACES = "".join(
    f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("style", "style"), ("fo", "xsl-fo-compatible"), ("number", "datastyle"))
)
_CALCEXT = ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
_HEADING = (
    '<table:table-cell table:style-name="ce1" table:formula="of:=[.B4]" office:value-type="string" '
    'office:string-value="{0}" calcext:value-type="string"><text:p>{0}</text:p></table:table-cell>'
)
_STYLES = (
    '<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"><style:table-cell-properties '
    'fo:background-color="#ffffff"/><style:text-properties fo:color="#000000"/></style:style>'
    '<style:style style:name="ro1" style:family="table-row"><style:table-row-properties style:row-height="0.5in"/></style:style>'
    '<number:number-style style:name="N1"><number:number number:min-integer-digits="1"/></number:number-style>'
)


def content(number: int, name: str = "某某市教育局") -> str:
    """The form as LibreOffice writes it: styles, what may be typed in, numbers with what is shown of them, a formula, a merge."""
    made = books.book(**{field.key.replace(".", "__"): number for field in FORM.fields})
    made = books.put(made, {"封面!C4": name, "封面!E1": books.Xml("", 'table:number-columns-spanned="2"')})
    made[FORM.guide.sheet] = [["填报说明"]]
    told = parts_of(books.ods(made))["content.xml"].decode()
    told = re.sub(
        r'<table:table-cell office:value-type="float" office:value="([^"]*)"/>',
        r'<table:table-cell table:style-name="ce1" table:content-validation-name="val1" office:value-type="float" '
        r'office:value="\1" calcext:value-type="float"><text:p>\1</text:p></table:table-cell>',
        told,
    )
    told = told.replace("<table:table-row>", '<table:table-row table:style-name="ro1">')
    heading = _HEADING.format(f"填报单位：{name}")
    told = told.replace("<table:table-cell/></table:table-row>", f"{heading}</table:table-row>", 3)
    told = told.replace(" office:version=", f"{_SPACES}{_CALCEXT} office:version=")
    validation = (
        f'<table:content-validations><table:content-validation table:name="val1" table:base-cell-address="{name}.A1"/>'
    )
    told = told.replace("<office:spreadsheet>", f"<office:spreadsheet>{validation}</table:content-validations>")
    return told.replace("<office:body>", f"<office:automatic-styles>{_STYLES}</office:automatic-styles><office:body>")


COMMON = (
    f'<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    f'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"{_SPACES}>'
    '<office:styles><style:default-style style:family="table-cell"><style:text-properties fo:color="#000000"/></style:default-style>'
    '<style:style style:name="Default" style:family="table-cell"/></office:styles><office:automatic-styles>'
    '<style:page-layout style:name="Mpm1"/><style:style style:name="MT1" style:family="text"/></office:automatic-styles>'
    '<office:master-styles><style:master-page style:name="p" style:page-layout-name="Mpm1"/></office:master-styles></office:document-styles>'
)


def packed(told: str, styles: str = COMMON) -> bytes:
    parts = parts_of(hostile.ods(content=told))
    return hostile.pack({**parts, "styles.xml": styles})


@cache
def whole() -> str:
    return content(7)


@cache
def usual() -> bytes:
    return packed(whole())


def came_to(data: bytes, ask: Ask) -> Any:
    """All that is made of a document: what the guard hands on, and what is read; or why it is refused."""
    try:
        package = admit(data, LIMITS, ask)
        submission = read_submission(package, data, FORM, ask)
    except Refused as refused:
        return refused.code, refused.message
    return package, submission, list(map(repr, submission.held.items()))


def agrees(data: bytes) -> Any:
    """What it comes to, with everything known of the template and with nothing; asked twice, so that it is known itself, too."""
    first = came_to(data, afresh)
    admit(usual(), LIMITS, KNOWN.ask)
    assert [came_to(data, KNOWN.ask) for _ in range(2)] == [first] * 2
    return first


def is_taken(data: bytes) -> bool:
    """Whether the numbers are taken without looking for labels, with everything known; what is read is the same in both ways."""
    agrees(data)
    package = admit(data, LIMITS, KNOWN.ask)
    looker = Looker(package, data, KNOWN.ask)
    return printed_numbers(FORM, Sheets(package), looker, KNOWN.ask) is not None


def test_what_is_known_of_one_document_serves_another_with_values_of_its_own() -> None:
    known: dict[Any, Any] = {}
    found: list[str] = []

    def asked(find: Any, data: bytes, *given: Any) -> Any:
        if (find, data, given) not in known:
            known[find, data, given] = find(data, *given)
            found.append(find.__name__)
        return known[find, data, given]

    first, second = (packed(content(number, name)) for number, name in ((3, "市档案局"), (12, "某某镇人民政府")))
    told = came_to(first, asked)
    assert {"frame_of", "_quiet", "_glance", "_filled"} <= {*found}
    found.clear()
    other = came_to(second, asked)
    assert {*found} <= {"_inflate", "_kind"}
    assert (told, other) == (came_to(first, afresh), came_to(second, afresh))
    assert [set(came[1].held.values()) for came in (told, other)] == [{3.0}, {12.0}]
    assert is_taken(second)


SOUND = ("0", "-6", "2.5", "1e3", "250000", "1.")
ODD = (
    "",
    "７",
    "1,234",
    " 7",
    "7 ",
    "1e999",
    "&#55;",
    "&amp;",
    "&x;",
    "INF",
    "]]>",
    "\t7",
    "7件",
    "\ud7ff",
    "+7",
    "0x7",
    "\x01",
    "7\n",
)


@pytest.mark.parametrize("value", [*SOUND, *ODD])
@pytest.mark.parametrize("shown", [True, False], ids=["shown", "stored"])
def test_a_value_is_judged_for_every_document(value: str, shown: bool) -> None:
    at = whole().index('office:value="7"') if not shown else whole().index("<text:p>7</text:p>")
    told = whole()[:at] + whole()[at:].replace("7", value, 1)
    agrees(packed(told))


@pytest.mark.parametrize(
    "value", ["市 局", "", "a&amp;b", "&x;", "]]>", "a\tb", "a\r\nb", "'\"", "xmlns:a=", "1" * 40_000]
)
def test_a_text_is_judged_for_every_document(value: str) -> None:
    agrees(packed(content(7, value)))


Change = tuple[int, int, str]
"""From where to where in a text, and what stands there instead."""


def changes(told: str, start: int) -> Iterator[Change]:
    """Each attribute of each tag taken away or given another value, each cell, row, column and text given or being more than it is."""
    number = itertools.count()
    for tag in re.compile(r"<[^<>]+>[^<]*").finditer(told, start):
        spelt, close = tag[0], tag[0].index(">")
        close -= spelt[close - 1] == "/"
        for said in re.compile(r' [\w:-]+="[^"]*"').finditer(spelt, 0, close):
            first, last = tag.start() + said.start(), tag.start() + said.end()
            yield first, last, ""
            yield first, last, f'{said[0].partition("=")[0]}="{_OTHERS[next(number) % len(_OTHERS)]}"'
        if not spelt.startswith("</"):
            yield tag.start() + close, tag.start() + close, _MORE[next(number) % len(_MORE)]
        yield *tag.span(), _OTHERWISE[next(number) % len(_OTHERWISE)](spelt)


def changed(told: str, change: Change) -> str:
    first, last, new = change
    return told[:first] + new + told[last:]


_OTHERS = ("", "7", "x", "string", "date", "1e3", "&amp;", "0cm", "#ffffff", "false", "ce1", "ro1", "2")
_MORE = (
    ' table:formula="of:=[.A1]"', ' table:number-columns-repeated="2"', ' table:number-rows-repeated="2"',
    ' table:number-columns-spanned="2" table:number-rows-spanned="2"', ' table:visibility="collapse"', ' table:style-name="ce1"',
    ' office:string-value="7"', ' calcext:value-type="error"', ' table:display="false"', ' style:text-line-through-style="solid"',
)  # fmt: skip
_OTHERWISE = (
    lambda spelt: "", lambda spelt: spelt * 2, lambda spelt: f"{spelt}5", lambda spelt: f"{spelt}<!-- -->", lambda spelt: f"{spelt}<text:s/>",
    lambda spelt: spelt.replace("table-cell", "covered-table-cell"), lambda spelt: spelt.partition(">")[0] + ">",
)  # fmt: skip
ROWS, HEAD = whole().index("<office:body>"), whole().index("<office:automatic-styles>")
IN_HEAD, IN_ROWS = ([*changes(whole()[:end], start)] for start, end in ((HEAD, ROWS), (ROWS, len(whole()))))
IN_STYLES = [*changes(COMMON, COMMON.index("<office:styles>"))]


@settings(max_examples=100)
@given(st.one_of(st.sampled_from(IN_HEAD), st.sampled_from(IN_ROWS), st.sampled_from(IN_ROWS)))
def test_whatever_is_changed_is_judged_as_if_nothing_were_known(change: Change) -> None:
    agrees(packed(changed(whole(), change)))


@given(st.sampled_from(IN_STYLES))
def test_common_styles_that_are_changed_are_judged_as_if_nothing_were_known(change: Change) -> None:
    agrees(packed(whole(), changed(COMMON, change)))


STRUCK = '<style:text-properties style:text-line-through-style="solid" '


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('office:value="7"', 'table:formula="of:=3+4" office:value="7"'),
        ('<table:table-row table:style-name="ro1">', '<table:table-row table:style-name="ro1" table:visibility="collapse">'),
        ('office:value-type="float" office:value="7"', 'office:value-type="date" office:date-value="2026-01-07"'),
        (' office:value-type="float" office:value="7" calcext:value-type="float"', ""),
        ('<table:table-row table:style-name="ro1">', '<table:table-row table:style-name="ro1" table:number-rows-repeated="2">'),
        ("<text:p>规章</text:p>", "<text:p>章程</text:p>"),
        ('table:name="填报说明"', 'table:name="说明"'),
        ("<style:text-properties ", STRUCK),
        ('fo:color="#000000"', 'fo:color="#ffffff"'),
        ('style:row-height="0.5in"', 'style:row-height="0in"'),
        ("<number:number ", "<number:text>5</number:text><number:number "),
    ],
)  # fmt: skip
def test_what_is_not_seen_as_it_is_is_looked_at(before: str, after: str) -> None:
    assert is_taken(usual())
    assert before in whole()
    assert not is_taken(packed(whole().replace(before, after)))


def test_a_text_in_a_field_is_taken_as_the_text_that_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    number = 'office:value-type="float" office:value="7" calcext:value-type="float"'
    data = packed(whole().replace(number, 'office:value-type="string" calcext:value-type="string"'))
    assert is_taken(data)
    taken = read_submission(admit(data), data, FORM).held
    monkeypatch.setattr(read, "printed_numbers", lambda *given: None)
    looked_for = read_submission(admit(data), data, FORM).held
    assert "7" in taken.values()
    assert [*map(repr, taken.items())] == [*map(repr, looked_for.items())]


def test_a_number_that_repeats_is_taken_where_it_stands() -> None:
    five = '<table:table-cell office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell>'
    told = re.sub(r"<table:table-cell [^<>]*val1[^<>]*><text:p>7</text:p></table:table-cell>", five, whole())
    again = five.replace(" office", ' table:number-columns-repeated="3" office', 1)
    assert five * 3 in told
    told = told.replace(five * 3, again)
    assert is_taken(packed(told))
    assert set(
        agrees(
            packed(
                told.replace(
                    '"3" office:value-type="float" office:value="7"', '"3" office:value-type="float" office:value="8"'
                )
            )
        )[1].held.values()
    ) == {7.0, 8.0}


def test_pages_may_stand_in_any_order_but_say_nothing_of_cells() -> None:
    first = came_to(usual(), KNOWN.ask)
    pages = '<style:page-layout style:name="Mpm2"/><style:page-layout style:name="Mpm1"/>'
    swapped = COMMON.replace('<style:page-layout style:name="Mpm1"/>', pages)
    assert agrees(packed(whole(), swapped))[1:] == first[1:]
    for name in ("ce1", "Default"):
        struck = f'<style:style style:name="{name}" style:family="table-cell">{STRUCK}/></style:style>'
        assert not is_taken(
            packed(
                whole().replace(' table:style-name="ce1"', f' table:style-name="{name}"'),
                COMMON.replace('<style:style style:name="MT1"', struck + '<style:style style:name="MT1"'),
            )
        )


def test_a_merge_that_is_repeated_over_the_whole_sheet_is_passed() -> None:
    merged = '<table:table-cell table:number-columns-spanned="2" table:number-columns-repeated="16380"/>'
    rows = f'<table:table-row table:number-rows-repeated="1048500">{merged}</table:table-row></table:table>'
    assert isinstance(agrees(packed(whole().replace("</table:table>", rows)))[0], Package)
