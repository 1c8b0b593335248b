"""The facts of a form."""

from __future__ import annotations

import pytest

from xlcheck.forms.facts import FACTS
from xlcheck.forms.file import InvalidForm, form_text, load_form, parse_form
from xlcheck.model.form import Form

FORM = load_form()


def with_facts(lines: str) -> Form:
    """The form with other facts."""
    return parse_form(form_text().partition("[facts]")[0] + lines)


def test_the_official_form_holds_all_facts() -> None:
    assert set(FORM.facts) == FACTS
    assert all(keys and set(keys) <= set(FORM.by_key) for keys in FORM.facts.values())


def test_groups_add_up_to_the_total() -> None:
    for row in ("received", "carried_in", "handled"):
        (total,) = FORM.facts[row]
        (relation,) = [one for one in FORM.relations if one.code == "B103" and one.left_keys == (total,)]
        parts = FORM.facts[f"{row}.person"] + FORM.facts[f"{row}.organisations"]
        assert sorted(parts) == sorted(relation.right_keys)


def test_results_add_up_to_what_was_handled() -> None:
    (relation,) = [one for one in FORM.relations if one.code == "B102" and one.left_keys == FORM.facts["handled"]]
    groups = ("granted", "partly_granted", "refused", "unavailable", "declined", "other_results")
    assert sorted(key for group in groups for key in FORM.facts[group]) == sorted(relation.right_keys)


def test_a_form_need_not_have_any() -> None:
    assert with_facts("").facts == {}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('recieved = "requests.received.total"', "facts.recieved: unknown key"),
        ('received = "requests.received.all"', "facts.received: no field 'requests.received.all'"),
        ('refused = "requests.[refusals].total"', "facts.refused: no set 'refusals'"),
        ("received = 3", "facts.received: must be a text"),
    ],
)
def test_faults_are_told(line: str, fault: str) -> None:
    with pytest.raises(InvalidForm) as told:
        with_facts(f"[facts]\n{line}\n")
    assert fault in told.value.faults
