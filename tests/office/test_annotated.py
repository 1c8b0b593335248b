"""Annotated copies in LibreOffice, where a department mends them."""

from __future__ import annotations

from pathlib import Path

import pytest

from samples.make import COVER, published
from tests.making.filling import form
from tests.office.driver import Document, Office
from tests.office.sheet import CHANGED, INPUT, RED, REDS, Told, addresses, areas, colours, entries, verify
from xlcheck.drawing.formulas import FieldValue
from xlcheck.drawing.template import render
from xlcheck.model import marks

pytestmark = pytest.mark.office

FAULTS: dict[str, FieldValue] = {
    "disclosure.regulations.issued": "无",
    "disclosure.licensing.decisions": -1,
    "disclosure.coercion.decisions": "",
    "disclosure.fees.amount": "12.5万元",
    "requests.received.person": 60,
    "disputes.review.upheld": 1,
}
"""What is changed in the published figures."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What `verify` says of a workbook with :data:`FAULTS`."""
    path = tmp_path_factory.mktemp("annotated") / "filled.xlsx"
    path.write_bytes(render(form(), COVER, {**published(form()), **FAULTS}))
    return verify(path)[0]


@pytest.fixture(scope="module")
def copy(told: Told) -> Path:
    """The annotated copy of a workbook with :data:`FAULTS`."""
    return Path(told.file["annotated"])


def marked(told: Told) -> dict[str, list[str]]:
    """The messages at each cell."""
    found: dict[str, list[str]] = {}
    for finding in told.file["findings"]:
        for cell in finding["cells"]:
            found.setdefault(cell, []).append(finding["message"])
    return found


def mend(document: Document) -> None:
    """Put the published figures back."""
    figures = published(form())
    document.put(addresses({key: figures[key] for key in FAULTS}))


def test_it_opens_on_the_result_sheet_and_stays_locked(office: Office, copy: Path) -> None:
    with office.open(copy) as document:
        sheets = document.sheets()
    assert sheets["names"] == [marks.RESULT_SHEET, *form().sheets]
    assert sheets["active"] == marks.RESULT_SHEET
    assert sheets["protected"] == sheets["names"]
    assert set().union(*(areas(sheet, named) for sheet, named in sheets["unlocked"].items())) == entries()


def test_it_marks_the_right_cells(office: Office, told: Told, copy: Path) -> None:
    with office.open(copy) as document:
        comments, shown = document.comments(), colours(document)
    expected = marked(told)
    assert set(comments) == set(expected)
    for cell, messages in expected.items():
        assert comments[cell].startswith(marks.COMMENT_HEAD)
        assert all(message in comments[cell] for message in messages), cell
    fields = {field.address for field in form().fields}
    assert {cell for cell in fields if shown[cell] in REDS} == set(expected)


def test_validations_and_live_checks_survive(office: Office, template: Path, copy: Path) -> None:
    fields = [field.address for field in form().fields]
    with office.open(template) as document:
        expected = document.validations(fields)
    with office.open(copy) as document:
        assert document.validations(fields) == expected
        before = document.formulas()
        document.calculate()
        assert document.formulas() == before
        mend(document)
        assert "已填完，勾稽关系全部平衡" in document.formulas().values()
        address = form().by_key["disputes.review.total"].address
        document.put({address: 9})
        assert "有 1 处勾稽关系不平衡" in document.formulas().values()


def test_mended_and_saved_it_passes(office: Office, copy: Path, tmp_path: Path) -> None:
    with office.open(copy) as document:
        mend(document)
        paths = [document.save(tmp_path / f"mended-{suffix}.{suffix}") for suffix in ("xlsx", "xls", "ods")]
    for path, again in zip(paths, verify(*paths), strict=True):
        assert (again.exit_code, again.codes) == (0, []), path.name


def test_half_mended_it_keeps_only_the_fresh_marks(office: Office, copy: Path, tmp_path: Path) -> None:
    with office.open(copy) as document:
        mend(document)
        document.put(addresses({"disclosure.coercion.decisions": "/"}))
        (again,) = verify(document.save(tmp_path / "half.xlsx"))
    assert again.codes == ["C103"]
    address = form().by_key["disclosure.coercion.decisions"].address
    with office.open(Path(again.file["annotated"])) as document:
        comments, shown = document.comments(), colours(document)
        assert document.sheets()["names"] == [marks.RESULT_SHEET, *form().sheets]
    assert set(comments) == {address}
    assert comments[address].count(marks.COMMENT_HEAD) == 1
    fields = {field.address for field in form().fields}
    assert {cell for cell in fields if shown[cell] in REDS} == {address}
    assert {shown[cell] for cell in fields - {address}} == {INPUT}


def test_a_changed_cell_answers_at_once_and_the_others_stay_red(office: Office, copy: Path, tmp_path: Path) -> None:
    person = form().by_key["requests.received.person"].address
    deep = f"#{marks.DEEP_RED[2:]}"
    with office.open(copy) as document:
        before, shown = document.formulas(), colours(document)
        document.calculate()
        assert document.formulas() == before
        assert shown[person] == deep
        document.put({person: published(form())["requests.received.person"]})
        after, seen = document.formulas(), colours(document)
        again = document.save(tmp_path / "again.xlsx")
    assert seen[person] == CHANGED
    fields = {field.address for field in form().fields}
    assert {cell for cell in fields if shown[cell] in REDS and seen[cell] not in REDS} == {person}
    answers = {cell: text for cell, text in after.items() if cell.startswith(f"{marks.RESULT_SHEET}!I")}
    changed = {cell for cell, text in answers.items() if text == "已改"}
    assert changed
    assert all(before[cell] == "未改" for cell in answers)
    assert f"已改 {len(changed)} 条，未改 {len(answers) - len(changed)} 条" in after.values()
    with office.open(again) as document:
        assert colours(document)[person] == CHANGED


def test_a_text_typed_anew_as_a_number_is_a_change(office: Office, copy: Path) -> None:
    licensing = form().by_key["disclosure.licensing.decisions"].address
    with office.open(copy) as document:
        document.put({licensing: "-1"})
        assert colours(document)[licensing] == CHANGED
        document.put({licensing: -1})
        assert colours(document)[licensing] == RED
