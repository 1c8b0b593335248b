"""The examples of the pages are true: every command that a page shows is run, and says what the page says.

Of a ``console`` block a line that begins with ``$`` is a command and the lines below it are what it says; a line of nothing
but ``…`` stands for any lines. A block that shows nothing a command says is only run. ``cat FILE`` gives the file: it is
written as it is shown. A ``toml`` block is written under the name that the page tells next. Lines of ``sh`` blocks are run,
and so are ``python`` blocks; those of docs/api have a test of their own.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from docs.generate import written
from tests import ROOT
from tests.making import example
from tests.making.command import PROGRAM

SKIPPED = {
    r"\b(pip|apt-get|npm)\b|-m venv": "installs; .ci/run does so",
    r"\bpoe\b|python -m (benchmarks|docs|fuzz)": "takes minutes",
    r"xlcheck serve\b": "goes on until somebody ends it, or wants a database; tests/web and tests/commands have them",
    r"\bimaps?://|--smtp\b": "needs a mail server; tests/mail has one",
    r"\.pyz\b": "needs a build; tests/builds has one",
    r"\b(dask|s3:)|--scheduler": "needs a cluster; tests/workers has one",
}
"""What is passed over, and why."""

BLOCK = re.compile(r"^```(console|sh|python|toml)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """A fenced block of a page."""

    kind: str
    text: str
    after: str
    """The page behind it."""


def blocks(page: Path) -> list[Block]:
    """What a page shows, from its beginning to its end."""
    text = page.read_text(encoding="utf-8")
    found = [Block(match[1], match[2], text[match.end() :]) for match in BLOCK.finditer(text)]
    return [one for one in found if one.kind != "python" or page.parent.name != "api"]


PAGES = [page for page in [*written(), ROOT / "samples" / "README.md"] if blocks(page)]


def commands(block: Block) -> list[tuple[str, str]]:
    """The commands of a block, each with what it is shown to say."""
    if block.kind == "console":
        return [(one[1], one[2]) for one in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE)]
    return [(line, "") for line in block.text.splitlines() if line and not line.startswith("#")]


def skipped(command: str) -> str | None:
    """The pattern by which a command is passed over."""
    return next((pattern for pattern in SKIPPED if re.search(pattern, command)), None)


def says(shown: str, said: str) -> bool:
    """Is that what a command said, but for the lines that are left out?"""
    lines = (r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line.rstrip()) + r"\n" for line in shown.splitlines())
    return re.fullmatch("".join(lines), "".join(f"{line.rstrip()}\n" for line in said.splitlines())) is not None


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    example.write(folder)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A fresh folder for one page; files keep their times."""
    shutil.copytree(made, tmp_path / "here")
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "xlcheck"
    script.write_text(f'#!/bin/sh\nexec {shlex.join(PROGRAM)} "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return tmp_path / "here"


def run(command: str, folder: Path) -> tuple[int, str]:
    """Run a line in a shell; answers how it ended, and what it said on stdout and stderr."""
    path = f"{folder.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command.replace(".venv/bin/xlcheck", "xlcheck")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        check=False,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "TZ": "Asia/Shanghai"},
    )
    return done.returncode, done.stdout.decode()


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_what_a_page_shows_is_true(page: Path, folder: Path) -> None:
    for block in blocks(page):
        if block.kind == "toml":
            name = re.search(r"`(\w+\.toml)`", block.after)
            assert name, "a form without a name"
            (folder / name[1]).write_text(block.text, encoding="utf-8")
            continue
        if block.kind == "python":
            done = subprocess.run(
                [sys.executable, "-c", block.text],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            continue
        _try(block, folder)


def _try(block: Block, folder: Path) -> None:
    """Run the commands of a block, one after the other."""
    shown = commands(block)
    silent = not any(text for _, text in shown)
    for command, text in shown:
        if skipped(command):
            continue
        if shows := re.fullmatch(r"cat (\S+)", command):
            (folder / shows[1]).write_text(text, encoding="utf-8")
            continue
        code, said = run(command, folder)
        assert code in (0, 1) or text, f"{command}\n{said}"
        assert silent or says(text, said), f"{command}\n{said}"


@pytest.mark.parametrize("pattern", SKIPPED)
def test_what_is_passed_over_is_there(pattern: str) -> None:
    lines = [
        command for page in PAGES for block in blocks(page) if block.kind != "toml" for command, _ in commands(block)
    ]
    assert any(re.search(pattern, line) for line in lines)


def test_left_out_lines_are_the_only_ones_that_may_differ() -> None:
    said = "一\n二\n三\n"
    assert says("一\n二\n三\n", said)
    assert says("一\n…\n", said)
    assert says("  …\n三\n", said)
    assert not says("一\n三\n", said)
    assert not says("一\n二\n", said)
    assert not says("", said)
