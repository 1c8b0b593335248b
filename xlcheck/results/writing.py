"""The JSON document as text, written piece by piece (docs/use/json.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from json.encoder import encode_basestring
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from xlcheck import __version__
from xlcheck.model.text import clean
from xlcheck.results.counts import Counts

if TYPE_CHECKING:
    from xlcheck.results.document import FileJson, RosterJson

SCHEMA = 1
"""The version of the JSON document."""

_RARE = "[^\n -~\u3000-\u303f\u4e00-\u9fff\uff00-\uff65]"
"""What is neither plain ASCII nor Chinese, and has to be looked at; compiling it takes a millisecond, so few need it."""

_COPY = r'(?m)^(   "(?:annotated|fixed)": )(".*")(?=,?$)'
"""The lines of an entry that name copies. Nothing within an entry is indented by three blanks but the file's own keys."""


_MODIFIED = re.compile(r'^(   "modified": )[^,\n]*', re.MULTILINE)
"""The line of an entry that tells when the file was last written."""


def write_json(stream: TextIO, counts: Counts, entries: Iterable[str], further: RosterJson | None = None) -> None:
    """Write the versioned JSON document piece by piece.

    Args:
        stream: where it goes.
        counts: its ``summary``.
        entries: its ``files``, each as :func:`entry` gives it.
        further: what it says of the list of units.
    """
    head = {"xlcheck": __version__, "schema": SCHEMA, "summary": counts._asdict()}
    stream.write(f'{_indented(head, 0)[:-2]},\n "files": [')
    separator = "\n  "
    for one in entries:
        stream.write(f"{separator}{one}")
        separator = ",\n  "
    stream.write("]" if separator == "\n  " else "\n ]")
    for key, value in (further or {}).items():
        stream.write(f",\n {_indented(key, 1)}: {_indented(value, 1)}")
    stream.write("\n}\n")


def entry(file: FileJson) -> str:
    """One file as it is written into ``files``; this takes most of the time, and can be done wherever it was checked."""
    return _indented(file, 2)


def entry_dated(entry: str, modified: float) -> str:
    """An entry of a file that was written at another time; all else stays to the letter."""
    return _MODIFIED.sub(lambda line: f"{line[1]}{json.dumps(modified)}", entry, count=1)


def entry_below(folder: Path, entry: str) -> str:
    """An entry whose copies are told from a folder on, as one that tells the folder, too; all else stays to the letter."""
    return re.sub(_COPY, lambda line: line[1] + _indented(str(folder / json.loads(line[2])), 2), entry)


def document_text(document: object) -> str:
    """A whole document; paths of files stay to the letter, and what steers in them is written as escapes."""
    return _indented(document, 0) + "\n"


def _written(value: object, line: str) -> str:
    """As ``json.dumps(value, ensure_ascii=False, indent=1)`` writes it, in a third of the time; `line` begins each line."""
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or type(value) is bool:
        return "null" if value is None else "true" if value else "false"
    inner = line + " "
    if isinstance(value, dict) and value:
        pieces = [f"{encode_basestring(key)}: {_written(held, inner)}" for key, held in value.items()]
        return f"{{{inner}{f',{inner}'.join(pieces)}{line}}}"
    if isinstance(value, list | tuple) and value:
        return f"[{inner}{f',{inner}'.join([_written(held, inner) for held in value])}{line}]"
    return json.dumps(value)


def _indented(value: object, depth: int) -> str:
    # Within a text a line end is written as an escape, so that each one here begins a line; so is all that steers a
    # terminal, turns the reading direction, or is no character: names of files may hold it, and must stay what they are.
    text = _written(value, "\n")
    if not text.replace("\n", "").replace("\u3000", "").isprintable():
        text = re.sub(_RARE, lambda match: match[0] if clean(match[0]) else json.dumps(match[0])[1:-1], text)
    return text.replace("\n", "\n" + " " * depth)
