"""Error localisation: what is said of a damaged table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlcheck.forms.file import load_form
from xlcheck.locating import locate as module
from xlcheck.locating.locate import Change, Explanation, Located, locate
from xlcheck.locating.search import SearchLimits, smallest
from xlcheck.locating.system import System
from xlcheck.model.cells import cell_name
from xlcheck.model.form import Form, Relation

FORM = load_form()
RELATED = sorted({field.key for relation in FORM.relations for field in relation.fields})
PARTIES = ("person", "business", "research", "welfare", "legal", "other")
ROWS = [key.split(".")[1] for key in FORM.by_key if key.startswith("requests.") and key.endswith(".person")]
DETAILS = ROWS[2:-2]

Number = int | Decimal
Values = dict[str, Number]


def table(details: Mapping[str, int], carried_out: int = 0) -> Values:
    """A clean table from its detail cells, ``row.party``; all requests were received this year."""
    values: Values = dict.fromkeys(FORM.by_key, 0)
    for name, value in details.items():
        values[f"requests.{name}"] = value
    for party in PARTIES:
        handled = sum(values[f"requests.{row}.{party}"] for row in DETAILS)
        values[f"requests.handled.{party}"] = handled
        values[f"requests.carried_out.{party}"] = carried_out
        values[f"requests.received.{party}"] = handled + carried_out
    for row in ROWS:
        values[f"requests.{row}.total"] = sum(values[f"requests.{row}.{party}"] for party in PARTIES)
    return values


CLEAN = table({"granted.person": 1, "unavailable_not_held.person": 2, "declined_repeat.person": 3})
"""攀枝花市人民政府办公室, 2021."""

BUSY = table(
    {
        "granted.person": 63,
        "granted.business": 12,
        "partly_granted.legal": 408,
        "refused_law.person": 1207,
        "refused_process.research": 35,
        "unavailable_unclear.other": 91,
        "declined_petition.person": 250,
        "other_other.welfare": 7,
    },
    carried_out=19,
)


def changed(values: Values, **changes: Number) -> Values:
    """`values` with ``row__party=value`` typed over it."""
    return {**values, **{"requests." + name.replace("__", "."): value for name, value in changes.items()}}


def first(causes: Collection[Located]) -> dict[str, Number]:
    """What the first explanations say, without the table's name."""
    found = {c.field: c.new for cause in causes for e in cause.explanations[:1] for c in e.changes}
    return {key.removeprefix("requests."): value for key, value in found.items()}


def reasons(causes: Collection[Located]) -> list[str]:
    """What is said of the first explanations, with the cells of the form."""
    changes = [c for cause in causes for e in cause.explanations[:1] for c in e.changes]
    return [c.says(cell_name(FORM.by_key[c.other].cell)) if c.other else c.reason for c in changes]


def residual(relation: Relation, values: Mapping[str, Number]) -> Number:
    left = sum((values[field.key] for field in relation.left_fields), 0)
    return left - sum((values[field.key] for field in relation.right_fields), 0)


def broken(values: Mapping[str, Number], unknown: Collection[str] = ()) -> set[int]:
    """The relations that no numbers in place of the unknown make hold, by a second way to say it."""
    found = set()
    for number, relation in enumerate(FORM.relations):
        known = {f.key: 0 if f.key in unknown else values[f.key] for f in relation.fields}
        off = residual(relation, known)
        helps = relation.right_fields if off > 0 else relation.left_fields
        free = any(f.key in unknown for f in helps)
        if off and not (free and off == int(off)):
            found.add(number)
    return found


def check(causes: tuple[Located, ...], values: Mapping[str, Number], unknown: Collection[str] = ()) -> None:
    """What every answer keeps."""
    was = broken(values, unknown)
    named = [FORM.relations.index(relation) for cause in causes for relation in cause.relations]
    assert sorted(named) == sorted(was), "every broken relation has exactly one cause, and no other has one"
    for cause in causes:
        assert len(cause.explanations) <= module.GIVEN
        assert len({e.changes for e in cause.explanations}) == len(cause.explanations)
        mine = {f.key for relation in cause.relations for f in relation.fields}
        for explanation in cause.explanations:
            assert explanation.changes
            new = {c.field: c.new for c in explanation.changes}
            assert len(new) == len(explanation.changes)
            for change in explanation.changes:
                assert change.old == (None if change.field in unknown else values[change.field])
                assert change.new != change.old
            filled = {**values, **{key: 0 for key in unknown if key in mine}, **new}
            assert all(residual(relation, filled) == 0 for relation in cause.relations)
            assert all(filled[key] >= 0 and filled[key] == int(filled[key]) for key in mine | set(new))
            after = broken({**values, **new}, set(unknown) - set(new))
            assert after <= was - {FORM.relations.index(r) for r in cause.relations}, "breaks no other relation"


