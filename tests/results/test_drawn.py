"""Forms and findings as plain values."""

from __future__ import annotations

import pytest

from tests.making.filling import verified, workbook
from xlcheck.forms.file import form_ids, load_form
from xlcheck.model.cells import parse_cell
from xlcheck.results.drawn import drawn_file, drawn_form


@pytest.mark.parametrize("name", form_ids())
def test_a_table_covers_its_rectangle_once(name: str) -> None:
    for table in drawn_form(load_form(name))["tables"]:
        covered = [
            (row + down, parse_cell(cell["cell"])[1] + right)
            for row, cells in enumerate(table["rows"])
            for cell in cells
            for down in range(cell["rows"])
            for right in range(cell["columns"])
        ]
        assert len(covered) == len(set(covered))
        left = min(column for _, column in covered)
        assert {column - left for _, column in covered} == set(range(len(table["widths"])))
        assert {row for row, _ in covered} == set(range(len(table["rows"])))


def test_labels_head_what_stands_below_or_beside_them() -> None:
    requests = drawn_form(load_form())["tables"][1]
    heads = {cell["text"]: cell["head"] for row in requests["rows"] for cell in row if "head" in cell}
    assert (heads["自然人"], heads["法人或其他组织"]) == ("col", "colgroup")
    assert (heads["（三）不予公开"], heads["四、结转下年度继续办理"]) == ("rowgroup", "row")


def test_cells_have_the_colours_of_the_copy() -> None:
    drawn = drawn_file(verified(workbook(requests__granted__total=2, requests__handled__person="无")))
    assert {drawn["colours"][key] for key in ("requests.granted.total", "requests.handled.person")} <= {"deep", "red"}
    assert drawn["values"]["requests.handled.person"] == "无"
    assert "改动" not in drawn["heads"]
    assert all(len(one["texts"]) == len(drawn["heads"]) for one in drawn["findings"])
    assert "拖进来" in dict(drawn["lines"])["怎样办"]
