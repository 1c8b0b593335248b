"""Which submissions are added up: nothing twice, no year mixed with another, and nothing left out in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck.model.submission import Part
from xlcheck.roster.identity import identity
from xlcheck.roster.units import Unit
from xlcheck.totals.selection import (
    FAILED,
    MISSING,
    NAMELESS,
    OLDER,
    OVERLAP,
    STRAY,
    YEAR,
    Given,
    MixedYears,
    Selection,
    select,
)
from xlcheck.totals.sums import LeftOut

UNITS = (Unit("市教育局", "A1"), Unit("市卫生健康委员会", "A2"), Unit("市气象局"))


def one(path: str, unit: str = "", code: str = "", modified: float = 0, **others: object) -> Given:
    known: dict[str, object] = {"state": "passed", "year": 2025, "numbers": (1, None), **others}
    return Given(path=path, modified=modified, unit=unit, code=code, **known)  # type: ignore[arg-type]


def chosen(selection: Selection) -> list[str]:
    return [each.path for each in selection.contributions]


def left(selection: Selection) -> dict[str, str]:
    return {each.path or each.unit: each.reason for each in selection.left_out}


def test_all_that_passed_in_their_order() -> None:
    selection = select([one("b", "乙局"), one("a", "甲局", "A")])
    assert chosen(selection) == ["b", "a"]
    assert (selection.year, selection.left_out, selection.notices) == (2025, (), ())
    assert [(each.unit, each.code, each.passed, each.numbers) for each in selection.contributions] == [
        ("乙局", "", True, (1, None)),
        ("甲局", "A", True, (1, None)),
    ]


@pytest.mark.parametrize(
    "same", [(("甲局", "A"), ("甲局", "A")), (("甲局", ""), ("甲 局", "")), (("甲局", "A"), ("甲委", "a"))]
)
def test_of_one_unit_the_newest_counts_and_it_is_said(same: tuple[tuple[str, str], tuple[str, str]]) -> None:
    older, newer = one("旧", *same[0], modified=1), one("新", *same[1], modified=2)
    for given_order in ([older, newer], [newer, older]):
        selection = select(given_order)
        assert chosen(selection) == ["新"]
        assert left(selection)["旧"].startswith("同一单位有更新的“新”")
        assert selection.left_out[0].advice == OLDER


def test_a_name_of_two_codes_is_told() -> None:
    selection = select([one("旧", "甲局", "A", 1), one("新", "甲局", "B", 2)])
    assert "名称相同，代码不同：A 和 B；如果是两个单位，请用 --units" in left(selection)["旧"]


def test_one_code_in_either_case_is_no_second_code() -> None:
    selection = select([one("旧", "甲局", "1x", 1), one("新", "甲局", "1X", 2)])
    assert left(selection)["旧"] == "同一单位有更新的“新”"


def test_what_belongs_together_over_a_third_is_one_unit() -> None:
    selection = select([one("1", "甲局", "A", 1), one("2", "乙局", "B", 3), one("3", "乙局", "A", 2)])
    assert chosen(selection) == ["2"]
    assert set(left(selection)) == {"1", "3"}


@given(
    st.lists(
        st.tuples(st.sampled_from(["甲", "乙", "丙", "丁", ""]), st.sampled_from(["A", "B", "C", ""])), max_size=12
    )
)
def test_no_code_and_no_name_is_ever_added_twice(covers: list[tuple[str, str]]) -> None:
    files = [one(str(at), *cover, modified=at % 3) for at, cover in enumerate(covers)]
    selection = select(files)
    for known in ([each.unit for each in selection.contributions], [each.code for each in selection.contributions]):
        assert all(known.count(text) == 1 for text in known if text)
    assert sorted([*chosen(selection), *left(selection)]) == sorted(each.path for each in files)


def test_years_are_not_mixed() -> None:
    files = [one("a", "甲局"), one("b", "乙局", year=2024), one("c", "丙局"), one("d", "丁局")]
    with pytest.raises(MixedYears, match="2025 年的有“a”、“c”等 3 个文件；2024 年的有“b”；请用 --year"):
        select(files)
    selection = select(files, year=2025)
    assert chosen(selection) == ["a", "c", "d"]
    assert left(selection) == {"b": "是 2024 年的"}


def test_the_year_of_what_is_not_added_up_is_no_other_year() -> None:
    files = [one("a", "甲局"), one("b", "乙局", year=2024, state="failed", reason="错")]
    assert chosen(select(files)) == ["a"]
    with pytest.raises(MixedYears):
        select(files, include_failed=True)


def test_another_year_of_the_same_unit_replaces_nothing() -> None:
    selection = select([one("a", "甲局", modified=1), one("b", "甲局", modified=2, year=2024)], year=2025)
    assert chosen(selection) == ["a"]


@pytest.mark.parametrize("state", ["unreadable", "foreign"])
def test_what_is_no_such_table_is_left_out_with_its_reason(state: str) -> None:
    files = [one("a", "甲局"), Given("x", 9, state, "已加密")]  # type: ignore[arg-type]
    for include_failed in (False, True):
        assert left(select(files, include_failed=include_failed)) == {"x": "已加密"}


def test_what_cannot_be_opened_and_is_called_after_a_unit_is_that_unit_s() -> None:
    units = (Unit("市教育局"), Unit("市水利局"), Unit("市民政局"))
    files = [
        one("a", "市水利局"),
        *(Given(f"{name}.xlsx", 9, "unreadable", "已加密") for name in ("市教育局", "市水利局2")),
    ]
    told = [(one.unit, one.path, one.reason) for one in select(files, units).left_out]
    assert told == [
        ("市教育局", "市教育局.xlsx", "疑为它的（按文件名），但打不开：已加密"),
        ("", "市水利局2.xlsx", "已加密"),
        ("市民政局", "", "没有报送"),
    ]


def test_failing_ones_count_only_where_they_are_asked_for() -> None:
    files = [one("a", "甲局"), one("b", "乙局", state="failed", reason="强制性 1 处")]
    assert left(select(files)) == {"b": "不通过，强制性 1 处"}
    selection = select(files, include_failed=True)
    assert [(each.path, each.passed, each.gaps) for each in selection.contributions] == [
        ("a", True, 1),
        ("b", False, 1),
    ]


def test_a_failing_newest_is_not_replaced_by_an_older_one() -> None:
    files = [
        one("旧", "甲局", modified=1),
        one("新", "甲局", modified=2, state="failed", reason="错"),
        one("b", "乙局"),
    ]
    selection = select(files)
    assert chosen(selection) == ["b"]
    assert left(selection)["新"] == "不通过，错（较早的“旧”是通过的）"


@pytest.mark.parametrize(
    ("changes", "reason"), [({"year": None}, "封面没有填报告年度"), ({"unit": ""}, "封面没有填单位名称和代码")]
)
def test_who_or_when_unknown_is_never_added(changes: dict[str, object], reason: str) -> None:
    nameless = one("x", **{"unit": "甲局", "state": "failed", "reason": "错", **changes})  # type: ignore[arg-type]
    assert left(select([nameless])) == {"x": "不通过，错"}
    assert left(select([nameless], include_failed=True)) == {"x": reason}


# --- a list of units -------------------------------------------------------------------------------------------------


def test_with_a_list_its_order_and_its_names_hold() -> None:
    files = [one("q", "市气象局"), one("j", "教育局", "a1"), one("w", "外单位", "Z")]
    selection = select(files, UNITS)
    assert [(each.unit, each.code, each.path) for each in selection.contributions] == [
        ("市教育局", "A1", "j"),
        ("市气象局", "", "q"),
    ]
    assert selection.notices == ("“j”：封面的单位名称是“教育局”，名单中是“市教育局”",)
    assert [(each.path or each.unit, each.reason, each.advice) for each in selection.left_out] == [
        ("w", "单位名单里没有这个单位", STRAY),
        ("市卫生健康委员会", "没有报送", MISSING),
    ]


def test_a_unit_whose_file_is_left_out_is_not_missing_besides() -> None:
    files = [
        one("j", "市教育局"),
        one("w", "市卫生健康委员会", year=2024),
        one("q", "市气象局", state="failed", reason="错"),
    ]
    assert left(select(files, UNITS, 2025)) == {"w": "是 2024 年的", "q": "不通过，错"}


def test_several_of_a_listed_unit_are_told_once() -> None:
    selection = select([one("1", "市教育局", "A1", 1), one("2", "市教育局", "A1", 2)], UNITS[:1])
    assert chosen(selection) == ["2"]
    assert list(left(selection)) == ["1"]
    assert selection.notices == ()


# --- totals among the submissions ------------------------------------------------------------------------------------


def county(path: str, *parts: str, unit: str = "某县", modified: float = 0) -> Given:
    return one(path, unit, modified=modified, parts=tuple(Part(part, "") for part in parts))


def test_a_total_is_added_like_any_other() -> None:
    assert chosen(select([county("县", "县教育局", "县水利局"), one("b", "乙局")])) == ["县", "b"]


def test_a_total_whose_units_are_there_themselves_is_left_out() -> None:
    selection = select([county("县", "县教育局", "县水利局"), one("b", "县水利局")])
    assert chosen(selection) == ["b"]
    assert left(selection) == {"县": "这是汇总表，其中的“县水利局”另有报送（“b”）"}
    assert selection.left_out[0].advice == OVERLAP


def test_of_totals_that_share_a_unit_the_newest_counts() -> None:
    files = [county("旧", "甲", "乙", unit="旧县", modified=1), county("新", "乙", "丙", unit="新县", modified=2)]
    assert chosen(select(files)) == ["新"]


def test_a_total_of_an_earlier_run_does_not_hide_what_its_unit_handed_in() -> None:
    files = [one("县本级", "某县"), one("b", "乙局"), county("旧汇总", "某县", "乙局", modified=9)]
    selection = select(files)
    assert chosen(selection) == ["县本级", "b"]
    assert list(left(selection)) == ["旧汇总"]


def test_a_failing_file_does_not_drive_out_the_total_that_holds_its_unit() -> None:
    files = [county("县", "乙局"), one("b", "乙局", state="failed", reason="错")]
    assert chosen(select(files)) == ["县"]
    assert chosen(select(files, include_failed=True)) == ["b"]


# --- who is who ------------------------------------------------------------------------------------------------------


def test_a_file_with_a_code_and_no_name_is_known_by_its_code() -> None:
    selection = select([one("a", "", "A1"), one("b", "", "a1", modified=1), one("c", "乙局")])
    assert [(each.unit, each.code, each.path) for each in selection.contributions] == [
        ("a1", "a1", "b"),
        ("乙局", "", "c"),
    ]
    assert left(selection) == {"a": "同一单位有更新的“b”"}
    assert [(each.unit, each.code) for each in selection.left_out] == [("a1", "a1")]


def test_where_the_list_has_no_code_the_cover_s_holds() -> None:
    (given_one,) = select([one("q", "市气象局", "A3")], UNITS[2:]).contributions
    assert (given_one.unit, given_one.code) == ("市气象局", "A3")
    (listed,) = select([one("j", "市教育局", "")], UNITS[:1]).contributions
    assert (listed.unit, listed.code) == ("市教育局", "A1")


@pytest.mark.parametrize(
    ("older", "newer", "doubt"),
    [
        (("甲局", "A"), ("甲局", "A"), ""),
        (("甲局", ""), ("甲局", "A"), ""),
        (("甲局", "A"), ("甲局", ""), ""),
        (("甲局", ""), ("甲 局", ""), ""),
        (("甲局", "A"), ("乙局", "A"), "（代码相同，名称不同：“甲局”和“乙局”）"),
        (("甲局", "a"), ("甲局", "A"), ""),
        (("甲局", "a"), ("乙局", "A"), "（代码相同，名称不同：“甲局”和“乙局”）"),
        (("甲局", "A"), ("甲局", "B"), "（名称相同，代码不同：A 和 B；如果是两个单位，请用 --units 给出单位名单）"),
    ],
)
def test_what_differs_between_two_of_a_unit_is_said(older: tuple[str, str], newer: tuple[str, str], doubt: str) -> None:
    selection = select([one("旧", *older, 1), one("新", *newer, 2)])
    assert left(selection) == {"旧": f"同一单位有更新的“新”{doubt}"}


def test_names_and_codes_that_differ_over_a_third_are_not_said_to_be_the_same() -> None:
    selection = select([one("1", "甲局", "A", 1), one("2", "乙局", "B", 3), one("3", "乙局", "A", 2)])
    assert left(selection)["1"] == "同一单位有更新的“2”"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_groups_that_a_third_joins_are_one_unit_whatever_comes_first(order: tuple[int, ...]) -> None:
    files = [one("1", "甲局", "A", 1), one("2", "乙局", "B", 2), one("3", "甲局", "B", 3)]
    later = one("4", "乙局", "C", 4)
    selection = select([*(files[at] for at in order), later])
    assert chosen(selection) == ["4"]
    assert set(left(selection)) == {"1", "2", "3"}


def test_of_files_saved_at_the_same_moment_the_last_path_counts() -> None:
    assert chosen(select([one("b", "甲局"), one("a", "甲局")])) == ["b"]


def test_those_added_up_keep_the_order_given() -> None:
    files = [one("c", "丙局"), one("a", "甲局", modified=1), one("b", "乙局"), one("d", "甲局", modified=2)]
    assert chosen(select(files)) == ["c", "b", "d"]


def test_nothing_given_is_no_year() -> None:
    selection = select([])
    assert selection == Selection(0, (), ())
    assert select([], UNITS[:1]).left_out == (LeftOut("市教育局", "A1", "", "没有报送", MISSING),)
    assert select([], year=2024).year == 2024


# --- why not ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason", "advice"),
    [
        ({"year": None}, "封面没有填报告年度", NAMELESS),
        ({"unit": ""}, "封面没有填单位名称和代码", NAMELESS),
        ({"unit": "", "year": None}, "封面没有填报告年度", NAMELESS),
        ({"unit": "", "code": "A1"}, "", ""),
    ],
)
def test_who_and_when_must_be_known(changes: dict[str, object], reason: str, advice: str) -> None:
    given_one = one("x", **{"unit": "甲局", "state": "failed", "reason": "错", **changes})  # type: ignore[arg-type]
    selection = select([given_one], include_failed=True)
    assert [(each.reason, each.advice) for each in selection.left_out] == ([(reason, advice)] if reason else [])
    assert [each.advice for each in select([given_one]).left_out] == [FAILED]


def test_each_reason_has_its_advice() -> None:
    files = [
        one("a", "甲局"),
        one("b", "乙局", year=2024),
        one("c", "丙局", state="failed", reason="错"),
        Given("d", 0, "foreign", "不是报送表"),
    ]
    selection = select(files, year=2025)
    assert {each.path: (each.reason, each.advice) for each in selection.left_out} == {
        "b": ("是 2024 年的", YEAR),
        "c": ("不通过，错", FAILED),
        "d": ("不是报送表", ""),
    }


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "“0”；"), (2, "“0”、“1”；"), (3, "“0”、“1”等 3 个文件；")],
)
def test_files_of_a_year_are_named_up_to_two(number: int, said: str) -> None:
    files = [one(str(at), f"{at}局") for at in range(number)]
    with pytest.raises(MixedYears) as raised:
        select([*files, one("z", "旧局", year=2024)])
    assert f"2025 年的有{said}2024 年的有“z”；" in str(raised.value)


def test_a_failing_newest_of_which_no_older_one_passed_says_no_more() -> None:
    files = [
        one("旧", "甲局", modified=1, state="failed", reason="乱"),
        one("新", "甲局", modified=2, state="failed", reason="错"),
    ]
    assert left(select(files)) == {"旧": "同一单位有更新的“新”", "新": "不通过，错"}
    assert chosen(select(files, include_failed=True)) == ["新"]


def test_a_failing_file_of_a_listed_unit_that_counts_is_no_longer_left_out() -> None:
    files = [one("j", "市教育局", "A1", state="failed", reason="错")]
    assert chosen(select(files, UNITS[:1], include_failed=True)) == ["j"]
    assert select(files, UNITS[:1], include_failed=True).left_out == ()


def test_strays_of_the_list_are_left_out_under_the_name_on_their_cover() -> None:
    selection = select([one("w", "外单位", "Z")], UNITS[:1])
    assert selection.left_out[0] == LeftOut("外单位", "Z", "w", "单位名单里没有这个单位", STRAY)


def test_older_ones_of_a_listed_unit_bear_the_list_s_name() -> None:
    selection = select([one("1", "教育局", "A1", 1), one("2", "市教育局", "A1", 2)], UNITS[:1])
    assert [(each.unit, each.code) for each in selection.left_out] == [("市教育局", "A1")]
    assert selection.notices == ()


# --- totals within totals --------------------------------------------------------------------------------------------


def test_how_many_units_of_a_total_are_there_themselves() -> None:
    files = [county("县", "甲局", "乙局", "丙局"), one("a", "甲局"), one("b", "乙局")]
    (reason,) = left(select(files)).values()
    assert "等 2 个单位另有报送" in reason
    (reason,) = left(select(files[:2])).values()
    assert reason == "这是汇总表，其中的“甲局”另有报送（“a”）"


def test_a_unit_of_a_total_is_known_by_its_code_too() -> None:
    total = one("县", "某县", parts=(Part("", "A1"),))
    assert left(select([total, one("a", "甲局", "a1")])) == {"县": "这是汇总表，其中的“A1”另有报送（“a”）"}


def test_a_total_that_holds_what_another_unit_s_total_is_called_is_left_out() -> None:
    files = [county("市", "某县", "乙局", unit="某市", modified=1), county("县", "甲局", modified=2)]
    assert chosen(select(files)) == ["县"]


def test_totals_left_out_bring_forward_what_they_hid() -> None:
    files = [
        one("旧", "某县", modified=1),
        county("新", "甲局", modified=2),
        one("a", "甲局"),
    ]
    selection = select(files)
    assert chosen(selection) == ["旧", "a"]
    assert list(left(selection)) == ["新"]


def test_totals_of_different_units_are_both_added() -> None:
    files = [county("东", "甲局", unit="东县"), county("西", "乙局", unit="西县")]
    assert chosen(select(files)) == ["东", "西"]


def test_with_a_list_a_total_is_weighed_like_without_one() -> None:
    files = [county("县", "市教育局", unit="市气象局"), one("j", "市教育局", "A1")]
    selection = select(files, (UNITS[0], UNITS[2]))
    assert chosen(selection) == ["j"]
    assert list(left(selection)) == ["县"]


@pytest.mark.parametrize(
    ("unit", "code", "known"),
    [
        ("甲 局", "ａ1", {("code", "A1"), ("name", "甲局")}),
        ("甲局", "", {("name", "甲局")}),
        ("", "A", {("code", "A")}),
        ("", "", set()),
    ],
)
def test_by_what_a_unit_is_known(unit: str, code: str, known: set[tuple[str, str]]) -> None:
    assert identity(unit, code).keys == known


@pytest.mark.parametrize("part", ["教育局", "市教育局", "A1"])
def test_a_unit_of_a_total_is_known_by_its_cover_and_by_the_list(part: str) -> None:
    held = Part("", part) if part == "A1" else Part(part, "")
    files = [one("县", "市气象局", parts=(held,)), one("j", "教育局", "A1")]
    selection = select(files, (UNITS[0], UNITS[2]))
    assert [(each.unit, each.path) for each in selection.contributions] == [("市教育局", "j")]
    assert left(selection) == {"县": f"这是汇总表，其中的“{part}”另有报送（“j”）"}


@pytest.mark.parametrize("names", [("旧县", "新县"), ("新县", "旧县")])
def test_of_totals_the_newest_counts_whatever_they_are_called(names: tuple[str, str]) -> None:
    files = [county("1", "甲", unit=names[0], modified=1), county("2", "甲", unit=names[1], modified=2)]
    assert chosen(select(files)) == ["2"]
