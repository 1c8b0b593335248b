"""Questions of the page, answered without a browser."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.making.filling import COVER, clean_workbook, workbook
from xlcheck.drawing.template import render
from xlcheck.files.names import SUMMARY_BOOK
from xlcheck.forms.file import load_form
from xlcheck.page.desk import PageDesk, _below


class Asked:
    """A desk, and its answers as values."""

    def __init__(self, root: Path) -> None:
        self.desk = PageDesk(root)

    def __call__(self, question: str, files: Sequence[bytes] = (), /, **asked: object) -> tuple[Any, list[bytes]]:
        told, made = self.desk.answer(question, json.dumps(asked), [memoryview(one) for one in files])
        return json.loads(told), made

    def plan(self, files: Mapping[str, bytes], units: bytes | None = None, **options: Any) -> Any:
        asked = [{"path": name, "modified": 1.5, "sent": ".审核." in name} for name in files]
        sent = [data for name, data in files.items() if ".审核." in name] + ([units] if units else [])
        options = {"year": None, "whole": False, **options}
        return self("plan", sent, files=asked, units=units is not None, **options)[0]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    monkeypatch.chdir(tmp_path)  # the desk moves on from there
    return Asked(tmp_path / "desk")


WRONG = workbook(requests__granted__total=2)


def test_it_says_what_the_page_shows(ask: Asked) -> None:
    told, _ = ask("welcome")
    form = next(one for one in told["forms"] if one["id"] == told["usual"])
    keys = [cell["key"] for table in form["tables"] for row in table["rows"] for cell in row if "key" in cell]
    assert sorted(keys) == sorted(field.key for field in load_form().fields)
    assert (told["seconds"], told["conclusions"]["passed"]) == (60, "通过")


def test_one_file_is_checked_as_if_it_was_named(ask: Asked) -> None:
    assert ask.plan({"错.xlsx": WRONG}) == {"jobs": [0], "notices": []}
    told, (copy,) = ask("check", [WRONG], job=0)
    entry = json.loads(told["entry"])
    assert (told["conclusion"], told["copy"], entry["path"]) == ("failed", "错.审核.xlsx", "错.xlsx")
    assert "digest" not in entry
    assert zipfile.is_zipfile(io.BytesIO(copy))
    assert told["drawn"]["colours"]["requests.granted.total"] == "deep"
    assert told["drawn"]["values"]["requests.granted.total"] == "2"


def test_several_are_summed_up_from_what_was_told(ask: Asked) -> None:
    files = {"报送/甲/错.xlsx": WRONG, "报送/好.xlsx": clean_workbook(), "报送/坏.xlsx": b"?"}
    plan = ask.plan(files)
    told = {
        job: ask("check", [list(files.values())[position]], job=job)[0] for job, position in enumerate(plan["jobs"])
    }
    answer, made = ask("sum_up", told=[told[job]["told"] for job in sorted(told)])
    assert answer["names"] == ["results.csv", "results.json", SUMMARY_BOOK]
    document = json.loads(made[1])
    assert {file["path"]: file["status"] for file in document["files"]} == {
        "报送/甲/错.xlsx": "failed",
        "报送/好.xlsx": "passed",
        "报送/坏.xlsx": "unreadable",
    }
    assert answer["notices"] == []


def test_a_list_of_units_tells_who_is_missing(ask: Asked) -> None:
    ask.plan({"好.xlsx": clean_workbook()}, f"单位名称\n{COVER['unit']}\n某某市民政局\n".encode())
    told, _ = ask("check", [clean_workbook()], job=0)
    answer, _ = ask("sum_up", told=[told["told"]])
    assert answer["notices"][0] == "名单上 2 个单位，缺报 1 个：某某市民政局"
    assert ask.plan({"好.xlsx": clean_workbook()}, b"nobody")["trouble"].startswith("单位名单")


def test_copies_that_nobody_touched_are_passed_over(ask: Asked) -> None:
    ask.plan({"错.xlsx": WRONG})
    _, (copy,) = ask("check", [WRONG], job=0)
    plan = ask.plan({"错.xlsx": WRONG, "错.审核.xlsx": copy})
    assert plan["jobs"] == [0]
    assert "跳过 1 个副本" in plan["notices"][0]


def test_last_year_is_found_by_its_unit(ask: Asked) -> None:
    before = render(load_form(), {**COVER, "year": "2024"})
    assert ask("last_year", [before], path="去年.xlsx", modified=1)[0] == {
        "unit": COVER["unit"], "year": 2024, "readable": True,
    }  # fmt: skip
    assert not ask("last_year", [b"?"], path="坏.xlsx", modified=1)[0]["readable"]
    ask.plan({"好.xlsx": clean_workbook()})
    assert json.loads(ask("check", [clean_workbook()], job=0)[0]["entry"])["last_year"] == "../上年报送/去年.xlsx"
    ask("forget_last_year")
    ask.plan({"好.xlsx": clean_workbook()})
    assert json.loads(ask("check", [clean_workbook()], job=0)[0]["entry"])["last_year"] is None


@pytest.mark.parametrize(
    ("reason", "says"),
    [("time", "核对它超过 60 秒没有完成"), ("crashed", "核对它的程序两次异常中断"), ("gone", "浏览器读不出来了")],
)
def test_what_was_given_up_is_told_like_a_file_that_cannot_be_read(ask: Asked, reason: str, says: str) -> None:
    ask.plan({"慢.xlsx": b""})
    told, _ = ask("lost", job=0, reason=reason)
    assert told["conclusion"] == "unreadable"
    assert says in json.loads(told["entry"])["findings"][0]["message"]


def test_the_template_has_the_unit_and_the_year(ask: Asked) -> None:
    told, (data,) = ask("template", form="disclosure-2021", unit=" 市教育局\t", year=2025)
    assert told == {"name": "市教育局.xlsx"}
    assert data == render(load_form(), {"unit": "市教育局", "year": "2025"})
    assert ask("template", form="none", unit="", year=None)[0]["trouble"].startswith("没有编号为“none”的表")


def test_a_zip_holds_what_it_is_given(ask: Asked) -> None:
    _, (data,) = ask("pack", [b"1", b"2"], names=["审核汇总.xlsx", "甲/错.审核.xlsx"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "审核汇总.xlsx": b"1",
            "甲/错.审核.xlsx": b"2",
        }


@given(st.text())
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    place = _below(Path("given"), name)
    assert place.parts[0] == "given"
    assert len(place.parts) > 1
    assert ".." not in place.parts
    str(place).encode()
