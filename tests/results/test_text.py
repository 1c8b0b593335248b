"""What a person reads on a terminal."""

from __future__ import annotations

import pytest

from tests.making.checked import FAILED, FINDING, PASSED
from xlcheck.model.cells import Place, table_place
from xlcheck.results.checked import Checked
from xlcheck.results.text import file_text


def many(number: int) -> Checked:
    return PASSED._replace(
        status="failed", findings=tuple(FINDING._replace(message=f"第 {n} 处") for n in range(number))
    )


def test_text_names_everything_once() -> None:
    text = file_text(FAILED)
    for words in (
        "不通过",
        "a.xlsx",
        "某局",
        "2025 年",
        "C104",
        "依申请公开!D5",
        "“６”是文本",
        "a.审核.xlsx",
        "另有勾稽关系 1 处",
    ):
        assert text.count(words) == 1, words


def test_cells_are_named_in_short_on_one_page_of_one_table_only() -> None:
    places = (
        table_place(2, (3, 3), 1),
        table_place(2, (4, 3), 1),
        table_place(2, (26, 3), 3),
        table_place(4, (3, 3), 3),
    )
    text = file_text(PASSED._replace(status="failed", findings=(FINDING._replace(places=places),)))
    assert (
        "第 1 页，第 2 个表格第 4 行第 4 列、第 5 行第 4 列、第 3 页，第 2 个表格第 27 行第 4 列、第 3 页，第 4 个表格第 4 行第 4 列 "
        in text
    )


def test_text_is_painted_only_where_asked() -> None:
    assert "\x1b" not in file_text(FAILED)
    assert "<red>" in file_text(FAILED, lambda text, colour: f"<{colour}>{text}")


def test_many_alike_are_folded_and_counted() -> None:
    assert "第 4 处" in file_text(many(5))
    text = file_text(many(40))
    assert len(text.splitlines()) < 12
    assert "还有 35 处" in text


@pytest.mark.parametrize("nasty", ["a\nb", "\x1b[31m", "\u202e", "\x07", "\r", "\x9b31m"])
def test_no_name_or_unit_steers_the_terminal(nasty: str) -> None:
    checked = FAILED._replace(
        path=nasty, unit=nasty, annotated=nasty, findings=(FINDING._replace(places=(Place(nasty, (0, 0)),)),)
    )
    text = file_text(checked)
    assert not [char for char in text if (ord(char) < 32 and char != "\n") or char in "\x7f\x9b\u202e"]
    assert len(text.splitlines()) == len(file_text(FAILED).splitlines())
