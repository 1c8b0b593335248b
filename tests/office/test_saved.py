"""Workbooks that LibreOffice saved, verified by the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from samples.make import COVER, published
from tests.making.filling import form, submission_of, with_steps
from tests.office.driver import Office
from tests.office.sheet import REDS, addresses, areas, colours, entries, verify
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.template import render

pytestmark = pytest.mark.office

FILLS: dict[str, dict[str, FieldValue]] = {
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

ERRORS = {
    "disclosure.regulations.repealed": "=1/0",
    "disclosure.licensing.decisions": "=NA()",
    "disclosure.penalties.decisions": "=SQRT(-1)",
    "disclosure.coercion.decisions": '=VALUE("无")',
    "disclosure.fees.amount": "=nosuchname",
}
"""Formulas that come to an error, by the field that holds them."""


def saved(office: Office, clean: Path, folder: Path, cells: Mapping[str, Any]) -> list[Path]:
    """The published figures changed in LibreOffice and saved as .xlsx, .xls and .ods."""
    with office.open(clean) as document:
        document.put(cells)
        return [document.save(folder / f"saved-as-{suffix}.{suffix}") for suffix in ("xlsx", "xls", "ods")]


def texts(path: Path) -> dict[str, str]:
    """What a workbook holds, cover included; 6 and 6.0 are the same."""
    submission = submission_of(path.read_bytes())
    held = {key: f"{value:.15g}" if isinstance(value, float) else str(value) for key, value in submission.held.items()}
    return {**submission.cover, **held}


@pytest.mark.parametrize("fill", FILLS)
def test_verify_says_the_same_as_of_the_rendered_workbook(
    office: Office, clean: Path, tmp_path: Path, fill: str
) -> None:
    changes = FILLS[fill]
    direct = tmp_path / "direct.xlsx"
    direct.write_bytes(render(form(), COVER, {**published(form()), **changes}))
    paths = saved(office, clean, tmp_path, addresses(changes))
    expected, *told = verify(direct, *paths)
    assert expected.exit_code == (1 if changes else 0)
    for path, one in zip(paths, told, strict=True):
        assert texts(path) == texts(direct), path.name
        assert one.findings == expected.findings, path.name
        for name in ("status", "form", "unit", "year", "not_evaluated"):
            assert one.file[name] == expected.file[name], (path.name, name)
        copy = path.with_suffix(".审核.xlsx")
        assert copy.exists() == bool(changes)
        if changes:
            assert one.file["annotated"] == str(copy)
            assert texts(copy) == texts(direct), path.name
            is_a_good_copy(office, copy, {cell for found in expected.file["findings"] for cell in found["cells"]})


def is_a_good_copy(office: Office, copy: Path, marked: set[str]) -> None:
    """Red and commented where it must be, and only the entries open."""
    with office.open(copy) as document:
        sheets = document.sheets()
        assert sheets["names"] == ["审核结果", *form().sheets]
        assert sheets["protected"] == sheets["names"]
        assert set().union(*(areas(sheet, named) for sheet, named in sheets["unlocked"].items())) == entries()
        shown = colours(document)
        assert set(document.comments()) == marked
        assert {cell for cell in marked if shown[cell] not in REDS} == set()


def test_a_formula_is_read_with_its_value(office: Office, clean: Path, tmp_path: Path) -> None:
    address = form().by_key["requests.received.person"].address
    paths = saved(office, clean, tmp_path, {address: {"formula": "=SUM(D7:D27)"}})
    for path, told in zip(paths, verify(*paths), strict=True):
        assert texts(path)["requests.received.person"] == "6", path.name
        assert (told.exit_code, told.codes) == (0, []), path.name


def test_an_error_value_is_told_as_one(office: Office, clean: Path, tmp_path: Path) -> None:
    cells = {form().by_key[key].address: {"formula": formula} for key, formula in ERRORS.items()}
    paths = saved(office, clean, tmp_path, cells)
    for path, told in zip(paths, verify(*paths), strict=True):
        assert told.exit_code == 1
        where = {tuple(found["cells"]): found["code"] for found in told.file["findings"]}
        assert where == {(address,): "C106" for address in cells}, path.name


def test_a_formula_without_a_value_is_told_and_mended_by_saving(office: Office, clean: Path, tmp_path: Path) -> None:
    address = form().by_key["disclosure.licensing.decisions"].address
    bare, again = tmp_path / "bare.xlsx", tmp_path / "again.xlsx"
    bare.write_bytes(with_steps(clean.read_bytes(), [["put", address, {"formula": "=1+2"}]]))
    with office.open(bare) as document:
        document.calculate()
        document.save(again)
    assert [told.codes for told in verify(bare, again)] == [["C110"], []]
    assert texts(again)["disclosure.licensing.decisions"] == "3"
