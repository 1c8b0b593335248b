"""A form that is told by what differs from another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlcheck.forms.file import InvalidForm, load_form, parse_form, whole_text
from xlcheck.forms.ready import kept
from xlcheck.model.form import Form

HEAD = 'base = "disclosure-2021"\nid = "own"\n'
BASE = load_form()


def variant(text: str) -> Form:
    return parse_form(HEAD + text)


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(InvalidForm) as caught:
        parse_form(text)
    return caught.value.faults


def test_what_is_not_said_is_as_in_the_base() -> None:
    assert variant("") == BASE._replace(id="own")


def test_a_section_is_laid_over_key_by_key() -> None:
    form = variant('[source]\ndocument = "某某函〔2025〕1号"\n')
    assert form.source == BASE.source._replace(document="某某函〔2025〕1号")


def test_a_named_table_is_laid_over_its_namesake() -> None:
    form = variant('[[checks]]\ncode = "P103"\nwrong_says = "都是 0"\n[[tables]]\nkey = "disputes"\nrow_height = 50\n')
    texts = {text.code: text.wrong.says for text in form.rule_texts}
    assert texts == {**{text.code: text.wrong.says for text in BASE.rule_texts}, "P103": "都是 0"}
    assert [table.heights[0] for table in form.tables] == [BASE.tables[0].heights[0], BASE.tables[1].heights[0], 50]


def test_an_example_is_not_mixed_with_that_of_the_base() -> None:
    form = variant('[[checks]]\ncode = "P103"\nwrong = { "requests.received.total" = 0 }\n')
    (text,) = (text for text in form.rule_texts if text.code == "P103")
    assert text.wrong.values == {"requests.received.total": 0}


def test_what_it_goes_without_is_left_out() -> None:
    form = variant('without = ["Y105", "B104"]\n')
    assert {text.code for text in BASE.rule_texts} - {text.code for text in form.rule_texts} == {"Y105", "B104"}
    assert {relation.code for relation in form.relations} == {"B101", "B102", "B103"}


def test_rows_stand_in_place_of_others() -> None:
    form = variant(
        '[[tables]]\nkey = "disclosure"\n[[tables.instead]]\nrows = ["coercion"]\n'
        'by = [{ key = "coercion", cells = ["行政强制措施", "count:decisions", "<", "<"] },'
        ' { key = "checks", cells = ["行政检查", "count:decisions", "<", "<"] }]\n'
    )
    assert form.by_key["disclosure.coercion.decisions"].row_labels == ("行政强制措施",)
    assert (
        form.by_key["disclosure.checks.decisions"].cell[0] == BASE.by_key["disclosure.coercion.decisions"].cell[0] + 1
    )
    assert form.by_key["disclosure.fees.amount"].cell[0] == BASE.by_key["disclosure.fees.amount"].cell[0] + 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('base = "nowhere"\nid = "own"\n', "base: no form that comes with xlcheck and can be the base: 'nowhere'"),
        ('base = 3\nid = "own"\n', "base: no form"),
        (HEAD + 'without = ["B199"]\n', "without: the base has no 'B199'"),
        (HEAD + 'colour = "red"\n', "colour: unknown key"),
        (HEAD + '[[checks]]\ncode = "P103"\nleast = "x"\n', "checks[0].least: must be a number"),
        (
            HEAD + '[[tables]]\nkey = "requests"\n[[tables.instead]]\nrows = ["granted", "received"]\nby = []\n',
            "tables[0].instead[0].rows: no such rows",
        ),
        (
            HEAD + '[[tables]]\nkey = "requests"\n[[tables.instead]]\nrows = ["received"]\nby = [{ cells = ["x"] }]\n',
            "tables[0].instead[0].by[0]: 1 cells, but the table has 10 columns",
        ),
        (HEAD + '[sets.other_result]\nmembers = ["[result]"]\n', "sets.other_result.members: no set that can be part"),
        (HEAD + '[sets.other_result]\nmembers = ["[none]"]\n', "sets.other_result.members: no set that can be part"),
    ],
)
def test_a_fault_is_told_where_it_stands(text: str, told: str) -> None:
    assert any(fault.startswith(told) for fault in faults(text)), faults(text)


def test_a_fault_in_what_comes_from_the_base_names_it() -> None:
    found = faults(HEAD + '[[tables]]\nkey = "disclosure"\nrows = [{ cells = ["甲", "count:x.y", "<", "<"] }]\n')
    assert any(fault.startswith("disclosure-2021: checks[0].rule: no field") for fault in found)


def test_it_is_kept_ready_for_the_text_of_its_base_too(tmp_path: Path) -> None:
    from xlcheck.forms.ready import keep

    text = HEAD + "# a variant\n"
    assert whole_text(text) != text
    (tmp_path / "a.json").write_text(keep(whole_text(text), 1), encoding="utf-8")
    assert kept(tmp_path / "a.json", text) is None
    assert kept(tmp_path / "a.json", whole_text(text)) == 1
