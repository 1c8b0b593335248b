"""Workbooks that LibreOffice saved, verified by the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from samples.make import COVER, published
from tests.filling import form, submission_of, with_steps
from tests.office.driver import Office
from tests.office.sheet import MARKED, addresses, areas, colours, cover_addresses, entries, verify
from xlcheck.template import Value, render

pytestmark = pytest.mark.office

TEMPLATE = Path("templates/official_template.xlsx")
SUFFIXES = (".xlsx", ".xls", ".ods")

FILLS: dict[str, dict[str, Value]] = {
    "clean": {},
    "broken column": {"requests.received.person": 7, "requests.received.total": 7},
    "blank, text and negative": {
        "requests.refused_law.business": "",
        "requests.carried_out.total": "",
        "disclosure.fees.amount": "无",
        "disclosure.normative_documents.repealed": -49,
    },
}
"""What is changed in the published figures."""


def saved(office: Office, path: Path, cells: Mapping[str, Any]) -> Path:
    """The template with the published figures and then `cells`, saved by LibreOffice in the format of `path`."""
    with office.open(TEMPLATE) as document:
        document.put({**cover_addresses(COVER), **addresses(published(form()))})
        document.put(cells)
        return document.save(path)


def texts(data: bytes) -> dict[str, str]:
    """What a workbook holds, cover included; 6 and 6.0 are the same."""
    submission = submission_of(data)
    held = {key: f"{value:.15g}" if isinstance(value, float) else str(value) for key, value in submission.held.items()}
    return {**submission.cover, **held}


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("fill", FILLS)
def test_verify_says_the_same_as_of_the_rendered_workbook(
    office: Office, tmp_path: Path, suffix: str, fill: str
) -> None:
    changes = FILLS[fill]
    direct = tmp_path / "direct.xlsx"
    direct.write_bytes(render(form(), COVER, {**published(form()), **changes}))
    path = saved(office, tmp_path / f"saved{suffix}", addresses(changes))
    assert texts(path.read_bytes()) == texts(direct.read_bytes())
    told, expected = verify(path), verify(direct)
    assert told.findings == expected.findings
    assert told.exit_code == expected.exit_code == (1 if changes else 0)
    assert (told.file["unit"], told.file["year"]) == ("攀枝花市人民政府办公室", 2021)
    assert told.file["not_evaluated"] == expected.file["not_evaluated"]
    copy = tmp_path / "saved.审核.xlsx"
    assert copy.exists() == bool(changes)
    if changes:
        assert told.file["annotated"] == str(copy)
        assert texts(copy.read_bytes()) == texts(direct.read_bytes())
        _is_a_good_copy(office, copy, {cell for found in expected.file["findings"] for cell in found["cells"]})


def _is_a_good_copy(office: Office, copy: Path, marked: set[str]) -> None:
    """Red and commented where it must be, and only the entries open."""
    with office.open(copy) as document:
        sheets = document.sheets()
        assert sheets["names"] == ["审核结果", *form().sheets]
        assert sheets["protected"] == sheets["names"]
        assert set().union(*(areas(sheet, named) for sheet, named in sheets["unlocked"].items())) == entries()
        shown = colours(document)
        assert set(document.comments()) == marked
        assert {cell for cell in marked if shown[cell] not in MARKED} == set()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_formula_is_read_with_its_value(office: Office, tmp_path: Path, suffix: str) -> None:
    column = form().by_key["requests.received.person"].address
    path = saved(office, tmp_path / f"saved{suffix}", {column: {"formula": "=SUM(D7:D27)"}})
    assert submission_of(path.read_bytes()).held["requests.received.person"] == 6
    told = verify(path)
    assert (told.exit_code, told.codes) == (0, [])


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("formula", ["=1/0", "=NA()", "=SQRT(-1)", '=VALUE("无")', "=nosuchname"])
def test_an_error_value_is_told_as_one(office: Office, tmp_path: Path, suffix: str, formula: str) -> None:
    field = form().by_key["disclosure.licensing.decisions"]
    told = verify(saved(office, tmp_path / f"saved{suffix}", {field.address: {"formula": formula}}))
    assert (told.exit_code, told.codes) == (1, ["C106"])
    assert told.file["findings"][0]["cells"] == [field.address]


def test_a_formula_without_a_value_is_told_and_mended_by_saving(office: Office, tmp_path: Path) -> None:
    address = form().by_key["disclosure.licensing.decisions"].address
    bare = tmp_path / "bare.xlsx"
    bare.write_bytes(with_steps(render(form(), COVER, published(form())), [["put", address, {"formula": "=1+2"}]]))
    assert verify(bare).codes == ["C110"]
    with office.open(bare) as document:
        document.calculate()
        again = document.save(tmp_path / "again.xlsx")
    assert submission_of(again.read_bytes()).held["disclosure.licensing.decisions"] == 3
    assert verify(again).codes == []
