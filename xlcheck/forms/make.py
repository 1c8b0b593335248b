"""Writes what is kept ready of the forms and of the catalogue: ``python -m xlcheck.forms.make`` (``poe forms``).

Run it after a change to a ``.toml`` file; a test compares. Until then the changed file is parsed, at its cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xlcheck.forms import toml
from xlcheck.forms.file import EDITIONS, form_ids, form_text, parse_form, whole_text
from xlcheck.forms.ready import keep, pack
from xlcheck.forms.rules import FIXED_RULES
from xlcheck.forms.vocabulary import PROSE_WORDS


def ready_files() -> Iterator[tuple[Path, str]]:
    """Every file that is kept ready, with what should stand in it."""
    for name in form_ids():
        text = form_text(name)
        yield EDITIONS / f"{name}.json", keep(whole_text(text), pack(parse_form(text, name)))
    text = FIXED_RULES.read_text(encoding="utf-8")
    yield FIXED_RULES.with_suffix(".json"), keep(text, toml.loads(text)["rules"])
    text = PROSE_WORDS.read_text(encoding="utf-8")
    yield PROSE_WORDS.with_suffix(".json"), keep(text, toml.loads(text))


def write_ready() -> None:
    """Write them all."""
    for path, text in ready_files():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_ready()
