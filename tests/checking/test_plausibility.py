"""Plausibility, and comparison with last year: what is doubted, and what is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making.filling import clean_values, form, submission_of, workbook
from xlcheck.checking.plausibility import CheckResult, Doubt, evaluate_checks
from xlcheck.checking.verify import LastYear, Verification, verify_submission
from xlcheck.model.finding import Finding
from xlcheck.model.form import Check, RuleText, Term
from xlcheck.model.numbers import Number

TEXTS = {text.code: text for text in form().rule_texts if text.code[0] in "PY"}
KEYS = [field.key for field in form().fields]
ZEROS: dict[str, Any] = {field.key: 0 for field in form().fields}


def verified(values: Mapping[str, Any], prior: Mapping[str, Any] | None = None, why: str = "") -> Verification:
    before = None
    if prior is not None:
        before = LastYear(
            {key: value if isinstance(value, int) else Decimal(str(value)) for key, value in prior.items()}
        )
    elif why:
        before = LastYear(None, why)
    return verify_submission(submission_of(workbook(values)), before)


def of(code: str, verification: Verification) -> list[Finding]:
    return [finding for finding in verification.findings if finding.code == code]


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_the_wrong_example_is_doubted_and_the_right_one_is_not(text: RuleText) -> None:
    wrong = verified({**ZEROS, **text.wrong.values}, {**ZEROS, **text.wrong.last_year})
    right = verified({**ZEROS, **text.right.values}, {**ZEROS, **text.right.last_year})
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
    assert [outcome.code for outcome in outcomes] == ["Y101", "Y102", "Y103", "Y104", "Y105"]
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


# --- borders, on numbers alone ---------------------------------------------------------------------------------------

FEES = "disclosure.fees.amount"
LICENSING = "disclosure.licensing.decisions"
RECEIVED = "requests.received.total"


def results(
    values: Mapping[str, Number], prior: Mapping[str, Number] | None = None, why: str = "", without: str = ""
) -> list[CheckResult]:
    """What becomes of all checks of a form of zeros with `values`; last year's likewise."""
    now = {key: value for key, value in {**ZEROS, **values}.items() if key not in without.split()}
    before = None if prior is None else {k: v for k, v in {**ZEROS, **prior}.items() if k not in without.split()}
    return evaluate_checks(form(), now, before, why)


def doubts(code: str, values: Mapping[str, Number], prior: Mapping[str, Number] | None = None) -> list[Doubt]:
    return [result.doubt for result in results(values, prior) if result.check.code == code and result.doubt]


def amount(text: str | float) -> Decimal:
    return Decimal(str(text))


@pytest.mark.parametrize(
    ("fees", "doubted"), [("10000", True), ("9999", False), ("9999.9", False), ("12000.5", True), ("12000.55", False)]
)
def test_an_amount_from_ten_thousand_on_without_two_decimals_may_be_yuan(fees: str, doubted: bool) -> None:
    assert bool(doubts("P105", {FEES: amount(fees)})) == doubted


def test_an_amount_that_may_be_yuan_says_how_much_it_is_and_expects_nothing() -> None:
    (doubt,) = doubts("P105", {FEES: amount(125000)})
    assert doubt.message.endswith("：填的是 125000，单位是万元，即 12.5 亿元；请核实是不是把元当成了万元")
    assert doubt[1:] == (None, "125000", None, "")


@pytest.mark.parametrize("fees", ["316441", "96171.6", "10000"])
def test_who_has_as_many_cases_as_a_city_collects_as_much(fees: str) -> None:
    enough = int(amount(fees) / 10) + 1
    for field in (LICENSING, "disclosure.penalties.decisions", "disclosure.coercion.decisions", RECEIVED):
        assert not doubts("P105", {FEES: amount(fees), field: enough})
        assert doubts("P105", {FEES: amount(fees), field: enough - 2})
    (doubt,) = verified({**ZEROS, FEES: float(fees)}).findings
    assert (doubt.fields, doubt.suggestions, doubt.expected) == ((FEES,), (), None)


def test_who_collected_as_much_last_year_collects_it_this_year() -> None:
    for before, doubted in (
        ("290000", False),
        ("1000", False),
        ("317", False),
        ("316", True),
        ("31.6", True),
        ("0", True),
    ):
        assert bool(doubts("P105", {FEES: amount(316441)}, {FEES: amount(before)})) == doubted, before


