"""Reports of checked files: text for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from xlcheck.check import Checked
from xlcheck.finding import Finding, Outcome, Place, Suggestion
from xlcheck.report import csv_of, json_of, summary, summary_text, text_of

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
    assert {key: summary(ALL)[key] for key in counts} == counts
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
