"""Builds the page: ``dist/xlcheck.html``, and ``dist/site/`` for a web server (``poe page``).

The same sources give the same bytes. Node and what package-lock.json names must be there (``npm ci --prefix page``).
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

from page.bundle import Parts, bundled, one_file, site
from page.licences import licences
from page.parts import HERE, PYODIDE, built_wheel, fetched_wheels, python_parts

ROOT = HERE.parent
KEPT = ROOT / "build" / "page"
"""What was fetched and need not be fetched again."""


STAMP = ".xlcheck-page"
"""The file beside the page that says what it was built from."""


def build(target: Path) -> None:
    """Write the page into a folder, in both shapes."""
    wheels = fetched_wheels(KEPT / "wheels")
    with tempfile.TemporaryDirectory(prefix="xlcheck-page-") as folder:
        wheel = built_wheel(ROOT, Path(folder, "wheel"))
        stdlib, packages = python_parts(wheel, wheels, Path(folder, "stage"))
        told = licences(wheel, wheels)
    parts = Parts(
        bundled("worker.js", "iife", {"import.meta.url": None}),
        (PYODIDE / "pyodide.asm.wasm").read_bytes(),
        stdlib,
        packages,
    )
    target.mkdir(parents=True, exist_ok=True)
    (target / "xlcheck.html").write_bytes(one_file(parts, told))
    folder_of_site = target / "site"
    shutil.rmtree(folder_of_site, ignore_errors=True)
    folder_of_site.mkdir()
    for name, data in site(parts, told).items():
        (folder_of_site / name).write_bytes(data)
    (target / STAMP).write_text(sources(), encoding="utf-8")


def sources() -> str:
    """The same text for the same sources."""
    digest = hashlib.sha256()
    kinds = {".py", ".toml", ".json", ".txt", ".html", ".css", ".js", ".mjs"}
    every = (*HERE.rglob("*"), *(ROOT / "xlcheck").rglob("*"))
    for path in sorted(path for path in every if path.suffix in kinds and "node_modules" not in path.parts):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_built(target: Path) -> bool:
    """Whether what lies in a folder was built from the sources as they are."""
    stamp = target / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == sources()


def main() -> None:
    """Build into dist/, or into the folder that is named."""
    if not PYODIDE.is_dir():
        raise SystemExit("what the page is built from is not installed: npm ci --prefix page")
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist"
    build(target)
    size = (target / "xlcheck.html").stat().st_size
    print(f"{target / 'xlcheck.html'}: {size / 1e6:.2f} MB; {target / 'site'}")


if __name__ == "__main__":
    main()
