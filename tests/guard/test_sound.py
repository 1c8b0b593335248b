"""Whether texts are well-formed is told as a parser tells it."""

from __future__ import annotations

from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlcheck.guard.sound import is_sound


def parses(data: bytes) -> bool:
    try:
        expat.ParserCreate("utf-8").Parse(b"<a>" + data + b"</a>", True)
    except expat.ExpatError:
        return False
    return True


PIECES = [
    "7", "甲", "&amp;", "&lt;", "&#55;", "&#x37;", "&#9;", "&#1;", "&#0;", "&#xD800;", "&#xFFFE;", "&#x10FFFF;", "&#x110000;", "&a;", "&", "&;", "&#;",
    "&#x;", "&amp", "]]>", "]]", "\t", "\n", "\x01", "\x1f", "\x7f", "\ufffe", "\ufffd", "\u202e", "&#xfffd;", "&AMP;", "&#X37;",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_one_piece(piece: str) -> None:
    assert is_sound(piece.encode()) == parses(piece.encode())


@given(st.lists(st.sampled_from(PIECES), max_size=6), st.binary(max_size=3).filter(lambda data: b"<" not in data))
def test_pieces_together_and_bytes_that_may_be_no_text(pieces: list[str], more: bytes) -> None:
    data = "".join(pieces).encode() + more
    # What is sound is well-formed; the other way round rare notations may be parsed in full all the same.
    assert parses(data) or not is_sound(data)


@given(st.text(st.characters(exclude_characters="<&", exclude_categories=["Cs"])))
def test_plain_texts(text: str) -> None:
    assert is_sound(text.encode()) == parses(text.encode())
