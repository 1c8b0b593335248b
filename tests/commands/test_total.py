"""``xlcheck total`` as users run it: what is added up, what is told, what is written, and how it ends."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.making.command import Ran, process, xlcheck
from tests.making.copies import opened, untouched
from tests.making.filling import clean_values, form, submission_of, verified
from tests.making.tiny import TINY
from xlcheck.batch.plan import Job
from xlcheck.drawing.template import render
from xlcheck.forms.file import DEFAULT
from xlcheck.reading.open import Forms
from xlcheck.totals.intake import take

UNITS = "单位名称,统一社会信用代码,上级单位\n市政府,A0,\n市教育局,A1,市政府\n市水利局,A2,A0\n市气象局,,\n"


def put(path: Path, unit: str, code: str = "", year: str = "2025", modified: float = 1, **changes: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(filled(unit, code, year, tuple(changes.items())))
    os.utime(path, (modified, modified))
    return path


@lru_cache
def filled(unit: str, code: str, year: str, changes: tuple[tuple[str, Any], ...]) -> bytes:
    values = {**clean_values(), **{key.replace("__", "."): value for key, value in changes}}
    return render(form(), {"unit": unit, "code": code, "year": year}, values)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two that pass, one that fails, one of another form, and one that is none."""
    folder = tmp_path / "报送"
    put(folder / "教育局.xlsx", "市教育局", "A1", disclosure__fees__amount=0.1)
    put(folder / "水利局.xlsx", "市水利局", "A2", disclosure__fees__amount=0.2)
    put(folder / "气象局.xlsx", "市气象局", disclosure__fees__amount="无", requests__received__person="")
    (folder / "坏.xlsx").write_bytes(b"PK\3\4 no zip")
    return folder


@pytest.fixture
def units(tmp_path: Path) -> Path:
    path = tmp_path / "units.csv"
    path.write_text(UNITS, encoding="utf-8")
    return path


def held(path: Path) -> dict[str, Any]:
    return dict(submission_of(path.read_bytes()).held)


def document(ran: Ran) -> Any:
    return json.loads(ran.out)


# --- one total -------------------------------------------------------------------------------------------------------


