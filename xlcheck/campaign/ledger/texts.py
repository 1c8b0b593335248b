"""Texts as the ledger holds them."""

from __future__ import annotations

from collections.abc import Iterable

from xlcheck.model.text import entered

_LONGEST_NOTE = 2_000
"""Characters of what an office or a unit writes."""


def entered_note(text: str) -> str:
    """What a person wrote, with its lines."""
    return entered(text, _LONGEST_NOTE, lines=True).strip()


def text_of_cells(cells: Iterable[str]) -> str:
    """The cells of a finding, one a line: no sheet's title has line ends."""
    return "\n".join(cells)


def cells_in(text: str) -> tuple[str, ...]:
    """The cells that a text names."""
    return tuple(text.split("\n")) if text else ()
