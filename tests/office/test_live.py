"""The template while it is being filled in LibreOffice: the counts and the status of the cover."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from samples.make import COVER, published
from tests.making.filling import form
from tests.office.driver import Document, Office
from tests.office.sheet import addresses, cover_addresses
from xlcheck.drawing.formulas import DONE, FieldValue, Live, live
from xlcheck.drawing.template import render
from xlcheck.model.cells import cell_name

pytestmark = pytest.mark.office

COMMITTED = Path("templates/official_template.xlsx")

SPOILED: dict[str, dict[str, FieldValue]] = {
    "text in a count": {"requests.granted.business": "无"},
    "number kept as text": {"requests.granted.business": "12"},
    "only blanks": {"requests.granted.business": "  "},
    "negative": {"disclosure.normative_documents.repealed": -49},
    "fraction": {"disclosure.licensing.decisions": 2.5},
    "small fraction": {"disclosure.licensing.decisions": 0.001},
    "negative fraction": {"disclosure.licensing.decisions": -0.5},
    "amount with decimals": {"disclosure.fees.amount": 12.345678},
    "negative amount": {"disclosure.fees.amount": -0.01},
    "text in the amount": {"disclosure.fees.amount": "—"},
    "broken column": {"requests.received.person": 7, "requests.received.total": 7},
    "wrong total": {"requests.granted.total": 2},
    "broken group": {"disputes.review.upheld": 1},
    "large numbers": {"requests.received.person": 999_999_999_999_999, "requests.received.total": 999_999_999_999_998},
    "blank in a broken relation": {"requests.received.person": 7, "requests.handled.person": ""},
    "many": {
        "disclosure.regulations.issued": 2.5,
        "disclosure.coercion.decisions": "",
        "requests.received.person": 60,
        "requests.carried_in.legal": -1,
        "disputes.suit_direct.pending": "见附件",
        "disputes.review.total": 3,
    },
}
"""What is changed in the published figures."""


def counts(document: Document) -> tuple[str, list[Any]]:
    """The status, and the counts below it."""
    cover = form().cover
    labels, column = cover.entries[0].label.cell[1], cover.entries[0].cell[1]
    below = cover.entries[-1].cell[0] + 1
    texts = document.get(*(f"{cover.sheet}!{cell_name((row, labels))}" for row in range(below, below + 4)))
    top = below + texts.index("填报状态")
    last = top + 3 + len({relation.code for relation in form().relations})
    status, *numbers = document.get(*(f"{cover.sheet}!{cell_name((row, column))}" for row in range(top, last + 1)))
    return status, numbers


def expected(values: Live) -> tuple[str, list[int]]:
    """What :func:`counts` must give."""
    return values.status, [values.blank_entries, values.blank, values.unfit, *values.broken.values()]


@pytest.mark.parametrize("made", ["committed", "rendered"])
def test_cover_follows_what_is_filled_in(office: Office, template: Path, made: str) -> None:
    figures = published(form())
    with office.open(COMMITTED if made == "committed" else template) as document:
        assert counts(document)[0] == "封面还有 2 项未填"
        document.put(cover_addresses(COVER))
        filled: dict[str, FieldValue] = {}
        assert counts(document) == expected(live(form(), COVER, filled))
        for table in form().tables:
            part = {field.key: figures[field.key] for field in table.fields}
            document.put(addresses(part))
            filled.update(part)
            status, numbers = counts(document)
            assert (status, numbers) == expected(live(form(), COVER, filled))
            left = len(figures) - len(filled)
            assert status == (f"还有 {left} 格未填" if left else DONE)


def test_cover_counts_what_is_wrong(office: Office, clean: Path) -> None:
    figures = published(form())
    wrong = {}
    with office.open(clean) as document:
        for name, changes in SPOILED.items():
            document.put(addresses(changes))
            shown, wanted = counts(document), expected(live(form(), COVER, {**figures, **changes}))
            if shown != wanted:
                wrong[name] = shown, wanted
            document.put(addresses({key: figures[key] for key in changes}))
            assert counts(document)[0] == DONE, name
    assert not wrong


def stored(data: bytes, where: Iterable[str]) -> dict[str, Any]:
    """The results of formulas as they stand in the file."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    split = {address: address.split("!") for address in where}
    return {address: book[sheet][cell].value for address, (sheet, cell) in split.items()}


@pytest.mark.parametrize("state", ["blank", "clean", "broken column", "text in a count", "many"])
def test_stored_results_are_what_libreoffice_computes(office: Office, tmp_path: Path, state: str) -> None:
    values = {**published(form()), **SPOILED.get(state, {})}
    data = render(form()) if state == "blank" else render(form(), COVER, values)
    path = tmp_path / "filled.xlsx"
    path.write_bytes(data)
    with office.open(path) as document:
        document.calculate()
        computed = document.formulas()
    assert len(computed) > 7
    assert stored(data, computed) == computed
