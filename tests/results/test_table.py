"""Findings as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest

from tests.making.checked import ALL, FAILED, FINDING
from xlcheck.results.checked import Checked
from xlcheck.results.entries import file_json
from xlcheck.results.record import record
from xlcheck.results.table import write_csv


def csv_of(results: Sequence[Checked]) -> str:
    stream = io.StringIO(newline="")
    write_csv(stream, (record(file_json(checked)) for checked in results))
    return stream.getvalue()


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


def test_the_csv_to_the_letter() -> None:
    assert csv_of(ALL) == (
        "path,unit,year,status,code,severity,cells,message,expected,actual,suggestions\r\n"
        "a.xlsx,某局,2025,failed,C104,error,依申请公开!D5,“６”是文本,6,６,依申请公开!D5=6\r\n"
        "b.xlsx,乙局,2025,passed,,,,,,,\r\n"
        "c.xlsx,,,unreadable,F101,error,,文件“c.xlsx”已损坏,,,\r\n"
    )
