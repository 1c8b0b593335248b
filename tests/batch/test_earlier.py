"""Finding the submission to compare with: by unit code, then by name, for the right year."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.making.filling import clean_values, form, submission_of
from xlcheck.batch.earlier import Earlier, Stocking, find, stock, submission_in
from xlcheck.drawing.template import render
from xlcheck.roster.units import Unit


def write(path: Path, unit: str = "甲局", code: str = "", year: str = "2024") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(render(form(), {"unit": unit, "code": code, "year": year}, clean_values()))
    return path


def looked_up(place: Path, unit: str = "甲局", code: str = "", year: int = 2024, listed: Sequence[Unit] = ()) -> str:
    """The name of the file found, or why none was."""
    mine = submission_of(render(form(), {"unit": unit, "code": code, "year": "2025"}, clean_values()))
    found = find(stock(place, Stocking(form()), listed), mine, year)
    return found.path.name if isinstance(found, Earlier) else found


def test_a_folder_is_searched_by_name(tmp_path: Path) -> None:
    write(tmp_path / "sub" / "a.xlsx")
    write(tmp_path / "b.xlsx", unit="乙局")
    assert looked_up(tmp_path) == "a.xlsx"
    assert looked_up(tmp_path, unit="乙 局") == "b.xlsx"


def test_the_code_of_one_and_the_name_of_another_find_neither(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", unit="甲局", code="1")
    write(tmp_path / "b.xlsx", unit="乙局", code="2")
    listed = (Unit("甲局", "1"), Unit("乙局", "2"))
    for year in ("2024", "2022"):
        write(tmp_path / "a.xlsx", unit="甲局", code="1", year=year)
        for units in ((), listed):
            said = looked_up(tmp_path, unit="甲局", code="2", listed=units)
            assert "“b.xlsx”的代码与本表相同，单位名称却是“乙局”，不能确定是不是同一单位的" in said


def test_another_name_under_the_code_is_not_taken_without_a_list(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", unit="市水利局", code="1")
    now: dict[str, Any] = {"unit": "市水务局", "code": "1"}
    assert "不能确定" in looked_up(tmp_path, **now)
    assert "不能确定" in looked_up(tmp_path, **now, listed=[Unit("市农业局", "2")]), "the list does not know the code"
    others = [Unit("市水务局", "2"), Unit("市水利局", "3")]
    for other in others:
        assert "不能确定" in looked_up(tmp_path, **now, listed=[Unit("市水务集团", "1"), other])


@pytest.mark.parametrize("name", ["市水务局", "市水利局", "市水务（水利）局"])
def test_a_unit_that_was_renamed_is_found_where_the_list_has_its_code(name: str, tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", unit="市水利局", code="1")
    assert looked_up(tmp_path, unit="市水务局", code="1", listed=[Unit(name, "1"), Unit("市农业局", "2")]) == "a.xlsx"


@pytest.mark.parametrize(
    ("now", "before", "same"),
    [
        ("市教体局", "市教育和体育局", True),
        ("攀枝花市教育和体育局", "市教体局", True),
        ("教局", "教育局", False),
        ("市体教局", "市教育和体育局", False),
        ("市科技局", "市科学局", False),
    ],
)
def test_a_name_that_is_another_one_shortened_is_the_same(now: str, before: str, same: bool, tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", unit=before, code="1")
    assert (looked_up(tmp_path, unit=now, code="1") == "a.xlsx") == same


def test_of_two_with_one_code_the_one_of_the_same_name_is_meant(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", unit="甲局", code="1")
    write(tmp_path / "b.xlsx", unit="乙局", code="1")
    assert looked_up(tmp_path, unit="乙局", code="1") == "b.xlsx"
    assert "2 份，不能确定用哪一份" in looked_up(tmp_path, unit="丙局", code="1")


def test_a_code_in_small_letters_is_the_same_code(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", unit="市教育局", code="11510400mb0123456x")
    assert looked_up(tmp_path, unit="教育局", code="11510400MB0123456X") == "a.xlsx"


def test_a_single_file_must_be_the_unit_s_too(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx")
    assert looked_up(path) == "a.xlsx"
    assert looked_up(path, unit="乙局") == "没有找到“乙局”的报送表"


def test_the_year_must_be_right(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", year="2023")
    assert looked_up(tmp_path) == "只找到“甲局”2023 年的报送表，没有 2024 年的"


def test_two_of_one_year_are_not_chosen_from(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx")
    write(tmp_path / "b.xlsx")
    assert looked_up(tmp_path).endswith("2 份，不能确定用哪一份：“a.xlsx”、“b.xlsx”")


def test_of_many_a_few_are_named_without_what_steers(tmp_path: Path) -> None:
    for number in range(9):
        write(tmp_path / f"{number}\n\u202e.xlsx")
    assert looked_up(tmp_path).endswith("9 份，不能确定用哪一份：" + "、".join(f"“{n} .xlsx”" for n in range(5)) + "等")


def test_a_submission_without_a_name_matches_nothing(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", unit="")
    assert looked_up(tmp_path, unit="") == "封面没有填单位，无法找到对应的报送表"


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"no workbook")
    write(tmp_path / "a.xlsx")
    shelf = stock(tmp_path, Stocking(form()))
    assert [entry.path.name for entry in shelf.by_unit["甲局"]] == ["a.xlsx"]
    assert [Path(path).name for path in shelf.unreadable] == ["x.xlsx"]


def test_the_file_itself_is_not_compared_with(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx")
    shelf = stock(tmp_path, Stocking(form()))
    assert isinstance(find(shelf, submission_in(path, form()), 2024), Earlier)
    assert find(shelf, submission_in(path, form()), 2024, besides=path) == "指明的就是这个文件本身"


def test_a_place_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        stock(tmp_path / "none", Stocking(form()))
