"""Writes the parts of docs/ that are made from the code: the rule pages, the help texts and the JSON Schemas.

Run ``python -m docs.generate`` (``poe docs``). A test compares what stands there with what this would write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from docs.schema import schemas
from xlcheck.commands.cli import cli
from xlcheck.forms.file import load_form
from xlcheck.forms.pages import entry_page, index_page
from xlcheck.forms.rules import catalogue

FOLDER = Path(__file__).parent
_HELP = re.compile(r"(<!-- help -->\n```text\n).*?(```\n<!-- /help -->)", re.DOTALL)


def pages() -> Iterator[tuple[Path, str]]:
    """Every page that is made or has a made part, with what should stand in it."""
    for name, schema in schemas():
        yield FOLDER / name, schema
    rules = catalogue(load_form())
    yield FOLDER / "rules" / "index.md", index_page(rules.values())
    for rule in rules.values():
        yield FOLDER / "rules" / f"{rule.code}.md", entry_page(rule)
    for name, command in sorted(cli.commands.items()):
        path = FOLDER / "commands" / f"{name}.md"
        page = path.read_text(encoding="utf-8")
        yield path, _HELP.sub(lambda match, c=command, n=name: match[1] + help_text(c, n) + match[2], page)  # type: ignore[misc]


def help_text(command: click.Command, name: str) -> str:
    """What ``xlcheck NAME --help`` prints on a terminal of 100 columns."""
    context = command.make_context(
        f"xlcheck {name}", [], resilient_parsing=True, terminal_width=100, max_content_width=100
    )
    return command.get_help(context) + "\n"


def main() -> None:
    """Write all pages."""
    (FOLDER / "rules").mkdir(exist_ok=True)
    for path, text in pages():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
