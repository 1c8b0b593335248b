"""Texts of shared strings, as expressions find them."""

from __future__ import annotations

from xml.sax.saxutils import escape

from hypothesis import given
from hypothesis import strategies as st

from xlcheck.guard.texts import SharedStrings, strings_of

TEXTS = st.text(st.sampled_from(" \t\na1“表&<>x"), max_size=4)
STRINGS = st.lists(st.tuples(TEXTS, st.booleans(), st.booleans()), min_size=1, max_size=4)


@given(STRINGS)
def test_texts_are_found_as_they_are_spelt(strings: list[tuple[str, bool, bool]]) -> None:
    keep, spoken = ' xml:space="preserve"', '<phoneticPr fontId="1"/>'
    table = "".join(f"<si><t{keep * kept}>{escape(text)}</t>{spoken * aloud}</si>" for text, kept, aloud in strings)
    said = [text if kept else text.strip(" \t\n") for text, kept, _ in strings]
    assert strings_of(table.encode()) == SharedStrings(len(strings), said)


def test_a_tag_within_a_text_is_no_text() -> None:
    assert strings_of("<si><t>甲</t></si><si><t>乙<b/></t></si>".encode()) is None
    assert strings_of("<si><t>甲</t><t>乙</t></si>".encode()) is None
    assert strings_of(b"<si><t>\xff</t></si>") == SharedStrings(1, None)
