"""What the page consists of, and under which licences, as it tells itself."""

from __future__ import annotations

import html
import json
import zipfile
from collections.abc import Iterator, Sequence
from email.parser import Parser
from pathlib import Path
from typing import NamedTuple

from page.parts import PYODIDE

_WITHIN_PYODIDE = (
    ("CPython (© Python Software Foundation)", "PSF-2.0", "https://github.com/python/cpython"),
    ("Emscripten, musl", "MIT", "https://github.com/emscripten-core/emscripten"),
    ("SQLite", "public domain", "https://sqlite.org"),
    ("zlib, bzip2, liblzma, Zstandard, Expat, libffi, mpdecimal, HACL*", "Zlib, bzip2-1.0.6, 0BSD, BSD, MIT", "https://pyodide.org"),
)  # fmt: skip
"""What CPython for WebAssembly is made of, as Pyodide distributes it: name, licence, source."""


class Software(NamedTuple):
    """One piece of software in the page."""

    name: str
    version: str
    licence: str
    """As its makers call it."""
    source: str
    """Where its source is found."""
    texts: tuple[str, ...] = ()
    """What its licence says, as far as it must go with it."""


def licences(wheel: Path, wheels: Sequence[Path]) -> str:
    """HTML: a table of all software, and the texts."""
    every = [*map(_of_wheel, (wheel, *wheels)), *_scripts()]
    lines = [f"<tr>{''.join(f'<td>{html.escape(text)}</td>' for text in one[:4])}</tr>" for one in every]
    texts = [
        f"<h3>{html.escape(one.name)}</h3><pre>{html.escape(text.strip())}</pre>" for one in every for text in one.texts
    ]
    return "\n".join((*lines, "</tbody></table>", *texts))


def _of_wheel(path: Path) -> Software:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" in name]
        told = Parser().parsestr(archive.read(next(n for n in names if n.endswith("/METADATA"))).decode())
        texts = tuple(archive.read(name).decode() for name in names if "LICENSE" in name.rpartition("/")[2])
    links = (link.partition(",")[2].strip() for link in told.get_all("Project-URL") or ())
    licence = told["License-Expression"] or told["License"] or "MIT"
    return Software(told["Name"], told["Version"], licence, told["Home-page"] or next(links, ""), texts)


def _scripts() -> Iterator[Software]:
    package = json.loads((PYODIDE / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))
    source = package["repository"]["url"].removeprefix("git+").removesuffix(".git")
    yield Software("Pyodide", package["version"], package["license"], source)
    noble = PYODIDE.parent / "@noble" / "ciphers"
    known = json.loads((noble / "package.json").read_text(encoding="utf-8"))
    text = (noble / "LICENSE").read_text(encoding="utf-8")
    yield Software(known["name"], known["version"], known["license"], known["homepage"], (text,))
    for name, licence, place in _WITHIN_PYODIDE:
        yield Software(name, lock["info"]["python"] if name.startswith("CPython") else "", licence, place)
