"""Cards of what is said of cells."""

from __future__ import annotations

from typing import Any

import pytest

from tests.making.filling import verified, workbook
from xlcheck.results.drawn import drawn_file
from xlcheck.results.entries import finding_json
from xlcheck.results.record import Record, record
from xlcheck.web.pages.cards import cards_by_field, cards_of, warning_in

_NOT_ASKED: dict[str, Any] = {
    "path": "a", "unit": None, "year": None, "annotated": None, "status": "failed",
}  # fmt: skip


def read(**changes: Any) -> tuple[Record, Any]:
    """A table as results and as a page have it."""
    verification = verified(workbook(**changes))
    findings = list(map(finding_json, verification.findings))
    return record({**_NOT_ASKED, "findings": findings}), drawn_file(verification)  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("changes", "label", "should"),
    [
        ({"requests__granted__total": 2}, "疑为：", "依申请公开!J7 应为 1"),
        ({"requests__received__person": "６"}, "应为：", "6"),
        ({"requests__received__person": 9}, "", "可能1"),
        ({"disclosure__regulations__issued": 5}, "", ""),
    ],
)
def test_what_should_stand_there_is_told_as_surely_as_it_is_known(
    changes: dict[str, Any], label: str, should: str
) -> None:
    card = cards_of(*read(**changes))[0]
    assert card.should_label == label
    assert card.should.startswith(should)


def test_cells_lead_to_the_first_card_about_them_and_back() -> None:
    told, drawing = read(requests__granted__total=2)
    cards = cards_of(told, drawing)
    lines = cards_by_field(cards)
    assert set(drawing["colours"]) == set(lines)
    assert lines["requests.granted.total"] == 1
    assert [place.says for place in cards[1].places][:2] == ["依申请公开!J7", "D7"]


def test_a_warning_is_known_by_what_its_form_sends_back() -> None:
    told, drawing = read(disclosure__regulations__issued=5)
    (card,) = cards_of(told, drawing)
    assert warning_in(card.about) == (told.lines[0].code, told.lines[0].cells)
    assert card.explainable
    assert "左栏" not in card.mend


def test_of_what_cannot_be_read_there_are_words_only() -> None:
    told, _ = read(requests__granted__total=2)
    cards = cards_of(told, None)
    assert [card.problem for card in cards] == [line.message for line in told.lines]
    assert cards_by_field(cards) == {}
