"""The program for machines without Python: it does what the package does, wherever it lies and however it is started.

Its commands, its servers and its interruptions are tried by the tests of the package themselves, which run it in place of
Python with ``XLCHECK_PROGRAM=binary``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from builds.binary import pack
from builds.names import BINARY, EXECUTABLE, PAGE
from builds.smoke import smoke
from tests import ROOT
from tests.builds import built
from tests.making.command import Ran
from tests.making.filling import clean_values, clean_workbook, workbook
from tests.making.printouts import by_office, typed
from tests.making.written_reports import page_report, word_report
from xlcheck.workers import child as module
from xlcheck.workers.calls import Bounds, Lost
from xlcheck.workers.child import Child

SAMPLES = sorted((ROOT / "samples").glob("*.xlsx"))
FAULTY = workbook(requests__received__person=7)


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    built.binary()


def run(
    *arguments: str | Path, program: Path = EXECUTABLE, folder: Path | None = None, env: Mapping[str, str] | None = None
) -> Ran:
    done = subprocess.run(
        [program, *arguments], capture_output=True, cwd=folder, check=False, env={**os.environ, **(env or {})}
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def by_python(*arguments: str | Path, folder: Path) -> Ran:
    done = subprocess.run(
        [sys.executable, "-m", "xlcheck", *arguments],
        capture_output=True,
        cwd=folder,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def content(folder: Path) -> dict[str, bytes]:
    """The copies in a folder."""
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*.审核*")}


def same(folder: Path, *arguments: str) -> Any:
    """Check files in `folder` both ways; answers the document of the build, which is that of Python's."""
    documents, copies = [], []
    for way in (run, by_python):
        shutil.rmtree(folder / "out", ignore_errors=True)
        ran = way("verify", *arguments, "-o", "out", "--format", "json", folder=folder)
        assert ran.code == 1, ran.err
        documents.append(json.loads(ran.out))
        copies.append(content(folder / "out"))
    assert documents[0] == documents[1]
    assert copies[0].keys() == copies[1].keys()
    assert [name for name in copies[0] if copies[0][name] != copies[1][name]] == []
    assert copies[0]
    return documents[0]


# --- the same as the package -------------------------------------------------------------------------------------------


def test_what_is_tried_on_every_system(tmp_path: Path) -> None:
    smoke(EXECUTABLE, tmp_path)


