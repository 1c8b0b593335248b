"""Output that cannot be written, and signals: a sentence or silence, the right code, and results all the same."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import ROOT
from tests.making.command import PROGRAM
from tests.servers.letters import Handed, listed
from tests.servers.letters import batch as results_of
from tests.servers.replies import workbook_of
from xlcheck.roster.units import Unit

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
WRITTEN = {"results.json", "results.csv", "审核汇总.xlsx"}
QUIET = subprocess.DEVNULL


@pytest.fixture
def came(tmp_path: Path) -> Path:
    """Ten workbooks, of which half fail."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(10):
        (folder / f"{number}.xlsx").write_bytes(workbook_of(f"市第{number}局", received=99 if number % 2 else 6))
    return folder


def shell(folder: Path, line: str) -> tuple[str, str]:
    """What a shell's line prints; ``$X`` is xlcheck."""
    line = line.replace("$X", " ".join(PROGRAM))
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout, done.stderr


@pytest.mark.parametrize("style", ["text", "json", "csv"])
def test_a_reader_that_goes_away_takes_nothing_from_the_results(style: str, came: Path, tmp_path: Path) -> None:
    for reader in ("head -c 1", "true"):
        said, complained = shell(tmp_path, f"$X verify in -o out --format {style} | {reader}; echo ${{PIPESTATUS[0]}}")
        assert said[-2:] == "1\n"
        assert [line for line in complained.splitlines() if "汇总写在" not in line] == []
        assert {path.name for path in (tmp_path / "out").iterdir()} >= WRITTEN
        assert len(list((tmp_path / "out").glob("*.审核.xlsx"))) == 5


@pytest.mark.parametrize("where", [">/dev/full", ">&-"])
@pytest.mark.parametrize(
    "command",
    [
        "verify in -o out",
        "verify in -o out --format json",
        "verify in/1.xlsx",
        "--help",
        "explain",
        "fields --format json",
    ],
)
def test_output_that_cannot_be_written_is_one_sentence(where: str, command: str, came: Path, tmp_path: Path) -> None:
    said, complained = shell(tmp_path, f"$X {command} {where}; echo $?  ".replace("; echo", "; echo"))
    assert said == "2\n"
    assert complained.splitlines()[-1].startswith("报告没有写完（")
    if "out" in command:
        assert {path.name for path in (tmp_path / "out").iterdir()} >= WRITTEN


@pytest.mark.parametrize("where", ["2>/dev/full", "2>&-", "<&-", "<&- 2>&-"])
def test_other_streams_do_not_matter(where: str, came: Path, tmp_path: Path) -> None:
    said, _ = shell(tmp_path, f"$X verify in -o out {where}; echo $?")
    assert said.endswith("\n1\n") and "共 10 个文件" in said
    assert {path.name for path in (tmp_path / "out").iterdir()} >= WRITTEN


def test_nothing_printed_gets_into_a_file_that_took_the_place_of_a_closed_stream(came: Path, tmp_path: Path) -> None:
    shell(tmp_path, "$X verify in -o out >&- 2>&- <&-")
    with sqlite3.connect(tmp_path / "out" / ".xlcheck" / "results.sqlite") as base:
        assert base.execute("SELECT count(*) FROM files").fetchone() == (10,)
    base.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_any_moment_is_a_sentence(number: signal.Signals, came: Path, tmp_path: Path) -> None:
    for moment in range(12):
        process = subprocess.Popen(
            [*PROGRAM, "verify", "in", "-o", f"out{moment}"],
            cwd=tmp_path, env=ENVIRONMENT, stdout=QUIET, stderr=subprocess.PIPE,
            preexec_fn=_interruptible,  # noqa: PLW1509  # it takes no lock
        )  # fmt: skip
        while not _handles(process.pid, number):  # before, it is the interpreter that answers
            assert process.poll() is None
        time.sleep(moment * 0.05)
        process.send_signal(number)
        _, complained = process.communicate()
        assert b"Traceback" not in complained, complained.decode()
        assert process.returncode in (1, 2)
        assert process.returncode == 1 or b"\xe5\xb7\xb2" in complained  # 已
        assert list(tmp_path.rglob("*.tmp")) == []


def _interruptible() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _handles(pid: int, number: int) -> bool:
    """Whether a process has a handler of its own for a signal, and has begun with what is ours."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True
    caught = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigCgt"))
    # SIGTERM is caught by nobody but us, and that is the first that we do.
    return bool(caught >> (signal.SIGTERM - 1) & 1) and bool(caught >> (number - 1) & 1)


# --- a disk without room ---------------------------------------------------------------------------------------------


def limited(largest: int) -> Callable[[], None]:
    """No file may grow larger: what a full disk is like, without one."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))


