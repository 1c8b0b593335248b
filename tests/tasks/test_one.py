"""Checking one workbook in this process, by path and by bytes, and what is made of the result."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.making.copies import comments
from tests.making.filling import COVER, clean_workbook, form, submission_of, workbook
from xlcheck.drawing.template import render
from xlcheck.forms.file import load_form
from xlcheck.model.errors import Refused
from xlcheck.tasks.given import CannotDo
from xlcheck.tasks.one import open_given, verify_one

FAULTY = workbook(requests__received__person=7, requests__received__total=7)


def test_a_workbook_is_read_by_the_form_that_is_asked_for() -> None:
    for known in (None, "disclosure-2021", load_form()):
        assert open_given(FAULTY, known)[1].submission == submission_of(FAULTY)
    with pytest.raises(CannotDo, match="没有编号为“x”的表"):
        open_given(FAULTY, "x")


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for given in (b"PK", tmp_path / "nowhere.xlsx", tmp_path):
        with pytest.raises(Refused) as caught:
            verify_one(given)
        assert caught.value.message


def test_the_copies_are_those_of_a_batch(tmp_path: Path) -> None:
    verified = verify_one(FAULTY)
    assert not verified.passed
    assert any("B10" in text or "C10" in text for text in comments(verified.annotated()).values())
    text = verify_one(workbook(requests__received__person="6", requests__received__total=6))
    assert "C104" in {finding.code for finding in text.findings}
    assert "C104" not in {finding.code for finding in verify_one(text.mended()).findings}


def test_last_year_by_bytes_file_and_folder(tmp_path: Path) -> None:
    this = workbook(requests__carried__person=3, requests__carried__total=3)
    cover = {**COVER, "year": str(int(COVER["year"]) - 1)}
    last = render(form(), cover, dict.fromkeys((field.key for field in form().fields), 0))
    (tmp_path / "last.xlsx").write_bytes(last)
    found = [verify_one(this, last_year=given) for given in (last, tmp_path / "last.xlsx", str(tmp_path))]
    codes = [[finding.code for finding in one.findings if finding.code.startswith("Y")] for one in found]
    assert codes[0] == codes[1] == codes[2]
    assert codes[0]
    assert [one.notices for one in found] == [()] * 3
    (notice,) = verify_one(this, last_year=this).notices
    assert notice.startswith("没有与上年比对")
    with pytest.raises(CannotDo, match="无法读取“nowhere”"):
        verify_one(this, last_year="nowhere")


def test_a_workbook_without_mends_comes_back_as_it_is() -> None:
    data = clean_workbook()
    assert verify_one(data).mended("all") == data
