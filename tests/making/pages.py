"""The built page in a real browser: the system's Chromium, driven by Playwright."""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from page.build import build, is_built
from page.parts import PYODIDE
from tests import ROOT
from tests.making.filling import COVER, clean_values, form
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.template import render

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE = ROOT / "page" / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE = 120_000
"""Milliseconds after which something is taken for broken."""
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def missing() -> str:
    """What the page cannot be built or shown without, or empty."""
    if not any(map(shutil.which, _PROGRAMS)):
        return "Chromium is not installed (Debian: apt-get install chromium)"
    if shutil.which("node") is None or not PYODIDE.is_dir() or not AXE.is_file():
        return "Node or what the page is built from is not installed (npm ci --prefix page)"
    return ""


def built() -> Path:
    """The folder of the page as the sources have it now; it is built only where that was not done yet."""
    for folder in (ROOT / "dist", ROOT / "build" / "page" / "tested"):
        if is_built(folder):
            return folder
    build(folder)
    return folder


@contextmanager
def browsers() -> Iterator[Browser]:
    """A browser while it is needed."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, _PROGRAMS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class _Quiet(SimpleHTTPRequestHandler):
    """A plain server of files, as an intranet has it."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address under which a folder is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


_WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + " " + event.blockedURI));
"""


class Shown:
    """The page in a window of its own, ready."""

    def __init__(self, browser: Browser, address: str, before: str = "", **looks: object) -> None:
        """Open it and wait until it is ready.

        Args:
            browser: where.
            address: its own.
            before: a script that runs before all of its own.
            looks: options of the window.
        """
        self.context = browser.new_context(accept_downloads=True, **looks)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.requests: list[str] = []
        self.troubles: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda told: self.troubles.append(told.text) if told.type == "error" else None)
        self.page.add_init_script(_WATCH + before)
        self.page.goto(address)

    def ready(self) -> Shown:
        """Wait until it can check."""
        self.page.locator("#progress", has_text="准备好了").wait_for()
        return self

    def close(self) -> None:
        """Close the window."""
        self.context.close()

    def give(self, files: Sequence[Path], into: str = "#files") -> None:
        """Choose files, and wait until they are checked."""
        self.page.evaluate("document.getElementById('progress').textContent = ''")
        self.page.set_input_files(into, [str(path) for path in files])
        self.page.locator("#progress", has_text="核对完了").wait_for()

    def saved(self, button: str) -> tuple[str, bytes]:
        """Press a button that offers a file; its name and bytes."""
        with self.page.expect_download() as download:
            self.page.click(button)
        return download.value.suggested_filename, Path(download.value.path()).read_bytes()

    def taken_home(self) -> Mapping[str, bytes]:
        """What the one zip of all results holds, by name."""
        _, data = self.saved("#get-all")
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    @property
    def violations(self) -> list[str]:
        """What its policy had to forbid."""
        found: list[str] = self.page.evaluate("violations")
        return found


def by_command(folder: Path, out: Path, *options: str) -> Mapping[str, bytes]:
    """What the command leaves of a folder that it stands in, by name."""
    command = [sys.executable, "-m", "xlcheck", "verify", ".", "-o", os.path.relpath(out, folder), *options]
    ran = subprocess.run(
        command, check=False, cwd=folder, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert ran.returncode in (0, 1), ran.stderr
    inside = (path for path in out.rglob("*") if path.is_file() and ".xlcheck" not in path.parts)
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in inside}


def handed_in(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Files in a folder, all written at one whole second, as a browser tells it to the millisecond only."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return [folder / name for name in files]


UNREAD = {"pdf.xlsx": "F103"}
"""Files of the hostile corpus that are no workbooks, and of kinds that the page cannot read: what they get there."""


_ODD: tuple[FieldValue, ...] = ("", "无", "１２", "5件", "1,234", "/", -1, 2.5, 7, 10, 0.1234567, 123456789012345678)
"""What clerks leave in cells besides numbers that balance."""


def mutated(number: int) -> bytes:
    """One of endlessly many workbooks: some fields of the clean one hold something else."""
    rng = random.Random(number)
    keys = [field.key for field in form().fields]
    changes = {rng.choice(keys): rng.choice((*_ODD, rng.randrange(100))) for _ in range(rng.randint(1, 6))}
    return render(form(), COVER, clean_values() | changes)
