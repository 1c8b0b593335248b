"""A prefilled template in LibreOffice: its sums are worked out while it is filled in, and all that is saved is accepted."""

from __future__ import annotations

import pytest

from tests.making.filling import COVER, form, submission_of
from tests.making.prefilled import KNOWN, whole_values
from tests.office.driver import Office
from tests.office.sheet import addresses
from xlcheck.checking.verify import verify_submission
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.template import render
from xlcheck.model.submission import WAITING, Submission
from xlcheck.reading.open import open_submission

pytestmark = pytest.mark.office

VALUES = whole_values()
SUFFIXES = ("xlsx", "ods", "xls")


@pytest.fixture(scope="module")
def saved(office: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Submission]:
    """What is read of the template as LibreOffice saves it: half filled, and filled."""
    folder = tmp_path_factory.mktemp("prefilled")
    (folder / "template.xlsx").write_bytes(render(form(), COVER, known=KNOWN))
    found: dict[str, Submission] = {}
    with office.open(folder / "template.xlsx") as document:
        half: dict[str, FieldValue] = {key: value for key, value in VALUES.items() if key != "requests.granted.legal"}
        for state, typed in (("half", half), ("whole", {"requests.granted.legal": VALUES["requests.granted.legal"]})):
            document.put(addresses(typed))
            for suffix in SUFFIXES:
                path = document.save(folder / f"{state}.{suffix}")
                found[f"{state}.{suffix}"] = submission_of(path.read_bytes())
        document.save(folder / "whole.html")
    found["whole.html"] = open_submission((folder / "whole.html").read_bytes(), form()).submission
    return found


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_sums_wait_for_their_parts(saved: dict[str, Submission], suffix: str) -> None:
    submission = saved[f"half.{suffix}"]
    blank = {"requests.granted.legal", "requests.granted.total", "requests.handled.legal", "requests.handled.total"}
    assert {key for key, held in submission.held.items() if not isinstance(held, int | float)} == blank
    assert {submission.held[key] for key in blank & KNOWN.sums.keys()} == {WAITING}
    assert {(f.code, *f.fields) for f in verify_submission(submission).findings} == {("C101", key) for key in blank}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_sums_are_right_and_nothing_is_found(saved: dict[str, Submission], suffix: str) -> None:
    submission = saved[f"whole.{suffix}"]
    assert submission.held == KNOWN.with_values(VALUES).values
    assert [found.code for found in verify_submission(submission).findings if found.severity == "error"] == []


def test_its_web_page_holds_no_number_of_last_year(saved: dict[str, Submission]) -> None:
    read, whole = saved["whole.html"], saved["whole.xlsx"]
    assert {key: held for key, held in read.held.items() if held != whole.held[key]} == {}
