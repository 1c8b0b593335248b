"""What a batch leaves in its folder, and how it goes on after an interruption."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import sqlite3
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests import ROOT
from tests.making import readers
from tests.making.command import PROGRAM, Ran, process, xlcheck
from tests.making.documents import valid
from tests.making.filling import COVER, clean_workbook, form, workbook
from xlcheck.batch import run as batch
from xlcheck.drawing.template import render

CLEAN = clean_workbook()
FAULTY = workbook(disclosure__regulations__issued=-1)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """``in`` with a clean, a faulty and an unreadable file; the commands run beside it."""
    (tmp_path / "in" / "下级").mkdir(parents=True)
    (tmp_path / "in" / "a.xlsx").write_bytes(CLEAN)
    (tmp_path / "in" / "下级" / "b.xlsx").write_bytes(FAULTY)
    (tmp_path / "in" / "c.xlsx").write_bytes(b"no workbook")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def document(folder: Path) -> Any:
    return json.loads(valid((folder / "out" / "results.json").read_text(encoding="utf-8")))


def run(*options: str) -> Ran:
    return xlcheck("verify", "in", "-o", "out", *options)


def test_a_folder_is_summed_up(folder: Path) -> None:
    ran = run()
    assert ran.code == 1
    assert {str(path.relative_to(folder / "out")) for path in (folder / "out").rglob("*") if path.is_file()} == {
        "results.json",
        "results.csv",
        "审核汇总.xlsx",
        "下级/b.审核.xlsx",
        ".xlcheck/results.sqlite",
    }
    found = [(one["path"], one["status"], one["annotated"]) for one in document(folder)["files"]]
    assert found == [
        ("in/a.xlsx", "passed", None),
        ("in/c.xlsx", "unreadable", None),
        ("in/下级/b.xlsx", "failed", "下级/b.审核.xlsx"),
    ]
    assert document(folder)["summary"]["errors"] == 2
    with (folder / "out" / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["status"] for row in csv.DictReader(file)] == ["passed", "unreadable", "failed"]
    book = openpyxl.load_workbook(folder / "out" / "审核汇总.xlsx")
    assert "问题" in book.sheetnames
    assert "审核汇总.xlsx" in ran.err


def test_the_document_on_stdout_names_copies_as_they_are_found_from_here(folder: Path) -> None:
    printed = json.loads(run("--format", "json").out)
    assert printed["files"][2]["annotated"] == os.path.join("out", "下级", "b.审核.xlsx")
    assert (folder / printed["files"][2]["annotated"]).exists()
    kept = document(folder)
    kept["files"][2]["annotated"] = printed["files"][2]["annotated"]
    assert printed == kept


def test_the_summary_is_not_checked_the_next_time(folder: Path) -> None:
    xlcheck("verify", "in", "-o", "in")
    ran = xlcheck("verify", "in", "-o", "in", "--format", "json")
    assert len(json.loads(ran.out)["files"]) == 3


def test_resuming_does_only_what_changed(folder: Path) -> None:
    run()
    before = (folder / "out" / "下级" / "b.审核.xlsx").stat().st_mtime_ns
    summary = (folder / "out" / "审核汇总.xlsx").stat().st_mtime_ns
    again = run("--resume")
    assert "3 个文件上次已经核对" in again.err
    assert again.code == 1
    assert again.out.splitlines()[-1].startswith("共 3 个文件：通过 1，待核实 0，不通过 1，无法读取 1")
    (folder / "in" / "c.xlsx").write_bytes(CLEAN)
    (folder / "in" / "a.xlsx").write_bytes(FAULTY)
    third = run("--resume")
    assert "1 个文件上次已经核对" in third.err
    assert [one["status"] for one in document(folder)["files"]] == ["failed", "passed", "failed"]
    assert (folder / "out" / "下级" / "b.审核.xlsx").stat().st_mtime_ns == before
    assert (folder / "out" / "审核汇总.xlsx").stat().st_mtime_ns > summary
    assert (folder / "out" / "a.审核.xlsx").exists()


def test_resuming_with_nothing_new_writes_nothing(folder: Path) -> None:
    (folder / "in" / "c.xlsx").unlink()
    run()
    names = ("results.json", "results.csv", "审核汇总.xlsx")
    before = [(folder / "out" / name).stat().st_mtime_ns for name in names]
    run("--resume")
    assert [(folder / "out" / name).stat().st_mtime_ns for name in names] == before
    (folder / "out" / "results.csv").write_text("")
    run("--resume")
    assert (folder / "out" / "results.csv").stat().st_size > 0


@pytest.mark.parametrize("options", [["--fix"], ["--max-size", "19"]])
def test_resuming_with_other_options_checks_again(folder: Path, options: list[str]) -> None:
    run()
    assert "上次已经核对" not in run("--resume", *options).err


@pytest.mark.parametrize("megabytes", [1, 21])
def test_resuming_knows_files_of_every_size_that_is_allowed(folder: Path, megabytes: int) -> None:
    with zipfile.ZipFile(folder / "in" / "a.xlsx", "a") as archive:  # stored as it is
        archive.writestr("xl/media/image1.png", b"\x89PNG" + bytes(megabytes << 20))
    assert (folder / "in" / "a.xlsx").stat().st_size > megabytes << 20
    run("--max-size", "30")
    assert [one["status"] for one in document(folder)["files"]] == ["passed", "unreadable", "failed"]
    assert "3 个文件上次已经核对" in run("--max-size", "30", "--resume").err
    with (folder / "in" / "a.xlsx").open("ab") as file:
        file.write(b"\0")
    assert "2 个文件上次已经核对" in run("--max-size", "30", "--resume").err


def test_resuming_makes_a_copy_that_was_taken_away_again(folder: Path) -> None:
    run()
    (folder / "out" / "下级" / "b.审核.xlsx").unlink()
    assert "2 个文件上次已经核对" in run("--resume").err
    assert (folder / "out" / "下级" / "b.审核.xlsx").exists()


def test_resuming_makes_a_copy_with_mends_that_was_taken_away_again(folder: Path) -> None:
    (folder / "in" / "a.xlsx").write_bytes(workbook(disclosure__regulations__issued="5件"))
    run("--fix")
    (folder / "out" / "a.建议.xlsx").unlink()
    assert "2 个文件上次已经核对" in run("--fix", "--resume").err
    assert (folder / "out" / "a.建议.xlsx").exists()


def test_resuming_looks_at_when_files_were_written_anew(folder: Path) -> None:
    for name in ("a", "c"):
        (folder / "in" / f"{name}.xlsx").write_bytes(CLEAN if name == "a" else FAULTY)
    (folder / "in" / "下级" / "b.xlsx").unlink()
    (folder / "units.csv").write_text(f"name\n{COVER['unit']}\n", encoding="utf-8")
    times = {"a": 1, "c": 2}
    for newest in ("c", "a", "c"):
        times[newest] = max(times.values()) + 1
        for name, when in times.items():
            os.utime(folder / "in" / f"{name}.xlsx", (when, when))
        run("--units", "units.csv", "--resume")
        (unit,) = document(folder)["units"]
        assert (unit["path"], unit["status"]) == (f"in/{newest}.xlsx", "passed" if newest == "a" else "failed")
        assert {one["path"]: one["modified"] for one in document(folder)["files"]} == {
            f"in/{name}.xlsx": when for name, when in times.items()
        }


def test_results_of_other_files_are_said_to_be_replaced_and_kept_in_mind(folder: Path) -> None:
    assert "原有" not in run().err
    assert "原有" not in run().err
    (folder / "收件").mkdir()
    (folder / "收件" / "b.xlsx").write_bytes(CLEAN)
    ran = xlcheck("verify", "收件", "-o", "out")
    assert "“out”里原有 3 个别的文件的结果，由这次的代替" in ran.err
    assert "xlcheck verify 以前的文件夹 收件 -o out" in ran.err
    assert [(one["path"], one["status"], one["unit"]) for one in document(folder)["former"]] == [
        ("in/a.xlsx", "passed", COVER["unit"]),
        ("in/下级/b.xlsx", "failed", COVER["unit"]),
    ]
    ran = xlcheck("verify", "in", "收件", "-o", "out")
    assert "原有" not in ran.err
    assert "former" not in document(folder)
    assert len(document(folder)["files"]) == 4


def test_without_resume_everything_is_checked_again_and_what_is_gone_is_forgotten(folder: Path) -> None:
    run()
    (folder / "in" / "a.xlsx").unlink()
    assert "上次已经核对" not in run().err
    assert [one["path"] for one in document(folder)["files"]] == ["in/c.xlsx", "in/下级/b.xlsx"]


def test_a_killed_run_goes_on(folder: Path) -> None:
    for number in range(60):
        (folder / "in" / f"{number:03}.xlsx").write_bytes(FAULTY)
    command = [*PROGRAM, "verify", "in", "-o", "out", "--jobs", "2"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    while len(list((folder / "out").glob("*.xlsx"))) < 16:
        time.sleep(0.05)
    time.sleep(1.2)
    running.kill()
    running.wait()
    ran = process("verify", "in", "-o", "out", "--resume", "--jobs", "2", folder=folder)
    known = re.search(r"(\d+) 个文件上次已经核对", ran.err)
    assert known is not None, ran.err
    assert 1 <= int(known[1]) <= 63
    assert [one["path"] for one in document(folder)["files"]] == [
        *(f"in/{number:03}.xlsx" for number in range(60)),
        "in/a.xlsx",
        "in/c.xlsx",
        "in/下级/b.xlsx",
    ]
    assert len(list((folder / "out").glob("*.审核.xlsx"))) == 60


@pytest.fixture
def _heeds_ctrl_c() -> Iterator[None]:
    """Shells start what runs in the background so that it ignores Ctrl-C, and so do its children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_heeds_ctrl_c")
