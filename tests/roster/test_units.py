"""The list of units, and file names that every system takes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck.files.names import is_skipped
from xlcheck.roster.stems import file_stem, file_stems
from xlcheck.roster.units import InvalidUnits, Unit, parse_units

LIST = "name,code,email\n甲局,1,a@b.c\n乙局,2,\n"
EXPECTED = (Unit("甲局", "1", "a@b.c"), Unit("乙局", "2", ""))
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_encodings_that_programs_write(encoding: str, end: str) -> None:
    assert parse_units(LIST.replace("\n", end).encode(encoding)) == EXPECTED


@pytest.mark.parametrize(
    "text",
    ["单位名称,统一社会信用代码,电子邮箱\n甲局,1,a@b.c\n乙局,2,\n", "email,name,code\na@b.c,甲局,1\n,乙局,2\n", "Name,Code,Email\n 甲局 ,1,a@b.c\n\n乙局,2\n,,\n",
     "序号,name,code,email,备注\n1,甲局,1,a@b.c,x\n2,乙局,2,,\n", '"name","code","email"\n"甲局","1","a@b.c"\n"乙局","2",""\n'],
)  # fmt: skip
def test_columns_are_found_by_their_heads(text: str) -> None:
    assert parse_units(text.encode()) == EXPECTED


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "第 1 行"), ("a,b\n1,2\n", "第 1 行"), ("name\n", "没有列出"), ("name,code\n,3\n", "第 2 行"), ("name\n甲\n甲\n", "第 3 行"), ("name,code\n甲,1\n乙,1\n", "第 3 行"),
     ('name\n"甲\n', "行"), ("name\n甲\n\n甲 \n", "第 4 行")],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(InvalidUnits, match=told):
        parse_units(text.encode())


def test_what_is_no_text_is_told() -> None:
    with pytest.raises(InvalidUnits):
        parse_units(b"\xff\xff\xff")


@given(st.binary(max_size=200))
def test_any_bytes_give_units_or_a_complaint(data: bytes) -> None:
    with contextlib.suppress(InvalidUnits):
        assert parse_units(data)


@pytest.mark.parametrize(
    ("name", "stem"),
    [("甲局", "甲局"), ("<a>:b/c\\d|e?f*\"g", "_a__b_c_d_e_f__g"), ("CON", "_CON"), ("con.局", "_con.局"), ("Lpt1", "_Lpt1"), ("甲. ", "甲"), ("..", "_"), ("", "_"), ("CONSOLE", "CONSOLE"), (" 甲", "甲")],
)  # fmt: skip
def test_a_file_name_of_a_unit(name: str, stem: str) -> None:
    assert file_stem(name) == stem


@given(st.text(max_size=200))
def test_every_name_makes_a_safe_file_name(name: str) -> None:
    stem = file_stem(name)
    assert stem
    assert not set(stem) & set('<>:"/\\|?*')
    assert not [char for char in stem if ord(char) < 32]
    assert stem == stem.strip(" .")
    assert stem.partition(".")[0].strip().lower() not in RESERVED
    assert len(f"{stem}.审核.xlsx".encode("utf-8", "surrogatepass")) <= 255


def test_a_long_name_of_rare_characters_fits_a_linux_file_name() -> None:
    assert len(f"{file_stem('𠮷' * 100)}.审核.xlsx".encode()) <= 255


@given(st.lists(st.builds(Unit, st.text("aA局.CON/ ", max_size=90), st.text("0123", max_size=4)), max_size=12))
def test_every_unit_gets_a_file_of_its_own(units: list[Unit]) -> None:
    stems = file_stems(tuple(units))
    assert len({stem.casefold() for stem in stems}) == len(units)
    assert all(file_stem(stem) == stem for stem in stems)


@pytest.mark.parametrize("name", ["~$甲局", ".审核.局", ".甲局", "甲.审核.局"])
def test_a_units_file_is_never_passed_over_later(name: str) -> None:
    assert not is_skipped(f"{file_stem(name)}.xlsx")


@pytest.mark.parametrize("again", ["甲 局,2", "乙局,1x", "乙局,１X"])
def test_a_unit_that_is_listed_twice_is_told_however_it_is_typed(again: str) -> None:
    with pytest.raises(InvalidUnits, match=r"第 3 行的“.*”与第 2 行重复"):
        parse_units(f"name,code\n甲局,1X\n{again}\n".encode())
