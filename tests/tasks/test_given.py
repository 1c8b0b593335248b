"""What tasks are given: lists of units in every kind of file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.making.filling import workbook
from tests.reading.test_listings import book
from xlcheck.roster.units import Unit
from xlcheck.tasks.events import Event, Notice, ignore
from xlcheck.tasks.given import CannotDo, units_of, workbooks_in

CODE = "11510400008000000P"


def test_a_list_in_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    lines: list[list[object]] = [
        ["报送单位名单"],
        [],
        ["序号", "单位\n名称", "统一社会 信用代码", "联系电话"],
        [1, "市教育局", CODE, 13800000000],
    ]
    path.write_bytes(book(Sheet1=lines))
    assert units_of(path, ignore) == (Unit("市教育局", CODE, phone="13800000000"),)


def test_a_list_of_numbers_for_codes_is_none(tmp_path: Path) -> None:
    data = book(Sheet1=[["单位名称", "代码"], ["市教育局", 115104000087000000]])
    with pytest.raises(CannotDo, match=r"单位名单：第 2 行的统一社会信用代码“1.15104E[+]17”是表格程序") as told:
        units_of(data, ignore)
    assert told.value.code == "units"


def test_a_workbook_without_a_list_and_a_broken_one(tmp_path: Path) -> None:
    with pytest.raises(CannotDo, match="要有“单位名称”一列"):
        units_of(book(Sheet1=[["甲", "乙"]]), ignore)
    (tmp_path / "坏.xlsx").write_bytes(workbook()[:400])
    with pytest.raises(CannotDo, match=r"单位名单“.*坏\.xlsx”：文件已损坏"):
        units_of(tmp_path / "坏.xlsx", ignore)


def test_doubtful_codes_are_told_and_not_without_end() -> None:
    heard: list[Event] = []
    lines = "".join(f"单位{number},{number}\n" for number in range(8))
    assert len(units_of(f"单位名称,代码\n{lines}".encode(), heard.append)) == 8
    said = [one.text for one in heard if isinstance(one, Notice)]
    assert len(said) == 6
    assert said[0].startswith("单位名单：第 2 行的统一社会信用代码“0”有 1 位")
    assert said[-1] == "单位名单：还有 3 行的统一社会信用代码要核对"


def test_a_mistyped_folder_is_no_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CannotDo, match=r"没有找到“.*报送x”，请检查名称和位置"):
        workbooks_in([str(tmp_path / "报送x")], None, ignore, "核对")
    (tmp_path / "a.xlsx").write_bytes(workbook())
    given = [str(tmp_path / "报送x"), str(tmp_path / "a.xlsx")]
    assert len(workbooks_in(given, None, ignore, "核对")) == 2, "what is there is not stopped"
    assert len(workbooks_in([str(tmp_path / "b.xlsx")], None, ignore, "核对")) == 1, "a file is a finding of its own"
