"""Reading a .docx: the tables as the page shows them."""

from __future__ import annotations

import io

import docx
import pytest

from tests.making.copies import parts_of
from tests.making.filling import form
from tests.making.written_reports import (
    HEADS,
    SIGNED,
    TITLE,
    Printed,
    cell,
    packed,
    paragraph,
    printed,
    row,
    run,
    table,
    tables,
    word,
    word_report,
)
from xlcheck.model.errors import Refused
from xlcheck.reading.documents.docx import parse_docx
from xlcheck.reading.documents.grid import Document, Grid

Laid = list[tuple[int, int, int, int, str]]


def laid(grid: Grid) -> Laid:
    """The cells of a grid."""
    return [(one.row, one.column, one.rows, one.columns, one.text) for one in grid.cells]


def wanted(cells: list[Printed]) -> Laid:
    """The same of what was printed."""
    return [(one.row, one.column, one.rows, one.columns, one.text) for one in cells]


def only(body: str, styles: str = "") -> Grid:
    """The one table of a document."""
    (grid,) = parse_docx(word(body, styles)).grids
    return grid


def text_of(content: str, styles: str = "") -> tuple[str, str]:
    """What is seen of a cell that holds a paragraph with this content, and the doubt of it."""
    (found,) = only(table(row(cell(paragraph(content)))), styles).cells
    return found.text, found.doubt


def test_the_whole_report_is_read_as_it_is_printed() -> None:
    document = parse_docx(word_report())
    assert document.kind == "docx"
    assert [grid.number for grid in document.grids] == [1, 2, 3]
    assert [laid(grid) for grid in document.grids] == list(map(wanted, tables()))
    assert not [one for grid in document.grids for one in grid.cells if one.doubt]
    assert document.paragraphs == (TITLE, "一、总体情况", *HEADS, *SIGNED)


def test_tables_that_python_docx_wrote_are_read() -> None:
    cells = tables()[2]
    made = docx.Document()
    grid = made.add_table(4, 15)
    for one in cells:
        here = grid.cell(one.row, one.column)
        here.merge(grid.cell(one.row + one.rows - 1, one.column + one.columns - 1)).text = one.text
    buffer = io.BytesIO()
    made.save(buffer)
    assert laid(parse_docx(buffer.getvalue()).grids[0]) == wanted(cells)


def test_a_strict_document_is_read() -> None:
    parts = parts_of(word_report())
    strict = {
        name: content.replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, content in parts.items()
    }
    assert parse_docx(packed(strict)) == parse_docx(word_report())


# --- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (run("1") + run("2"), "12"),
        (run("结　果") + "<w:r><w:br/></w:r>" + run("维持"), "结　果\n维持"),
        ("<w:r><w:t>1</w:t><w:tab/><w:t>2</w:t></w:r>", "1\t2"),
        ("<w:r><w:noBreakHyphen/><w:t>3</w:t></w:r>", "-3"),
        ("<w:r><w:t>1</w:t><w:softHyphen/><w:t>2</w:t></w:r>", "12"),
        (f'<w:hyperlink r:id="rId9">{run("7")}</w:hyperlink>', "7"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('8')}</w:sdtContent></w:sdt>", "8"),
        (f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处')}</w:sdtContent></w:sdt>", ""),
        (f"<w:smartTag><w:smartTag>{run('9')}</w:smartTag></w:smartTag>", "9"),
        (f"<w:ruby><w:rt>{run('yi')}</w:rt><w:rubyBase>{run('一')}</w:rubyBase></w:ruby>", ""),
        (f"<w:r><w:ruby><w:rt>{run('yi')}</w:rt><w:rubyBase>{run('一')}</w:rubyBase></w:ruby></w:r>", "一"),
        (run("5") + '<w:r><w:footnoteReference w:id="2"/></w:r>', "5"),
        ("<w:r><w:t>1<!-- 2 -->3</w:t></w:r>", "13"),
        ("<w:r><w:t><![CDATA[4]]></w:t></w:r>", "4"),
        ('<w:r><w:sym w:font="Symbol" w:char="2022"/></w:r>', "•"),
        ('<w:bdo w:val="rtl"><w:r><w:t>12</w:t></w:r></w:bdo>', "\ufffd12"),
    ],
)  # fmt: skip
def test_a_text_is_what_the_page_shows(content: str, text: str) -> None:
    assert text_of(content) == (text, "")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (f'<w:del w:id="1">{run("5").replace("w:t", "w:delText")}</w:del><w:ins w:id="2">{run("6")}</w:ins>', "6"),
        (f'<w:del w:id="1">{run("5")}</w:del>{run("7")}', "7"),
        (f'<w:moveFrom w:id="1">{run("5")}</w:moveFrom><w:moveTo w:id="2">{run("8")}</w:moveTo>', "8"),
        (run("1", "<w:rPrChange><w:rPr><w:strike/></w:rPr></w:rPrChange>"), "1"),
    ],
)
def test_changes_that_are_tracked_are_read_as_accepted(content: str, text: str) -> None:
    assert text_of(content) == (text, "")


