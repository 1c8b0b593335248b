"""Every value of a form file is found on its line."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making.tiny import TINY
from xlcheck.forms import toml
from xlcheck.forms.file import form_ids, form_text
from xlcheck.forms.lines import line_at, toml_lines

TEXTS = {**{name: form_text(name) for name in form_ids()}, "tiny": TINY}


def places(value: Any, place: str = "") -> list[str]:
    """The places of all values of a TOML document."""
    if isinstance(value, dict):
        inner = [(f"{place}.{key}" if place else key, each) for key, each in value.items()]
    elif isinstance(value, list):
        inner = [(f"{place}[{number}]", each) for number, each in enumerate(value)]
    else:
        return [place]
    return [found for at, each in inner for found in places(each, at)]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_value_has_its_line(text: str) -> None:
    found = toml_lines(text)
    written = text.splitlines()
    for place in places(toml.loads(text)):
        assert place in found, place
        key = place.rpartition(".")[2]
        if "[" not in key:
            assert key in written[found[place] - 1], place


def test_each_table_of_an_array_has_its_own_lines() -> None:
    found = toml_lines(
        'a = 1\n[[t]]\nb = 1\n[[t.u]]\nc = 1\n[[t.u]]\nc = 2\n[[t]]\n[[t.u]]\nc = 3\n["x y".z]\nd = {e = 1, f = [\n2,\n3]}\n'
    )
    assert {place: found[place] for place in ("a", "t[0].b", "t[0].u[1].c", "t[1]", "t[1].u[0].c", "x y.z.d.f[1]")} == {
        "a": 1, "t[0].b": 3, "t[0].u[1].c": 7, "t[1]": 8, "t[1].u[0].c": 10, "x y.z.d.f[1]": 14,
    }  # fmt: skip


def test_what_is_missing_is_where_it_should_be() -> None:
    found = toml_lines('[cover]\ntitle = "a"\n[[rows]]\nx = 1\n')
    assert line_at(found, "cover.sheet") == 1
    assert line_at(found, "rows[0].cells[3]") == 3
    assert line_at(found, "rows[7].cells") is None
    assert line_at(found, "guide") is None
    assert line_at(found, "disclosure-2021: checks[0].rule") is None


@given(
    st.dictionaries(
        st.from_regex("[a-z]{1,3}", fullmatch=True),
        st.text(st.characters(codec="utf-8", exclude_characters="\r\x7f")),
        min_size=1,
    )
)
def test_texts_of_any_kind_are_passed_over(values: dict[str, str]) -> None:
    from xlcheck.forms.draft import _text

    lines = [f"{key} = {_text(value)} # [x] = {{" for key, value in values.items()]
    text = "\n\n".join(lines)
    assert set(toml.loads(text)) == set(values)
    assert toml_lines(text) == {key: 2 * number + 1 for number, key in enumerate(values)}


@pytest.mark.parametrize(
    "value", ['"""a\n[b]\n"x"""', "'''a\n\\'''", "1979-05-27 07:32:00", "inf", "[[1, 2],\n [3]]", "'a # b'"]
)
def test_a_value_over_several_lines_hides_nothing_behind_it(value: str) -> None:
    text = f"a = {value}\nb = 1\n"
    assert toml_lines(text)["b"] == text.count("\n")
    assert set(toml.loads(text)) == {"a", "b"}
