"""Verifying: every relation and every cell gets its due, and the messages say it in the words of the form."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.making.filling import clean_values, form, submission_of, verified, workbook
from xlcheck.checking.explanations import explained
from xlcheck.checking.verify import (
    NOTHING_READ,
    LastYear,
    Verification,
    count_waiting,
    sound_values,
    verify_submission,
    year_before,
)
from xlcheck.model.cells import Place
from xlcheck.model.finding import Finding, Outcome, Suggestion
from xlcheck.model.submission import Held, Note, NoValue, Submission

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
    return verify_submission(submission(values))


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
        ("C103", "disclosure.regulations.issued", "一", ("“一”", "是 1 的请填数字 1", "没有发生的请填 0")),
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

    found = verify_submission(submission_of(book_of({"Sheet1": [["采购清单"]]})))
    assert [finding.code for finding in found.findings] == ["S105"]
    assert not found.passed


def test_passed_allows_warnings_only() -> None:
    assert verified(workbook()).passed
    assert not verified(workbook(disclosure__regulations__issued="")).passed


# --- what waits, what is explained, what can be right ----------------------------------------------------------------


def outcome(
    code: str, fields: tuple[str, ...] = ("k",), status: str = "not_evaluated", reason: str = "空着"
) -> Outcome:
    return Outcome(code, status, fields, reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outcomes", "number"),
    [
        ([], 0),
        ([outcome("B101"), outcome("B102"), outcome("P101")], 3),
        ([outcome("B101", status="passed"), outcome("B101", status="failed")], 0),
        ([outcome("Y101"), outcome("Y101", ("a", "b"))], 2),  # last year is there, a cell is not
        ([outcome("Y101", ()), outcome("Y102", ())], 0),  # last year is not there
        ([outcome("P103", ())], 1),  # waits for every cell
        ([outcome("B101", reason=NOTHING_READ), outcome("B101")], 1),
    ],
)
def test_rules_wait_for_cells_and_not_for_last_year(outcomes: list[Outcome], number: int) -> None:
    assert count_waiting(outcomes) == number


def test_a_blank_and_a_missing_last_year_count_the_blank_s_rules_only() -> None:
    blank = {**CLEAN, "disputes.review.upheld": "", "disputes.review.other": "", "disputes.review.total": 3}
    expected = len([o for o in check(blank).outcomes if o.status == "not_evaluated"])
    assert verify_submission(submission(blank), LastYear(None, "没有找到")).waiting == expected == 2
    assert check(CLEAN).waiting == 0
    assert verify_submission(submission({})).waiting == 0


def test_where_no_table_was_read_no_rule_is_said_to_have_failed_or_passed() -> None:
    nothing = verify_submission(submission({}), LastYear(None, "没有找到"))
    assert {(o.status, o.reason) for o in nothing.outcomes} == {("not_evaluated", NOTHING_READ)}
    assert len(nothing.outcomes) == 42
    assert (nothing.findings, nothing.values) == ((), {})


@pytest.mark.parametrize("key", ["disclosure.regulations.issued", "disclosure.fees.amount"])
@pytest.mark.parametrize(("held", "codes"), [(1e15, ["C108"]), (1e15 - 1, []), (0.0, []), (-1.0, ["C102"])])
def test_ten_to_the_fifteenth_is_told_and_the_number_below_is_not(key: str, held: float, codes: list[str]) -> None:
    verification = check({**CLEAN, key: held, "disclosure.regulations.in_force": 1e15 - 1})
    assert [finding.code for finding in verification.findings if finding.code[0] == "C"] == codes
    assert verification.values[key] == Decimal(repr(held))


@pytest.mark.parametrize("held", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_among_plain_ones_is_told(held: float) -> None:
    verification = check({**CLEAN, "requests.granted.other": held})
    assert [finding.code for finding in verification.findings if finding.code[0] == "C"] == ["C103"]
    assert len(verification.values) == len(CLEAN) - 1


def test_counts_are_whole_numbers_and_amounts_are_exact() -> None:
    values = check({**CLEAN, "disclosure.fees.amount": 7.0, "disclosure.regulations.issued": 1.0}).values
    assert type(values["disclosure.regulations.issued"]) is int
    assert type(values["disclosure.fees.amount"]) is Decimal


def test_a_boolean_is_no_number() -> None:
    verification = check({**CLEAN, "disclosure.regulations.issued": True})
    assert [finding.code for finding in verification.findings] == ["C107"]
    assert "disclosure.regulations.issued" not in verification.values


def test_numbers_that_can_be_right_are_plain_ones_and_texts_that_mean_one() -> None:
    held: dict[str, Any] = {"issued": "7", "repealed": -1.0, "in_force": 2.0}
    keys = {f"disclosure.regulations.{end}": value for end, value in held.items()}
    more: dict[str, Any] = {
        "disclosure.licensing.decisions": "-3",
        "disclosure.penalties.decisions": "",
        "disclosure.fees.amount": 0.5,
    }
    assert sound_values(submission({**keys, **more})) == {
        "disclosure.regulations.issued": 7,
        "disclosure.regulations.in_force": 2,
        "disclosure.fees.amount": Decimal("0.5"),
    }


def warning(code: str = "P101", severity: str = "warning", *cells: tuple[int, int]) -> Finding:
    return Finding(code, severity, "", places=tuple(Place("主动公开", cell) for cell in cells))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("about", "meant"),
    [
        ("P101", True),
        ("p101", True),
        ("Ｐ１０１", True),
        ("见P101。", True),
        ("P101 B5", True),
        ("P101、d5", True),
        ("P101 B6", False),
        ("P101 B6、B5", True),
        ("P101 B55", False),
        ("P102", False),
        ("P1012", False),
        ("AP101", False),
        ("1P101", False),
        ("B5", False),
        ("", False),
    ],
)
def test_a_note_is_about_the_rule_and_the_cell_that_it_names(about: str, meant: bool) -> None:
    finding = warning("P101", "warning", (4, 1), (4, 3))
    assert explained(finding, [Note(about, "已核实")]).explanation == ("已核实" if meant else "")


def test_the_first_note_that_fits_is_taken_and_an_error_has_none() -> None:
    notes = [Note("P102", "甲"), Note("P101 C9", "乙"), Note("P101", "丙"), Note("P101", "丁")]
    assert explained(warning(), notes).explanation == "丙"
    assert explained(warning("B101", "error"), [Note("B101", "甲")]).explanation == ""


def test_what_a_department_says_of_a_warning_stands_with_it() -> None:
    doubtful = submission({**CLEAN, "disclosure.regulations.issued": 7.0})._replace(notes=(Note("P101", "机构调整"),))
    (finding,) = verify_submission(doubtful).findings
    assert (finding.code, finding.explanation) == ("P101", "机构调整")


def test_a_comparison_with_last_year_names_its_cell_and_suggests_the_number() -> None:
    prior = {key: Decimal(str(value)) if isinstance(value, float) else value for key, value in CLEAN.items()}
    prior["requests.carried_out.legal"] = 4
    (finding,) = verify_submission(submission(CLEAN), LastYear(prior)).findings
    place = Place("依申请公开", form().by_key["requests.carried_in.legal"].cell)
    assert (finding.code, finding.severity, finding.fields, finding.places) == (
        "Y101", "error", ("requests.carried_in.legal",), (place,)
    )  # fmt: skip
    assert (finding.expected, finding.actual) == ("4", "0")
    assert finding.suggestions == (Suggestion("requests.carried_in.legal", place, "4", "按上一年度的数推出"),)


def test_a_doubt_without_a_number_suggests_none() -> None:
    (finding,) = check({**CLEAN, "disclosure.regulations.issued": 7.0}).findings
    assert (finding.code, finding.suggestions, finding.expected, finding.actual) == ("P101", (), "1", "7")


def test_the_sums_of_a_balance_are_said_only_where_all_numbers_are_known() -> None:
    finding = only("B104", {"disputes.review.total": 2.0, "disputes.review.upheld": 5.0})
    assert (finding.expected, finding.actual, finding.severity) == ("5", "2", "error")
    open_ = only("B104", {"disputes.review.total": 2.0, "disputes.review.upheld": 5.0, "disputes.review.other": ""})
    assert (open_.expected, open_.actual) == (None, None)
    assert [place.sheet for place in open_.places] == ["复议诉讼"] * 5


def test_all_relations_that_say_what_a_blank_is_are_named() -> None:
    finding = only("C101", {"requests.carried_out.total": ""})
    assert finding.expected == "0"
    assert "B101" in finding.message
    assert "B103" in finding.message


def test_broken_balances_come_with_what_may_be_behind_them() -> None:
    verification = check({**CLEAN, "requests.granted.person": 2.0})
    assert verification.causes
    assert {number for each in verification.causes for number in each.findings} <= set(
        range(len(verification.findings))
    )
    assert check(CLEAN).causes == ()


def test_what_did_not_balance_last_year_is_no_evidence() -> None:
    carried = {"requests.carried_out.person": 1, "requests.carried_out.total": 1}
    received = {"requests.received.person": 7, "requests.received.total": 7}
    settled, broken = (year_before(submission({**CLEAN, **carried, **more})) for more in (received, {}))
    assert broken.doubtful >= {*carried, *received}
    assert not settled.doubtful
    now = submission({**CLEAN, "requests.carried_in.person": 1, "requests.carried_in.total": 1})
    with_settled, with_broken, alone = (verify_submission(now, one).causes for one in (settled, broken, None))
    assert with_broken == alone != with_settled


def test_of_checks_errors_come_first_and_what_is_explained_last() -> None:
    values = {**CLEAN, "disclosure.fees.amount": 125000, "disclosure.regulations.issued": 9}
    before = LastYear({"requests.carried_out.person": 3})
    for notes, codes in (
        ((), ["Y101", "P101", "P105"]),
        ((Note("P101", "确实如此"),), ["Y101", "P105", "P101"]),
    ):
        found = verify_submission(submission(values)._replace(notes=notes), before).findings
        assert [finding.code for finding in found] == codes


def test_structure_comes_first() -> None:
    told = Finding("S104", "warning", "多出的工作表")
    found = verify_submission(
        submission({**CLEAN, "disclosure.regulations.issued": ""})._replace(structure=(told,))
    ).findings
    assert [finding.code for finding in found] == ["S104", "C101"]


def test_an_unreadable_cell_is_no_blank_to_reason_about() -> None:
    values = {**CLEAN, "disputes.review.total": 1, "disputes.review.upheld": 2, "disputes.review.other": "见附件"}
    verification = check(values)
    assert statuses(verification)["B104", "disputes.review.total"] == "not_evaluated"
    assert [finding.code for finding in verification.findings] == ["C103"]
    blank = check({**values, "disputes.review.other": ""})
    assert statuses(blank)["B104", "disputes.review.total"] == "failed"
