"""The loader of form files tells all faults at once, each with its place, and never crashes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.making.tiny import TINY
from xlcheck.drawing.template import render
from xlcheck.forms.file import EDITIONS, InvalidForm, form_ids, load_form, parse_form


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(InvalidForm) as caught:
        parse_form(text, "tiny.toml")
    assert caught.value.message.startswith("表格定义文件“tiny.toml”有 ")
    return caught.value.faults


def changed(*changes: tuple[str, str]) -> str:
    text = TINY
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_the_forms_that_come_with_it_are_faultless() -> None:
    assert "disclosure-2021" in form_ids()
    for name in form_ids():
        assert load_form(name).id == name


def test_a_form_of_ones_own_is_loaded_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(TINY, encoding="utf-8")
    assert load_form(tmp_path / "own.toml").id == "training-2030"


def test_there_is_no_such_form() -> None:
    with pytest.raises(OSError, match="nope"):
        load_form("nope")


def test_what_is_no_toml_is_told_with_its_line() -> None:
    assert "line" in faults("id = \n")[0]


def test_what_is_no_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "gb.toml").write_bytes("id = '表'".encode("gb18030"))
    with pytest.raises(InvalidForm, match="UTF-8"):
        load_form(tmp_path / "gb.toml")


def test_an_empty_file_lacks_everything() -> None:
    found = "\n".join(faults(""))
    for place in ("id", "title", "source", "cover", "guide", "tables"):
        assert re.search(rf"^{place}\b", found, re.MULTILINE), place


def test_all_faults_are_told_at_once_with_their_places() -> None:
    found = faults(
        changed(
            ('edition = "2030"', "edition = 2030"),
            ('document = "培训函〔2030〕1号"', ""),
            ('key = "chief"', 'key = "unit"'),
            ('widths = [20, 20]', "widths = [20, -1]"),
            ('{ key = "others", cells = ["其他人员"] }', '{ key = "others", cells = ["其他人员", "count:own"] }'),
            ('{ key = "own", cells', '{ key = "fiscal", cells'),
            ('rule = "money.fiscal.sum + money.own.sum = money.all.sum"', 'rule = "money.fiscal.sum + money.lost.sum = money.all.sum"'),
            ('terms = ["合计", "[way]"]', 'terms = ["合计"]'),
            ('right = { "classes.cadres.own" = 1', 'right = { "classes.none.own" = 1'),
            ('lines = ["一、每格都要填。"]', 'lines = "一"\ncolour = "red"'),
        )
    )  # fmt: skip
    said = "\n".join(found)
    for place in (
        "edition: must be a text", "source.document: is missing", "cover.entries", "tables[1].widths", "tables[0].rows[2]", "money.fiscal.sum",
        "relations[1].rule: no field 'money.lost.sum'", "relations[0].terms", "relations[0].right", "guide.lines", "guide.colour: unknown key",
    ):  # fmt: skip
        assert place in said, place


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "training-2030"', 'id = ""', "id: is empty"),
        ('sheet = "班次"', 'sheet = "a/b"', "a/b"),
        ('sheet = "班次"', f'sheet = "{"长" * 32}"', "长"),
        ('sheet = "班次"', 'sheet = "经费"', "经费"),
        ('sheet = "班次"', 'sheet = "首页"', "首页"),
        ('at = "B3"', 'at = "B1"', "tables[0].at"),
        ('at = "B3"', 'at = "第三行"', "tables[0].at"),
        ('cells = ["类别", "自办", "外送", "合计"]', 'cells = ["类别", "自办", "外送"]', "tables[0].rows[0]"),
        ('cells = ["类别", "自办", "外送", "合计"]', 'cells = ["<", "自办", "外送", "合计"]', "tables[0].rows[0]"),
        ('cells = ["类别", "自办", "外送", "合计"]', 'cells = ["类别", "自办", "", "合计"]', "tables[0].rows[0]"),
        ('cells = ["财政拨款", "amount:sum"]', 'cells = ["财政拨款", "money:sum"]', ""),
        ('cells = ["财政拨款", "amount:sum"]', 'cells = ["财政拨款", "amount:"]', "tables[1].rows[1]"),
        ('key = "money"', 'key = "classes"', "classes"),
        ('key = "money"', 'key = "Money"', "tables[1].key"),
        ('values_column = "C"', 'values_column = "3"', "cover"),
        ('values_column = "C"', 'values_column = "A"', "cover"),
        ("first_row = 5", "first_row = 0", "cover.first_row"),
        ("first_row = 5", "first_row = 1", "cover"),
        ("first_row = 5", "first_row = 5.5", "cover.first_row"),
        ("first_row = 5", "first_row = inf", "cover.first_row"),
        ('key = "year"', 'key = "yr"', "year"),
        ('members = ["own", "sent"]', "members = []", "way"),
        ('members = ["own", "sent"]', 'members = ["own", "own"]', "relations[0]"),
        ('names = ["干部行", "其他人员行"]', 'names = ["干部行"]', "sets.line"),
        ('code = "B202"', 'code = "B201"', "B201"),
        ('code = "B202"', 'code = "b202"', "relations[1].code"),
        ('code = "B202"', 'code = "C101"', "relations[1].code"),
        ('rule = "money.fiscal.sum + money.own.sum = money.all.sum"', 'rule = "money.fiscal.sum + money.own.sum"', "relations[1].rule"),
        ('rule = "money.fiscal.sum + money.own.sum = money.all.sum"', 'rule = "money.all.sum + money.own.sum = money.all.sum"', "relations[1].rule"),
    ],
)  # fmt: skip
def test_one_fault_is_told_with_its_place(old: str, new: str, told: str) -> None:
    text = changed((old, new))
    if told:
        assert any(told in fault for fault in faults(text)), faults(text)
    else:
        faults(text)


LINES = TINY.splitlines()


@settings(max_examples=80)
@given(st.sets(st.integers(0, len(LINES) - 1), min_size=1, max_size=6))
def test_a_form_with_lines_missing_is_refused_or_can_be_drawn(missing: set[int]) -> None:
    text = "\n".join(line for number, line in enumerate(LINES) if number not in missing)
    try:
        form = parse_form(text)
    except InvalidForm:
        return
    assert render(form)


VALUES = [match.span(1) for match in re.finditer(r'= ("[^"\n]*"|\d+|\[[^\n]*\]|true)', TINY)]


@settings(max_examples=80)
@given(
    st.sampled_from(VALUES),
    st.sampled_from(
        ['""', "3", "-1", "true", "[]", "[[]]", "{}", '"x"', "nan", "2030-01-01", '["a"]', "[1]", "{ a = 1 }"]
    ),
)
def test_a_form_with_a_value_of_another_kind_is_refused_or_can_be_drawn(span: tuple[int, int], value: str) -> None:
    text = TINY[: span[0]] + value + TINY[span[1] :]
    try:
        form = parse_form(text)
    except InvalidForm:
        return
    assert render(form)


def test_every_shipped_form_is_named_by_its_id() -> None:
    for path in EDITIONS.glob("*.toml"):
        assert load_form(path).id == path.stem
