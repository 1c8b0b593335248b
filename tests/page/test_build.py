"""What the page is built from: nothing that is left out is needed, and what is promised of it stands there."""

from __future__ import annotations

import ast
import base64
import json
import re
from collections.abc import Iterator

import pytest

from docs.folders import FILES
from page.bundle import _B85
from page.parts import HERE, UNUSED, WHEELS

SOURCES = sorted((HERE / "src").glob("*"))
SITTING_OUT = (
    "commands",
    "mail",
    "__main__",
    "workers.cluster",
    "files.remote",
    "tasks.mail",
    "tasks.inbox",
    "forms.make",
    "reading.documents.pdf",
)
"""Modules that the page never loads."""


def imported() -> Iterator[tuple[str, str]]:
    """Each module of the page, and all that it imports of the standard library, wherever it does so."""
    for module, path in FILES.items():
        if not module.startswith(SITTING_OUT):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    yield from ((module, alias.name) for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    yield from ((module, f"{node.module}.{alias.name}") for alias in node.names)


def test_no_module_that_is_left_out_is_imported() -> None:
    left_out = tuple(name.replace("/", ".") for name in UNUSED)
    found = {(module, name) for module, name in imported() if any(f"{name}.".startswith(f"{one}.") for one in left_out)}
    assert found == set()


def test_texts_become_no_markup() -> None:
    for path in SOURCES:
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", path.read_text("utf-8")
        ), path


def test_nothing_is_kept() -> None:
    for path in SOURCES:
        assert not re.search(
            r"localStorage|sessionStorage|indexedDB|document\.cookie|serviceWorker", path.read_text("utf-8")
        )


@pytest.mark.parametrize("package", ["pyodide", "esbuild", "axe-core"])
def test_versions_stand_fast(package: str) -> None:
    asked = json.loads((HERE / "package.json").read_text("utf-8"))
    locked = json.loads((HERE / "package-lock.json").read_text("utf-8"))["packages"][f"node_modules/{package}"]
    assert (asked.get("dependencies", {}) | asked["devDependencies"])[package] == locked["version"]
    assert locked["integrity"].startswith("sha512-")


def test_wheels_are_those_that_are_tested() -> None:
    lines = [line for line in WHEELS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert [bool(re.fullmatch(r"[\w-]+==[\w.]+ --hash=sha256:[0-9a-f]{64}", line)) for line in lines] == [True] * len(
        lines
    )


def test_the_script_reads_base_85_as_it_is_written() -> None:
    """The signs of src/parts.js stand in the order of Python's, with those that HTML knows exchanged."""
    signs = re.search(r'const SIGNS = "([^"]+)"', (HERE / "src" / "parts.js").read_text("utf-8"))
    assert signs is not None
    ours = signs[1].encode()
    for value, sign in enumerate(ours):
        assert base64.b85encode(bytes(3) + bytes([value])).translate(_B85)[-1] == sign
    assert not set(b"<>&'\"\\") & set(ours)


def test_the_pages_version_of_pyodide_is_the_one_that_is_locked() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text("utf-8"))["packages"]["node_modules/pyodide"]
    assert f'version: "{lock["version"]}"' in (HERE / "src" / "worker.js").read_text("utf-8")
