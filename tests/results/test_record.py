"""Results read back."""

from __future__ import annotations

from tests.making.checked import ALL, FAILED, FINDING
from xlcheck.results.entries import file_json
from xlcheck.results.record import of_entry, record
from xlcheck.results.writing import entry
from xlcheck.roster.match import Handed

EXPLAINED = FINDING._replace(severity="warning", explanation="确实如此")
RESULTS = [*ALL, FAILED._replace(findings=(FINDING, EXPLAINED), unit_code="11510400X")]


def test_an_entry_read_back_is_the_record_of_its_file() -> None:
    for checked in RESULTS:
        file = file_json(checked)
        file["modified"], file["digest"] = 5.0, "0" * 64
        assert of_entry(entry(file)) == record(file)
        assert record(file).tally == checked.tally


def test_a_record_holds_what_a_clerk_is_told() -> None:
    one = record(file_json(RESULTS[-1]))
    assert one.handed == Handed("a.xlsx", "某局", "11510400X", 0.0, 2025)
    assert [line.explanation for line in one.lines] == ["", "确实如此"]
    assert one.lines[0].suggestions == (("依申请公开!D5", "6"),)
    assert one.lines[0].reasons == ("文本所表示的数",)
