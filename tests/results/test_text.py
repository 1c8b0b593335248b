"""Reports of checked files: text for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck import __version__
from xlcheck.model.cells import Place
from xlcheck.model.finding import Finding, Outcome, Suggestion
from xlcheck.model.text import clean
from xlcheck.results.checked import Checked
from xlcheck.results.counts import Counts, summary
from xlcheck.results.document import SCHEMA, document, entry, json_of, roster_document, write_json
from xlcheck.results.record import record
from xlcheck.results.table import csv_of, write_csv
from xlcheck.results.text import summary_text, text_of
from xlcheck.roster.match import Handed, match
from xlcheck.roster.units import Unit

PLACE = Place("依申请公开", (4, 3))
FINDING = Finding(
    "C104",
    "error",
    "“６”是文本",
    ("requests.received.person",),
    (PLACE,),
    "6",
    "６",
    (Suggestion("requests.received.person", PLACE, "6", "文本所表示的数"),),
)
FAILED = Checked(
    "a.xlsx",
    "failed",
    (FINDING,),
    "disclosure-2021",
    "某局",
    2025,
    (Outcome("B103", "not_evaluated", ("x", "y"), "“x”空着"),),
    "a.审核.xlsx",
)
PASSED = Checked("b.xlsx", "passed", (), "disclosure-2021", "乙局", 2025)
UNREADABLE = Checked("c.xlsx", "unreadable", (Finding("F101", "error", "文件“c.xlsx”已损坏"),))
ALL = [FAILED, PASSED, UNREADABLE]


def many(number: int) -> Checked:
    return PASSED._replace(
        status="failed", findings=tuple(FINDING._replace(message=f"第 {n} 处") for n in range(number))
    )


def test_the_summary_counts() -> None:
    counts = {"files": 3, "passed": 1, "failed": 1, "unreadable": 1, "errors": 2, "warnings": 0}
    assert summary(ALL) == Counts(**counts)
    assert "共 3 个文件" in summary_text(ALL)


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


def test_text_names_everything_once() -> None:
    text = text_of(FAILED)
    for words in (
        "不通过",
        "a.xlsx",
        "某局",
        "2025 年",
        "C104",
        "依申请公开!D5",
        "“６”是文本",
        "a.审核.xlsx",
        "另有 1 条",
    ):
        assert text.count(words) == 1, words


def test_text_is_painted_only_where_asked() -> None:
    assert "\x1b" not in text_of(FAILED)
    assert "<red>" in text_of(FAILED, lambda text, colour: f"<{colour}>{text}")


def test_many_alike_are_folded_and_counted() -> None:
    assert "第 4 处" in text_of(many(5))
    text = text_of(many(40))
    assert len(text.splitlines()) < 12
    assert "还有 35 处" in text


@pytest.mark.parametrize("nasty", ["a\nb", "\x1b[31m", "\u202e", "\x07", "\r", "\x9b31m"])
def test_no_name_or_unit_steers_the_terminal(nasty: str) -> None:
    checked = FAILED._replace(
        path=nasty, unit=nasty, annotated=nasty, findings=(FINDING._replace(places=(Place(nasty, (0, 0)),)),)
    )
    text = text_of(checked)
    assert not [char for char in text if (ord(char) < 32 and char != "\n") or char in "\x7f\x9b\u202e"]
    assert len(text.splitlines()) == len(text_of(FAILED).splitlines())


@pytest.mark.parametrize(
    "nasty", ["=1+1", "+1+1", "-1+1", "@x", "\t=1", "\r=1", "＝1", " =1", "\u200b=1", "\x00=1", "\n=1"]
)
def test_no_cell_of_the_csv_is_a_formula(nasty: str) -> None:
    checked = FAILED._replace(path=nasty, unit=nasty, findings=(FINDING._replace(actual=nasty, message=nasty),))
    for row in csv.reader(io.StringIO(csv_of([checked]), newline="")):
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "-", "＝", "\t", "\r")), cell


def test_negative_numbers_stay_numbers_in_the_csv() -> None:
    checked = FAILED._replace(findings=(FINDING._replace(actual="-3", expected="-2.5"),))
    row = next(csv.DictReader(io.StringIO(csv_of([checked]), newline="")))
    assert (row["actual"], row["expected"]) == ("-3", "-2.5")


def test_the_csv_has_a_line_a_finding_and_one_for_a_clean_file() -> None:
    rows = list(csv.DictReader(io.StringIO(csv_of(ALL), newline="")))
    assert [(row["path"], row["status"], row["code"]) for row in rows] == [
        ("a.xlsx", "failed", "C104"),
        ("b.xlsx", "passed", ""),
        ("c.xlsx", "unreadable", "F101"),
    ]
    assert rows[0]["suggestions"] == "依申请公开!D5=6"


# --- written piece by piece ------------------------------------------------------------------------------------------

TEXTS = st.text('a0 甲“é\n\r\t"\\{}[]:,')
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(TEXTS, VALUES, max_size=3)


@given(st.lists(DOCUMENTS, max_size=3), st.dictionaries(st.text(alphabet="uvw", min_size=1), VALUES, max_size=2))
def test_pieces_make_the_document_that_json_would_write_at_once(
    files: list[dict[str, Any]], further: dict[str, Any]
) -> None:
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
  "explained": 0
 }},
 "files": [
  {{
   "path": "b.xlsx",
   "form": "disclosure-2021",
   "unit": "乙局",
   "unit_code": "",
   "year": 2025,
   "status": "passed",
   "annotated": null,
   "not_evaluated": [],
   "findings": [],
   "causes": []
  }}
 ]
}}
"""
    )


