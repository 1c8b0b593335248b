"""Templates that know something: numbers carried over, sums by formulas, zeros; and that nobody takes hints for data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.making.copies import opened
from tests.making.filling import COVER, edit, form, submission_of, verified
from tests.making.prefilled import KNOWN, LAST, filled, whole_values
from xlcheck.checking.verify import LastYear, sound_values, verify_submission
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.prefill import NOTHING_KNOWN, prefilled, sums_by_head
from xlcheck.drawing.template import render
from xlcheck.forms.file import form_ids, load_form
from xlcheck.model.cells import cell_name
from xlcheck.model.form import Form, Term
from xlcheck.model.submission import WAITING

PARTIES = ("person", "business", "research", "welfare", "legal", "other", "total")
CARRIED_IN = {f"requests.carried_in.{party}" for party in PARTIES}
# --- what is known ---------------------------------------------------------------------------------------------------


def test_what_is_carried_over_is_this_years_number() -> None:
    known = prefilled(form(), LAST, year=2024)
    assert known.carried == known.locked == CARRIED_IN
    assert {key: known.values[key] for key in known.values} == {
        f"requests.carried_in.{party}": LAST[f"requests.carried_out.{party}"] for party in PARTIES
    }
    assert known.last_year["disclosure.fees.amount"] == "12.5"
    assert known.last_year.keys() == form().by_key.keys()


def test_what_last_year_does_not_say_stays_open() -> None:
    some_of_it = {"requests.carried_out.person": 3, "requests.received.total": 9, "elsewhere.x": 1}
    known = prefilled(form(), some_of_it)
    assert known.locked == {"requests.carried_in.person"}
    assert known.values == {"requests.carried_in.person": 3}
    assert known.last_year == {"requests.carried_out.person": "3", "requests.received.total": "9"}
    assert prefilled(form(), {}) == prefilled(form()) == NOTHING_KNOWN


@pytest.mark.parametrize("name", form_ids())
def test_sums_are_what_the_form_calls_sums(name: str) -> None:
    of = load_form(name)
    sums = sums_by_head(of)
    assert {key for key in sums if "received" in key or "carried" in key} == {
        "requests.received.total", "requests.carried_in.total", "requests.carried_out.total"
    }  # fmt: skip
    relations = [relation.keys for relation in of.relations]
    for number, (key, parts) in enumerate(sums.items()):
        assert any({key, *(part.key for part in parts)} == set(keys) for keys in relations)
        assert "总计" in "".join(of.by_key[key].labels)
        assert not {part.key for part in parts} & {*list(sums)[number:]}
    assert len(sums) == len({key for key in of.by_key if key.endswith(".total") or ".handled." in key})


def test_a_field_that_is_no_sum_by_its_head_is_none() -> None:
    """Else a balance of the form could be worked out in place of being checked."""
    of = form()._replace(relations=tuple(r._replace(left=r.left[:1]) for r in form().relations if r.code == "B101"))
    assert sums_by_head(of) == {}


def test_sums_that_lead_to_each_other_are_none() -> None:
    """No program could work them out."""
    relation = next(relation for relation in form().relations if relation.code == "B103")
    (total,), (first, *others) = relation.left_fields, relation.right_fields
    first = first._replace(column_labels=("小计",))
    in_circle = (
        relation._replace(right=(Term("", (first, *others)),)),
        relation._replace(left=(Term("", (first,)),), right=(Term("", (total, *others)),)),
    )
    assert sums_by_head(form()._replace(relations=in_circle[:1])).keys() == {total.key}
    assert sums_by_head(form()._replace(relations=in_circle)) == {}


def test_zeros_leave_what_is_known() -> None:
    known = prefilled(form(), LAST, totals=True, zeros=True)
    assert known.values.keys() == form().by_key.keys()
    assert {key for key, value in known.values.items() if value} == {
        "requests.carried_in.person", "requests.carried_in.total"
    }  # fmt: skip


# --- what is drawn ---------------------------------------------------------------------------------------------------


def test_only_what_is_open_can_be_typed_into() -> None:
    book = opened(render(form(), COVER, known=KNOWN))
    assert len(KNOWN.locked) == 7 + 6 + 24 + 3 - 0
    for field in form().fields:
        cell = book[field.sheet][cell_name(field.cell)]
        assert cell.protection.locked == (field.key in KNOWN.locked)
        assert (cell.data_type == "f") == (field.key in KNOWN.sums)
    for table in form().tables:
        assert book[table.sheet].print_area.endswith(f"${table.last[0] + 2}")


def test_the_same_inputs_give_the_same_bytes() -> None:
    again = prefilled(form(), dict(reversed(LAST.items())), year=2024, totals=True)
    assert render(form(), COVER, known=again) == render(form(), COVER, known=KNOWN)
    assert render(form(), COVER, known=NOTHING_KNOWN) == render(form(), COVER)


def test_the_guide_and_the_prompts_say_what_is_locked() -> None:
    book = opened(render(form(), COVER, known=KNOWN))
    guide = [row[0].value for row in book[form().guide.sheet].iter_rows() if row[0].value]
    assert [line[:9] for line in guide[-3:]] == ["※灰色的上年结转各", "※灰色的总计各格由", "※表格旁边写着“上"]
    prompts = {
        name: rule.promptTitle
        for rule in book["依申请公开"].data_validations.dataValidation
        for name in ("D5", "D6", "J6", "D28")
        if name in rule.sqref
    }
    assert (prompts["D6"], prompts["J6"], prompts["D28"], prompts["D5"]) == (
        "已按上年预填", "自动合计", "自动合计", "请填件数"
    )  # fmt: skip


# --- what is read back -----------------------------------------------------------------------------------------------


def test_a_blank_one_holds_what_is_known() -> None:
    held = submission_of(render(form(), COVER, known=KNOWN)).held
    assert {key: value for key, value in held.items() if isinstance(value, float)} == {
        **{f"requests.carried_in.{party}": 0.0 for party in PARTIES},
        "requests.carried_in.person": 3.0,
        "requests.carried_in.total": 3.0,
    }
    assert {held[key] for key in KNOWN.sums if key != "requests.carried_in.total"} == {WAITING}


def test_a_filled_one_passes_and_fits_last_year() -> None:
    submission = submission_of(filled(whole_values()))
    checked = verify_submission(submission, LastYear(LAST))
    assert [f.code for f in checked.findings if f.severity == "error"] == []
    assert {o.status for o in checked.outcomes if o.code in ("B101", "B102", "B103", "B104", "Y101")} == {"passed"}
    assert sound_values(submission)["requests.handled.total"] == 9


@settings(max_examples=25)
@given(some.dictionaries(some.sampled_from(sorted(form().by_key)), some.one_of(some.integers(0, 10**6), some.just(""))))
def test_sums_are_what_a_program_makes_of_them(typed: dict[str, FieldValue]) -> None:
    """Whatever is typed, blanks among it, each sum's stored result is what its formula gives."""
    known = prefilled(form(), totals=True).with_values({k: v for k, v in typed.items() if k not in KNOWN.sums})
    submission = submission_of(render(form(), COVER, known=known))
    for key, parts in known.sums.items():
        numbers = [known.values.get(part.key, "") for part in parts]
        expected = WAITING if "" in numbers else float(sum(int(number) for number in numbers))
        assert submission.held[key] == expected
    assert not {f.code for f in verify_submission(submission).findings} & {"C110", "B102", "B103", "B104"}


