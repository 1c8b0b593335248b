"""Tries a build on the system it was made for: ``python -m builds.smoke [PROGRAM]``. It needs no more than Python.

What the tests do with it on Linux cannot all be done on Windows and macOS; this can.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urljoin
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

from builds.names import EXECUTABLE, ROOT

_HOSTILE = ("far-cell.xlsx", "billion-laughs.xlsx", "encrypted-xlsx.xlsx", "empty.xlsx", "flat-bomb.xlsx")


class _Tried:
    """A program in a folder with a Chinese name."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program, self.folder = program, folder

    def run(self, *arguments: str | Path, code: int) -> str:
        """What it prints; it must end with this exit code, and without a traceback."""
        done = subprocess.run([self._program, *arguments], cwd=self.folder, capture_output=True, check=False)
        said = done.stderr.decode("utf-8", "replace")
        assert (done.returncode, "Traceback" in said) == (code, False), (arguments, done.returncode, said)
        return done.stdout.decode("utf-8", "replace")

    def document(self, *arguments: str | Path, code: int) -> list[Any]:
        """The files of the document that verifying prints."""
        return list(json.loads(self.run("verify", *arguments, "--format", "json", code=code))["files"])

    @contextmanager
    def serving(self) -> Iterator[Callable[..., str]]:
        """The window of the folder: gives what asks it for a page, or sends it a form. It must have been ended at the end."""
        browser = build_opener(HTTPCookieProcessor(), ProxyHandler({}))
        command = [str(self._program), "serve", "--no-browser", "--port", "0"]
        with subprocess.Popen(command, cwd=self.folder, stderr=subprocess.PIPE) as process:
            assert process.stderr is not None
            try:
                opened = re.search(r"http://[\w.:/?=-]+", process.stderr.readline().decode("ascii", "replace"))
                assert opened, process.stderr.read().decode("utf-8", "replace")
                browser.open(opened[0]).close()

                def page(path: str, form: Mapping[str, str] | None = None) -> str:
                    sent = urlencode(form).encode() if form else None
                    with browser.open(urljoin(opened[0], quote(path)), sent) as answer:
                        return str(answer.read().decode("utf-8"))

                yield page
                assert process.wait(60) == 0
            finally:
                process.kill()


def smoke(program: Path, folder: Path) -> None:
    """Try a program in an empty folder.

    Raises:
        AssertionError: it does not do what it should.
    """
    tried = _Tried(program, folder)
    assert tried.run("--version", code=0).startswith("xlcheck ")
    tried.run("template", "--unit", "市教育局", "--year", "2025", "-o", "空表.xlsx", code=0)
    samples = sorted((ROOT / "samples").glob("*.xlsx"))
    (folder / "报送").mkdir()
    for sample in samples:
        shutil.copy(sample, folder / "报送")
    # In processes of their own, and in one after the other.
    for workers in ("2", "1"):
        files = tried.document("报送", "-o", f"结果{workers}", "--jobs", workers, code=1)
        for file, sample in zip(files, samples, strict=True):
            expected = json.loads(sample.with_suffix(".json").read_text(encoding="utf-8"))
            assert file["status"] == ("passed" if sample.name.startswith("通过") else "failed"), sample
            found = (
                [{key: one[key] for key in expected[0]} for one in file["findings"]] if expected else file["findings"]
            )
            assert found == expected, sample
    copies = {path.name: path.read_bytes() for path in (folder / "结果1").glob("*.审核.xlsx")}
    assert copies == {path.name: path.read_bytes() for path in (folder / "结果2").glob("*.审核.xlsx")}
    assert len(copies) == len(samples) - 1
    hostile = [ROOT / "tests" / "hostile" / "corpus" / "files" / name for name in _HOSTILE]
    told = tried.document(*hostile, "--jobs", "2", code=2)
    assert {file["status"] for file in told} == {"unreadable"}
    assert "F105" not in {one["code"] for file in told for one in file["findings"]}
    # As files are dropped on it.
    assert "不通过" in tried.run(folder / "报送" / samples[1].name, code=1)
    tried.run("total", folder / "报送" / samples[0].name, "-o", "汇总.xlsx", code=0)
    _year(tried)
    tried.run("mail", "结果1", "--units", _units(folder), code=0)
    tried.run("inbox", "imap://a@127.0.0.1:1/INBOX", "-o", "收件", "--units", "单位名单.csv", code=2)


def _year(tried: _Tried) -> None:
    """A year's campaign by commands, and its window."""
    units = _units(tried.folder)
    tried.run(
        "campaign", "new", "2021", "--units", units, "--office", "市政务公开办", "--deadline", "2099-01-20", code=0
    )
    here = ("--folder", "2021年报送")
    tried.run("campaign", "add", "报送", *here, code=1)
    assert "攀枝花市人民政府办公室" in tried.run("campaign", "status", *here, "--format", "json", code=1)
    tried.run("campaign", "send", "results", *here, code=0)
    assert list((tried.folder / "2021年报送" / "信件").rglob("*.eml"))
    tried.run("campaign", "report", "-o", "通报", *here, code=0)
    assert (tried.folder / "通报" / "通报.docx").stat().st_size > 10_000
    tried.run("campaign", "archive", "-o", "归档.zip", *here, code=0)
    with tried.serving() as page:
        assert "2021年报送" in page("/")
        assert page("/c/2021年报送/").count("攀枝花市人民政府办公室") >= 1
        token = re.findall(r'name="token" value="([^"]+)"', page("/"))[0]
        assert "已经结束" in page("/end", {"token": token})


def _units(folder: Path) -> str:
    (folder / "单位名单.csv").write_text("单位名称,电子邮箱\n攀枝花市人民政府办公室,a@example.org\n", encoding="utf-8")
    return "单位名单.csv"


def main() -> None:
    """Try the build of this system, or another program."""
    program = Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else EXECUTABLE
    with tempfile.TemporaryDirectory(prefix="核对 ") as folder:
        smoke(program, Path(folder))
    print(f"{program}: ok")


if __name__ == "__main__":
    main()
