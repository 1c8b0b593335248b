"""One cause with its symptoms, and what it probably is."""

from __future__ import annotations

from tests.making.filling import clean_values, verified, with_steps, workbook
from xlcheck.checking.verify import Verification
from xlcheck.checking.words import TOLD, further, possible, together


def diagnosed(**changes: float | str) -> Verification:
    return verified(workbook(None, **changes))


def test_a_wrong_number_is_one_cause_with_two_symptoms() -> None:
    verification = diagnosed(requests__received__person=1)
    (cause,) = verification.causes
    assert [verification.findings[number].code for number in cause.findings] == ["B101", "B103"]
    assert cause.certain and cause.one
    assert [(s.field, s.value) for s in cause.explanations[0]] == [("requests.received.person", "6")]


def test_every_symptom_suggests_the_mend() -> None:
    verification = diagnosed(requests__received__person=60)
    for finding in verification.findings:
        (suggestion,) = finding.suggestions
        assert (suggestion.place.address, suggestion.value) == ("依申请公开!D5", "6")
        assert "60" in suggestion.reason


def test_equally_good_explanations_are_all_called_possible() -> None:
    verification = diagnosed(disputes__review__upheld=1)
    (cause,) = verification.causes
    assert not cause.certain
    assert {(s.field, s.value) for changes in cause.explanations for s in changes} >= {
        ("disputes.review.upheld", "0"),
        ("disputes.review.total", "1"),
    }
    assert all(s.reason.startswith("可能之") for s in verification.findings[0].suggestions)


def test_findings_of_one_cause_stand_side_by_side() -> None:
    verification = diagnosed(requests__received__person=9, disputes__review__total=2, requests__granted__legal=4)
    numbers = [number for cause in verification.causes for number in cause.findings]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert all(list(c.findings) == list(range(c.findings[0], c.findings[-1] + 1)) for c in verification.causes)


def test_a_blank_total_learns_what_belongs_there() -> None:
    verification = diagnosed(requests__handled__person="", requests__received__person=7, requests__received__total=7)
    blank = next(finding for finding in verification.findings if finding.code == "C101")
    assert "互相矛盾" in blank.message or blank.suggestions


def test_a_clean_workbook_has_no_cause() -> None:
    assert diagnosed().causes == ()


def test_reasons_name_cells_where_they_stand_in_the_workbook() -> None:
    # 6 was typed a column too far to the right.
    data = workbook(clean_values(requests__received__person=0, requests__received__business=6))
    (cause,) = verified(data).causes
    assert any("E5 格" in change.reason for change in cause.explanations[0])
    moved = verified(with_steps(data, [["insert-row", "依申请公开", 2]]))
    (cause,) = moved.causes
    assert any("E6 格" in change.reason for change in cause.explanations[0])
    assert {change.place.address for change in cause.explanations[0]} == {"依申请公开!D6", "依申请公开!E6"}


def test_blanks_that_count_as_0_are_told() -> None:
    verification = diagnosed(requests__received__person=60, requests__received__legal="", requests__received__total=6)
    reasons = [s.reason for cause in verification.causes for e in cause.explanations for s in e]
    assert any("按 0 计" in reason for reason in reasons)


def test_unrelated_mistakes_that_meet_in_a_relation_have_no_common_cause() -> None:
    values = clean_values(
        requests__granted__person=52, requests__declined_repeat__person=48, requests__handled__person=6
    )
    verification = verified(workbook(values))
    (cause,) = verification.causes
    assert not cause.one
    assert together(cause) == "互有牵连，请逐格核对"
    assert together(cause._replace(one=True)) == "出于同一原因"
    assert together(cause._replace(one=True, explanations=())) == "互有牵连，请逐格核对"


def test_no_more_explanations_are_told_than_a_clerk_reads() -> None:
    verification = diagnosed(requests__received__person=11, requests__received__total=11)
    (cause,) = verification.causes
    assert len(cause.explanations) > TOLD
    assert further(cause) == f"另有 {len(cause.explanations) - TOLD} 种可能，请逐格核对"
    assert further(cause) in possible(cause)
    told = {s.reason.partition("：")[0] for s in verification.findings[cause.findings[0]].suggestions}
    assert told == {f"可能之{number}" for number in range(1, TOLD + 1)}


def test_what_must_be_mended_comes_before_what_is_unlikely() -> None:
    findings = diagnosed(
        requests__received__person=9, requests__carried_out__legal=3, requests__granted__business="无"
    ).findings
    families = [finding.code[0] for finding in findings]
    assert set(families) == {"C", "B", "P"}
    assert families == sorted(families, key="SCBPY".index)