def test_ctrl_c_says_what_is_done_and_leaves_no_process(folder: Path) -> None:
    for number in range(60):
        (folder / "in" / f"{number:03}.xlsx").write_bytes(FAULTY)
    command = [*PROGRAM, "verify", "in", "-o", "out", "--jobs", "2"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MARK": str(folder)}
    running = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    while len(list((folder / "out").glob("*.xlsx"))) < 20:
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=300)
    assert running.returncode == 2
    said = re.search(r"已停止：核对了 (\d+) 个文件，还有 (\d+) 个没有核对；结果记在“out”，.*--resume", err)
    assert said is not None, err
    assert int(said[1]) + int(said[2]) == 63
    assert "Traceback" not in err
    assert not list((folder / "out").rglob("*.tmp"))
    for _ in range(600):
        if not (left := [pid for pid in os.listdir("/proc") if pid.isdigit() and _marked(pid, folder)]):
            break
        time.sleep(0.1)
    assert not left
    assert f"{said[1]} 个文件上次已经核对" in run("--resume").err


def _marked(pid: str, folder: Path) -> bool:
    try:
        return f"MARK={folder}".encode() in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False


def test_one_that_hangs_is_told_after_the_limit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_told", readers.told)
    (folder / "in" / "sleep.xlsx").write_bytes(CLEAN)
    ran = run("--max-seconds", "4", "--jobs", "2")
    assert "F105 文件“in/sleep.xlsx”：核对它两次超过 4 秒没有完成" in ran.out
    assert ran.code == 1
    assert [one["status"] for one in document(folder)["files"]] == ["passed", "unreadable", "unreadable", "failed"]


