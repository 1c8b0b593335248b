"""Reports as documents that are hostile, and what must become of each, as of the workbooks in ``cases``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.hostile.corpus.cases import Case
from tests.hostile.documents import DEAR_PDF, DOCX, HTML, PDF, TEXT
from tests.hostile.makers import Maker

_KINDS: Mapping[str, Mapping[str, Maker]] = {"docx": DOCX, "html": HTML, "pdf": {**PDF, **DEAR_PDF}, "txt": TEXT}
_USUAL = "F104"
_OTHERWISE: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("docx", "F101"): ("nested too deeply", "entities"),
    ("docx", "F103"): (
        "wide spans", "merged downwards", "empty paragraphs", "nested tables", "a chain of styles", "fields without end",
        "attributes", "namespaces", "a long text",
    ),
    ("html", "F101"): ("an archive of lines", "an archive of parts", "an archive of archives"),
    ("html", "F103"): (
        "cells", "elements", "classes", "style attributes", "rules", "a rule without end", "braces", "open comments",
        "comments", "many words", "nested tables",
    ),
    ("pdf", "F103"): ("lines", "characters", "marks of a page"),
    ("txt", "F101"): ("no text in any encoding",),
    ("txt", "F103"): ("blanks", "lines", "rules"),
}  # fmt: skip
"""What cannot be read, and what is read and has no table of a form."""


def _expected(kind: str, what: str) -> str:
    return next((code for (of, code), names in _OTHERWISE.items() if of == kind and what in names), _USUAL)


def _named(kind: str, what: str) -> str:
    return f"document-{re.sub(r'[^a-z0-9]+', '-', what.lower()).strip('-')}.{kind}"


DOCUMENTS = tuple(
    Case(_named(kind, what), _expected(kind, what), f"{kind}: {what}", maker)
    for kind, makers in _KINDS.items()
    for what, maker in makers.items()
)
"""All of them; their names differ from those of all other files."""
