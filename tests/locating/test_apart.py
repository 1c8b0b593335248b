"""Many wrong fields: what falls apart, and what is found in it."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.locating.test_locate import (
    BUSY,
    DETAILS,
    FORM,
    PARTIES,
    RELATED,
    Values,
    changed,
    check,
    clean_tables,
    first,
    table,
)
from xlcheck.locating import locate as module
from xlcheck.locating.apart import CIRCLING, STEPS, Puzzle, apart
from xlcheck.locating.cheapest import Cheapest, Purse
from xlcheck.locating.components import components
from xlcheck.locating.evidence import Reading, YearBefore
from xlcheck.locating.locate import locate
from xlcheck.locating.pricing import cost, singly
from xlcheck.locating.system import System
from xlcheck.locating.typos import rights, slip
from xlcheck.model.numbers import Number

SYSTEM = System.from_form(FORM)
INDEX = {field.key: f for f, field in enumerate(SYSTEM.fields)}
REQUESTS = [key for key in RELATED if key.startswith("requests.")]
slow = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def city(seed: int) -> Values:
    """A city's table: six columns of very different sizes."""
    rng = random.Random(seed)
    sizes = {party: 10 ** rng.randint(3, 6) for party in PARTIES}
    return table({f"{row}.{party}": rng.randint(0, sizes[party]) for row in DETAILS for party in PARTIES}, 19)


def slipped(values: Values, count: int, seed: int) -> Values:
    """`count` numbers of the requests, each with two digits interchanged, or a digit left out or too many."""
    rng = random.Random(seed)
    typed: Values = {}
    for key in rng.sample(REQUESTS, len(REQUESTS)):
        text = str(values[key])
        place = rng.randrange(len(text))
        text = rng.choice(
            (
                text[:place] + text[place + 1 : place + 2] + text[place] + text[place + 2 :],
                text[:place] + text[place + 1 :] or "0",
                text[:place] + str(rng.randint(1, 9)) + text[place:],
            )
        )
        if len(typed) < count and int(text) != values[key]:
            typed[key] = int(text)
    return {**values, **typed}


def reading(values: Mapping[str, Number]) -> Reading:
    return Reading.of(SYSTEM, values, (), YearBefore({}, {}))


def puzzle(values: Mapping[str, Number]) -> Puzzle:
    typed = reading(values)

    def total(deltas: tuple[tuple[int, Number], ...]) -> int:
        return cost(typed, {f: typed.base[f] + delta for f, delta in deltas})

    return Puzzle(SYSTEM, typed.base, SYSTEM.residuals(typed.base), singly(typed), total, module.CLEAR)


# The laws


@slow
@given(st.lists(st.integers(-(10**7), 10**7), min_size=len(SYSTEM.fields), max_size=len(SYSTEM.fields)))
def test_dependent_relations_add_up_to_nothing_whatever_is_typed(values: list[int]) -> None:
    residuals = SYSTEM.residuals(values)
    dependencies = SYSTEM.dependencies()
    assert len(dependencies) == 2, "the results are added up by row and by column, and so are the four other rows"
    for weights in dependencies:
        assert sum(weight * residuals[r] for r, weight in weights.items()) == 0


@slow
@given(clean_tables, st.dictionaries(st.sampled_from(REQUESTS), st.integers(0, 10**7), min_size=1, max_size=6))
def test_wrong_fields_that_share_no_relation_with_others_are_components(values: Values, damage: Values) -> None:
    typed = {**values, **damage}
    residuals = SYSTEM.residuals([typed[field.key] for field in SYSTEM.fields])
    broken = [r for r, residual in enumerate(residuals) if residual]
    masks, complete = components(SYSTEM, residuals, broken)
    assert complete
    wrong = [INDEX[key] for key in damage if damage[key] != values[key]]
    for block in SYSTEM.blocks(broken, wrong):
        mask = sum(1 << broken.index(r) for r in block)
        covered = 0
        for least in masks:
            covered |= least if least & mask == least else 0
        assert covered == mask, "each is one component, or smaller ones by chance"


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_right_numbers_are_those_that_a_slip_accounts_for(wrong: int, other: int) -> None:
    found = rights(wrong)
    assert found == sorted(set(found))
    assert all(slip(wrong, right).reason for right in found)
    assert wrong not in found
    # Whatever was forgotten left a 0: such numbers are without end, and not gone through.
    if other != wrong and slip(wrong, other).reason and slip(wrong, other).kind != "forgotten":
        assert other in found


@slow
@given(clean_tables, st.dictionaries(st.sampled_from(REQUESTS), st.integers(0, 10**6), min_size=1, max_size=4))
def test_nothing_cheaper_than_the_damage_is_missed(values: Values, damage: Values) -> None:
    typed = reading({**values, **damage})
    if not typed.broken:
        return
    residuals = dict(enumerate(SYSTEM.residuals(typed.base)))
    price = singly(typed)
    search = Cheapest(SYSTEM, typed.base, residuals, price)
    found = search.explanations(residuals, Purse(most=600, margin=45, steps=40_000, found=400))
    if found.complete:
        worth = sum(price(INDEX[key], values[key] - right) for key, right in damage.items() if values[key] != right)
        assert sum(price(f, delta) for f, delta in found.solutions[0]) <= worth