def test_a_row_that_is_deleted_or_hidden_is_none() -> None:
    grid = only(
        table(
            row(cell(paragraph(run("a")))),
            row(cell(paragraph(run("b"))), properties='<w:del w:id="1"/>'),
            row(cell(paragraph(run("c"))), properties="<w:hidden/>"),
            row(cell(paragraph(run("d")))),
        )
    )
    assert laid(grid) == [(0, 0, 1, 1, "a"), (1, 0, 1, 1, "d")]


_STYLES = (
    '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="B"><w:basedOn w:val="H"/></w:style>'
    '<w:style w:type="character" w:styleId="S"><w:basedOn w:val="S"/><w:rPr><w:strike/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="U"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
)


@pytest.mark.parametrize(
    "properties", ["<w:vanish/>", '<w:vanish w:val="true"/>', '<w:rStyle w:val="H"/>', '<w:rStyle w:val="B"/>']
)
def test_hidden_text_is_not_seen(properties: str) -> None:
    assert text_of(run("9", properties) + run("8"), _STYLES) == ("8", "")


@pytest.mark.parametrize("properties", ['<w:vanish w:val="0"/>', '<w:rStyle w:val="H"/><w:vanish w:val="false"/>'])
def test_text_that_is_not_hidden_after_all_is_seen(properties: str) -> None:
    assert text_of(run("9", properties) + run("8"), _STYLES) == ("98", "")


def test_a_style_of_hidden_paragraphs_hides_and_a_second_one_shows_again() -> None:
    styles = _STYLES + '<w:style w:type="paragraph" w:styleId="P"><w:rPr><w:vanish/></w:rPr></w:style>'
    inside = '<w:pPr><w:pStyle w:val="P"/></w:pPr>'
    assert text_of(inside + run("1"), styles) == ("", "")
    assert text_of(inside + run("1") + run("2", '<w:rStyle w:val="H"/>'), styles) == ("2", "")


def _field(code: str, result: str) -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"{marks[0]}{code}{marks[1]}{result}{marks[2]}"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (_field("<w:r><w:instrText>=SUM(LEFT)</w:instrText></w:r>", run("12")), "12"),
        (_field(run("3") + _field(run("4"), run("5")), run("6")), "6"),
        (_field(run("3"), _field(run("4"), run("5"))), "5"),
        (f'<w:fldSimple w:instr="=1">{run("7")}</w:fldSimple>', "7"),
        ('<w:r><w:fldChar w:fldCharType="end"/></w:r>' + run("8"), "8"),
    ],
)
def test_of_a_field_its_result_is_seen(content: str, text: str) -> None:
    assert text_of(content) == (text, "")


@pytest.mark.parametrize(
    "properties",
    [
        '<w:vertAlign w:val="superscript"/>',
        '<w:vertAlign w:val="subscript"/>',
        '<w:position w:val="6"/>',
        '<w:rStyle w:val="U"/>',
    ],
)
def test_a_power_is_no_number(properties: str) -> None:
    assert text_of(run("3") + run("2", properties), _STYLES) == ("3", "其中“2”是上标或下标")


