"""Reading a workbook back: who, which year, every value and where it stood; what is wrong with the structure is told."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook.defined_name import DefinedName

from tests.making.filling import clean_values, clean_workbook, edit, form, submission_of, verified, workbook
from tests.making.grids import Grid, book_of, grids_of, insert_column, insert_row
from xlcheck.checking.verify import verify_submission
from xlcheck.drawing.template import render
from xlcheck.model.cells import cell_name
from xlcheck.model.errors import Refused
from xlcheck.model.submission import BLANK, UNPROVED, NoValue, Submission

SHEETS = {table.key: table.sheet for table in form().tables}


def numbered_values() -> dict[str, float]:
    """A number of its own for every field."""
    return {field.key: float(1000 + number) for number, field in enumerate(form().fields)}


@lru_cache
def _drawn() -> dict[str, Grid]:
    return grids_of(render(form(), {"unit": "某局", "year": "2025"}, numbered_values()))


def plain() -> dict[str, Grid]:
    """The grids of a workbook in which every field holds a number of its own."""
    return {name: [list(row) for row in grid] for name, grid in _drawn().items()}


def structure(submission: Submission) -> list[str]:
    return [finding.code for finding in submission.structure]


def errors(submission: Submission) -> list[str]:
    return [finding.code for finding in submission.structure if finding.severity == "error"]


def hand_edited(change: Callable[[openpyxl.Workbook], Any]) -> Submission:
    book, saved = edit(clean_workbook())
    change(book)
    return submission_of(bytes(saved()))


# --- as it was filled ------------------------------------------------------------------------------------------------


def test_a_filled_template_gives_unit_year_and_every_value() -> None:
    submission = submission_of(render(form(), {"unit": "某局", "code": "X1", "year": "2025"}, numbered_values()))
    assert (submission.unit, submission.unit_code, submission.year) == ("某局", "X1", 2025)
    assert submission.held == numbered_values()
    assert submission.structure == ()


def test_every_value_stood_where_the_form_puts_it() -> None:
    places = submission_of(clean_workbook()).places
    assert {key: place.address for key, place in places.items() if key in form().by_key} == {
        field.key: field.address for field in form().fields
    }


@given(
    st.dictionaries(
        st.sampled_from([f.key for f in form().fields]),
        st.integers(0, 10**15 - 1) | st.just("") | st.sampled_from(["无", "５", "=1"]),
    )
)
@settings(max_examples=12)
def test_what_is_filled_in_is_what_is_read(values: dict[str, Any]) -> None:
    read = submission_of(render(form(), {}, values)).held
    assert read == dict.fromkeys(form().by_key, BLANK) | {key: value for key, value in values.items() if value != ""}


def test_an_empty_template_has_blanks_everywhere_and_asks_for_unit_and_year() -> None:
    submission = submission_of(render(form()))
    assert set(submission.held.values()) == {BLANK}
    assert len(submission.held) == 200
    assert structure(submission) == ["S106", "S106"]


def test_a_workbook_typed_into_another_programs_file_reads_the_same() -> None:
    assert submission_of(book_of(plain())).held == numbered_values()


def test_hidden_sheets_are_read() -> None:
    for sheet in SHEETS.values():
        submission = submission_of(book_of(plain(), hidden=sheet))
        assert submission.held == numbered_values()


# --- sheets ----------------------------------------------------------------------------------------------------------


def test_sheets_in_another_order_read_the_same() -> None:
    submission = submission_of(book_of(dict(reversed(plain().items()))))
    assert submission.held == numbered_values()
    assert errors(submission) == []


@pytest.mark.parametrize(
    "names", [{"依申请公开": "Sheet3"}, {"依申请公开": "依申请"}, {"主动公开": "1", "依申请公开": "2", "复议诉讼": "3"}]
)
def test_renamed_sheets_are_known_by_their_titles_and_told(names: dict[str, str]) -> None:
    submission = submission_of(book_of({names.get(name, name): grid for name, grid in plain().items()}))
    assert submission.held == numbered_values()
    assert errors(submission) == ["S101"]
    assert all(new in submission.structure[0].message for new in names.values())


def test_the_names_of_two_sheets_exchanged_is_told() -> None:
    swap = {"主动公开": "复议诉讼", "复议诉讼": "主动公开"}
    submission = submission_of(book_of({swap.get(name, name): grid for name, grid in plain().items()}))
    assert errors(submission)
    assert all(submission.held[key] in (BLANK, UNPROVED, value) for key, value in numbered_values().items())


@pytest.mark.parametrize("spelt", ["依申请公开 ", " 依 申请公开", "依申请公开\u3000"])
def test_white_space_in_a_sheet_name_is_no_finding(spelt: str) -> None:
    submission = submission_of(
        book_of({spelt if name == "依申请公开" else name: grid for name, grid in plain().items()})
    )
    assert submission.held == numbered_values()
    assert structure(submission) == []


def test_the_sheet_of_the_exact_name_wins_over_a_similar_one() -> None:
    grids = plain()
    draft = [["" if isinstance(value, float) else value for value in row] for row in grids["依申请公开"]]
    submission = submission_of(book_of({"依申请公开 ": draft, **grids}))
    assert submission.held == numbered_values()


@pytest.mark.parametrize("missing", ["封面", *SHEETS.values()])
def test_a_missing_sheet_is_told(missing: str) -> None:
    grids = plain()
    del grids[missing]
    submission = submission_of(book_of(grids))
    assert "S101" in errors(submission)
    assert missing in submission.structure[0].message
    there = {key: value for key, value in numbered_values().items() if form().by_key[key].sheet != missing}
    assert submission.held == dict.fromkeys(form().by_key, UNPROVED) | there


def test_a_missing_guide_is_no_error() -> None:
    grids = plain()
    del grids["填报说明"]
    assert errors(submission_of(book_of(grids))) == []


def test_an_extra_sheet_is_a_warning() -> None:
    submission = submission_of(book_of({**plain(), "附表": [["明细", 3]]}))
    assert structure(submission) == ["S104"]
    assert submission.structure[0].severity == "warning"


@pytest.mark.parametrize("copy", ["依申请公开 (2)", "依申请公开2", "副本"])
@pytest.mark.parametrize("first", [True, False])
def test_a_copied_sheet_is_told_and_the_official_one_is_read(copy: str, first: bool) -> None:
    grids = plain()
    other = [[7.0 if isinstance(value, float) else value for value in row] for row in grids["依申请公开"]]
    submission = submission_of(book_of({copy: other, **grids} if first else {**grids, copy: other}))
    assert structure(submission) == ["S108"]
    assert submission.structure[0].severity == "error"
    assert submission.held == numbered_values()


def test_a_copied_sheet_without_numbers_is_an_extra_one() -> None:
    grids = plain()
    other = [["" if isinstance(value, float) else value for value in row] for row in grids["依申请公开"]]
    assert structure(submission_of(book_of({**grids, "空表": other}))) == ["S104"]


def test_two_sheets_of_the_same_title_under_other_names_are_not_guessed() -> None:
    grids = plain()
    table = grids.pop("依申请公开")
    other = [[7.0 if isinstance(value, float) else value for value in row] for row in table]
    submission = submission_of(book_of({**grids, "表二": table, "表二 (2)": other}))
    assert "S101" in errors(submission)
    assert {held for key, held in submission.held.items() if key.startswith("requests.")} == {UNPROVED}


def test_a_workbook_without_any_of_the_tables_is_another_form() -> None:
    assert errors(submission_of(book_of({"Sheet1": [["采购清单", 1], ["", 2]]}))) == ["S105"]


def test_an_empty_workbook_is_another_form() -> None:
    assert errors(submission_of(book_of({"Sheet1": []}))) == ["S105"]


def test_the_three_sheets_with_nothing_in_them_give_no_value_and_errors() -> None:
    grids = {name: [] if name in SHEETS.values() else grid for name, grid in plain().items()}
    submission = submission_of(book_of(grids))
    assert errors(submission)
    assert set(submission.held.values()) <= {BLANK, UNPROVED}


# --- damage ----------------------------------------------------------------------------------------------------------


@given(st.data())
@settings(max_examples=15)
def test_a_shifted_table_reads_the_same_values_and_is_told(data: st.DataObject) -> None:
    grids = plain()
    sheet = data.draw(st.sampled_from(sorted(SHEETS.values())))
    # Below the table stand the lines to sign, which may move.
    bottom, right = next(table.last for table in form().tables if table.sheet == sheet)
    height, width = bottom + 1, right + 1
    for is_row, share in data.draw(st.lists(st.tuples(st.booleans(), st.floats(0, 0.99)), min_size=1, max_size=4)):
        if is_row:
            insert_row(grids[sheet], int(share * height))
        else:
            insert_column(grids[sheet], int(share * width))
    submission = submission_of(book_of(grids))
    values = {key: value for key, value in submission.held.items() if value not in (BLANK, UNPROVED)}
    assert {key: numbered_values()[key] for key in values} == values
    assert errors(submission) or len(values) < 200


@given(st.data())
@settings(max_examples=20)
def test_whenever_a_field_is_not_located_there_is_an_error(data: st.DataObject) -> None:
    grids = plain()
    for _ in range(data.draw(st.integers(1, 6))):
        grid = grids[data.draw(st.sampled_from(sorted(SHEETS.values())))]
        row = data.draw(st.integers(0, max(len(grid) - 1, 0)))
        what = data.draw(st.sampled_from(["delete", "insert", "clear", "swap", "column"]))
        other = data.draw(st.integers(0, max(len(grid) - 1, 0)))
        if not grid:
            continue
        if what == "delete":
            del grid[row]
        elif what == "insert":
            insert_row(grid, row)
        elif what == "clear":
            grid[row] = ["" for _ in grid[row]]
        elif what == "swap":
            grid[row], grid[other] = grid[other], grid[row]
        else:
            insert_column(grid, row)
    submission = submission_of(book_of(grids))
    missing = UNPROVED in submission.held.values()
    values = {key: value for key, value in submission.held.items() if isinstance(value, float)}
    assert {key: numbered_values()[key] for key in values} == values
    assert not missing or errors(submission)
    assert len(values) == 200 or not verify_submission(submission).passed


@pytest.mark.parametrize("sheet", SHEETS.values())
def test_an_altered_label_is_told_with_its_cell(sheet: str) -> None:
    table = next(table for table in form().tables if table.sheet == sheet)
    label = table.labels[len(table.labels) // 2]
    grids = plain()
    grids[sheet][label.cell[0]][label.cell[1]] = label.text + "改"
    told = [finding for finding in submission_of(book_of(grids)).structure if finding.code == "S102"]
    assert label.text in told[0].message
    assert [place.address for place in told[0].places] == [f"{sheet}!{cell_name(label.cell)}"]


def test_a_table_copied_below_itself_is_told() -> None:
    grids = plain()
    grids["依申请公开"] += [[], *[list(row) for row in plain()["依申请公开"]]]
    submission = submission_of(book_of(grids))
    assert submission.held == numbered_values()
    assert structure(submission)


def test_a_note_beside_the_table_is_no_finding() -> None:
    grids = plain()
    grids["依申请公开"].append(["备注：以上数据由办公室统计"])
    grids["依申请公开"][4] = [*grids["依申请公开"][4], "", "已核"]
    assert structure(submission_of(book_of(grids))) == []


# --- the cover -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "year"),
    [("2025", 2025), (2025, 2025), ("2025年", 2025), ("2025 年度", 2025), (" 2025 ", 2025), ("二〇二五", None), ("25", None), ("20255", None),
     (2025.5, None), ("1999", None), (True, None), ("２０２５", 2025), ("２０２５年", 2025)],
)  # fmt: skip
def test_the_year(typed: Any, year: int | None) -> None:
    grids = plain()
    grids["封面"][5][2] = typed
    submission = submission_of(book_of(grids))
    assert submission.year == year
    assert errors(submission) == ([] if year else ["S106"])


@pytest.mark.parametrize("typed", ["", " ", "\u3000", "\u200b"])
def test_a_unit_of_nothing_is_missing(typed: str) -> None:
    grids = plain()
    grids["封面"][3][2] = typed
    assert errors(submission_of(book_of(grids))) == ["S106"]


def test_a_cover_label_that_moved_takes_its_entry_along_and_is_told() -> None:
    grids = plain()
    insert_row(grids["封面"], 2)
    submission = submission_of(book_of(grids))
    assert (submission.unit, submission.year) == ("某局", 2025)
    assert set(errors(submission)) == {"S103"}


def test_a_cover_label_that_is_gone_is_told_and_its_neighbour_is_not_taken() -> None:
    grids = plain()
    grids["封面"][3][1] = "科室"
    submission = submission_of(book_of(grids))
    assert submission.unit == ""
    assert "S102" in errors(submission)


def test_a_cover_label_that_stands_twice_elsewhere_is_not_guessed() -> None:
    grids = plain()
    grids["封面"][3][1] = ""
    grids["封面"] += [["", "单位名称", "甲局"], ["", "单位名称", "乙局"]]
    submission = submission_of(book_of(grids))
    assert submission.unit == ""
    assert errors(submission)


def test_terminal_escapes_and_line_ends_in_the_unit_are_harmless() -> None:
    grids = plain()
    grids["封面"][3][2] = "某\x1b[31m局\n二\u202e处"
    unit = submission_of(book_of(grids)).unit
    assert not [char for char in unit if ord(char) < 32 or char == "\u202e"]


# --- odd cells -------------------------------------------------------------------------------------------------------


def test_an_error_cell_is_not_a_blank() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["依申请公开"]["E5"].value = "#DIV/0!"
        book["依申请公开"]["E5"].data_type = "e"

    assert hand_edited(change).held["requests.received.business"] == NoValue("error", "#DIV/0!")


def test_a_formula_never_calculated_is_not_a_blank() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["依申请公开"]["E5"].value = "=1+1"

    held = hand_edited(change).held["requests.received.business"]
    assert isinstance(held, NoValue)
    assert (held.kind, held.text.lstrip("=")) == ("formula", "1+1")


def test_a_calculated_formula_is_its_result() -> None:
    from tests.making.copies import repacked

    data = repacked(
        workbook(disclosure__regulations__issued=4321),
        xl__worksheets__sheet2_xml=("<v>4321</v>", "<f>4320+1</f><v>4321</v>"),
    )
    assert submission_of(data).held["disclosure.regulations.issued"] == 4321


def test_a_number_too_large_for_its_time_format_is_told_with_its_sheet() -> None:
    from tests.making.copies import repacked

    book, saved = edit(workbook(disclosure__regulations__issued=4321))
    book["主动公开"]["B4"].number_format = "[h]:mm:ss"
    data = repacked(bytes(saved()), xl__worksheets__sheet2_xml=("<v>4321</v>", "<v>10000000000</v>"))
    with pytest.raises(Refused, match=r"主动公开.*时间"):
        verified(data)


def test_another_form_by_its_property_is_told() -> None:
    from tests.making.filling import with_steps

    for name, value in (("xlcheck.form", "disclosure-2014"), ("xlcheck.edition", "2014")):
        data = with_steps(clean_workbook(), [["property", name, value]])
        assert errors(submission_of(data)) == ["S105"]


def test_values_of_a_form_are_never_read_from_another_form() -> None:
    assert clean_values().keys() == submission_of(clean_workbook()).held.keys()


def test_a_sheet_whose_first_row_is_gone_names_no_cell_that_there_is_not() -> None:
    grids = grids_of(clean_workbook())
    grids["依申请公开"] = grids["依申请公开"][1:]
    structure = submission_of(book_of(grids)).structure
    assert [(finding.code, finding.places) for finding in structure[:1]] == [("S102", ())]
    assert all(min(place.cell) >= 0 for finding in structure for place in finding.places)


def test_a_template_of_the_first_version_reads_the_same() -> None:
    """It had names of fields in English, six lines of 情况说明, and no rows below the tables."""
    notes = form().cover.notes
    assert notes is not None

    book, saved = edit(workbook())
    book.custom_doc_props["xlcheck.template"].value = "1"  # type: ignore[attr-defined]
    for field in form().fields:
        name = DefinedName(field.key, attr_text=f"'{field.sheet}'!${cell_name(field.cell)[0]}${field.cell[0] + 1}")
        book.defined_names[field.key] = name
    for table in form().tables:
        book[table.sheet].delete_rows(table.last[0] + 2)
    cover = book[form().cover.sheet]
    cover.delete_rows(notes.cells[6][0][0] + 1, 20)
    cover.delete_rows(notes.title.cell[0])
    cover.insert_rows(notes.title.cell[0])
    cover[cell_name(notes.title.cell)] = notes.title.text
    for cell, text in zip(notes.cells[5], ("P103", "本年确实没有发生"), strict=True):
        cover[cell_name(cell)] = text

    read = submission_of(saved())
    now = submission_of(workbook())
    assert (read.held, read.places, read.cover) == (now.held, now.places, now.cover)
    assert (read.structure, now.structure) == ((), ())
    assert [(note.about, note.text) for note in read.notes] == [("P103", "本年确实没有发生")]


def test_a_long_explanation_is_read_whole() -> None:
    said = "因机构改革，原单位的申请并入本单位，" * 20
    data = render(form(), {"unit": "某局", "year": "2025"}, clean_values(), [("P102 依申请公开!D29", said)])
    assert submission_of(data).notes[0].text == said
