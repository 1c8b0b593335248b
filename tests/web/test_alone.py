"""One window a folder."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests import ROOT
from xlcheck.web.alone import note_port, noted_port, only_window


def test_of_two_windows_of_a_folder_the_second_finds_the_first(tmp_path: Path) -> None:
    with only_window(tmp_path) as first:
        note_port(tmp_path, 8481)
        with only_window(tmp_path) as second, only_window(tmp_path / "别处") as other:
            assert (first, second, other) == (True, False, True)
            assert noted_port(tmp_path, 0) == 8481
    with only_window(tmp_path) as later:
        assert later
        assert noted_port(tmp_path, 0) is None  # what the one before said holds no more


def test_one_that_is_just_being_opened_is_waited_for(tmp_path: Path) -> None:
    with only_window(tmp_path):
        timer = threading.Timer(0.2, note_port, (tmp_path, 8482))
        timer.start()
        assert noted_port(tmp_path) == 8482
        timer.join()


def test_one_that_was_killed_is_none(tmp_path: Path) -> None:
    code = "import sys, pathlib; from xlcheck.web.alone import only_window\nwith only_window(pathlib.Path(sys.argv[1])) as one: print(one, flush=True); input()"
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"True\n"
        with only_window(tmp_path) as second:
            assert not second
        process.kill()
    with only_window(tmp_path) as later:
        assert later


def test_where_nothing_can_be_locked_nobody_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / ".xlcheck").write_text("no folder")
    with only_window(tmp_path) as first, only_window(tmp_path) as second:
        assert (first, second) == (True, True)
        note_port(tmp_path, 8483)
        assert noted_port(tmp_path, 0) is None


@pytest.mark.parametrize("text", ["", "84x"])
def test_a_note_that_is_no_port_is_none(text: str, tmp_path: Path) -> None:
    with only_window(tmp_path):
        (tmp_path / ".xlcheck" / "window.port").write_text(text)
        assert noted_port(tmp_path, 0) is None