def test_every_sample_has_the_same_findings_and_the_same_copy(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for sample in SAMPLES:
        shutil.copy(sample, tmp_path / "in")
    files = same(tmp_path, "in", "--jobs", "2")["files"]
    assert len(files) == len(SAMPLES) > 5


def test_every_hostile_file_is_told_alike_and_none_is_lost(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "hostile" / "corpus" / "files", tmp_path / "in")
    files = same(tmp_path, "in", "--jobs", "2")["files"]
    assert len(files) > 250
    assert "F105" not in {finding["code"] for file in files for finding in file["findings"]}


def test_documents_are_read_and_marked_alike(tmp_path: Path) -> None:
    wrong = {**clean_values(), "disclosure.fees.amount": "125000元"}
    (tmp_path / "a.docx").write_bytes(word_report(wrong))
    (tmp_path / "b.html").write_text(page_report(wrong), encoding="utf-8")
    files = same(tmp_path, "a.docx", "b.html")["files"]
    assert [file["status"] for file in files] == ["failed"] * 2


@pytest.mark.office
def test_a_printed_report_is_read_and_marked_alike(tmp_path: Path) -> None:
    (tmp_path / "年报.pdf").write_bytes(
        by_office({"a": typed({**clean_values(), "disclosure.fees.amount": "无"})})["a"]
    )
    (file,) = same(tmp_path, "年报.pdf")["files"]
    assert "C103" in {finding["code"] for finding in file["findings"]}


def test_the_template_is_the_official_one(tmp_path: Path) -> None:
    assert run("template", "-o", tmp_path / "a.xlsx").code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (ROOT / "templates" / "official_template.xlsx").read_bytes()


def test_what_is_left_out_is_told_without_advice_that_does_not_help(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(clean_workbook())
    for arguments in (("verify", "a.xlsx", "--scheduler", "tcp://127.0.0.1:1"), ("verify", "s3://bucket/a.xlsx")):
        ran = run(*arguments, folder=tmp_path)
        assert (ran.code, ran.out) == (2, "")
        assert "免安装版不带这一部分" in ran.err
        assert "Traceback" not in ran.err


# --- wherever it lies, and however it is started -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of it in a folder with a Chinese name and a blank, where nobody may write."""
    folder = tmp_path_factory.mktemp("elsewhere") / "公开 审核"
    shutil.copytree(BINARY, folder, symlinks=True)
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o555)
    yield folder / EXECUTABLE.name
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "zh_CN.GBK"])
@pytest.mark.parametrize("linked", [False, True])
def test_it_runs_where_it_lies_whatever_the_locale(linked: bool, locale: str, elsewhere: Path, tmp_path: Path) -> None:
    program = elsewhere
    if linked:
        (tmp_path / "bin").mkdir()
        program = tmp_path / "bin" / "核对"
        program.symlink_to(elsewhere)
    (tmp_path / "报送").mkdir()
    (tmp_path / "报送" / "甲.xlsx").write_bytes(FAULTY)
    (tmp_path / "报送" / "乙.xlsx").write_bytes(clean_workbook())
    cleared = {"LC_ALL": locale, "LANG": "", "LC_CTYPE": "", "PYTHONUTF8": "0", "PYTHONPATH": "/nowhere"}
    ran = run("verify", "报送", "-o", "审核 结果", "--jobs", "2", program=program, folder=tmp_path, env=cleared)
    assert ran.code == 1, ran.err
    assert "不通过　报送/甲.xlsx" in ran.out
    assert "通过 1，待核实 0，不通过 1，无法读取 0" in ran.out
    assert set(content(tmp_path / "审核 结果")) == {"甲.审核.xlsx"}


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="gives rights up")
def test_nothing_is_written_beside_it(elsewhere: Path, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(FAULTY)
    # Root writes everywhere, so it gives that right up.
    command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]
    before = sorted(elsewhere.parent.rglob("*"))
    command += [str(elsewhere), "verify", "a.xlsx", "a.xlsx", "--jobs", "2", "-o", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert sorted(elsewhere.parent.rglob("*")) == before
    beside = [*command[:4], "template", "-o", str(elsewhere.parent / "a.xlsx")]
    refused = subprocess.run(beside, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_modules_of_the_folder_it_is_started_in_are_not_taken_for_its_own(tmp_path: Path) -> None:
    for name in ("json", "click", "xlcheck", "faulthandler", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken over')")
    (tmp_path / "a.xlsx").write_bytes(FAULTY)
    (tmp_path / "b.xlsx").write_bytes(FAULTY)
    environment = {"PYTHONPATH": str(tmp_path), "PYTHONHOME": str(tmp_path), "PYTHONSTARTUP": str(tmp_path / "json.py")}
    ran = run("verify", ".", "-o", "out", "--jobs", "2", folder=tmp_path, env=environment)
    assert (ran.code, "不通过 2" in ran.out) == (1, True), ran.err


def test_dropped_files_are_checked(tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        (tmp_path / f"{name}.xlsx").write_bytes(FAULTY)
    ran = run(tmp_path / "甲.xlsx", tmp_path / "乙.xlsx", folder=ROOT)
    assert (ran.code, "不通过 2" in ran.out) == (1, True), ran.err
    assert set(content(tmp_path)) == {"甲.审核.xlsx", "乙.审核.xlsx"}


# --- strangers' files are as far away ------------------------------------------------------------------------------------


@pytest.fixture
def calling(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Child]]:
    """A child of the build that calls a function of the standard library."""
    monkeypatch.setattr(module, "_can_fork", lambda: False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(EXECUTABLE))
    children: list[Child] = []

    def made(function: Callable[[Any], Any], seconds: float = 600) -> Child:
        children.append(Child(function, Bounds(seconds, memory=256 << 20)))
        return children[-1]

    yield made
    for child in children:
        child.close()


def test_a_file_that_eats_memory_hangs_or_aborts_ends_only_its_own_process(calling: Callable[..., Child]) -> None:
    child = calling(bytearray)
    assert len(child.call(1 << 20)) == 1 << 20
    assert child.call(1 << 30) == Lost("memory")
    assert calling(time.sleep, 0.5).call(600) == Lost("time")
    assert calling(signal.raise_signal).call(signal.SIGABRT) == Lost("crashed", "SIGABRT")
    assert calling(os._exit).call(7) == Lost("crashed", "7")
    session = calling(os.getsid).call(0)
    assert session not in (os.getsid(0), None)
    assert calling(signal.getsignal).call(signal.SIGINT) == signal.SIG_IGN


# --- what is in it -------------------------------------------------------------------------------------------------------

LIBRARIES = {
    "PIL", "alembic", "anyio", "argon2", "backports", "charset_normalizer", "click", "cryptography", "docx", "et_xmlfile",
    "h11", "idna", "imapclient", "importlib_metadata", "jaraco", "jeepney", "jinja2", "keyring", "lazy_importer", "lxml",
    "mako", "markupsafe", "more_itertools", "msoffcrypto", "olefile", "openpyxl", "pdfminer", "pdfplumber", "platformdirs",
    "psycopg_binary", "pypdf", "pypdfium2", "pypdfium2_cfg", "pypdfium2_raw", "python_calamine", "python_multipart",
    "secretstorage", "sqlalchemy", "starlette", "tomlkit", "tqdm", "typing_extensions", "uvicorn", "xlsxwriter", "zipp",
    "zxcvbn",
}  # fmt: skip
"""All that may be in it besides xlcheck and Python: what the extras need, and nothing that only happens to be installed."""


def test_nothing_needless_is_in_it() -> None:
    from PyInstaller.archive.readers import CArchiveReader

    modules = CArchiveReader(str(EXECUTABLE)).open_embedded_archive("PYZ.pyz").toc
    found = {name.partition(".")[0] for name in modules} - sys.stdlib_module_names - {"xlcheck"}
    assert {name for name in found if not name.startswith("_")} - LIBRARIES == set()
    own = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in (ROOT / "xlcheck").rglob("*.py")
        if "migrations" not in path.parts
    }
    assert own - set(modules) == set()


def test_every_migration_lies_beside_it_as_a_file_that_alembic_reads() -> None:
    inside = Path("xlcheck", "campaign", "ledger", "migrations")
    files = {path.relative_to(ROOT / inside) for path in (ROOT / inside).rglob("*.py")}
    assert {path for path in files if not (BINARY / "_internal" / inside / path).is_file()} == set()
    assert len(files) > 1


def test_the_licence_of_every_library_comes_with_it() -> None:
    text = (BINARY / "LICENSES.txt").read_text(encoding="utf-8")
    there = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"^=+\n(\S+) .*\n=+$", text, re.MULTILINE)}
    assert {"python", "xlcheck"} <= there
    made_by = packages_distributions()
    for library in LIBRARIES & made_by.keys():
        assert {re.sub(r"[-_.]+", "-", name).lower() for name in made_by[library]} & there, library
    heads = text.split("=" * 78 + "\n")[2::2]
    assert [head[:60] for head in heads if not head.strip()] == []


