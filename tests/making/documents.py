"""JSON documents in tests: made of results, and held against the JSON Schema that stands in docs/."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from itertools import pairwise
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from docs.generate import FOLDER
from docs.schema import DOCUMENTS
from xlcheck.results.checked import Checked
from xlcheck.results.counts import Counts, Tally
from xlcheck.results.entries import file_json
from xlcheck.results.stored import RESULTS_FILE
from xlcheck.results.writing import entry, write_json

SCHEMAS: Mapping[str, Any] = {
    name.partition("-")[0]: json.loads((FOLDER / "api" / name).read_text(encoding="utf-8")) for name in DOCUMENTS
}
"""By the kind of document: ``results``, or the command that prints it."""


def counted(tallies: Iterable[Tally]) -> Counts:
    """The counts over files."""
    return reduce(Counts.add, tallies, Counts())


def json_of(results: Sequence[Checked]) -> str:
    """The document of a run that came to these results; it is valid."""
    stream = io.StringIO()
    write_json(stream, counted(one.tally for one in results), (entry(file_json(one)) for one in results))
    return valid(stream.getvalue())


def valid(text: str, kind: str = "results") -> str:
    """A document, once it is known to be as its schema says, without a key that the schema does not know."""
    _against(kind).validate(json.loads(text))
    return text


def valid_file(entry: str) -> Any:
    """The value of an entry of ``files``, once it is known to be as the schema says."""
    file = json.loads(entry)
    _against("results", "FileJson").validate(file)
    return file


def look_at(out: str, arguments: Sequence[object], folder: Path) -> None:
    """Hold against the schema what a command line printed, and what it left in a folder of results.

    Args:
        out: what stands on stdout.
        arguments: the command line without ``xlcheck``.
        folder: where it ran.
    """
    words = [os.fsdecode(word) if isinstance(word, bytes) else str(word) for word in arguments]
    kind = "results" if words[:1] == ["verify"] else words[0] if words else ""
    if out.startswith("{"):
        valid(out, kind)
    for option, value in pairwise(words):
        left = folder / value / RESULTS_FILE
        if (kind, option) == ("results", "-o") and left.is_file():
            valid(left.read_text(encoding="utf-8"))


@lru_cache
def _against(kind: str, name: str = "") -> Draft202012Validator:
    """What checks a document, or a part of one, by its name in the schema."""
    schema = _closed(SCHEMAS[kind])
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]} if name else schema)


def _closed(schema: Any) -> Any:
    """The schema without room for keys that it does not know."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: False if (key, value) == ("additionalProperties", True) else _closed(value)
        for key, value in schema.items()
    }
