"""What a document's cell holds: numbers, numbers that something stands beside, and texts."""

from __future__ import annotations

import pytest

from tests.making.filling import form
from xlcheck.checking.verdict import judge
from xlcheck.model.numbers import exact
from xlcheck.model.submission import BLANK, NoValue
from xlcheck.reading.documents.values import held_by

COUNT = form().by_key["requests.received.person"]
FEE = form().by_key["disclosure.fees.amount"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("6", 6),
        (" 6\n", 6),
        ("１２", 12),
        ("1,573,179", 1573179),
        ("1，234", 1234),
        ("0", 0),
        ("-3", -3),
        ("2.50", 2.5),
    ],
)
def test_plain_digits_are_a_number(text: str, number: float) -> None:
    held = held_by(COUNT, text)
    assert type(held) is float
    assert held == number


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\xa0\n"])
def test_a_cell_with_nothing_but_space_is_blank(text: str) -> None:
    assert held_by(COUNT, text) == BLANK


@pytest.mark.parametrize(
    "text", ["/", "-", "无", "见附件", "约5", "3²", "1,23", "7 46", "7\n46", "5-6", "①", "12（", "5万元"]
)
def test_whatever_is_no_number_stays_a_text(text: str) -> None:
    assert held_by(COUNT, text) == text
    assert judge("count", text).codes == ("C103",)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("22（其中修订 16 件）", "22"),
        ("22(其中修订16件)", "22"),
        ("5件", "5"),
        ("1,234 件", "1234"),
        ("6（含上年 2）", "6"),
    ],
)
def test_a_number_with_a_remark_is_told_and_counts(text: str, number: str) -> None:
    held = held_by(COUNT, text)
    assert held == NoValue("noted", text, gives=number)
    verdict = judge("count", held)
    assert verdict.value is not None
    assert (exact(verdict.value), verdict.codes) == (number, ("C104",))


@pytest.mark.parametrize(
    ("text", "head", "number"),
    [
        ("251000元", "", "25.1"),
        ("25.1万元", "", "25.1"),
        ("0元", "", "0"),
        ("251000", "本年收费金额（单位：元）", "25.1"),
        ("251000", "本年收费金额（元）", "25.1"),
        ("12.5（其中大厅 3）", "", "12.5"),
    ],
)
def test_an_amount_in_another_unit_is_told_and_read_in_the_forms(text: str, head: str, number: str) -> None:
    held = held_by(FEE, text, head=head)
    assert isinstance(held, NoValue)
    verdict = judge("amount", held)
    assert verdict.value is not None
    assert (exact(verdict.value), verdict.codes) == (number, ("C104",))


@pytest.mark.parametrize("head", ["", "本年收费金额（单位：万元）", "本年收费金额（单位:万元）"])
def test_an_amount_in_the_forms_unit_is_a_number(head: str) -> None:
    assert held_by(FEE, "72701.2578", head=head) == 72701.2578


def test_a_count_is_never_in_yuan() -> None:
    assert held_by(COUNT, "5元") == "5元"


def test_what_nobody_may_rely_on_has_no_number() -> None:
    held = held_by(COUNT, "13364", "分页把它断成了两行")
    assert held == NoValue("doubtful", "13364", why="分页把它断成了两行")
    assert judge("count", held) == (None, ("C112",))


def test_endless_digits_cost_nothing() -> None:
    assert held_by(COUNT, "9" * 40_000) == "9" * 40_000
    assert held_by(COUNT, "1" * 25) == int("1" * 25)
    assert judge("count", held_by(COUNT, "1" * 25)).codes == ("C108",)
