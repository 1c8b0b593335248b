"""Submissions matched to the units of a list."""

from __future__ import annotations

import pytest

from xlcheck.roster.match import Handed, Roster, match
from xlcheck.roster.units import Unit

UNITS = (Unit("市教育局", "11510400X"), Unit("市卫生健康委员会", "11510400Y"), Unit("市气象局"))


def handed(path: str, unit: str = "", code: str = "", modified: float = 0) -> Handed:
    return Handed(path, unit, code, modified)


def paths(roster: Roster) -> dict[str, list[str]]:
    return {entry.unit.name: [one.path for one in entry.handed] for entry in roster.entries}


def test_by_code_whatever_the_name_says() -> None:
    roster = match(UNITS, [handed("a.xlsx", "教育局", "11510400x")])
    assert paths(roster)["市教育局"] == ["a.xlsx"]
    assert roster.entries[0].notices == ("封面的单位名称是“教育局”，名单中是“市教育局”",)


def test_by_exact_name_where_the_code_is_not_listed() -> None:
    roster = match(UNITS, [handed("a.xlsx", "市 气象局", "999")])
    assert paths(roster)["市气象局"] == ["a.xlsx"]
    assert roster.entries[2].notices == ()


def test_part_of_a_name_is_no_name() -> None:
    roster = match(UNITS, [handed("a.xlsx", "市教育局第一小学")])
    assert [stray.reason for stray in roster.strays] == ["单位名单里没有这个单位"]
    assert roster.missing == UNITS


def test_code_of_one_and_name_of_another_belongs_to_neither() -> None:
    roster = match(UNITS, [handed("a.xlsx", "市教育局", "11510400Y")])
    assert roster.missing == UNITS
    assert "不能确定属于哪个单位" in roster.strays[0].reason


@pytest.mark.parametrize(
    "name", ["市教育局机关服务中心", "市教育局第一小学", "市教育局东区分局", "市 教育局招生考试院"]
)
def test_a_body_that_uses_the_code_of_the_one_above_it_is_not_that_one(name: str) -> None:
    roster = match(UNITS, [handed("a.xlsx", name, "11510400X")])
    assert roster.missing == UNITS
    assert roster.strays[0].reason == f"代码是“市教育局”的，名称却是“{name}”，不能确定属于哪个单位"


@pytest.mark.parametrize(
    "name",
    ["市教育局", "教育局", "市教育局办公室", "市教育局本级", "某某市教育局", "市教育和体育局", "市教育局（市语委办）"],
)
def test_by_its_code_a_unit_may_call_itself_otherwise(name: str) -> None:
    assert paths(match(UNITS, [handed("a.xlsx", name, "11510400X")]))["市教育局"] == ["a.xlsx"]
    assert paths(match((Unit("市卫健委", "1"),), [handed("a.xlsx", "市卫健委员会", "1")]))["市卫健委"] == ["a.xlsx"]


def test_the_newest_counts_and_the_others_are_named() -> None:
    given = [handed("b.xlsx", "市教育局", modified=5), handed("a.xlsx", "市教育局", modified=9)]
    entry = match(UNITS, given).entries[0]
    assert entry.newest == given[1]
    assert entry.older == (given[0],)
    assert entry.notices[0] == "报送了 2 份，以最新的“a.xlsx”为准"


def test_equally_new_ones_are_told_apart_always_alike() -> None:
    given = [handed("a.xlsx", "市教育局"), handed("b.xlsx", "市教育局")]
    for order in (given, given[::-1]):
        assert paths(match(UNITS, order))["市教育局"] == ["b.xlsx", "a.xlsx"]


def test_a_cover_without_unit_is_nobodys() -> None:
    assert match(UNITS, [handed("a.xlsx")]).strays[0].reason == "封面没有填单位名称和代码"


def test_a_code_that_differs_from_the_list_is_told() -> None:
    entry = match(UNITS, [handed("a.xlsx", "市教育局")]).entries[0]
    assert entry.notices == ("封面的代码是“（空）”，名单中是“11510400X”",)


