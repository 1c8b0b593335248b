"""Files are read without waiting, and written whole or not at all; what an interrupted run left is cleaned up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from xlcheck.files.content import NoFile, open_file, read_bytes, replacing, tidied, tidy, write_bytes
from xlcheck.model.errors import Refused


def test_a_pipe_in_place_of_a_file_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", Path("/dev/null"), Path("/dev/zero")):
        with pytest.raises(NoFile):
            open_file(place)
        with pytest.raises(Refused, match="不是普通文件"):
            read_bytes(place)
    with pytest.raises((NoFile, IsADirectoryError)):
        open_file(tmp_path)


def test_what_is_written_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []
    sync, replace = os.fsync, os.replace

    def synced(handle: int) -> None:
        happened.append(f"synced {os.fstat(handle).st_size}")
        sync(handle)

    def replaced(old: Path, new: Path) -> None:
        happened.append("named")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    write_bytes(tmp_path / "a", b"12345")
    assert happened == ["synced 5", "named"]


_KILLED = """
import os, signal, sys
from pathlib import Path
from xlcheck.files.content import replacing
with replacing(Path(sys.argv[1], "a.xlsx")) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(folder: Path) -> None:
    """A run that is killed while it writes."""
    subprocess.run([sys.executable, "-c", _KILLED, str(folder)], cwd=ROOT, check=False)


def test_what_a_killed_run_left_is_cleaned_up_and_nothing_else(tmp_path: Path) -> None:
    killed(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    others = [".~lock.a.xlsx#", ".~abc.tmp", "~$a.xlsx", "0123456789abcdef.tmp", ".~0123456789abcdef.tmp.xlsx"]
    for name in others:
        (tmp_path / name).write_text("x")
    (tmp_path / ".~0123456789abcdef.tmp").mkdir()
    with replacing(tmp_path / "b.xlsx") as file:
        file.write(b"whole")
        tidy([tmp_path, tmp_path / "nowhere"])
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {*others, ".~0123456789abcdef.tmp", "b.xlsx"}
    assert (tmp_path / "b.xlsx").read_bytes() == b"whole"


def test_an_interruption_is_cleaned_up_after(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), tidied([tmp_path]):  # noqa: PT012  # what is left counts
        killed(tmp_path)
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