def test_a_blank_part_is_not_made_out_of_the_sum() -> None:
    """The sum of the others must not say that what was forgotten is 0."""
    data = filled(whole_values(requests__granted__business=""))
    found = [f for f in verified(data).findings if "requests.granted.business" in f.fields]
    assert ["只能是" in one.message for one in found] == [False]


# --- nobody takes hints for data -------------------------------------------------------------------------------------


def _altered(name: str, value: object) -> Callable[[Any], None]:
    def alter(sheet: Any) -> None:
        sheet[name] = value

    return alter


def _moved(how: str, *what: int) -> Callable[[Any], None]:
    def move(sheet: Any) -> None:
        for area in [str(area) for area in sheet.merged_cells.ranges]:
            sheet.unmerge_cells(area)
        getattr(sheet, how)(*what)

    return move


DAMAGED: dict[str, Callable[[Any], None]] = {
    "as it is": lambda sheet: None,
    "a head gone": _altered("D3", None),
    "a head altered": _altered("J3", "合计数"),
    "a row's head altered": _altered("A5", "本年收到"),
    "heads alike": _altered("E4", "自然人"),
    "a row put in": _moved("insert_rows", 8),
    "a row taken out": _moved("delete_rows", 9),
    "a column put in": _moved("insert_cols", 5),
    "a column taken out": _moved("delete_cols", 4),
    "a row hidden": lambda sheet: sheet.row_dimensions.__getitem__(5).__setattr__("hidden", True),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_hints_are_no_data_whatever_happens_to_the_sheet(damage: str) -> None:
    numbers = {key: number for number, key in enumerate(form().by_key)}
    hinted = prefilled(form(), dict.fromkeys(form().by_key, 7), year=2024)
    read = []
    for known in (NOTHING_KNOWN, hinted):
        book, saved = edit(render(form(), COVER, numbers, known=known))
        DAMAGED[damage](book["依申请公开"])
        read.append(submission_of(saved()))
    assert read[0] == read[1]


@pytest.mark.parametrize("name", form_ids())
def test_hints_of_every_form_are_passed_over(name: str) -> None:
    of: Form = load_form(name)
    known = prefilled(of, dict.fromkeys(of.by_key, 7))
    data = render(of, COVER, dict.fromkeys(of.by_key, 3), known=known)
    submission = submission_of(data, of)
    assert submission == submission_of(render(of, COVER, dict.fromkeys(of.by_key, 3)), of)
    shown = {
        str(cell.value) for sheet in opened(data).worksheets for row in sheet.iter_rows() for cell in row if cell.value
    }
    assert "上年 7" in shown
    assert "上年报送数，仅供对照，不参与核对" in shown