def test_a_document_has_a_title_and_no_code() -> None:
    """Whatever it is called: a page of the web may come as .xls."""
    document = handed("a.xls", "市教育局")._replace(document="html")
    assert match(UNITS, [document]).entries[0].notices == ()
    renamed = Handed("a.docx", "教育局", "11510400X", 0, document="docx")
    assert match(UNITS, [renamed]).entries[0].notices == ("文档标题的单位名称是“教育局”，名单中是“市教育局”",)
    assert match(UNITS, [document._replace(unit="")]).strays[0].reason == "文档标题没有写单位"


def test_a_unit_above_others_is_not_missing_unless_the_list_says_so() -> None:
    city, office = Unit("市政府", "11510400Z"), Unit("市教育局", parent="11510400z")
    roster = match((city, office), [])
    assert (roster.missing, roster.unasked) == ((office,), (city,))
    asked = city._replace(reports="是")
    assert match((asked, office), []).missing == (asked, office)
    assert match((city, office), [handed("a.xlsx", "市政府")]).unasked == ()


def test_a_unit_that_the_list_excuses_is_not_missing() -> None:
    excused = Unit("市气象局", reports="否")
    assert match((excused, UNITS[0]), []).missing == (UNITS[0],)


def test_a_unit_that_is_named_above_itself_is_missing() -> None:
    itself = Unit("市政府", parent="市政府")
    assert match((itself,), []).missing == (itself,)


def test_a_workbook_of_another_year_is_not_what_its_unit_hands_in() -> None:
    last = handed("去年.xlsx", "市教育局", modified=9)._replace(year=2024)
    this = handed("今年.xlsx", "市教育局", modified=1)._replace(year=2025)
    nobody = handed("别人.xlsx", "某局")._replace(year=2024)
    nameless = handed("未填.xlsx", "市气象局")
    roster = match(UNITS, [last, this, nobody, nameless], 2025)
    assert paths(roster) == {"市教育局": ["今年.xlsx"], "市卫生健康委员会": [], "市气象局": ["未填.xlsx"]}
    assert [(one.handed.path, one.unit) for one in roster.strays] == [("去年.xlsx", UNITS[0]), ("别人.xlsx", None)]
    assert roster.strays[0].reason == "报告年度是 2024，不是本次的 2025，没有算作“市教育局”的报送"
    assert match(UNITS, [last], 2025).missing == UNITS
    assert paths(match(UNITS, [last, this]))["市教育局"] == ["去年.xlsx", "今年.xlsx"], "no year is collected"


@pytest.mark.parametrize("path", ["in/市教育局.xlsx", "in/市教育局", "in/2025 市 教育局（盖章）.xls"])
def test_what_cannot_be_read_is_of_the_unit_that_it_is_named_after(path: str) -> None:
    units = (Unit("市教育局"), Unit("教育局"), Unit("市水利局"))
    unread = Handed(path, "", "", 5, unread=True)
    roster = match(units, [unread, Handed("b.xlsx", "教育局", "", 5)])
    assert [unit.name for unit in roster.missing] == ["市水利局"]
    assert roster.strays == ()
    newest = roster.entries[0].newest
    assert newest is not None and newest.path == path
    assert roster.entries[0].notices == (
        f"已报但打不开：“{path}”疑为它的（按文件名）；请重新报送，有打开密码的先取消密码",
    )
    # Beside one that can be read, and without a unit's name, nobody's.
    for handed in ([unread, Handed("a.xlsx", "市教育局", "", 1)], [unread._replace(path="in/各局")]):
        assert len(match(units, handed).strays) == 1
    assert [unit.name for unit in match(units, [unread._replace(unread=False)]).missing] == [
        each.name for each in units
    ]


@pytest.mark.parametrize("path", ["市教育局第一小学.xlsx", "某市教育局.xlsx", "市教育局和市水利局.xlsx", "表.xlsx"])
def test_a_file_name_that_may_be_anothers_tells_nothing(path: str) -> None:
    units = (Unit("市教育局"), Unit("市水利局"))
    assert match(units, [Handed(path, "", "", 5, unread=True)]).missing == units


@pytest.mark.parametrize(
    "path", ["市教育局政府信息公开统计表.xls", "附件2 市教育局（改）.xlsx", "市教育局的表.xlsx", "市教育局2025.xlsx"]
)
def test_a_file_name_that_goes_on_about_the_table_is_the_unit_s(path: str) -> None:
    assert match((Unit("市教育局"),), [Handed(path, "", "", 5, unread=True)]).missing == ()
