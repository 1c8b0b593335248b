"""Verifying: every relation and every cell gets its due, and the messages say it in the words of the form."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.making.filling import clean_values, form, submission_of, verified, workbook
from xlcheck.checking.verify import Verification, verify
from xlcheck.model.cells import Place
from xlcheck.model.finding import Finding
from xlcheck.model.submission import Held, NoValue, Submission

COLUMNS = ("person", "business", "research", "welfare", "legal", "other")
CLEAN: dict[str, Any] = {**clean_values()}
KEYS = [field.key for field in form().fields]
DETAILS = tuple(
    field.key.split(".")[1]
    for relation in form().relations
    if (relation.code, relation.keys[0]) == ("B102", "requests.handled.person")
    for field in relation.right_fields
)


def submission(values: Mapping[str, Held]) -> Submission:
    """A submission of these values, each in its official place."""
    places = {field.key: Place(field.sheet, field.cell) for field in form().fields}
    return Submission(form(), {"unit": "某局", "year": "2025"}, dict(values), places, ())


def check(values: Mapping[str, Held]) -> Verification:
    return verify(submission(values))


def balances(verification: Verification) -> set[tuple[str, str]]:
    """The broken relations, each by its code and its first field."""
    return {(finding.code, finding.fields[0]) for finding in verification.findings if finding.code[0] == "B"}


def must_mend(verification: Verification) -> list[Finding]:
    return [finding for finding in verification.findings if finding.severity == "error"]


def statuses(verification: Verification) -> dict[tuple[str, str], str]:
    """The outcome of every relation by its code and first field."""
    return {(o.code, o.fields[0]): o.status for o in verification.outcomes if o.code[0] == "B"}


@st.composite
def balanced(draw: st.DrawFn) -> dict[str, float]:
    """A whole form in which all 42 relations hold."""
    small = st.integers(0, 30)
    values = dict.fromkeys(KEYS, 0.0)
    for key in KEYS:
        if key.startswith("disclosure."):
            values[key] = float(draw(small))
    for column in COLUMNS:
        for row in draw(st.sets(st.sampled_from(DETAILS), max_size=4)):
            values[f"requests.{row}.{column}"] = float(draw(small))
        handled = sum(values[f"requests.{row}.{column}"] for row in DETAILS)
        carried_out, carried_in = float(draw(small)), float(draw(small))
        assume(handled + carried_out >= carried_in)
        values[f"requests.handled.{column}"] = handled
        values[f"requests.carried_out.{column}"] = carried_out
        values[f"requests.carried_in.{column}"] = carried_in
        values[f"requests.received.{column}"] = handled + carried_out - carried_in
    for row in (*DETAILS, "handled", "carried_out", "carried_in", "received"):
        values[f"requests.{row}.total"] = sum(values[f"requests.{row}.{column}"] for column in COLUMNS)
    for group in ("review", "suit_direct", "suit_after_review"):
        for result in ("upheld", "corrected", "other", "pending"):
            values[f"disputes.{group}.{result}"] = float(draw(small))
            values[f"disputes.{group}.total"] += values[f"disputes.{group}.{result}"]
    return values


def relations_of(key: str) -> set[tuple[str, str]]:
    return {(relation.code, relation.keys[0]) for relation in form().relations if key in relation.keys}


# --- laws ------------------------------------------------------------------------------------------------------------


def test_the_details_are_those_of_the_form() -> None:
    assert len(DETAILS) == 21


@given(balanced())
def test_a_balanced_form_has_nothing_to_mend(values: dict[str, float]) -> None:
    verification = check(values)
    assert must_mend(verification) == []
    assert set(statuses(verification).values()) == {"passed"}
    assert len(statuses(verification)) == 42


@given(balanced(), st.sampled_from(KEYS), st.integers(1, 9))
def test_one_changed_cell_breaks_exactly_its_relations(values: dict[str, float], key: str, more: int) -> None:
    verification = check({**values, key: values[key] + more})
    assert balances(verification) == relations_of(key)
    assert {key for key, status in statuses(verification).items() if status == "failed"} == relations_of(key)


@given(balanced(), st.sampled_from(KEYS))
def test_one_blank_is_told_and_its_relations_never_pass(values: dict[str, float], key: str) -> None:
    verification = check({**values, key: ""})
    told = [finding for finding in verification.findings if finding.fields == (key,)]
    assert [finding.code for finding in told] == ["C101"]
    assert {name for name, status in statuses(verification).items() if status == "not_evaluated"} == relations_of(key)
    if relations_of(key):
        assert told[0].expected == str(int(values[key]))
        assert told[0].suggestions[0].value == str(int(values[key]))
        assert f"只能是 {int(values[key])}" in told[0].message
    else:
        assert told[0].expected is None


@given(balanced(), st.sets(st.sampled_from(KEYS), min_size=1, max_size=12))
def test_blanks_of_a_balanced_form_never_make_a_relation_fail_or_pass(values: dict[str, float], keys: set[str]) -> None:
    found = statuses(check({**values, **dict.fromkeys(keys, "")}))
    touched = set().union(*(relations_of(key) for key in keys))
    assert {name for name, status in found.items() if status != "passed"} == touched
    assert "failed" not in found.values()


@given(
    balanced(),
    st.sampled_from(KEYS),
    st.sampled_from(["见附件", True, NoValue("error", "#REF!"), NoValue("formula", "A1"), float("nan")]),
)
def test_an_unreadable_cell_leaves_its_relations_open(values: dict[str, float], key: str, held: Any) -> None:
    verification = check({**values, key: held})
    assert {name for name, status in statuses(verification).items() if status == "not_evaluated"} == relations_of(key)
    assert not verification.passed


@given(balanced(), st.sets(st.sampled_from(KEYS), min_size=1, max_size=20))
def test_numbers_kept_as_text_balance_by_what_they_mean(values: dict[str, float], keys: set[str]) -> None:
    verification = check({**values, **{key: str(int(values[key])) for key in keys}})
    assert balances(verification) == set()
    assert {finding.fields[0] for finding in verification.findings if finding.code == "C104"} == keys


@given(
    st.dictionaries(
        st.sampled_from(KEYS),
        st.one_of(st.floats(), st.text(max_size=5), st.booleans(), st.integers(-5, 5)),
        max_size=30,
    )
)
def test_anything_typed_is_verified_without_a_crash(values: dict[str, Any]) -> None:
    verification = check({**CLEAN, **values})
    for finding in verification.findings:
        assert finding.message
        assert len(finding.places) == len(finding.fields)
    for relation, outcome in zip(form().relations, verification.outcomes, strict=False):
        if outcome.status == "passed":
            left = sum(Decimal(str(verification.values[key])) for key in relation.left_keys)
            assert left == sum(Decimal(str(verification.values[key])) for key in relation.right_keys)


# --- reasoning about blanks ------------------------------------------------------------------------------------------


def test_a_blank_that_nothing_can_fill_breaks_the_relation() -> None:
    verification = check(
        {**CLEAN, "disputes.review.total": 1, "disputes.review.upheld": 2, "disputes.review.other": ""}
    )
    finding = next(f for f in verification.findings if f.code == "B104")
    assert "无论填多少" in finding.message
    assert finding.expected is None
    assert finding.actual is None


def test_blanks_that_several_numbers_can_fill_leave_the_relation_open() -> None:
    values = {**CLEAN, "disputes.review.total": 3, "disputes.review.upheld": "", "disputes.review.other": ""}
    verification = check(values)
    assert balances(verification) == set()
    assert statuses(verification)["B104", "disputes.review.total"] == "not_evaluated"
    assert [f.expected for f in verification.findings if f.code == "C101"] == [None, None]


def test_relations_that_contradict_each_other_about_a_blank_are_told() -> None:
    values = {**CLEAN, "requests.carried_out.total": "", "requests.received.total": 9}
    finding = next(f for f in check(values).findings if f.code == "C101")
    assert finding.expected is None
    assert "矛盾" in finding.message


def test_a_blank_whole_form_breaks_nothing_and_leaves_all_open() -> None:
    verification = check(dict.fromkeys(KEYS, ""))
    assert len(verification.findings) == 200
    assert set(statuses(verification).values()) == {"not_evaluated"}


def test_a_field_that_was_not_located_leaves_its_relations_open() -> None:
    values = dict(CLEAN)
    del values["requests.handled.person"]
    found = statuses(check(values))
    assert {name for name, status in found.items() if status == "not_evaluated"} == relations_of(
        "requests.handled.person"
    )


def test_an_open_relation_says_which_cell_is_blank() -> None:
    verification = check(
        {**CLEAN, "disputes.review.upheld": "", "disputes.review.other": "", "disputes.review.total": 3}
    )
    outcome = next(o for o in verification.outcomes if o.code == "B104" and o.status == "not_evaluated")
    assert "结果维持" in outcome.reason
    assert "2 格" in outcome.reason


# --- what is said ----------------------------------------------------------------------------------------------------


def only(code: str, values: Mapping[str, Any]) -> Finding:
    (finding,) = [finding for finding in check({**CLEAN, **values}).findings if finding.code == code]
    return finding


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"requests.received.person": 7, "requests.received.total": 7}, ("自然人列", "第一项 7", "第二项 0", "＝ 7", "第三项（七）总计 6", "第四项 0", "＝ 6", "相差 1")),
        ({"requests.granted.legal": 4}, ("法律服务机构列", "第三项（七）总计 0", "各明细之和 4", "相差 4")),
        ({"requests.carried_out.total": 5}, ("第四项（结转下年度）行", "总计 5", "之和 0", "相差 5")),
        ({"disputes.suit_direct.total": 2}, ("行政诉讼（未经复议直接起诉）", "总计 2", "之和 0", "相差 2")),
    ],
)  # fmt: skip
def test_a_balance_message_has_names_sides_and_difference(changes: dict[str, Any], words: tuple[str, ...]) -> None:
    messages = [f.message for f in check({**CLEAN, **changes}).findings if f.code[0] == "B"]
    assert any(all(word in message for word in words) for message in messages), messages


def test_a_balance_finding_has_all_fields_of_its_relation_and_both_sums() -> None:
    finding = only("B104", {"disputes.review.total": 2})
    assert set(finding.fields) == {
        f"disputes.review.{key}" for key in ("total", "upheld", "corrected", "other", "pending")
    }
    assert {finding.expected, finding.actual} == {"0", "2"}


@pytest.mark.parametrize(
    ("code", "key", "held", "words"),
    [
        ("C101", "disclosure.regulations.issued", "", ("规章", "本年制发件数", "没有填写", "填 0")),
        ("C102", "disclosure.regulations.issued", -3.0, ("规章", "-3", "大于或等于 0")),
        ("C103", "disclosure.regulations.issued", "见附件", ("见附件", "不是数字")),
        ("C103", "disclosure.regulations.issued", "无", ("“无”", "填 0")),
        ("C104", "disclosure.regulations.issued", "１２件", ("１２件", "文本", "12")),
        ("C105", "disclosure.regulations.issued", 2.5, ("2.5", "整数")),
        ("C106", "disclosure.regulations.issued", NoValue("error", "#DIV/0!"), ("#DIV/0!", "公式出错")),
        ("C107", "disclosure.regulations.issued", True, ("TRUE",)),
        ("C108", "disclosure.fees.amount", 0.12345678901234567, ("15 位", "0.1234567890123456")),
        ("C109", "disclosure.fees.amount", 0.1234567, ("0.1234567", "0.123457", "1 分钱")),
        ("C110", "disclosure.regulations.issued", NoValue("formula", "1+1"), ("公式", "1+1", "没有计算结果")),
    ],
)  # fmt: skip
def test_a_cell_message_says_where_what_and_what_to_do(code: str, key: str, held: Any, words: tuple[str, ...]) -> None:
    finding = only(code, {key: held})
    assert all(word in finding.message for word in words), finding.message
    assert finding.fields == (key,)
    assert finding.places == (Place("主动公开", form().by_key[key].cell),)


def test_numbers_in_messages_have_no_exponent_and_no_noise() -> None:
    big = only("C108", {"disclosure.regulations.issued": 1e20})
    assert "100000000000000000000" in big.message
    assert "e+" not in big.message


def test_messages_never_hold_control_characters_of_a_cell() -> None:
    for finding in check({**CLEAN, "disclosure.regulations.issued": "a\x1b[31mb\nc\u202ed" * 9}).findings:
        for text in (finding.message, finding.actual or ""):
            assert not [char for char in text if ord(char) < 32 or char == "\u202e"]


def test_a_long_text_is_cut_in_the_message() -> None:
    finding = only("C103", {"disclosure.regulations.issued": "长" * 32767})
    assert len(finding.message) < 200


def test_findings_come_as_structure_then_cells_then_balances() -> None:
    data = workbook(requests__received__person=-7, disclosure__regulations__issued="", requests__granted__total=9)
    families = [finding.code[0] for finding in verified(data).findings]
    assert families == sorted(families, key="SCPYB".index)


def test_a_submission_of_another_form_gives_no_cell_findings() -> None:
    from tests.making.grids import book_of

    found = verify(submission_of(book_of({"Sheet1": [["采购清单"]]})))
    assert [finding.code for finding in found.findings] == ["S105"]
    assert not found.passed


def test_passed_allows_warnings_only() -> None:
    assert verified(workbook()).passed
    assert not verified(workbook(disclosure__regulations__issued="")).passed