def ran(folder: Path, *arguments: str, largest: int) -> subprocess.CompletedProcess[str]:
    """A command to which no file may grow larger."""
    return subprocess.run(
        [*PROGRAM, *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False,
        preexec_fn=limited(largest),
    )  # fmt: skip


@pytest.mark.parametrize("largest", [0, 1_000, 10_000, 20_000, 40_000, 65_536])
def test_a_batch_that_cannot_be_written_is_a_sentence_and_leaves_nothing_half(
    largest: int, came: Path, tmp_path: Path
) -> None:
    done = ran(tmp_path, "verify", "in", "-o", "out", "--jobs", "1", largest=largest)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "无法" in done.stderr and "移走" not in done.stderr
    assert list(tmp_path.rglob("*.tmp")) == []
    assert all(path.stat().st_size > 10_000 for path in (tmp_path / "out").glob("*.审核.xlsx"))
    # With room again it goes on, and all is there.
    assert (
        subprocess.run(
            [*PROGRAM, "verify", "in", "-o", "out", "--resume"],
            cwd=tmp_path,
            env=ENVIRONMENT,
            stdout=QUIET,
            stderr=QUIET,
            check=False,
        ).returncode
        == 1
    )
    assert len(list((tmp_path / "out").glob("*.审核.xlsx"))) == 5
    assert {path.name for path in (tmp_path / "out").iterdir()} >= WRITTEN


@pytest.mark.parametrize("largest", [0, 1_000, 10_000])
def test_a_total_and_templates_that_cannot_be_written_are_one_sentence(
    largest: int, came: Path, tmp_path: Path
) -> None:
    units = listed(tmp_path, [Unit("市教育局")])
    for command in (
        ["total", "in", "-o", "汇总.xlsx", "--unit", "市", "--include-failed"],
        ["template", "-o", "x.xlsx"],
        ["template", "--units", str(units), "-o", "模板"],
    ):
        done = ran(tmp_path, *command, largest=largest)
        assert done.returncode == 2, (command, done.stderr)
        assert "Traceback" not in done.stderr and "无法写入" in done.stderr
    assert [path for path in tmp_path.rglob("*") if path.suffix in (".tmp", ".xlsx") and path.parent != came] == []


@pytest.mark.parametrize("largest", [0, 1_000, 20_000, 40_000])
def test_letters_that_cannot_be_written_are_one_sentence(largest: int, tmp_path: Path) -> None:
    out = results_of(tmp_path, [Handed("市教育局")])
    units = listed(tmp_path, [Unit("市教育局", "", "jyj@example.org")])
    done = ran(tmp_path, "mail", str(out), "--units", str(units), largest=largest)
    assert (done.returncode, "Traceback" in done.stderr, "无法" in done.stderr) == (2, False, True), done.stderr
    assert list(tmp_path.rglob("*.tmp")) == []


@pytest.fixture
def foreign(tmp_path: Path) -> Callable[[Path, str], None]:
    """Puts something in place of a record."""

    def put(path: Path, kind: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if kind == "a text":
            path.write_bytes(b"no database" * 1000)
        elif kind == "a folder":
            path.mkdir()
        elif kind == "a pipe":
            os.mkfifo(path)
        else:
            with sqlite3.connect(path) as base:
                for table in ("files", "letter", "meta", "written"):
                    base.execute(f"CREATE TABLE {table} (a, b, c)")
                    base.execute(f"INSERT INTO {table} VALUES (1, 'x', x'00')")
            base.close()

    return put


@pytest.mark.parametrize("kind", ["a text", "a folder", "a pipe", "another program's"])
def test_a_record_that_is_none_is_one_sentence(
    kind: str, foreign: Callable[[Path, str], None], came: Path, tmp_path: Path
) -> None:
    out = results_of(tmp_path, [Handed("市教育局")])
    units = listed(tmp_path, [Unit("市教育局", "", "jyj@example.org")])
    foreign(out / ".xlcheck" / "results.sqlite", kind)
    foreign(out / ".xlcheck" / "mail.sqlite", kind)
    for command in (
        ["verify", "in", "-o", str(out)],
        ["verify", "in", "-o", str(out), "--resume"],
        ["mail", str(out), "--units", str(units)],
        ["mail", str(out), "--status"],
    ):
        done = ran(tmp_path, *command, largest=1 << 30)
        assert done.returncode == 2, (command, done.stderr)
        (line,) = [line for line in done.stderr.splitlines() if "跳过" not in line]
        assert ".sqlite" in line and ("移走" in line or "磁盘空间" in line)


def test_a_damaged_entry_of_the_record_is_checked_again(came: Path, tmp_path: Path) -> None:
    ran(tmp_path, "verify", "in", "-o", "out", largest=1 << 30)
    with sqlite3.connect(tmp_path / "out" / ".xlcheck" / "results.sqlite") as base:
        base.execute("UPDATE files SET document = '{' WHERE position = 1")
        base.execute('UPDATE files SET document = \'{"path": "other"}\' WHERE position = 2')
        base.execute("UPDATE files SET errors = 'many' WHERE position = 3")
    base.close()
    done = ran(tmp_path, "verify", "in", "-o", "out", "--resume", largest=1 << 30)
    assert done.returncode == 1
    assert "7 个文件上次已经核对" in done.stderr
    assert "共 10 个文件" in done.stdout


def test_a_temporary_folder_without_room_blames_no_file(came: Path, tmp_path: Path) -> None:
    for temporary in ("/nowhere", "/dev/full", "/proc"):
        done = subprocess.run(
            [*PROGRAM, "verify", "in", "-o", "out", "--jobs", "2"],
            cwd=tmp_path,
            env={**ENVIRONMENT, "TMPDIR": temporary, "TEMP": temporary, "TMP": temporary},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, "F105" in done.stdout) == (1, False), done.stderr