@pytest.mark.parametrize("properties", ["<w:strike/>", "<w:dstrike/>", '<w:rStyle w:val="S"/>'])
def test_what_is_struck_through_is_doubted(properties: str) -> None:
    assert text_of(run("3", properties) + run("4"), _STYLES) == ("4", "其中“3”划了删除线")
    assert text_of(run("3", properties), _STYLES) == ("3", "其中“3”划了删除线")


def test_a_text_that_is_raised_as_a_whole_reads_as_it_stands() -> None:
    assert text_of(run("3", '<w:position w:val="-2"/>') + run(" ")) == ("3", "")


def test_a_formula_is_doubted() -> None:
    assert text_of("<m:oMath><m:r><m:t>32</m:t></m:r></m:oMath>")[0] == "32"
    assert text_of(run("3") + "<m:oMath><m:r><m:t>2</m:t></m:r></m:oMath>")[1]


def test_text_in_boxes_is_not_mixed_in() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph(run('9'))}</w:txbxContent></w:pict></w:r>"
    assert text_of(run("1") + box) == ("1", "")
    assert text_of(box) == ("", "格内是图片、文本框或控件，其中的内容读不出来")
    both = f"<mc:AlternateContent><mc:Choice><w:drawing/></mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert text_of(f"<w:r>{both}</w:r>" + run("2")) == ("2", "")


WHITE = '<w:color w:val="FFFFFF"/>'
SMALL = '<w:sz w:val="2"/>'


@pytest.mark.parametrize("properties", [WHITE, SMALL])
def test_what_nobody_sees_for_its_colour_or_size_is_doubted(properties: str) -> None:
    assert text_of(run("12", properties)) == ("12", "其中“12”是白色或极小的字，页面上看不见")
    assert text_of(run("1") + run("2", properties)) == ("1", "其中“2”是白色或极小的字，页面上看不见")
    style = f'<w:style w:type="character" w:styleId="a"><w:rPr>{properties}</w:rPr></w:style>'
    assert text_of(run("1") + run("2", '<w:rStyle w:val="a"/>'), style)[0] == "1"


def test_white_letters_on_a_coloured_ground_are_seen() -> None:
    (found,) = only(table(row(cell(paragraph(run("12", WHITE)), '<w:shd w:fill="1F3864"/>')))).cells
    assert (found.text, found.doubt) == ("12", "")
    assert text_of(run("12", WHITE + '<w:shd w:fill="1F3864"/>')) == ("12", "")
    assert text_of(run("12", '<w:color w:val="auto"/><w:sz w:val="21"/>')) == ("12", "")


BLACK = '<w:color w:val="000000"/>'


@pytest.mark.parametrize(
    ("content", "properties"),
    [
        (paragraph(run("12", BLACK)), '<w:shd w:val="clear" w:fill="010101"/>'),
        (paragraph(run("12", '<w:color w:val="1F3864"/>')), '<w:shd w:val="clear" w:fill="1f3864"/>'),
        (paragraph(f'<w:pPr><w:shd w:fill="000000"/></w:pPr>{run("12", BLACK)}'), ""),
        (paragraph(run("12", f'{BLACK}<w:shd w:val="clear" w:fill="000000"/>')), ""),
    ],
)
def test_letters_of_their_grounds_colour_are_doubted(content: str, properties: str) -> None:
    (found,) = only(table(row(cell(content, properties)))).cells
    assert (found.text, found.doubt) == ("12", "其中“12”是白色或极小的字，页面上看不见")


def test_letters_are_seen_whose_colour_the_program_chooses() -> None:
    (found,) = only(table(row(cell(paragraph(run("12")), '<w:shd w:val="clear" w:fill="000000"/>')))).cells
    assert not found.doubt
    assert text_of(run("12", f'{BLACK}<w:shd w:val="pct50" w:fill="000000"/>')) == ("12", "")
    assert text_of(run("12", f'{BLACK}<w:highlight w:val="black"/>')) == ("12", "")


