"""A .docx filled: the numbers where the labels prove them, in the font that stands there, and nothing else changed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.making.figures import FIGURES
from tests.making.filling import clean_values, form
from tests.making.spelt_reports import CELLS, spelt_docx
from tests.making.written_reports import (
    HEADS,
    SIGNED,
    TITLE,
    Printed,
    blank_report,
    paragraph,
    run,
    tables,
    word,
    word_report,
    word_table,
)
from xlcheck.checking.verify import verify_submission
from xlcheck.copies.documents.fill import CannotFill, FilledReport, Filling, fill_docx
from xlcheck.forms.file import load_form
from xlcheck.model.submission import Submission, held_text
from xlcheck.reading.documents.docx import parse_docx, word_tables
from xlcheck.reading.documents.docx_tables import WordTree
from xlcheck.reading.documents.fields import find_fields
from xlcheck.reading.open import open_submission

RECEIVED = "requests.received.person"
BOLD = '<w:rFonts w:eastAsia="仿宋"/><w:b/><w:color w:val="C00000"/>'


NUMBERS = Filling(form(), "某某市教育局", 2025, {key: str(value) for key, value in clean_values().items()})


def filled_with(report: bytes, numbers: Filling = NUMBERS) -> FilledReport:
    return fill_docx(report, numbers)


def said(data: bytes) -> dict[str, str]:
    return {key: held_text(held) for key, held in read(data).held.items()}


def read(data: bytes) -> Submission:
    return open_submission(data, form()).submission


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body(data: bytes) -> str:
    return members(data)["word/document.xml"].decode()


def in_cell(content: str) -> bytes:
    """A report of which one value cell holds this."""
    return word_report(clean_values(), lambda one: content if one.key == RECEIVED else paragraph(run(one.text)))


def test_a_filled_document_says_what_the_workbook_says() -> None:
    values = {key: "" if number % 3 else number for number, key in enumerate(form().by_key)}
    filled = filled_with(word_report(values))
    submission = read(filled.data)
    assert said(filled.data) == NUMBERS.values
    assert verify_submission(submission).findings == ()
    (notice,) = filled.notices
    assert re.match(r"\d+ 格原来写的与填报表不同，已经改写：.*等$", notice)


def test_a_blank_document_is_filled_and_what_it_lacks_is_told() -> None:
    filled = filled_with(blank_report())
    assert said(filled.data) == NUMBERS.values
    assert filled.notices == ("文档的标题和落款里没有单位名称和报告年度，请补上",)


def test_nothing_changes_where_the_numbers_stand_already() -> None:
    report = word_report(clean_values())
    filled = filled_with(report)
    assert members(filled.data) == members(report)
    assert filled.notices == ()


def test_only_the_cell_that_differs_changes_and_keeps_its_looks() -> None:
    odd = paragraph(f'<w:pPr><w:jc w:val="right"/></w:pPr>{run("1", BOLD)}{run("3件", "<w:i/>")}')
    report = in_cell(odd)
    filled = filled_with(report)
    new = paragraph(
        f'<w:pPr><w:jc w:val="right"/></w:pPr><w:r><w:rPr>{BOLD}</w:rPr><w:t>6</w:t></w:r>'
        "<w:r><w:rPr><w:i/></w:rPr></w:r>"
    )
    assert body(filled.data) == body(report).replace(odd, new)
    assert filled.notices == (
        "1 格原来写的与填报表不同，已经改写：一、本年新收政府信息公开申请数量／自然人（第 2 个表格第 4 行第 4 列）原为“13件”，现为 6",
    )
    assert {**members(filled.data), "word/document.xml": b""} == {**members(report), "word/document.xml": b""}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<w:p/>", "<w:p><w:r><w:t>6</w:t></w:r></w:p>"),
        ("<w:p></w:p>", "<w:p><w:r><w:t>6</w:t></w:r></w:p>"),
        (f"<w:p><w:pPr><w:rPr>{BOLD}</w:rPr></w:pPr></w:p>", f"<w:p><w:pPr><w:rPr>{BOLD}</w:rPr></w:pPr><w:r><w:rPr>{BOLD}</w:rPr><w:t>6</w:t></w:r></w:p>"),
        ("<w:p><w:pPr><w:rPr><w:ins/><w:b/></w:rPr></w:pPr></w:p>", "<w:p><w:pPr><w:rPr><w:ins/><w:b/></w:rPr></w:pPr><w:r><w:t>6</w:t></w:r></w:p>"),
        ("<w:p><w:r/></w:p>", "<w:p><w:r><w:t>6</w:t></w:r></w:p>"),
        ("<w:p><w:r><w:rPr><w:b/></w:rPr></w:r></w:p>", "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>6</w:t></w:r></w:p>"),
        ("<w:p><w:r><w:t> </w:t></w:r></w:p>", "<w:p><w:r><w:t>6</w:t></w:r></w:p>"),
        ("<w:p><w:r><w:tab/><w:t>1</w:t><w:br/><w:t>3</w:t></w:r></w:p>", "<w:p><w:r><w:t>6</w:t></w:r></w:p>"),
        ("<w:p><w:r><w:t>1</w:t></w:r></w:p><w:p><w:r><w:t>3</w:t></w:r></w:p>", "<w:p><w:r><w:t>6</w:t></w:r></w:p><w:p><w:r></w:r></w:p>"),
        ("<w:p><w:r><w:commentReference/></w:r></w:p>", "<w:p><w:r><w:commentReference/></w:r><w:r><w:t>6</w:t></w:r></w:p>"),
    ],
)  # fmt: skip
def test_a_number_is_typed_where_a_person_would(before: str, after: str) -> None:
    assert body(filled_with(in_cell(before)).data) == body(in_cell(after))


@pytest.mark.parametrize(
    "content",
    [
        '<w:p><w:ins w:author="甲"><w:r><w:t>13</w:t></w:r></w:ins></w:p>',
        '<w:p><w:r><w:t>1</w:t></w:r><w:del w:author="甲"><w:r><w:delText>3</w:delText></w:r></w:del></w:p>',
        "<w:p><w:sdt><w:sdtContent><w:r><w:t>13</w:t></w:r></w:sdtContent></w:sdt></w:p>",
        '<w:p><w:fldSimple w:instr="=6+7"><w:r><w:t>13</w:t></w:r></w:fldSimple></w:p>',
        "<w:p><w:r><w:drawing/></w:r></w:p>",
        f"<w:p/>{word_table([Printed(0, 0, 1, 1, '13')])}<w:p/>",
    ],
)
def test_a_cell_of_more_than_text_is_nobodys_to_fill(content: str) -> None:
    with pytest.raises(CannotFill, match=r"第 2 个表格第 4 行第 4 列里有修订、控件、域、图片或嵌套的表格"):
        filled_with(in_cell(content))


@pytest.mark.parametrize("look", ["<w:vanish/>", "<w:strike/>"])
def test_a_number_that_nobody_would_read_is_not_written(look: str) -> None:
    with pytest.raises(CannotFill, match="填上后读不出 6"):
        filled_with(in_cell(paragraph(run("13", look))))


def report_of(wanted: tuple[int, ...], heads: tuple[int, ...] = (0, 1, 2), text: str = "") -> bytes:
    """A report with some of the tables, and some of their heads."""
    parts = [paragraph(run(TITLE))]
    for number, cells in enumerate(tables(clean_values())):
        parts += [paragraph(run(HEADS[number]))] if number in heads else []
        parts += [word_table(cells)] if number in wanted else []
    return word("".join((*parts, text, *(paragraph(run(line)) for line in SIGNED))))


@pytest.mark.parametrize("there", [(), (0,), (1, 2), (0, 2)])
def test_tables_that_are_not_there_are_put_below_their_heads(there: tuple[int, ...]) -> None:
    prose = paragraph(run("全年收到申请 13 件。"))
    report = report_of(there, text=prose)
    filled = filled_with(report)
    assert said(filled.data) == NUMBERS.values
    assert read(filled.data).paragraphs == (TITLE, *HEADS, "全年收到申请 13 件。", *SIGNED)
    assert len(filled.notices) == 3 - len(there)
    assert all(notice.endswith("的表，已经加上") for notice in filled.notices)
    assert prose in body(filled.data)


def test_tables_without_a_head_are_put_at_the_end() -> None:
    filled = filled_with(report_of((0, 1), heads=(0, 1)))
    assert said(filled.data) == NUMBERS.values
    assert read(filled.data).paragraphs == (TITLE, *HEADS[:2], *SIGNED, HEADS[2])
    assert filled.notices == (f"文档里没有《{HEADS[2]}》的表，已经加在文末，请移到合适的位置",)


def test_tables_that_cannot_be_proved_are_left_alone() -> None:
    unsure = word_report(
        clean_values(),
        lambda one: paragraph(
            run("收到的" if "一、本年新收" in one.text else "其他的" if "二、上年结转" in one.text else one.text)
        ),
    )
    with pytest.raises(CannotFill, match="三、收到和处理政府信息公开申请情况》的表头不能证明以下 14 格"):
        filled_with(unsure)
    other_shape = word_report(
        clean_values(), lambda one: paragraph(run("数" if "本年" in one.text and "件数" in one.text else one.text))
    )
    with pytest.raises(CannotFill, match="不能证明"):
        filled_with(other_shape)


def test_of_two_tables_nobody_knows_which_is_meant() -> None:
    blank = dict.fromkeys(clean_values(), "")
    twice = word("".join(word_table(cells) for cells in (*tables(blank), *tables(blank))))
    with pytest.raises(CannotFill, match="在文档里有两处，不知道填哪一处"):
        filled_with(twice)


def test_another_units_or_years_document_is_not_filled() -> None:
    with pytest.raises(CannotFill, match="文档是“某某市教育局”的，填报表是“某某市水利局”的"):
        filled_with(word_report(clean_values()), NUMBERS._replace(unit="某某市水利局"))
    with pytest.raises(CannotFill, match="文档是 2025 年度的，填报表是 2024 年度的"):
        filled_with(word_report(clean_values()), NUMBERS._replace(year=2024))
    short = fill_docx(word_report(clean_values()), NUMBERS._replace(unit="某某市教育和体育局"))
    assert short.notices == ()


def test_the_tables_of_another_edition_are_not_filled() -> None:
    old = load_form("disclosure-2019")
    with pytest.raises(CannotFill, match="文档里的表是 2021 版的（disclosure-2021），填报表是 2019 版的"):
        fill_docx(
            word_report(clean_values()), Filling(old, "某某市教育局", 2025, dict.fromkeys(old.by_key, "0")), [form()]
        )


def test_a_document_with_programs_is_not_filled() -> None:
    with_programs = members(word_report(clean_values()))
    types = with_programs["[Content_Types].xml"].decode()
    with_programs["[Content_Types].xml"] = types.replace(
        "openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main"
    ).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in with_programs.items():
            archive.writestr(name, content)
    with pytest.raises(CannotFill, match="带宏的文档"):
        filled_with(buffer.getvalue())


# --- the law ---------------------------------------------------------------------------------------------------------


def without_numbers(data: bytes, keys: Iterable[str]) -> bytes:
    """The body of a report without what is written in the cells of these fields."""
    text = WordTree(body(data).encode())
    matched = find_fields(form(), parse_docx(data).grids).cells
    cells = {
        (number, cell.row, cell.column): cell for number, one in enumerate(word_tables(text), 1) for cell in one.cells
    }
    for key in keys:
        spotted = matched[key]
        element = cells[spotted.grid.number, spotted.cell.row, spotted.cell.column].element
        for run_ in list(element.iter(f"{text.w}r")):
            run_.getparent().remove(run_)  # type: ignore[union-attr]
    return etree.tostring(text.root)


FILLED = [name for name in CELLS if name not in ("a cell short", "a row merged", "yuan")]


@settings(max_examples=8, deadline=None)
@given(
    st.sampled_from(sorted(FIGURES)),
    st.sampled_from(sorted(FIGURES)),
    st.sampled_from(FILLED),
    st.sampled_from(["plain", "letters in runs", "labels counted by Word", "in a layout table"]),
)
def test_whatever_is_filled_into_whatever_only_the_fields_texts_change(
    numbers: str, before: str, cells: str, spelling: str
) -> None:
    report = spelt_docx(FIGURES[before], cells, spelling)
    filled = filled_with(report, NUMBERS._replace(values=FIGURES[numbers]))
    assert said(filled.data) == dict(FIGURES[numbers])
    assert without_numbers(filled.data, form().by_key) == without_numbers(report, form().by_key)
    rest = {"word/document.xml": b""}
    assert {**members(filled.data), **rest} == {**members(report), **rest}