# What is said of nothing, and of one wrong number


@pytest.mark.parametrize("values", [CLEAN, BUSY, dict.fromkeys(FORM.by_key, 0)])
def test_a_clean_table_has_no_cause(values: Values) -> None:
    assert locate(FORM, values) == ()


def test_a_field_under_no_relation_is_not_judged() -> None:
    assert locate(FORM, {**CLEAN, "disclosure.fees.amount": Decimal("-3.5")}) == ()


@pytest.mark.parametrize(
    ("typed", "right", "reason", "certain"),
    [
        ({"granted__person": 36}, {"granted.person": 63}, "疑为数位颠倒：36 应为 63", True),
        ({"granted__person": 68}, {"granted.person": 63}, "疑为打错一位数字：68 应为 63", False),
        ({"granted__person": 0}, {"granted.person": 63}, "疑为漏填：0 应为 63", True),
        ({"refused_law__person": 127}, {"refused_law.person": 1207}, "疑为漏了一位数字：127 应为 1207", True),
        ({"declined_petition__total": 2550}, {"declined_petition.total": 250}, "疑为多了一位数字：2550 应为 250", True),
        ({"handled__legal": -408}, {"handled.legal": 408}, "疑为多了负号：-408 应为 408", True),
        ({"granted__business": Decimal("1.2")}, {"granted.business": 12}, "疑为误打小数点：1.2 应为 12", True),
        (
            {"declined_petition__person": 1520},
            {"declined_petition.person": 250},
            "疑为误填了 D28 格的数：1520 应为 250",
            True,
        ),
        ({"partly_granted__legal": 977}, {"partly_granted.legal": 408}, "", False),
        ({"partly_granted__legal": 113}, {"partly_granted.legal": 408}, "", True),
    ],
)
def test_one_wrong_number(typed: dict[str, Number], right: dict[str, int], reason: str, certain: bool) -> None:
    values = changed(BUSY, **typed)
    causes = locate(FORM, values)
    check(causes, values)
    assert first(causes) == right
    assert reasons(causes) == [reason]
    assert [cause.certain for cause in causes] == [certain]


def test_one_cause_has_all_its_symptoms() -> None:
    (cause,) = locate(FORM, changed(BUSY, handled__person=1250))
    assert [relation.code for relation in cause.relations] == ["B101", "B102", "B103"]
    explanation = cause.explanations[0]
    assert explanation.changes == (Change("requests.handled.person", 1250, 1520, "疑为数位颠倒：1250 应为 1520"),)


def test_numbers_of_a_city() -> None:
    city = table({"granted.person": 9_876_543, "refused_law.business": 1_234_567})
    values = changed(city, granted__person=9_876_453, refused_law__total=1_234_568)
    causes = locate(FORM, values)
    check(causes, values)
    assert first(causes) == {"granted.person": 9_876_543, "refused_law.total": 1_234_567}


# Slips of a table


def test_a_number_in_the_next_row() -> None:
    values = changed(BUSY, granted__business=0, partly_granted__business=12)
    causes = locate(FORM, values)
    check(causes, values)
    assert first(causes) == {"granted.business": 12, "partly_granted.business": 0}
    assert reasons(causes) == [
        "疑为填错行：数字 12 误填在 E8 格，本格 0 应为 12",
        "疑为填错行：12 是 E7 格的数字，本格应为 0",
    ]


def test_a_number_in_the_next_column() -> None:
    values = changed(BUSY, unavailable_unclear__other=0, unavailable_unclear__legal=91)
    causes = locate(FORM, values)
    check(causes, values)
    assert first(causes) == {"unavailable_unclear.other": 91, "unavailable_unclear.legal": 0}
    assert all(reason.startswith("疑为填错列") for reason in reasons(causes))


def test_a_number_over_another_one() -> None:
    values = changed(BUSY, granted__person=0, granted__business=63)
    causes = locate(FORM, values)
    check(causes, values)
    assert first(causes) == {"granted.person": 63, "granted.business": 12}


