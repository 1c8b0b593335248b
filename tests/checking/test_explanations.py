"""情况说明: a department explains warnings on the cover; errors cannot be explained away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.making.documents import json_of
from tests.making.filling import clean_values, edit, form, submission_of, verified, workbook
from xlcheck.batch.one import check_file
from xlcheck.batch.plan import Job
from xlcheck.checking.verify import LastYear, verify_submission
from xlcheck.model.cells import cell_name
from xlcheck.model.finding import Finding
from xlcheck.reading.open import Forms
from xlcheck.results.text import file_text


def explained(about: str, text: str, **changes: float | str) -> tuple[Finding, ...]:
    return verified(_with_note(about, text, **changes)).findings


def _with_note(about: str, text: str, **changes: float | str) -> bytes:
    notes = form().cover.notes
    assert notes is not None
    book, saved = edit(workbook(clean_values(**changes)))
    for cell, content in zip(notes.cells[0], (about, text), strict=True):
        book["封面"][cell_name(cell)] = content
    return bytes(saved())


@pytest.mark.parametrize(
    "about", ["P105", "p105 B15", "P105 主动公开!B15", "Ｐ１０５：主动公开 B15", "主动公开B15（P105）"]
)
def test_a_warning_is_explained_by_its_code_and_cell(about: str) -> None:
    (finding,) = explained(about, "确为专项收费", disclosure__fees__amount=125000)
    assert (finding.code, finding.explanation) == ("P105", "确为专项收费")


@pytest.mark.parametrize("about", ["P104", "P105 B14", "B15", "P1050"])
def test_another_code_or_cell_is_another_warning(about: str) -> None:
    (finding,) = explained(about, "确为专项收费", disclosure__fees__amount=125000)
    assert finding.explanation == ""


def test_an_error_cannot_be_explained_away() -> None:
    (finding,) = explained("C102 B4", "没有错", disclosure__regulations__issued=-1)
    assert (finding.code, finding.severity, finding.explanation) == ("C102", "error", "")


def test_an_error_that_merged_units_cannot_mend_becomes_a_warning_once_it_is_explained() -> None:
    before = LastYear({**verified(workbook()).values, "requests.carried_out.person": 3})
    (finding,) = verify_submission(submission_of(workbook()), before).findings
    assert (finding.code, finding.severity) == ("Y101", "error")
    told = verify_submission(submission_of(_with_note("Y101", "机构改革，并入原市某局")), before)
    assert [(one.code, one.severity, one.explanation) for one in told.findings] == [
        ("Y101", "warning", "机构改革，并入原市某局")
    ]
    assert told.passed
    assert not told.needs_review
    other = verify_submission(submission_of(_with_note("Y101 E6", "并入原市某局")), before)
    assert [one.severity for one in other.findings] == ["error"], "another cell is meant"


def test_an_explanation_without_a_warning_is_no_finding() -> None:
    assert explained("P105", "确为专项收费") == ()


def test_it_is_told_in_text_and_json() -> None:
    data = _with_note("P105 B15", "确为专项收费", disclosure__fees__amount=125000)
    checked = check_file(Job(Path("a.xlsx"), "a.xlsx", None, content=data), Forms())
    assert "核实性 1 处（已说明 1 处）" in file_text(checked)
    assert "（已说明：确为专项收费）" in file_text(checked)
    document = json.loads(json_of([checked]))
    assert document["summary"]["explained"] == 1
    assert document["files"][0]["status"] == "passed"
    assert document["files"][0]["findings"][0]["explanation"] == "确为专项收费"


def test_a_workbook_without_these_lines_is_read_as_before() -> None:
    notes = form().cover.notes
    assert notes is not None
    book, saved = edit(workbook())
    for head in notes.heads:
        book["封面"][cell_name(head.cell)] = None
    assert verified(bytes(saved())).findings == ()
