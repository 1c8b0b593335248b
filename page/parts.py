"""The Python of the page: its standard library and its packages, compiled, each as one file.

Everything stands in one order and bears one time, so that the same sources give the same bytes.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

HERE = Path(__file__).parent
PYODIDE = HERE / "node_modules" / "pyodide"
WHEELS = HERE / "wheels.txt"

_TIME = (1980, 1, 1, 0, 0, 0)

UNUSED = (
    "__phello__", "_aix_support", "_android_support", "_apple_support", "_ios_support", "_osx_support", "_pydatetime", "_pyio",
    "_pyrepl", "_sysconfigdata__emscripten_wasm32-emscripten", "antigravity", "argparse", "bdb", "cProfile", "cmd", "code", "compileall",
    "compression/zstd", "concurrent/futures/process", "concurrent/interpreters", "configparser", "ctypes", "curses", "dbm",
    "doctest", "ensurepip", "filecmp", "fileinput", "ftplib",
    "getpass", "http", "idlelib", "imaplib", "importlib/_bootstrap", "importlib/_bootstrap_external", "lib2to3", "logging/config",
    "logging/handlers", "mailbox", "mimetypes", "modulefinder", "multiprocessing", "netrc", "nntplib", "optparse", "pdb",
    "pickletools", "plistlib", "poplib", "profile", "profiling", "pstats", "pty", "pyclbr", "pydoc", "pydoc_data", "pyodide/console",
    "rlcompleter", "runpy", "sched", "shelve", "smtplib", "socketserver", "sqlite3/__main__", "sqlite3/dump", "statistics",
    "symtable", "sysconfig/__main__", "tabnanny", "this", "timeit", "tkinter", "trace", "tracemalloc", "turtle", "turtledemo",
    "unittest", "urllib/request", "urllib/robotparser", "venv", "wave", "webbrowser", "wsgiref", "xmlrpc", "zipapp",
    *(f"encodings/{one}" for one in (
        "mac_arabic", "mac_croatian", "mac_cyrillic", "mac_farsi", "mac_greek", "mac_iceland", "mac_latin2", "mac_roman",
        "mac_romanian", "mac_turkish", "cp037", "cp273", "cp424", "cp437", "cp500", "cp720", "cp737", "cp775", "cp850", "cp852",
        "cp855", "cp856", "cp857", "cp858", "cp860", "cp861", "cp862", "cp863", "cp864", "cp865", "cp866", "cp869", "cp875",
        "cp1006", "cp1026", "cp1125", "cp1140", "hp_roman8", "kz1048", "palmos", "ptcp154", "rot_13", "uu_codec",
    )),
)  # fmt: skip
"""Modules and folders of the standard library that nothing in the page needs."""

_OWN_UNUSED = (
    "xlcheck/campaign/", "xlcheck/commands/", "xlcheck/mail/", "xlcheck/web/", "xlcheck/__main__", "xlsxwriter/test/",
    "olefile/doc/", "olefile/olefile2", "msoffcrypto/__main__", "msoffcrypto/format/doc97", "msoffcrypto/format/ppt97",
)  # fmt: skip
"""What the page has no use for of its packages: the terminal, letters, campaigns, and other files than workbooks."""
_UNREAD = (".pyi", "py.typed", "RECORD", ".html", ".txt", ".png", ".md")
"""Endings of files in packages that nothing reads when they run; licences are told in the page."""


def python_parts(wheel: Path, wheels: Sequence[Path], stage: Path) -> tuple[bytes, bytes]:
    """The standard library as a zip that holds its members as they are, and the packages one after the other.

    Args:
        wheel: xlcheck's.
        wheels: those of the others.
        stage: an empty folder to work in.
    """
    library, packages = stage / "library", stage / "packages"
    with zipfile.ZipFile(PYODIDE / "python_stdlib.zip") as archive:
        wanted = [name for name in archive.namelist() if not _is_below(name, UNUSED)]
        archive.extractall(library, wanted)
    for path in (wheel, *wheels):
        with zipfile.ZipFile(path) as archive:
            archive.extractall(packages, [name for name in archive.namelist() if _is_used(name)])
    shutil.copy(HERE / "cryptography.py", packages)
    subprocess.run(["node", str(HERE / "compile.mjs"), str(stage)], check=True, cwd=HERE)
    return _stored(library), _joined(packages)


def _is_below(name: str, places: Iterable[str]) -> bool:
    return any(name == f"{place}.py" or name.startswith(f"{place}/") for place in places)


def _is_used(name: str) -> bool:
    return not name.startswith(_OWN_UNUSED) and not name.endswith(_UNREAD) and ".dist-info/" not in name


def _files(folder: Path) -> list[tuple[str, bytes]]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted((path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths)


def _stored(folder: Path) -> bytes:
    """A zip that Python imports from without inflating anything."""
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        for name, data in _files(folder):
            archive.writestr(zipfile.ZipInfo(name, _TIME), data)
    return box.getvalue()


def _joined(folder: Path) -> bytes:
    """A line of JSON with paths and sizes, then the bytes (``unpack`` in src/worker.js)."""
    files = _files(folder)
    head = json.dumps([[name, len(data)] for name, data in files], separators=(",", ":"))
    return b"".join((head.encode(), b"\n", *(data for _, data in files)))


def fetched_wheels(folder: Path) -> list[Path]:
    """The wheels that wheels.txt names, fetched from PyPI unless they lie in `folder` already."""
    asked = WHEELS.read_text(encoding="utf-8")
    mark = folder / "wheels.txt"
    if not mark.is_file() or mark.read_text(encoding="utf-8") != asked:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        platform = ("--platform", "pyemscripten_2026_0_wasm32", "--python-version", "3.14", "--only-binary", ":all:")
        pip("download", "--no-deps", "--require-hashes", *platform, "-r", str(WHEELS), "-d", str(folder))
        mark.write_text(asked, encoding="utf-8")
    return sorted(folder.glob("*.whl"))


def built_wheel(root: Path, folder: Path) -> Path:
    """The project's own wheel, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    pip("wheel", "--no-deps", "-w", str(folder), str(root))
    (wheel,) = folder.glob("*.whl")
    return wheel


def pip(*arguments: str) -> None:
    """Run pip quietly; it says on stderr what goes wrong."""
    command = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