def test_the_same_numbers_as_last_year_are_doubted() -> None:
    same: dict[str, Number] = {FEES: amount("12.5"), LICENSING: 3}
    (doubt,) = doubts("Y105", same, same)
    assert doubt.message.startswith("200 格与上年报送的全部相同")
    assert not doubts("Y105", same, {**same, LICENSING: 4})
    assert not doubts("Y105", {}, {}), "zeros everywhere are doubted by themselves"
    assert not doubts("Y105", same)
    statuses = [one.outcome.status for one in results(same, same, without=FEES) if one.check.code == "Y105"]
    assert statuses == ["not_evaluated"]


@pytest.mark.parametrize(
    ("now", "before", "meant"),
    [
        ("120", "10", "12"),
        ("120.1", "10", None),
        ("83.4", "10", "8.34"),
        ("83.3", "10", None),
        ("12000", "10", "12"),
        ("120000", "10", "12"),
        ("10", "120", "100"),
        ("10", "120.1", None),
        ("10", "83.4", "100"),
        ("10", "83.3", None),
        ("1", "10000", "10000"),
        ("0", "10", None),
        ("10", "0", None),
        ("-100", "10", None),
        ("100", "-10", None),
        ("0.5", "0.05", "0.05"),
    ],
)
def test_ten_times_or_a_tenth_give_or_take_a_fifth(now: str, before: str, meant: str | None) -> None:
    found = doubts("Y103", {FEES: amount(now)}, {FEES: amount(before)})
    assert [doubt.expected for doubt in found] == ([meant] if meant else [])


@pytest.mark.parametrize(
    ("now", "before", "times", "meant"),
    [("125", "12.5", "10 倍", "12.5"), ("1250", "12.5", "100 倍", "12.5"), ("1.25", "12.5", "10 分之一", "12.5"),
     ("0.0125", "12.5", "1000 分之一", "12.5"), ("125000", "12.5", "10000 倍", "12.5")],
)  # fmt: skip
def test_a_jump_is_told_in_its_direction(now: str, before: str, times: str, meant: str) -> None:
    (doubt,) = doubts("Y103", {FEES: amount(now)}, {FEES: amount(before)})
    says = f"本年 {now}，上年 {before}，约为上年的 {times}；请核实单位（万元）和小数点，若有误应为 {meant}"
    assert doubt.message.endswith(f"：{says}")
    assert doubt[1:] == (meant, now, amount(meant), "如果小数点或单位有误")


def test_where_last_year_was_in_yuan_this_year_is_not_to_be_changed() -> None:
    (doubt,) = doubts("Y103", {FEES: amount("12.5")}, {FEES: amount("125000")})
    assert "上年的数可能以元为单位" in doubt.message
    assert doubt[1:] == (None, "12.5", None, "")


def test_a_jump_of_the_fee_silences_its_own_swing_and_no_other() -> None:
    found = results({FEES: amount(1250), LICENSING: 90}, {FEES: amount("12.5"), LICENSING: 30})
    told = [(result.check.code, result.check.keys) for result in found if result.doubt and result.check.code[0] == "Y"]
    assert told == [("Y103", (FEES,)), ("Y104", (LICENSING,))]
    assert ("Y104", (FEES,)) not in [(result.check.code, result.check.keys) for result in found]


def test_the_swing_of_a_fee_that_did_not_jump_is_told() -> None:
    found = results({FEES: amount(60)}, {FEES: amount("12.5")})
    assert [(r.check.code, r.check.keys) for r in found if r.doubt and r.check.code[0] == "Y"] == [("Y104", (FEES,))]


@pytest.mark.parametrize(
    ("now", "before", "says"),
    [
        (20, 0, "本年 20，上年 0；请核实"),
        (19, 0, None),
        (0, 20, "本年 0，上年 20，减少 100%；请核实"),
        (0, 19, None),
        (30, 20, "本年 30，上年 20，增加 50%；请核实"),
        (29, 20, None),
        (10, 20, "本年 10，上年 20，减少 50%；请核实"),
        (11, 20, None),
        (20, 20, None),
        (0, 0, None),
        (20, 1, "本年 20，上年 1，增加 1900%；请核实"),
        (1000, 3, "本年 1000，上年 3，增加 33233%；请核实"),
    ],
)
def test_a_swing_is_half_of_last_year_where_there_are_twenty(now: int, before: int, says: str | None) -> None:
    found = doubts("Y104", {LICENSING: now}, {LICENSING: before})
    assert [doubt.message.partition("：")[2] for doubt in found] == ([says] if says else [])
    assert [(doubt.expected, doubt.actual, doubt.value) for doubt in found] == (
        [(None, str(now), None)] if says else []
    )