def test_a_file_above_the_size_asked_for_is_refused(folder: Path) -> None:
    (folder / "in" / "a.xlsx").write_bytes(CLEAN + b"\0" * (1 << 20))
    assert "文件超过 1 MB" in run("--max-size", "1").out


# --- the list of units -----------------------------------------------------------------------------------------------


def of(name: str, code: str = "") -> bytes:
    return render(form(), {**COVER, "unit": name, "code": code}, dict.fromkeys((f.key for f in form().fields), 0))


def test_the_list_tells_who_is_missing_unknown_and_double(folder: Path) -> None:
    inside = folder / "in"
    for path in (inside / "a.xlsx", inside / "下级" / "b.xlsx"):
        path.unlink()
    (inside / "早.xlsx").write_bytes(of("市教育局", "X1"))
    (inside / "晚.xlsx").write_bytes(of("市教育局", "X1"))
    (inside / "生.xlsx").write_bytes(of("某公司"))
    os.utime(inside / "早.xlsx", (1000, 1000))
    (folder / "units.csv").write_text("name,code\n市教育局,X1\n市气象局,X2\n", encoding="utf-8")
    ran = run("--units", "units.csv")
    assert "名单上 2 个单位，缺报 1 个：市气象局" in ran.err
    assert "“市教育局”报送了 2 份，以最新的“in/晚.xlsx”为准" in ran.err
    assert "“in/生.xlsx”：单位名单里没有这个单位" in ran.err
    found = document(folder)
    assert [(unit["name"], unit["status"], unit["path"], unit["older"]) for unit in found["units"]] == [
        ("市教育局", "passed", "in/晚.xlsx", ["in/早.xlsx"]),
        ("市气象局", "missing", None, []),
    ]
    assert {stray["path"] for stray in found["strays"]} == {"in/c.xlsx", "in/生.xlsx"}
    book = openpyxl.load_workbook(folder / "out" / "审核汇总.xlsx")
    assert {"缺报", "名单外与重复"} <= set(book.sheetnames)