def test_only_what_says_a_colour_or_a_size_changes_it() -> None:
    style = f'<w:style w:type="character" w:styleId="a"><w:rPr>{WHITE}</w:rPr></w:style>'
    bigger = '<w:rStyle w:val="a"/><w:sz w:val="24"/>'
    assert text_of(run("12", bigger), style)[1]
    assert text_of(run("12", f'<w:rStyle w:val="a"/>{WHITE.replace("FFFFFF", "000000")}'), style) == ("12", "")


def test_the_ground_of_one_cell_is_not_that_of_the_next() -> None:
    dark = cell(paragraph(run("1", WHITE)), '<w:shd w:fill="1F3864"/>')
    one, other = only(table(row(dark, cell(paragraph(run("2", WHITE)))))).cells
    assert not one.doubt
    assert other.doubt


def listed(text: str, number: str = "1") -> str:
    """A paragraph with a number of the word processor's own before it."""
    return f'<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr></w:pPr>{run(text)}'


def test_a_number_that_word_counts_itself_is_doubted_where_numbers_stand() -> None:
    assert text_of(listed("5")) == ("5", "格里有自动编号，页面上看到的数可能不是写下的数")
    assert text_of(listed(""))[1]
    assert text_of(listed("5", "0")) == ("5", "")
    assert text_of(listed("属于国家秘密")) == ("属于国家秘密", "")


def test_a_title_in_a_text_box_is_text_of_the_document_once() -> None:
    box = f"<w:txbxContent>{paragraph(run(TITLE))}</w:txbxContent>"
    shown = f"<w:drawing>{box}</w:drawing>"
    old = f"<w:pict>{box}</w:pict>"
    both = f"<mc:AlternateContent><mc:Choice>{shown}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    for drawn in (shown, old, both):
        assert parse_docx(word(paragraph(f"<w:r>{drawn}</w:r>{run('一')}"))).paragraphs == (TITLE, "一")
    hidden = f"<w:r><w:rPr><w:vanish/></w:rPr>{old}</w:r>"
    assert parse_docx(word(paragraph(hidden))).paragraphs == ()


def test_numbers_that_are_drawn_from_the_right_are_none() -> None:
    assert text_of(run("\u202e12"))[0] == "\ufffd12"


# --- tables ----------------------------------------------------------------------------------------------------------


def test_cells_below_a_merged_one_are_no_cells_and_what_is_in_them_is_doubted() -> None:
    down = '<w:vMerge w:val="restart"/>', '<w:vMerge w:val="continue"/>'
    grid = only(
        table(
            row(cell(paragraph(run("1")), down[0]), cell(paragraph(run("2")))),
            row(cell("<w:p/>", down[1]), cell(paragraph(run("3")))),
            row(cell(paragraph(run("4")), down[1]), cell(paragraph(run("5")))),
        )
    )
    assert laid(grid) == [(0, 0, 3, 1, "1"), (0, 1, 1, 1, "2"), (1, 1, 1, 1, "3"), (2, 1, 1, 1, "5")]
    assert grid.cells[0].doubt == "合并的单元格下面还有“4”"


def test_a_cell_goes_on_below_one_of_the_same_width_only() -> None:
    grid = only(
        table(
            row(cell(paragraph(run("1")), '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>')),
            row(cell(paragraph(run("2")), "<w:vMerge/>"), cell(paragraph(run("3")), "<w:vMerge/>")),
        )
    )
    assert laid(grid) == [(0, 0, 1, 2, "1"), (1, 0, 1, 1, "2"), (1, 1, 1, 1, "3")]


