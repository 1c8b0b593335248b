"""Whatever a report's spelling, each of its numbers is read, or it is told that it is not: never another number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.making.figures import FIGURES
from tests.making.filling import form
from tests.making.reports import our_forms
from tests.making.spelt_reports import CELLS, DOCX, HTML, spelt_docx, spelt_html
from xlcheck.checking.verdict import judge
from xlcheck.model.submission import UNPROVED, Submission
from xlcheck.reading.documents.parse import parse_document
from xlcheck.reading.documents.read import read_document

SPELT = {"docx": spelt_docx, "html": spelt_html}
WITHOUT_PROOF = {"a cell short": 7, "a row merged": 7}
"""Fields that nothing proves the place of, at most; they are told."""
WITHOUT_NUMBER = ("blank cells", "strokes", "dashes")
"""Spellings of 0 that are no number; they are told."""
FORMS = our_forms()


def outcomes(kind: str, cells: str, body: str, figures: str) -> dict[str, str]:
    """How each field was read: ``right``, ``told``, ``unproved``, or the wrong number."""
    data = SPELT[kind](FIGURES[figures], cells, body)
    submission = read_document(parse_document(data, kind, FORMS), FORMS)  # type: ignore[arg-type]
    return {field.key: outcome(submission, field.key, FIGURES[figures][field.key]) for field in form().fields}


def outcome(submission: Submission, key: str, figure: str) -> str:
    """How one was read."""
    held = submission.held[key]
    if held == UNPROVED:
        told = any(key in finding.fields or finding.code == "S101" for finding in submission.structure)
        return "unproved" if told else "lost"
    verdict = judge(form().by_key[key].kind, held)
    if verdict.value is None:
        return "told" if verdict.codes else "lost"
    return "right" if Decimal(str(verdict.value)) == Decimal(figure) else str(verdict.value)


def check(kind: str, cells: str, body: str, figures: str) -> None:
    read = outcomes(kind, cells, body, figures)
    assert list(read.values()).count("unproved") <= WITHOUT_PROOF.get(cells, 0)
    spelt = {key: "told" for key, figure in FIGURES[figures].items() if cells in WITHOUT_NUMBER and figure == "0"}
    assert {key: said for key, said in read.items() if said not in ("right", "unproved")} == spelt


@pytest.mark.parametrize("kind", SPELT)
@pytest.mark.parametrize(
    ("cells", "figures"),
    [(cells, list(FIGURES)[number % len(FIGURES)]) for number, cells in enumerate(CELLS, 2)],
)
def test_every_number_of_every_spelling(kind: str, cells: str, figures: str) -> None:
    check(kind, cells, "plain", figures)


@pytest.mark.parametrize(
    ("kind", "body", "figures"),
    [
        (kind, body, list(FIGURES)[number % len(FIGURES)])
        for number, (kind, body) in enumerate([*(("docx", body) for body in DOCX), *(("html", body) for body in HTML)])
    ],
)
def test_every_number_in_every_body(kind: str, body: str, figures: str) -> None:
    check(kind, "as printed", body, figures)
