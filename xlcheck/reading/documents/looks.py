"""How the parts of a text look: 3² is not 32, and what is struck through is not meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from xlcheck.model.text import LONGEST_CELL, entered, quote
from xlcheck.model.tuples import NamedTuple

Look = Literal["plain", "raised", "struck", "faint"]
"""``raised`` is above or below the line; ``struck`` is struck through; ``faint`` is white, or too small to be seen."""

PICTURED = "格内是图片、文本框或控件，其中的内容读不出来"
"""A cell without a text of its own, but with something to look at."""
INSET = "格内另有一个表格"
"""A cell without a text of its own, but with a table in it."""
NUMBERED = "格里有自动编号，页面上看到的数可能不是写下的数"
"""A number that is counted by the word processor, beside what is written or where nothing is."""
_SAID = {"raised": "是上标或下标", "struck": "划了删除线", "faint": "是白色或极小的字，页面上看不见"}


class Piece(NamedTuple):
    """A part of a text that looks the same throughout."""

    text: str
    look: Look = "plain"


class Sight(NamedTuple):
    """What is seen of a cell or a paragraph."""

    text: str
    """Entered; lines are kept."""
    doubt: str = ""
    """Why nobody may rely on it, in a clerk's words."""


def sight(pieces: Sequence[Piece]) -> Sight:
    """What a text of these pieces says.

    What is raised, struck or faint beside plain text is left out of the text and told: it may be a note's mark, a power, or
    what was replaced. A text that is raised as a whole reads as it stands; another that is so as a whole stands and is doubted.
    """
    looks = {piece.look for piece in pieces if piece.text.strip()}
    if not looks - {"plain"} or looks == {"raised"}:
        return Sight(trimmed("".join(piece.text for piece in pieces)))
    odd = next(piece for piece in pieces if piece.look != "plain" and piece.text.strip())
    kept = pieces if "plain" not in looks else [piece for piece in pieces if piece.look == "plain"]
    doubt = f"其中“{quote(odd.text.strip())}”{_SAID[odd.look]}"
    return Sight(trimmed("".join(piece.text for piece in kept)), doubt)


def as_paragraph(pieces: Sequence[Piece]) -> str:
    """What a paragraph of these pieces tells: nothing where all of it is struck through or cannot be seen."""
    seen = sight(pieces)
    return "" if seen.doubt and not any(piece.look == "plain" and piece.text.strip() for piece in pieces) else seen.text


def covering(text: str) -> str:
    """The doubt of a merged cell above another that holds this text."""
    return f"合并的单元格下面还有“{quote(text)}”"


def trimmed(text: str) -> str:
    """A text :func:`entered`, its lines without blanks at their ends; empty ones are left out."""
    if text.isprintable():
        return entered(text, LONGEST_CELL).strip()
    lines = entered(text, LONGEST_CELL, lines=True).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())
