"""From one submission to the next."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.making.filling import clean_values, form, submission_of, verified, workbook
from xlcheck.checking.explanations import SaidBefore, sayings_of
from xlcheck.checking.rounds import CODE, Rounds, buried, compare
from xlcheck.checking.verify import LastYear, Verification, verify_submission
from xlcheck.drawing.formulas import FieldValue
from xlcheck.forms.rules import Rule, catalogue
from xlcheck.model.submission import Note

ZEROS: dict[str, FieldValue] = {field.key: 0 for field in form().fields}


def rounds(before: dict[str, FieldValue], after: dict[str, FieldValue]) -> tuple[Verification, Rounds]:
    return compare("before.xlsx", verified(workbook(before)), verified(workbook(after)))


def test_a_mended_finding_is_closed_and_its_cell_changed() -> None:
    verification, compared = rounds(clean_values(disclosure__regulations__repealed=-2), clean_values())
    assert verification.findings == ()
    assert [finding.code for finding in compared.closed] == ["C102"]
    assert (compared.new, compared.remaining) == ((), ())
    assert [(c.field, c.old, c.new) for c in compared.changed] == [("disclosure.regulations.repealed", "-2", "0")]


def test_new_and_remaining_findings_are_told_apart() -> None:
    before = clean_values(disclosure__penalties__decisions="无")
    after = clean_values(disclosure__penalties__decisions="无", disclosure__coercion__decisions=-1)
    verification, compared = rounds(before, after)
    assert [verification.findings[number].code for number in compared.remaining] == ["C103"]
    assert [verification.findings[number].code for number in compared.new] == ["C102"]
    assert compared.closed == ()


def test_nothing_changed() -> None:
    _, compared = rounds(clean_values(), clean_values())
    assert (compared.closed, compared.new, compared.remaining, compared.changed) == ((), (), (), ())


@pytest.mark.parametrize(
    ("numbers", "holds"),
    [
        ((300,), True),
        ((300, 300), True),
        ((300, 9999), False),
        ((300, 9999, 9999), False),
        ((300, 9999, 300), True),
        ((300, 0, 9999), False),
    ],
)
def test_an_explanation_holds_for_the_numbers_that_it_was_written_for(numbers: Sequence[int], holds: bool) -> None:
    last_year = LastYear({**verified(workbook()).values, "disclosure.licensing.decisions": 5})
    said: tuple[SaidBefore, ...] = ()
    before: Verification | None = None
    for number in numbers:
        submission = submission_of(workbook(disclosure__licensing__decisions=number))
        noted = submission._replace(notes=(Note("Y104", "窗口合并"),))
        found = now = verify_submission(noted, last_year)
        if before is not None:
            now, _ = compare("before.xlsx", before, found, said)
        before, said = found, (*said, *sayings_of(now.findings))
    (finding,) = now.findings
    assert (finding.code, finding.severity, bool(finding.explanation)) == ("Y104", "warning", holds)
    assert now.needs_review is not holds
    assert ("请重新写明" in finding.message) is not holds


def test_an_error_that_was_explained_for_other_numbers_is_one_again() -> None:
    books = (
        submission_of(workbook())._replace(notes=(Note("Y101", text),))
        for text in ("机构合并", "机构合并", "机构合并，又划转一家")
    )
    carried = (
        {"requests.carried_out.person": 3},
        {"requests.carried_out.person": 4},
        {"requests.carried_out.person": 4},
    )
    first, same, other = (verify_submission(book, LastYear(held)) for book, held in zip(books, carried, strict=True))
    assert [finding.severity for finding in compare("a", first, same)[0].findings] == ["error"]
    assert [finding.severity for finding in compare("a", first, other)[0].findings] == ["warning"]


def test_a_total_changed_alone_is_a_warning() -> None:
    before = clean_values(disputes__review__upheld=2, disputes__review__total=3)
    after = clean_values(disputes__review__upheld=2, disputes__review__total=2)
    verification, compared = rounds(before, after)
    (finding,) = verification.findings
    assert (finding.code, finding.severity, finding.fields) == (CODE, "warning", ("disputes.review.total",))
    assert "仅修改了总计" in finding.message
    assert "由 3 改为 2" in finding.message
    assert compared.new == (0,)


def test_a_total_that_holds_what_we_said_it_should_is_none() -> None:
    before = clean_values(requests__granted__total=2)
    (cause,) = verified(workbook(before)).causes
    assert (cause.certain, [(one.field, one.value) for one in cause.explanations[0]]) == (
        True,
        [("requests.granted.total", "1")],
    )
    assert rounds(before, clean_values())[0].findings == ()


def test_a_total_of_two_balances_is_told_once() -> None:
    before = verified(workbook(clean_values(requests__handled__total=9)))
    (finding,) = buried(before._replace(causes=()), verified(workbook(clean_values())))
    assert finding.fields == ("requests.handled.total",)
    assert finding.message.startswith("总计列、（七）总计行：仅修改了总计（")


def test_a_part_changed_with_its_total_is_none() -> None:
    before = clean_values(disputes__review__upheld=2, disputes__review__total=3)
    after = clean_values(disputes__review__upheld=4, disputes__review__total=4)
    assert rounds(before, after)[0].findings == ()


def test_a_blank_part_that_stayed_blank_is_not_buried() -> None:
    before = clean_values(disputes__review__upheld="", disputes__review__total=3)
    after = clean_values(disputes__review__upheld="", disputes__review__total=2)
    assert CODE not in [finding.code for finding in rounds(before, after)[0].findings]


@pytest.mark.parametrize(("side", "found"), [("wrong", True), ("right", False)])
def test_the_catalogue_s_example(side: str, found: bool) -> None:
    rule: Rule = catalogue(form())[CODE]
    steps = dict(rule.wrong if side == "wrong" else rule.right)
    verification, _ = rounds({**ZEROS, **steps["previous"]}, {**ZEROS, **steps["fields"]})
    assert (CODE in [finding.code for finding in verification.findings]) == found
