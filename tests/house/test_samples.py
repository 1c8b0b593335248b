"""The samples: every workbook gives the findings that stand beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from samples.make import FOLDER, SAMPLES, expected
from tests.making.filling import form, submission_of, verified

WORKBOOKS = sorted(FOLDER.glob("*.xlsx"))


def test_there_is_one_that_passes_and_at_least_six_that_do_not() -> None:
    passing = [path for path in WORKBOOKS if verified(path.read_bytes()).passed]
    assert len(passing) == 1
    assert len(WORKBOOKS) >= 7


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_its_findings_are_those_beside_it(path: Path) -> None:
    assert expected(path.read_bytes()) == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SAMPLES)
def test_it_is_what_the_script_makes(name: str) -> None:
    made, kept = (submission_of(data) for data in (SAMPLES[name](form()), (FOLDER / f"{name}.xlsx").read_bytes()))
    assert made.held == kept.held
    assert made.cover == kept.cover
    assert made.structure == kept.structure


def test_the_script_makes_all_of_them() -> None:
    assert {path.stem for path in WORKBOOKS} == set(SAMPLES)
    assert {path.stem for path in FOLDER.glob("*.json")} == set(SAMPLES)


def test_the_passing_one_is_the_published_report() -> None:
    path = next(path for path in WORKBOOKS if path.stem.startswith("通过"))
    verification = verified(path.read_bytes())
    submission = verification.submission
    assert (submission.unit, submission.year) == ("攀枝花市人民政府办公室", 2021)
    assert verification.findings == ()
    assert sum(outcome.status == "passed" for outcome in verification.outcomes if outcome.code[0] == "B") == 42
    assert submission.held["disclosure.normative_documents.in_force"] == 182
    assert submission.held["requests.declined_repeat.total"] == 3


def test_each_kind_of_fault_has_a_sample() -> None:
    kinds = {
        finding["code"] for path in FOLDER.glob("*.json") for finding in json.loads(path.read_text(encoding="utf-8"))
    }
    assert {"B101", "B102", "C101", "C102", "C103", "C104", "C105", "S103"} <= kinds
