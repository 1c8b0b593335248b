"""Writes the parts of the pages that are made from the code.

Run ``python -m docs.generate`` (``poe docs``). The rule pages are made as a whole. In other pages, whatever stands between
``<!-- figure NAME -->`` and ``<!-- /figure -->`` is made anew; docs/figures.py says what the names mean. A test compares
what stands there with what this would write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from docs import figures
from docs.schema import schemas
from xlcheck.forms.file import form_ids, load_form
from xlcheck.forms.pages import entry_page, index_page
from xlcheck.forms.rules import catalogue_of_all

FOLDER = Path(__file__).parent
_MARKED = re.compile(r"(?<!`)(<!-- figure ([^>]+?) -->)(.*?)(<!-- /figure -->)", re.DOTALL)


def pages() -> Iterator[tuple[Path, str]]:
    """Every page that is made or has a made part, with what should stand in it."""
    from docs.openapi import openapi  # it draws in the server

    for name, schema in schemas():
        yield FOLDER / "api" / name, schema
    yield openapi()
    rules = catalogue_of_all(map(load_form, form_ids()))
    yield FOLDER / "rules" / "index.md", index_page(rules.values())
    for rule in rules.values():
        yield FOLDER / "rules" / f"{rule.code}.md", entry_page(rule)
    for path in written():
        text = path.read_text(encoding="utf-8")
        if _MARKED.search(text):
            yield path, filled(text)


def written() -> list[Path]:
    """The pages that people write: those of docs but the rules, and the two that stand at the top."""
    inside = (path for path in FOLDER.rglob("*.md") if path.parent.name != "rules")
    return sorted([*inside, *FOLDER.parent.glob("README*.md")])


def figures_of(page: str) -> list[str]:
    """The names of the figures of a page."""
    return [match[2] for match in _MARKED.finditer(page)]


def filled(page: str) -> str:
    """A page with its figures made anew: a figure of one line stands within its sentence, others on lines of their own."""

    def fresh(match: re.Match[str]) -> str:
        made = figures.figure(match[2])
        return f"{match[1]}\n{made.strip()}\n{match[4]}" if "\n" in made else f"{match[1]}{made}{match[4]}"

    return _MARKED.sub(fresh, page)


def main() -> None:
    """Write all pages."""
    (FOLDER / "rules").mkdir(exist_ok=True)
    for path, text in list(pages()):
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
