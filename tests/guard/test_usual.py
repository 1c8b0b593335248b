"""One pass over the content of an .ods: a glance and a look at every tag find the same, however names are spelt."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.guard.test_ods_plain import agrees
from tests.hostile import makers as hostile
from tests.hostile.corpus import books
from tests.hostile.verdicts import verdict
from tests.making import honest
from tests.making.doors import ODS
from xlcheck.guard import usual
from xlcheck.guard.admit import admit
from xlcheck.guard.container import inflate
from xlcheck.guard.limits import LIMITS
from xlcheck.guard.markup import readable
from xlcheck.guard.ods_found import OdsCell, OdsContent
from xlcheck.guard.ods_styles import OdsStyles, hide_nothing, raise_nothing, strike_nothing
from xlcheck.guard.usual import look_through
from xlcheck.model.errors import Refused

MADE: dict[str, Callable[[], bytes]] = {
    "the form": lambda: books.ods(books.book()),
    **{door.name: door.maker for door in ODS},
    **{name: maker for name, maker, kind in honest.BY_LIBREOFFICE if kind == "ods" and honest.SOFFICE},
}
STYLE = '<style:style style:name="a"><style:{}/></style:style>'
TEXT = '<table:table-cell office:value-type="string"><text:p text:style-name="a">x</text:p></table:table-cell>'


def contents(data: bytes) -> tuple[bytes, bytes]:
    parts = inflate(data, LIMITS).parts
    content, styles = (readable(parts.get(name, b"<a/>"), "", LIMITS) for name in ("content.xml", "styles.xml"))
    return content, styles


def looked(data: bytes) -> OdsContent:
    return look_through(*contents(data), LIMITS)


@pytest.mark.parametrize("name", MADE)
def test_a_glance_and_a_full_look_find_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = MADE[name]()
    assert agrees(*contents(data)) or not name.startswith("LibreOffice")
    monkeypatch.setattr(usual, "plain_tables", lambda *_: None)
    quick = looked(data)
    assert any(table.cells for table in quick.found)
    monkeypatch.setattr(usual, "_quiet", lambda *_: None)
    each_tag = looked(data)
    monkeypatch.setattr(usual, "_is_spelt_so", lambda _: False)
    by_namespace = looked(data)
    assert quick.found == each_tag.found == by_namespace.found
    assert quick.written == each_tag.written == by_namespace.written


def content(head: str = "", rows: str = "", namespaces: str = "", around: str = "{}") -> bytes:
    made = hostile.ods_content(rows or hostile.ods_row(hostile.ods_cell()))
    made = made.replace(
        " office:version=",
        f' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"{namespaces} office:version=',
    )
    before, body, after = made.partition("<office:body>")
    return f"{before}<office:automatic-styles>{head}</office:automatic-styles>{around.format(body + after)}".encode()


def cells(data: bytes) -> list[OdsCell]:
    return [cell for table in look_through(data, b"", LIMITS, writes=True).found for cell in table.cells]


@pytest.mark.parametrize(
    ("size", "hidden"),
    [("0cm", True), ("0in", True), ("0.000in", True), ("0.001in", True), ("0.1mm", True), (".0pt", True), ("&#48;cm", True),
     ("0.5in", False), ("5mm", False), ("1cm", False), ("0.2cm", False), ("12pt", False), ("", False), ("cm", False), (".", False)],
)  # fmt: skip
@pytest.mark.parametrize("what", ["row-height", "column-width"])
def test_rows_and_columns_of_no_size_are_hidden_and_no_others(size: str, hidden: bool, what: str) -> None:
    kind = what.partition("-")[0]
    head = STYLE.format(f'table-{kind}-properties style:use-optimal-row-height="true" style:{what}="{size}"')
    rows = '<table:table-column table:style-name="a"/>' if kind == "column" else ""
    row = hostile.ods_row(hostile.ods_cell()).replace("<table:table-row", '<table:table-row table:style-name="a"')
    table = look_through(content(head, rows + row), b"", LIMITS).found[0]
    assert (table.rows if kind == "row" else table.columns) == ([(0, 0)] if hidden else [])
    assert not (hidden and hide_nothing(head.encode()))


@pytest.mark.parametrize(
    "properties",
    ['table-properties table:display="false"', "table-properties table:display='false'", 'table-properties table:display = "false"',
     'table-row-properties\n style:row-height\t=\n"0cm"', 'table-row-properties style:use-optimal-row-height="1" style:row-height="&#48;cm"'],
)  # fmt: skip
def test_a_glance_passes_over_no_spelling_of_what_hides(properties: str) -> None:
    head = STYLE.format(properties)
    assert not hide_nothing(head.encode())
    row = hostile.ods_row(hostile.ods_cell()).replace("<table:table-row", '<table:table-row table:style-name="a"')
    rows = content(head, row).replace(b"<table:table ", b'<table:table table:style-name="a" ')
    table = look_through(rows, b"", LIMITS).found[0]
    assert table.is_hidden or table.rows == [(0, 0)]


@pytest.mark.parametrize("how", ['text-position="super 58%"', "text-position='&#115;ub'", 'text-line-through-style = "solid"',
                                 'text-line-through-type="double"'])  # fmt: skip
def test_a_glance_passes_over_no_text_that_looks_otherwise(how: str) -> None:
    head = STYLE.format(f"text-properties style:{how}")
    assert not (raise_nothing(head.encode()) and strike_nothing(head.encode()))
    assert cells(content(head, hostile.ods_row(TEXT)))[0].runs
    styles = content(head).replace(b"document-content", b"document-styles")
    assert look_through(content("", hostile.ods_row(TEXT)), styles, LIMITS).found[0].cells[0].runs


def test_what_is_as_usual_passes_at_a_glance() -> None:
    usual_ones = (
        'table-properties table:display="true"',
        'table-row-properties style:row-height="0.5in" style:use-optimal-row-height="false"',
        'table-column-properties style:column-width="2.5cm"',
        'text-properties style:text-line-through-style="none" style:text-line-through-type="none"',
    )
    head = "".join(map(STYLE.format, usual_ones)).encode()
    assert hide_nothing(head)
    assert raise_nothing(head)
    assert strike_nothing(head)
    found = OdsStyles()
    usual._Pass("", found, None, spaces=False).run(content(head.decode()), 0)
    assert not found.hides
    assert not found.how


@pytest.mark.parametrize(
    "data",
    [
        content(around="<office:wrapper>{}</office:wrapper>"),
        content('<office:x a="<office:body>"/>'),
        content("<office:body>", around="</office:body>{}"),
        content(rows="<table:table/>"),
        content(rows=hostile.ods_row(hostile.ods_row(""))),
        content(rows=hostile.ods_row("<text:p>1</text:p>")),
        content(rows=hostile.ods_row("<table:table-rows>" + hostile.ods_cell() + "</table:table-rows>")),
        content(rows=hostile.ods_cell()),
        content("<style:style>" * 100 + "</style:style>" * 100, around="<!--office:body -->{}").replace(b"<office:body>", b"<office:body >"),
        content()[:-5],
    ],
    ids=["wrapped", "in a value", "twice", "table in table", "row in row", "text in a row", "group in a row",
         "cell without a row", "deep styles", "cut off"],
)  # fmt: skip
def test_what_programs_could_read_differently_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        look_through(data, b"", LIMITS)
    assert refused.value.code == "F101"


def test_a_body_in_a_comment_is_none() -> None:
    head = "<!-- <office:body> -->" + STYLE.format('table-row-properties style:row-height="0cm"')
    row = hostile.ods_row(hostile.ods_cell()).replace("<table:table-row", '<table:table-row table:style-name="a"')
    assert look_through(content(head, row), b"", LIMITS).found[0].rows == [(0, 0)]


@pytest.mark.parametrize(
    "namespaces",
    [' xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0"', ' xmlns:t="urn&#58;oasis:names:tc:opendocument:xmlns:table:1.0"',
     " xmlns:t\n=\n'urn:oasis:names:tc:opendocument:xmlns:table:1.0'"],
)  # fmt: skip
def test_a_prefix_of_ones_own_means_its_namespace(namespaces: str) -> None:
    data = content(namespaces=namespaces).replace(b"<table:", b"<t:").replace(b"</table:", b"</t:")
    assert cells(data) == cells(content()) != []


def test_a_usual_prefix_of_another_namespace_means_nothing() -> None:
    data = content(namespaces=' xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0"').replace(
        b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"', b'xmlns:table="urn:other"'
    )
    assert look_through(data, b"", LIMITS).found == []


def test_only_values_go_on_to_the_reader() -> None:
    head = STYLE.format("text-properties") * 1000
    data = hostile.ods(
        content=content(head, hostile.ods_row(hostile.ods_cell() + "<table:table-cell table:formula='of:=1'/>"))
    )
    safe = inflate(admit(data).safe, LIMITS).parts["content.xml"]
    assert b"style" not in safe
    assert b"formula" not in safe
    assert b'office:value="1"' in safe


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('office:value="7"', "F101"),
        ('office:value-type="void" office:value="7"', "F101"),
        ('office:value-type="float" office:value="7"', hostile.ADMITTED),
        ('office:value-type="currency" office:currency="CNY" office:value="7"', hostile.ADMITTED),
        *((f'office:value-type="float" office:value="7" office:{kind}-value="x"', "F101") for kind in ("date", "time", "boolean")),
        ('office:value-type="date" office:date-value="2025-01-01"', hostile.ADMITTED),
        ('office:value-type="string" office:string-value="7"', hostile.ADMITTED),
    ],
)  # fmt: skip
def test_a_value_is_of_the_one_type_that_it_says(said: str, code: str) -> None:
    data = hostile.ods(hostile.ods_row(f"<table:table-cell {said}><text:p>78</text:p></table:table-cell>"))
    assert verdict(data) == code


@pytest.mark.parametrize("prefix", ["office", "table", "text"])
def test_a_prefix_that_is_not_declared_is_damage(prefix: str) -> None:
    content = re.sub(rf' xmlns:{prefix}="[^"]*"', "", hostile.ods_content(hostile.ods_row(hostile.ods_cell())))
    assert verdict(hostile.ods(content=content)) == "F101"
