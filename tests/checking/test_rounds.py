"""From one submission to the next."""

from __future__ import annotations

import pytest

from tests.making.filling import clean_values, form, verified, workbook
from xlcheck.checking.rounds import CODE, Rounds, buried, compare
from xlcheck.checking.verify import Verification
from xlcheck.drawing.formulas import FieldValue
from xlcheck.forms.rules import Rule, catalogue

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