def test_a_row_may_begin_further_in_and_have_fewer_cells() -> None:
    grid = only(
        table(
            row(cell(paragraph(run("1"))), cell(paragraph(run("2"))), cell(paragraph(run("3")))),
            row(cell(paragraph(run("4"))), properties='<w:gridBefore w:val="2"/>'),
            row(cell(paragraph(run("5")))),
        )
    )
    assert laid(grid)[3:] == [(1, 2, 1, 1, "4"), (2, 0, 1, 1, "5")]


def test_cells_merged_across_as_of_old_are_one() -> None:
    grid = only(
        table(
            row(
                cell(paragraph(run("1")), '<w:hMerge w:val="restart"/>'),
                cell("<w:p/>", "<w:hMerge/>"),
                cell(paragraph(run("2"))),
            )
        )
    )
    assert laid(grid) == [(0, 0, 1, 2, "1"), (0, 2, 1, 1, "2")]


def test_a_cell_that_was_deleted_is_gone_once_changes_are_accepted() -> None:
    gone = cell(paragraph(run("9")), '<w:cellDel w:id="1" w:author="a"/>')
    assert laid(only(table(row(cell(paragraph(run("1"))), gone)))) == [(0, 0, 1, 1, "1")]


def test_rows_and_cells_in_controls_are_read() -> None:
    one = f"<w:sdt><w:sdtContent>{cell(paragraph(run('1')))}</w:sdtContent></w:sdt>"
    rows = f"<w:sdt><w:sdtContent>{row(cell(paragraph(run('2'))), one)}</w:sdtContent></w:sdt>"
    whole = f"<w:sdt><w:sdtContent>{table(row(cell(paragraph(run('0')))), rows)}</w:sdtContent></w:sdt>"
    assert laid(only(whole)) == [(0, 0, 1, 1, "0"), (1, 0, 1, 1, "2"), (1, 1, 1, 1, "1")]


def test_tables_within_tables_have_numbers_of_their_own_and_the_text_around_them_is_the_documents() -> None:
    inner = table(row(cell(paragraph(run("1"))), cell(paragraph(run("2")))))
    outer = table(row(cell(paragraph(run("标题")) + inner + paragraph(run("落款"))), cell(paragraph(run("边栏")))))
    document = parse_docx(word(outer + table(row(cell(paragraph(run("3")))))))
    assert [laid(grid) for grid in document.grids] == [
        [(0, 0, 1, 1, "标题\n落款"), (0, 1, 1, 1, "边栏")],
        [(0, 0, 1, 1, "1"), (0, 1, 1, 1, "2")],
        [(0, 0, 1, 1, "3")],
    ]
    assert document.paragraphs == ("标题", "落款", "3")


def test_a_blank_cell_with_a_table_in_it_is_doubted() -> None:
    inner = table(row(cell(paragraph(run("1")))))
    assert parse_docx(word(table(row(cell(inner + "<w:p/>"))))).grids[0].cells[0].doubt == "格内另有一个表格"


# --- refused ---------------------------------------------------------------------------------------------------------


def test_what_is_no_such_document_is_refused() -> None:
    parts = parts_of(word_report())
    types = parts["[Content_Types].xml"].replace(b"wordprocessingml", b"spreadsheetml")
    text = parts["word/document.xml"]
    for changed in (
        {"[Content_Types].xml": types},
        {"word/document.xml": text[:-20]},
        {"word/document.xml": text.replace(b"w:document", b"w:nothing")},
        {"word/document.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + text[text.index(b"<w:document") :]},
    ):
        with pytest.raises(Refused) as refused:
            parse_docx(packed({**parts, **changed}))
        assert "Excel" not in refused.value.message
    with pytest.raises(Refused, match="用 Word 或 WPS 打开后重新保存"):
        parse_docx(word_report()[:-30])


def test_an_empty_document_has_nothing() -> None:
    assert parse_docx(word("")) == Document("docx", (), ())


def test_every_field_of_the_form_stands_in_the_report() -> None:
    keys = [
        one.key for part in form().tables for one in printed(part, dict.fromkeys((f.key for f in form().fields), 0))
    ]
    assert len([key for key in keys if key]) == len(form().fields)
