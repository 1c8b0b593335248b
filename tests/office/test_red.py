"""The red of the live checks, as LibreOffice shows them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from samples.make import COVER, published
from tests.making.filling import form, verified
from tests.office.driver import Document, Office
from tests.office.sheet import RED, addresses, colours
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.template import render
from xlcheck.model.form import Relation

pytestmark = pytest.mark.office


def coloured(document: Document, colour: str) -> set[str]:
    """The fields that show a colour."""
    fields = {field.address for field in form().fields}
    return {address for address, shown in colours(document).items() if shown == colour and address in fields}


def broken(values: Mapping[str, FieldValue]) -> set[str]:
    """The cells of all relations that `verify` finds broken."""
    findings = verified(render(form(), COVER, values)).findings
    return {place.address for found in findings if found.code.startswith("B") for place in found.places}


def one_of_each() -> list[Relation]:
    """The last relation of each code."""
    return list({relation.code: relation for relation in form().relations}.values())


@pytest.mark.parametrize("side", ["left", "right"])
def test_exactly_the_cells_of_broken_relations_turn_red(office: Office, clean: Path, side: str) -> None:
    figures = published(form())
    with office.open(clean) as document:
        assert not coloured(document, RED)
        for relation in one_of_each():
            key = (relation.left_keys if side == "left" else relation.right_keys)[-1]
            document.put(addresses({key: 5}))
            expected = broken({**figures, key: 5})
            assert {field.address for field in relation.fields} <= expected
            assert coloured(document, RED) == expected, key
            document.put(addresses({key: figures[key]}))
            assert not coloured(document, RED), key


def test_a_relation_with_a_blank_or_a_text_is_not_red(office: Office, clean: Path) -> None:
    with office.open(clean) as document:
        for value, red in (("", set()), ("无", {"复议诉讼!D5"})):
            document.put(addresses({"disputes.review.total": 3, "disputes.review.pending": value}))
            assert coloured(document, RED) == red
        document.put(addresses({"disputes.review.pending": 3}))
        assert not coloured(document, RED)
        document.put(addresses({"disputes.review.pending": 2}))
        assert len(coloured(document, RED)) == 5


UNFIT: dict[str, FieldValue] = {
    "disclosure.regulations.issued": "无",
    "disclosure.regulations.repealed": -1,
    "disclosure.regulations.in_force": 2.5,
    "disclosure.licensing.decisions": "12",
    "disclosure.penalties.decisions": -0.5,
    "disclosure.fees.amount": -0.01,
    "requests.received.person": "六",
}
"""Field values that do not belong there."""


def test_exactly_what_does_not_belong_there_turns_red(office: Office, clean: Path) -> None:
    with office.open(clean) as document:
        document.put(addresses({**UNFIT, "disclosure.coercion.decisions": ""}))
        assert coloured(document, RED) == {form().by_key[key].address for key in UNFIT}
        document.put(
            addresses({**dict.fromkeys(UNFIT, 0), "requests.received.person": 6, "disclosure.fees.amount": 0.5})
        )
        assert not coloured(document, RED)
