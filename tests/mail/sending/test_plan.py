"""Who gets which letter. In doubt nobody."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.making.work import steps
from xlcheck.mail.sending.plan import Plan, Wanted, belongs, decide_letters
from xlcheck.results.counts import Status
from xlcheck.results.record import Line, Record
from xlcheck.roster.units import Unit

A = Unit("市教育局", "11510400X", "jyj@example.org")
B = Unit("市卫生健康委员会", "11510400Y", "wjw@example.org")
C = Unit("市气象局", "", "qxj@example.org")
ALL = Wanted(passed=True, remind=True)


def record(unit: str = "市教育局", code: str = "", status: Status = "failed", **more: Any) -> Record:
    known = {"path": f"in/{unit}.xlsx", "annotated": f"{unit}.审核.xlsx", "digest": unit, "modified": 5.0, **more}
    return Record(unit=unit, unit_code=code, year=2025, status=status, **{"lines": (), **known})


WARNING = Line("P105", "warning", "收费金额 125000 万元", ("主动公开!B15",), "", "", (), "")
EXPLAINED = WARNING._replace(explanation="确实如此")


def letters(planned: Plan) -> dict[str, str]:
    return {draft.unit.name: draft.kind for draft in planned.drafts}


def reasons(planned: Plan) -> dict[str, str]:
    return {one.unit.name if one.unit else one.path: one.reason for one in planned.withheld}


def test_each_unit_gets_the_letter_of_its_result() -> None:
    planned = decide_letters((A, B, C), (), [record(), record("市卫生健康委员会", "11510400y", "passed")], ALL)
    assert letters(planned) == {"市教育局": "failed", "市卫生健康委员会": "passed", "市气象局": "reminder"}
    assert (planned.withheld, planned.unasked) == ((), ())


def test_a_unit_with_warnings_that_nobody_explained_gets_its_copy_without_being_asked_for() -> None:
    given = [record(status="passed", lines=(WARNING, EXPLAINED)), record(C.name, status="passed", lines=(EXPLAINED,))]
    assert letters(decide_letters((A, C), (), given, Wanted())) == {A.name: "review"}
    assert letters(decide_letters((A, C), (), given, ALL)) == {A.name: "review", C.name: "passed"}
    assert letters(decide_letters((A, C), (), given, Wanted(notice="内网"))) == {A.name: "notice"}
    planned = decide_letters((A,), (), [given[0]._replace(annotated="")], Wanted())
    assert "没有审核副本" in reasons(planned)[A.name]


def test_confirmations_and_reminders_are_sent_when_asked_for_only() -> None:
    planned = decide_letters((A, B, C), (), [record(), record("市卫生健康委员会", status="passed")], Wanted())
    assert letters(planned) == {"市教育局": "failed"}
    assert [one.unit for one in planned.unasked] == [B, C]
    assert planned.withheld == ()


def test_a_notice_instead_of_the_workbook() -> None:
    wanted = Wanted(passed=True, remind=True, notice="内网公文箱")
    planned = decide_letters((A, B, C), (), [record(annotated=""), record("市卫生健康委员会", status="passed")], wanted)
    assert letters(planned) == {"市教育局": "notice", "市卫生健康委员会": "notice", "市气象局": "reminder"}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (record("教育局", "11510400X"), "封面的单位名称是“教育局”，名单中是“市教育局”"),
        (record("市教育局", "999"), "封面的代码是“999”，名单中是“11510400X”"),
        (record(annotated=""), "没有审核副本"),
    ],
)
def test_what_is_not_certainly_the_unit_s_is_withheld(given: Record, reason: str) -> None:
    planned = decide_letters((A,), (), [given], ALL)
    assert letters(planned) == {}
    assert reason in reasons(planned)["市教育局"]


def test_code_of_one_and_name_of_another_withholds_both_and_lists_the_file() -> None:
    planned = decide_letters(
        (A, B), (), [record("市教育局", "11510400Y", path="x.xlsx"), record("市卫生健康委员会", path="y.xlsx")], ALL
    )
    assert letters(planned) == {}
    assert set(reasons(planned)) == {"市教育局", "市卫生健康委员会", "x.xlsx"}


def test_the_newest_counts() -> None:
    planned = decide_letters(
        (A,),
        (),
        [record(status="failed", path="old.xlsx"), record(status="passed", path="new.xlsx", modified=9.0)],
        ALL,
    )
    assert letters(planned) == {"市教育局": "passed"}


def test_two_equally_new_ones_are_not_chosen_from_unless_they_are_the_same() -> None:
    two = [record(path="a.xlsx", digest="1"), record(path="b.xlsx", digest="2")]
    assert "不能确定以哪一份为准" in reasons(decide_letters((A,), (), two, ALL))["市教育局"]
    assert letters(decide_letters((A,), (), [one._replace(digest="1") for one in two], ALL)) == {"市教育局": "failed"}
    assert letters(decide_letters((A,), (), [one._replace(digest="") for one in two], ALL)) == {}


def test_a_file_of_an_unlisted_unit_is_listed() -> None:
    planned = decide_letters((A,), (), [record(), record("市审计局", path="z.xlsx")], ALL)
    assert reasons(planned) == {"z.xlsx": "单位名单里没有这个单位"}


def test_an_unreadable_file_goes_back_to_whom_its_name_names() -> None:
    broken = record("", status="unreadable", path="in/市气象局2025.xlsx", annotated="")
    planned = decide_letters((A, C), (), [record(), broken], ALL)
    assert letters(planned) == {"市教育局": "failed", "市气象局": "unreadable"}
    assert "in/市气象局2025.xlsx" not in reasons(planned)


def test_an_unreadable_file_of_nobody_is_listed() -> None:
    broken = record("", status="unreadable", path="in/表.xlsx", annotated="")
    assert "无法读取" in reasons(decide_letters((A, C), (), [record(), broken], ALL))["in/表.xlsx"]


def test_an_older_unreadable_file_does_not_matter() -> None:
    broken = record("", status="unreadable", path="in/市教育局 旧.xlsx", modified=1.0)
    assert letters(decide_letters((A,), (), [record(), broken], ALL)) == {"市教育局": "failed"}


@pytest.mark.parametrize("twin", [Unit("市 教育局", "", "x@example.org"), Unit("教育局", "11510400x", "x@example.org")])
def test_two_units_that_cannot_be_told_apart_get_nothing(twin: Unit) -> None:
    planned = decide_letters((A, twin), (), [record()], ALL)
    assert letters(planned) == {}
    assert {A.name, twin.name} <= set(reasons(planned))


@pytest.mark.parametrize(
    ("email", "reason"), [("", "没有电子邮箱"), ("jyj＠example.org", "全角"), ("a@example.org bad", "“bad”")]
)
def test_without_a_right_address_it_is_listed(email: str, reason: str) -> None:
    assert reason in reasons(decide_letters((A._replace(email=email),), (), [record()], ALL))["市教育局"]


def test_a_wrong_cc_is_listed_too_and_a_cc_who_is_addressed_anyway_is_left_out() -> None:
    assert "“bad”" in reasons(decide_letters((A._replace(cc="bad"),), (), [record()], ALL))["市教育局"]
    planned = decide_letters((A._replace(cc="JYJ@example.org, b@example.org"),), (), [record()], ALL)
    assert [each.spec for each in planned.drafts[0].cc] == ["b@example.org"]


def test_one_clerk_for_several_units_is_allowed_and_said() -> None:
    planned = decide_letters((A, C._replace(email=A.email)), (), [record()], ALL)
    assert len(planned.drafts) == 2
    assert "jyj@example.org 是 2 个单位共用的邮箱" in planned.remarks[0]


def test_units_of_an_earlier_list_keep_their_files() -> None:
    """A part of the list is given back: the files of the others are no strays, and are nobody else's either."""
    planned = decide_letters((A,), (A, B), [record(), record("市卫生健康委员会")], ALL)
    assert letters(planned) == {"市教育局": "failed"}
    assert planned.withheld == ()
    assert "没有处理" in planned.remarks[0]
    mixed = record("市教育局", "11510400Y", path="x.xlsx")
    assert letters(decide_letters((A._replace(code=""),), (A, B), [mixed], Wanted())) == {}


