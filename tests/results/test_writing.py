"""The JSON document as text."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making.checked import ALL, FAILED, PASSED
from tests.making.documents import json_of
from xlcheck import __version__
from xlcheck.model.text import clean
from xlcheck.results.checked import Checked
from xlcheck.results.counts import Counts
from xlcheck.results.entries import file_json
from xlcheck.results.writing import SCHEMA, entry, entry_below, write_json


def test_json_of_a_failed_file() -> None:
    file = json.loads(json_of([FAILED]))["files"][0]
    expected: dict[str, Any] = {
        "path": "a.xlsx", "form": "disclosure-2021", "unit": "某局", "year": 2025, "status": "failed", "annotated": "a.审核.xlsx",
        "not_evaluated": [{"code": "B103", "reason": "“x”空着", "fields": ["x", "y"]}],
    }  # fmt: skip
    assert {key: file[key] for key in expected} == expected
    finding: dict[str, Any] = {
        "code": "C104", "severity": "error", "message": "“６”是文本", "fields": ["requests.received.person"], "cells": ["依申请公开!D5"],
        "expected": "6", "actual": "６",
        "suggestions": [{"field": "requests.received.person", "cell": "依申请公开!D5", "value": "6", "reason": "文本所表示的数"}],
    }  # fmt: skip
    assert {key: file["findings"][0][key] for key in finding} == finding


@given(st.text(st.characters(exclude_characters="\n"), max_size=20))
def test_a_path_in_json_steers_nothing_and_comes_back_as_it_was(path: str) -> None:
    text = json_of([Checked(path, "passed", ())])
    assert clean(text.replace("\n", "")) == text.replace("\n", "")
    assert json.loads(text)["files"][0]["path"] == path


@pytest.mark.parametrize("path", ["a\u202eb", "\udcff\udcfe.xlsx", "\U000e0041", "\ufffe", "\x7f\x9b"])
def test_what_steers_is_an_escape_in_json(path: str) -> None:
    text = json_of([Checked(path, "passed", ())])
    assert "\\u" in text
    assert json.loads(text)["files"][0]["path"] == path


def test_json_is_one_document_in_readable_chinese() -> None:
    assert "某局" in json_of(ALL)
    assert json.loads(json_of([]))["files"] == []


TEXTS = st.text('a0 甲“é\n\r\t"\\{}[]:,')
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(TEXTS, VALUES, max_size=3)


@given(st.lists(DOCUMENTS, max_size=3), st.dictionaries(st.text(alphabet="uvw", min_size=1), VALUES, max_size=2))
def test_pieces_make_the_document_that_json_would_write_at_once(files: list[Any], further: Any) -> None:
    counts = Counts(3, 1, 2)
    whole = {"xlcheck": __version__, "schema": SCHEMA, "summary": counts._asdict(), "files": files, **further}
    buffer = io.StringIO(newline="")
    write_json(buffer, counts, map(entry, files), further)
    at_once = json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
    assert buffer.getvalue() == at_once


def test_the_document_of_a_clean_file_to_the_letter() -> None:
    assert (
        json_of([PASSED])
        == f"""{{
 "xlcheck": "{__version__}",
 "schema": 1,
 "summary": {{
  "files": 1,
  "passed": 1,
  "failed": 0,
  "unreadable": 0,
  "errors": 0,
  "warnings": 0,
  "explained": 0,
  "review": 0
 }},
 "files": [
  {{
   "path": "b.xlsx",
   "form": "disclosure-2021",
   "unit": "乙局",
   "unit_code": "",
   "year": 2025,
   "status": "passed",
   "review": false,
   "last_year": null,
   "annotated": null,
   "not_evaluated": [],
   "findings": [],
   "causes": []
  }}
 ]
}}
"""
    )


def test_nothing_is_asked_of_a_file_before_those_before_it_are_written() -> None:
    buffer = io.StringIO()

    def entries() -> Any:
        for number in range(3):
            assert buffer.getvalue().count('"path"') == number
            yield entry(file_json(PASSED._replace(path=f"{number}.xlsx")))

    write_json(buffer, Counts(3), entries())
    assert len(json.loads(buffer.getvalue())["files"]) == 3


@given(
    st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=20),
    st.sampled_from(["out", "/a b", "输出", 'q"\\\n', "."]),
)
def test_an_entry_below_a_folder_differs_in_the_paths_of_copies_only(name: str, folder: str) -> None:
    # Other texts look like the lines that name copies.
    like = '\n   "annotated": "x",\n'
    checked = FAILED._replace(path=like, unit=like, annotated=f"x{name}", fixed=like)
    expected = file_json(checked._replace(annotated=str(Path(folder, f"x{name}")), fixed=str(Path(folder, like))))
    assert entry_below(Path(folder), entry(file_json(checked))) == entry(expected)


def test_an_entry_without_copies_is_the_same_below_a_folder() -> None:
    text = entry(file_json(PASSED))
    assert entry_below(Path("out"), text) == text
