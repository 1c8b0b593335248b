"""The one way in: guard, form and reader."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.corpus import books
from tests.making.books import faulty
from tests.making.copies import parts_of
from tests.making.doors import ODS, XLS, XLSX, Door
from tests.making.filling import clean_workbook, form
from tests.making.tiny import TINY
from tests.making.written_reports import packed, word_report
from xlcheck.drawing.template import render
from xlcheck.forms.file import InvalidForm, parse_form
from xlcheck.guard.limits import LIMITS
from xlcheck.model.errors import Refused
from xlcheck.reading.open import Forms, Opened, open_submission

SMALL = parse_form(TINY)


def test_a_workbook_comes_with_what_was_admitted() -> None:
    opened = open_submission(clean_workbook(), Forms())
    assert isinstance(opened, Opened)
    assert opened.package.kind == "xlsx"
    assert opened.submission.form.id == "disclosure-2021"
    assert len(opened.submission.held) == 200


def test_what_the_guard_refuses_is_never_read() -> None:
    with pytest.raises(Refused) as refused:
        open_submission(clean_workbook(), Forms(), LIMITS._replace(file_bytes=100))
    assert refused.value.code == "F104"


@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_document_that_is_cut_off_is_one_to_open_with_word_and_a_workbook_is_none(tenth: int) -> None:
    document, workbook = word_report(), clean_workbook()
    large = parts_of(document) | {"word/media/a.png": random.Random(1).randbytes(200_000)}
    for whole, program in ((document, "Word"), (packed(large), "Word"), (workbook, "Excel")):
        with pytest.raises(Refused) as refused:
            open_submission(whole[: len(whole) * tenth // 10], Forms())
        assert refused.value.code == "F101"
        assert f"请用 {program} 或 WPS 打开后重新保存" in refused.value.message


def test_a_form_may_be_given_by_itself() -> None:
    made = render(SMALL)
    assert open_submission(made, SMALL).submission.form == SMALL
    assert open_submission(clean_workbook(), form()).submission.form is form()


def test_the_form_that_is_asked_for_goes_before_the_one_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text(TINY, encoding="utf-8")
    found = open_submission(clean_workbook(), Forms(str(tmp_path / "my.toml"))).submission
    assert (found.form, [finding.code for finding in found.structure]) == (SMALL, ["S105"])


def test_a_form_is_parsed_again_once_its_file_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(TINY, encoding="utf-8")
    forms, made = Forms(str(path)), render(SMALL)
    first = open_submission(made, forms).submission.form
    assert open_submission(made, forms).submission.form is first
    path.write_text(TINY.replace(SMALL.title, "另一张表"), encoding="utf-8")
    assert open_submission(made, forms).submission.form.title == "另一张表"


def test_a_faulty_form_is_told_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text("id = 1", encoding="utf-8")
    with pytest.raises(InvalidForm):
        open_submission(clean_workbook(), Forms(str(tmp_path / "my.toml")))


def test_what_was_parsed_is_no_part_of_the_value() -> None:
    used = Forms()
    open_submission(clean_workbook(), used)
    assert used == Forms() == pickle.loads(pickle.dumps(used))
    assert len(pickle.dumps(used)) < 200
    assert used != Forms("disclosure-2021")


@pytest.mark.parametrize("door", XLSX, ids=lambda door: door.name)
def test_an_honest_workbook_reads_as_the_plain_one_does(door: Door) -> None:
    same(door.maker(), faulty())


@pytest.mark.parametrize(("door", "plain"), [(door, books.ods) for door in ODS] + [(door, books.xls) for door in XLS])
def test_an_honest_document_of_another_format_does_too(door: Door, plain: Callable[[books.Book], bytes]) -> None:
    same(door.maker(), plain(books.book()))


def same(data: bytes, plain: bytes) -> None:
    """Whether two files hold the same; one may have a sheet more."""
    one, other = (open_submission(each, Forms()) for each in (data, plain))
    assert one.submission.held == other.submission.held
    assert one.submission.cover == other.submission.cover
    assert one.submission.places == other.submission.places
    assert {finding.code for finding in one.submission.structure} <= {"S104"}