def test_belonging_wants_the_name_and_the_code_where_both_have_one() -> None:
    assert belongs(A, "市 教育局", "11510400x")
    assert belongs(A, "市教育局", "")
    assert belongs(C, "市气象局", "123")
    assert not belongs(A, "市教育局", "11510400Y")
    assert not belongs(A, "", "11510400X")
    assert not belongs(A, "市教育局第一小学", "")


# --- doubts ----------------------------------------------------------------------------------------------------------


def unread(path: str, modified: float = 5.0) -> Record:
    return record("", status="unreadable", path=path, modified=modified)


@pytest.mark.parametrize(
    ("given", "doubted"),
    [
        ([unread("in/市教育局2.xlsx")], {A: "in/市教育局2.xlsx"}),
        ([unread("in/ 市教　育局（改）.xlsx", 4)], {}),
        ([unread("市教育局/年报.xlsx")], {}),
        ([unread("in/市气象局.xlsx", 0), unread("in/市气象局 新.xls", 0)], {C: "in/市气象局 新.xls"}),
        ([unread("in/市教育局和市气象局.xlsx")], {A: "市教育局和市气象局", C: "市教育局和市气象局"}),
        ([record("市气象局", "11510400Y", path="in/x.xlsx")], {B: "in/x.xlsx", C: "in/x.xlsx"}),
        ([record("市气象局", "11510400Y", path="in/x.xlsx"), record("市气象局", "11510400Y", path="in/y.xlsx"),
          unread("市气象局.xlsx")], {B: "in/y.xlsx", C: "in/y.xlsx"}),
    ],
)  # fmt: skip
def test_a_file_that_may_be_a_unit_s_withholds_its_letter(given: list[Record], doubted: dict[Unit, str]) -> None:
    planned = decide_letters((A, B, C), (), [record(modified=5.0), *given], ALL)
    said = {one.unit: one.reason for one in planned.withheld if one.unit}
    assert said.keys() == doubted.keys()
    assert all(doubted[unit] in said[unit] for unit in doubted)