# What is found


def test_twelve_slips_are_found() -> None:
    exact = 0
    for seed in range(20):
        clean = city(seed)
        typed = slipped(clean, 12, seed)
        causes = locate(FORM, typed)
        check(causes, typed)
        truth = {key.removeprefix("requests."): clean[key] for key in REQUESTS if clean[key] != typed[key]}
        exact += first(causes) == truth
    assert exact >= 18


def test_the_answer_does_not_depend_on_the_order_of_the_fields() -> None:
    typed = slipped(city(1), 14, 1)
    assert locate(FORM, dict(reversed(typed.items()))) == locate(FORM, typed)


def with_totals(values: Values) -> Values:
    """`values` with a digit too many in eight totals of rows: too much for one search."""
    totals = [f"requests.{row}.total" for row in DETAILS[-8:]]
    return {**values, **{key: 10 * values[key] + 7 for key in totals}}


def wrong(values: Values, clean: Values) -> dict[str, Number]:
    """The right numbers of what is wrong, without the table's name."""
    return {key.removeprefix("requests."): clean[key] for key in REQUESTS if clean[key] != values[key]}


def found_right(typed: Values, clean: Values) -> bool:
    """Is the first answer the truth, after the search for one set for everything gave up?"""
    causes = locate(FORM, typed)
    check(causes, typed)
    return first(causes) == wrong(typed, clean)


def test_slips_that_share_rows_and_columns() -> None:
    clean = city(3)
    cells = [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2)]
    keys = [f"requests.{DETAILS[row]}.{PARTIES[column]}" for row, column in cells]
    typed = with_totals({**clean, **{key: 10 * clean[key] + 3 for key in keys}})
    assert found_right(typed, clean)


def test_slips_that_go_round_in_a_circle() -> None:
    """Two rows and two columns: three other changes mend them, but no slip accounts for those."""
    clean = city(5)
    corners = [f"requests.{row}.{party}" for row in DETAILS[2:4] for party in PARTIES[:2]]
    typed = with_totals({**clean, **{key: 10 * clean[key] + 3 for key in corners}})
    assert found_right(typed, clean)


def test_equal_differences_are_told_apart_by_the_slips() -> None:
    """Two rows and two columns are off by 72: 19 became 91 and 408 became 480, or two others that nothing explains."""
    clean = {"granted.person": 19, "granted.legal": 500, "refused_law.person": 700, "refused_law.legal": 408}
    values = _with_rows(clean)
    typed = with_totals(changed(values, granted__person=91, refused_law__legal=480))
    assert found_right(typed, values)


def test_a_set_that_is_zero_by_chance_is_joined_with_its_neighbour() -> None:
    """Two changes that nothing explains would mend what three slips broke."""
    clean = {"granted.person": 19, "granted.legal": 500, "refused_law.person": 135, "refused_law.legal": 408}
    values = _with_rows(clean)
    typed = with_totals(changed(values, granted__person=91, refused_law__person=153, refused_law__legal=480))
    assert found_right(typed, values)


def test_a_number_in_the_next_row_among_many_slips() -> None:
    """The column holds all the same."""
    values = _with_rows({"granted.person": 63, "partly_granted.legal": 408})
    typed = with_totals(changed(values, granted__person=0, partly_granted__person=63))
    assert found_right(typed, values)


def _with_rows(details: dict[str, int]) -> Values:
    """A table of these and of a number in each of its last eight rows, all different."""
    return table({**{f"{row}.other": 1_000 + 137 * place for place, row in enumerate(DETAILS[-8:])}, **details})


@pytest.mark.parametrize("seed", range(3))
def test_steps_are_limited_whatever_is_typed(seed: int) -> None:
    rng = random.Random(seed)
    clean = city(seed)
    for typed in (
        {key: rng.randint(0, 10 ** rng.randint(1, 7)) for key in FORM.by_key},
        {key: value + rng.choice((0, 1)) for key, value in clean.items()},
        dict.fromkeys(FORM.by_key, 7),
    ):
        found = apart(puzzle(typed))
        assert found.steps <= STEPS + CIRCLING
        assert len(found.solutions) <= 1_000


def test_many_changes_of_which_one_is_no_slip_are_never_certain() -> None:
    typed = changed(BUSY, granted__person=977, refused_law__person=1270, declined_petition__person=520)
    (cause,) = locate(FORM, typed)
    check((cause,), typed)
    assert first([cause]) == {"granted.person": 63, "refused_law.person": 1207, "declined_petition.person": 250}
    assert not cause.certain
