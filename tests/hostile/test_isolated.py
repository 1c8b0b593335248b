"""Whatever reads strangers' files does so in a process that may end, and such processes leave nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import ROOT
from tests.hostile.aborting import MARK
from tests.hostile.corpus import books
from tests.making.command import PROGRAM, Ran
from tests.making.copies import parts_of
from tests.making.filling import workbook
from tests.servers.replies import attached, letter, workbook_of
from xlcheck.guard.stored import stored

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are told by /proc")


def aborting(data: bytes) -> bytes:
    """A workbook at which native code is to abort."""
    return stored({**parts_of(data), MARK: b""})


def run(folder: Path, *arguments: str | Path) -> Ran:
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.aborting", *map(str, arguments)],
        capture_output=True,
        cwd=folder,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A good workbook of this year, and beside it one of last year at which native code aborts."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(workbook(disclosure__regulations__issued=-1))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "b.xlsx").write_bytes(aborting(workbook()))
    return tmp_path


def test_a_file_to_compare_with_ends_nothing_but_its_own_process(place: Path) -> None:
    for option in ("--prior", "--previous"):
        for at in ("other", "other/b.xlsx"):
            ran = run(place, "verify", "in", "-o", "out", option, at)
            assert ran.code == 1, ran.err
            assert "不是可以读取的报送表，没有用于比对" in ran.err
            assert "Traceback" not in ran.err


def test_a_file_to_add_up_or_to_compare_a_total_with_likewise(place: Path) -> None:
    ran = run(place, "total", "in", "other", "-o", "t.xlsx", "--include-failed")
    assert ran.code == 1, ran.err
    assert "没有汇总“other/b.xlsx”" in ran.err
    assert (place / "t.xlsx").is_file()
    ran = run(place, "total", "in", "-o", "u.xlsx", "--include-failed", "--check", "other/b.xlsx")
    assert ran.code == 2
    assert "无法比对" in ran.err


def test_what_stands_where_a_template_goes_likewise(place: Path) -> None:
    ran = run(place, "template", "-o", "other/b.xlsx")
    assert (ran.code, "没有覆盖" in ran.err) == (2, True)


def test_a_letter_waits_for_a_person_and_the_next_is_taken(place: Path) -> None:
    good = workbook_of("市教育局")
    for name, data in (("1.eml", aborting(good)), ("2.eml", good)):
        (place / name).write_bytes(letter("jyj@example.org", attached(data)))
    ran = run(place, "inbox", place, "1.eml", "2.eml")
    assert ran.code == 0, ran.err
    assert "请人工处理这封信" in ran.out
    assert len(list((place / "隔离").glob("*.eml"))) == 1
    assert len(list((place / "市教育局").glob("*.xlsx"))) == 1


def test_a_copy_to_enclose_likewise(place: Path) -> None:
    (place / "units.csv").write_text("name,email\n攀枝花市人民政府办公室,a@example.org\n", encoding="utf-8")
    (place / "in" / "a.xlsx").write_bytes(aborting(workbook(disclosure__regulations__issued=-1)))
    good = [*PROGRAM, "verify", "in", "-o", "out", "--units", "units.csv"]
    subprocess.run(good, cwd=place, check=False, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    unit = json.loads((place / "out" / "results.json").read_text(encoding="utf-8"))["files"][0]["unit"]
    (place / "units.csv").write_text(f"name,email\n{unit},a@example.org\n", encoding="utf-8")
    ran = run(place, "mail", "out", "--units", "units.csv")
    assert ran.code == 1, ran.err
    assert "SIGABRT" in ran.err


# --- nothing stays ---------------------------------------------------------------------------------------------------


def _processes(mark: str) -> list[int]:
    """The processes that have a text in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                environment = (entry / "environ").read_bytes()
            except OSError:
                continue
            if mark.encode() in environment:
                found.append(int(entry.name))
    return found


def _until(what: object, holds: object) -> None:
    """Wait, at most a minute."""
    for _ in range(1200):
        if callable(holds) and holds():
            return
        time.sleep(0.05)
    pytest.fail(str(what))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("command", ["verify", "total"])
def test_no_process_and_no_file_outlives_a_run(command: str, workers: str, number: int, tmp_path: Path) -> None:
    if command == "total" and workers == "2":
        pytest.skip("a total has no such option")
    temporary, given = tmp_path / "temporary", tmp_path / "in"
    temporary.mkdir()
    given.mkdir()
    for at in range(60):
        made = books.book(requests__received__person=at)
        (given / f"{at}.ods").write_bytes(books.ods(made))
        (given / f"{at}.xlsx").write_bytes(books.xlsx(made))
    arguments = {"verify": ("-o", "out", "--prior", "in", "--jobs", workers), "total": ("-o", "t.xlsx")}[command]
    running = subprocess.Popen(
        [*PROGRAM, command, "in", *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "TMPDIR": str(temporary)},
    )
    _until("children", lambda: len(_processes(str(temporary))) > 1 or running.poll() is not None)
    time.sleep(0.3)
    running.send_signal(number)
    running.communicate()
    _until("processes that stay", lambda: not _processes(str(temporary)))
    assert list(temporary.iterdir()) == []


# --- neighbours ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [b"", b"PK\5\6" + bytes(18)], ids=["no package", "an end like a package's"])
def test_a_large_neighbour_under_the_name_of_a_copy_is_not_read(end: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(disclosure__regulations__issued=-1))
    neighbour = tmp_path / "a.审核.xlsx"
    with neighbour.open("wb") as file:
        file.truncate(300 << 20)
        file.seek(0, os.SEEK_END)
        file.write(end)
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, "verify", tmp_path / "a.xlsx"],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )
    assert done.returncode == 1, done.stderr
    assert int(done.stderr.splitlines()[-1]) < 100_000
    assert (tmp_path / "a.审核.2.xlsx").is_file()
    assert neighbour.stat().st_size == (300 << 20) + len(end)


_LIMITED = """
import resource, sys
from xlcheck.commands import chinese
from xlcheck.commands.cli import cli
code = chinese.run_command(cli, "xlcheck", sys.argv[1:])
own = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(max(int(own), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss), file=sys.stderr)
sys.exit(code)
"""