def test_two_cells_exchanged() -> None:
    values = changed(BUSY, granted__person=12, granted__business=63)
    causes = locate(FORM, values)
    check(causes, values)
    assert first(causes) == {"granted.person": 63, "granted.business": 12}
    assert reasons(causes) == ["疑与 E7 格互相填错：12 应为 63", "疑与 D7 格互相填错：63 应为 12"]


@pytest.mark.parametrize("row", ["carried_out", "refused_internal"])
def test_a_total_in_the_wrong_row(row: str) -> None:
    values = changed(BUSY, **{"handled__person": 0, f"{row}__person": 1520})
    causes = locate(FORM, values)
    check(causes, values)
    assert first(causes) == {"handled.person": 1520, f"{row}.person": 19 if row == "carried_out" else 0}
    assert any("总计 1520 误填在" in reason for reason in reasons(causes))


def test_an_exchange_is_preferred_to_a_smaller_set_that_explains_nothing() -> None:
    true = {"disputes.review.pending": 2089, "disputes.review.total": 8359}
    values: Values = {**BUSY, "disputes.review.upheld": 6270, **dict(zip(true, reversed(true.values()), strict=True))}
    (cause,) = locate(FORM, values)
    check((cause,), values)
    assert first([cause]) == true
    assert len(cause.explanations) > 1


# Blanks


def test_a_blank_that_can_make_its_relations_hold_is_no_cause() -> None:
    assert locate(FORM, CLEAN, ["requests.granted.person"]) == ()


def test_a_missing_key_is_unknown() -> None:
    values = {key: value for key, value in CLEAN.items() if key != "requests.granted.person"}
    assert locate(FORM, values) == ()


def test_a_blank_is_the_first_suspect() -> None:
    values = changed(BUSY, partly_granted__total=480)
    unknown = ["requests.partly_granted.legal"]
    causes = locate(FORM, values, unknown)
    check(causes, values, unknown)
    assert first(causes)["partly_granted.total"] == 408


def test_a_blank_of_a_cause_is_filled_in() -> None:
    values = changed(BUSY, granted__person=30)
    unknown = ["requests.granted.business"]
    causes = locate(FORM, values, unknown)
    check(causes, values, unknown)
    assert first(causes)["granted.person"] == 63


def test_zeros_left_blank() -> None:
    unknown = [key for key, value in BUSY.items() if key.startswith("requests.") and not value]
    values = changed(BUSY, declined_petition__person=520)
    causes = locate(FORM, values, unknown)
    check(causes, values, unknown)
    assert first(causes) == {"declined_petition.person": 250}


# More than one fault


def test_independent_faults_are_separate_causes() -> None:
    values = changed(BUSY, granted__person=36, other_other__welfare=4, carried_out__legal=9)
    causes = locate(FORM, values)
    check(causes, values)
    assert [first([cause]) for cause in causes] == [
        {"carried_out.legal": 19},
        {"granted.person": 63},
        {"other_other.welfare": 7},
    ]
    assert all(cause.certain for cause in causes)


def test_faults_that_share_a_relation_are_one_cause() -> None:
    values = changed(BUSY, granted__person=36, refused_law__person=1270)
    (cause,) = locate(FORM, values)
    check((cause,), values)
    assert first([cause]) == {"granted.person": 63, "refused_law.person": 1207}


def test_equally_good_explanations_are_all_given_and_none_is_certain() -> None:
    values: Values = {**CLEAN, "disputes.review.total": 5}
    (cause,) = locate(FORM, values)
    check((cause,), values)
    assert len(cause.explanations) == 5
    assert not cause.certain
    assert [e.cost for e in cause.explanations] == sorted(e.cost for e in cause.explanations)


def test_nothing_small_explains_a_table_of_noise() -> None:
    noise: Values = {key: (7919 * number * number) % 997 for number, key in enumerate(FORM.by_key)}
    causes = locate(FORM, noise)
    check(causes, noise)
    assert any(cause.explanations == () and not cause.certain for cause in causes)


