"""Looking at one file: nothing that it holds, or that it is compared with, brings down whoever looks."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.making.campaigns import handed_in
from xlcheck.batch.earlier import Earlier
from xlcheck.batch.one import check_content
from xlcheck.campaign.looking import FileQuestion, drawing_of, look
from xlcheck.reading.open import Forms

BEFORE = Earlier(Path("第 1 次报送/a.xlsx"), "a.xlsx", "", "市教育局", None, content=handed_in())


def ends(monkeypatch: pytest.MonkeyPatch, *, always: bool) -> None:
    """The process that looks ends in the middle: always, or where there is something to compare with."""

    def aborts(data: bytes, job: Any, forms: Any, against: Any) -> Any:
        if always or against.last_round is not None:
            os.abort()
        return check_content(data, job, forms, against)

    monkeypatch.setattr("xlcheck.campaign.looking.check_content", aborts)  # the process is a copy of this one


def test_what_it_is_compared_with_is_not_held_against_it(monkeypatch: pytest.MonkeyPatch) -> None:
    question = FileQuestion("a.xlsx", handed_in(), 2025, last_round=BEFORE)
    assert "previous" in json.loads(look(question, Forms()).entry)
    ends(monkeypatch, always=False)
    answer = look(question, Forms())
    assert (answer.record.status, answer.is_lost) == ("passed", False)
    assert "只核对了这份表本身" in json.loads(answer.entry)["notices"][0]


def test_a_file_that_nothing_gets_through_with_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    ends(monkeypatch, always=True)
    answer = look(FileQuestion("a.xlsx", handed_in(), 2025, last_round=BEFORE), Forms())
    assert answer.is_lost
    assert [line.code for line in answer.record.lines] == ["F105"]
    assert (answer.copy, answer.drawing) == (b"", None)


def test_a_clean_file_has_no_copy_and_is_drawn() -> None:
    answer = look(FileQuestion("a.xlsx", handed_in(), 2025), Forms())
    assert (answer.copy, answer.suffix, answer.record.annotated) == (b"", "", "")
    assert answer.drawing is not None
    assert answer.drawing["findings"] == []
    assert drawing_of("") is None


def test_a_document_has_a_copy_of_its_kind_or_none() -> None:
    from tests.making.filling import clean_values
    from tests.making.written_reports import page_report

    page = page_report({**clean_values(), "requests.received.person": 7}).encode()
    answer = look(FileQuestion("年报.htm", page, None), Forms())
    assert (answer.record.status, answer.suffix, answer.record.annotated) == ("failed", ".html", "年报.审核.html")
    assert answer.copy.startswith(b"<")
