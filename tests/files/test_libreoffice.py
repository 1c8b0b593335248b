"""LibreOffice is asked in a folder of its own, and ended whatever it does. What it really makes: tests/office."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import ROOT
from xlcheck.files import libreoffice

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs of these tests are scripts")


def program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program called soffice, and nothing else, where programs are looked for; what it makes is temporary here."""
    bin_ = folder / "bin"
    bin_.mkdir()
    (bin_ / "soffice").write_text(f"#!/bin/sh\n{script}\n")
    (bin_ / "soffice").chmod(0o755)
    (folder / "tmp").mkdir()
    monkeypatch.setenv("PATH", f"{bin_}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("tempfile.tempdir", str(folder / "tmp"))


def ended(process: int) -> bool:
    """Whether a process is gone, or only waits to be buried."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True


def children_of(process: int) -> list[str]:
    """The processes that a process started."""
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def wait_for(what: Callable[[], bool]) -> bool:
    """Wait until something is so, a minute at most."""
    for _ in range(1200):
        if what():
            return True
        time.sleep(0.05)
    return False


ECHO = """
for last; do :; done
mkdir -p "$TMPDIR/out"
{ cat "$last"; echo "$@"; cat "$TMPDIR/profile/user/registrymodifications.xcu"; env; } > "$TMPDIR/out/in.docx"
"""


def test_it_works_in_a_folder_that_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, ECHO, monkeypatch)
    monkeypatch.setenv("SECRET", "x")
    made = libreoffice.rewritten(b"hello ", ".doc", "MS Word 97", "docx:MS Word 2007 XML")
    assert made is not None
    said = made.decode()
    assert said.startswith("hello ")
    assert "--infilter=MS Word 97" in said
    assert "MacroSecurityLevel" in said
    assert "SECRET" not in said
    assert "http_proxy=http://127.0.0.1:9" in said
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("script", ["exit 1", "exit 0", "kill -9 $$"])
def test_where_it_makes_nothing_there_is_nothing(script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, script, monkeypatch)
    assert libreoffice.rewritten(b"", ".doc", "MS Word 97", "docx") is None


def test_it_is_ended_with_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, f'sleep 600 & echo $! > "{tmp_path}/child"; sleep 600', monkeypatch)
    monkeypatch.setattr(libreoffice, "_SECONDS", 1)
    assert libreoffice.rewritten(b"", ".doc", "MS Word 97", "docx") is None
    child = int((tmp_path / "child").read_text())
    assert ended(child)
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells which processes there are")
def test_it_does_not_outlive_whoever_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that takes too long is killed without a chance to end anything."""
    said = tmp_path / "child"
    program(tmp_path, f'sleep 600 & echo $! > "{said}.new"; mv "{said}.new" "{said}"; sleep 600', monkeypatch)
    code = "from xlcheck.files.libreoffice import rewritten; rewritten(b'', '.doc', 'MS Word 97', 'docx')"
    env = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    asking = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=env)
    assert wait_for(said.exists)
    assert wait_for(lambda: len(children_of(asking.pid)) == 2)
    asking.kill()
    asking.wait()
    child = int(said.read_text())
    assert wait_for(lambda: ended(child) and not list((tmp_path / "tmp").iterdir()))


def test_where_it_is_not_installed_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "soffice", lambda: None)
    with pytest.raises(FileNotFoundError):
        libreoffice.rewritten(b"", ".doc", "MS Word 97", "docx")
