"""Checking files as a task: what is told, what is raised, and what is left; no terminal anywhere."""

from __future__ import annotations

import json
import os
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from tests.making.filling import clean_values, clean_workbook, form, workbook
from xlcheck.drawing.template import render
from xlcheck.tasks import plan as planning
from xlcheck.tasks.events import Event, FileDone, Finished, Notice, Started
from xlcheck.tasks.given import CannotDo
from xlcheck.tasks.options import Options
from xlcheck.tasks.plan import plan_batch
from xlcheck.tasks.verify import check_batch, each_file

CLEAN = clean_workbook()
FAULTY = workbook(requests__received__person=7, requests__received__total=7)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """``in`` with a clean, a faulty and an unreadable file."""
    (tmp_path / "in").mkdir()
    for name, data in (("a", CLEAN), ("b", FAULTY), ("c", b"no workbook")):
        (tmp_path / "in" / f"{name}.xlsx").write_bytes(data)
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Heard:
    """All that was told."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.entries: list[str] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, Finished):
            self.entries = list(event.entries or ())

    def of(self, kind: Any) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def notices(self) -> list[str]:
        return [event.text for event in self.of(Notice)]


def done(*paths: str, **options: Any) -> Heard:
    heard = Heard()
    check_batch(plan_batch(paths, Options(**options), heard), heard)
    return heard


# --- what is told ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("folder")
def test_every_file_is_told_in_order_between_the_start_and_the_end() -> None:
    heard = done("in", annotate=False)
    assert [type(event) for event in heard.events] == [Started, FileDone, FileDone, FileDone, Finished]
    assert heard.events[0] == Started(3)
    files = heard.of(FileDone)
    assert [one.path for one in files] == ["in/a.xlsx", "in/b.xlsx", "in/c.xlsx"]
    assert [one.told.tally.status for one in files] == ["passed", "failed", "unreadable"]
    (end,) = heard.of(Finished)
    assert (end.counts.files, end.is_written, end.entries) == (3, True, None)


def test_a_folder_of_results_gives_their_entries_and_what_the_list_says(folder: Path) -> None:
    heard = done("in", out="out", units="name\n市教育局\n".encode())
    assert [json.loads(entry)["annotated"] for entry in heard.entries] == [None, "out/b.审核.xlsx", None]
    (end,) = heard.of(Finished)
    assert [unit["status"] for unit in end.further["units"]] == ["missing"]
    assert heard.notices[0] == "名单上 1 个单位，缺报 1 个：市教育局"
    assert heard.notices[-1] == "审核汇总写在“out/审核汇总.xlsx”"
    assert (folder / "out" / "results.json").exists()


@pytest.mark.usefixtures("folder")
def test_what_an_earlier_run_did_counts_from_the_start() -> None:
    done("in", out="out")
    heard = done("in", out="out", resume=True)
    assert heard.of(Started) == [Started(3, 3)]
    assert heard.of(FileDone) == []
    assert len(heard.entries) == 3
    assert heard.of(Finished)[0].counts.files == 3


def test_copies_that_cannot_be_written_are_told_and_files_checked_all_the_same(folder: Path) -> None:
    (folder / "out").write_text("a file")
    heard = Heard()
    batch = plan_batch(["in"], Options(out="out"), heard)
    assert (batch.is_writable, batch.folder) == (False, None)
    (notice,) = heard.notices
    assert "没有写出审核副本" in notice
    check_batch(batch, heard)
    assert heard.of(Finished)[0].counts.files == 3
    (folder / "in" / "b.审核.xlsx").mkdir()
    assert done("in/b.xlsx").of(Finished)[0].is_written  # the copy goes under another name


def test_without_copies_none_are_made(folder: Path) -> None:
    done("in", out="out", annotate=False, mend="all")
    assert {path.suffix for path in (folder / "out").glob("[!.]*")} == {".json", ".csv", ".xlsx"}
    assert [path.name for path in folder.rglob("*.xlsx") if ".审核." in path.name or ".建议." in path.name] == []


def test_the_text_has_colours_only_where_they_are_asked_for(folder: Path) -> None:
    path = str(folder / "in" / "a.xlsx")
    for painted in (False, True):
        (one,) = done(path, painted=painted).of(FileDone)
        assert ("\x1b" in one.told.text) == painted


def test_standard_input_is_what_the_caller_gives() -> None:
    asked: list[int] = []

    def stdin(most: int) -> bytes:
        asked.append(most)
        return CLEAN

    batch = plan_batch(["-"], Options(file_bytes=1 << 20), stdin=stdin)
    assert asked == [(1 << 20) + 1]
    ((_, told),) = each_file(batch)
    assert told.tally.status == "passed"


# --- what is raised --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("options", [{}, {"out": "out"}])
def test_ctrl_c_says_what_was_done(options: dict[str, Any]) -> None:
    heard = Heard()

    def interrupted(event: Event) -> None:
        heard(event)
        if isinstance(event, FileDone):
            raise KeyboardInterrupt

    batch = plan_batch(["in"], Options(annotate=False, **options), heard)
    batch = batch._replace(folder=Path("out") if options else None)
    with pytest.raises(CannotDo, match="已停止：核对了 1 个文件，还有 2 个没有核对") as caught:
        check_batch(batch, interrupted)
    assert caught.value.code == "interrupted"
    assert ("--resume" in caught.value.message) == bool(options)
    assert heard.of(Finished) == []


class _Broken(Executor):
    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        future: Future[object] = Future()
        future.set_exception(RuntimeError("gone"))
        return future


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("options", "said"), [({}, "核对中断"), ({"out": "out"}, "已停止（RuntimeError: gone）")])
def test_an_executor_that_fails_is_one_sentence(options: dict[str, Any], said: str) -> None:
    batch = plan_batch(["in"], Options(annotate=False, **options))
    with pytest.raises(CannotDo) as caught:
        list(each_file(batch, executor=_Broken()))
    assert (caught.value.code, said in caught.value.message) == ("workers", True)


@pytest.mark.usefixtures("folder")
def test_whoever_listens_and_is_gone_is_not_taken_for_a_full_disk() -> None:
    def gone(event: Event) -> None:
        if isinstance(event, FileDone):
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        check_batch(plan_batch(["in"], Options(out="out")), gone)


def test_a_damaged_record_is_one_sentence(folder: Path) -> None:
    done("in", out="out")
    (folder / "out" / ".xlcheck" / "results.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(CannotDo, match="无法使用核对记录") as caught:
        done("in", out="out")
    assert caught.value.code == "output"


@pytest.mark.usefixtures("folder")
def test_everything_is_looked_at_before_a_file_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "workbooks_in", lambda *arguments: pytest.fail("files were looked for"))
    for options in ({"form": "x"}, {"units": b"no head\n", "out": "out"}, {"resume": True}):
        with pytest.raises(CannotDo):
            plan_batch(["in"], Options(**options))
    assert not Path("out").exists()


# --- the year that is collected --------------------------------------------------------------------------------------


def _put(path: Path, unit: str, year: int, modified: float) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(render(form(), {"unit": unit, "year": str(year)}, clean_values()))
    os.utime(path, (modified, modified))


@pytest.fixture
def years(folder: Path) -> Path:
    """``in`` with this year's files of three units, and last year's of two, saved later."""
    (folder / "in" / "c.xlsx").unlink()
    for name in ("a", "b"):
        (folder / "in" / f"{name}.xlsx").unlink()
    for number, unit in enumerate(("甲局", "乙局", "丙局")):
        _put(folder / "in" / f"{unit}.xlsx", unit, 2025, number)
    _put(folder / "in" / "甲局去年.xlsx", "甲局", 2024, 10)
    _put(folder / "in" / "丁局去年.xlsx", "丁局", 2024, 10)
    return folder


UNITS = "name\n甲局\n乙局\n丙局\n丁局\n".encode()


@pytest.mark.parametrize("out", [None, "out"])
def test_files_of_another_year_than_most_are_told(out: str | None, years: Path) -> None:
    (notice,) = (text for text in done("in", out=out).notices if "多数文件" in text)
    assert notice == (
        "多数文件是 2025 年的，不是这一年的有 2 个：“in/丁局去年.xlsx”（2024 年）、“in/甲局去年.xlsx”（2024 年）；"
        "请用 --year 指明本次填报哪一年度的"
    )
    (years / "in" / "甲局去年.xlsx").unlink()
    (years / "in" / "丁局去年.xlsx").unlink()
    assert not [text for text in done("in", out=out).notices if "多数文件" in text]


def test_half_of_the_files_are_not_most(years: Path) -> None:
    (years / "in" / "丙局.xlsx").unlink()
    (notice,) = (text for text in done("in").notices if "--year" in text)
    assert notice.startswith("有的文件是 2025 年的，不是这一年的有 2 个：")


def test_of_many_files_of_another_year_a_few_are_told(years: Path) -> None:
    for number in range(12):
        _put(years / "in" / f"旧{number:02}.xlsx", f"{number}局", 2023, 0)
        for more in range(2):
            _put(years / "in" / f"新{number:02}{more}.xlsx", f"{number}局", 2025, 0)
    for out in (None, "out"):
        (notice,) = (text for text in done("in", out=out, annotate=False).notices if "多数文件" in text)
        assert "不是这一年的有 14 个" in notice
        assert notice.count("（2023 年）") + notice.count("（2024 年）") == 10
        assert "等 14 个" in notice


@pytest.mark.parametrize("asked", [None, 2025])
def test_last_years_file_saved_later_is_not_its_units_submission(asked: int | None, years: Path) -> None:
    heard = done("in", out="out", units=UNITS, year=asked)
    document = json.loads((years / "out" / "results.json").read_text(encoding="utf-8"))
    assert document["year"] == 2025
    found = {unit["name"]: (unit["status"], unit["path"], unit["older"]) for unit in document["units"]}
    assert found["甲局"] == ("passed", "in/甲局.xlsx", [])
    assert found["丁局"] == ("missing", None, [])
    assert {one["path"] for one in document["strays"]} == {"in/甲局去年.xlsx", "in/丁局去年.xlsx"}
    assert any("缺报 1 个：丁局" in text for text in heard.notices)
    statuses = {file["path"]: file["status"] for file in document["files"]}
    assert statuses["in/甲局去年.xlsx"] == ("failed" if asked else "passed")
    assert any("多数文件" in text for text in heard.notices) == (asked is None)


def test_the_year_that_is_asked_for_is_no_majority(years: Path) -> None:
    done("in", out="out", units=UNITS, year=2024)
    document = json.loads((years / "out" / "results.json").read_text(encoding="utf-8"))
    found = {unit["name"]: unit["path"] for unit in document["units"]}
    assert found == {"甲局": "in/甲局去年.xlsx", "乙局": None, "丙局": None, "丁局": "in/丁局去年.xlsx"}
    codes = [finding["code"] for file in document["files"] for finding in file["findings"]]
    assert codes == ["S107"] * 3


def test_going_on_for_another_year_checks_again(years: Path) -> None:
    done("in", out="out", year=2025)
    assert any("不再核对" in text for text in done("in", out="out", year=2025, resume=True).notices)
    assert not any("不再核对" in text for text in done("in", out="out", year=2024, resume=True).notices)


def test_a_unit_that_was_checked_before_is_told_apart_from_one_that_never_came(years: Path) -> None:
    done("in", out="out", units=UNITS, year=2025)
    _put(years / "back" / "乙局.xlsx", "乙局", 2025, 20)
    (notice,) = (text for text in done("back", out="out", units=UNITS, year=2025).notices if "以前报送过" in text)
    assert notice == "缺报的单位里有 2 个以前报送过、这次没有一起核对：甲局、丙局；请把以前报送的文件夹也写上，一起核对"
    assert not [text for text in done("in", "back", out="out", units=UNITS, year=2025).notices if "以前报送过" in text]


def test_so_is_one_that_handed_in_the_last_time(years: Path) -> None:
    """Into another folder, where nothing is known of the run before but what `--previous` leads to."""
    _put(years / "back" / "乙局.xlsx", "乙局", 2025, 20)
    ran = done("back", out="again", units=UNITS, year=2025, last_round=years / "in")
    assert [text for text in ran.notices if "以前报送过" in text] == [
        "缺报的单位里有 2 个以前报送过、这次没有一起核对：甲局、丙局；请把以前报送的文件夹也写上，一起核对"
    ]
    (results,) = (json.loads(path.read_text(encoding="utf-8")) for path in [years / "again" / "results.json"])
    assert {one["unit"] for one in results["last_round"]} >= {"甲局", "丙局"}
    (file,) = done("in/丙局.xlsx", last_round=years / "in", annotate=False).of(FileDone)
    assert "没有与上次报送比对：指明的就是这个文件本身" in file.told.text