def test_the_list_and_resuming_want_an_output_folder(folder: Path) -> None:
    for option in (["--resume"], ["--units", "units.csv"]):
        (folder / "units.csv").write_text("name\n市教育局\n", encoding="utf-8")
        ran = xlcheck("verify", "in", *option)
        assert (ran.code, "-o" in ran.err) == (2, True)


# --- what is in the way ----------------------------------------------------------------------------------------------


def test_a_damaged_record_is_a_sentence(folder: Path) -> None:
    run()
    (folder / "out" / ".xlcheck" / "results.sqlite").write_bytes(b"no database" * 1000)
    ran = run()
    assert ran.code == 2
    assert "无法使用核对记录“out/.xlcheck/results.sqlite”" in ran.err
    assert "Traceback" not in ran.err


def test_two_runs_do_not_mix(folder: Path) -> None:
    run()
    base = sqlite3.connect(folder / "out" / ".xlcheck" / "results.sqlite")
    base.execute("BEGIN EXCLUSIVE")
    ran = run()
    base.close()
    assert ran.code == 2
    assert "另一个 xlcheck" in ran.err


def test_a_summary_that_cannot_be_written_is_a_sentence(folder: Path) -> None:
    (folder / "out" / "审核汇总.xlsx").mkdir(parents=True)
    ran = run()
    assert ran.code == 2
    assert "无法把结果写入“out”" in ran.err


def test_the_progress_is_for_terminals(folder: Path) -> None:
    assert "%" not in run().err
    import pty

    for options, shown in (([], True), (["--quiet"], False)):
        ours, theirs = pty.openpty()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
        command = [*PROGRAM, "verify", "in", "-o", "out", *options]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=theirs) as running:
            running.communicate(timeout=60)
        os.close(theirs)
        said = b""
        while True:
            try:
                said += os.read(ours, 1 << 16)
            except OSError:
                break
        os.close(ours)
        assert (("个，每秒".encode() in said), running.returncode) == (shown, 1), said.decode()
