"""What a cell's finding says, and that no cell is told two things."""

from __future__ import annotations

import pytest

from tests.making.filling import clean_values, verified, workbook
from xlcheck.checking.verify import Verification
from xlcheck.copies.mend import mends
from xlcheck.model.finding import Finding

TEXTS = ("无", "/", "—", "一")


def of(verification: Verification, key: str) -> Finding:
    """The only finding of one cell."""
    (found,) = [finding for finding in verification.findings if finding.fields == (key,)]
    return found


def checked(**changes: float | str) -> Verification:
    return verified(workbook(clean_values(**changes)))


# What a blank can be


def test_a_blank_can_be_nothing_else_where_all_else_is_sound() -> None:
    finding = of(checked(requests__granted__total=""), "requests.granted.total")
    assert "此格只能是 1" in finding.message
    assert finding.expected == "1"


@pytest.mark.parametrize("wrong", [-1, 2.5, "见附件"])
def test_a_blank_beside_a_wrong_cell_may_be_another_number(wrong: float | str) -> None:
    verification = checked(disputes__review__total="", disputes__review__upheld=wrong, disputes__review__other=7)
    assert "此格只能是" not in of(verification, "disputes.review.total").message


def test_a_blank_beside_a_negative_number_is_said_with_a_reserve() -> None:
    verification = checked(disputes__review__total="", disputes__review__upheld=-1, disputes__review__other=7)
    assert "其余各格无误时，此格应为 6" in of(verification, "disputes.review.total").message


def test_a_blank_beside_a_cell_of_a_broken_balance_is_said_with_a_reserve() -> None:
    verification = checked(requests__granted__legal="", requests__granted__person=4, requests__granted__total=7)
    finding = of(verification, "requests.granted.legal")
    assert "其余各格无误时" in finding.message or "互相矛盾" in finding.message


def test_balances_that_contradict_each_other_force_nothing() -> None:
    finding = of(checked(requests__handled__person="", requests__received__person=60), "requests.handled.person")
    assert "互相矛盾" in finding.message
    assert "只能是" not in finding.message


# Texts that mean nothing


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_for_nothing_is_0_where_the_balances_say_so(text: str) -> None:
    finding = of(checked(requests__granted__legal=text), "requests.granted.legal")
    assert "没有发生的请填 0" in finding.message
    assert [s.value for s in finding.suggestions] == ["0"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_for_nothing_is_not_0_where_the_balances_have_another_number(text: str) -> None:
    finding = of(checked(requests__granted__person=text), "requests.granted.person")
    assert "填 0" not in finding.message
    assert [s.value for s in finding.suggestions] == ["1"]
    assert finding.expected == "1"


def test_one_is_no_dash_where_nothing_tells() -> None:
    finding = of(checked(disclosure__licensing__decisions="一"), "disclosure.licensing.decisions")
    assert "是 1 的请填数字 1，没有发生的请填 0" in finding.message
    assert finding.suggestions == ()
    assert [
        s.value
        for s in of(checked(disclosure__licensing__decisions="无"), "disclosure.licensing.decisions").suggestions
    ] == ["0"]


@pytest.mark.parametrize("text", ["无", ""])
@pytest.mark.parametrize("wrong", [3, 30, 300])
def test_no_cell_is_told_two_things(text: str, wrong: int) -> None:
    verification = checked(
        requests__declined_repeat__legal=text, requests__declined_repeat__total=wrong, requests__received__person=9
    )
    for finding in verification.findings:
        if finding.fields == ("requests.declined_repeat.legal",):
            said = {s.value for s in finding.suggestions}
            told = {
                change.value
                for cause in verification.causes
                for explanation in cause.explanations[: 1 if cause.certain else 5]
                for change in explanation
                if change.field == "requests.declined_repeat.legal"
            }
            assert not told or not said or said <= told


# What is written when asked for


def test_nothing_that_stands_there_is_ever_written_over_with_0() -> None:
    columns = {
        f"requests__{row}__total": 0
        for row in ("received", "granted", "unavailable_not_held", "declined_repeat", "handled")
    }
    for changes in (
        columns,
        {"requests__granted__legal": 4},
        {"requests__received__person": 0, "requests__received__business": 6},
    ):
        verification = checked(**changes)
        assert all(mend.new != "0" for mend in mends(verification, "all"))
    assert {mend.field for mend in mends(checked(**columns), "all")} == {key.replace("__", ".") for key in columns}
