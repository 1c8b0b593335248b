"""Writes the corpus: ``python -m tests.hostile.corpus.make`` (``poe corpus``).

Small files are committed, with a manifest. Large ones, and what only a file system can hold (:mod:`tests.hostile.corpus.odd`),
are made when they are tested.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.hostile.corpus.cases import CASES
from tests.hostile.corpus.reports import DOCUMENTS

FOLDER = Path(__file__).parent / "files"
MANIFEST = Path(__file__).parent / "manifest.csv"

MOST = 65_536
"""Bytes of a file that is committed."""

HEAD = ("name", "findings", "committed", "what")


def contents() -> dict[str, bytes]:
    """Every file of the corpus by its name."""
    return {case.name: case.maker() for case in (*CASES, *DOCUMENTS)}


def manifest(made: dict[str, bytes]) -> str:
    """What each file is, and the codes of its findings; none for a file that passes."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEAD)
    for case in (*CASES, *DOCUMENTS):
        writer.writerow((case.name, case.expected, "yes" if len(made[case.name]) <= MOST else "no", case.what))
    return buffer.getvalue()


def main() -> None:
    """Write the folder anew."""
    made = contents()
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.iterdir():
        path.unlink()
    for name, data in made.items():
        if len(data) <= MOST:
            (FOLDER / name).write_bytes(data)
    MANIFEST.write_text(manifest(made), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