def test_a_zip_is_the_same_whenever_it_is_made(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "程序").write_text("#!/bin/sh")
    (tmp_path / "a" / "程序").chmod(0o700)
    (tmp_path / "a" / "b" / "c").symlink_to("../程序")
    pack(tmp_path / "a", tmp_path / "1.zip")
    os.utime(tmp_path / "a" / "程序", (1, 1))
    pack(tmp_path / "a", tmp_path / "2.zip")
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "1.zip") as packed:
        modes = {one.filename: oct(one.external_attr >> 16) for one in packed.infolist()}
    assert modes == {"a/b/c": "0o120777", "a/程序": "0o100755"}


def test_the_zip_is_the_folder(tmp_path: Path) -> None:
    archive = BINARY.with_name(f"{BINARY.name}.zip")
    with zipfile.ZipFile(archive) as packed:
        names = packed.namelist()
        assert {name.partition("/")[0] for name in names} == {BINARY.name}
    assert {f"{BINARY.name}/{name}" for name in (EXECUTABLE.name, "使用说明.txt", "LICENSES.txt")} <= set(names)
    assert (f"{BINARY.name}/{PAGE.name}" in names) == (BINARY / PAGE.name).is_file()
    if os.environ.get("XLCHECK_REQUIRE_BUILDS") == "1" and PAGE.is_file():
        assert (BINARY / PAGE.name).read_bytes() == PAGE.read_bytes()
    unzip = shutil.which("unzip")
    if unzip is not None:
        subprocess.run([unzip, "-q", archive, "-d", tmp_path], check=True)
        ran = run("--version", program=tmp_path / BINARY.name / EXECUTABLE.name)
        assert (ran.code, ran.out[:8]) == (0, "xlcheck ")
