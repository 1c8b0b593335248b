"""LibreOffice is asked in a folder of its own, and ended whatever it does. What it really makes: tests/office."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

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
    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"
    assert list((tmp_path / "tmp").iterdir()) == []


def test_where_it_is_not_installed_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "soffice", lambda: None)
    with pytest.raises(FileNotFoundError):
        libreoffice.rewritten(b"", ".doc", "MS Word 97", "docx")
