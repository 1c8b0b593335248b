"""The forms that come with it: each can be drawn, read back and verified, by its own examples, and they go together."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest

from tests.making.filling import COVER, clean_values
from tests.making.tiny import CHANGING
from xlcheck.checking.verify import LastYear, Verification, sound_values, verify_submission
from xlcheck.drawing import formulas
from xlcheck.drawing.template import render
from xlcheck.forms.file import DEFAULT, form_ids, load_form, parse_form
from xlcheck.forms.rules import catalogue, catalogue_of_all
from xlcheck.model.form import Form, RuleText
from xlcheck.model.submission import BLANK, Held, Submission
from xlcheck.reading.open import Forms, open_submission

FORMS = {name: load_form(name) for name in form_ids()}
USUAL, SINGLE, BEFORE = (FORMS[name] for name in ("disclosure-2021", "disclosure-2021-single", "disclosure-2019"))
EXAMPLES = [(form, text) for form in FORMS.values() for text in form.rule_texts]


def filled(form: Form, values: Mapping[str, Any], **cover: str) -> bytes:
    """A workbook of zeros with `values`."""
    return render(form, {**COVER, **cover}, {**{field.key: 0 for field in form.fields}, **values})


def submission(form: Form, values: Mapping[str, Any]) -> Submission:
    """What such a workbook is read as."""
    held: dict[str, Held] = {**{field.key: 0 for field in form.fields}, **values}
    places = {key: place for table in form.tables for key, place in table.places.items()}
    return Submission(form, COVER, {key: BLANK if value == "" else value for key, value in held.items()}, places, ())


def verified(form: Form, values: Mapping[str, Any], last_year: Mapping[str, Any] | None = None) -> Verification:
    before = None if last_year is None else LastYear(sound_values(submission(form, last_year)))
    return verify_submission(submission(form, values), before)


def nameless(data: bytes) -> bytes:
    """The workbook as a program leaves it that keeps no custom properties."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    properties: Any = book.custom_doc_props  # type: ignore[attr-defined]
    for name in list(properties.names):
        del properties[name]
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_the_usual_one_comes_first() -> None:
    assert form_ids()[0] == DEFAULT
    assert len(form_ids()) == 3


@pytest.mark.parametrize(("form", "text"), EXAMPLES, ids=[f"{form.id}-{text.code}" for form, text in EXAMPLES])
def test_its_examples_are_true(form: Form, text: RuleText) -> None:
    for example, told in ((text.wrong, True), (text.right, False)):
        found = verified(form, example.values, example.last_year)
        assert (text.code in {finding.code for finding in found.findings}) is told


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_filled_template_passes_and_is_known_again(form: Form) -> None:
    values = {key: value for key, value in clean_values().items() if key in form.by_key}
    workbook = open_submission(filled(form, values), Forms())
    assert workbook.submission.form == form
    found = verify_submission(workbook.submission)
    assert [finding for finding in found.findings if finding.severity == "error"] == []
    assert found.values == {**{field.key: 0 for field in form.fields}, **found.values}
    assert all(outcome.status == "passed" for outcome in found.outcomes)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_it_is_known_by_its_labels_where_the_workbook_does_not_say(form: Form) -> None:
    data = nameless(filled(form, {}))
    read = open_submission(data, Forms()).submission
    assert (read.form.id, read.structure) == (form.id, ())
    # Whoever asks for one gets that one.
    assert open_submission(data, Forms(DEFAULT)).submission.form.id == DEFAULT


def test_an_altered_label_makes_no_other_form_of_it() -> None:
    book = openpyxl.load_workbook(io.BytesIO(nameless(filled(USUAL, {}))))
    book["依申请公开"]["B9"] = "（八）其他情形"
    saved = io.BytesIO()
    book.save(saved)
    read = open_submission(saved.getvalue(), Forms()).submission
    assert read.form.id == DEFAULT
    assert "S102" in {finding.code for finding in read.structure}


def test_the_variant_has_one_row_in_place_of_three() -> None:
    gone = {"other_not_corrected", "other_fee_unpaid", "other_other"}
    kept = [field.key for field in USUAL.fields if field.key.split(".")[1] not in gone]
    columns = ("person", "business", "research", "welfare", "legal", "other", "total")
    new = [f"requests.other.{column}" for column in columns]
    assert [field.key for field in SINGLE.fields if field.key not in new] == kept
    assert [field.key for field in SINGLE.fields if field.key not in kept] == new
    assert SINGLE.by_key["requests.other.person"].row_labels == ("三、本年度办理结果", "（六）其他处理")
    assert Counter(relation.code for relation in SINGLE.relations) == {"B101": 7, "B102": 7, "B103": 23, "B104": 3}
    assert all(len(relation.right_keys) == 19 for relation in SINGLE.relations if relation.code == "B102")
    (row,) = (relation for relation in SINGLE.relations if "requests.other.total" in relation.left_keys)
    assert (row.code, row.where) == ("B103", "（六）其他处理行")


