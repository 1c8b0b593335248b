"""The workbook of a total in LibreOffice: its sums recalculate to the same numbers, it is locked, and it survives saving."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from samples.make import published
from tests.making.filling import form, submission_of
from tests.office.driver import Office
from tests.office.test_pages import printed
from xlcheck.model.cells import cell_name
from xlcheck.model.numbers import Number
from xlcheck.model.submission import Part
from xlcheck.totals.book import book
from xlcheck.totals.sums import Contribution, LeftOut, Total, add_up, differences, numbers_of

pytestmark = pytest.mark.office

SUMS, FIRST_UNIT, FIRST_COLUMN = 6, 8, 6
"""Rows and columns of the sheet, from 0."""


@pytest.fixture(scope="module")
def total() -> Total:
    """Thirty units with fees that binary fractions do not hold, one of them with blanks."""
    units = []
    for at in range(30):
        amount = Decimal(at) / 10 + Decimal("0.000001")
        values: dict[str, Number] = {
            key: amount if key == "disclosure.fees.amount" else int(value) for key, value in published(form()).items()
        }
        if at == 3:
            del values["requests.received.person"]
        units.append(Contribution(f"第{at}单位", f"{at:018}", f"报送/{at}.xlsx", at != 3, numbers_of(form(), values)))
    return add_up(form(), 2025, units, [LeftOut("缺报局", "", "", "没有报送")])


@pytest.fixture(scope="module")
def workbook(total: Total, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("total") / "汇总.xlsx"
    path.write_bytes(book(total, "某某市", "11510400X"))
    return path


def test_sums_recalculate_to_what_stands_in_the_file(office: Office, workbook: Path, total: Total) -> None:
    columns = range(FIRST_COLUMN, FIRST_COLUMN + len(form().fields))
    where = [f"汇总明细!{cell_name((SUMS, column))}" for column in columns]
    expected = [float(number) for number in total.sums if number is not None]
    with office.open(workbook) as document:
        assert document.get(*where) == expected
        document.calculate()
        assert document.get(*where) == expected
        row = FIRST_UNIT + 3
        blank = FIRST_COLUMN + [field.key for field in form().fields].index("requests.received.person")
        assert document.get(f"汇总明细!{cell_name((row, blank))}") == [None]
        # They are live: a number typed into the sheet, were it not locked, would be added.
        document.put({f"汇总明细!{cell_name((row, blank))}": 5})
        assert document.get(where[blank - FIRST_COLUMN]) == [expected[blank - FIRST_COLUMN] + 5]


def test_the_sheet_is_locked(office: Office, workbook: Path) -> None:
    with office.open(workbook) as document:
        told = document.sheets()
    assert told["names"][-1] == "汇总明细"
    assert "汇总明细" in told["protected"]
    assert told["unlocked"]["汇总明细"] == []


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".ods"])
def test_saved_in_another_format_it_is_still_a_total(
    office: Office, workbook: Path, total: Total, tmp_path: Path, ending: str
) -> None:
    with office.open(workbook) as document:
        saved = document.save(tmp_path / f"saved{ending}")
    submission = submission_of(saved.read_bytes())
    assert differences(total, submission) == ()
    assert submission.structure == ()
    assert submission.parts == tuple(Part(one.unit, one.code) for one in total.contributions)


def test_every_printed_page_says_whose_and_which_numbers_these_are(
    office: Office, workbook: Path, tmp_path: Path
) -> None:
    pages = printed(office, workbook, tmp_path / "total.pdf")[len(form().sheets) :]
    *pages, reasons = pages
    assert len(pages) == 16
    for page in pages:
        assert all(word in page for word in ("合计", "单位名称", "第29单位", "项目", "栏目"))
    assert [page.count("一、本年新收政府信息公开申请数量") for page in pages].count(1) == 1
    assert "没有汇总的" in reasons and "第29单位" not in reasons
