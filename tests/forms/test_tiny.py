"""Another edition is another file: a second form goes the whole way with nothing said about it in the code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests import ROOT
from tests.making.command import xlcheck
from tests.making.copies import annotated_as, comments, opened, result_rows, same_typed, summary
from tests.making.filling import submission_of, verified
from tests.making.tiny import TINY
from xlcheck.drawing.template import render
from xlcheck.forms.file import parse_form
from xlcheck.forms.rules import catalogue

FORM = parse_form(TINY, "tiny.toml")
COVER = {"unit": "某处", "year": "2030", "chief": "王五"}
VALUES: dict[str, Any] = {
    "classes.cadres.own": 3, "classes.cadres.sent": 4, "classes.cadres.all": 7,
    "classes.others.own": 0, "classes.others.sent": 0, "classes.others.all": 0,
    "money.fiscal.sum": 0.1, "money.own.sum": 0.2, "money.all.sum": 0.3,
}  # fmt: skip


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.toml"
    path.write_text(TINY, encoding="utf-8")
    return path


def filled(**changes: Any) -> bytes:
    return render(FORM, COVER, {**VALUES, **{key.replace("__", "."): value for key, value in changes.items()}})


def test_the_form_is_read() -> None:
    assert [field.key for field in FORM.fields] == list(VALUES)
    assert [(r.code, len(r.fields)) for r in FORM.relations] == [("B201", 3), ("B201", 3), ("B202", 3)]
    assert FORM.by_key["classes.cadres.own"].address == "班次!C4"
    assert FORM.amounts == ("money.fiscal.sum", "money.own.sum", "money.all.sum")


def test_its_template_has_its_sheets_and_opens_its_fields_only() -> None:
    book = opened(render(FORM))
    assert book.sheetnames == ["首页", "班次", "经费", "说明"]
    open_cells = {
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert open_cells == {field.address for field in FORM.fields} | {"首页!C5", "首页!C6", "首页!C7"}


def test_filled_right_it_passes() -> None:
    verification = verified(filled(), FORM)
    assert verification.findings == ()
    assert verification.passed
    submission = verification.submission
    assert (submission.unit, submission.year, submission.cover["chief"]) == ("某处", 2030, "王五")


def test_amounts_in_a_relation_are_exact() -> None:
    (finding,) = verified(filled(money__all__sum=0.300001), FORM).findings
    assert finding.code == "B202"
    assert "财政拨款 0.1 ＋ 自筹 0.2 ＝ 0.3" in finding.message
    assert "相差 0.000001" in finding.message


def test_a_relation_without_a_set_names_no_column() -> None:
    (finding,) = verified(filled(money__all__sum=9), FORM).findings
    assert not finding.message.startswith("：")


def test_a_blank_amount_is_reasoned_about() -> None:
    (finding,) = verified(filled(money__own__sum=""), FORM).findings
    assert (finding.code, finding.expected) == ("C101", "0.2")
    (blank, broken) = verified(filled(money__own__sum="", money__fiscal__sum=5), FORM).findings
    assert (blank.code, broken.code) == ("C101", "B202")


def test_it_is_annotated_mended_and_verified_again() -> None:
    before = filled(classes__cadres__all=8, money__own__sum="0.2万元")
    copy = annotated_as(before, FORM)
    same_typed(before, copy)
    assert opened(copy).sheetnames == ["审核结果", "首页", "班次", "经费", "说明"]
    assert summary(copy)["单位名称"] == "某处"
    assert "培训函〔2030〕1号" in summary(copy)["核对依据"]
    assert {row[2].split()[0] for row in result_rows(copy)} == {"B201", "C104"}
    assert set(comments(copy)) == {"班次!C4", "班次!D4", "班次!E4", "经费!B4"}
    assert [f.code for f in verified(copy, FORM).findings] == [f.code for f in verified(before, FORM).findings]


def test_its_structure_is_compared_too() -> None:
    from tests.making.grids import book_of, grids_of, insert_row

    grids = grids_of(filled())
    insert_row(grids["班次"], 3)
    submission = submission_of(book_of(grids), FORM)
    assert submission.held == VALUES
    assert [finding.code for finding in submission.structure] == ["S103"]


def test_the_official_workbook_is_not_this_form() -> None:
    from tests.making.filling import clean_workbook

    assert [f.code for f in verified(clean_workbook(), FORM).findings] == ["S105"]


def test_its_rules_are_in_the_catalogue() -> None:
    rules = catalogue(FORM)
    assert {"B201", "B202"} <= set(rules)
    assert "B101" not in rules


def test_the_command_line_takes_it_all_the_way(toml: Path, tmp_path: Path) -> None:
    book = tmp_path / "t.xlsx"
    assert xlcheck("template", "--form", toml, "--unit", "某处", "--year", "2030", "-o", book).code == 0
    assert xlcheck("verify", "--form", toml, book).code == 1
    copy = openpyxl.load_workbook(tmp_path / "t.审核.xlsx")
    for field in FORM.fields:
        copy[field.sheet][field.address.rpartition("!")[2]] = VALUES[field.key]
    copy["班次"]["E4"] = 8
    copy.save(tmp_path / "back.xlsx")
    ran = xlcheck("verify", "--form", toml, tmp_path / "back.xlsx", "--format", "json")
    (file,) = json.loads(ran.out)["files"]
    assert (ran.code, file["form"], file["unit"], file["year"]) == (1, "training-2030", "某处", 2030)
    assert [finding["code"] for finding in file["findings"]] == ["B201"]
    copy = openpyxl.load_workbook(tmp_path / "back.审核.xlsx")
    copy["班次"]["E4"] = 7
    copy.save(tmp_path / "final.xlsx")
    assert xlcheck("verify", "--form", toml, tmp_path / "final.xlsx").code == 0


def test_the_other_commands_take_it_too(toml: Path) -> None:
    document = json.loads(xlcheck("fields", "--form", toml, "--format", "json").out)
    assert (document["form"], len(document["fields"]), len(document["relations"])) == ("training-2030", 9, 3)
    assert xlcheck("explain", "B202", "--form", toml).out.startswith("B202")
    assert xlcheck("explain", "B101", "--form", toml).code == 2


def test_verified_without_its_file_it_is_another_form(toml: Path, tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(filled())
    ran = xlcheck("verify", tmp_path / "t.xlsx")
    assert ran.code == 1
    assert "S105" in ran.out


def test_no_word_of_the_official_form_is_in_the_code() -> None:
    package = ROOT / "xlcheck"
    words = ("requests.", "disputes.", "disclosure.", "依申请公开", "复议诉讼", "主动公开", "自然人")
    for path in package.rglob("*.py"):
        code = re.sub(r'"""[\s\S]*?"""', "", path.read_text(encoding="utf-8"))
        code = re.sub(r"#.*", "", code)
        for word in words:
            assert word not in code, f"{path.name} says {word}"