def test_twice_as_many_units_take_twice_the_work() -> None:
    few, many = (steps(partial(decide_letters, *_crowd(count), ALL)) for count in (40, 80))
    assert many < 2.4 * few


def _crowd(count: int) -> tuple[list[Unit], list[Unit], list[Record]]:
    """So many units, as many of an earlier list, of files that nobody knows, and of files that cannot be read."""
    units = [Unit(f"第{at:04}单位", f"C{at:04}", f"u{at}@example.org") for at in range(count)]
    known = [Unit(f"旧第{at:04}单位", f"D{at:04}") for at in range(count)]
    strays = [record(f"外第{at:04}单位", path=f"外{at}.xlsx") for at in range(count)]
    records = [record(unit.name, unit.code) for unit in units]
    return units, known, records + strays + [unread(f"{at}/第{at:04}单位.xlsx") for at in range(count)]


# --- another year ----------------------------------------------------------------------------------------------------

S107 = WARNING._replace(code="S107", severity="error", message="报告年度不是本次的", cells=("封面!C6",))


def of_last_year(*lines: Line, status: Status = "passed", modified: float = 9.0) -> Record:
    return record(status=status, path="去年.xlsx", lines=lines, modified=modified)._replace(year=2024)


def test_last_years_file_saved_later_is_not_what_the_letter_is_about() -> None:
    planned = decide_letters((A,), (), [of_last_year(), record(modified=1.0)], ALL, 2025)
    assert [(one.kind, one.record and one.record.path) for one in planned.drafts] == [("failed", "in/市教育局.xlsx")]
    assert planned.withheld == ()


def test_no_unit_passes_with_another_years_file_or_is_called_missing() -> None:
    for wanted in (ALL, Wanted()):
        planned = decide_letters((A,), (), [of_last_year()], wanted, 2025)
        assert planned.drafts == ()
        assert "“去年.xlsx”报告年度是 2024，不是本次的 2025" in reasons(planned)[A.name]


def test_a_unit_with_nothing_but_another_years_file_gets_its_copy_that_says_so() -> None:
    planned = decide_letters((A,), (), [of_last_year(S107, status="failed")], Wanted(), 2025)
    assert letters(planned) == {A.name: "failed"}
    planned = decide_letters((A,), (), [of_last_year(S107, status="failed"), record(modified=1.0)], Wanted(), 2025)
    assert [one.record and one.record.path for one in planned.drafts] == ["in/市教育局.xlsx"]
