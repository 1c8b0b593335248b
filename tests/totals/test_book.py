"""The workbook of a total: the official form, and a sheet that tells who gave what."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.making.copies import annotated, opened, parts_of
from tests.making.filling import clean_values, codes, form, submission_of, verified
from tests.making.tiny import TINY
from tests.making.work import peak
from xlcheck.copies.seal import TOTAL_SEAL, is_sealed, is_untouched, with_seal
from xlcheck.forms.file import parse_form
from xlcheck.model import marks
from xlcheck.model.cells import cell_name, parse_cell
from xlcheck.model.numbers import Number
from xlcheck.model.submission import Part
from xlcheck.model.text import clean
from xlcheck.totals.book import book, numbers_book
from xlcheck.totals.publish import details_path, publish
from xlcheck.totals.room import MOST_CELLS, TooManyUnits, is_small
from xlcheck.totals.sums import Contribution, LeftOut, Numbers, Total, add_up, differences, numbers_of

HEADS = 8
"""The row (from 1) of the heads that the filter works on; the sums stand above it, the units below."""
FIRST = 7
"""The column (from 1) of the first field."""
COLUMN = {field.key: FIRST + at for at, field in enumerate(form().fields)}


def values(**changes: Any) -> Numbers:
    """Clean numbers with some changed; None for a blank."""
    merged = {**clean_values(), **{key.replace("__", "."): value for key, value in changes.items()}}
    exact: dict[str, Number] = {
        key: Decimal(str(value)) if isinstance(value, float) else value
        for key, value in merged.items()
        if value is not None
    }
    return numbers_of(form(), exact)


def unit(name: str, numbers: Numbers, code: str = "", passed: bool = True) -> Contribution:
    return Contribution(name, code, f"报送/{name}.xlsx", passed, numbers)


def total(*units: Contribution, left_out: tuple[LeftOut, ...] = ()) -> Total:
    return add_up(form(), 2025, units, left_out)


TWO = total(unit("甲局", values(), "A1"), unit("乙局", values(disclosure__fees__amount=Decimal("0.1"))))


def sheet_of(data: bytes) -> Any:
    return opened(data)[marks.TOTAL_SHEET]


def rows(data: bytes) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet_of(data).iter_rows()]


def cached(data: bytes, name: str) -> str | None:
    """The result that stands in the file for the formula of a cell of the sheet."""
    xml = parts_of(data)["xl/worksheets/sheet6.xml"].decode()
    found = re.search(rf'<c r="{name}"[^>]*>(?:<f>[^<]*</f>)?<v>([^<]*)</v>', xml)
    return found[1] if found else None


def test_it_is_a_submission_that_holds_the_sums() -> None:
    data = book(TWO, "某某市人民政府", "11510400X")
    verification = verified(data)
    assert verification.findings == ()
    submission = verification.submission
    assert (submission.unit, submission.unit_code, submission.year) == ("某某市人民政府", "11510400X", 2025)
    assert differences(TWO, submission) == ()
    assert submission.held["disclosure.fees.amount"] == 12.6
    assert submission.parts == (Part("甲局", "A1"), Part("乙局", ""))


def test_the_sheet_stands_behind_those_of_the_form() -> None:
    assert opened(book(TWO, "市")).sheetnames == [*form().sheets, "汇总明细"]


def test_a_row_for_each_unit_and_a_column_for_each_field() -> None:
    table = rows(book(TWO, "市"))
    assert table[0][0] == marks.TOTAL_TITLE
    assert table[1][0] == "市　2025 年　汇总 2 个单位"
    assert tuple(table[HEADS - 1][:6]) == marks.TOTAL_HEADS
    assert table[HEADS - 1][6:] == [cell_name(field.cell) for field in form().fields]
    assert table[HEADS][:6] == [1, "甲局", "A1", "报送/甲局.xlsx", "通过", 0]
    assert table[HEADS + 1][:6] == [2, "乙局", None, "报送/乙局.xlsx", "通过", 0]
    for row, one in zip(table[HEADS:], TWO.contributions, strict=False):
        assert row[6:] == [float(number) for number in one.numbers if number is not None]


def test_each_sum_is_a_formula_with_its_result() -> None:
    data = book(TWO, "市")
    sheet = sheet_of(data)
    for field, number in zip(form().fields, TWO.sums, strict=True):
        name = sheet.cell(HEADS - 1, COLUMN[field.key]).coordinate
        letters = name.rstrip("0123456789")
        sum_ = f"SUM(${letters}$9:${letters}$10)"
        assert sheet[name].value == (f"=ROUND({sum_},6)" if field.kind == "amount" else f"={sum_}")
        assert number is not None
        assert Decimal(cached(data, name) or "") == number


def test_the_heads_say_each_field() -> None:
    sheet = sheet_of(book(TWO, "市"))
    merged = {cell: area for area in sheet.merged_cells.ranges for cell in area.cells}

    def head(row: int, key: str) -> str:
        at = (row, COLUMN[key])
        return str(sheet.cell(merged[at].min_row, merged[at].min_col).value if at in merged else sheet.cell(*at).value)

    said = {key: [head(row, key) for row in range(3, 7)] for key in COLUMN}
    assert said["requests.refused_law.business"] == [
        "依申请公开",
        "三、本年度办理结果 （三）不予公开 2.其他法律行政法规禁止公开",
        "法人或其他组织",
        "商业企业",
    ]
    assert said["disputes.suit_direct.upheld"] == ["复议诉讼", "None", "行政诉讼 未经复议直接起诉", "结果维持"]
    assert len({tuple(heads) for heads in said.values()}) == 200


def test_what_a_unit_left_blank_is_blank_and_marked() -> None:
    of = total(
        unit("甲局", values()),
        unit("乙局", values(requests__received__person=None, disclosure__fees__amount=None), passed=False),
    )
    data = book(of, "市")
    sheet = sheet_of(data)
    cell = sheet.cell(HEADS + 2, COLUMN["requests.received.person"])
    assert (cell.value, cell.fill.fgColor.rgb) == (None, marks.AMBER)
    assert sheet.cell(HEADS + 2, COLUMN["disclosure.penalties.decisions"]).value == 0
    assert [cell.value for cell in sheet[HEADS + 2][:6]] == [2, "乙局", None, "报送/乙局.xlsx", "不通过", 2]
    assert "1 个单位有空着或填写有误的格（标黄），没有计入合计" in sheet["A2"].value
    assert submission_of(data).held["requests.received.person"] == 6


def test_a_sum_of_nothing_is_blank_and_no_zero() -> None:
    data = book(total(unit("甲局", values(disclosure__fees__amount=None))), "市")
    assert sheet_of(data).cell(HEADS - 1, COLUMN["disclosure.fees.amount"]).value is None
    assert codes(data) == ["C101"]


def test_a_sum_that_no_cell_can_hold_is_told_exactly() -> None:
    long = Decimal("12345678901.000001")
    of = total(
        unit("甲局", values(disclosure__fees__amount=long - 1)),
        unit("乙局", values(disclosure__fees__amount=Decimal(1))),
    )
    data = book(of, "市")
    sheet = sheet_of(data)
    assert sheet.cell(HEADS - 1, COLUMN["disclosure.fees.amount"]).value == "12345678901.000001"
    below = [row[3] for row in rows(data)[HEADS + 2 :] if row[3]]
    assert below == ["12345678901.000001"]
    assert "超过 15 位有效数字的合计 1 格" in sheet["A2"].value
    assert [one.field.key for one in differences(of, submission_of(data))] == ["disclosure.fees.amount"]


def test_what_was_left_out_stands_below_and_is_no_part() -> None:
    of = total(
        unit("甲局", values()),
        left_out=(LeftOut("乙局", "B1", "报送/乙局.xlsx", "不通过，强制性 2 处"), LeftOut("丙局", "", "", "没有报送")),
    )
    data = book(of, "市")
    below = [row[1:5] for row in rows(data)[HEADS + 2 :]]
    assert below == [
        ["没有汇总的", None, None, None],
        ["单位名称", "统一社会信用代码", "报送文件", "原因"],
        ["乙局", "B1", "报送/乙局.xlsx", "不通过，强制性 2 处"],
        ["丙局", None, None, "没有报送"],
    ]
    assert submission_of(data).parts == (Part("甲局", ""),)


HOSTILE = (
    "=1+1",
    "@SUM(A1)",
    "<r>x</r>",
    "http://x.example",
    "a\u202eb",
    "1",
    "_x0041_",
    "x\ufffe",
    "换\n行",
    "{=1}",
    "",
)


def test_texts_of_strangers_stay_texts() -> None:
    units = [Contribution(text, text, text, True, values()) for text in HOSTILE]
    of = add_up(form(), 2025, units, [LeftOut(text, text, text, text) for text in HOSTILE])
    data = book(of, HOSTILE[0], HOSTILE[0])
    assert [part.unit for part in submission_of(data).parts] == [clean(text) for text in HOSTILE]
    texts = [cell for row in sheet_of(data).iter_rows(min_row=HEADS + 1, max_col=5) for cell in row]
    assert {cell.data_type for cell in texts} == {"s", "n"}
    assert not any(cell.hyperlink for cell in texts)


def test_it_is_locked_and_can_be_filtered() -> None:
    sheet = sheet_of(book(TWO, "市"))
    assert sheet.protection.sheet
    assert not sheet.protection.autoFilter
    assert all(cell.protection.locked for row in sheet.iter_rows() for cell in row)
    assert sheet.auto_filter.ref == "A8:GX10"
    assert sheet.freeze_panes == "C9"


def test_it_prints_its_heads_on_every_page() -> None:
    sheet = sheet_of(book(TWO, "市"))
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$3:$8", "$A:$B")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    merged = [area for area in sheet.merged_cells.ranges if area.min_row in range(3, 7)]
    for page in (brk.id for brk in sheet.col_breaks.brk):
        assert not any(area.min_col <= page < area.max_col for area in merged)


def test_the_same_total_gives_the_same_bytes() -> None:
    assert book(TWO, "市") == book(TWO, "市")
    assert with_seal(book(TWO, "市"), "x", TOTAL_SEAL) == with_seal(book(TWO, "市"), "x", TOTAL_SEAL)


def test_a_seal_tells_whether_anybody_changed_it(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(with_seal(book(TWO, "市"), "市", TOTAL_SEAL))
    assert is_sealed(path, "市", TOTAL_SEAL)
    assert not is_sealed(path, "县", TOTAL_SEAL)
    assert verified(path.read_bytes()).findings == ()
    opened(path.read_bytes()).save(path)
    assert not is_sealed(path, "市", TOTAL_SEAL)


def test_a_total_that_is_handed_in_is_no_copy_that_came_back_as_it_was() -> None:
    assert not is_untouched(with_seal(book(TWO, "市"), "市", TOTAL_SEAL))


def test_an_annotated_total_is_still_one() -> None:
    data = book(total(unit("甲局", values(requests__received__person=7), passed=False)), "市")
    copy = annotated(data)
    assert opened(copy).sheetnames == ["审核结果", *form().sheets, "汇总明细"]
    assert codes(copy) == codes(data) == ["B101", "B103"]
    assert submission_of(copy).parts == (Part("甲局", ""),)


def test_somebody_elses_sheet_of_that_name_is_an_extra_one() -> None:
    from tests.making.filling import clean_workbook, with_steps

    data = with_steps(clean_workbook(), [["add", "汇总明细"]])
    assert codes(data) == ["S104"]
    assert submission_of(data).parts == ()


# --- many units ------------------------------------------------------------------------------------------------------


def test_the_estimate_of_cells_is_what_the_guard_counts_or_more() -> None:
    few = total(*(unit(str(at), values()) for at in range(30)), left_out=(LeftOut("丙", "", "", "没有报送"),) * 40)
    xml = parts_of(book(few, "市"))["xl/worksheets/sheet6.xml"]
    counted = len(re.findall(rb"<c ", xml)) + 4 * len(re.findall(rb"<row ", xml))
    fields, others = 200, 40
    assert counted <= (30 + 20) * (6 + fields + 4) + others * 10
    assert MOST_CELLS + 40_000 < 250_000


def test_too_many_units_for_one_workbook_stand_apart() -> None:
    one = values()
    many = total(*(unit(f"第{at}单位", one) for at in range(1000)))
    assert is_small(total(*many.contributions[:900]))
    assert not is_small(many)
    data = book(many, "市", apart="汇总.明细.xlsx")
    verification = verified(data)
    assert verification.passed
    assert differences(many, verification.submission) == ()
    assert len(verification.submission.parts) == 1000
    assert "各单位的数另存在“汇总.明细.xlsx”" in rows(data)[1][0]


TINY_NUMBERS: Numbers = (3, 4, 7, 0, 0, 0, Decimal("0.1"), Decimal("0.2"), Decimal("0.3"))


def missing(count: int) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(f"第{at}单位", f"{at:018}", f"报送/{at}.xlsx", "不通过，强制性 1 处") for at in range(count))


def tiny_total(units: int, left_out: int, name: str = "") -> Total:
    given = (Contribution(f"{name}{at}", "", f"{at}.xlsx", True, TINY_NUMBERS) for at in range(units))
    return add_up(parse_form(TINY, "tiny.toml"), 2030, given, missing(left_out))


def texts_of(data: bytes) -> list[str]:
    return re.findall(r"<t[^>]*>([^<]*)</t>", parts_of(data)["xl/sharedStrings.xml"].decode())


@pytest.mark.parametrize(
    ("of", "apart", "listed"),
    [
        (total(unit("甲局", values()), left_out=missing(2380)), False, True),
        (total(unit("甲局", values()), left_out=missing(2540)), True, True),
        (total(*(unit(f"第{at}单位", values()) for at in range(880)), left_out=missing(2000)), True, True),
        (tiny_total(1, 15_900), False, True),
        (tiny_total(1, 17_000), True, False),
        (tiny_total(10_000, 10_000), True, False),
        (tiny_total(15_900, 0), True, True),
        (tiny_total(6_000, 0, "长" * 400), False, True),
    ],
    ids=lambda value: "" if isinstance(value, Total) else str(value),
)
def test_our_own_guard_admits_every_total(of: Total, apart: bool, listed: bool, tmp_path: Path) -> None:
    path = tmp_path / "汇总.xlsx"
    published = publish(of, "市", "", path)
    assert published.checked is not None
    assert published.checked.status == "passed"
    assert bool(published.apart) == apart == details_path(path).exists()
    data = path.read_bytes()
    assert len(submission_of(data, of.form).parts) == len(of.contributions)
    where = "表后" if listed else "“汇总.明细.xlsx”"
    said = next(text for text in texts_of(data) if text.startswith("市　"))
    assert ("没有汇总的" in said) == bool(of.left_out)
    assert not of.left_out or f"没有汇总的 {len(of.left_out)} 项，列在{where}" in said
    assert ("没有汇总的" in texts_of(data)) == (listed and bool(of.left_out))


@pytest.mark.parametrize("of", [tiny_total(16_000, 0), tiny_total(15_000, 0, "长" * 400)], ids=["rows", "texts"])
def test_more_units_than_a_workbook_can_name_are_refused_before_anything_is_written(of: Total, tmp_path: Path) -> None:
    with pytest.raises(TooManyUnits, match=f"^{len(of.contributions)} 个单位太多.*--by parent"):
        publish(of, "市", "", tmp_path / "汇总.xlsx")
    assert not list(tmp_path.iterdir())


def test_the_workbook_apart_is_the_same_sheet_and_the_same_bytes() -> None:
    of = add_up(
        form(),
        2025,
        [
            *TWO.contributions,
            *(
                Contribution(text, text, text, False, values(disclosure__fees__amount=Decimal("1.25")))
                for text in HOSTILE
            ),
        ],
        missing(3),
    )
    assert numbers_book(of, "市") == numbers_book(of, "市")
    here, apart = (sheet_of(made(of, "市")) for made in (book, numbers_book))
    assert [[look(cell) for cell in row] for row in here.iter_rows()] == [
        [look(cell) for cell in row] for row in apart.iter_rows()
    ]


def look(cell: Any) -> tuple[Any, ...]:
    return (
        cell.value,
        cell.data_type,
        cell.number_format,
        cell.fill.fgColor.rgb,
        cell.font.color and cell.font.color.rgb,
    )


def test_the_workbook_apart_is_never_all_in_memory() -> None:
    one = values()
    few, many = (total(*(unit(f"第{at}单位", one) for at in range(count))) for count in (50, 400))
    numbers_book(few, "市")  # what is imported and remembered
    assert peak(lambda: numbers_book(many, "市")) < 1.5 * peak(lambda: numbers_book(few, "市"))


def test_the_workbook_apart_holds_all_numbers() -> None:
    data = numbers_book(TWO, "市")
    assert opened(data).sheetnames == ["汇总明细"]
    sheet = opened(data)["汇总明细"]
    assert sheet.cell(HEADS + 2, COLUMN["disclosure.fees.amount"]).value == 0.1
    assert sheet.cell(HEADS - 1, FIRST).value == "=SUM($G$9:$G$10)"


# --- another form ----------------------------------------------------------------------------------------------------


def test_another_form_is_added_up_too() -> None:
    tiny = parse_form(TINY, "tiny.toml")
    numbers: Numbers = (3, 4, 7, 0, 0, 0, Decimal("0.1"), Decimal("0.2"), Decimal("0.3"))
    of = add_up(
        tiny, 2030, [Contribution("甲", "", "a.xlsx", True, numbers), Contribution("乙", "", "b.xlsx", True, numbers)]
    )
    data = book(of, "某处")
    verification = verified(data, tiny)
    assert verification.findings == ()
    assert verification.submission.held["money.all.sum"] == 0.6
    assert verification.submission.parts == (Part("甲", ""), Part("乙", ""))


@pytest.mark.parametrize("name", ["A9", "GX10"])
def test_names_of_cells_here_are_right(name: str) -> None:
    assert cell_name(parse_cell(name)) == name
    assert parse_cell("GX10")[1] == FIRST - 2 + len(form().fields)