def test_passing_ones_are_added_and_the_others_are_named(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "汇总.xlsx"
    ran = xlcheck("total", folder, "-o", target, "--unit", "某某市人民政府")
    assert ran.code == 0
    assert ran.out == (
        f"某某市人民政府　2025 年　汇总 2 个单位，没有汇总 2 项\n通过　{target}　某某市人民政府 2025 年\n"
    )
    lines = ran.err.splitlines()
    assert lines[0].startswith(f"没有汇总“{folder / '坏.xlsx'}”：")
    assert lines[1].startswith(f"没有汇总“{folder / '气象局.xlsx'}”（市气象局）：不通过，强制性 2 处（如 C103 ")
    assert lines[2:] == ["不通过的请发回改正后再汇总；也可以加 --include-failed，把其中可用的数一并汇总"]
    assert held(target)["disclosure.fees.amount"] == 0.3
    assert held(target)["requests.received.person"] == 12
    verification = verified(target.read_bytes())
    assert verification.findings == ()
    assert verification.submission.unit == "某某市人民政府"


def test_failing_ones_add_what_can_be_right(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "汇总.xlsx"
    ran = xlcheck("total", folder, "-o", target, "--unit", "市", "--include-failed")
    assert ran.code == 1
    assert "汇总 3 个单位（其中不通过 1 个），没有汇总 1 项" in ran.out
    assert "B101 依申请公开!D5" in ran.out
    assert (
        f"“{folder / '气象局.xlsx'}”（市气象局）主动公开!B15、依申请公开!D5空着或填写有误，没有计入合计"
        in ran.err.splitlines()
    )
    assert held(target)["disclosure.fees.amount"] == 0.3
    assert held(target)["requests.received.person"] == 12
    assert held(target)["requests.received.total"] == 18


def test_units_with_warnings_that_nobody_explained_are_added_and_named(folder: Path, tmp_path: Path) -> None:
    put(folder / "丙.xlsx", "丙局", disclosure__normative_documents__issued=999)
    ran = xlcheck("total", folder, "-o", tmp_path / "汇总.xlsx", "--unit", "某某市")
    assert "丙.xlsx”（丙局）待核实：核实性 1 处（P101 " in ran.err
    assert "没有说明，已经计入合计" in ran.err
    assert "待核实 1 个" in ran.out
    (total,) = document(xlcheck("total", folder, "-o", tmp_path / "汇总.xlsx", "--unit", "某某市", "--format", "json"))[
        "totals"
    ]
    assert [one["review"] for one in total["contributions"] if one["unit"] == "丙局"] == [True]
    assert [one["status"] for one in total["contributions"] if one["unit"] == "丙局"] == ["passed"]
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["汇总明细"]
    assert [row[4].value for row in sheet.iter_rows() if row[1].value == "丙局"] == ["待核实"]


def test_a_total_is_handed_in_and_added_up_again(folder: Path, tmp_path: Path) -> None:
    upper = tmp_path / "上级"
    assert xlcheck("total", folder, "-o", upper / "甲市.xlsx", "--unit", "甲市").code == 0
    put(upper / "乙市.xlsx", "乙市", disclosure__fees__amount=1)
    assert xlcheck("verify", upper / "甲市.xlsx").code == 0
    assert xlcheck("total", upper, "-o", tmp_path / "省.xlsx", "--unit", "某省").code == 0
    assert held(tmp_path / "省.xlsx")["disclosure.fees.amount"] == 1.3


def test_a_unit_is_not_added_twice_over_its_total(folder: Path, tmp_path: Path) -> None:
    assert xlcheck("total", folder, "-o", folder / "旧汇总.xlsx", "--unit", "甲市").code == 0
    ran = xlcheck("total", folder, "-o", tmp_path / "新.xlsx", "--unit", "乙市")
    assert ran.code == 0
    assert "这是汇总表，其中的“市教育局”等 2 个单位另有报送" in ran.err
    assert held(tmp_path / "新.xlsx")["disclosure.fees.amount"] == 0.3


def test_of_a_unit_that_sent_two_the_newest_counts(folder: Path, tmp_path: Path) -> None:
    put(folder / "教育局改.xlsx", "市教育局", "A1", modified=2, disclosure__fees__amount=5)
    ran = xlcheck("total", folder, "-o", tmp_path / "t.xlsx")
    assert ran.code == 0
    assert f"同一单位有更新的“{folder / '教育局改.xlsx'}”" in ran.err
    assert held(tmp_path / "t.xlsx")["disclosure.fees.amount"] == 5.2


def test_without_a_name_it_has_a_plain_one(folder: Path, tmp_path: Path) -> None:
    ran = xlcheck("total", folder, "-o", tmp_path / "t.xlsx")
    assert "没有用 --unit 指明单位，封面的单位名称写作“各单位汇总”" in ran.err
    assert submission_of((tmp_path / "t.xlsx").read_bytes()).unit == "各单位汇总"


def test_years_are_not_mixed(folder: Path, tmp_path: Path) -> None:
    put(folder / "去年.xlsx", "市民政局", year="2024")
    ran = xlcheck("total", folder, "-o", tmp_path / "t.xlsx")
    assert (ran.code, ran.out) == (2, "")
    assert "报送表不是同一年度的：2025 年的有" in ran.err
    assert "请用 --year 指明汇总哪一年" in ran.err
    assert not (tmp_path / "t.xlsx").exists()
    ran = xlcheck("total", folder, "-o", tmp_path / "t.xlsx", "--year", "2024")
    assert (ran.code, submission_of((tmp_path / "t.xlsx").read_bytes()).year) == (0, 2024)
    assert "是 2025 年的" in ran.err


def test_many_that_are_left_out_are_folded_and_stand_on_the_sheet(folder: Path, tmp_path: Path) -> None:
    for number in range(30):
        (folder / f"坏{number}.xlsx").write_bytes(b"nothing")
    target = tmp_path / "t.xlsx"
    ran = xlcheck("total", folder, "-o", target)
    assert ran.code == 0
    assert ran.err.count("没有汇总“") == 20
    assert f"还有 12 条，共 32 条，都列在“{target}”的工作表“汇总明细”里" in ran.err
    texts = [row[3].value for row in opened(target.read_bytes())["汇总明细"].iter_rows(min_row=11)]
    assert sum(str(text).startswith(str(folder)) for text in texts) == 32


def test_a_sum_that_no_cell_can_hold_is_told(tmp_path: Path) -> None:
    put(tmp_path / "a.xlsx", "甲", disclosure__fees__amount=12345678901.0)
    put(tmp_path / "b.xlsx", "乙", disclosure__fees__amount=0.000001)
    ran = xlcheck("total", tmp_path, "-o", tmp_path / "t.xlsx", "--unit", "市")
    assert ran.code == 1
    assert (
        "主动公开!B15 行政事业性收费／本年收费金额（单位：万元）：合计 12345678901.000001 超过 15 位有效数字" in ran.out
    )


def test_where_nothing_is_written_all_that_is_left_out_is_told(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"坏{number}.xlsx").write_bytes(b"nothing")
    ran = xlcheck("total", tmp_path, "-o", tmp_path / "t.xlsx", "--unit", "市")
    assert (ran.code, ran.err.count("没有汇总“")) == (2, 30)
    assert "都列在" not in ran.err


# --- the list of units -----------------------------------------------------------------------------------------------


def test_a_list_tells_who_is_missing_and_who_is_a_stranger(folder: Path, units: Path, tmp_path: Path) -> None:
    put(folder / "外县.xlsx", "外县")
    ran = xlcheck("total", folder, "-o", tmp_path / "t.xlsx", "--units", units, "--unit", "市政府")
    assert ran.code == 0
    assert "外县.xlsx”（外县）：单位名单里没有这个单位" in ran.err
    assert "没有汇总“市政府”" not in ran.err, "only its units hand in"
    submission = submission_of((tmp_path / "t.xlsx").read_bytes())
    assert (submission.unit_code, [part.unit for part in submission.parts]) == ("A0", ["市教育局", "市水利局"])


def test_one_workbook_for_each_parent(folder: Path, units: Path, tmp_path: Path) -> None:
    put(folder / "市本级.xlsx", "市政府", "A0", disclosure__fees__amount=1)
    put(folder / "教育局.xlsx", "市教育局", "A1", disclosure__fees__amount=0.1)
    units.write_text(UNITS + "市一中,,市教育局\n", encoding="utf-8")
    put(folder / "一中.xlsx", "市一中", disclosure__fees__amount=7)
    ran = xlcheck("total", folder, "-o", tmp_path / "各级", "--units", units, "--by", "parent")
    assert ran.code == 0
    assert "名单里的“市气象局”没有上级单位，也没有下级单位，没有计入任何汇总表" in ran.err
    amounts = {path.name: held(path)["disclosure.fees.amount"] for path in (tmp_path / "各级").iterdir()}
    assert amounts == {"市政府.xlsx": 8.3, "市教育局.xlsx": 7.1}
    assert submission_of((tmp_path / "各级" / "市政府.xlsx").read_bytes()).unit_code == "A0"


def test_a_parent_without_any_submission_gets_no_workbook(folder: Path, units: Path, tmp_path: Path) -> None:
    units.write_text(UNITS + "某乡,,某县\n", encoding="utf-8")
    ran = xlcheck("total", folder, "-o", tmp_path / "各级", "--units", units, "--by", "parent")
    assert ran.code == 1
    assert "“某县”没有可以汇总的报送表，没有写出它的汇总表" in ran.err
    assert [path.name for path in (tmp_path / "各级").iterdir()] == ["市政府.xlsx"]


def test_units_above_themselves_are_an_error(folder: Path, units: Path, tmp_path: Path) -> None:
    units.write_text("单位名称,上级单位\n甲,乙\n乙,甲\n", encoding="utf-8")
    ran = xlcheck("total", folder, "-o", tmp_path / "各级", "--units", units, "--by", "parent")
    assert ran.code == 2
    assert f"单位名单“{units}”：上级单位成了循环：“甲” → “乙” → “甲”" in ran.err


# --- what is never read and never lost -------------------------------------------------------------------------------


def test_the_total_itself_is_not_added_and_may_be_written_again(folder: Path) -> None:
    target = folder / "汇总.xlsx"
    for _ in range(2):
        ran = xlcheck("total", folder, "-o", target, "--unit", "市")
        assert (ran.code, held(target)["disclosure.fees.amount"]) == (0, 0.3)
        assert "汇总.xlsx”" not in ran.err


def test_totals_of_parents_may_lie_below_the_submissions(folder: Path, units: Path) -> None:
    for _ in range(2):
        ran = xlcheck("total", folder, "-o", folder / "各级", "--units", units, "--by", "parent")
        assert (ran.code, held(folder / "各级" / "市政府.xlsx")["disclosure.fees.amount"]) == (0, 0.3)


@pytest.mark.parametrize("unit", ["市", "另一个市"])
def test_what_somebody_else_made_is_not_overwritten(folder: Path, tmp_path: Path, unit: str) -> None:
    target = tmp_path / "汇总.xlsx"
    assert xlcheck("total", folder, "-o", target, "--unit", "市").code == 0
    if unit == "市":
        book = openpyxl.load_workbook(target)
        book["封面"]["D5"] = "改动"
        book.save(target)
    before = target.read_bytes()
    ran = xlcheck("total", folder, "-o", target, "--unit", unit)
    assert (ran.code, ran.out) == (2, "")
    assert f"已有“{target}”，它不是 xlcheck 写的“{unit}”的汇总表，或者写出后改动过，没有覆盖" in ran.err
    assert target.read_bytes() == before


def test_a_submission_is_not_overwritten(folder: Path) -> None:
    before = (folder / "教育局.xlsx").read_bytes()
    assert xlcheck("total", folder, "-o", folder / "教育局.xlsx").code == 2
    assert (folder / "教育局.xlsx").read_bytes() == before


def test_the_same_submissions_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        xlcheck("total", folder, "-o", tmp_path / name, "--unit", "市")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_copies_are_passed_over(folder: Path, tmp_path: Path) -> None:
    (folder / "水利局.审核.xlsx").write_bytes(untouched())
    ran = xlcheck("total", folder, "-o", tmp_path / "t.xlsx", "--unit", "市")
    assert "跳过 1 个副本" in ran.err
    assert "汇总 2 个单位" in ran.out
    put(folder / "民政局.审核.xlsx", "市民政局")
    ran = xlcheck("total", folder, "-o", tmp_path / "t.xlsx", "--unit", "市")
    assert "汇总 3 个单位" in ran.out, "one that came back mended is a submission"


# --- comparing with a published total --------------------------------------------------------------------------------


def test_a_published_total_that_is_right(folder: Path, tmp_path: Path) -> None:
    xlcheck("total", folder, "-o", tmp_path / "t.xlsx", "--unit", "市")
    ran = xlcheck("total", folder, "--check", tmp_path / "t.xlsx")
    assert ran.code == 0
    assert f"一致　与“{tmp_path / 't.xlsx'}”的 200 格全部相同" in ran.out


def test_a_published_total_that_is_wrong(folder: Path, tmp_path: Path) -> None:
    xlcheck("total", folder, "-o", tmp_path / "t.xlsx", "--unit", "市")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    book["主动公开"]["B15"] = 0.25
    book["依申请公开"]["D5"] = None
    book["依申请公开"]["E5"] = "无"
    book["依申请公开"]["F5"] = 4
    # Published beside the submissions, it is not taken for one of them.
    book.save(folder / "公布.xlsx")
    ran = xlcheck("total", folder, "--check", folder / "公布.xlsx")
    assert ran.code == 1
    assert ran.out.splitlines()[1:] == [
        f"不一致　与“{folder / '公布.xlsx'}”有 4 格不同",
        "  主动公开!B15 行政事业性收费／本年收费金额（单位：万元）：公布 0.25，汇总 0.3，公布的少 0.05",
        "  依申请公开!D5 一、本年新收政府信息公开申请数量／自然人：公布的表里空着，汇总 12",
        "  依申请公开!E5 一、本年新收政府信息公开申请数量／商业企业：公布的是“无”，不是数字，汇总 0",
        "  依申请公开!F5 一、本年新收政府信息公开申请数量／科研机构：公布 4，汇总 0，公布的多 4",
    ]
    (total,) = document(xlcheck("total", folder, "--check", folder / "公布.xlsx", "--format", "json"))["totals"]
    assert total["differences"][0] == {
        "field": "disclosure.fees.amount",
        "cell": "主动公开!B15",
        "held": "0.25",
        "published": "0.25",
        "computed": "0.3",
        "difference": "-0.05",
    }


def test_a_published_total_of_another_unit_is_never_the_same(folder: Path, tmp_path: Path) -> None:
    xlcheck("total", folder, "-o", tmp_path / "公布.xlsx", "--unit", "甲市人民政府")
    ran = xlcheck("total", folder, "--unit", "乙市人民政府", "--check", tmp_path / "公布.xlsx")
    assert ran.code == 1
    assert "一致　" not in ran.out
    assert "不是同一单位　" in ran.out
    assert "比对的表封面的单位是“甲市人民政府”，汇总的是“乙市人民政府”" in ran.err
    (total,) = document(
        xlcheck("total", folder, "--unit", "乙市人民政府", "--check", tmp_path / "公布.xlsx", "--format", "json")
    )["totals"]
    assert (total["other_unit"], total["differences"]) == ("甲市人民政府", [])
    for same in ("甲市人民政府", "甲市政府"):
        ran = xlcheck("total", folder, "--unit", same, "--check", tmp_path / "公布.xlsx")
        assert (ran.code, "一致　" in ran.out) == (0, True)
    ran = xlcheck("total", folder, "--check", tmp_path / "公布.xlsx")
    assert (ran.code, "一致　" in ran.out) == (0, True)
    assert "没有用 --unit 指明汇总的是哪个单位，比对的表封面的单位是“甲市人民政府”，请核对" in ran.err


def test_a_department_is_not_the_total_of_several(folder: Path, tmp_path: Path) -> None:
    put(tmp_path / "公布.xlsx", "市教育局")
    put(folder / "市教育局2.xlsx", "市教育局", modified=9)
    ran = xlcheck("total", folder, "--check", tmp_path / "公布.xlsx", "--include-failed")
    assert "市教育局”，它是参加汇总的单位之一；请核对文件" in ran.err
    assert ran.code == 1


@pytest.mark.parametrize("middle", [False, True])
def test_a_unit_that_is_the_sum_of_those_below_it_is_told_among_others(tmp_path: Path, middle: bool) -> None:
    folder, listed = tmp_path / "报送", tmp_path / "units.csv"
    twice: dict[str, Any] = {
        key.replace(".", "__"): 2 * value for key, value in clean_values().items() if isinstance(value, int)
    }
    fee: dict[str, Any] = {"disclosure__fees__amount": 0.25}
    for unit in ("甲科", "乙科", "丙局"):
        put(folder / f"{unit}.xlsx", unit, **fee)
    put(folder / "丁局.xlsx", "丁局", **{**twice, "disclosure__fees__amount": 0.5})
    parent = "中心" if middle else "丁局"
    listed.write_text(f"单位名称,上级单位\n甲科,{parent}\n乙科,{parent}\n中心,丁局\n丁局,\n丙局,\n", encoding="utf-8")
    ran = xlcheck("total", folder, "-o", tmp_path / "汇总.xlsx", "--units", listed)
    assert (ran.code, "丁局.xlsx”（丁局）的数正好是它下面 2 个单位之和" in ran.err) == (0, True)
    put(folder / "乙科.xlsx", "乙科", disclosure__fees__amount=0.26, modified=2)
    ran = xlcheck("total", folder, "-o", tmp_path / "汇总.xlsx", "--units", listed)
    assert "正好是" not in ran.err


def test_a_sum_of_some_is_told_without_a_list(tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    many: dict[str, Any] = {"disclosure__licensing__decisions": 400, "disclosure__fees__amount": 0.25}
    numbers = {key.replace(".", "__"): value for key, value in clean_values(**many).items() if isinstance(value, int)}
    for number, unit in enumerate(("甲局", "乙局", "丙局")):
        put(folder / f"{unit}.xlsx", unit, **{**many, "disclosure__penalties__decisions": number + 3})
    both: dict[str, Any] = {key: 2 * value for key, value in numbers.items()}
    put(
        folder / "丁县.xlsx", "丁县", **{**both, "disclosure__penalties__decisions": 9, "disclosure__fees__amount": 0.5}
    )
    ran = xlcheck("total", folder, "-o", tmp_path / "汇总.xlsx", "--unit", "某市")
    assert "丁县.xlsx”（丁县）的数正好是“丙局”、“乙局”这 2 个单位之和，可能已经包含它们的数" in ran.err
    assert ran.code == 0


def test_a_parent_that_is_the_sum_of_its_children_is_told(folder: Path, units: Path, tmp_path: Path) -> None:
    doubled: dict[str, Any] = {
        key.replace(".", "__"): 2 * value for key, value in clean_values().items() if isinstance(value, int)
    }
    put(folder / "市政府.xlsx", "市政府", "A0", **{**doubled, "disclosure__fees__amount": 0.3})
    ran = xlcheck("total", folder, "-o", tmp_path / "汇总", "--units", units, "--by", "parent")
    assert ran.code == 0
    assert "市政府.xlsx”（市政府）的数正好是其余 2 个单位之和" in ran.err
    put(folder / "市政府.xlsx", "市政府", "A0", **{**doubled, "disclosure__fees__amount": 0.4})
    ran = xlcheck("total", folder, "-o", tmp_path / "汇总", "--units", units, "--by", "parent")
    assert "正好是其余" not in ran.err


def test_another_year_is_told(folder: Path, tmp_path: Path) -> None:
    put(tmp_path / "公布.xlsx", "市", year="2024")
    ran = xlcheck("total", folder, "--check", tmp_path / "公布.xlsx")
    assert ran.code == 1
    assert "比对的表是 2024 年的，汇总的是 2025 年的" in ran.err


@pytest.mark.parametrize("content", [None, b"nothing", b"PK\3\4"])
def test_a_published_total_that_cannot_be_read(folder: Path, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "公布.xlsx").write_bytes(content)
    ran = xlcheck("total", folder, "--check", tmp_path / "公布.xlsx")
    assert (ran.code, ran.out) == (2, "")
    assert f"无法比对“{tmp_path / '公布.xlsx'}”：" in ran.err


# --- JSON ------------------------------------------------------------------------------------------------------------


def test_the_document(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "t.xlsx"
    told = document(xlcheck("total", folder, "-o", target, "--unit", "市", "--include-failed", "--format", "json"))
    (total,) = told["totals"]
    assert (told["schema"], told["form"], told["notices"]) == (1, "disclosure-2021", [])
    assert (total["unit"], total["year"], total["path"], total["numbers"]) == ("市", 2025, str(target), None)
    assert (total["status"], [one["code"] for one in total["findings"]]) == ("failed", ["B101", "B103"])
    assert total["values"]["disclosure.fees.amount"] == "0.3"
    assert len(total["values"]) == 200
    assert [(one["unit"], one["status"], one["missing"]) for one in total["contributions"]] == [
        ("市教育局", "passed", []),
        ("市气象局", "failed", ["disclosure.fees.amount", "requests.received.person"]),
        ("市水利局", "passed", []),
    ]
    assert [one["path"] for one in told["left_out"]] == [str(folder / "坏.xlsx")]


# --- how it fails ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "请用 -o 指明汇总表写到哪个文件"),
        (["-o", "汇总"], "汇总表的文件名要以 .xlsx 结尾，不能是“汇总”"),
        (["-o", "x.xlsx", "--by", "parent"], "--by parent 要与 --units 一起使用"),
        (["--by", "parent", "--units", "units.csv"], "请用 -o 指明汇总表写到哪个文件夹"),
        (["-o", "o", "--by", "parent", "--units", "units.csv", "--unit", "市"], "--unit 与 --by parent 不能同时使用"),
        (["-o", "报送", "--by", "parent", "--units", "units.csv"], "汇总表不能写到报送表所在的文件夹“报送”"),
        (["-o", ".", "--by", "parent", "--units", "units.csv"], "汇总表不能写到报送表所在的文件夹“.”"),
        (["-o", "units.csv", "--by", "parent", "--units", "units.csv"], "“units.csv”不是文件夹"),
        (["-o", "x.xlsx", "--units", "none.csv"], "无法读取单位名单“none.csv”"),
        (["-o", "o", "--by", "parent", "--units", "flat.csv"], "单位名单“flat.csv”没有填“上级单位”"),
        (["-o", "units.csv/x.xlsx", "--unit", "市"], "无法写入“units.csv/x.xlsx”"),
        (["-o", "x.xlsx", "--year", "2019"], "没有可以汇总的报送表，原因见上"),
    ],
)
def test_what_cannot_be_done(
    folder: Path, units: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(units.parent)
    Path("flat.csv").write_text("name\n市教育局\n", encoding="utf-8")
    before = sorted(Path().rglob("*"))
    ran = xlcheck("total", folder.name, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert sorted(Path().rglob("*")) == before


def test_nothing_to_add(tmp_path: Path) -> None:
    ran = xlcheck("total", tmp_path, "-o", tmp_path / "t.xlsx")
    assert (ran.code, ran.out) == (2, "")
    assert "没有找到工作簿" in ran.err
    assert xlcheck("total", "-", "-o", tmp_path / "t.xlsx").code == 2


def test_hostile_names_steer_nothing(tmp_path: Path) -> None:
    put(tmp_path / "=1+1\u202e.xlsx", "=HYPERLINK(1)\u202e")
    put(tmp_path / "b.xlsx", "乙", disclosure__fees__amount="\x1b[31m无")
    ran = process("total", tmp_path, "-o", tmp_path / "t.xlsx", "--unit", "=2+2\u202e\n")
    assert ran.code == 0
    assert not {"\u202e", "\x1b"} & set(ran.out + ran.err)
    assert submission_of((tmp_path / "t.xlsx").read_bytes()).unit == "=2+2"


def test_another_form_is_left_out_and_can_be_asked_for(folder: Path, tmp_path: Path) -> None:
    from xlcheck.forms.file import parse_form

    toml = tmp_path / "tiny.toml"
    toml.write_text(TINY, encoding="utf-8")
    tiny = parse_form(TINY, "tiny.toml")
    values = {field.key: 1 for field in tiny.fields}
    (folder / "培训.xlsx").write_bytes(
        render(tiny, {"unit": "甲", "year": "2025"}, {**values, "classes.cadres.all": 2})
    )
    ran = xlcheck("total", folder, "-o", tmp_path / "t.xlsx", "--unit", "市")
    assert "培训.xlsx”：这是“training-2030”" in ran.err
    target = tmp_path / "培训汇总.xlsx"
    ran = xlcheck("total", folder, "--form", toml, "-o", target, "--unit", "市", "--include-failed")
    assert ran.code == 1
    assert "汇总 1 个单位（其中不通过 1 个），没有汇总 4 项" in ran.out


def test_a_file_is_taken_in_without_raising_and_its_numbers_are_small(folder: Path) -> None:
    import pickle

    good = take(Job(folder / "教育局.xlsx", "教育局", None, modified=3.0), Forms(DEFAULT))
    assert (good.state, good.unit, good.code, good.year, good.modified) == ("passed", "市教育局", "A1", 2025, 3.0)
    assert len(pickle.dumps(good)) < 1500
    assert pickle.loads(pickle.dumps(good)) == good
    assert [take(Job(folder / name, name, None), Forms()).state for name in ("坏.xlsx", "没有.xlsx")] == [
        "unreadable"
    ] * 2
