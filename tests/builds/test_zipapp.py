"""One file for machines with Python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from builds.names import ZIPAPP
from builds.zipapp import before
from tests import ROOT
from tests.builds import built
from tests.making.command import Ran
from tests.making.filling import clean_workbook, workbook


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it unpacks itself."""
    built.zipapp()
    return tmp_path_factory.mktemp("unpacked")


def run(unpacked: Path, *arguments: str | Path, folder: Path) -> Ran:
    done = subprocess.run(
        [sys.executable, ZIPAPP, *arguments],
        capture_output=True,
        cwd=folder,
        check=False,
        env={**os.environ, "SHIV_ROOT": str(unpacked), "PYTHONIOENCODING": "utf-8"},
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_sample(unpacked: Path, tmp_path: Path) -> None:
    ran = run(unpacked, "verify", ROOT / "samples" / "错例2-总计填错.xlsx", "-o", tmp_path, folder=tmp_path)
    assert ran.code == 1, ran.err
    assert "疑为：依申请公开!J7 应为 1" in ran.out


def test_a_batch_in_processes_of_its_own(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / "in" / f"{number}.xlsx").write_bytes(workbook(requests__received__person=7 + number))
    (tmp_path / "in" / "3.xlsx").write_bytes(clean_workbook())
    ran = run(unpacked, "verify", "in", "-o", "out", "--jobs", "2", folder=tmp_path)
    assert ran.code == 1, ran.err
    assert "通过 1，待核实 0，不通过 3，无法读取 0" in ran.out


def test_the_template(unpacked: Path, tmp_path: Path) -> None:
    assert run(unpacked, "template", "-o", "a.xlsx", folder=tmp_path).code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (ROOT / "templates" / "official_template.xlsx").read_bytes()


def test_a_campaign_and_its_notice(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "单位名单.csv").write_text("单位名称\n市教育局\n", encoding="utf-8")
    assert run(unpacked, "campaign", "new", "2025", "--units", "单位名单.csv", folder=tmp_path).code == 0
    ran = run(unpacked, "campaign", "report", "--folder", "2025年报送", "-o", "通报", folder=tmp_path)
    assert ran.code == 0, ran.err
    assert (tmp_path / "通报" / "通报.docx").is_file()
    listed = run(unpacked, "serve", "user", "list", "--database", "台账.sqlite", folder=tmp_path)
    assert (listed.code, "Traceback" in listed.err) == (0, False), listed.err


def test_another_python_is_told_which_one_is_wanted() -> None:
    for version, code in (((2, 7), 2), (sys.version_info[:2], 0)):
        done = subprocess.run(
            [sys.executable, "-c", before(version)], capture_output=True, encoding="utf-8", check=False
        )
        assert (done.returncode, "只能用 Python 2.7 运行" in done.stderr) == (code, code == 2)