def test_one_side_not_above_the_other_may_equal_it() -> None:
    issued, in_force = "disclosure.regulations.issued", "disclosure.regulations.in_force"
    assert not doubts("P101", {issued: 3, in_force: 3})
    (doubt,) = doubts("P101", {issued: 4, in_force: 3})
    assert (doubt.expected, doubt.actual, doubt.value) == ("3", "4", None)
    assert not doubts("P101", {issued: 3, in_force: 4})


def test_results_without_any_request_are_doubted() -> None:
    granted, received, carried_in = (f"requests.{row}.legal" for row in ("granted", "received", "carried_in"))
    (doubt,) = doubts("P104", {granted: 1})
    assert "，而" in doubt.message
    assert (doubt.expected, doubt.actual) == (None, None)
    assert not doubts("P104", {granted: 1, received: 1})
    assert not doubts("P104", {granted: 1, carried_in: 1})
    assert not doubts("P104", {received: 1})


def test_a_form_of_zeros_is_doubted_and_one_number_is_enough() -> None:
    assert doubts("P103", {})
    assert not doubts("P103", {KEYS[-1]: 1})


def test_a_sum_that_differs_from_last_year_suggests_a_number_only_for_a_single_cell() -> None:
    (single,) = doubts("Y101", {"requests.carried_in.legal": 2}, {"requests.carried_out.legal": 5})
    assert single.message.endswith("本年第二项（上年结转） 2，上年第四项（结转下年度） 5，相差 3")
    assert single[1:] == ("5", "2", 5, "按上一年度的数推出")
    (several,) = doubts("Y102", {"disclosure.regulations.in_force": 2}, {"disclosure.regulations.in_force": 5})
    assert several[1:] == ("5", "2", None, "")


@pytest.mark.parametrize(
    ("code", "without", "reason"),
    [
        ("P101", "disclosure.regulations.in_force", "“规章／现行有效件数”空着或填写有误"),
        ("P103", "disclosure.regulations.in_force", "“规章／现行有效件数”空着或填写有误"),
        ("Y101", "requests.carried_out.person", "上年的“四、结转下年度继续办理／自然人”空着或填写有误"),
        ("Y103", FEES, "“行政事业性收费／本年收费金额（单位：万元）”空着或填写有误"),
    ],
)
def test_a_check_that_lacks_a_number_says_which(code: str, without: str, reason: str) -> None:
    outcomes = [result.outcome for result in results({}, {}, without=without) if result.check.code == code]
    open_ones = [outcome for outcome in outcomes if outcome.status == "not_evaluated"]
    assert [outcome.reason for outcome in open_ones] == [reason]
    assert {outcome.status for outcome in outcomes} <= {"passed", "failed", "not_evaluated"}


def test_a_number_that_last_year_lacks_leaves_the_comparison_open() -> None:
    for code, key in (("Y103", FEES), ("Y104", LICENSING), ("Y102", "disclosure.regulations.in_force")):
        prior = {other: number for other, number in ZEROS.items() if other != key}
        (outcome,) = (
            result.outcome
            for result in evaluate_checks(form(), {**ZEROS, LICENSING: 90}, prior)
            if result.check.code == code and result.outcome.status == "not_evaluated"
        )
        assert outcome.reason.startswith("上年的“")


def test_why_there_is_no_last_year_is_said_once_a_rule_and_only_if_asked() -> None:
    told = [(r.check.code, r.outcome.status, r.outcome.reason) for r in results({}, None, "没有找到")]
    assert [one for one in told if one[0][0] == "Y"] == [
        (code, "not_evaluated", "没有找到") for code in ("Y101", "Y102", "Y103", "Y104", "Y105")
    ]
    assert not [result for result in results({}) if result.check.code[0] == "Y"]