def test_the_csv_to_the_letter() -> None:
    assert csv_of(ALL) == (
        "path,unit,year,status,code,severity,cells,message,expected,actual,suggestions\r\n"
        "a.xlsx,某局,2025,failed,C104,error,依申请公开!D5,“６”是文本,6,６,依申请公开!D5=6\r\n"
        "b.xlsx,乙局,2025,passed,,,,,,,\r\n"
        "c.xlsx,,,unreadable,F101,error,,文件“c.xlsx”已损坏,,,\r\n"
    )


def test_documents_read_back_give_the_same_counts_and_the_same_csv() -> None:
    explained = FINDING._replace(severity="warning", explanation="确实如此")
    results = [*ALL, FAILED._replace(findings=(FINDING, explained), unit_code="11510400X")]
    records = [record(json.loads(entry(document(checked)))) for checked in results]
    assert summary(records) == summary(results)
    assert (summary(records).warnings, summary(records).explained) == (1, 1)
    assert records[-1].unit_code == "11510400X"
    assert records[0].lines[0].reasons == ("文本所表示的数",)
    buffer = io.StringIO(newline="")
    write_csv(buffer, records)
    assert buffer.getvalue() == csv_of(results)


def test_nothing_is_asked_of_a_file_before_those_before_it_are_written() -> None:
    buffer = io.StringIO()

    def entries() -> Any:
        for number in range(3):
            assert buffer.getvalue().count('"path"') == number
            yield entry({"path": f"{number}.xlsx"})

    write_json(buffer, Counts(3), entries())
    assert len(json.loads(buffer.getvalue())["files"]) == 3


def test_the_list_of_units_in_the_document() -> None:
    units = (Unit("市教育局", "11510400X", parent="市政府"), Unit("市气象局"))
    files = [
        Handed("旧.xlsx", "市教育局", "11510400X", 1),
        Handed("新.xlsx", "市教育局", "11510400X", 2),
        Handed("他.xlsx", "某某局", "", 3),
        Handed("坏.xlsx", "", "", 4),
    ]
    statuses = {"新.xlsx": "failed", "旧.xlsx": "passed", "他.xlsx": "passed", "坏.xlsx": "unreadable"}
    assert roster_document(match(units, files), statuses) == {
        "units": [
            {
                "name": "市教育局",
                "code": "11510400X",
                "parent": "市政府",
                "status": "failed",
                "path": "新.xlsx",
                "older": ["旧.xlsx"],
                "notices": ["报送了 2 份，以最新的“新.xlsx”为准"],
            },
            {
                "name": "市气象局",
                "code": "",
                "parent": "",
                "status": "missing",
                "path": None,
                "older": [],
                "notices": [],
            },
        ],
        "strays": [
            {"path": "他.xlsx", "reason": "单位名单里没有这个单位"},
            {"path": "坏.xlsx", "reason": "文件无法读取，看不出是哪个单位的"},
        ],
    }
