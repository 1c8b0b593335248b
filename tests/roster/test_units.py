"""The list of units, and file names that every system takes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck.files.names import is_skipped
from xlcheck.roster.stems import file_stem, file_stems
from xlcheck.roster.units import InvalidUnits, Listing, Unit, list_units, parse_units

LIST = "name,code,email\n甲局,1,a@b.c\n乙局,2,\n"
EXPECTED = (Unit("甲局", "1", "a@b.c"), Unit("乙局", "2", ""))
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_encodings_that_programs_write(encoding: str, end: str) -> None:
    assert parse_units(LIST.replace("\n", end).encode(encoding)).units == EXPECTED


@pytest.mark.parametrize(
    "text",
    ["单位名称,统一社会信用代码,电子邮箱\n甲局,1,a@b.c\n乙局,2,\n", "email,name,code\na@b.c,甲局,1\n,乙局,2\n", "Name,Code,Email\n 甲局 ,1,a@b.c\n\n乙局,2\n,,\n",
     "序号,name,code,email,备注\n1,甲局,1,a@b.c,x\n2,乙局,2,,\n", '"name","code","email"\n"甲局","1","a@b.c"\n"乙局","2",""\n'],
)  # fmt: skip
def test_columns_are_found_by_their_heads(text: str) -> None:
    assert parse_units(text.encode()).units == EXPECTED


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "第 1 行"), ("a,b\n1,2\n", "第 1 行"), ("name\n", "没有列出"), ("name,code\n,3\n", "第 2 行"), ("name\n甲\n甲\n", "第 3 行"), ("name,code\n甲,1\n乙,1\n", "第 3 行"),
     ('name\n"甲\n', "行"), ("name\n甲\n\n甲 \n", "第 4 行")],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(InvalidUnits, match=told):
        parse_units(text.encode())


@pytest.mark.parametrize(
    ("text", "told"),
    [("序号,单位,代码\n1,甲局,1\n合计,2,\n", "第 3 行的单位名称是“2”"), ("单位名称\n甲局\n合 计\n", "第 3 行的单位名称是“合 计”"),
     ("单位名称,甲局\n统一社会信用代码,1\n报告年度,2025\n", "第 2 行的单位名称是“统一社会信用代码”，像是填报表的一项")],
)  # fmt: skip
def test_lines_that_name_no_unit_are_told(text: str, told: str) -> None:
    with pytest.raises(InvalidUnits, match=told):
        parse_units(text.encode())


def test_all_lines_that_cannot_be_used_are_told_but_not_without_end() -> None:
    lines = "".join(f"单位{'甲乙丙丁戊己庚'[number]},1.15104E+17\n" for number in range(7))
    with pytest.raises(InvalidUnits) as told:
        parse_units(f"单位名称,代码\n{lines}".encode())
    said = told.value.message.split("\n")
    assert [line.partition("的")[0] for line in said[:5]] == [f"第 {number} 行" for number in range(2, 7)]
    assert said[5:] == ["还有 2 行也不能用"]


@pytest.mark.parametrize("sign", ["，", ";", "；", "\t"])
def test_other_signs_than_a_comma_part_the_cells(sign: str) -> None:
    units = parse_units("\n".join((f"单位名称{sign}电子邮箱", f"甲局{sign}a@b.c,d@e.f")).encode()).units
    assert units == (Unit("甲局", email="a@b.c,d@e.f"),)


@pytest.mark.parametrize(
    ("data", "told"), [(b"\n<html><table>", "这是网页或 XML，不是名单"), (b"%PDF-1.4", "这是 PDF 文件")]
)
def test_what_is_no_list_says_what_it_is(data: bytes, told: str) -> None:
    with pytest.raises(InvalidUnits, match=told):
        parse_units(data)


def test_yes_and_no_may_be_what_a_program_makes_of_them() -> None:
    assert [unit.reports for unit in parse_units("单位名称,是否报送\n甲,TRUE\n乙,False\n".encode()).units] == [
        "是",
        "否",
    ]


def test_what_is_no_text_is_told() -> None:
    with pytest.raises(InvalidUnits):
        parse_units(b"\xff\xff\xff")


@given(st.binary(max_size=200))
def test_any_bytes_give_units_or_a_complaint(data: bytes) -> None:
    with contextlib.suppress(InvalidUnits):
        assert parse_units(data).units


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


@pytest.mark.parametrize(
    "head",
    [
        "统一社会 信用代码",
        "统一社会\n信用代码",
        "统一社会信用代码 ",
        "统一社会信用代码（18位）",
        "*统一社会信用代码",
        "社会信用代码",
        "Ｃode",
        "CODE:",
    ],
)
def test_a_head_is_known_however_it_is_typed(head: str) -> None:
    listed = list_units([Listing("", [["单位名称", head], ["甲局", "11510400008000000P"]])])
    assert listed.units == (Unit("甲局", "11510400008000000P"),)


def test_all_columns_that_a_list_may_have() -> None:
    data = "单位名称,统一社会信用代码,电子邮箱,上级单位,联系人,抄送,联系电话,是否报送\n甲局,,a@b.c,市政府,张老师,c@d.e,0812-1234567,是\n"
    unit = Unit("甲局", "", "a@b.c", "市政府", "张老师", "c@d.e", "0812-1234567", "是")
    assert parse_units(data.encode()).units == (unit,)


@pytest.mark.parametrize(
    "above", [["2025 年度报送单位名单"], ["填表单位：市政府办公室", "", "2025 年"], [""], ["单位名单", "电话见附页"]]
)
def test_titles_stand_above_the_heads(above: list[str]) -> None:
    lines = [above, ["序号", "单位名称", "联系电话"], ["1", "甲局", "1"], ["2", "", ""], ["3", "乙局", "2"]]
    assert [unit.name for unit in list_units([Listing("", lines)]).units] == ["甲局", "乙局"]


def test_a_name_that_reads_like_a_head_is_no_head() -> None:
    assert [unit.name for unit in parse_units("单位名称\n部门\n甲局\n".encode()).units] == ["部门", "甲局"]


def test_a_list_on_several_sheets_is_one_list_and_the_sheet_is_told() -> None:
    one, two = Listing("市直", [["单位名称"], ["甲局"]]), Listing("区县", [["单位"], ["乙县"]])
    notes = Listing("说明", [["请勿改动"]])
    assert [unit.name for unit in list_units([notes, one, two]).units] == ["甲局", "乙县"]
    with pytest.raises(InvalidUnits, match="工作表“区县”第 2 行的“甲局”与工作表“市直”第 2 行重复"):
        list_units([one, Listing("区县", [["单位"], ["甲局"]])])


@pytest.mark.parametrize(
    ("code", "told"),
    [("1.15104E+17", "后几位已经丢失"), ("1.15104e+17", "后几位已经丢失"), ("1E17", "后几位已经丢失")],
)
def test_a_code_that_is_lost_is_no_list(code: str, told: str) -> None:
    with pytest.raises(InvalidUnits, match=f"第 3 行的统一社会信用代码“{code[:4]}.*{told}".replace("+", "[+]")):
        parse_units(f"单位名称,统一社会信用代码\n甲局,\n乙局,{code}\n".encode())


def test_a_doubtful_code_is_told_with_its_line() -> None:
    listed = parse_units("单位名称,统一社会信用代码\n甲局,11510400008000000P\n乙局,11510400008000001X\n".encode())
    assert [unit.code for unit in listed.units] == ["11510400008000000P", "11510400008000001X"]
    assert listed.doubts == (
        "第 3 行的统一社会信用代码“11510400008000001X”的校验位不对（前 17 位无误时，最后一位应为 T），可能抄错了一位，请核对",
    )


def test_an_answer_to_whether_a_unit_reports() -> None:
    assert [unit.reports for unit in parse_units("name,是否报送\n甲, 否\n乙,Yes\n丙,\n".encode()).units] == [
        "否",
        "是",
        "",
    ]
    with pytest.raises(InvalidUnits, match="第 2 行“是否报送”一列是“也许”"):
        parse_units("name,是否报送\n甲,也许\n".encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_text_parted_by_tabs(encoding: str) -> None:
    assert parse_units("单位名称\t电子邮箱\r\n甲局\ta@b.c\r\n".encode(encoding)).units == (Unit("甲局", "", "a@b.c"),)