def test_numbers_kept_as_text_are_doubted_like_others() -> None:
    issued, carried_in = "disclosure__regulations__issued", "requests__carried_in__legal"
    now = verified(clean_values(**{issued: "7", carried_in: "2"}), {**ZEROS, "requests.carried_out.legal": 5})
    assert [finding.actual for finding in of("P101", now)] == ["7"]
    assert [finding.expected for finding in of("Y101", now)] == ["5"]


# --- forms of other checks -------------------------------------------------------------------------------------------


def checks_of(code: str, key: str = "") -> list[Check]:
    return [check for check in form().checks if check.code == code and (not key or key in check.keys)]


def told(checks: Sequence[Check], values: Mapping[str, Number], prior: Mapping[str, Number]) -> list[str]:
    """The codes of what is doubted in a form that has only `checks`."""
    of_form = form()._replace(checks=tuple(checks))
    return [
        result.check.code
        for result in evaluate_checks(of_form, {**ZEROS, **values}, {**ZEROS, **prior})
        if result.doubt
    ]


def test_a_jump_silences_the_swing_of_its_field_wherever_the_form_has_it() -> None:
    jump, swing, other = *checks_of("Y103"), *checks_of("Y104", FEES), *checks_of("Y104", LICENSING)
    values: dict[str, Number] = {FEES: amount(1250), LICENSING: 90}
    prior: dict[str, Number] = {FEES: amount("12.5"), LICENSING: 30}
    assert told([jump, swing, other], values, prior) == ["Y103", "Y104"]
    assert told([swing, other], values, prior) == ["Y104", "Y104"]


def test_a_jump_silences_nothing_but_swings() -> None:
    checks = [*checks_of("Y103"), *checks_of("P105")]
    assert told(checks, {FEES: amount(125000)}, {FEES: amount("12.5")}) == ["Y103", "P105"]


def test_nothing_but_a_jump_silences_a_swing() -> None:
    received, carried_out = "requests.received.total", "requests.carried_out.total"
    checks = [*checks_of("P102", received), *checks_of("Y104", received)]
    assert told(checks, {received: 30, carried_out: 40}, {received: 90}) == ["P102", "Y104"]


def test_the_borders_are_those_that_the_form_sets() -> None:
    (jump,) = (check._replace(percent=Decimal(25)) for check in checks_of("Y103"))
    for now, expected in ((80, ["Y103"]), (125, ["Y103"]), ("79.9", []), ("125.1", [])):
        assert told([jump], {FEES: amount(now)}, {FEES: amount(10)}) == expected
        assert told([jump], {FEES: amount(10)}, {FEES: amount(now)}) == expected
    (swing,) = (check._replace(least=Decimal(0)) for check in checks_of("Y104", LICENSING))
    assert told([swing], {LICENSING: 0}, {LICENSING: 0}) == []
    assert told([swing], {LICENSING: 2}, {LICENSING: 1}) == ["Y104"]


def test_a_sum_within_one_term_is_no_single_cell() -> None:
    fields = tuple(form().by_key[f"requests.carried_in.{party}"] for party in ("person", "legal"))
    before = Term("上年", (form().by_key["requests.carried_out.total"],), last_year=True)
    check = Check("Y109", "equal", "warning", "", (Term("两列", fields),), (before,), Decimal(), Decimal())
    (result,) = evaluate_checks(form()._replace(checks=(check,)), ZEROS, {**ZEROS, "requests.carried_out.total": 2})
    assert result.doubt == Doubt("两列 0，上年 2，相差 2", "2", "0")


def test_every_check_has_an_outcome() -> None:
    outcomes = [result.outcome for result in results({LICENSING: 90}, {})]
    assert [(o.code, o.status) for o in outcomes if o.code in ("P103", "P105", "Y103")] == [
        ("P103", "passed"),
        ("P105", "passed"),
        ("Y103", "passed"),
    ]
    assert [o.status for o in outcomes if o.fields == (LICENSING,)] == ["failed"]


def test_a_thousand_times_is_a_slip_too() -> None:
    assert [doubt.expected for doubt in doubts("Y103", {FEES: amount(12500)}, {FEES: amount("12.5")})] == ["12.5"]
    assert [doubt.expected for doubt in doubts("Y103", {FEES: amount("12.5")}, {FEES: amount(12500)})] == ["12500"]