def test_single_faults_are_taken_out_of_a_block_that_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SEARCH_LIMITS", SearchLimits(cost=20, slack=4, steps=10_000, found=400))
    values = changed(BUSY, granted__person=36, refused_law__business=1, other_other__welfare=700, handled__legal=48)
    causes = locate(FORM, values)
    check(causes, values)
    assert first(causes) == {
        "granted.person": 63,
        "refused_law.business": 0,
        "other_other.welfare": 7,
        "handled.legal": 408,
    }


def test_a_search_cut_short_is_never_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SEARCH_LIMITS", SearchLimits(cost=100, slack=4, steps=10_000, found=1))
    (cause,) = locate(FORM, {**CLEAN, "disputes.review.total": 5})
    assert len(cause.explanations) == 1
    assert not cause.certain


def test_certain() -> None:
    one, other = Explanation((), 50, proved=True), Explanation((), 50 + module.CLEAR)
    assert Located((), (one,)).certain
    assert Located((), (one, other)).certain
    assert not Located((), (one, Explanation((), other.cost - 1))).certain
    assert not Located((), (one._replace(mistakes=2), other)).certain, "the more mistakes, the clearer it has to be"
    assert not Located((), (one._replace(proved=False), other)).certain
    assert not Located((), ()).certain
    assert not Located((), (one,), complete=False).certain


# Whatever is typed


detail = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 10**7))
clean_tables = st.dictionaries(
    st.sampled_from([f"{row}.{party}" for row in DETAILS for party in PARTIES]), detail, max_size=12
).map(table)
typed = st.one_of(st.integers(-5, 30), st.integers(-(10**7), 10**8), st.decimals(-100, 100, places=2, allow_nan=False))
slow = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(clean_tables, st.sets(st.sampled_from(RELATED), max_size=20))
def test_no_clean_table_has_a_cause_whatever_is_left_blank(values: Values, unknown: set[str]) -> None:
    assert locate(FORM, values) == ()
    assert locate(FORM, values, unknown) == ()


@slow
@given(clean_tables, st.dictionaries(st.sampled_from(RELATED), typed, max_size=6), st.data())
def test_every_explanation_mends_its_relations_and_breaks_none(
    values: Values, damage: dict[str, Number], data: st.DataObject
) -> None:
    unknown = data.draw(st.sets(st.sampled_from(RELATED), max_size=6))
    values = {**values, **damage}
    causes = locate(FORM, values, unknown)
    check(causes, values, unknown)
    assert locate(FORM, dict(reversed(values.items())), sorted(unknown, reverse=True)) == causes


@slow
@given(clean_tables, st.sampled_from([key for key in RELATED if key.startswith("requests.")]), st.integers(0, 10**7))
def test_one_wrong_number_of_the_requests_is_always_found(values: Values, key: str, wrong: int) -> None:
    causes = locate(FORM, {**values, key: wrong})
    if wrong == values[key]:
        assert causes == ()
    else:
        assert first(causes) == {key.removeprefix("requests."): values[key]}


@slow
@given(clean_tables, st.dictionaries(st.sampled_from(RELATED), st.integers(0, 10**7), min_size=1, max_size=5))
def test_no_smaller_set_than_the_damage_is_missed(values: Values, damage: dict[str, int]) -> None:
    system = System.from_form(FORM)
    after = {**values, **damage}
    base = [after[field.key] for field in system.fields]
    residuals = system.residuals(base)
    if any(residuals):
        found = smallest(system, base, residuals, [10] * len(base), module.SEARCH_LIMITS)
        assert found.solutions
        assert min(len(solution) for solution in found.solutions) <= len(damage)


def test_a_form_of_amounts() -> None:
    form = _amounts()
    (cause,) = locate(form, {"t.a.x": Decimal("1.5"), "t.b.x": Decimal("2.25"), "t.c.x": Decimal("37.5")})
    assert Decimal("3.75") in [c.new for e in cause.explanations for c in e.changes]


def _amounts() -> Form:
    """Three amounts, the third the sum of the others: the smallest form of another kind."""
    from xlcheck.model.form import Field, Table, Term

    fields = tuple(
        Field(f"t.{name}.x", "amount", "t", "表", (row, 1), (row, 1), (name,), ("x",)) for row, name in enumerate("abc")
    )
    table_ = FORM.tables[0]._replace(key="t", sheet="表", fields=fields)
    assert isinstance(table_, Table)
    total = Relation("Z1", "", (Term("c", fields[2:]),), (Term("a+b", fields[:2]),))
    return FORM._replace(tables=(table_,), relations=(total,))
