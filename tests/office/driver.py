"""LibreOffice for tests: one soffice and one bridge, both ended for sure."""

from __future__ import annotations

import json
import os
import secrets
import select
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

SYSTEM_PYTHON = "/usr/bin/python3"
"""The Python that has LibreOffice's module `uno` (Debian: python3-uno)."""

PATIENCE = 90
"""Seconds to wait for an answer; LibreOffice may first have to make its profile."""

FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xls": "MS Excel 97",
    ".ods": "calc8",
    ".pdf": "calc_pdf_Export",
    ".html": "HTML (StarCalc)",
}
"""LibreOffice's export filters, by the suffix of the file."""


def missing() -> str:
    """What the tests against LibreOffice lack on this machine; empty when nothing."""
    for program in ("soffice", "pdftoppm", "pdfinfo", SYSTEM_PYTHON):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    try:
        subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], check=True, capture_output=True)
    except subprocess.CalledProcessError:
        return f"{SYSTEM_PYTHON} has no module uno (python3-uno)"
    return ""


class Office:
    """A running LibreOffice."""

    def __init__(self, bridge: subprocess.Popen[str]) -> None:
        """Talk to LibreOffice through `bridge`."""
        self._bridge = bridge

    def ask(self, request: str, *arguments: Any) -> Any:
        """Send a request of :mod:`tests.office.bridge` and wait for its answer."""
        assert self._bridge.stdin
        assert self._bridge.stdout
        self._bridge.stdin.write(json.dumps([request, arguments]) + "\n")
        self._bridge.stdin.flush()
        if not select.select([self._bridge.stdout], [], [], PATIENCE)[0]:
            self._bridge.kill()
        line = self._bridge.stdout.readline()
        if not line:
            raise RuntimeError(f"the bridge ended during {request}{arguments}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    def glance(self, path: Path) -> dict[str, list[list[Any]]]:
        """What the cells of a small workbook hold, row by row of each sheet; opened where it lies, and closed again."""
        answer: dict[str, list[list[Any]]] = self.ask("glance", path.as_uri())
        return answer

    @contextmanager
    def open(self, path: Path) -> Iterator[Document]:
        """Open a copy of a workbook; closed without saving at the end."""
        with tempfile.TemporaryDirectory(prefix="xlcheck-open-") as folder:
            # A copy, because LibreOffice leaves a lock file beside what it opens when it does not end well.
            copy = shutil.copy(path, folder)
            number = self.ask("open", Path(copy).as_uri())
            yield Document(self, number)
            self.ask("close", number)


class Document:
    """An open workbook. Cells are named ``依申请公开!D5``."""

    def __init__(self, office: Office, number: int) -> None:
        """The workbook that the bridge knows by `number`."""
        self._office, self._number = office, number

    def _ask(self, request: str, *arguments: Any) -> Any:
        return self._office.ask(request, self._number, *arguments)

    def put(self, cells: Mapping[str, Any]) -> None:
        """Set cells through the API: numbers, texts, ``{"formula": …}``; an empty text makes a cell blank."""
        self._ask("put", dict(cells))

    def type(self, cells: Mapping[str, str]) -> None:
        """Type into cells as a person does; what protection or validation refuse stays out."""
        self._ask("type", dict(cells))

    def get(self, *addresses: str) -> list[Any]:
        """What cells hold: None for a blank, a number, or a text."""
        answer: list[Any] = self._ask("get", addresses)
        return answer

    def formulas(self) -> dict[str, Any]:
        """The results of all formulas, by address."""
        answer: dict[str, Any] = self._ask("formulas")
        return answer

    def contents(self) -> dict[str, Any]:
        """What all filled cells show, by address."""
        answer: dict[str, Any] = self._ask("contents")
        return answer

    def calculate(self) -> None:
        """Recalculate everything."""
        self._ask("calculate")

    def save(self, path: Path, password: str = "") -> Path:
        """Store a copy in the format of the path's suffix; with a password it is encrypted."""
        self._ask("save", path.absolute().as_uri(), FILTERS[path.suffix], password)
        return path

    def sheets(self) -> dict[str, Any]:
        """Names, the active one, what is protected and which areas are unlocked."""
        answer: dict[str, Any] = self._ask("sheets")
        return answer

    def print_only(self, sheet: str) -> None:
        """Leave only this sheet to be printed."""
        self._ask("print_only", sheet)

    def validations(self, addresses: Sequence[str]) -> list[dict[str, Any]]:
        """The validation of each cell."""
        answer: list[dict[str, Any]] = self._ask("validations", addresses)
        return answer

    def comments(self) -> dict[str, str]:
        """The texts of all comments, by address."""
        answer: dict[str, str] = self._ask("comments")
        return answer

    def names(self) -> dict[str, str]:
        """The defined names and what they refer to."""
        answer: dict[str, str] = self._ask("names")
        return answer


@contextmanager
def running() -> Iterator[Office]:
    """LibreOffice with a profile of its own, for as long as the block lasts."""
    pipe = f"xlcheck-{os.getpid()}-{secrets.token_hex(4)}"
    with tempfile.TemporaryDirectory(prefix="xlcheck-office-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        soffice = subprocess.Popen(
            [
                "soffice",
                "--headless",
                "--norestore",
                "--nologo",
                "--nodefault",
                f"--accept=pipe,name={pipe};urp;",
                f"-env:UserInstallation={(home / 'profile').as_uri()}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield from _bridged(pipe)
        finally:
            _end(soffice)


def _bridged(pipe: str) -> Iterator[Office]:
    script = Path(__file__).with_name("bridge.py")
    with subprocess.Popen(
        [SYSTEM_PYTHON, "-X", "utf8", str(script), pipe],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))},
    ) as bridge:
        office = Office(bridge)
        try:
            yield office
            with suppress(RuntimeError, OSError):
                office.ask("quit")
        finally:
            bridge.kill()


def _end(soffice: subprocess.Popen[bytes]) -> None:
    """Wait a moment for LibreOffice to end by itself; then end its whole process group."""
    try:
        soffice.wait(10)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with suppress(ProcessLookupError):
            os.killpg(soffice.pid, signal.SIGKILL)
        soffice.wait()
