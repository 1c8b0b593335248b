"""Plausibility, and comparison with last year: what is doubted, and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making.filling import clean_values, form, submission_of, workbook
from xlcheck.checking.verify import Prior, Verification, verify
from xlcheck.model.finding import Finding
from xlcheck.model.form import RuleText

TEXTS = {text.code: text for text in form().rule_texts if text.code[0] in "PY"}
ZEROS: dict[str, Any] = {field.key: 0 for field in form().fields}


def verified(values: Mapping[str, Any], prior: Mapping[str, Any] | None = None, why: str = "") -> Verification:
    before = None
    if prior is not None:
        before = Prior({key: value if isinstance(value, int) else Decimal(str(value)) for key, value in prior.items()})
    elif why:
        before = Prior(None, why)
    return verify(submission_of(workbook(values)), before)


def of(code: str, verification: Verification) -> list[Finding]:
    return [finding for finding in verification.findings if finding.code == code]


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_the_wrong_example_is_doubted_and_the_right_one_is_not(text: RuleText) -> None:
    wrong = verified({**ZEROS, **text.wrong.values}, {**ZEROS, **text.wrong.prior})
    right = verified({**ZEROS, **text.right.values}, {**ZEROS, **text.right.prior})
    assert of(text.code, wrong)
    assert {finding.severity for finding in of(text.code, wrong)} == {text.severity}
    assert not of(text.code, right)


def test_plausibility_only_warns() -> None:
    assert {text.severity for code, text in TEXTS.items() if code[0] == "P"} == {"warning"}
    assert TEXTS["Y101"].severity == "error"


def test_a_clean_workbook_is_not_doubted() -> None:
    assert verified(clean_values()).findings == ()


def test_the_message_says_both_sides() -> None:
    (finding,) = of("P101", verified(clean_values(disclosure__normative_documents__issued=7)))
    assert finding.message == "行政规范性文件：本年制发 7，多于现行有效 0 ＋ 本年废止 0 ＝ 0；请核实"
    assert [place.address for place in finding.places] == ["主动公开!B5", "主动公开!D5", "主动公开!C5"]


def test_without_last_year_nothing_is_said_of_it() -> None:
    verification = verified(clean_values())
    assert not [outcome for outcome in verification.outcomes if outcome.code[0] == "Y"]


def test_a_last_year_that_is_not_there_is_said_once_a_rule() -> None:
    outcomes = [o for o in verified(clean_values(), why="没有找到").outcomes if o.code[0] == "Y"]
    assert [outcome.code for outcome in outcomes] == ["Y101", "Y102", "Y103", "Y104"]
    assert {(outcome.status, outcome.reason) for outcome in outcomes} == {("not_evaluated", "没有找到")}


def test_carried_in_must_be_what_was_carried_out_in_every_column() -> None:
    prior = {**ZEROS, **{f"requests.carried_out.{column}": 2 for column in ("legal", "total")}}
    found = of("Y101", verified(clean_values(), prior))
    assert [finding.fields for finding in found] == [("requests.carried_in.legal",), ("requests.carried_in.total",)]
    assert [finding.suggestions[0].value for finding in found] == ["2", "2"]


def test_documents_in_force_follow_from_last_year() -> None:
    prior = {**ZEROS, "disclosure.regulations.in_force": 3}
    (finding,) = of("Y102", verified(clean_values(disclosure__regulations__repealed=1), prior))
    assert finding.message == "规章：本年现行有效 1 ＋ 本年废止 1 ＝ 2，上年现行有效 3 ＋ 本年制发 0 ＝ 3，相差 1"


@pytest.mark.parametrize(
    ("now", "before", "meant"),
    [
        (125000, 12.5, "12.5"),
        (120, 12.5, "12"),
        (1.2, 125, "120"),
        (0.013, 125, "130"),
        (13, 12.5, None),
        (60, 12.5, None),
    ],
)
def test_a_slipped_decimal_point_is_noticed(now: float, before: float, meant: str | None) -> None:
    found = of(
        "Y103",
        verified(clean_values(disclosure__fees__amount=now), {**clean_values(), "disclosure.fees.amount": before}),
    )
    assert [finding.expected for finding in found] == ([meant] if meant else [])


def test_a_slipped_decimal_point_is_not_told_as_a_swing_too() -> None:
    values = clean_values(disclosure__fees__amount=130000)
    assert not of("Y104", verified(values, {**clean_values(), "disclosure.fees.amount": 12.5}))


@pytest.mark.parametrize(
    ("now", "before", "says"), [(200, 90, "增加 122%"), (30, 90, "减少 67%"), (30, 0, "上年 0"), (19, 1, "")]
)
def test_a_swing_is_told_with_its_size(now: int, before: int, says: str) -> None:
    values = clean_values(disclosure__licensing__decisions=now)
    found = of("Y104", verified(values, {**clean_values(), "disclosure.licensing.decisions": before}))
    assert [says in finding.message for finding in found] == ([True] if says else [])


def test_a_number_that_is_wrong_anyway_is_not_doubted_besides() -> None:
    verification = verified(clean_values(disclosure__regulations__issued=2.5))
    assert [finding.code for finding in verification.findings] == ["C105"]


def test_a_blank_leaves_its_checks_open() -> None:
    verification = verified(clean_values(disclosure__regulations__issued=""))
    outcome = next(o for o in verification.outcomes if o.code == "P101")
    assert outcome.status == "not_evaluated"
    assert "规章／本年制发件数" in outcome.reason


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_carried_out_than_received_is_doubted_and_nothing_else(received: int, carried_out: int) -> None:
    values = {**ZEROS, "disclosure.regulations.in_force": 1}
    for column in ("welfare", "total"):
        values |= {
            f"requests.received.{column}": received,
            f"requests.carried_out.{column}": carried_out,
            f"requests.carried_in.{column}": max(0, carried_out - received),
            f"requests.handled.{column}": max(0, received - carried_out),
            f"requests.granted.{column}": max(0, received - carried_out),
        }
    codes = {finding.code for finding in verified(values).findings}
    assert ("P102" in codes) == (carried_out > received)
    assert codes <= {"P102", "P106"}
