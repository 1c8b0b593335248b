"""Files dropped on the program, and the window that Windows opens for it."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from tests.making.command import process
from tests.making.filling import clean_workbook, workbook
from xlcheck.commands import chinese, cli, clicked


def test_dropped_files_are_checked_and_a_folder_gets_one_beside_it(tmp_path: Path) -> None:
    first, second, folder = tmp_path / "甲 1.xlsx", tmp_path / "乙.xlsx", tmp_path / "报送"
    for path in (first, second):
        path.write_bytes(b"")
    folder.mkdir()
    assert clicked.dropped([str(first)]) == ["verify", str(first)]
    assert clicked.dropped([str(first), str(second)]) == ["verify", str(first), str(second)]
    assert clicked.dropped([str(folder)]) == ["verify", str(folder), "-o", f"{folder}-审核结果"]
    assert clicked.dropped([f"{folder}/"]) == ["verify", f"{folder}/", "-o", f"{folder}-审核结果"]
    assert clicked.dropped([str(folder), str(first)]) == ["verify", str(folder), str(first)]
    assert clicked.dropped(["/"]) == ["verify", "/"]


def test_a_command_line_is_taken_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "verify").mkdir()
    (tmp_path / "a.xlsx").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    there = str(tmp_path / "a.xlsx")
    for arguments in (
        [],
        ["verify", there],
        ["verify"],
        ["a.xlsx"],
        [there, "--help"],
        [there, str(tmp_path / "b.xlsx")],
    ):
        assert clicked.dropped(arguments) is None


def test_a_dropped_folder_has_its_results_beside_it(tmp_path: Path) -> None:
    (tmp_path / "报送").mkdir()
    (tmp_path / "报送" / "甲.xlsx").write_bytes(workbook(requests__received__person=7))
    (tmp_path / "报送" / "乙.xlsx").write_bytes(clean_workbook())
    done = process(tmp_path / "报送")
    assert done.code == 1, done.err
    left = {path.name for path in (tmp_path / "报送-审核结果").iterdir()}
    assert {"甲.审核.xlsx", "审核汇总.xlsx"} <= left
    assert process(tmp_path / "报送").out == done.out


class Kernel:
    """kernel32 with so many processes at the console."""

    def __init__(self, processes: int) -> None:
        self.processes = processes

    def GetConsoleProcessList(self, numbers: object, room: int) -> int:
        assert (len(numbers), room) == (2, 2)  # type: ignore[arg-type]
        return self.processes


def test_a_window_of_its_own_has_no_other_process() -> None:
    assert clicked.has_own_window(Kernel(1))
    assert not clicked.has_own_window(Kernel(2))
    assert not clicked.has_own_window(Kernel(0))  # no console at all
    assert not clicked.has_own_window()  # no Windows


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """A double click on Windows; what is typed into its window."""
    typed = io.StringIO("\n")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "stdin", typed)
    monkeypatch.setattr(clicked, "has_own_window", lambda: True)
    return typed


def ran(*arguments: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["xlcheck", *arguments])
        return cli._run()


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The command lines that open the window; each ends at once, as if it was ended in the browser."""
    lines: list[object] = []

    def run(command: object, name: str, arguments: object) -> int:
        lines.append(arguments)
        return 0

    monkeypatch.setattr(chinese, "run_command", run)
    return lines


def test_a_double_click_opens_the_window_and_says_how_it_ends(
    window: io.StringIO, served: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran() == 0
    assert served == [("serve", "--documents")]
    assert "关闭这里，就结束了" in capsys.readouterr().out
    assert window.tell() == 0


def test_a_double_click_that_opens_nothing_can_be_read(
    window: io.StringIO, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "xlcheck.web.alone", None)
    assert ran() == 2
    told = capsys.readouterr()
    assert "要打开窗口，请先安装" in told.err
    assert told.out.endswith("\n按回车键关闭本窗口。")
    assert window.tell() == 1


@pytest.mark.parametrize("screen", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_a_desktop_that_opens_no_terminal_gets_the_window_and_a_script_gets_help(
    screen: str, served: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminals = set[int]()
    monkeypatch.setattr(os, "isatty", lambda number: number in terminals)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    ran()
    monkeypatch.setenv(screen, ":0")
    ran()
    ran("--version")
    terminals.add(2)
    ran()
    terminals.clear()
    monkeypatch.delattr(sys, "frozen")
    ran()
    assert served == [None, ("serve", "--documents"), None, None, None]


def test_the_window_of_dropped_files_stays_open_whatever_comes_of_them(
    window: io.StringIO, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.xlsx").write_bytes(clean_workbook())
    assert ran(str(tmp_path / "a.xlsx")) == 0
    assert "通过" in capsys.readouterr().out
    assert window.tell() == 1
    assert ran("--wrong") == 2
    assert "没有选项“--wrong”" in capsys.readouterr().err


def test_a_window_whose_input_ended_is_no_trouble(window: io.StringIO) -> None:
    window.read()
    assert ran("--version") == 0
    window.close()
    assert ran("--version") == 0


def test_in_a_terminal_nothing_waits(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran("--version") == 0
    assert "回车" not in capsys.readouterr().out