def test_the_edition_of_2019_has_its_own_first_table_and_the_others_of_the_variant() -> None:
    assert BEFORE.tables[1:] == SINGLE.tables[1:]
    assert BEFORE.relations == SINGLE.relations
    first = {(field.row_labels[-1], field.column_labels[-1]): field.key for field in BEFORE.tables[0].fields}
    assert len(first) == len(BEFORE.tables[0].fields) == 22
    assert first["规章", "本年新制作数量"] == "disclosure.regulations.issued"
    assert first["规范性文件", "对外公开总数量"] == "disclosure.normative_documents.public_total"
    assert first["其他对外管理服务事项", "处理决定数量"] == "disclosure.services.decisions"
    assert first["行政强制", "本年增/减"] == "disclosure.coercion.items_change"
    assert first["行政事业性收费", "上一年项目数量"] == "disclosure.fees.items_before"
    assert first["政府集中采购", "采购总金额"] == "disclosure.procurement.amount"
    assert [f.key for f in BEFORE.fields if f.kind == "change"] == [
        f"disclosure.{row}.items_change" for row in ("licensing", "services", "penalties", "coercion", "fees")
    ]


def test_a_number_that_falls_is_no_error_where_it_may() -> None:
    values = {"disclosure.penalties.items_before": 253, "disclosure.penalties.items_change": -253}
    assert verified(BEFORE, values).findings == ()
    (finding,) = verified(BEFORE, {**values, "disclosure.penalties.items_change": -2.5}).findings
    assert finding.code == "C105"
    assert "C102" in {finding.code for finding in verified(BEFORE, {"disclosure.penalties.items_before": -1}).findings}


def test_another_edition_is_told_where_one_is_asked_for() -> None:
    (finding,) = open_submission(filled(BEFORE, {}), Forms(DEFAULT)).submission.structure
    assert finding.code == "S105"
    assert "disclosure-2019" in finding.message


def test_of_last_years_edition_is_compared_what_both_have() -> None:
    before = open_submission(
        filled(BEFORE, {"requests.carried_out.person": 3}, year="2024"), Forms(usual=USUAL)
    ).submission
    assert before.form == BEFORE
    last_year = LastYear(sound_values(before), form=before.form)
    found = verify_submission(open_submission(filled(USUAL, {}), USUAL).submission, last_year)
    assert "Y101" in {finding.code for finding in found.findings}
    apart = {outcome.code: outcome for outcome in found.outcomes if outcome.status == "not_evaluated"}
    assert set(apart) == {"Y102", "Y103", "Y104", "Y105"}
    assert apart["Y102"].reason == "上年用的是另一种格式，没有“行政规范性文件／现行有效件数”"
    assert found.waiting == 0
    assert {o.status for o in found.outcomes if o.code == "Y104"} == {"passed", "not_evaluated"}


def test_a_code_means_the_same_in_all_of_them() -> None:
    rules = catalogue_of_all(FORMS.values())
    for form in FORMS.values():
        for code, rule in catalogue(form).items():
            assert (rules[code].title, rules[code].severity) == (rule.title, rule.severity)
    assert rules["Y104"] == catalogue(USUAL)["Y104"]


def test_their_tables_stand_on_sheets_of_the_same_names() -> None:
    assert {form.sheets for form in FORMS.values()} == {USUAL.sheets}


OWN = parse_form(CHANGING)


def test_a_change_is_part_of_a_balance() -> None:
    values = {"money.fiscal.sum": 30, "money.own.sum": -8, "money.all.sum": 22}
    assert not [f for f in verified(OWN, values).findings if f.severity == "error"]
    (finding,) = verified(OWN, {**values, "money.all.sum": 38}).findings
    assert finding.code == "B202"
    assert "money.own.sum" in {change.field for change in finding.suggestions}


@pytest.mark.parametrize("wrong", [8, -80, -18, 0])
def test_a_wrong_change_is_found_though_it_is_below_zero(wrong: int) -> None:
    values = {"money.fiscal.sum": 130, "money.own.sum": wrong, "money.all.sum": 122}
    (finding,) = verified(OWN, values).findings
    assert ("money.own.sum", "-8") in {(s.field, s.value) for s in finding.suggestions}


def test_a_blank_change_is_said_to_be_below_zero() -> None:
    values = {"money.fiscal.sum": 30, "money.own.sum": "", "money.all.sum": 22}
    (finding,) = verified(OWN, values).findings
    assert (finding.code, finding.expected) == ("C101", "-8")


def test_the_template_lets_one_type_a_change_and_counts_what_is_unfit() -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled(BEFORE, {})))
    rules = {
        area: rule for rule in book["主动公开"].data_validations.dataValidation for area in str(rule.sqref).split()
    }
    change = next(rule for area, rule in rules.items() if "C8" in area)
    assert (change.type, change.operator, change.formula1) == ("whole", "greaterThanOrEqual", "-999999999")
    assert "-8" in change.prompt
    for value, unfit in ((-8, 0), (-2.5, 1), (2.5, 1), ("减8", 1)):
        live = formulas.live(BEFORE, COVER, {"disclosure.licensing.items_change": value})
        assert live.unfit == unfit, value
